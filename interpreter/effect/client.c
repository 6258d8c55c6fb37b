/* Clients of databases: where they take their statements from. */
#include "effect/environment.h"
#include "effect/walk.h"

static enum sql_dialect
dialect_of(const struct effect_runs *runs)
{
	struct text name = text_of(runs->language);

	if (text_is(name, "mysql"))
		return SQL_MYSQL;
	if (text_is(name, "sqlite"))
		return SQL_SQLITE;
	return SQL_POSTGRES;
}

void
walk_unread_sql(struct walk *w, const struct place *place, struct spot spot,
		struct text name, bool open)
{
	struct finding f = {
		.level = EFFECT_DESTROYS,
		.tags = EFFECT_TAG_UNREAD_INPUT,
		.rule = "sql.unread",
		.verb = TEXT("unread SQL"),
		.object = name,
		.open = open || name.len == 0,
		.why = "runs SQL that is not in the document; a dump replaces "
		       "what is there",
		.undo = "only from a dump of what is there now",
		.check = "grep -iE 'drop|truncate|delete' of the file",
	};

	walk_find(w, place, spot, f);
}

/* psql -f FILE: what is in it, where it can be read here. */
static void
walk_sql_file(struct walk *w, const struct place *inside,
	      const struct wrapped *c, const struct option_use *use)
{
	const struct input *input =
		input_of_file(w, c->place, use->value, use->exact,
			      spot_of_args(c->args->v + use->value_arg, 0));

	if (input)
		walk_sql(w, inside, input->text.text,
			 dialect_of(c->rule->runs));
	else
		walk_unread_sql(w, inside, c->spot, use->value, !use->exact);
}

/* The texts that options and operands hold; true when there was one. */
static bool
walk_given(struct walk *w, const struct wrapped *c, const struct place *inside)
{
	const struct effect_runs *runs = c->rule->runs;
	const struct args *a = c->args;
	enum sql_dialect dialect = dialect_of(runs);
	bool given = false;

	for (uint32_t i = 0; i < a->n_options; i++) {
		const struct option_use *use = &a->options[i];

		if (option_is_named(use, runs->option) && use->has_value) {
			walk_sql(w, inside, option_text(w, a, use), dialect);
			given = true;
		} else if (option_is_named(use, runs->file) &&
			   !text_is(use->value, "-") &&
			   !text_is(use->value, "/dev/stdin")) {
			walk_sql_file(w, inside, c, use);
			given = true;
		}
	}
	for (uint32_t i = c->n_verb + runs->from - 1;
	     dialect == SQL_SQLITE && i < a->n_operands; i++) {
		walk_sql(w, inside, a->v[a->operands[i]].raw.text, dialect);
		given = true;
	}
	return given;
}

void
walk_sql_client(struct walk *w, const struct wrapped *c)
{
	const struct input *input = c->place->input;
	struct place inside;

	if (!walk_inside(w, c, &inside))
		return;
	if (walk_given(w, c, &inside))
		return;
	if (!input)
		walk_unread(w, c->place, c->spot, EFFECT_TAG_INTERACTIVE,
			    "opens a session, in which somebody types");
	else if (input->kind == INPUT_TEXT)
		walk_sql(w, &inside, input->text.text,
			 dialect_of(c->rule->runs));
	else
		walk_unread_sql(w, &inside, c->spot, input->name, input->open);
}

/* ---- psql
 * ----------------------------------------------------------------------------
 */

/* A shell runs what stands between backquotes in the arguments of commands
 * (psql(1), "Meta-Commands"). */
static void
walk_backquotes(struct walk *w, const struct place *place, struct excerpt rest)
{
	size_t at = 0, n = rest.text.len;

	while ((at = text_chr(rest.text, '`', at)) < n) {
		size_t close = text_chr(rest.text, '`', at + 1);

		walk_text(w, place,
			  excerpt_sub(w->arena, rest, (uint32_t)at + 1,
				      (uint32_t)close),
			  false);
		at = close < n ? close + 1 : close;
	}
}

/* "\setenv NAME VALUE": what is run later sees that. */
static void
walk_setenv(struct walk *w, const struct place *place, struct spot spot,
	    struct excerpt rest)
{
	uint32_t len = (uint32_t)rest.text.len, n = 0;
	struct setting setting = { .used = true };

	while (n < len && !byte_is_space(rest.text.at[n]))
		n++;
	setting.name = text_sub(rest.text, 0, n);
	while (n < len && byte_is_space(rest.text.at[n]))
		n++;
	if (len > n + 1 && rest.text.at[n] == '\'' &&
	    rest.text.at[len - 1] == '\'') {
		n++;
		len--;
	}
	setting.value = excerpt_sub(w->arena, rest, n, len);
	walk_setting(w, place, spot, &setting);
}

