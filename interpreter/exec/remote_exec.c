/* Commands on hosts.
 *
 * What comes over the wire is only noted while the connection is being read,
 * and acted on in the turn after it, so that whoever hears of the end may free
 * everything. */
#include "exec/remote_exec.h"

#include <signal.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "exec/host.h"
#include "exec/loop.h"
#include "exec/remote_kill.h"
#include "exec/wire.h"

enum state {
	WAITING, /* for a channel */
	ASKING_TTY,
	EXECUTING, /* the request is out */
	RUNNING,
	ENDED /* on_end is to come */
};

enum {
	/* After its status, output may still be under way. It is over when
	 * the server says so (EOF), or, as processes there may hold it for
	 * ever, when the server answers and has sent nothing for so long. */
	QUIET_MS = 500
};

/* The ways of ending a command, gentle ones first, and how long each is given.
 * Closing its channel is none of them. */
static const struct stop {
	int signal;
	bool there; /* by a process there, not by the protocol */
	int wait_ms;
} stops[] = {
	{ SIGINT, false, 2000 },
	{ SIGTERM, false, 1000 },
	{ SIGTERM, true, LIMIT_KILL_GRACE_MS },
	{ SIGKILL, true, LIMIT_KILL_GRACE_MS },
};

struct remote_exec {
	struct loop *loop;
	struct host *host;
	struct channels_client client;
	struct wire_channel *channel;
	char *command;
	bool subsystem, has_input;
	char *term;
	unsigned rows, columns;
	struct remote_exec_events on;
	enum state state;

	/* Noted. */
	bool dispatched, got_status, got_signal, got_eof, got_close;
	int status;
	uint64_t bytes_at_status;
	size_t n_output;

	bool held; /* on_output has not taken everything */
	size_t next_stop;
	bool hasty; /* nobody waits long between them */
	struct remote_kill *killer;
	struct loop_timer *timer; /* of stopping */
	struct loop_timer *quiet; /* after the status */
	size_t quiet_output;      /* n_output when it began */
	uint64_t quiet_bytes;     /* of the server's then */

	enum remote_end end;
	int code;
	bool left_open;
	char *message;
	struct loop_timer *over;
};

/* RFC 4254, 6.10. */
static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "ABRT", SIGABRT }, { "ALRM", SIGALRM }, { "FPE", SIGFPE },
	{ "HUP", SIGHUP },   { "ILL", SIGILL },   { "INT", SIGINT },
	{ "KILL", SIGKILL }, { "PIPE", SIGPIPE }, { "QUIT", SIGQUIT },
	{ "SEGV", SIGSEGV }, { "TERM", SIGTERM }, { "USR1", SIGUSR1 },
	{ "USR2", SIGUSR2 },
};

int
remote_signal_number(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	}
	return 0;
}

const char *
remote_signal_name(int signal)
{
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		if (signals[i].number == signal)
			return signals[i].name;
	}
	return NULL;
}

/* ---- the end ------------------------------------------------------------- */

struct remote_exec *
remote_exec_free(struct remote_exec *e)
{
	if (!e)
		return NULL;
	loop_cancel(e->timer);
	loop_cancel(e->quiet);
	loop_cancel(e->over);
	remote_kill_free(e->killer);
	if (e->state != ENDED)
		host_release(e->host, &e->client);
	free(e->command);
	free(e->term);
	free(e->message);
	free(e);
	return NULL;
}

static void
deliver_end(void *ctx)
{
	struct remote_exec *e = ctx;

	e->over = NULL;
	e->on.on_end(e->on.ctx, e->end, e->code, e->left_open, e->message);
	remote_exec_free(e);
}

static void
finish(struct remote_exec *e, enum remote_end end, int code,
       const char *message)
{
	if (e->state == ENDED)
		return;
	host_release(e->host, &e->client);
	e->channel = NULL;
	e->state = ENDED;
	e->end = end;
	e->code = code;
	e->message = message ? xstrdup(message) : NULL;
	e->timer = loop_cancel(e->timer);
	e->quiet = loop_cancel(e->quiet);
	e->killer = remote_kill_free(e->killer);
	e->over = loop_after(e->loop, 0, deliver_end, e);
}

/* It is over there, and this is how. */
static void
conclude(struct remote_exec *e)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT;

	if (e->got_status) {
		finish(e, REMOTE_EXITED, e->status, NULL);
	} else if (e->got_signal) {
		finish(e, REMOTE_SIGNALED, e->status, NULL);
	} else {
		buf_addf(&why, "%s closed the channel without a status",
			 host_name(e->host));
		finish(e, REMOTE_LOST, 0, why.bytes);
	}
}

static void on_quiet(void *ctx);

static void
begin_quiet(struct remote_exec *e)
{
	e->quiet_output = e->n_output;
	e->quiet_bytes = host_bytes_in(e->host);
	host_ping(e->host);
	e->quiet = loop_after(e->loop, QUIET_MS, on_quiet, e);
}

