#include "trade/display.h"

#include <assert.h>

#include "base/buffer.h"
#include "policy/config.h"

struct display display_make(enum supply_display how, const struct config *config)
{
    return (struct display){how, config->display_steps, config->display_step_count};
}

/* The number of steps below the quantity; -1 for none of it. */
static int step_of(const struct display *display, int64_t quantity, int64_t least)
{
    int step = 0;
    if (display->how == DISPLAY_NONE)
        return 0;
    if (quantity < least || quantity <= 0)
        return -1;
    while (display->how == DISPLAY_STEPS && step < display->step_count && display->steps[step] < quantity)
        step++;
    return step;
}

bool display_same(const struct display *display, int64_t a, int64_t b, int64_t least)
{
    if (display_exact(display))
        return a == b;
    return step_of(display, a, least) == step_of(display, b, least);
}

void display_render(const struct display *display, const struct phrases *phrases, struct phrase_style style,
                    int64_t quantity, int64_t least, struct buffer *buffer)
{
    int step = step_of(display, quantity, least);
    bool above = step == display->step_count;
    struct params params;
    params_init(&params);
    assert(!display_exact(display));
    const char *key = "display.hidden";
    if (display->how != DISPLAY_NONE && step < 0)
        key = "display.no";
    else if (display->how == DISPLAY_YES_NO)
        key = "display.yes";
    else if (display->how == DISPLAY_STEPS)
        key = step == 0 ? "display.below" : above ? "display.above" : "display.between";
    if (display->how == DISPLAY_STEPS && step > 0)
        params_add_number(&params, "from", PARAM_QUANTITY, display->steps[step - 1]);
    if (display->how == DISPLAY_STEPS && step >= 0 && !above)
        params_add_number(&params, "to", PARAM_QUANTITY, display->steps[step]);
    phrase_render(phrases, style, key, &params, buffer);
}

void display_params(const struct display *display, const struct phrases *phrases, struct phrase_style style,
                    const struct params *from, struct params *to)
{
    if (display_exact(display)) {
        *to = *from;
        return;
    }
    struct buffer part;
    buffer_init(&part);
    phrase_render(phrases, style, "display.part", NULL, &part);
    params_init(to);
    for (int i = 0; i < from->count; i++) {
        const struct param *param = &from->items[i];
        const char *name = params_name(from, param);
        if (param->kind == PARAM_QUANTITY)
            params_add_text(to, name, buffer_text(&part));
        else if (param->kind == PARAM_TEXT)
            params_add_text(to, name, params_string(from, param));
        else
            params_add_number(to, name, param->kind, param->number);
    }
    buffer_free(&part);
}
