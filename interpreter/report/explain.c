/* Explaining effects and diagnostics. */
#include "report/explain.h"

#include "base/jout.h"
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

static void
write_tags(struct jout *j, unsigned tags)
{
	jout_open(j, '[');
	for (unsigned bit = 0; effect_tag_name(bit); bit++) {
		if (tags & (1u << bit))
			jout_string(j, effect_tag_name(bit));
	}
	jout_close(j, ']');
}

static void
write_hops(struct jout *j, const struct hop *hop)
{
	if (!hop)
		return;
	write_hops(j, hop->outer);
	jout_string(j, hop->name);
}

static void
write_through(struct jout *j, const struct finding *f)
{
	jout_key(j, "through");
	jout_open(j, '[');
	if (f)
		write_hops(j, f->hop);
	jout_close(j, ']');
}

static void
write_pair(struct jout *j, const char *key, struct text t)
{
	jout_key(j, key);
	jout_text(j, t);
}

/* "…" stands for what is not known. */
static void
write_shown(struct jout *j, const char *key, struct text t)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	size_t at = 0, gap;

	for (; (gap = text_chr(t, '\0', at)) < t.len; at = gap + 1) {
		buf_addt(&b, text_sub(t, at, gap));
		buf_adds(&b, "…");
	}
	buf_addt(&b, text_sub(t, at, t.len));
	write_pair(j, key, buf_text(&b));
}

static void
write_string(struct jout *j, const char *key, const char *s)
{
	jout_key(j, key);
	jout_string(j, s);
}

/* Where F stands. No column: counting it for each of many findings in one line
 * would take the square of their number. */
static void
write_place(struct jout *j, const struct finding *f)
{
	static const char *const keys[] = { "offset", "length", "line" };
	struct span where = f->where;
	int64_t figures[ARRAY_LEN(keys)];

	if (where.src) {
		figures[0] = where.start;
		figures[1] = where.end - where.start;
		figures[2] = span_line(where);
	}
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		jout_key(j, keys[i]);
		if (where.src)
			jout_int(j, figures[i]);
		else
			jout_null(j);
	}
}

static void
write_finding(struct jout *j, const struct finding *f)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	jout_open(j, '{');
	write_string(j, "level", effect_level_name(f->level));
	write_string(j, "rule", f->rule);
	jout_key(j, "tags");
	write_tags(j, f->tags);
	effect_chain(&b, f->hop);
	write_pair(j, "chain", buf_text(&b));
	write_through(j, f);
	write_place(j, f);
	write_shown(j, "text", f->matched);
	write_shown(j, "verb", f->verb);
	write_shown(j, "object", f->object);
	write_string(j, "why", f->why);
	write_string(j, "undo", f->undo);
	write_string(j, "check", f->check);
	buf_clear(&b);
	effect_explain(&b, f);
	write_pair(j, "explanation", buf_text(&b));
	jout_close(j, '}');
}

static void
write_id(struct jout *j, const struct jval *request)
{
	const struct jval *id = request ? jval_get(request, "id") : NULL;
	struct text t = jval_as_text(id);

	if (!id)
		return;
	jout_key(j, "id");
	if (t.at)
		jout_text(j, t);
	else
		jout_int(j, jval_get_int(request, "id", 0));
}

void
explain_effect_json(struct buf *b, const struct jval *request,
		    const struct effect *e)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct jout j = JOUT_INIT(b);

	jout_open(&j, '{');
	write_id(&j, request);
	write_string(&j, "level", effect_level_name(e->level));
	jout_key(&j, "tags");
	write_tags(&j, e->tags);
	write_through(&j, e->worst);
	jout_key(&j, "findings");
	jout_open(&j, '[');
	for (uint32_t i = 0; i < e->n_findings; i++)
		write_finding(&j, &e->findings[i]);
	jout_close(&j, ']');
	if (e->worst)
		effect_explain(&text, e->worst);
	write_pair(&j, "explanation", buf_text(&text));
	jout_close(&j, '}');
}

struct jval *
explain_finding_json(const struct finding *f)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct jout j = JOUT_INIT(&b);
	struct jval *v;

	write_finding(&j, f);
	v = jval_parse(buf_text(&b), &error);
	if (!v)
		BUG("%s", buf_cstr(&error));
	return v;
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
