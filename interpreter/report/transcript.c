/* Writing a run for people. */
#include "report/transcript.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/termfilter.h"
#include "base/width.h"
#include "diag/snippet.h"
#include "report/closing.h"
#include "report/plan_report.h"
#include "report/why.h"

enum {
	REDRAW_MS = 100
};

/* The bar in front of what a command prints, per stream. */
struct stream {
	struct termfilter *filter;
	enum job_stream id;
};

struct transcript {
	struct transcript_options o;
	struct observer observer;
	struct plan *plan;
	const struct plan_item *item;  /* that began last */
	const struct plan_item *told;  /* whose prose came last */
	const struct plan_item *shown; /* with its title … */
	struct text command;           /* … and as it read then */
	struct stream streams[2];
	struct termfilter *tty;    /* what a step that has no terminal writes to
				    * the operator's all the same: a question */
	enum job_stream last;      /* whose bytes came last */
	bool open_line;            /* a line of output has no newline yet */
	bool raw;                  /* an interactive step had the terminal */
	bool differed;             /* some output was not as it was shown … */
	const struct diag *answer; /* that a status may be an answer: for the
				    * end, when all else was said */
	uint32_t n_differed; /* … and steps that succeeded all the same */
	const struct plan_item *first_differed;
	struct buf out; /* not yet written */
	int error;      /* see transcript_error */
};

static void
flush(struct transcript *t)
{
	/* No reason to stop a run half done; nor is a closed pipe one to tell
	 * of it. */
	if (fd_write_heeding(STDOUT_FILENO, buf_cstr(&t->out), t->out.len) <
		    0 &&
	    errno != EPIPE && errno != EINTR)
		t->error = errno;
	buf_clear(&t->out);
}

static const char *
mark(const struct transcript *t, const char *pretty, const char *plain)
{
	return t->o.utf8 ? pretty : plain;
}

/* ---- the run
 * ------------------------------------------------------------------ */

static void
on_run_start(void *ctx, struct plan *plan)
{
	struct transcript *t = ctx;
	const struct procedure *p = plan->procedure;

	t->plan = plan;
	style_add(&t->out, &t->o.out, STYLE_HEADING, p->heading, 0);
	buf_adds(&t->out, "  ");
	style_add(&t->out, &t->o.out, STYLE_DIM, p->path, 0);
	buf_adds(&t->out, "  ");
	style_adds(&t->out, &t->o.out, STYLE_DIM,
		   plan->runbook->doc->src->path);
	buf_addc(&t->out, '\n');
	if (p->danger.len) {
		style_adds(&t->out, &t->o.out, STYLE_BAD, "danger: ");
		width_print(
			&t->out,
			text_sub(p->danger, 0, text_chr(p->danger, '\n', 0)),
			0);
		buf_addc(&t->out, '\n');
	}
	flush(t);
}

/* "Example output:" above what a step should have printed, and words whose
 * block is not run and so not told. */
static bool
introduces_output(const struct document *doc, uint32_t i, uint32_t end)
{
	const struct block *next =
		i + 1 < doc->n_blocks ? doc->blocks[i + 1] : NULL;
	struct text words = text_trim(doc->blocks[i]->text);

	return next && next->kind == BLOCK_CODE &&
	       (next->code->kind == CODE_OUTPUT ||
		(i + 1 < end && text_ends(words, ":")));
}

/* Words that were just told, at the start, or that the question about ITEM,
 * which comes next, will tell. */
static bool
is_told_elsewhere(const struct plan_item *item, struct text words)
{
	const struct step *s = item->step;
	const struct branch *b = item->stops & STOP_CHOICE ? s->branch : NULL;
	const struct condition *c =
		item->stops & STOP_CONDITION ? s->condition : NULL;

	for (; b; b = b->choice->inside) {
		if (text_eq(words, b->label) ||
		    text_eq(words, b->choice->question))
			return true;
	}
	for (; c; c = c->outer) {
		if (text_eq(words, c->words))
			return true;
	}
	return item->number == 1 && text_eq(words, s->procedure->danger);
}