static void
on_quiet(void *ctx)
{
	struct remote_exec *e = ctx;
	bool answered = host_bytes_in(e->host) != e->quiet_bytes;

	e->quiet = NULL;
	if (e->n_output == e->quiet_output && answered && !e->held) {
		e->left_open = true;
		conclude(e);
	} else {
		begin_quiet(e);
	}
}

/* ---- what comes ---------------------------------------------------------- */

static size_t
on_data(void *ctx, bool is_stderr, struct text bytes)
{
	struct remote_exec *e = ctx;
	enum job_stream stream = is_stderr ? JOB_STDERR : JOB_STDOUT;
	size_t taken;

	if (e->state == ENDED)
		return bytes.len;
	taken = e->on.on_output(e->on.ctx, e->term ? JOB_TTY : stream, bytes);
	e->n_output += taken;
	e->held = taken < bytes.len;
	return taken;
}

static void
on_eof(void *ctx)
{
	((struct remote_exec *)ctx)->got_eof = true;
}

static void
on_status(void *ctx, int status)
{
	struct remote_exec *e = ctx;

	e->got_status = true;
	e->status = status;
}

static void
on_signal(void *ctx, const char *name)
{
	struct remote_exec *e = ctx;

	e->got_signal = true;
	e->status = remote_signal_number(name);
}

static void
on_close(void *ctx)
{
	((struct remote_exec *)ctx)->got_close = true;
}

/* ---- the way there ------------------------------------------------------- */

/* A request has been made, or looked after, with the result R. What came with
 * it is to be delivered; as long as nothing does, whatever comes wakes us up,
 * and to look again at once would be to spin. BYTES: of the server's before. */
static void
touch_after(struct remote_exec *e, enum wire_result r, bool made,
	    uint64_t bytes)
{
	if (made || r != WIRE_AGAIN || host_bytes_in(e->host) != bytes)
		host_touch(e->host);
}

static void
execute(struct remote_exec *e)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT;
	uint64_t bytes = host_bytes_in(e->host);
	bool made = e->state != EXECUTING;
	enum wire_result r;

	if (!e->dispatched) {
		e->dispatched = true;
		if (e->on.on_dispatched)
			e->on.on_dispatched(e->on.ctx);
	}
	e->state = EXECUTING;
	r = e->subsystem ? wire_channel_subsystem(e->channel, e->command)
			 : wire_channel_exec(e->channel, e->command);
	touch_after(e, r, made, bytes);
	if (r == WIRE_DENIED) {
		buf_addf(&why, "%s does not run commands for us",
			 host_name(e->host));
		finish(e, REMOTE_NOT_STARTED, 0, why.bytes);
	} else if (r == WIRE_DONE) {
		e->state = RUNNING;
		if (!e->has_input)
			wire_channel_eof(e->channel);
		host_touch(e->host);
	}
}

static void
ask_tty(struct remote_exec *e)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT;
	uint64_t bytes = host_bytes_in(e->host);
	bool made = e->state != ASKING_TTY;
	enum wire_result r;

	e->state = ASKING_TTY;
	r = wire_channel_tty(e->channel, e->term, e->rows, e->columns);
	touch_after(e, r, made, bytes);
	if (r == WIRE_DONE) {
		execute(e);
	} else if (r == WIRE_DENIED) {
		buf_addf(&why, "%s gives us no terminal", host_name(e->host));
		finish(e, REMOTE_NOT_STARTED, 0, why.bytes);
	}
}

static void
on_channel(void *ctx, struct wire_channel *c)
{
	struct remote_exec *e = ctx;
	struct wire_events on = { on_data,   on_eof,   on_status,
				  on_signal, on_close, e };

	e->channel = c;
	wire_channel_events(c, &on);
	if (e->term)
		ask_tty(e);
	else
		execute(e);
}

static void
on_failed(void *ctx, enum channels_failure why, const char *message)
{
	finish(ctx,
	       why == CHANNELS_NEED_SSH ? REMOTE_NEEDS_SSH : REMOTE_UNREACHABLE,
	       0, message);
}

static void
on_lost(void *ctx, const char *message)
{
	struct remote_exec *e = ctx;

	e->channel = NULL;
	if (e->got_status || e->got_signal)
		conclude(e);
	else
		finish(e, e->dispatched ? REMOTE_LOST : REMOTE_UNREACHABLE, 0,
		       message);
}

