/* Driving the bash of a local session: its orders and its answers. */
#include "exec/shell_session.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "exec/capture.h"
#include "exec/environ.h"
#include "exec/loop.h"
#include "exec/proc.h"
#include "exec/shell_folder.h"
#include "exec/shell_process.h"
#include "exec/shell_script.h"

enum {
	LAST_WORDS_BYTES = 1024,
	LAST_READS = 16, /* others may write there for ever */
	/* What a program writes to a terminal takes a moment to come out on
	 * the other side: the kernel moves it in a worker of its own. */
	TTY_QUIET_MS = 10
};

enum state {
	IDLE,
	CHECKING, /* can bash read it? */
	ENTERING, /* its folder */
	SENT,     /* handed over; not begun as far as we know */
	RUNNING,
	RECHECKING, /* over, with a status that bash also gives for a text that
		     * it cannot read */
	PROBING,    /* over, with a status that it also gives when it cannot
		     * open a file */
	DRAINING,   /* over; reading what is left of its output */
	BREAKING    /* killed, because it made no sense */
};

struct shell_session {
	struct loop *loop;
	struct shell_spec spec;
	struct shell_events on;
	struct capture *capture;
	struct shell_file text; /* of the step */

	struct shell_process *process; /* or NULL */
	struct buf answers;            /* the beginning of one */
	struct buf last_words; /* the end of what it said outside of steps */
	bool restoring;        /* it was started with what another left */
	bool ready;            /* it has said R */
	bool worked; /* it has run a step: there is something to lose */
	bool lost;   /* the last one was, and nobody has been told */
	const char *unusable; /* why what it left cannot be gone on from */
	bool again;           /* one has ended that was of use */
	unsigned kept;        /* the state that was kept last; 0: none */
	bool stale;           /* a step has left something since */
	unsigned starts;      /* in a row without a step that was run */
	bool rearm;           /* our trap on EXIT was replaced … */
	struct buf action;    /* … by this */
	bool plain;  /* nothing of an author's stands between two steps */
	bool traced; /* his steps run with `set -x` */
	bool others; /* processes of earlier steps are alive */

	/* The step. */
	enum state state;
	const struct job_spec *step;
	uint32_t label; /* of the step, or of the last one */
	char seq[SHELL_SEQ_HEX + 1];
	bool checked;
	bool quick; /* handed over with order q or r: only its end is told */
	bool keeps; /* with order r */
	uint32_t skipped; /* lines of the document above its file's first */
	struct shell_end end;
	struct buf message;
	bool give_up;  /* do not begin it, or not again */
	bool drained;  /* nothing is left of its output */
	bool used_tty; /* it wrote to the terminal, or was answered there */
	struct loop_timer *later;
	int64_t drain_until_ms;
};

static void begin_step(struct shell_session *s);
static void finish_step(void *ctx);
static void on_answers(void *ctx, struct text bytes);
static void on_gone(void *ctx, int wait_status);

/* ---- the process --------------------------------------------------------- */

struct shell_session *
shell_session_new(struct loop *l, const struct shell_spec *spec,
		  const struct shell_events *on)
{
	struct shell_session *s = xcalloc(1, sizeof(*s));

	s->loop = l;
	s->spec = *spec;
	s->on = *on;
	s->kept = spec->kept;
	shell_file_init(&s->text, spec->dir, "step");
	s->capture =
		capture_new(l, spec->dir, on->on_output, on->on_late, on->ctx);
	return s;
}

pid_t
shell_session_pid(const struct shell_session *s)
{
	return s->process ? shell_process_pid(s->process) : 0;
}

/* Let go of everything that belongs to the process. */
static void
drop_process(struct shell_session *s)
{
	s->process = shell_process_free(s->process);
	buf_clear(&s->answers);
	s->ready = s->rearm = s->plain = s->traced = false;
	buf_clear(&s->action);
}

