/* One thread, one poll(): descriptors, deadlines, children, signals. */
#ifndef EXEC_LOOP_H
#define EXEC_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"

struct loop;
struct loop_watch; /* a descriptor that is waited for */
struct loop_timer; /* a moment that is waited for */
struct loop_child; /* a process whose end is waited for */

typedef void loop_fd_fn(void *ctx, short revents);
typedef void loop_timer_fn(void *ctx);
typedef void loop_child_fn(void *ctx, int wait_status); /* as of waitpid(2) */
typedef void loop_signal_fn(void *ctx, int signal);

/* CLOCK is borrowed. Signals that the loop handles (CHLD; INT, TERM, HUP,
 * WINCH, CONT when loop_on_signal asked) are taken over until loop_free. */
struct loop *loop_new(const struct clock *clock);
struct loop *loop_free(struct loop *l);

const struct clock *loop_clock(const struct loop *l);

/* Call FN when FD has one of EVENTS (POLLIN, POLLOUT; errors and hang-ups
 * always). The watch ends with loop_unwatch; FD stays the caller's. */
struct loop_watch *loop_watch(struct loop *l, int fd, short events,
			      loop_fd_fn *fn, void *ctx);
void loop_watch_events(struct loop_watch *w, short events);
struct loop_watch *loop_unwatch(struct loop_watch *w); /* NULL to NULL */

/* Call FN once, DELAY_MS from now. */
struct loop_timer *loop_after(struct loop *l, int64_t delay_ms,
			      loop_timer_fn *fn, void *ctx);
struct loop_timer *loop_cancel(struct loop_timer *t); /* NULL to NULL */

/* Call FN once when the child PID has been reaped. */
struct loop_child *loop_on_child(struct loop *l, pid_t pid, loop_child_fn *fn,
				 void *ctx);
struct loop_child *loop_forget_child(struct loop_child *c);

/* Call FN for SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH and SIGCONT, outside
 * of any signal handler. FN NULL gives them back. */
void loop_on_signal(struct loop *l, loop_signal_fn *fn, void *ctx);

/* Wait for something once and call what it woke. At most MAX_MS, -1: as long
 * as it takes. False when nothing at all is left to wait for. */
bool loop_step(struct loop *l, int64_t max_ms);

/* loop_step until *DONE. */
void loop_run(struct loop *l, const bool *done);

#endif
