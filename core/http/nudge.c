#include "http/nudge.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#define REPEAT_MS 10

/* The Linux name of the field that glibc 2.36 leaves out. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static void nothing(int signal)
{
    (void)signal;
}

static struct timespec span(int64_t ms)
{
    return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
}

void nudge_init(struct nudge *nudge)
{
    struct sigaction action = {.sa_handler = nothing, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN};
    event.sigev_notify_thread_id = gettid();
    sigset_t mine;
    sigemptyset(&action.sa_mask);
    sigaction(SIGRTMIN, &action, NULL);
    sigemptyset(&mine);
    sigaddset(&mine, SIGRTMIN);
    pthread_sigmask(SIG_UNBLOCK, &mine, NULL);
    nudge->there = timer_create(CLOCK_MONOTONIC, &event, &nudge->timer) == 0;
    if (!nudge->there)
        log_line(LOG_WARN, "no timer for a server thread", LOG_TEXT("reason", strerror(errno)));
}

void nudge_free(struct nudge *nudge)
{
    if (nudge->there)
        timer_delete(nudge->timer);
    nudge->there = false;
}

static void set(struct nudge *nudge, struct timespec first, struct timespec next)
{
    struct itimerspec times = {.it_value = first, .it_interval = next};
    if (!nudge->there)
        return;
    int result = timer_settime(nudge->timer, 0, &times, NULL);
    assert(result == 0);
}

void nudge_start(struct nudge *nudge, int64_t delay_ms)
{
    set(nudge, span(delay_ms > 0 ? delay_ms : 1), span(REPEAT_MS));
}

void nudge_stop(struct nudge *nudge)
{
    set(nudge, span(0), span(0));
}
