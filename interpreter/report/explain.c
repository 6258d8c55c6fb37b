/* Explaining effects and diagnostics. */
#include "report/explain.h"

#include "base/width.h"
#include "diag/source.h"
#include "lint/lint.h"
#include "report/example.h"

/* ---- effects
 * ---------------------------------------------------------------------- */

static void
add_underlined(struct buf *b, struct span where, const struct style *style)
{
	uint32_t line, start;
	struct text text, before, under;
	unsigned width;

	if (!where.src)
		return;
	line = span_line(where);
	start = source_line_start(where.src, line);
	text = source_line_text(where.src, line);
	before = text_sub(text, 0, where.start - start);
	under = text_sub(text, where.start - start, where.end - start);
	width = width_of_text(under, 1);
	buf_adds(b, "    ");
	style_add(b, style, STYLE_COMMAND, text, 0);
	buf_adds(b, "\n    ");
	buf_fill(b, ' ', width_of_text(before, 1));
	buf_addc(b, '^');
	if (width > 1)
		buf_fill(b, '~', width - 1);
	buf_addc(b, '\n');
}

static void
add_finding(struct buf *b, const struct finding *f, const struct style *style)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;

	style_add_level(b, style, f->level, 0);
	buf_adds(b, "  ");
	effect_explain(&text, f);
	width_print(b, buf_text(&text), 0);
	buf_addf(b, " [%s]\n", f->rule);
	add_underlined(b, f->where, style);
}

void
explain_effect(struct buf *b, const struct effect *e, const struct style *style)
{
	if (e->n_findings == 0) {
		style_add_level(b, style, EFFECT_READS, 0);
		buf_adds(b, "  nothing in it does anything\n");
		return;
	}
	for (int level = EFFECT_DESTROYS; level >= EFFECT_READS; level--) {
		for (uint32_t i = 0; i < e->n_findings; i++) {
			if ((int)e->findings[i].level == level)
				add_finding(b, &e->findings[i], style);
		}
	}
	if (e->partly_unknown)
		buf_adds(b, "and a part of it could not be read\n");
}

static struct jval *
json_tags(unsigned tags)
{
	struct jval *list = jval_array();

	for (unsigned bit = 0; effect_tag_name(bit); bit++) {
		if (tags & (1u << bit))
			jval_push(list, jval_string(effect_tag_name(bit)));
	}
	return list;
}

static void
push_hops(struct jval *list, const struct hop *hop)
{
	if (!hop)
		return;
	push_hops(list, hop->outer);
	jval_push(list, jval_string(hop->name));
}

static struct jval *
json_finding(const struct finding *f)
{
	CLEANUP(buf_release) struct buf chain = BUF_INIT;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct jval *o = jval_object(), *through = jval_array();

	effect_chain(&chain, f->hop);
	effect_explain(&text, f);
	push_hops(through, f->hop);
	jval_set(o, "level", jval_string(effect_level_name(f->level)));
	jval_set(o, "rule", jval_string(f->rule));
	jval_set(o, "tags", json_tags(f->tags));
	jval_set(o, "chain", jval_text(buf_text(&chain)));
	jval_set(o, "through", through);
	jval_set(o, "offset",
		 f->where.src ? jval_int(f->where.start) : jval_null());
	jval_set(o, "length",
		 f->where.src ? jval_int(f->where.end - f->where.start)
			      : jval_null());
	jval_set(o, "text", jval_text(f->matched));
	jval_set(o, "verb", jval_text(f->verb));
	jval_set(o, "object", jval_text(f->object));
	jval_set(o, "why", jval_string(f->why));
	jval_set(o, "undo", jval_string(f->undo));
	jval_set(o, "check", jval_string(f->check));
	jval_set(o, "explanation", jval_text(buf_text(&text)));
	return o;
}

struct jval *
explain_effect_json(struct jval *id, const struct effect *e)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct jval *o = jval_object(), *list = jval_array();
	struct jval *through = jval_array();

	if (e->worst) {
		effect_explain(&text, e->worst);
		push_hops(through, e->worst->hop);
	}
	if (id)
		jval_set(o, "id", id);
	jval_set(o, "level", jval_string(effect_level_name(e->level)));
	jval_set(o, "tags", json_tags(e->tags));
	jval_set(o, "through", through);
	for (uint32_t i = 0; i < e->n_findings; i++)
		jval_push(list, json_finding(&e->findings[i]));
	jval_set(o, "findings", list);
	jval_set(o, "explanation", jval_text(buf_text(&text)));
	return o;
}

/* ---- diagnostics
 * ----------------------------------------------------------------- */

static void
add_part(struct buf *b, const char *title, const char *text,
	 const struct style *style)
{
	if (!text || !*text)
		return;
	buf_addc(b, '\n');
	style_adds(b, style, STYLE_HEADING, title);
	buf_addc(b, '\n');
	style_add_lines(b, style, STYLE_COMMAND, text_of(text), 4);
}

/* How a comment, .runbook.yaml or neither switches CODE off. */
static void
add_silence(struct buf *b, enum diag_code code, const struct style *style)
{
	const struct diag_info *info = diag_info(code);

	buf_addc(b, '\n');
	style_adds(b, style, STYLE_HEADING, "Silence");
	buf_addc(b, '\n');
	if (!lint_has_code(code)) {
		buf_adds(b, "    It is told while a procedure runs; nothing "
			    "switches it off.\n");
		return;
	}
	if (info->silence == SILENCE_NEVER) {
		buf_adds(b, "    Nothing switches it off: mend it.\n");
		return;
	}
	buf_addf(b,
		 "    <!-- runbook-disable-next-line %s -- %s -->\n"
		 "above the line or block; inside a script "
		 "'# runbook disable=%s%s' above the\ncommand; for all "
		 "documents 'lint: {rules: {%s: off}}' in .runbook.yaml.\n",
		 info->alias,
		 info->silence == SILENCE_REASON ? "the reason, which it wants"
						 : "reason",
		 info->alias,
		 info->silence == SILENCE_REASON ? " -- reason" : "",
		 info->alias);
}

void
explain_code(struct buf *b, enum diag_code code, const struct style *style)
{
	const struct diag_info *info = diag_info(code);
	const struct diag_explanation *why = diag_explanation(code);
	CLEANUP(buf_release) struct buf said = BUF_INIT;

	style_adds(b, style, STYLE_HEADING, info->number);
	buf_addf(b, " %s (%s)\n%s\n\n", info->alias,
		 diag_level_name(info->level), info->summary);
	style_add_lines(b, style, STYLE_STEP, text_of(why->why), 0);
	add_part(b, "Bad", why->bad, style);
	if (lint_has_code(code))
		example_print(&said, code);
	add_part(b, "Output", buf_cstr(&said), style);
	add_part(b, "Good", why->good, style);
	add_silence(b, code, style);
}
