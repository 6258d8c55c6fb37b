/* Conditions of rules: each is a question about options or operands. */
#include "effect/match.h"

#include "effect/class.h"

struct question {
	const struct effect_condition *condition;
	const struct args *args;
	struct fit *fit; /* grows to the last word that was decisive */
	bool has_verb;
};

struct subject
subject_of(const struct args *args, uint32_t operand)
{
	const struct arg *a = &args->v[args->operands[operand]];

	return (struct subject){ a->text,   a->exact,
				 a->opaque, a->opaque && !a->raw.one_field,
				 a->each,   &args->look };
}

bool
pattern_has(struct text pattern, const struct subject *s, bool nocase)
{
	if (pattern.len && pattern.at[0] == '@')
		return class_has(text_sub(pattern, 1, pattern.len), s);
	return s->exact && glob_matches(pattern, s->text, nocase);
}

static bool
any_pattern(const char *patterns, const struct subject *s, bool nocase)
{
	struct text rest = text_of(patterns), one;

	while (text_next_field(&rest, ' ', &one))
		if (pattern_has(one, s, nocase))
			return true;
	return false;
}

/* ---- conditions -------------------------------------------------------- */

static void
decisive(struct question *q, uint32_t index)
{
	if (!q->condition->negated && index > q->fit->last)
		q->fit->last = index;
}

/* The option that a rule calls NAME: one of the program for a rule without a
 * verb, else the innermost that held. */
static bool
meant_option(const struct question *q, struct text name,
	     struct spec_option *ret)
{
	const struct args *a = q->args;

	if (!q->has_verb)
		return spec_find(a->program->options, name, ret);
	for (unsigned i = a->n_specs; i-- > 0;)
		if (spec_find(a->specs[i], name, ret))
			return true;
	return false;
}

/* USE is an option of a program whose own options hold in front of the verb
 * only: git -C FOLDER is not the -C of git switch. */
static bool
stands_in_front(const struct question *q, const struct option_use *use)
{
	const char *own = q->args->program->options;
	struct spec_option found;

	return q->has_verb && (spec_style(own) & SPEC_OWN) &&
	       spec_find(own, use->name, &found) &&
	       use->names.at == found.names.at;
}

/* PATTERN is "-x" or "-x=VALUE". */
static bool
option_is(const struct question *q, const struct option_use *use,
	  struct text pattern)
{
	size_t equals = text_chr(pattern, '=', 0);
	struct text name = text_sub(pattern, 0, equals);
	struct subject value = { use->value, use->exact, !use->exact,
				 false,      false,      &q->args->look };
	struct spec_option meant;

	if (stands_in_front(q, use))
		return false;
	if (use->names.len && meant_option(q, name, &meant)) {
		if (use->names.at != meant.names.at)
			return false;
	} else if (!text_eq(use->name, name)) {
		return false;
	}
	return equals == pattern.len ||
	       pattern_has(text_sub(pattern, equals + 1, pattern.len), &value,
			   q->args->program->nocase);
}

/* A switch is given a value that turns it off, or one that is not known. */
static bool
says_no(const struct question *q, const struct option_use *use)
{
	static const char *const words[] = { "false", "no", "off",  "0",
					     "f",     "n",  "none", "never" };
	struct spec_option meant;

	if (!use->has_value ||
	    (meant_option(q, use->name, &meant) && meant.value == SPEC_VALUE))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (text_eq_nocase(use->value, text_of(words[i])))
			return true;
	return !use->exact;
}

/* "unless: {with: --dry-run}" is not for "--dry-run=false". */
static bool
is_off(const struct question *q, const struct option_use *use,
       struct text pattern)
{
	return q->condition->negated &&
	       text_chr(pattern, '=', 0) == pattern.len && says_no(q, use);
}