/* Keep the end of T. */
static void
hear_last_words(struct shell_session *s, struct text t)
{
	buf_addt(&s->last_words, t);
	if (s->last_words.len > LAST_WORDS_BYTES)
		buf_drop(&s->last_words, s->last_words.len - LAST_WORDS_BYTES);
}

static void
on_stray(void *ctx, struct text bytes)
{
	struct shell_session *s = ctx;

	hear_last_words(s, bytes);
	s->on.on_late(s->on.ctx, s->label, JOB_STDERR, bytes);
}

static void
on_tty(void *ctx, struct text bytes)
{
	struct shell_session *s = ctx;

	s->used_tty = true;
	if (s->state == IDLE)
		s->on.on_late(s->on.ctx, s->label, JOB_TTY, bytes);
	else
		s->on.on_output(s->on.ctx, JOB_TTY, bytes);
}

static int
write_scripts(struct shell_session *s, struct buf *reterr)
{
	CLEANUP(buf_release) struct buf loop = BUF_INIT;
	CLEANUP(buf_release) struct buf turn = BUF_INIT;
	CLEANUP(buf_release) struct buf at_exit = BUF_INIT;
	CLEANUP(buf_release) struct buf save = BUF_INIT;
	const char *dir = s->spec.dir;

	shell_script_loop(&loop, dir, s->spec.term);
	shell_script_turn(&turn, dir, s->spec.term);
	shell_script_exit(&at_exit, dir);
	shell_script_save(&save, dir);
	if (shell_folder_write(dir, "loop", 0, "", buf_text(&loop), reterr) <
		    0 ||
	    shell_folder_write(dir, "turn", 0, "", buf_text(&turn), reterr) <
		    0 ||
	    shell_folder_write(dir, "exit", 0, "", buf_text(&at_exit), reterr) <
		    0 ||
	    shell_folder_write(dir, "save", 0, "", buf_text(&save), reterr) < 0)
		return -1;
	return shell_folder_write(dir, "probe", 0, "", TEXT(""), reterr);
}

static unsigned
usable_kept(const struct shell_session *s)
{
	return s->stale ? 0 : s->kept;
}

/* What the next shell is to read lacks the variables that held a secret. At the
 * beginning of a run that goes on, whoever started it has been told. */
static int
check_state(struct shell_session *s, struct buf *reterr)
{
	CLEANUP(free_ptr)
	char *path = shell_folder_entry(s->spec.dir, "before");
	CLEANUP(buf_release) struct buf state = BUF_INIT;
	CLEANUP(buf_release) struct buf names = BUF_INIT;

	if (!s->restoring)
		return 0;
	if (file_read(path, LIMIT_SHELL_STATE_BYTES, &state, reterr) < 0)
		return -1;
	s->traced = shell_folder_is_traced(buf_text(&state));
	shell_folder_list_dropped(buf_text(&state), &names);
	if (names.len == 0 || !s->again)
		return 0;
	buf_addf(reterr,
		 "the shell of the steps before it has ended, and what held a "
		 "secret in it was not kept: %s",
		 buf_cstr(&names));
	return -1;
}

static int
start_process(struct shell_session *s, struct buf *reterr)
{
	struct shell_process_events on = { on_answers, on_stray, on_tty,
					   on_gone, s };

	if (s->starts >= LIMIT_SHELL_RESTARTS) {
		struct text words = text_trim(buf_text(&s->last_words));
		size_t line = text_chr(words, '\n', 0);

		buf_addf(reterr,
			 "cannot use '%s': it ended %u times before a step "
			 "could begin%s%.*s",
			 s->spec.bash, s->starts, words.len ? ": " : "",
			 TEXT_ARG(text_sub(words, 0, line)));
		s->starts = 0;
		return -1;
	}
	s->restoring = shell_folder_take_state(s->spec.dir, usable_kept(s));
	buf_clear(&s->last_words);
	if (check_state(s, reterr) < 0 || write_scripts(s, reterr) < 0)
		return -1;
	s->process = shell_process_start(s->loop, &s->spec, &on, reterr);
	if (!s->process)
		return -1;
	s->starts++;
	return 0;
}

