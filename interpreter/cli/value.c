/* Asking for the value of a parameter. */
#include "cli/value.h"

#include <unistd.h>

#include "base/fd.h"
#include "base/width.h"
#include "diag/snippet.h"

static void
show(const struct buf *b)
{
	fd_write_heeding(STDERR_FILENO, buf_cstr(b), b->len);
}

/* ---- where it goes ---------------------------------------------------------
 */

/* The first place in S where PARAM goes; without a source: it goes nowhere. */
static struct span
place_in(const struct step *s, const struct param *param)
{
	for (uint32_t i = 0; i < s->n_uses; i++) {
		if (s->uses[i].param == param)
			return s->uses[i].where;
	}
	for (uint32_t i = 0; i < s->n_variables; i++) {
		if (s->variables[i].param == param)
			return s->variables[i].where;
	}
	return (struct span){ NULL, 0, 0 };
}

/* Where the value goes: in the line of the document, and in the command as it
 * is so far. */
static void
add_place(struct buf *b, const struct style *style, const struct plan *plan,
	  const struct plan_item *item, const struct param *param)
{
	struct plan_number number = plan_number(plan, item);
	struct span where = place_in(item->step, param);

	if (!where.src)
		where = param->where;
	if (!item->shown) {
		buf_addf(b, "\nStep %u of %u, '", number.at, number.of);
		width_print(b, item->step->label, 0);
		buf_adds(b, "', needs a value:\n");
	}
	if (where.src)
		snippet_place(b, where, style->color);
	if (!text_eq(item->resolved->shown, item->step->text.text))
		style_add_lines(b, style, STYLE_COMMAND, item->resolved->shown,
				4);
	if (param_help(param).len) {
		buf_adds(b, "    ");
		style_add_wrapped(b, style, param_help(param), 4, 6);
	}
}

/* ---- what it may be --------------------------------------------------------
 */

static const struct ynode *
choices_of(const struct param *param)
{
	return param->defined ? param->defined->choices : NULL;
}

static void
add_choices(struct buf *b, const struct ynode *choices)
{
	for (uint32_t i = 0; i < setting_count(choices); i++) {
		buf_adds(b, i ? " | " : "");
		width_print(b, setting_at(choices, i)->text, 0);
	}
}

/* What values there are, and the one that an empty answer means. */
static void
add_expected(struct buf *prompt, const struct param *param)
{
	if (param->secret)
		buf_adds(prompt, " (secret, not shown)");
	if (choices_of(param)) {
		buf_adds(prompt, " (");
		add_choices(prompt, choices_of(param));
		buf_addc(prompt, ')');
	} else if (param_expects(param)) {
		buf_addf(prompt, " (%s)", param_expects(param));
	}
	if (!param->elsewhere.len)
		return;
	buf_adds(prompt, " [");
	width_print(prompt, param->elsewhere, 0);
	buf_addf(prompt, ", as line %u has it]", span_line(param->set_where));
}

/* ---- "?" -------------------------------------------------------------------
 */

static void add_line(struct buf *b, const struct style *style, const char *fmt,
		     ...) PRINTF_LIKE(3, 4);

static void
add_line(struct buf *b, const struct style *style, const char *fmt, ...)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&line, fmt, ap);
	va_end(ap);
	buf_adds(b, "  ");
	style_add_wrapped(b, style, buf_text(&line), 2, 4);
}

/* The lines of the plan in which it stands. */
static void
add_uses(struct buf *b, const struct style *style, const struct plan *plan,
	 const struct param *param)
{
	enum {
		SHOWN = 8
	};
	CLEANUP(buf_release) struct buf lines = BUF_INIT;
	uint32_t n = 0;

	for (uint32_t i = 0; i < plan->n_items; i++) {
		struct span where = place_in(plan->items[i].step, param);

		if (where.src && n++ < SHOWN)
			buf_addf(&lines, "%s%u", n > 1 ? ", " : "",
				 span_line(where));
	}
	if (n > SHOWN)
		buf_adds(&lines, " …");
	add_line(b, style, "it goes where %.*s stands: line%s %s",
		 TEXT_ARG(param->text), n > 1 ? "s" : "", buf_cstr(&lines));
}

static void
explain(const struct style *style, const struct plan *plan,
	const struct param *param)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf choices = BUF_INIT;

	if (param_help(param).len)
		add_line(&b, style, "%.*s: %.*s", TEXT_ARG(param->name),
			 TEXT_ARG(param_help(param)));
	add_uses(&b, style, plan, param);
	if (choices_of(param)) {
		add_choices(&choices, choices_of(param));
		add_line(&b, style, "it is one of: %s", buf_cstr(&choices));
	} else if (param_expects(param)) {
		add_line(&b, style, "it is %s", param_expects(param));
	}
	if (param_pattern(param).len)
		add_line(&b, style, "all of it matches the pattern %.*s",
			 TEXT_ARG(param_pattern(param)));
	if (param->elsewhere.len)
		add_line(&b, style, "an empty line: %.*s, as line %u has it",
			 TEXT_ARG(param->elsewhere),
			 span_line(param->set_where));
	add_line(&b, style,
		 "\\? is the value '?'; --set%s '%.*s=…' gives one beforehand; "
		 "the end of input (Ctrl-D) ends the run here",
		 param->secret ? "-file" : "", TEXT_ARG(param->name));
	show(&b);
}

/* ---- asking ----------------------------------------------------------------
 */

bool
value_ask(struct prompter *p, const struct style *style,
	  const struct plan *plan, const struct plan_item *item,
	  const struct param *param, struct buf *ret)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;
	size_t before = ret->len;

	add_place(&text, style, plan, item, param);
	show(&text);
	buf_adds(&prompt, "Value for ");
	width_print(&prompt, param->name, 0);
	add_expected(&prompt, param);
	buf_adds(&prompt, " [?]: ");
	for (;;) {
		struct text typed;

		if (!prompter_line(p, buf_cstr(&prompt), param->secret, ret))
			return false;
		typed = text_sub(buf_text(ret), before, ret->len);
		if (!text_is(text_trim(typed), "?"))
			break;
		explain(style, plan, param);
		buf_cut(ret, before);
	}
	if (ret->len == before) {
		buf_addt(ret, param->elsewhere);
	} else if (text_is(text_sub(buf_text(ret), before, ret->len), "\\?")) {
		buf_cut(ret, before);
		buf_addc(ret, '?');
	}
	return true;
}
