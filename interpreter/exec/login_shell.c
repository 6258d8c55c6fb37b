/* Asking for login shells. */
#include "exec/login_shell.h"

#include "base/alloc.h"
#include "exec/host.h"
#include "exec/loop.h"
#include "exec/remote_exec.h"

enum {
	ANSWER_BYTES = 1024
};

/* For every login shell, csh and fish too: sh finds it in its environment,
 * where sshd put it. */
static const char question[] = "exec sh -c 'echo \"RB1 shell ${SHELL##*/}\"'";
static const char mark[] = "RB1 shell ";

struct login_shell_ask {
	struct loop *loop;
	struct host *host;
	struct remote_exec *exec;
	struct loop_timer *known; /* it was asked before */
	struct buf out;
	login_shell_fn *fn;
	void *ctx;
};

bool
login_shell_is_posix(struct text name)
{
	static const char *const names[] = { "sh",    "bash", "dash",   "ash",
					     "ksh",   "mksh", "oksh",   "pdksh",
					     "ksh93", "zsh",  "busybox" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_is(name, names[i]))
			return true;
	}
	return false;
}

bool
login_shell_is_bash(const struct host *host)
{
	const char *name = host_shell(host);

	return name && strcmp(name, "bash") == 0;
}

struct login_shell_ask *
login_shell_free(struct login_shell_ask *a)
{
	if (!a)
		return NULL;
	remote_exec_free(a->exec);
	loop_cancel(a->known);
	buf_release(&a->out);
	free(a);
	return NULL;
}

static void
tell(struct login_shell_ask *a, bool ok, bool unreachable, const char *message)
{
	a->fn(a->ctx, ok, unreachable, message);
	login_shell_free(a);
}

/* NAME is its shell. */
static void
judge(struct login_shell_ask *a, const char *name)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT;

	if (login_shell_is_posix(text_of(name))) {
		tell(a, true, false, NULL);
		return;
	}
	buf_addf(&why,
		 "the login shell of %s is '%s', for which a value with "
		 "anything but letters, digits and _@%%+=:,./- cannot be "
		 "quoted",
		 host_name(a->host), name);
	tell(a, false, false, buf_cstr(&why));
}

static void
on_known(void *ctx)
{
	struct login_shell_ask *a = ctx;

	a->known = NULL;
	judge(a, host_shell(a->host));
}

static size_t
on_output(void *ctx, enum job_stream stream, struct text bytes)
{
	struct login_shell_ask *a = ctx;

	if (stream != JOB_STDERR)
		buf_addt(&a->out,
			 text_sub(bytes, 0, ANSWER_BYTES - a->out.len));
	return bytes.len;
}

/* The name in the answer, wherever a chatty shell puts it; "" when there is
 * none. The caller frees. */
static char *
find_name(const struct buf *out)
{
	struct text rest = buf_text(out), line;

	while (text_next_line(&rest, &line)) {
		if (text_starts(line, mark)) {
			line = text_sub(line, sizeof(mark) - 1, line.len);
			return xmemdup0(line.at, line.len);
		}
	}
	return xstrdup("");
}

static void
on_end(void *ctx, enum remote_end end, int code UNUSED, bool left_open UNUSED,
       const char *message)
{
	struct login_shell_ask *a = ctx;
	CLEANUP(free_ptr) char *name = find_name(&a->out);
	CLEANUP(buf_release) struct buf why = BUF_INIT;

	a->exec = NULL;
	if (name[0]) {
		host_set_shell(a->host, name);
		judge(a, name);
		return;
	}
	if (end == REMOTE_UNREACHABLE) {
		tell(a, false, true, message);
		return;
	}
	buf_addf(&why,
		 "cannot tell the login shell of %s, and so not quote a "
		 "value for it",
		 host_name(a->host));
	tell(a, false, false, buf_cstr(&why));
}

struct login_shell_ask *
login_shell_ask(struct loop *l, struct host *host, login_shell_fn *fn,
		void *ctx)
{
	struct login_shell_ask *a = xcalloc(1, sizeof(*a));
	struct remote_exec_events on = { .on_output = on_output,
					 .on_end = on_end,
					 .ctx = a };
	struct remote_exec_spec spec = { .command = text_of(question) };

	a->loop = l;
	a->host = host;
	a->fn = fn;
	a->ctx = ctx;
	if (host_shell(host))
		a->known = loop_after(l, 0, on_known, a);
	else
		a->exec = remote_exec_start(l, host, &spec, &on);
	return a;
}