/* The prose of the blocks from FIRST to END that is told nowhere else about
 * ITEM, behind a blank line; nothing when there is none. */
static void
add_prose(struct transcript *t, const struct plan_item *item, uint32_t first,
	  uint32_t end)
{
	const struct document *doc = item->step->procedure->runbook->doc;
	bool any = false;

	for (uint32_t i = first; i < end; i++) {
		const struct block *block = doc->blocks[i];

		if (block->kind != BLOCK_PARAGRAPH ||
		    introduces_output(doc, i, end) ||
		    is_told_elsewhere(item, block->text))
			continue;
		if (!any)
			buf_addc(&t->out, '\n');
		any = true;
		style_add_lines(&t->out, &t->o.out, STYLE_DIM, block->text, 0);
	}
}

/* What the document says behind its last step. */
static void
add_last_prose(struct transcript *t)
{
	const struct plan_item *item = &t->plan->items[t->plan->n_items - 1];
	const struct procedure *p = item->step->procedure;

	if (!item->dropped && item->step == p->steps[p->n_steps - 1])
		add_prose(t, item, item->step->block_end, p->section->own_end);
}

/* Before anything is asked: a question is answered by who has read what the
 * document says above it. */
static void
on_step_next(void *ctx, const struct plan_item *item)
{
	struct transcript *t = ctx;

	if (!t->o.quiet)
		add_prose(t, item, item->step->prose, item->step->prose_end);
	t->told = item;
	flush(t);
}

static void
add_header(struct transcript *t, const struct plan_item *item)
{
	const struct step *s = item->step;
	struct plan_number number = plan_number(t->plan, item);
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;

	buf_addf(&t->out, "[%u/%u] ", number.at, number.of);
	style_add(&t->out, &t->o.out, STYLE_STEP, s->label, 0);
	if (s->kind != STEP_MANUAL) {
		buf_adds(&t->out, "  ");
		style_adds(&t->out, &t->o.out, STYLE_HOST,
			   resolved_host_name(item->resolved, &scratch));
		buf_adds(&t->out, ", ");
		style_add_level(&t->out, &t->o.out, item->resolved->level, 0);
	}
	buf_addc(&t->out, '\n');
}

static void
add_why(struct transcript *t, const struct plan_item *item)
{
	why_lines(&t->out, t->plan, item, 4, "why:", &t->o.out);
}

/* With what decides underlined, when a question about it follows. */
static void
add_command(struct transcript *t, const struct plan_item *item)
{
	if (item->stops)
		why_command(&t->out, item, 4, &t->o.out);
	else
		style_add_lines(&t->out, &t->o.out, STYLE_COMMAND,
				item->resolved->shown, 4);
}

/* What ITEM is, once; its command again when that reads otherwise now. */
static void
show_item(struct transcript *t, const struct plan_item *item)
{
	const struct step *s = item->step;
	bool first = t->shown != item;

	if (first) {
		if (t->told != item && !t->o.quiet)
			add_prose(t, item, s->prose, s->prose_end);
		buf_addc(&t->out, '\n');
		add_header(t, item);
	}
	if (s->kind == STEP_COMMAND &&
	    (first || !text_eq(t->command, item->resolved->shown)))
		add_command(t, item);
	if (first && t->o.verbose)
		add_why(t, item);
	t->shown = item;
	t->command = item->resolved->shown;
}

static void
on_step_show(void *ctx, const struct plan_item *item)
{
	struct transcript *t = ctx;

	show_item(t, item);
	flush(t);
}

/* How S, which does not end by itself, comes to its end. */
static void
add_follow(struct transcript *t, const struct step *s)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_adds(&b, "    ");
	if (s->until) {
		buf_adds(&b, "followed until what it is to wait for comes");
		buf_adds(&b, t->o.alone ? "" : "; Ctrl-C ends it");
	} else if (!t->o.alone) {
		buf_adds(&b, "it does not end by itself: Ctrl-C ends it and "
			     "the run goes on");
	} else {
		buf_adds(&b, "it does not end by itself: it is ended after ");
		clock_format_duration(s->timeout_ms ? s->timeout_ms
						    : LIMIT_FOLLOW_ALONE_MS,
				      &b);
		if (!s->timeout_ms)
			buf_adds(&b, ", for nobody is there to do it; "
				     "'timeout' or 'until' in its braces says "
				     "when");
	}
	style_adds(&t->out, &t->o.out, STYLE_DIM, buf_cstr(&b));
	buf_addc(&t->out, '\n');
}

