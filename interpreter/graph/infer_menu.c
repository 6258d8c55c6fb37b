/* Steps of which one is chosen: they are never run through. */
#include "graph/infer.h"

/* Steps [first, end) of one block (or of one run of blocks). */
struct range {
	uint32_t first, end;
};

static char
next_group(const struct procedure *p)
{
	char last = 'A' - 1;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (p->steps[i]->group > last)
			last = p->steps[i]->group;
	}
	return last < 'Z' ? (char)(last + 1) : 'Z';
}

static void
make_alternatives(struct builder *b, struct range r, enum infer_rule rule,
		  const char *why, struct span where)
{
	char group = next_group(b->p);

	for (uint32_t i = r.first; i < r.end; i++) {
		struct step *s = b->p->steps[i];

		if (s->group)
			continue;
		s->relation = RELATION_ALTERNATIVE;
		s->group = group;
		reason_add(b->arena, &s->reasons, rule, "relation", where, "%s",
			   why);
	}
}

static bool
all_follow(const struct procedure *p, struct range r)
{
	for (uint32_t i = r.first; i < r.end; i++) {
		if (p->steps[i]->kind != STEP_COMMAND ||
		    p->steps[i]->io != EFFECT_IO_FOLLOW)
			return false;
	}
	return true;
}

static bool
all_logins(const struct procedure *p, struct range r)
{
	for (uint32_t i = r.first; i < r.end; i++) {
		const struct step *s = p->steps[i];

		if (s->kind != STEP_COMMAND || s->context.text.len ||
		    s->io != EFFECT_IO_INTERACTIVE ||
		    s->level != EFFECT_UNKNOWN)
			return false;
	}
	return true;
}

/* ---- opposite verbs --------------------------------------------------------
 */