struct excerpt
walk_psql_rest(struct walk *w, const struct place *place, struct spot spot,
	       struct text name, struct excerpt rest)
{
	size_t pipe = text_chr(rest.text, '|', 0);

	if (text_is(name, "!"))
		return rest;
	walk_backquotes(w, place, rest);
	if (text_is(name, "setenv"))
		walk_setenv(w, place, spot, rest);
	if (pipe == rest.text.len ||
	    (rest.text.at[0] != '|' && rest.text.at[0] != '('))
		return rest;
	return excerpt_sub(w->arena, rest, (uint32_t)pipe + 1,
			   (uint32_t)rest.text.len);
}

/* The end of the word at AT: blanks in quotes and in parentheses are part of
 * it. */
static uint32_t
end_of_word(struct text t, uint32_t at, uint32_t end)
{
	unsigned depth = 0;
	char quote = '\0';

	for (; at < end; at++) {
		char c = t.at[at];

		if (quote) {
			quote = c == quote ? '\0' : quote;
			continue;
		}
		if (c == '\'' || c == '"')
			quote = c;
		else if (c == '(')
			depth++;
		else if (c == ')' && depth)
			depth--;
		else if (depth == 0 && byte_is_space(c))
			break;
	}
	return at;
}

struct arg
walk_meta_file(const struct excerpt *e, uint32_t start, uint32_t end,
	       bool copies)
{
	struct text t = e->text, word = { NULL, 0 }, before;
	uint32_t from = start, stop = start;

	for (uint32_t at = start; at < end; at = stop) {
		while (at < end && byte_is_space(t.at[at]))
			at++;
		if (at == end)
			break;
		before = word;
		from = at;
		stop = end_of_word(t, at, end);
		word = text_sub(t, from, stop);
		if (copies && text_eq_nocase(before, TEXT("to")))
			break;
	}
	if (word.len > 1 && (word.at[0] == '\'' || word.at[0] == '"') &&
	    word.at[word.len - 1] == word.at[0])
		word = text_sub(word, 1, word.len - 1);
	return walk_made_arg(e, from, stop, word);
}

/* ---- redis
 * ----------------------------------------------------------------------------
 */

/* The words V[0 … n) of a command of redis. */
static void
walk_redis_words(struct walk *w, const struct place *place, const struct arg *v,
		 uint32_t n)
{
	struct arg *all = arena_alloc(w->arena, (n + 1) * sizeof(*all));
	uint32_t *operands = arena_alloc(w->arena, (n + 1) * sizeof(*operands));
	struct args a = { .program = table_need(":redis"),
			  .v = all,
			  .n = n + 1,
			  .operands = operands,
			  .n_operands = n,
			  .n_before_dashes = n };
	struct finding least = { .level = EFFECT_READS };
	struct spot spot = spot_of_args(v, n - 1);

	memcpy(all + 1, v, n * sizeof(*all));
	all[0] = v[0];
	all[0].text.len = 0;
	for (uint32_t i = 0; i < n; i++)
		operands[i] = i + 1;
	if (!walk_words(w, place, &a, spot, &least))
		walk_unread(w, place, spot, 0,
			    v[0].exact ? "this command is not in the table"
				       : "which command it is, is not known");
}

/* One command per line, words between blanks. */
static void
walk_redis_lines(struct walk *w, const struct place *place,
		 const struct excerpt *e)
{
	struct text all = e->text;
	size_t at = 0;

	while (at < all.len) {
		size_t end = text_chr(all, '\n', at);
		struct arg *v = NULL;
		uint32_t n = 0;

		while (at < end) {
			size_t start = at;

			while (at < end && !byte_is_space(all.at[at]))
				at++;
			if (at > start) {
				struct arg a = walk_made_arg(
					e, (uint32_t)start, (uint32_t)at,
					text_sub(all, start, at));

				a.opaque =
					text_chr(a.text, '\0', 0) < a.text.len;
				a.exact = !a.opaque;
				ARENA_PUSH(w->arena, v, n, a);
			}
			if (at < end)
				at++;
		}
		if (n)
			walk_redis_words(w, place, v, n);
		at = end + 1;
	}
}

void
walk_redis(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;
	const struct input *input = c->place->input;
	struct place inside;
	struct excerpt *lines;

	if (!walk_inside(w, c, &inside))
		return;
	if (a->n_operands) {
		uint32_t first = a->operands[0];

		walk_redis_words(w, &inside, a->v + first, a->n - first);
	} else if (!input) {
		walk_unread(w, c->place, c->spot, EFFECT_TAG_INTERACTIVE,
			    "opens a session, in which somebody types");
	} else if (input->kind == INPUT_TEXT) {
		lines = ARENA_NEW(w->arena, struct excerpt);
		*lines = input->text.text;
		walk_redis_lines(w, &inside, lines);
	} else {
		walk_unread(w, &inside, c->spot, EFFECT_TAG_UNREAD_INPUT,
			    "runs commands that are not in the document");
	}
}
