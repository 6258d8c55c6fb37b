/* A runbook for people. */
#include "report/show.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/width.h"
#include "graph/expansion.h"
#include "want/want.h"

enum {
	PATTERN_LINES = 4 /* of an example, unless all is asked for */
};

void
show_hosts(struct buf *b, const struct procedure *p)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	struct text *hosts = xcalloc(p->n_steps + 1, sizeof(*hosts));
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct step *s = p->steps[i];
		uint32_t k = 0;

		if (s->kind == STEP_MANUAL)
			continue;
		while (k < n && !text_eq(hosts[k], s->host))
			k++;
		if (k < n)
			continue;
		hosts[n++] = s->host;
		buf_adds(b, b->len ? ", " : "");
		buf_adds(b, step_host_name(s, &scratch));
	}
	free(hosts);
	if (b->len == 0)
		buf_addc(b, '-');
}

static unsigned
widest_path(const struct runbook *rb)
{
	unsigned widest = 0;

	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		unsigned w = width_of_text(rb->procedures[i]->path, 1);

		if (w > widest)
			widest = w;
	}
	return widest > 60 ? 60 : widest;
}

static void
pad(struct buf *b, unsigned width, unsigned to)
{
	buf_fill(b, ' ', width < to ? to - width : 0);
	buf_adds(b, "  ");
}

static void
list_procedure(struct buf *b, const struct procedure *p, unsigned paths,
	       const struct style *style)
{
	CLEANUP(buf_release) struct buf hosts = BUF_INIT;
	CLEANUP(buf_release) struct buf steps = BUF_INIT;

	show_hosts(&hosts, p);
	if (p->mode == PROCEDURE_MENU)
		buf_addf(&steps, "menu of %u", p->n_steps);
	else
		buf_addf(&steps, "%u step%s", p->n_steps,
			 p->n_steps == 1 ? "" : "s");
	buf_adds(b, "  ");
	pad(b, style_add(b, style, STYLE_STEP, p->path, 0), paths);
	buf_addt(b, buf_text(&steps));
	pad(b, (unsigned)steps.len, 10);
	style_add_level(b, style, p->level, 8);
	buf_adds(b, "  ");
	style_add(b, style, STYLE_HOST, buf_text(&hosts), 0);
	buf_addc(b, '\n');
}

void
show_list(struct buf *b, const struct runbook *rb, const struct style *style)
{
	unsigned paths = widest_path(rb);

	style_add(b, style, STYLE_HEADING, rb->title, 0);
	buf_adds(b, "  ");
	style_adds(b, style, STYLE_DIM, rb->doc->src->path);
	buf_addc(b, '\n');
	for (uint32_t i = 0; i < rb->n_procedures; i++)
		list_procedure(b, rb->procedures[i], paths, style);
}

/* ---- one procedure
 * ------------------------------------------------------------ */

static void
add_fact(struct buf *b, const struct style *style, const char *label,
	 struct text text)
{
	buf_adds(b, "     ");
	style_adds(b, style, STYLE_DIM, label);
	buf_addc(b, ' ');
	width_print(b, text, 0);
	buf_addc(b, '\n');
}

static struct text
without_colon(struct text t)
{
	return text_ends(t, ":") ? text_sub(t, 0, t.len - 1) : t;
}

/* Outermost first, as they are asked. */
static void
show_conditions(struct buf *b, const struct condition *c,
		const struct style *style)
{
	if (!c)
		return;
	show_conditions(b, c->outer, style);
	add_fact(b, style, "condition:", without_colon(c->words));
}

static void
show_branches(struct buf *b, const struct branch *branch,
	      const struct style *style)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT;

	if (!branch)
		return;
	show_branches(b, branch->choice->inside, style);
	buf_addf(&label, "choice %s, %u of %u:", branch->choice->name,
		 branch->number, branch->choice->n_branches);
	add_fact(b, style, buf_cstr(&label),
		 branch->label.len ? branch->label
				   : TEXT("one of them is chosen"));
}

static void
show_relation(struct buf *b, const struct step *s, const struct style *style)
{
	show_conditions(b, s->condition, style);
	show_branches(b, s->branch, style);
}

/* NAME of P, once in a line of them. */
static void
add_need(struct buf *line, const struct step *s, uint32_t n_before,
	 const struct param *p)
{
	for (uint32_t i = 0; i < n_before && i < s->n_uses; i++) {
		if (s->uses[i].param == p)
			return;
	}
	buf_addf(line, "%s%.*s%s", line->len ? ", " : "", TEXT_ARG(p->name),
		 p->secret ? " (secret)" : "");
	if (param_default(p).at)
		buf_addf(line, " (%.*s by default)",
			 TEXT_ARG(param_default(p)));
	else if (p->elsewhere.len)
		buf_addf(line, " (line %u sets it to %.*s)",
			 span_line(p->set_where), TEXT_ARG(p->elsewhere));
	else if (p->set_where.src)
		buf_addf(line, " (line %u sets it)", span_line(p->set_where));
}