static void
on_step_start(void *ctx, const struct plan_item *item, uint32_t attempt)
{
	struct transcript *t = ctx;

	t->answer = NULL;
	if (attempt > 1 && t->item == item) {
		style_adds(&t->out, &t->o.out, STYLE_WARN, "    again");
		buf_addf(&t->out, " (attempt %u)\n", attempt);
		flush(t);
		return;
	}
	t->item = item;
	show_item(t, item);
	if (item->resolved->io == EFFECT_IO_FOLLOW)
		add_follow(t, item->step);
	t->raw = false;
	flush(t);
}

/* ---- output
 * ------------------------------------------------------------------- */

static void
add_mark(struct transcript *t, enum job_stream stream)
{
	if (stream == JOB_STDERR)
		style_adds(&t->out, &t->o.out, STYLE_WARN, mark(t, "┆", "!"));
	else
		style_adds(&t->out, &t->o.out, STYLE_DIM, mark(t, "│", "|"));
	buf_addc(&t->out, ' ');
}

static void
add_bar(struct transcript *t, enum job_stream stream)
{
	buf_adds(&t->out, "    ");
	add_mark(t, stream);
}

/* Filtered bytes, each line behind its bar. A carriage return that the filter
 * lets through begins the line anew: the bar is drawn again. */
static void
add_lines(struct transcript *t, enum job_stream stream, struct text text)
{
	if (t->open_line && t->last != stream) {
		buf_addc(&t->out, '\n');
		t->open_line = false;
	}
	t->last = stream;
	for (size_t i = 0; i < text.len; i++) {
		if (!t->open_line)
			add_bar(t, stream);
		t->open_line = true;
		buf_addc(&t->out, text.at[i]);
		if (text.at[i] == '\n') {
			t->open_line = false;
		} else if (text.at[i] == '\r') {
			buf_adds(&t->out, "\033[K");
			add_bar(t, stream);
		}
	}
}

/* As it comes, for what is typed stands behind it. */
static void
add_question(struct transcript *t, struct text safe)
{
	if (safe.len == 0)
		return;
	buf_addt(&t->out, safe);
	t->last = JOB_TTY;
	t->open_line = !text_ends(safe, "\n");
}

static void
on_output(void *ctx, const struct plan_item *item, enum job_stream stream,
	  struct text bytes)
{
	struct transcript *t = ctx;
	CLEANUP(buf_release) struct buf safe = BUF_INIT;

	if (stream == JOB_TTY && item->resolved->io == EFFECT_IO_INTERACTIVE) {
		/* The program has the terminal; it draws as it likes. */
		t->raw = true;
		buf_addt(&t->out, bytes);
	} else if (stream == JOB_TTY) {
		termfilter_write(t->tty, bytes, &safe);
		add_question(t, buf_text(&safe));
	} else {
		termfilter_write(t->streams[stream].filter, bytes, &safe);
		add_lines(t, stream, buf_text(&safe));
	}
	flush(t);
}

/* Between the lines of the step that runs, each with the step that left it. */
static void
on_late(void *ctx, const struct plan_item *item, enum job_stream stream,
	struct text bytes)
{
	struct transcript *t = ctx;
	CLEANUP(buf_release) struct buf safe = BUF_INIT;
	CLEANUP(termfilter_free_ptr)
	struct termfilter *filter = termfilter_new(
		(struct termfilter_options){ .color = t->o.out.color });
	struct text rest, line;

