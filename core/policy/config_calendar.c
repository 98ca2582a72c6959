#include "policy/config_calendar.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/fault.h"
#include "base/yaml.h"
#include "policy/config.h"
#include "policy/config_read.h"

const char *config_calendar_path(const struct config_reader *reader, const char *name)
{
    return config_path(reader, arena_printf(reader->arena, "../calendars/%s.yaml", name));
}

/* --- the file --- */

/* Every day under a year is a day of that year: a slip here would move somebody's delivery. */
static void days_check(struct config_reader *reader, const struct yaml_node *year, const char *list)
{
    const struct yaml_node *days = yaml_get(year, list);
    for (const struct yaml_node *node = days ? days->first : NULL; node; node = node->next) {
        int32_t day;
        if (node->kind != YAML_SCALAR || !civil_parse(node->text, &day) ||
            civil_from_days(day).year == atoi(year->key))
            continue;
        struct fault *fault = config_refuse(reader, FAULT_CONFIG_YEAR_DAY, list, node);
        params_add_text(&fault->params, "year", arena_strdup(reader->arena, year->key));
    }
}

static void both_check(struct config_reader *reader, const struct yaml_node *year)
{
    const struct yaml_node *holidays = yaml_get(year, "holidays");
    const struct yaml_node *workdays = yaml_get(year, "workdays");
    for (const struct yaml_node *work = workdays ? workdays->first : NULL; work; work = work->next)
        for (const struct yaml_node *free = holidays ? holidays->first : NULL; free; free = free->next) {
            int32_t day, other;
            if (work->kind == YAML_SCALAR && free->kind == YAML_SCALAR && civil_parse(work->text, &day) &&
                civil_parse(free->text, &other) && day == other)
                config_refuse(reader, FAULT_CONFIG_DAY_BOTH, "workdays", work);
        }
}

static bool calendar_read(const struct config_reader *from, const char *path,
                          struct config_calendar *calendar)
{
    struct faults *faults = from->faults;
    int before = faults->count + faults->dropped;
    struct config_reader reader = {from->arena, path,        from->folder, &config_calendar_table,
                                   faults,      from->keeper};
    const struct yaml_node *root = config_read_file(&reader, path, calendar);
    const struct yaml_node *years = root ? yaml_get(root, "years") : NULL;
    for (const struct yaml_node *year = years ? years->first : NULL; year; year = year->next) {
        days_check(&reader, year, "holidays");
        days_check(&reader, year, "workdays");
        both_check(&reader, year);
    }
    return root && faults->count + faults->dropped == before;
}

/* --- its days and the distributor's own --- */

struct days {
    const int32_t *days;
    size_t count;
};

static bool listed(struct days list, int32_t day)
{
    for (size_t i = 0; i < list.count; i++)
        if (list.days[i] == day)
            return true;
    return false;
}

/* Both lists, ascending, in one, but for the days of <without>. Writes no day twice. */
static struct days joined(struct arena *arena, struct days a, struct days b, struct days without)
{
    int32_t *days = arena_array(arena, a.count + b.count + 1, sizeof *days);
    size_t count = 0, i = 0, j = 0;
    while (i < a.count || j < b.count) {
        bool first = j == b.count || (i < a.count && a.days[i] <= b.days[j]);
        int32_t day = first ? a.days[i++] : b.days[j++];
        if (!listed(without, day) && (count == 0 || days[count - 1] != day))
            days[count++] = day;
    }
    return (struct days){days, count};
}

void config_calendar_add(const struct config_reader *reader, struct config *config)
{
    struct calendar *own = &config->calendar;
    const struct days none = {NULL, 0};
    struct config_calendar *calendar = arena_alloc(reader->arena, sizeof *calendar);
    struct days holidays = none, workdays = none;
    if (!calendar_read(reader, config_calendar_path(reader, config->calendar_name), calendar))
        return;
    for (int i = 0; i < calendar->year_count; i++) {
        const struct config_year *year = &calendar->years[i];
        holidays = joined(reader->arena, holidays, (struct days){year->holidays, year->holiday_count}, none);
        workdays = joined(reader->arena, workdays, (struct days){year->workdays, year->workday_count}, none);
    }
    struct days own_holidays = {own->holidays, own->holiday_count};
    struct days own_workdays = {own->workdays, own->workday_count};
    struct days free =
        joined(reader->arena, joined(reader->arena, holidays, none, own_workdays), own_holidays, none);
    struct days work =
        joined(reader->arena, joined(reader->arena, workdays, none, own_holidays), own_workdays, none);
    if (own->weekend == CONFIG_WEEKEND_UNSAID)
        own->weekend = calendar->weekend;
    own->holidays = free.days;
    own->holiday_count = free.count;
    own->workdays = work.days;
    own->workday_count = work.count;
    int first = atoi(calendar->years[0].name);
    config->first_day = civil_to_days((struct civil){first, 1, 1});
    config->last_day = civil_to_days((struct civil){first + calendar->year_count - 1, 12, 31});
}