static void
show_uses(struct buf *b, const struct step *s, const struct style *style)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	for (uint32_t i = 0; i < s->n_uses; i++)
		add_need(&line, s, i, s->uses[i].param);
	for (uint32_t i = 0; i < s->n_variables; i++)
		add_need(&line, s, s->n_uses, s->variables[i].param);
	if (line.len)
		add_fact(b, style, "needs:", buf_text(&line));
}

/* One line for each shell that expands something. */
static void
show_expansions(struct buf *b, const struct step *s, const struct style *style)
{
	const struct runbook *rb = s->procedure->runbook;
	uint32_t n;
	const struct expansion *e =
		step_expansions(rb->doc->arena, s, rb->rules, &n);

	for (uint32_t i = 0; i < n;) {
		const struct hop *hop = e[i].hop;
		CLEANUP(buf_release) struct buf label = BUF_INIT;
		CLEANUP(buf_release) struct buf line = BUF_INIT;

		buf_adds(&label, "expands ");
		if (hop)
			effect_place(&label, hop);
		else
			buf_adds(&label, "here");
		buf_addc(&label, ':');
		for (; i < n && e[i].hop == hop; i++)
			buf_addf(&line, "%s%.*s", line.len ? "  " : "",
				 TEXT_ARG(e[i].text));
		add_fact(b, style, buf_cstr(&label), buf_text(&line));
	}
}

static void
add_duration(struct buf *b, const char *words, int64_t ms)
{
	buf_adds(b, words);
	clock_format_duration(ms, b);
}

static void
show_want(struct buf *b, const struct want *w, const struct style *style)
{
	static const char *const streams[] = { "", " on stderr", " on both" };
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	struct text rest = text_trim(w->text), first = { NULL, 0 };

	text_next_line(&rest, &first);
	if (w->kind == WANT_EXACT && first.len == 0)
		first = TEXT("no output");
	buf_addf(&line, "%s%s: %.*s%s", want_kind_name(w->kind),
		 streams[w->stream], TEXT_ARG(first), rest.len ? " …" : "");
	if (w->within_ms)
		add_duration(&line, " within ", w->within_ms);
	add_fact(b, style, "expects", buf_text(&line));
}

/* What an example became, where that is more than its text: the pattern that
 * outputs are compared with, all of it when WHOLE. */
static void
show_pattern(struct buf *b, struct want *w, bool whole,
	     const struct style *style)
{
	CLEANUP(buf_release) struct buf pattern = BUF_INIT;
	struct text rest, line;

	if (w->kind != WANT_EXAMPLE)
		return;
	want_describe(w, &pattern);
	rest = text_trim(buf_text(&pattern));
	if (text_eq(rest, text_trim(w->text)))
		return;
	for (unsigned n = 0; text_next_line(&rest, &line); n++) {
		if (n == PATTERN_LINES && !whole) {
			add_fact(b, style, "         ", TEXT("…"));
			return;
		}
		add_fact(b, style, "       as", line);
	}
}

static void
show_exit(struct buf *b, const struct step *s, const struct style *style)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	for (uint32_t i = 0; i < s->n_exit_codes; i++)
		buf_addf(&line, "%s%d", i ? " or " : "", s->exit_codes[i]);
	if (line.len)
		add_fact(b, style, "expects exit status", buf_text(&line));
}

static void
show_wants(struct buf *b, const struct step *s, bool why,
	   const struct style *style)
{
	for (uint32_t i = 0; i < s->n_wants; i++) {
		show_want(b, s->wants[i], style);
		show_pattern(b, s->wants[i], why, style);
	}
	show_exit(b, s, style);
}

