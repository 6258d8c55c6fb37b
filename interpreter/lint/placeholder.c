/* Placeholders that a shell would take for something else. */
#include "diag/source.h"
#include "lint/rule.h"
#include "shell/quote.h"

static void
check_script(struct lint_pass *pass, const struct script *s)
{
	for (uint32_t i = 0; i < s->n_placeholders; i++) {
		const struct placeholder *p = &s->placeholders[i];

		if (p->kind != PLACEHOLDER_ANGLE ||
		    p->certainty == PLACEHOLDER_POSSIBLE ||
		    quote_place_at(s, p->start).context != QUOTE_BARE)
			continue;
		LINT_HELP(lint_report(pass, DIAG_PLACEHOLDER_REDIRECTS,
				      script_span(s, p->start, p->end),
				      "left in, '<%.*s>' is a redirection",
				      TEXT_ARG(p->name)),
			  "'{{%.*s}}' in quotes is only a word",
			  TEXT_ARG(p->name));
	}
}

/* The same but for case, "-", "_" and blanks. */
static bool
is_alike(struct text a, struct text b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.len && !byte_is_alnum(a.at[i]))
			i++;
		while (k < b.len && !byte_is_alnum(b.at[k]))
			k++;
		if (i == a.len || k == b.len)
			return i == a.len && k == b.len;
		if (byte_lower(a.at[i++]) != byte_lower(b.at[k++]))
			return false;
	}
}

static void
check_names(struct lint_pass *pass, const struct procedure *p)
{
	for (uint32_t i = 1; i < p->n_params; i++) {
		for (uint32_t k = 0; k < i; k++) {
			const struct param *now = p->params[i];
			const struct param *before = p->params[k];
			struct diag *d;

			if (!is_alike(now->name, before->name))
				continue;
			d = lint_report(
				pass, DIAG_PLACEHOLDER_SPELLING, now->where,
				"'%.*s' is '%.*s' elsewhere in this "
				"procedure",
				TEXT_ARG(now->name), TEXT_ARG(before->name));
			if (d)
				diag_note(d, before->where, "there");
			break;
		}
	}
}

static void
check(struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->n_scripts; i++)
		check_script(pass, pass->scripts[i].script);
	for (uint32_t i = 0; i < pass->rb->n_procedures; i++)
		check_names(pass, pass->rb->procedures[i]);
}

const struct lint_family lint_family_placeholder = { "placeholder", check };