/* ---- the way of a step --------------------------------------------------- */

static void
new_seq(struct shell_session *s)
{
	uint64_t n;

	if (getrandom(&n, sizeof(n), 0) != sizeof(n))
		BUG("no random numbers: %s", strerror(errno));
	snprintf(s->seq, sizeof(s->seq), "%016" PRIx64, n);
}

static void
finish_soon(struct shell_session *s, int64_t delay_ms)
{
	loop_cancel(s->later);
	s->later = loop_after(s->loop, delay_ms, finish_step, s);
}

/* Nothing of the step has run or will; s->message says why. */
static void
refuse(struct shell_session *s)
{
	s->end.kind = SHELL_REFUSED;
	s->state = DRAINING;
	s->drain_until_ms = 0;
	finish_soon(s, 0);
}

static void
end_step(struct shell_session *s)
{
	/* The next step may be started, or all be freed, before on_end
	 * returns. */
	CLEANUP(buf_release) struct buf message = s->message;
	struct shell_end end = s->end;

	buf_init(&s->message);
	if (message.len)
		end.message = message.bytes;
	s->state = IDLE;
	s->step = NULL;
	capture_end(s->capture);
	s->on.on_end(s->on.ctx, &end);
}

/* Of one that is not interactive and found the terminal all the same, the rest
 * may be on its way, too. */
static bool
uses_tty(const struct shell_session *s)
{
	return s->step->io == JOB_INTERACTIVE || s->used_tty;
}

/* What is left of the output, for a moment: processes that outlive the step
 * may hold it for ever. */
static void
finish_step(void *ctx)
{
	struct shell_session *s = ctx;
	int64_t now = clock_mono_ms(loop_clock(s->loop));
	bool quiet = s->drained || capture_drain(s->capture);
	bool tty = s->end.kind != SHELL_REFUSED && uses_tty(s) && s->process;

	s->later = NULL;
	if (tty && shell_process_read_tty(s->process))
		quiet = false;
	if (quiet || now >= s->drain_until_ms)
		end_step(s);
	else
		finish_soon(s, TTY_QUIET_MS);
}

static void
drain(struct shell_session *s)
{
	bool tty = uses_tty(s);

	s->state = DRAINING;
	s->drain_until_ms = clock_mono_ms(loop_clock(s->loop)) + LIMIT_DRAIN_MS;
	s->drained = !tty && capture_drain(s->capture);
	finish_soon(s, s->drained ? 0 : TTY_QUIET_MS);
}

/* An answer that is none: nothing it says can be believed any more. */
static void
break_session(struct shell_session *s)
{
	s->state = BREAKING;
	shell_process_mute(s->process);
	proc_signal_group(shell_session_pid(s), SIGKILL);
}

static void
order(struct shell_session *s, struct buf *b, char what, const char *argument)
{
	shell_script_order(b, what, argument);
	shell_process_order(s->process, buf_text(b));
	loop_expect(s->loop);
	explicit_bzero(b->bytes, b->len);
	buf_clear(b);
}

/* With the name NAME, or NULL. */
static void
add_value(struct buf *b, char what, const char *name, struct text value)
{
	shell_script_order(b, what, "");
	if (name)
		buf_add(b, name, strlen(name) + 1);
	buf_addt(b, value);
	buf_addc(b, '\0');
}

static void
add_values(struct shell_session *s, struct buf *b)
{
	const struct job_spec *step = s->step;
	const char *const *env = step->env;

	for (size_t i = 0; i < step->n_values; i++) {
		const struct job_value *v = &step->values[i];

		add_value(b, v->lasts ? 'k' : 'v', v->name, v->value);
		if (v->secret)
			add_value(b, 'x', NULL, text_of(v->name));
	}
	for (; env && *env; env++) {
		size_t len = strcspn(*env, "=");
		CLEANUP(free_ptr) char *name = xmemdup0(*env, len);

		add_value(b, 'e', name, text_of(*env + len + 1));
	}
}