/* What the author set for how it is run. */
static void
show_settings(struct buf *b, const struct step *s, const struct style *style)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	if (s->cwd)
		add_fact(b, style, "in folder", text_of(s->cwd));
	for (const char *const *env = s->env; env && *env; env++)
		buf_addf(&line, "%s%s", line.len ? " " : "", *env);
	if (line.len)
		add_fact(b, style, "with", buf_text(&line));
	buf_clear(&line);
	if (s->timeout_ms)
		add_duration(&line, "at most ", s->timeout_ms);
	if (s->retry.attempts > 1) {
		buf_addf(&line, "%sup to %u attempts", line.len ? ", " : "",
			 s->retry.attempts);
		add_duration(&line, ", apart by ", s->retry.delay_ms);
	}
	if (line.len)
		add_fact(b, style, "time:", buf_text(&line));
	buf_clear(&line);
	if (s->until) {
		want_describe(s->until, &line);
		add_fact(b, style, "until", buf_text(&line));
	}
	for (uint32_t i = 0; i < s->n_captures; i++)
		add_fact(b, style, "gives", s->captures[i].param->name);
	if (s->confirm.len)
		add_fact(b, style, "asks:", s->confirm);
	if (s->undo.len)
		add_fact(b, style, "undo:", s->undo);
}

static void
show_reasons(struct buf *b, const struct reason *r, const struct style *style)
{
	for (; r; r = r->next) {
		CLEANUP(buf_release) struct buf line = BUF_INIT;
		struct place at;

		buf_addf(&line, "%s by %s: %s", r->attribute,
			 infer_rule_name(r->rule), r->text);
		if (r->where.src) {
			at = source_place(r->where.src, r->where.start);
			buf_addf(&line, " (%s:%u:%u)", r->where.src->path,
				 at.line, at.column);
		}
		add_fact(b, style, "why", buf_text(&line));
	}
}

static void
show_step(struct buf *b, const struct step *s, bool why,
	  const struct style *style)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;

	buf_addc(b, '\n');
	buf_addf(b, "%3u  ", s->ordinal);
	style_add(b, style, STYLE_STEP, s->label, 0);
	buf_adds(b, "\n     ");
	if (s->kind == STEP_MANUAL) {
		style_adds(b, style, STYLE_WARN, "by hand");
	} else {
		style_add_level(b, style, s->foreseen, 0);
		buf_adds(b, " on ");
		style_adds(b, style, STYLE_HOST, step_host_name(s, &scratch));
	}
	if (s->io != EFFECT_IO_BATCH)
		buf_addf(b, ", %s", step_io_name(s->io));
	buf_addf(b, ", line %u\n", s->line);
	if (s->kind != STEP_MANUAL)
		style_add_lines(b, style, STYLE_COMMAND, s->text.text, 7);
	show_relation(b, s, style);
	show_uses(b, s, style);
	show_expansions(b, s, style);
	show_settings(b, s, style);
	show_wants(b, s, why, style);
	if (s->refusal)
		add_fact(b, style, "cannot run:", text_of(s->refusal));
	if (why)
		show_reasons(b, s->reasons, style);
}

static void
show_others(struct buf *b, const char *label, struct procedure *const *list,
	    uint32_t n, const struct style *style)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	for (uint32_t i = 0; i < n; i++)
		buf_addf(&line, "%s%.*s", i ? ", " : "",
			 TEXT_ARG(list[i]->path));
	if (n)
		add_fact(b, style, label, buf_text(&line));
}

static void
show_procedure(struct buf *b, const struct procedure *p, bool why,
	       const struct style *style)
{
	style_add(b, style, STYLE_HEADING, p->heading, 0);
	buf_adds(b, "  ");
	style_add(b, style, STYLE_DIM, p->path, 0);
	buf_addf(b, "  (%s, line %u)\n", procedure_mode_name(p->mode), p->line);
	if (p->danger.len) {
		buf_adds(b, "     ");
		style_adds(b, style, STYLE_BAD, "danger: ");
		width_print(
			b, text_sub(p->danger, 0, text_chr(p->danger, '\n', 0)),
			0);
		buf_addc(b, '\n');
	}
	show_others(b, "runs first:", p->needs, p->n_needs, style);
	show_others(b, "checked by:", p->verify, p->n_verify, style);
	show_others(b, "undone by:", p->rollback, p->n_rollback, style);
	show_others(b, "when it fails:", p->on_failure, p->n_on_failure, style);
	if (why)
		show_reasons(b, p->reasons, style);
	for (uint32_t i = 0; i < p->n_steps; i++)
		show_step(b, p->steps[i], why, style);
}

void
show_text(struct buf *b, const struct runbook *rb, const struct procedure *one,
	  bool why, const struct style *style)
{
	bool first = true;

	if (!one) {
		style_add(b, style, STYLE_HEADING, rb->title, 0);
		buf_adds(b, "  ");
		style_adds(b, style, STYLE_DIM, rb->doc->src->path);
		buf_adds(b, "\n\n");
	}
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		if (one && rb->procedures[i] != one)
			continue;
		if (!first)
			buf_addc(b, '\n');
		first = false;
		show_procedure(b, rb->procedures[i], why, style);
	}
}
