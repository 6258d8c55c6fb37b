/* One thread, one poll(): descriptors, deadlines, children, signals. */
#ifndef EXEC_LOOP_H
#define EXEC_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"

struct loop;
struct loop_watch;  /* a descriptor that is waited for */
struct loop_timer;  /* a moment that is waited for */
struct loop_child;  /* a process whose end is waited for */
struct loop_signal; /* a listener beside the one of loop_on_signal */

typedef void loop_fd_fn(void *ctx, short revents);
typedef void loop_timer_fn(void *ctx);
typedef void loop_child_fn(void *ctx, int wait_status); /* as of waitpid(2) */
typedef void loop_signal_fn(void *ctx, int signal);

/* CLOCK is borrowed. Signals that the loop handles (CHLD; INT, TERM, HUP,
 * WINCH, CONT when loop_on_signal asked) are taken over until loop_free, and
 * PIPE and XFSZ are ignored: writing to who is gone is EPIPE, past the limit of
 * a file (setrlimit(2)) EFBIG. One loop per process at a time. */
struct loop *loop_new(const struct clock *clock);
struct loop *loop_free(struct loop *l);

const struct clock *loop_clock(const struct loop *l);

/* Call FN when FD has one of EVENTS (POLLIN, POLLOUT; errors and hang-ups
 * always). The watch ends with loop_unwatch; FD stays the caller's. EVENTS 0
 * is a pause: nothing at all is reported, not even a hang-up. */
struct loop_watch *loop_watch(struct loop *l, int fd, short events,
			      loop_fd_fn *fn, void *ctx);
void loop_watch_events(struct loop_watch *w, short events);
struct loop_watch *loop_unwatch(struct loop_watch *w); /* NULL to NULL */

/* Call FN once, DELAY_MS from now. The timer is gone when FN is called. */
struct loop_timer *loop_after(struct loop *l, int64_t delay_ms,
			      loop_timer_fn *fn, void *ctx);
struct loop_timer *loop_cancel(struct loop_timer *t); /* NULL to NULL */

/* Call FN once when the child PID has been reaped. */
struct loop_child *loop_on_child(struct loop *l, pid_t pid, loop_child_fn *fn,
				 void *ctx);
struct loop_child *loop_forget_child(struct loop_child *c);

/* Call FN also whenever C is stopped by a signal; C stays registered. */
void loop_child_on_stop(struct loop_child *c, loop_child_fn *fn);

/* Become the parent of processes that lose theirs (PR_SET_CHILD_SUBREAPER),
 * and reap those that nobody registered. */
void loop_adopt_orphans(struct loop *l);

/* Is PID registered with loop_on_child? */
bool loop_has_child(const struct loop *l, pid_t pid);

/* Call FN for SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH and SIGCONT, outside
 * of any signal handler. FN NULL gives them back. */
void loop_on_signal(struct loop *l, loop_signal_fn *fn, void *ctx);

/* Call FN for SIGNAL (SIGWINCH, SIGCONT) beside whatever loop_on_signal has. */
struct loop_signal *loop_also_on_signal(struct loop *l, int signal,
					loop_signal_fn *fn, void *ctx);
struct loop_signal *loop_forget_signal(struct loop_signal *s);

/* What is waited for next comes within some 50 us: the next loop_step looks for
 * it a few times before it lets itself be put to sleep. To be woken up takes as
 * long as a whole step that reads, where a processor has to be started for it
 * (measured: 37 of 166 us). */
void loop_expect(struct loop *l);

/* Wait for something once and call what it woke. At most MAX_MS, -1: as long
 * as it takes. False when nothing at all is left to wait for. */
bool loop_step(struct loop *l, int64_t max_ms);

/* loop_step until *DONE. */
void loop_run(struct loop *l, const bool *done);

#endif
