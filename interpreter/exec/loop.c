/* The loop: poll() over watches, a list of deadlines, and a signalfd through
 * which SIGCHLD and the operator's signals come in order with the rest.
 *
 * Whatever is called may add and remove anything. So nothing is freed while a
 * turn is under way: it is marked, and swept when the next one begins. */
#include "exec/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"

enum {
	LOOKS = 64 /* some 60 us */
};

struct loop_watch {
	int fd;
	short events;
	bool dead;
	loop_fd_fn *fn;
	void *ctx;
};

struct loop_timer {
	struct loop *loop;
	struct loop_timer *next; /* the next one to come due */
	int64_t due_ms;
	uint64_t id; /* in the order of their making */
	loop_timer_fn *fn;
	void *ctx;
};

struct loop_child {
	struct loop_child *next;
	pid_t pid;
	bool dead;
	loop_child_fn *fn, *on_stop;
	void *ctx;
};

struct loop_signal {
	struct loop_signal *next;
	struct loop *loop;
	int signal;
	bool dead;
	loop_signal_fn *fn;
	void *ctx;
};

struct loop {
	const struct clock *clock;
	struct loop_watch **watches;
	size_t n_watches, cap_watches;
	struct pollfd *polled; /* room for every watch and the signalfd */
	struct loop_timer *timers;
	uint64_t last_timer;
	struct loop_child *children;
	struct loop_signal *listeners;
	loop_signal_fn *on_signal;
	void *signal_ctx;
	int signal_fd;
	sigset_t taken, mask_before;
	struct sigaction chld_before, pipe_before, file_before;
	bool adopts;
	bool expects; /* see loop_expect */
};

static const int operator_signals[] = { SIGINT,  SIGTERM,  SIGHUP,
					SIGQUIT, SIGWINCH, SIGCONT };

/* nohup(1) and a shell's '&' make us ignore signals, which has to stay so. A
 * blocked signal is queued even when it is ignored. */
static bool
is_ignored(int signal)
{
	struct sigaction now;

	return sigaction(signal, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

/* Make the signalfd and the mask follow who listens now. */
static void
take_signals(struct loop *l)
{
	sigset_t give_back = l->taken;

	sigemptyset(&l->taken);
	sigaddset(&l->taken, SIGCHLD);
	if (l->on_signal) {
		for (size_t i = 0; i < ARRAY_LEN(operator_signals); i++) {
			if (!is_ignored(operator_signals[i]))
				sigaddset(&l->taken, operator_signals[i]);
		}
	}
	for (struct loop_signal *s = l->listeners; s; s = s->next) {
		if (!s->dead)
			sigaddset(&l->taken, s->signal);
	}
	for (int i = 1; i < NSIG; i++) {
		if (sigismember(&l->taken, i) == 1 ||
		    sigismember(&l->mask_before, i) == 1)
			sigdelset(&give_back, i);
	}
	l->signal_fd =
		signalfd(l->signal_fd, &l->taken, SFD_CLOEXEC | SFD_NONBLOCK);
	if (l->signal_fd < 0)
		BUG("no signalfd: %s", strerror(errno));
	sigprocmask(SIG_BLOCK, &l->taken, NULL);
	sigprocmask(SIG_UNBLOCK, &give_back, NULL);
}

struct loop *
loop_new(const struct clock *clock)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	struct sigaction ign = { .sa_handler = SIG_IGN };
	struct loop *l = xcalloc(1, sizeof(*l));

	l->clock = clock;
	l->signal_fd = -1;
	l->polled = xcalloc(1, sizeof(*l->polled));
	/* A parent that ignores SIGCHLD hands that down, and then the kernel
	 * reaps our children before we learn how they ended. */
	sigaction(SIGCHLD, &dfl, &l->chld_before);
	sigaction(SIGPIPE, &ign, &l->pipe_before);
	sigaction(SIGXFSZ, &ign, &l->file_before);
	sigprocmask(SIG_SETMASK, NULL, &l->mask_before);
	sigemptyset(&l->taken);
	take_signals(l);
	return l;
}

/* Free what was given up since the last turn. */
static void
sweep(struct loop *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n_watches; i++) {
		if (l->watches[i]->dead)
			free(l->watches[i]);
		else
			l->watches[n++] = l->watches[i];
	}
	l->n_watches = n;
	for (struct loop_child **at = &l->children; *at;) {
		struct loop_child *c = *at;

		if (c->dead) {
			*at = c->next;
			free(c);
		} else {
			at = &c->next;
		}
	}
	for (struct loop_signal **at = &l->listeners; *at;) {
		struct loop_signal *s = *at;

		if (s->dead) {
			*at = s->next;
			free(s);
		} else {
			at = &s->next;
		}
	}
}