static bool
has_option(struct question *q)
{
	const struct args *a = q->args;

	for (uint32_t i = 0; i < a->n_options; i++) {
		struct text rest = text_of(q->condition->arg), one;

		while (text_next_field(&rest, ' ', &one)) {
			if (!option_is(q, &a->options[i], one) ||
			    is_off(q, &a->options[i], one))
				continue;
			decisive(q, a->options[i].value_arg);
			return true;
		}
	}
	return false;
}

/* "--no-…" or "+x" of an option called NAMES: abbreviated as getopt_long(3)
 * and apt allow. */
static bool
negates(struct text name, struct text names)
{
	struct text one, rest;

	if (text_starts(name, "+") && name.len == 2) {
		while (text_next_field(&names, ',', &one))
			if (one.len == 2 && one.at[1] == name.at[1])
				return true;
		return false;
	}
	if (!text_starts(name, "--no-") || name.len == 5)
		return false;
	rest = text_sub(name, 5, name.len);
	while (text_next_field(&names, ',', &one)) {
		size_t dashes = text_starts(one, "--") ? 2 : 1;
		struct text bare = text_sub(one, dashes, one.len);

		if (bare.len >= rest.len &&
		    text_eq(text_sub(bare, 0, rest.len), rest))
			return true;
	}
	return false;
}

/* USE is the option of PATTERN, with another value, or takes it back. */
static bool
takes_back_one(const struct question *q, const struct option_use *use,
	       struct text pattern)
{
	struct text name = text_sub(pattern, 0, text_chr(pattern, '=', 0));
	struct spec_option meant = { .names = name };

	meant_option(q, name, &meant);
	if (negates(use->name, meant.names))
		return true;
	if (stands_in_front(q, use) ||
	    !(use->names.len ? use->names.at == meant.names.at
			     : text_eq(use->name, name)))
		return false;
	return name.len < pattern.len || says_no(q, use);
}

/* Some use of the options that Q asks for takes them back: which of them
 * counts in the end, programs see differently. */
static bool
is_taken_back(const struct question *q)
{
	const struct args *a = q->args;

	for (uint32_t i = 0; i < a->n_options; i++) {
		struct text rest = text_of(q->condition->arg), one;
		bool fits = false, against = false;

		while (text_next_field(&rest, ' ', &one)) {
			fits = fits || (option_is(q, &a->options[i], one) &&
					!says_no(q, &a->options[i]));
			against = against ||
				  takes_back_one(q, &a->options[i], one);
		}
		if (against && !fits)
			return true;
	}
	return false;
}

/* "0", "2+", "1-2". */
static bool
count_is(const char *range, uint32_t n)
{
	struct text t = text_of(range);
	size_t dash = text_chr(t, '-', 0);
	uint64_t low, high;

	if (text_ends(t, "+"))
		return text_to_uint(text_sub(t, 0, t.len - 1), 1000, &low) &&
		       n >= low;
	if (!text_to_uint(text_sub(t, 0, dash), 1000, &low))
		return false;
	if (dash == t.len)
		return n == low;
	return text_to_uint(text_sub(t, dash + 1, t.len), 1000, &high) &&
	       n >= low && n <= high;
}

static bool
operand_is(struct question *q, uint32_t i)
{
	const struct args *a = q->args;
	struct subject s;

	if (i >= a->n_operands)
		return false;
	s = subject_of(a, i);
	if (!any_pattern(q->condition->arg, &s, a->program->nocase))
		return false;
	decisive(q, a->operands[i]);
	return true;
}

static bool
some_operand(struct question *q)
{
	for (uint32_t i = q->fit->n_verb; i < q->args->n_operands; i++)
		if (operand_is(q, i))
			return true;
	return false;
}

static bool
every_operand(struct question *q)
{
	uint32_t i;

	for (i = q->fit->n_verb; i < q->args->n_operands; i++)
		if (!operand_is(q, i))
			return false;
	return i > q->fit->n_verb;
}

