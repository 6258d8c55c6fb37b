/* A procedure at a glance: one line a step, with the questions on the way. */
#include "base/width.h"
#include "report/flow.h"
#include "report/show.h"

enum {
	TITLE_COLUMNS = 80, /* at most */
	TITLE_LEAST = 20,
	LEVEL_COLUMNS = 10,
	UNKNOWN_WIDTH = 100 /* of something that is no terminal */
};

/* One outline. */
struct outline {
	struct buf *out;
	const struct style *style;
	bool utf8;
	unsigned titles;   /* columns up to the level */
	struct buf indent; /* what stands left of the lines */
};

static const char *
mark(const struct outline *o, const char *pretty, const char *plain)
{
	return o->utf8 ? pretty : plain;
}

static unsigned
columns(struct text t)
{
	return width_of_text(t, 1);
}

/* ---- how wide --------------------------------------------------------------
 */

/* The columns that the longest title of F takes, behind INDENT. */
static unsigned
widest(const struct flow *f, unsigned indent)
{
	unsigned most = 0;

	for (; f; f = f->next) {
		unsigned w = f->kind == FLOW_STEP
				     ? indent + 5 + columns(flow_title(f->step))
				     : 0;

		for (uint32_t i = 0; i < f->n_ways; i++) {
			unsigned inner = widest(f->ways[i], indent + 2);

			if (inner > w)
				w = inner;
		}
		if (w > most)
			most = w;
	}
	return most;
}

static unsigned
title_columns(const struct flow *f, const struct procedure *p,
	      const struct style *style)
{
	CLEANUP(buf_release) struct buf hosts = BUF_INIT;
	unsigned width = style->width ? style->width : UNKNOWN_WIDTH;
	unsigned most = widest(f, 2), room;

	show_hosts(&hosts, p);
	room = width > LEVEL_COLUMNS + columns(buf_text(&hosts)) + 4
		       ? width - LEVEL_COLUMNS - columns(buf_text(&hosts)) - 4
		       : 0;
	if (most > TITLE_COLUMNS)
		most = TITLE_COLUMNS;
	if (most > room)
		most = room;
	return most < TITLE_LEAST ? TITLE_LEAST : most;
}

/* ---- lines -----------------------------------------------------------------
 */

/* T on one line. */
static void
add_words(struct outline *o, enum style_role role, struct text t)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	t = text_trim(t);
	if (text_ends(t, ":"))
		t.len--;
	for (size_t i = 0; i < t.len; i++)
		buf_addc(&line, byte_is_space(t.at[i]) ? ' ' : t.at[i]);
	style_add(o->out, o->style, role, buf_text(&line), 0);
	buf_addc(o->out, '\n');
}

static void
add_step(struct outline *o, const struct step *s)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	unsigned indent = columns(buf_text(&o->indent)) + 5, width;
	unsigned room = o->titles > indent + 8 ? o->titles - indent : 8;

	buf_addt(o->out, buf_text(&o->indent));
	buf_addf(o->out, "%3u  ", s->ordinal);
	width = indent +
		style_add(o->out, o->style, STYLE_STEP, flow_title(s), room);
	buf_fill(o->out, ' ', 2 + (width < o->titles ? o->titles - width : 0));
	if (s->kind == STEP_MANUAL) {
		style_adds(o->out, o->style, STYLE_WARN, "by hand");
	} else {
		style_add_level(o->out, o->style, s->foreseen, 8);
		buf_adds(o->out, "  ");
		style_adds(o->out, o->style, STYLE_HOST,
			   step_host_name(s, &scratch));
	}
	if (s->io != EFFECT_IO_BATCH)
		buf_addf(o->out, ", %s", step_io_name(s->io));
	if (s->refusal)
		style_adds(o->out, o->style, STYLE_BAD, ", cannot run");
	buf_addc(o->out, '\n');
}

static void add_list(struct outline *o, const struct flow *f);

/* F behind BAR. */
static void
add_way(struct outline *o, const struct flow *f, const char *bar)
{
	size_t len = o->indent.len;

	buf_adds(&o->indent, bar);
	add_list(o, f);
	buf_cut(&o->indent, len);
}