struct loop *
loop_free(struct loop *l)
{
	if (!l)
		return NULL;
	for (size_t i = 0; i < l->n_watches; i++)
		l->watches[i]->dead = true;
	for (struct loop_child *c = l->children; c; c = c->next)
		c->dead = true;
	for (struct loop_signal *s = l->listeners; s; s = s->next)
		s->dead = true;
	sweep(l);
	/* the analyzer does not see that the list loses it */
	while (l->timers)
		loop_cancel(l->timers); /* NOLINT(clang-analyzer-unix.Malloc) */
	close(l->signal_fd);
	sigprocmask(SIG_SETMASK, &l->mask_before, NULL);
	sigaction(SIGCHLD, &l->chld_before, NULL);
	sigaction(SIGPIPE, &l->pipe_before, NULL);
	sigaction(SIGXFSZ, &l->file_before, NULL);
	free(l->watches);
	free(l->polled);
	free(l);
	return NULL;
}

const struct clock *
loop_clock(const struct loop *l)
{
	return l->clock;
}

struct loop_watch *
loop_watch(struct loop *l, int fd, short events, loop_fd_fn *fn, void *ctx)
{
	struct loop_watch *w = xcalloc(1, sizeof(*w));

	*w = (struct loop_watch){ fd, events, false, fn, ctx };
	if (l->n_watches == l->cap_watches) {
		l->cap_watches = l->cap_watches ? 2 * l->cap_watches : 16;
		l->watches = xreallocarray(l->watches, l->cap_watches,
					   sizeof(struct loop_watch *));
		l->polled = xreallocarray(l->polled, l->cap_watches + 1,
					  sizeof(*l->polled));
	}
	l->watches[l->n_watches++] = w;
	return w;
}

void
loop_watch_events(struct loop_watch *w, short events)
{
	w->events = events;
}

struct loop_watch *
loop_unwatch(struct loop_watch *w)
{
	if (w)
		w->dead = true;
	return NULL;
}

struct loop_timer *
loop_after(struct loop *l, int64_t delay_ms, loop_timer_fn *fn, void *ctx)
{
	struct loop_timer *t = xcalloc(1, sizeof(*t));
	struct loop_timer **at = &l->timers;

	t->loop = l;
	t->id = ++l->last_timer;
	t->due_ms = clock_mono_ms(l->clock) + (delay_ms > 0 ? delay_ms : 0);
	t->fn = fn;
	t->ctx = ctx;
	while (*at && (*at)->due_ms <= t->due_ms)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
	return t;
}

struct loop_timer *
loop_cancel(struct loop_timer *t)
{
	if (!t)
		return NULL;
	for (struct loop_timer **at = &t->loop->timers; *at;
	     at = &(*at)->next) {
		if (*at != t)
			continue;
		*at = t->next;
		free(t);
		return NULL;
	}
	BUG("a timer is cancelled that has fired");
}

struct loop_child *
loop_on_child(struct loop *l, pid_t pid, loop_child_fn *fn, void *ctx)
{
	struct loop_child *c = xcalloc(1, sizeof(*c));

	c->pid = pid;
	c->fn = fn;
	c->ctx = ctx;
	c->next = l->children;
	l->children = c;
	/* It may have ended before anybody listened. */
	raise(SIGCHLD);
	return c;
}

struct loop_child *
loop_forget_child(struct loop_child *c)
{
	if (c)
		c->dead = true;
	return NULL;
}

void
loop_child_on_stop(struct loop_child *c, loop_child_fn *fn)
{
	c->on_stop = fn;
}

void
loop_adopt_orphans(struct loop *l)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
		l->adopts = true;
}

bool
loop_has_child(const struct loop *l, pid_t pid)
{
	for (const struct loop_child *c = l->children; c; c = c->next) {
		if (c->pid == pid && !c->dead)
			return true;
	}
	return false;
}

void
loop_on_signal(struct loop *l, loop_signal_fn *fn, void *ctx)
{
	l->on_signal = fn;
	l->signal_ctx = ctx;
	take_signals(l);
}

struct loop_signal *
loop_also_on_signal(struct loop *l, int signal, loop_signal_fn *fn, void *ctx)
{
	struct loop_signal *s = xcalloc(1, sizeof(*s));

	s->loop = l;
	s->signal = signal;
	s->fn = fn;
	s->ctx = ctx;
	s->next = l->listeners;
	l->listeners = s;
	take_signals(l);
	return s;
}

