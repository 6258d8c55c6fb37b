/* Keys and window changes from the operator's terminal to a job. */
#include "exec/relay.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/alloc.h"
#include "exec/loop.h"
#include "exec/terminal.h"

enum {
	ESCAPE = 035,       /* Ctrl-], as telnet has it */
	BACKGROUND_MS = 200 /* how often a background job looks again */
};

struct relay {
	struct loop *loop;
	struct terminal *terminal;
	enum relay_kind kind;
	struct relay_events on;
	struct loop_watch *keys;
	struct loop_signal *winch, *cont;
	struct loop_timer *background;
	bool escaping; /* the last key was the escape */
	bool gone;     /* the terminal was hung up */
};

/* Take escapes out of KEYS (a program that wants the byte gets it by typing it
 * twice) and pass the rest on. True when the escape command was typed. */
static bool
pass_raw(struct relay *r, struct text keys)
{
	struct buf out = BUF_INIT;
	bool quit = false;

	for (size_t i = 0; i < keys.len && !quit; i++) {
		char c = keys.at[i];

		if (r->escaping) {
			r->escaping = false;
			quit = c == 'q';
			if (!quit && c != ESCAPE)
				buf_addc(&out, ESCAPE);
			if (!quit)
				buf_addc(&out, c);
		} else if (c == ESCAPE) {
			r->escaping = true;
		} else {
			buf_addc(&out, c);
		}
	}
	if (out.len)
		r->on.on_keys(r->on.ctx, buf_text(&out));
	buf_release(&out);
	return quit;
}

static void
listen_or_wait(struct relay *r)
{
	if (!r->gone)
		loop_watch_events(r->keys, r->background ? 0 : POLLIN);
}

static void
on_background(void *ctx)
{
	struct relay *r = ctx;

	r->background = NULL;
	listen_or_wait(r);
}

static void
on_terminal(void *ctx, short revents UNUSED)
{
	struct relay *r = ctx;
	char keys[1024];
	ssize_t n;

	if (!terminal_is_ours(r->terminal)) {
		/* These keys are the shell's, which put us aside; nothing
		 * tells when it takes us back. */
		r->background =
			loop_after(r->loop, BACKGROUND_MS, on_background, r);
		listen_or_wait(r);
		return;
	}
	n = read(terminal_fd(r->terminal), keys, sizeof(keys));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		r->gone = true;
		r->keys = loop_unwatch(r->keys);
		return;
	}
	if (r->kind == RELAY_PROMPT)
		r->on.on_keys(r->on.ctx, (struct text){ keys, (size_t)n });
	else if (pass_raw(r, (struct text){ keys, (size_t)n }))
		r->on.on_escape(r->on.ctx);
}

static void
tell_size(struct relay *r)
{
	unsigned rows, columns;

	terminal_size(r->terminal, &rows, &columns);
	r->on.on_resize(r->on.ctx, rows, columns);
}

static void
on_winch(void *ctx, int signal UNUSED)
{
	tell_size(ctx);
}

static void
on_cont(void *ctx, int signal UNUSED)
{
	struct relay *r = ctx;

	terminal_set_again(r->terminal);
	tell_size(r);
}

struct relay *
relay_start(struct loop *l, struct terminal *terminal, enum relay_kind kind,
	    const struct relay_events *on)
{
	struct relay *r = xcalloc(1, sizeof(*r));

	r->loop = l;
	r->terminal = terminal;
	r->kind = kind;
	r->on = *on;
	terminal_set(terminal,
		     kind == RELAY_RAW ? TERMINAL_RAW : TERMINAL_KEYS);
	r->keys = loop_watch(l, terminal_fd(terminal), POLLIN, on_terminal, r);
	r->winch = loop_also_on_signal(l, SIGWINCH, on_winch, r);
	r->cont = loop_also_on_signal(l, SIGCONT, on_cont, r);
	return r;
}

struct relay *
relay_free(struct relay *r)
{
	if (!r)
		return NULL;
	loop_unwatch(r->keys);
	loop_cancel(r->background);
	loop_forget_signal(r->winch);
	loop_forget_signal(r->cont);
	terminal_set(r->terminal, TERMINAL_COOKED);
	free(r);
	return NULL;
}
