/* Steps of one block of which one is chosen, by what they are. */
#include "graph/infer.h"

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

bool
steps_are_opposite(const struct step *left, const struct step *right)
{
	return left->kind == STEP_COMMAND && right->kind == STEP_COMMAND &&
	       are_opposite(left->text.text, right->text.text);
}

bool
step_stops(const struct step *s)
{
	return says_stop(s->text.text);
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

/* Why the steps of R exclude each other by what they are, or NULL. */
static const char *
exclude_each_other(const struct procedure *p, struct range r,
		   enum infer_rule *ret)
{
	static const struct {
		bool (*holds)(const struct procedure *p, struct range r);
		enum infer_rule rule;
		const char *why;
	} natures[] = {
		{ all_follow, INFER_MENU_FOLLOW,
		  "none of them ends by itself" },
		{ all_logins, INFER_MENU_LOGIN,
		  "each opens a shell of its own" },
		{ all_templates, INFER_MENU_TEMPLATE,
		  "each is a template to fill in" },
		{ all_opposite, INFER_MENU_OPPOSITE,
		  "opposite verbs on the same object" },
		{ all_commands, INFER_MENU_COMMANDS,
		  "commands of one program, opposite ones among them" },
	};

	for (size_t i = 0; i < ARRAY_LEN(natures); i++) {
		*ret = natures[i].rule;
		if (natures[i].holds(p, r))
			return natures[i].why;
	}
	return NULL;
}

static void
infer_block_menu(struct builder *b, struct range r)
{
	enum infer_rule rule;
	const char *why;

	if (r.end - r.first < 2)
		return;
	why = exclude_each_other(b->p, r, &rule);
	if (why)
		choose_one_of(b, r, (struct text){ NULL, 0 },
			      b->p->steps[r.first]->block->where, rule, why);
	else if (!infer_card(b, r))
		infer_comment_menu(b, r);
}

/* The first reason why S is what it is to the step before it. */
static const struct reason *
relation_reason(const struct step *s, enum infer_rule rule)
{
	const struct reason *r = s->reasons;

	while (r && (strcmp(r->attribute, "relation") != 0 || r->rule != rule))
		r = r->next;
	return r;
}

/* All steps belong to one choice: the procedure is a menu, for the reason that
 * the first of them is an alternative. */
static void
infer_mode(struct builder *b)
{
	struct procedure *p = b->p;
	const struct choice *c = step_choice(p->steps[0]);

	for (uint32_t i = 1; i < p->n_steps && c; i++) {
		if (step_choice(p->steps[i]) != c)
			c = NULL;
	}
	if (!c)
		return;
	p->mode = PROCEDURE_MENU;
	for (int rule = INFER_MENU_FOLLOW; rule <= INFER_MENU_TEMPLATE;
	     rule++) {
		const struct reason *r =
			relation_reason(p->steps[0], (enum infer_rule)rule);

		if (!r || r->where.start != c->where.start)
			continue;
		reason_add(b->arena, &p->reasons, r->rule, "mode", r->where,
			   "%s", r->text);
		return;
	}
}

void
infer_menu(struct builder *b)
{
	struct procedure *p = b->p;

	for (uint32_t i = 0; i < p->n_steps;) {
		struct range r = { i, i + 1 };

		while (r.end < p->n_steps &&
		       p->steps[r.end]->block == p->steps[i]->block)
			r.end++;
		infer_block_menu(b, r);
		i = r.end;
	}
	infer_mode(b);
}