struct loop_signal *
loop_forget_signal(struct loop_signal *s)
{
	if (s) {
		s->dead = true;
		take_signals(s->loop);
	}
	return NULL;
}

/* Reap C if it has changed; FN is told. */
static void
look_at_child(struct loop_child *c)
{
	int options = WNOHANG | (c->on_stop ? WUNTRACED : 0);
	int status;
	pid_t got;

	do
		got = waitpid(c->pid, &status, options);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return;
	if (WIFSTOPPED(status)) {
		if (c->on_stop)
			c->on_stop(c->ctx, status);
		return;
	}
	c->dead = true;
	c->fn(c->ctx, status);
}

/* Reap adopted processes, of which nobody wants to know. One that is
 * registered may stand before them in the kernel's list, so each is looked at
 * before it is taken. */
static void
reap_orphans(struct loop *l)
{
	siginfo_t info = { 0 };

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid > 0) {
		if (loop_has_child(l, info.si_pid))
			return;
		waitpid(info.si_pid, NULL, WNOHANG);
		info.si_pid = 0;
	}
}

static void
on_sigchld(struct loop *l)
{
	for (struct loop_child *c = l->children; c; c = c->next) {
		if (!c->dead)
			look_at_child(c);
	}
	if (l->adopts)
		reap_orphans(l);
}

static void
deliver_signal(struct loop *l, int signal)
{
	if (signal == SIGCHLD) {
		on_sigchld(l);
		return;
	}
	for (struct loop_signal *s = l->listeners; s; s = s->next) {
		if (s->signal == signal && !s->dead)
			s->fn(s->ctx, signal);
	}
	if (l->on_signal)
		l->on_signal(l->signal_ctx, signal);
}

static void
read_signals(struct loop *l)
{
	struct signalfd_siginfo info;

	while (read(l->signal_fd, &info, sizeof(info)) == sizeof(info))
		deliver_signal(l, (int)info.ssi_signo);
}

/* Those that are made meanwhile wait for the next turn, even when they are due
 * at once: descriptors come first again. */
static void
fire_timers(struct loop *l)
{
	uint64_t last = l->last_timer;
	int64_t now;

	if (!l->timers)
		return;
	now = clock_mono_ms(l->clock);
	while (l->timers && l->timers->due_ms <= now && l->timers->id <= last) {
		struct loop_timer t = *l->timers;

		free(l->timers);
		l->timers = t.next;
		t.fn(t.ctx);
	}
}

/* How long poll() may wait. */
static int
wait_ms(const struct loop *l, int64_t max_ms)
{
	int64_t ms = max_ms;

	if (l->timers) {
		int64_t left = l->timers->due_ms - clock_mono_ms(l->clock);

		if (left < 0)
			left = 0;
		if (ms < 0 || left < ms)
			ms = left;
	}
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

static bool
has_work(const struct loop *l)
{
	if (l->timers || l->n_watches)
		return true;
	return l->children != NULL;
}

/* Call the watches that poll() found, the first N of them: later ones were
 * added by those before. */
static void
call_watches(struct loop *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct loop_watch *w = l->watches[i];
		short revents = l->polled[i].revents;

		if (revents && !w->dead && w->events)
			w->fn(w->ctx, revents);
	}
}

void
loop_expect(struct loop *l)
{
	l->expects = true;
}

/* Whoever waits for the processor has it between two looks. */
static int
find_ready(struct loop *l, size_t n, int ms)
{
	int looks = l->expects && ms != 0 ? LOOKS : 0;

	l->expects = false;
	while (looks-- > 0) {
		int found = poll(l->polled, n, 0);

		if (found)
			return found;
		sched_yield();
	}
	return poll(l->polled, n, ms);
}

bool
loop_step(struct loop *l, int64_t max_ms)
{
	size_t n;
	int found;

	sweep(l);
	if (!has_work(l))
		return false;
	n = l->n_watches;
	for (size_t i = 0; i < n; i++) {
		const struct loop_watch *w = l->watches[i];

		l->polled[i] =
			(struct pollfd){ w->events ? w->fd : -1, w->events, 0 };
	}
	l->polled[n] = (struct pollfd){ l->signal_fd, POLLIN, 0 };
	found = find_ready(l, n + 1, wait_ms(l, max_ms));
	if (found < 0 && errno != EINTR)
		BUG("poll: %s", strerror(errno));
	if (found > 0) {
		bool signalled = l->polled[n].revents != 0;

		call_watches(l, n);
		if (signalled)
			read_signals(l);
	}
	fire_timers(l);
	return true;
}

void
loop_run(struct loop *l, const bool *done)
{
	while (!*done && loop_step(l, -1))
		;
}