	termfilter_write(filter, bytes, &safe);
	termfilter_end(filter, &safe);
	rest = buf_text(&safe);
	if (t->open_line)
		buf_addc(&t->out, '\n');
	t->open_line = false;
	while (text_next_line(&rest, &line)) {
		CLEANUP(buf_release) struct buf label = BUF_INIT;

		buf_addf(&label, "    late, of step %u ", item->number);
		style_adds(&t->out, &t->o.out, STYLE_DIM, buf_cstr(&label));
		add_mark(t, stream);
		buf_addt(&t->out, line);
		buf_addc(&t->out, '\n');
	}
	flush(t);
}

/* Progress, not a result: on standard error. */
static void
on_quiet(void *ctx, const struct plan_item *item UNUSED, int64_t elapsed_ms,
	 const char *why)
{
	struct transcript *t = ctx;
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (t->open_line && t->o.live)
		buf_addc(&b, '\n');
	t->open_line &= !t->o.live;
	buf_adds(&b, "    still running ");
	if (why)
		buf_addf(&b, "%s, ", why);
	clock_format_duration(elapsed_ms, &b);
	buf_addc(&b, '\n');
	fd_write_heeding(STDERR_FILENO, b.bytes, b.len);
}

static void
end_output(struct transcript *t)
{
	for (size_t i = 0; i < ARRAY_LEN(t->streams); i++) {
		CLEANUP(buf_release) struct buf safe = BUF_INIT;

		termfilter_end(t->streams[i].filter, &safe);
		if (safe.len)
			add_lines(t, t->streams[i].id, buf_text(&safe));
	}
	if (t->open_line)
		buf_addc(&t->out, '\n');
	t->open_line = false;
	termfilter_end(t->tty, &t->out);
}

/* ---- how it ended
 * --------------------------------------------------------------- */

/* What was wanted against what came: line by line, or the one line that was
 * looked at. */
static void
add_difference(struct transcript *t, const struct want_result *result)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT;
	struct text lines = buf_text(&result->diff);

	if (lines.len == 0) {
		want_describe_got(result, &got);
		lines = buf_text(&got);
	}
	style_add_lines(&t->out, &t->o.out, STYLE_DIM, lines, 6);
}

/* Both streams are read together: nothing is said twice. Of output that is not
 * as the document shows an error says it in its message (on_diag), a warning in
 * the line of the expectation (on_want). */
static bool
is_one_screen(const struct transcript *t)
{
	return t->o.live && !t->o.err_brief;
}

static void
on_want(void *ctx, const struct plan_item *item UNUSED, const struct want *want,
	const struct want_result *result)
{
	struct transcript *t = ctx;

	t->differed |= want->inferred && !result->met && !result->broken;
	end_output(t);
	buf_adds(&t->out, "    ");
	if (result->met) {
		style_adds(&t->out, &t->o.out, STYLE_GOOD, mark(t, "✓", "ok"));
		buf_adds(&t->out, " output is as the document shows");
	} else {
		style_adds(&t->out, &t->o.out,
			   want->inferred ? STYLE_WARN : STYLE_BAD,
			   want->inferred ? mark(t, "≠", "differs")
					  : mark(t, "✗", "unmet"));
		buf_adds(&t->out, " output");
		if (want->inferred || !is_one_screen(t))
			buf_addf(&t->out, ": %s", buf_cstr(&result->message));
	}
	buf_addf(&t->out, " (%s, line %u)\n", want_kind_name(want->kind),
		 span_line(!result->met && result->where.src ? result->where
							     : want->where));
	if (!result->met)
		add_difference(t, result);
	flush(t);
}

static void
add_result(struct transcript *t, const struct step_end *end)
{
	switch (end->status) {
	case RUN_STATUS_SUCCEEDED:
		style_adds(&t->out, &t->o.out, STYLE_GOOD, mark(t, "✓", "ok"));
		break;
	case RUN_STATUS_SKIPPED:
		style_adds(&t->out, &t->o.out, STYLE_DIM,
			   mark(t, "– skipped", "skipped"));
		break;
	default:
		style_adds(&t->out, &t->o.out, STYLE_BAD, mark(t, "✗ ", ""));
		style_adds(&t->out, &t->o.out, STYLE_BAD,
			   run_status_name(end->status));
		break;
	}
	if (end->code > 0)
		buf_addf(&t->out, ", status %d", end->code);
	if (end->signal)
		buf_addf(&t->out, ", signal %d", end->signal);
	if (end->note)
		buf_addf(&t->out, " (%s)", end->note);
}

