/* Arithmetic: bash evaluates the text that a variable holds once more, so that
 * x='f=7'; : $((x)) assigns f (manual, 6.5). Only what is certainly a number
 * does nothing of the kind. */
#include "shell/scope_run.h"
#include "shell/value.h"

static bool
is_name_byte(char c, bool first)
{
	return c == '_' || (first ? byte_is_alpha(c) : byte_is_alnum(c));
}

static size_t
end_of_name(struct text t, size_t at)
{
	size_t end = at;

	while (end < t.len && is_name_byte(t.at[end], end == at))
		end++;
	return end;
}

static void
forget_variables(struct run *run)
{
	if (run->any_time)
		scope_give_up(run->scope);
	else
		scope_forget_variables(run->scope);
}

/* "NAME = …" at the start of T: NAME is not evaluated, and has a number
 * afterwards. */
static struct text
target_of(struct text t)
{
	struct text all = text_trim(t);
	size_t end = end_of_name(all, 0), at = end;

	while (at < all.len && byte_is_space(all.at[at]))
		at++;
	if (at < all.len && all.at[at] == '=' &&
	    (at + 1 == all.len || all.at[at + 1] != '='))
		return text_sub(all, 0, end);
	return (struct text){ NULL, 0 };
}

/* Behind the "$" at AT stands what is always a number. */
static size_t
skip_count(struct text t, size_t at)
{
	struct text rest = text_sub(t, at + 1, t.len);
	size_t close;

	if (rest.len && strchr("#?$", rest.at[0]) && rest.at[0])
		return at + 2;
	if (!text_starts(rest, "{#"))
		return at;
	close = text_chr(rest, '}', 0);
	if (close == rest.len ||
	    text_chr(text_sub(rest, 0, close), '$', 0) < close)
		return at;
	for (size_t i = 2; i < close; i++)
		if (!byte_is_alnum(rest.at[i]) && rest.at[i] != '_' &&
		    !strchr("[]@*", rest.at[i]))
			return at;
	return at + 1 + close + 1;
}

/* T holds nothing but numbers, operators and names of numbers; NUMBER is the
 * name of one. */
static bool
is_plain(const struct scope *scope, struct text t, struct text number)
{
	for (size_t at = 0; at < t.len;) {
		size_t end = end_of_name(t, at), past;
		struct text name = text_sub(t, at, end);

		if (end > at && !text_eq(name, number) &&
		    !scope_is_number(scope, name) &&
		    (at == 0 || !byte_is_digit(t.at[at - 1])))
			return false;
		if (end > at) {
			at = end;
			continue;
		}
		if (t.at[at] == '\0' || t.at[at] == '`')
			return false;
		past = t.at[at] == '$' ? skip_count(t, at) : at;
		if (past == at && t.at[at] == '$') {
			past = at + 1;
			past += past < t.len && t.at[past] == '{';
			if (past == t.len || !is_name_byte(t.at[past], true))
				return false;
		}
		at = past > at ? past : at + 1;
	}
	return true;
}

/* The names in T that are numbers stay such; others are of no account. */
static void
assign_numbers(struct run *run, struct text t)
{
	for (size_t at = 0; at < t.len;) {
		size_t end = end_of_name(t, at);
		struct text name = text_sub(t, at, end);

		if (end > at && scope_is_number(run->scope, name) &&
		    !run->any_time)
			scope_set_number(run->scope, name);
		else if (end > at)
			run_forget_names(run, name);
		at = end > at ? end : at + 1;
	}
}

static void
evaluate(struct run *run, struct text t, struct text number)
{
	struct text target = target_of(t);

	if (!is_plain(run->scope, t, number.len ? number : target)) {
		run_forget_names(run, t);
		forget_variables(run);
	} else {
		assign_numbers(run, t);
	}
	if (target.len && !run->doubt && !run->any_time)
		scope_set_number(run->scope, target);
}

void
run_arithmetic(struct run *run, struct text t)
{
	evaluate(run, t, (struct text){ NULL, 0 });
}

void
run_expressions(struct run *run, const struct node *node)
{
	struct text counter = { NULL, 0 };

	for (uint32_t i = 0; i < node->n_words; i++) {
		struct text t = script_text(run->s, node->words[i]->start,
					    node->words[i]->end);

		if (i == 0 && node->kind == NODE_FOR_ARITH)
			counter = target_of(t);
		evaluate(run, t, counter);
	}
}

static bool
compares_numbers(struct text t)
{
	static const char *const names[] = { "-eq", "-ne", "-lt",
					     "-le", "-gt", "-ge" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (text_is(t, names[i]))
			return true;
	return false;
}

void
run_condition(struct run *run, const struct node *node)
{
	for (uint32_t i = 1; i + 1 < node->n_words; i++) {
		const struct word *op = node->words[i];

		if (!compares_numbers(script_text(run->s, op->start, op->end)))
			continue;
		for (uint32_t k = 0; k < 2; k++) {
			const struct word *side = node->words[i - 1 + 2 * k];

			run_arithmetic(run, script_text(run->s, side->start,
							side->end));
		}
	}
}

bool
run_assigns_number(const struct run *run, const struct assignment *a)
{
	const struct word *word = a->value;

	return word && !a->subscript && !a->is_array && !a->append &&
	       word->n_parts == 1 && word->parts[0]->kind == PART_ARITH &&
	       !scope_is_odd(run->scope, a->name);
}