/* Is the short way open to the step? It begins with a status of 0. */
static bool
is_quick(const struct shell_session *s)
{
	const struct job_spec *step = s->step;

	return s->plain && step->leaves_nothing && step->io == JOB_BATCH &&
	       !step->cwd && !step->n_values && !s->rearm &&
	       !(step->env && *step->env);
}

/* bash counts lines from the beginning of its file, which therefore has empty
 * ones before the step. To read them may take longer than the step: where only
 * a message can tell the number, it is put right there. What runs on
 * afterwards may tell it when another step has begun. */
static bool
may_skip_lines(struct text t)
{
	return text_chr(t, '&', 0) == t.len && text_chr(t, '(', 0) == t.len &&
	       text_find(t, TEXT("LINENO"), 0) == t.len &&
	       text_find(t, TEXT("caller"), 0) == t.len &&
	       text_find(t, TEXT("coproc"), 0) == t.len;
}

void
shell_session_others(struct shell_session *s, bool any)
{
	s->others = any;
	if (any)
		capture_share(s->capture);
}

uint32_t
shell_session_skipped(const struct shell_session *s)
{
	return s->skipped;
}

static void
send_step(struct shell_session *s)
{
	static const char modes[] = {
		[JOB_BATCH] = 'b', [JOB_FOLLOW] = 'f', [JOB_INTERACTIVE] = 'i'
	};
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	uint32_t above = s->step->line ? s->step->line - 1 : 0;

	s->skipped = s->quick && may_skip_lines(s->step->text) ? above : 0;
	if (shell_file_write(&s->text, above - s->skipped,
			     s->traced ? shell_script_trace : "", s->step->text,
			     &s->message) < 0) {
		refuse(s);
		return;
	}
	shell_process_set_tty(s->process, s->step->io);
	if (s->rearm)
		add_value(&b, 't', NULL, buf_text(&s->action));
	s->rearm = false;
	add_values(s, &b);
	s->state = SENT;
	s->on.on_dispatched(s->on.ctx);
	if (s->quick)
		capture_begin(s->capture, s->label,
			      s->keeps ? CAPTURE_KEEPING : CAPTURE_OPENING);
	order(s, &b,
	      s->keeps   ? 'r'
	      : s->quick ? 'q'
			 : modes[s->step->io],
	      s->seq);
}

static void
enter_folder(struct shell_session *s)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (!s->step->cwd) {
		send_step(s);
		return;
	}
	s->state = ENTERING;
	shell_script_order(&b, 'd', s->seq);
	buf_add(&b, s->step->cwd, strlen(s->step->cwd) + 1);
	shell_process_order(s->process, buf_text(&b));
}

/* Ask bash whether it can read the text: it runs the lines above an error
 * before it finds one. */
static void
check(struct shell_session *s, enum state state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text text = s->step->text;
	/* Its grammar depends on the option, and the text that uses it sets it
	 * first. */
	bool extglob = text_find(text, TEXT("extglob"), 0) < text.len;

	if (shell_folder_write(s->spec.dir, "check", 0,
			       extglob ? "\\builtin shopt -s extglob; "
					 "\\builtin set -n\n"
				       : "\\builtin set -n\n",
			       text, &s->message) < 0) {
		refuse(s);
		return;
	}
	s->checked = true;
	s->state = state;
	order(s, &b, 'c', s->seq);
}

/* A text of one line is read as a whole before any of it runs, so that bash's
 * own error comes in time. */
static bool
is_one_line(struct text t)
{
	t = text_trim(t);
	return text_chr(t, '\n', 0) == t.len;
}