static void
on_step_end(void *ctx, const struct plan_item *item, const struct step_end *end)
{
	struct transcript *t = ctx;

	/* What nobody was asked about is not worth a line each. */
	if (end->status == RUN_STATUS_SKIPPED && t->shown != item)
		return;
	end_output(t);
	if (end->status == RUN_STATUS_SUCCEEDED && end->n_warned) {
		if (!t->n_differed++)
			t->first_differed = item;
	}
	if (t->raw && t->o.live)
		buf_addc(&t->out, '\r');
	buf_adds(&t->out, "    ");
	add_result(t, end);
	if (t->o.live && end->status != RUN_STATUS_SKIPPED) {
		CLEANUP(buf_release) struct buf time = BUF_INIT;

		clock_format_duration(end->elapsed_ms, &time);
		buf_addc(&t->out, ' ');
		style_add(&t->out, &t->o.out, STYLE_DIM, buf_text(&time), 0);
	}
	buf_addc(&t->out, '\n');
	flush(t);
}

/* What stands before ITEM, and what would have let it run. */
static void
add_reasons(struct transcript *t, struct buf *b, struct plan *plan,
	    struct plan_item *item)
{
	CLEANUP(buf_release) struct buf where = BUF_INIT;

	if (item->step->kind != STEP_MANUAL &&
	    !text_eq(text_trim(item->resolved->shown), item->step->title))
		why_command(b, item, 4, &t->o.err);
	if (item->resolved->level > EFFECT_CHANGES)
		why_lines(b, plan, item, 2, NULL, &t->o.err);
	plan_say_folder(&where, plan, item);
	if (where.len) {
		buf_adds(b, "  ");
		style_add_wrapped(b, &t->o.err, buf_text(&where), 2, 4);
	}
	plan_stop_lines(b, plan, item, 2, &t->o.err);
}

/* "LABEL before step 3 of 7, 'Clear out', on web1 (app.md:12)" */
static void
add_place(struct transcript *t, struct buf *b, const char *label,
	  struct plan *plan, struct plan_item *item)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	struct plan_number number = plan_number(plan, item);

	style_adds(b, &t->o.err, STYLE_WARN, label);
	buf_addf(b, " before step %u of %u, '", number.at, number.of);
	width_print(b, item->step->label, 0);
	buf_addf(b, "', on %s (%s:%u)\n", plan_host_name(item, &scratch),
		 plan->runbook->doc->src->path, item->step->line);
}

/* Nobody approves what he was not shown: the help below names these, too. */
static void
add_later(struct transcript *t, struct buf *b, struct plan *plan,
	  const struct plan_item *first)
{
	for (uint32_t i = first->number; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];

		if (item->dropped ||
		    !(item->stops & (STOP_TYPED | STOP_EFFECT | STOP_CONFIRM)))
			continue;
		add_place(t, b, "and", plan, item);
		add_reasons(t, b, plan, item);
	}
}

static void
on_stop(void *ctx, struct plan *plan, struct plan_item *item, bool asked)
{
	struct transcript *t = ctx;
	struct buf b = BUF_INIT;

	flush(t);
	add_place(t, &b, "stopped", plan, item);
	if (!asked) {
		add_reasons(t, &b, plan, item);
		add_later(t, &b, plan, item);
	}
	fd_write_heeding(STDERR_FILENO, buf_cstr(&b), b.len);
	buf_release(&b);
}

static void
add_diag(const struct transcript *t, struct buf *b, const struct diag *d)
{
	struct snippet_style style = { t->o.err_brief, t->o.err.color };

	snippet_print(b, d, style);
	if (style.brief && d->help) {
		buf_adds(b, "help: ");
		width_print(b, text_of(d->help), 0);
		buf_addc(b, '\n');
	}
}