static void
add_condition(struct outline *o, const struct flow *f)
{
	buf_addt(o->out, buf_text(&o->indent));
	style_adds(o->out, o->style, STYLE_WARN, mark(o, "◇ ", "? "));
	add_words(o, STYLE_WARN, f->condition->words);
	add_way(o, f->ways[0], mark(o, "│ ", "| "));
}

static void
add_choice(struct outline *o, const struct flow *f)
{
	const struct choice *choice = f->choice;

	buf_addt(o->out, buf_text(&o->indent));
	style_adds(o->out, o->style, STYLE_WARN, mark(o, "◆ ", "= "));
	add_words(o, STYLE_WARN,
		  choice->question.len ? choice->question
				       : TEXT("one of these"));
	for (uint32_t i = 0; i < f->n_ways; i++) {
		bool last = i + 1 == f->n_ways;
		struct text label = flow_label(choice->branches[i], f->ways[i]);
		const char *bar =
			last ? mark(o, "└ ", "` ") : mark(o, "├ ", "+ ");

		if (label.len == 0 && f->ways[i] && !f->ways[i]->next &&
		    f->ways[i]->kind == FLOW_STEP) {
			add_way(o, f->ways[i], bar);
			continue;
		}
		buf_addt(o->out, buf_text(&o->indent));
		buf_adds(o->out, bar);
		if (label.len)
			add_words(o, STYLE_DIM, label);
		else
			buf_addf(o->out, "%u\n", i + 1);
		add_way(o, f->ways[i], last ? "  " : mark(o, "│ ", "| "));
	}
}

static void
add_list(struct outline *o, const struct flow *f)
{
	for (; f; f = f->next) {
		switch (f->kind) {
		case FLOW_STEP:
			add_step(o, f->step);
			break;
		case FLOW_CONDITION:
			add_condition(o, f);
			break;
		case FLOW_CHOICE:
			add_choice(o, f);
			break;
		}
	}
}

/* ---- the procedure ---------------------------------------------------------
 */

static void
add_line(struct outline *o, const char *label, struct text text)
{
	if (text.len == 0)
		return;
	buf_adds(o->out, "  ");
	style_adds(o->out, o->style, STYLE_DIM, label);
	buf_addc(o->out, ' ');
	width_print(o->out, text, 0);
	buf_addc(o->out, '\n');
}

static void
add_params(struct outline *o, const struct procedure *p)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	for (uint32_t i = 0; i < p->n_params; i++)
		buf_addf(&line, "%s%.*s%s", i ? ", " : "",
			 TEXT_ARG(p->params[i]->name),
			 p->params[i]->secret ? " (secret)" : "");
	add_line(o, "asks for", buf_text(&line));
}

static void
add_others(struct outline *o, const char *label, struct procedure *const *list,
	   uint32_t n)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	for (uint32_t i = 0; i < n; i++)
		buf_addf(&line, "%s%.*s", i ? ", " : "",
			 TEXT_ARG(list[i]->path));
	add_line(o, label, buf_text(&line));
}

void
show_outline(struct buf *b, const struct procedure *p, bool utf8,
	     const struct style *style)
{
	struct arena arena = ARENA_INIT;
	const struct flow *f = flow_of(&arena, p);
	struct outline o = { .out = b,
			     .style = style,
			     .utf8 = utf8,
			     .titles = title_columns(f, p, style),
			     .indent = BUF_INIT };

	style_add(b, style, STYLE_HEADING, p->heading, 0);
	buf_adds(b, "  ");
	style_add(b, style, STYLE_DIM, p->path, 0);
	buf_addc(b, '\n');
	if (p->danger.len)
		add_line(&o, "danger:",
			 text_sub(p->danger, 0, text_chr(p->danger, '\n', 0)));
	add_params(&o, p);
	add_others(&o, "runs first", p->needs, p->n_needs);
	buf_adds(&o.indent, "  ");
	add_list(&o, f);
	add_others(&o, "checked by", p->verify, p->n_verify);
	add_others(&o, "undone by", p->rollback, p->n_rollback);
	add_others(&o, "when it fails", p->on_failure, p->n_on_failure);
	buf_release(&o.indent);
	arena_release(&arena);
}