static void
begin_step(struct shell_session *s)
{
	if (s->lost) {
		/* What the steps before left is gone, and this one may rely on
		 * it. */
		s->lost = false;
		s->end.lost = true;
		buf_adds(&s->message, "the shell of the session has ended "
				      "since the last step, and its variables "
				      "are gone");
		refuse(s);
		return;
	}
	if (s->unusable) {
		buf_adds(&s->message, s->unusable);
		s->unusable = NULL;
		refuse(s);
		return;
	}
	if (!s->process && start_process(s, &s->message) < 0) {
		refuse(s);
		return;
	}
	s->quick = is_quick(s);
	s->keeps = s->quick && s->step->forks_nothing && !s->others;
	if (!(s->keeps && capture_is_kept(s->capture)) &&
	    capture_prepare(s->capture, &s->message) < 0) {
		refuse(s);
		return;
	}
	new_seq(s);
	if (is_one_line(s->step->text))
		enter_folder(s);
	else
		check(s, CHECKING);
}

/* What cannot be handed to a shell at all. */
static bool
is_impossible(const struct shell_session *s, struct buf *why)
{
	const struct job_spec *step = s->step;

	if (step->text.len > LIMIT_SHELL_BYTES)
		buf_addf(why, "the step is larger than %d bytes",
			 LIMIT_SHELL_BYTES);
	else if (text_chr(step->text, '\0', 0) < step->text.len)
		buf_adds(why, "the step has a NUL byte");
	else if (step->io == JOB_INTERACTIVE && !s->spec.tty)
		buf_adds(why, "the step is interactive, and there is no "
			      "terminal");
	for (size_t i = 0; i < step->n_values && !why->len; i++) {
		struct text v = step->values[i].value;

		if (!environ_is_name(step->values[i].name))
			BUG("'%s' is no variable", step->values[i].name);
		if (text_chr(v, '\0', 0) < v.len)
			buf_addf(why, "the value of '%s' has a NUL byte",
				 step->values[i].name);
	}
	return why->len > 0;
}

void
shell_session_run(struct shell_session *s, const struct job_spec *step)
{
	if (s->state != IDLE)
		BUG("a step while another one runs");
	s->step = step;
	s->label = step->label;
	s->end = (struct shell_end){ 0 };
	s->checked = s->give_up = s->quick = s->keeps = s->drained = false;
	s->used_tty = false;
	s->skipped = 0;
	buf_clear(&s->message);
	if (is_impossible(s, &s->message))
		refuse(s);
	else
		begin_step(s);
}

/* ---- answers ------------------------------------------------------------- */

/* Turn bash's "PATH: line N: MESSAGE" into ours. */
static void
tell_error(struct shell_session *s, const char *what, bool with_line)
{
	CLEANUP(free_ptr) char *path = shell_folder_entry(s->spec.dir, "error");
	CLEANUP(buf_release) struct buf all = BUF_INIT;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	struct text rest, line, number;
	uint64_t n = 0;
	size_t at;

	buf_adds(&s->message, what);
	if (file_read(path, LIMIT_SHELL_BYTES, &all, &reterr) < 0)
		return;
	rest = buf_text(&all);
	text_next_line(&rest, &line);
	at = text_find(line, TEXT(": line "), 0);
	if (at == line.len)
		return;
	line = text_sub(line, at + 7, line.len);
	text_next_field(&line, ':', &number);
	/* The first line of the file is ours. */
	if (with_line && s->step->line &&
	    text_to_uint(number, UINT32_MAX, &n) && n > 1)
		s->end.line = s->step->line + (uint32_t)n - 2;
	if (text_starts(line, " cd: "))
		line = text_sub(line, 4, line.len);
	buf_addf(&s->message, ": %.*s", TEXT_ARG(text_trim(line)));
}

static void
on_checked(struct shell_session *s, const struct shell_answer *a)
{
	bool again = s->state == RECHECKING;

	if (a->status != 0) {
		s->end = (struct shell_end){ .lost = s->end.lost };
		tell_error(s, "bash cannot read the step", true);
		s->end.kind = SHELL_REFUSED;
	}
	if (again)
		drain(s);
	else if (a->status != 0)
		refuse(s);
	else
		enter_folder(s);
}

static void
on_entered(struct shell_session *s, const struct shell_answer *a)
{
	if (a->status == 0) {
		send_step(s);
		return;
	}
	tell_error(s, "cannot enter the folder of the step", false);
	refuse(s);
}