/* Words that undo each other when all else is the same. */
static int
verb_family(struct text t)
{
	static const char *const families[][6] = {
		{ "start", "stop", "restart", "up", "down", NULL },
		{ "enable", "disable", NULL },
		{ "pause", "unpause", NULL },
		{ "lock", "unlock", NULL },
		{ "cordon", "uncordon", "drain", NULL },
		{ "mount", "umount", NULL },
		{ "allow", "deny", NULL },
		{ "add", "remove", "delete", NULL },
		{ "create", "delete", "destroy", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		for (size_t j = 0; families[i][j]; j++) {
			if (text_is(t, families[i][j]))
				return (int)i;
		}
	}
	return -1;
}

static struct text
next_token(struct text *rest)
{
	struct text token;
	size_t end = 0;

	while (rest->len &&
	       (byte_is_space(rest->at[0]) || strchr("\"'", rest->at[0])))
		*rest = text_sub(*rest, 1, rest->len);
	while (end < rest->len && !byte_is_space(rest->at[end]) &&
	       !strchr("\"'", rest->at[end]))
		end++;
	token = text_sub(*rest, 0, end);
	*rest = text_sub(*rest, end, rest->len);
	return token;
}

static struct text
next_operand(struct text *rest)
{
	struct text token;

	do {
		token = next_token(rest);
	} while (text_starts(token, "-"));
	return token;
}

/* The same words up to one verb each, of one family, and the same operands
 * behind it: "compose -f x up -d" and "compose -f x down". */
static bool
are_opposite(struct text left, struct text right)
{
	struct text a, b;

	do {
		a = next_token(&left);
		b = next_token(&right);
	} while (a.len && text_eq(a, b));
	if (a.len == 0 || b.len == 0 || verb_family(a) < 0 ||
	    verb_family(a) != verb_family(b))
		return false;
	do {
		a = next_operand(&left);
		b = next_operand(&right);
	} while (a.len && text_eq(a, b));
	return a.len == 0 && b.len == 0;
}

static bool
says_stop(struct text t)
{
	return has_word(t, "stop") || has_word(t, "down");
}

/* The word in which step I differs from the first of R, when it is the only
 * one. */
static bool
differing_word(const struct procedure *p, struct range r, uint32_t i,
	       struct text *ret)
{
	struct text left = p->steps[r.first]->text.text, a, b;
	struct text right = p->steps[i]->text.text;
	bool any = false;

	if (p->steps[r.first]->kind != STEP_COMMAND ||
	    p->steps[i]->kind != STEP_COMMAND)
		return false;
	do {
		a = next_token(&left);
		b = next_token(&right);
		if (text_eq(a, b))
			continue;
		if (any || a.len == 0 || b.len == 0)
			return false;
		any = true;
		*ret = b;
	} while (a.len && b.len);
	return any;
}

/* The word of the first step of R where step I has another. */
static struct text
counterpart(const struct procedure *p, struct range r, uint32_t i)
{
	struct text left = p->steps[r.first]->text.text, a, b;
	struct text right = p->steps[i]->text.text;

	do {
		a = next_token(&left);
		b = next_token(&right);
	} while (a.len && text_eq(a, b));
	return a;
}

/* Stop and then start again is a sequence; any other company of opposite
 * verbs on one object is a list of what one can do. */
static bool
all_opposite(const struct procedure *p, struct range r)
{
	for (uint32_t i = r.first + 1; i < r.end; i++) {
		if (p->steps[i]->kind != STEP_COMMAND ||
		    !are_opposite(p->steps[i - 1]->text.text,
				  p->steps[i]->text.text))
			return false;
	}
	return r.end - r.first > 2 || !says_stop(p->steps[r.first]->text.text);
}

/* All steps but for one word the same, and among these words are opposite ones
 * ("start", "start-llama", "stop", "status"): what a program can do, listed.
 * What begins with stopping may go on with starting. */
static bool
all_commands(const struct procedure *p, struct range r)
{
	struct text first, verb;
	bool opposite = false;

	if (r.end - r.first < 3)
		return false;
	first = counterpart(p, r, r.first + 1);
	if (says_stop(first))
		return false;
	for (uint32_t i = r.first + 1; i < r.end; i++) {
		const struct step *s = p->steps[i];

		if (s->comment_group != p->steps[r.first]->comment_group ||
		    !differing_word(p, r, i, &verb))
			return false;
		opposite |= verb_family(verb) >= 0 &&
			    verb_family(verb) == verb_family(first);
	}
	return opposite;
}

/* ---- words -----------------------------------------------------------------
 */

static bool
is_option_label(struct text t)
{
	static const char *const words[] = { "option", "alternative", "method",
					     "variant" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t n = strlen(words[i]);

		if (begins_with_word(t, words[i]) && t.len > n + 1 &&
		    t.at[n] == ' ' && byte_is_alnum(t.at[n + 1]) &&
		    (t.len == n + 2 || !byte_is_alnum(t.at[n + 2])))
			return true;
	}
	return false;
}

static bool
says_or(struct text t)
{
	return begins_with_word(t, "or") ||
	       begins_with_word(t, "alternatively") ||
	       begins_with_word(t, "either");
}

/* "# Or …" above a step: it and the ones before it in the block, back to the
 * first step of the comment group that it is an alternative to. */
static void
by_title_words(struct builder *b, struct range r)
{
	struct procedure *p = b->p;

	for (uint32_t i = r.first; i < r.end; i++) {
		struct step *s = p->steps[i];
		struct range pair = { i, i + 1 };

		if (s->kind != STEP_COMMAND || s->title.len == 0)
			continue;
		if (is_option_label(s->title)) {
			make_alternatives(b, r, INFER_MENU_WORDS,
					  "the comments say option", s->where);
			return;
		}
		if (!says_or(s->title) || i == r.first || s->group)
			continue;
		while (pair.end < r.end &&
		       p->steps[pair.end]->comment_group == s->comment_group)
			pair.end++;
		do {
			pair.first--;
		} while (pair.first > r.first &&
			 p->steps[pair.first - 1]->comment_group ==
				 p->steps[i - 1]->comment_group);
		make_alternatives(b, pair, INFER_MENU_WORDS,
				  "the comment says or", s->where);
	}
}

/* "Or:" as the paragraph between two blocks. */
static void
by_paragraph_words(struct builder *b, struct range before, struct range r)
{
	const struct block *above =
		paragraph_before(b->doc, b->p->steps[r.first]->block);

	if (!above || before.first == before.end)
		return;
	if (says_or(text_trim(above->text)) ||
	    is_option_label(text_trim(above->text)))
		make_alternatives(b, (struct range){ before.first, r.end },
				  INFER_MENU_WORDS,
				  "the paragraph above offers a choice",
				  above->where);
}

/* A section of templates: every step's sub-command is left to fill in. */
static bool
all_templates(const struct procedure *p, struct range r)
{
	static const char *const names[] = { "command", "subcommand", "cmd",
					     "args", "arguments" };

	for (uint32_t i = r.first; i < r.end; i++) {
		const struct step *s = p->steps[i];
		bool found = false;

		for (uint32_t u = 0; u < s->n_uses; u++) {
			for (size_t k = 0; k < ARRAY_LEN(names); k++)
				found |= text_is(s->uses[u].param->name,
						 names[k]);
		}
		if (!found)
			return false;
	}
	return true;
}

static void
infer_block_menu(struct builder *b, struct range r)
{
	struct procedure *p = b->p;
	struct span where = p->steps[r.first]->block->where;

	if (r.end - r.first < 2)
		return;
	if (all_follow(p, r))
		make_alternatives(b, r, INFER_MENU_FOLLOW,
				  "none of them ends by itself", where);
	else if (all_logins(p, r))
		make_alternatives(b, r, INFER_MENU_LOGIN,
				  "each opens a shell of its own", where);
	else if (all_templates(p, r))
		make_alternatives(b, r, INFER_MENU_TEMPLATE,
				  "each is a template to fill in", where);
	else if (all_opposite(p, r))
		make_alternatives(b, r, INFER_MENU_OPPOSITE,
				  "opposite verbs on the same object", where);
	else if (all_commands(p, r))
		make_alternatives(b, r, INFER_MENU_COMMANDS,
				  "commands of one program, opposite ones "
				  "among them",
				  where);
	else
		by_title_words(b, r);
}

/* All steps exclude each other: the procedure is a menu, for the reason that
 * the first of them is an alternative. */
static void
make_menu(struct builder *b)
{
	struct procedure *p = b->p;
	const struct reason *r = p->steps[0]->reasons;

	p->mode = PROCEDURE_MENU;
	while (r && strcmp(r->attribute, "relation") != 0)
		r = r->next;
	if (r)
		reason_add(b->arena, &p->reasons, r->rule, "mode", r->where,
			   "%s", r->text);
}

void
infer_menu(struct builder *b)
{
	struct procedure *p = b->p;
	struct range before = { 0, 0 };
	bool menu = p->n_steps > 1;

	for (uint32_t i = 0; i < p->n_steps;) {
		struct range r = { i, i + 1 };

		while (r.end < p->n_steps &&
		       p->steps[r.end]->block == p->steps[i]->block)
			r.end++;
		infer_block_menu(b, r);
		by_paragraph_words(b, before, r);
		before = r;
		i = r.end;
	}
	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (p->steps[i]->group != p->steps[0]->group ||
		    p->steps[i]->group == 0)
			menu = false;
	}
	if (menu)
		make_menu(b);
}