/* Words one behind the other in a statement of SQL. */
static bool
has_phrase(struct question *q)
{
	struct text rest = text_of(q->condition->arg), one;

	while (text_next_field(&rest, '|', &one)) {
		struct text all = q->args->words;
		size_t at;

		one = text_trim(one);
		for (at = 1; at < all.len; at++) {
			at = text_find(all, one, at);
			if (at == all.len)
				break;
			if (all.at[at - 1] == ' ' &&
			    all.at[at + one.len] == ' ')
				return true;
		}
	}
	return false;
}

static bool
last_operand_is(struct question *q)
{
	uint32_t n = q->args->n_operands;

	return n > q->fit->n_verb && operand_is(q, n - 1);
}

/* One of WORDS is all that A reads. */
static bool
is_fed(const struct args *a, const char *words)
{
	struct text rest = text_of(words), one;

	while (text_next_field(&rest, ' ', &one))
		if (one.len && text_eq(a->fed, one))
			return true;
	return false;
}

static bool
holds(struct question *q)
{
	const struct args *a = q->args;
	const char *arg = q->condition->arg;
	uint32_t first = q->fit->n_verb;

	switch (q->condition->kind) {
	case EFFECT_IF_WITH:
		return has_option(q);
	case EFFECT_IF_OPERANDS:
		return count_is(arg, a->n_operands - first);
	case EFFECT_IF_OPERAND:
		return some_operand(q);
	case EFFECT_IF_EVERY_OPERAND:
		return every_operand(q);
	case EFFECT_IF_OPERAND_1:
		return operand_is(q, first);
	case EFFECT_IF_OPERAND_2:
		return operand_is(q, first + 1);
	case EFFECT_IF_OPERAND_3:
		return operand_is(q, first + 2);
	case EFFECT_IF_LAST_OPERAND:
		return last_operand_is(q);
	case EFFECT_IF_AFTER_DASHES:
		return count_is(arg, a->n_operands - a->n_before_dashes);
	case EFFECT_IF_PHRASE:
		return has_phrase(q);
	case EFFECT_IF_INPUT:
		return a->has_input == (strcmp(arg, "given") == 0);
	case EFFECT_IF_FED:
		return is_fed(a, arg);
	case EFFECT_IF_AFTER:
		return a->renewed;
	}
	BUG("condition %d", (int)q->condition->kind);
}

/* The words from the program up to the verb, and the first operand. */
static uint32_t
last_of_verb(const struct args *a, uint32_t n_verb)
{
	if (n_verb < a->n_operands)
		return a->operands[n_verb];
	return n_verb ? a->operands[n_verb - 1] : 0;
}

static bool
fits(const struct effect_rule *rule, const struct args *a, bool any_option,
     struct fit *ret)
{
	struct question q = { .args = a,
			      .fit = ret,
			      .has_verb = rule->verb != NULL };

	*ret = (struct fit){ 0 };
	if (rule->verb && !verb_may_fit(rule, a))
		return false;
	if (!verb_fits(rule->verb, a, ret))
		return false;
	ret->last = last_of_verb(a, ret->n_verb);
	for (unsigned i = 0; i < rule->n_conditions; i++) {
		q.condition = &rule->conditions[i];
		if (any_option && q.condition->kind == EFFECT_IF_WITH)
			continue;
		if (holds(&q) == q.condition->negated)
			return false;
		if (rule->settles && !q.condition->negated &&
		    q.condition->kind == EFFECT_IF_WITH && is_taken_back(&q))
			return false;
	}
	return true;
}

bool
rule_fits(const struct effect_rule *rule, const struct args *a, struct fit *ret)
{
	return fits(rule, a, false, ret);
}

bool
rule_could_fit(const struct effect_rule *rule, const struct args *a)
{
	struct fit fit;

	return fits(rule, a, true, &fit);
}

bool
rule_means(const struct effect_rule *rule, const struct args *a,
	   const struct option_use *use)
{
	struct question q = { .args = a, .has_verb = rule->verb != NULL };

	for (unsigned i = 0; i < rule->n_conditions; i++) {
		struct text rest = text_of(rule->conditions[i].arg), one;

		q.condition = &rule->conditions[i];
		if (q.condition->kind != EFFECT_IF_WITH || q.condition->negated)
			continue;
		while (text_next_field(&rest, ' ', &one))
			if (option_is(&q, use, one))
				return true;
	}
	return false;
}