static void
on_diag(void *ctx, const struct diag *d)
{
	struct transcript *t = ctx;
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (d->code == DIAG_EXAMPLE_DIFFERS && is_one_screen(t))
		return;
	if (t->o.quiet && d->level != LEVEL_ERROR)
		return;
	if (d->code == DIAG_STATUS_AS_ANSWER) {
		t->answer = d;
		return;
	}
	end_output(t);
	flush(t);
	add_diag(t, &b, d);
	fd_write_heeding(STDERR_FILENO, buf_cstr(&b), b.len);
}

static void
add_counts(struct transcript *t, const struct run_end *end)
{
	const char *glue = "";

	for (int i = 0; i < RUN_STATUS_COUNT; i++) {
		if (end->count[i] == 0)
			continue;
		buf_addf(&t->out, "%s%u %s", glue, end->count[i],
			 run_status_name((enum run_status)i));
		glue = ", ";
	}
	if (t->n_differed)
		buf_addf(&t->out, ", %u not as the document shows",
			 t->n_differed);
	if (!*glue)
		buf_adds(&t->out, end->before ? "nothing more was executed"
					      : "nothing was executed");
}

/* "✓ done: ", or what does not read as if all were well. */
static void
add_ending(struct transcript *t, const struct run_end *end)
{
	if (end->exit != 0)
		style_adds(&t->out, &t->o.out, STYLE_BAD,
			   mark(t, "✗ ended: ", "ended: "));
	else if (t->n_differed)
		style_adds(&t->out, &t->o.out, STYLE_WARN,
			   mark(t, "≠ done: ", "done: "));
	else
		style_adds(&t->out, &t->o.out, STYLE_GOOD,
			   mark(t, "✓ done: ", "done: "));
	add_counts(t, end);
	if (t->o.live) {
		buf_adds(&t->out, " in ");
		clock_format_duration(end->elapsed_ms, &t->out);
	}
	buf_addc(&t->out, '\n');
}

static void
on_run_end(void *ctx, const struct run_end *end)
{
	struct transcript *t = ctx;
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (end->exit == 0 && t->plan->n_items && !t->o.quiet)
		add_last_prose(t);
	buf_addc(&t->out, '\n');
	add_ending(t, end);
	flush(t);
	closing_add(&b, &(struct closing){ .plan = t->plan,
					   .end = end,
					   .differed = t->first_differed,
					   .n_differed = t->n_differed,
					   .accept = t->differed ? t->o.accept
								 : NULL,
					   .resume = t->o.resume });
	if (t->answer && end->exit != 0)
		add_diag(t, &b, t->answer);
	fd_write_heeding(STDERR_FILENO, buf_cstr(&b), b.len);
}

/* ---- life cycle
 * ------------------------------------------------------------------- */

struct transcript *
transcript_new(const struct transcript_options *options)
{
	struct transcript *t = xcalloc(1, sizeof(*t));
	struct termfilter_options filter = { .color = options->out.color,
					     .redraw = options->live,
					     .clock = options->clock,
					     .redraw_ms = REDRAW_MS };

	t->o = *options;
	t->streams[0] = (struct stream){ termfilter_new(filter), JOB_STDOUT };
	t->streams[1] = (struct stream){ termfilter_new(filter), JOB_STDERR };
	t->tty = termfilter_new(filter);
	t->observer = (struct observer){
		.on_run_start = on_run_start,
		.on_step_next = on_step_next,
		.on_step_show = on_step_show,
		.on_step_start = on_step_start,
		.on_output = on_output,
		.on_late = on_late,
		.on_quiet = on_quiet,
		.on_want = on_want,
		.on_stop = on_stop,
		.on_step_end = on_step_end,
		.on_diag = on_diag,
		.on_run_end = on_run_end,
		.ctx = t,
	};
	return t;
}

int
transcript_error(const struct transcript *t)
{
	return t->error;
}

struct transcript *
transcript_free(struct transcript *t)
{
	if (t) {
		termfilter_free(t->streams[0].filter);
		termfilter_free(t->streams[1].filter);
		termfilter_free(t->tty);
		buf_release(&t->out);
		free(t);
	}
	return NULL;
}

const struct observer *
transcript_observer(struct transcript *t)
{
	return &t->observer;
}