/* The author trapped EXIT himself. His trap is run by ours, which has to be
 * there to save what the session holds. */
static void
look_at_trap(struct shell_session *s, struct text listing)
{
	if (shell_trap_is_own(listing))
		return;
	buf_clear(&s->action);
	if (shell_trap_action(listing, &s->action))
		s->rearm = true;
}

static void
on_ended(struct shell_session *s, const struct shell_answer *a)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (!s->quick)
		look_at_trap(s, a->trap);
	if (!s->step->leaves_nothing)
		s->worked = s->stale = true;
	s->starts = 0;
	s->end.kind = SHELL_ANSWERED;
	s->end.status = a->status;
	s->end.line = a->line ? a->line + s->skipped : 0;
	s->end.hidden = a->hidden;
	s->plain = a->plain && a->status == 0;
	s->traced = a->traced;
	s->end.pipe = a->pipe;
	if (a->shadowed)
		buf_adds(&s->message,
			 "the step defines 'builtin', which the session needs "
			 "itself; the definition was removed");
	if (a->debugged)
		buf_adds(&s->message,
			 "the step leaves a trap on DEBUG, which the session "
			 "would run itself; the trap was removed");
	if (a->line || a->status < 1 || a->status > 2) {
		drain(s);
	} else if (a->status == 1 && !a->told_pipes) {
		s->state = PROBING;
		order(s, &b, 'p', s->seq);
	} else if (!s->checked) {
		check(s, RECHECKING);
	} else {
		drain(s);
	}
}

/* The step's status was 1. When the shell cannot open files any more, this was
 * no status: start over with another shell. */
static void
on_probed(struct shell_session *s, const struct shell_answer *a)
{
	if (a->status != 0) {
		s->state = SENT;
		proc_signal_group(shell_session_pid(s), SIGTERM);
	} else if (!s->checked) {
		check(s, RECHECKING);
	} else {
		drain(s);
	}
}

static void
on_begun(struct shell_session *s)
{
	s->state = RUNNING;
	if (s->step->io != JOB_INTERACTIVE)
		capture_begin(s->capture, s->label, CAPTURE_OPENED);
}

/* It has read what another one left, if there was something; if it could not,
 * it is about to end. */
static void
on_ready(struct shell_session *s, int status)
{
	shell_folder_remove(s->spec.dir, "before");
	if (!s->restoring)
		return;
	if (status != 1) {
		s->unusable = status == 2 ? "the folder in which the steps "
					    "before it were is gone"
					  : "what the shell of the steps "
					    "before it left cannot be read";
		return;
	}
	s->worked = true;
	shell_session_keep(s);
}

static void
on_answer(struct shell_session *s, const struct shell_answer *a)
{
	if (a->kind == 'R' && !s->ready) {
		s->ready = true;
		on_ready(s, a->status);
	} else if (a->kind == 'C' &&
		   (s->state == CHECKING || s->state == RECHECKING)) {
		on_checked(s, a);
	} else if (a->kind == 'D' && s->state == ENTERING) {
		on_entered(s, a);
	} else if (a->kind == 'S' && s->state == SENT) {
		on_begun(s);
	} else if (a->kind == 'E' &&
		   (s->state == RUNNING || (s->state == SENT && s->quick))) {
		on_ended(s, a);
	} else if (a->kind == 'N' && s->state == SENT && s->quick) {
		s->quick = false;
		proc_signal_group(shell_session_pid(s), SIGTERM);
	} else if (a->kind == 'E' && s->state == SENT) {
		/* Its redirections failed: nothing ran, and nothing will. */
		proc_signal_group(shell_session_pid(s), SIGTERM);
	} else if (a->kind == 'P' && s->state == PROBING) {
		on_probed(s, a);
	} else {
		break_session(s);
	}
}