bool
rule_asks_for(const struct effect_rule *rule, struct text name)
{
	for (unsigned i = 0; i < rule->n_conditions; i++) {
		struct text rest = text_of(rule->conditions[i].arg), one;

		if (rule->conditions[i].kind != EFFECT_IF_WITH ||
		    rule->conditions[i].negated)
			continue;
		while (text_next_field(&rest, ' ', &one))
			if (text_eq(text_sub(one, 0, text_chr(one, '=', 0)),
				    name))
				return true;
	}
	return false;
}

bool
rule_wraps(const struct effect_rule *rule)
{
	if (!rule->runs)
		return false;
	switch (rule->runs->how) {
	case EFFECT_RUNS_NAMES:
	case EFFECT_RUNS_SETS:
	case EFFECT_RUNS_DECLARES:
	case EFFECT_RUNS_EVALUATES:
	case EFFECT_RUNS_TESTS:
	case EFFECT_RUNS_EXPANDS:
		return false;
	default:
		return true;
	}
}

/* ---- checking rows ----------------------------------------------------- */

static bool
knows_option(const struct effect_program *program, struct text name)
{
	struct spec_option o;

	if (spec_find(program->options, name, &o))
		return true;
	for (unsigned i = 0; i < program->n_verbs; i++)
		if (spec_find(program->verbs[i].options, name, &o))
			return true;
	return spec_style(program->options) & SPEC_WORDS;
}

static bool
is_range(const char *arg)
{
	for (uint32_t n = 0; n <= 100; n++)
		if (count_is(arg, n))
			return true;
	return false;
}

static const char *
patterns_check(struct text rest)
{
	struct text one;

	while (text_next_field(&rest, ' ', &one))
		if (one.len && one.at[0] == '@' &&
		    !class_exists(text_sub(one, 1, one.len)))
			return "a class is not known";
	return NULL;
}

/* Each is "-x" or "-x=PATTERN". */
static const char *
options_check(const struct effect_program *program, struct text rest)
{
	struct text one;

	while (text_next_field(&rest, ' ', &one)) {
		size_t equals = text_chr(one, '=', 0);
		const char *wrong = NULL;

		if (!knows_option(program, text_sub(one, 0, equals)))
			wrong = "an option is not in the program's options";
		else if (equals < one.len)
			wrong = patterns_check(
				text_sub(one, equals + 1, one.len));
		if (wrong)
			return wrong;
	}
	return NULL;
}

const char *
condition_check(const struct effect_program *program,
		const struct effect_condition *condition)
{
	struct text arg = text_of(condition->arg);

	if (arg.len == 0)
		return "a condition is empty";
	switch (condition->kind) {
	case EFFECT_IF_WITH:
		return options_check(program, arg);
	case EFFECT_IF_OPERANDS:
	case EFFECT_IF_AFTER_DASHES:
		return is_range(condition->arg) ? NULL
						: "a range is '0', '1-2', '2+'";
	case EFFECT_IF_OPERAND:
	case EFFECT_IF_EVERY_OPERAND:
	case EFFECT_IF_OPERAND_1:
	case EFFECT_IF_OPERAND_2:
	case EFFECT_IF_OPERAND_3:
	case EFFECT_IF_LAST_OPERAND:
		return patterns_check(arg);
	case EFFECT_IF_INPUT:
		return text_is(arg, "given") || text_is(arg, "none")
			       ? NULL
			       : "input is 'given' or 'none'";
	case EFFECT_IF_AFTER:
		return text_is(arg, "renewed") ? NULL : "after is 'renewed'";
	case EFFECT_IF_PHRASE:
	case EFFECT_IF_FED:
		return NULL;
	}
	BUG("condition %d", (int)condition->kind);
}
