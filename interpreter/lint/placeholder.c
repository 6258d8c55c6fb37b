/* Placeholders that a shell would take for something else. */
#include <stdlib.h>
#include <string.h>

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

/* A name without what people vary: case, "-", "_" and blanks. */
struct spelling {
	const char *plain;
	const struct param *param;
	uint32_t order;
};

static int
by_plain(const void *a, const void *b)
{
	const struct spelling *l = a, *r = b;
	int order = strcmp(l->plain, r->plain);

	return order ? order : (l->order > r->order) - (l->order < r->order);
}

static const char *
plain_name(struct lint_pass *pass, struct text name)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (size_t i = 0; i < name.len; i++) {
		if (byte_is_alnum(name.at[i]))
			buf_addc(&b, byte_lower(name.at[i]));
	}
	return arena_strdup(pass->arena, buf_cstr(&b));
}

static void
check_names(struct lint_pass *pass, const struct procedure *p)
{
	struct spelling *list;

	if (p->n_params < 2)
		return;
	list = arena_alloc(pass->arena, p->n_params * sizeof(*list));
	for (uint32_t i = 0; i < p->n_params; i++) {
		list[i].plain = plain_name(pass, p->params[i]->name);
		list[i].param = p->params[i];
		list[i].order = i;
	}
	qsort(list, p->n_params, sizeof(*list), by_plain);
	for (uint32_t i = 1, first = 0; i < p->n_params; i++) {
		const struct param *now = list[i].param, *before;
		struct diag *d;

		if (strcmp(list[i].plain, list[first].plain) != 0) {
			first = i;
			continue;
		}
		before = list[first].param;
		d = lint_report(pass, DIAG_PLACEHOLDER_SPELLING, now->where,
				"'%.*s' is '%.*s' elsewhere in this procedure",
				TEXT_ARG(now->name), TEXT_ARG(before->name));
		if (d)
			diag_note(d, before->where, "there");
	}
}

static void
check(struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->n_texts; i++)
		check_script(pass, pass->texts[i]);
	for (uint32_t i = 0; i < pass->rb->n_procedures; i++)
		check_names(pass, pass->rb->procedures[i]);
}

const struct lint_family lint_family_placeholder = { "placeholder", check };