static void
on_turn(void *ctx)
{
	struct remote_exec *e = ctx;

	if (e->state == ASKING_TTY && !e->got_close)
		ask_tty(e);
	else if (e->state == EXECUTING && !e->got_close)
		execute(e);
	if (e->state == ENDED)
		return;
	if (e->got_close || ((e->got_status || e->got_signal) && e->got_eof)) {
		conclude(e);
		return;
	}
	if ((e->got_status || e->got_signal) && !e->quiet)
		begin_quiet(e);
	if (e->state == RUNNING && e->has_input && e->on.on_room)
		e->on.on_room(e->on.ctx);
}

struct remote_exec *
remote_exec_start(struct loop *l, struct host *host,
		  const struct remote_exec_spec *spec,
		  const struct remote_exec_events *on)
{
	struct remote_exec *e = xcalloc(1, sizeof(*e));

	e->loop = l;
	e->host = host;
	e->command = xmemdup0(spec->command.at, spec->command.len);
	e->subsystem = spec->subsystem;
	e->has_input = spec->has_input;
	e->term = spec->term ? xstrdup(spec->term) : NULL;
	e->rows = spec->rows;
	e->columns = spec->columns;
	e->on = *on;
	e->client = (struct channels_client){ .on_channel = on_channel,
					      .on_failed = on_failed,
					      .on_turn = on_turn,
					      .on_lost = on_lost,
					      .ctx = e };
	host_request(host, &e->client);
	return e;
}

/* ---- input and size ------------------------------------------------------ */

size_t
remote_exec_room(const struct remote_exec *e)
{
	return e->state == RUNNING ? wire_channel_room(e->channel) : 0;
}

void
remote_exec_write(struct remote_exec *e, struct text bytes)
{
	if (e->state != RUNNING)
		return;
	wire_channel_write(e->channel, bytes);
	host_touch(e->host);
}

void
remote_exec_eof(struct remote_exec *e)
{
	if (e->state != RUNNING)
		return;
	wire_channel_eof(e->channel);
	host_touch(e->host);
}

void
remote_exec_resume(struct remote_exec *e)
{
	if (!e->channel)
		return;
	e->held = false;
	wire_channel_resume(e->channel);
	host_touch(e->host);
}

void
remote_exec_resize(struct remote_exec *e, unsigned rows, unsigned columns)
{
	e->rows = rows;
	e->columns = columns;
	if (e->state == RUNNING && e->term) {
		wire_channel_resize(e->channel, rows, columns);
		host_touch(e->host);
	}
}

/* ---- stopping ------------------------------------------------------------ */

static void stop_next(void *ctx);

static void
on_killed(void *ctx, const char *message UNUSED)
{
	/* Whether it was sent or not: the command's own end tells, or its
	 * time runs out. */
	((struct remote_exec *)ctx)->killer = NULL;
}

static void
stop_there(struct remote_exec *e, int signal)
{
	remote_kill_free(e->killer);
	e->killer = remote_kill_start(
		e->loop, e->host, host_place(e->host, &e->client),
		host_n_active(e->host), signal, on_killed, e);
}

static void
give_up(struct remote_exec *e)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT;

	buf_addf(&why, "cannot prove that the command on %s has ended",
		 host_name(e->host));
	finish(e, REMOTE_LOST, 0, why.bytes);
}

/* A host under load needs its time to report a death. */
static int
wait_of(const struct remote_exec *e, const struct stop *s)
{
	if (!e->hasty || s->signal == SIGKILL)
		return s->wait_ms;
	return s->wait_ms < LIMIT_KILL_GRACE_IN_HASTE_MS
		       ? s->wait_ms
		       : LIMIT_KILL_GRACE_IN_HASTE_MS;
}

static void
stop_next(void *ctx)
{
	struct remote_exec *e = ctx;
	const struct stop *s = &stops[e->next_stop++];

	e->timer = NULL;
	if (e->next_stop > ARRAY_LEN(stops)) {
		give_up(e);
		return;
	}
	if (s->there || host_is_root(e->host)) {
		/* sshd refuses signals for root's logins. */
		stop_there(e, s->signal);
	} else {
		wire_channel_signal(e->channel, remote_signal_name(s->signal));
		host_touch(e->host);
	}
	e->timer = loop_after(e->loop, wait_of(e, s), stop_next, e);
}

void
remote_exec_stop(struct remote_exec *e, int signal, bool in_haste)
{
	bool again = in_haste && e->hasty;
	size_t first = 0;

	if (e->state == ENDED)
		return;
	if (!e->dispatched) {
		finish(e, REMOTE_NOT_STARTED, 0,
		       "the command was ended before it began");
		return;
	}
	e->hasty |= in_haste;
	while (stops[first].signal != (again ? SIGKILL : signal))
		first++;
	if (e->timer && e->next_stop > first)
		return;
	e->timer = loop_cancel(e->timer);
	e->next_stop = first;
	stop_next(e);
}

void
remote_exec_hang_up(struct remote_exec *e)
{
	if (!e->channel || e->state == ENDED)
		return;
	wire_channel_close(e->channel);
	host_touch(e->host);
}