/* Take the answers out of what was read. */
static void
on_answers(void *ctx, struct text bytes)
{
	struct shell_session *s = ctx;
	struct shell_answer a;
	long n;

	buf_addt(&s->answers, bytes);
	while ((n = shell_answer_read(buf_text(&s->answers), s->seq, &a)) > 0) {
		CLEANUP(buf_release) struct buf taken = s->answers;

		/* What is done about it may clear the buffer. */
		buf_init(&s->answers);
		buf_add(&s->answers, taken.bytes + n, taken.len - (size_t)n);
		on_answer(s, &a);
		if (shell_process_is_mute(s->process))
			return;
	}
	if (n < 0)
		break_session(s);
}

/* ---- the end of the process ---------------------------------------------- */

/* Nothing of the step has begun: hand it to another shell, unless what it
 * relies on is gone. */
static void
begin_again(struct shell_session *s)
{
	s->checked = false;
	buf_clear(&s->message);
	s->end = (struct shell_end){ 0 };
	if (!s->give_up) {
		begin_step(s);
		return;
	}
	buf_adds(&s->message, "the step was ended before it began");
	s->end.lost = s->lost;
	s->lost = false;
	refuse(s);
}

void
shell_session_give_up(struct shell_session *s)
{
	s->give_up = true;
}

static void
on_gone(void *ctx, int wait_status)
{
	struct shell_session *s = ctx;
	bool saved, had_something = s->worked;
	bool unread = shell_process_has_unread(s->process);

	while (shell_process_read_answers(s->process))
		;
	while (shell_process_read_tty(s->process))
		;
	for (int i = 0; i < LAST_READS; i++) {
		if (!shell_process_read_base(s->process))
			break;
	}
	if (!s->ready) {
		/* It ended over what it was to begin with. */
		had_something |= s->restoring;
		shell_folder_remove(s->spec.dir, "state");
	}
	s->again |= s->ready;
	saved = shell_folder_has_state(s->spec.dir, usable_kept(s));
	drop_process(s);
	s->worked = false;
	s->lost = had_something && !saved && !s->unusable;
	if (s->state == IDLE)
		return;
	if (s->state == SENT && s->quick && !unread)
		s->state = RUNNING;
	if (s->state == CHECKING || s->state == ENTERING || s->state == SENT ||
	    s->state == PROBING) {
		begin_again(s);
		return;
	}
	s->end.lost = true;
	s->end.saved = saved || !had_something;
	s->lost = false;
	if (s->state == RUNNING) {
		s->end.kind = SHELL_DIED;
		s->end.wait_status = wait_status;
	} else if (s->state == BREAKING) {
		s->end.kind = SHELL_BROKEN;
	}
	if (s->state != DRAINING)
		drain(s);
}

unsigned
shell_session_keep(struct shell_session *s)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	s->kept++;
	s->stale = false;
	if (s->process) {
		char number[SHELL_SEQ_HEX + 1];

		snprintf(number, sizeof(number), "%u", s->kept);
		shell_script_order(&b, 's', number);
		shell_process_order(s->process, buf_text(&b));
	} else {
		shell_folder_keep_left(s->spec.dir, s->kept);
	}
	return s->kept;
}

unsigned
shell_session_kept(const struct shell_session *s)
{
	return s->kept;
}

struct shell_session *
shell_session_free(struct shell_session *s)
{
	if (!s)
		return NULL;
	if (s->process)
		shell_process_end(s->process, s->state == IDLE);
	drop_process(s);
	loop_cancel(s->later);
	capture_free(s->capture);
	shell_file_release(&s->text);
	buf_release(&s->answers);
	buf_release(&s->last_words);
	buf_release(&s->action);
	buf_release(&s->message);
	free(s);
	return NULL;
}

void
shell_session_keys(struct shell_session *s, struct text keys)
{
	if (s->process)
		shell_process_keys(s->process, keys);
}

void
shell_session_resize(struct shell_session *s, unsigned rows, unsigned columns)
{
	s->spec.tty_rows = rows;
	s->spec.tty_columns = columns;
	if (s->process)
		shell_process_resize(s->process, rows, columns);
}
