/* What a text of SQL does: each statement by its first words, by the rows of
 * ":sql", and by what stands inside it. */
#include "effect/sql.h"

#include "effect/walk.h"

enum {
	OPERANDS_MAX = 6,
	NESTED_MAX = 32 /* statements in parentheses in each other */
};

struct reading {
	struct walk *w;
	const struct place *place;
	const struct excerpt *sql;
	enum sql_dialect dialect;
};

/* One statement, or one in parentheses inside another. */
struct statement_of_sql {
	const struct reading *r;
	const struct sql_token *t;
	uint32_t n;
	uint32_t depth; /* of parentheses, of its own tokens */
	unsigned nested;
};

static bool
is_word(const struct statement_of_sql *s, uint32_t i, const char *name)
{
	return i < s->n && sql_is(s->r->sql->text, &s->t[i], name);
}

static bool
is_punct(const struct statement_of_sql *s, uint32_t i, char c)
{
	return i < s->n && s->t[i].kind == SQL_PUNCT &&
	       s->r->sql->text.at[s->t[i].start] == c;
}

static struct text
inner_text(const struct statement_of_sql *s, uint32_t i)
{
	return text_sub(s->r->sql->text, s->t[i].inner, s->t[i].inner_end);
}

static struct spot
spot_of(const struct statement_of_sql *s, uint32_t first, uint32_t last)
{
	return (struct spot){ s->r->sql, s->t[first].start, s->t[last].end };
}

static bool
is_one_of(const struct statement_of_sql *s, uint32_t i,
	  const char *const *names, size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (is_word(s, i, names[k]))
			return true;
	return false;
}

/* ---- the words of a statement
 * ------------------------------------------------------- */

/* Words that say how, not what. */
static bool
is_modifier(const struct statement_of_sql *s, uint32_t i)
{
	static const char *const names[] = {
		"if",        "not",          "exists",        "or",
		"replace",   "temp",         "temporary",     "unlogged",
		"global",    "local",        "unique",        "concurrently",
		"only",      "recursive",    "ignore",        "low_priority",
		"quick",     "delayed",      "high_priority", "virtual",
		"external",  "transient",    "from",          "into",
		"clustered", "nonclustered", "fulltext",      "spatial",
		"trusted",   "constraint",
	};

	return i > 0 && is_one_of(s, i, names, ARRAY_LEN(names));
}

static bool
is_name(const struct sql_token *t)
{
	return t->kind == SQL_WORD || t->kind == SQL_QUOTED ||
	       t->kind == SQL_OPAQUE || t->kind == SQL_NUMBER;
}

/* "schema.table" is one operand. */
static struct arg
operand_at(const struct statement_of_sql *s, uint32_t *i)
{
	uint32_t first = *i;
	struct arg a;

	while (is_punct(s, *i + 1, '.') && *i + 2 < s->n &&
	       is_name(&s->t[*i + 2]))
		*i += 2;
	a = walk_made_arg(s->r->sql, s->t[first].start, s->t[*i].end,
			  first == *i
				  ? inner_text(s, first)
				  : text_sub(s->r->sql->text, s->t[first].start,
					     s->t[*i].end));
	if (text_chr(a.text, '\0', 0) < a.text.len ||
	    s->t[first].kind == SQL_OPAQUE) {
		a.exact = false;
		a.opaque = true;
	}
	return a;
}

/* " drop table users , cascade ": the words of the statement's own level. */
static struct text
phrase_text(const struct statement_of_sql *s)
{
	struct buf CLEANUP(buf_release) b = BUF_INIT;
	uint32_t deepest = s->depth + (is_word(s, 0, "vacuum") ? 1 : 0);

	buf_addc(&b, ' ');
	for (uint32_t i = 0; i < s->n; i++) {
		struct text t =
			text_sub(s->r->sql->text, s->t[i].start, s->t[i].end);

		if (s->t[i].depth > deepest)
			continue;
		if (s->t[i].kind == SQL_STRING)
			t = TEXT("'");
		else if (s->t[i].kind == SQL_QUOTED)
			t = TEXT("\"");
		for (size_t k = 0; k < t.len; k++)
			buf_addc(&b, byte_lower(t.at[k]));
		buf_addc(&b, ' ');
	}
	return arena_text(s->r->w->arena, buf_text(&b));
}

struct sql_args {
	struct args args;
	struct arg v[OPERANDS_MAX + 1];
	uint32_t operands[OPERANDS_MAX];
	struct option_use options[2];
};

static void
read_operands(const struct statement_of_sql *s, struct sql_args *ret)
{
	struct args *a = &ret->args;

	ret->v[0] = walk_made_arg(s->r->sql, s->t[0].start, s->t[0].start,
				  (struct text){ NULL, 0 });
	a->n = 1;
	for (uint32_t i = 0; i < s->n && a->n_operands < OPERANDS_MAX; i++) {
		if (!is_name(&s->t[i]) || s->t[i].depth > s->depth)
			break;
		if (is_modifier(s, i))
			continue;
		ret->v[a->n] = operand_at(s, &i);
		ret->operands[a->n_operands++] = a->n++;
	}
}

static void
add_option(struct sql_args *a, const char *name)
{
	a->options[a->args.n_options++] =
		(struct option_use){ .name = text_of(name) };
}

/* Index of NAME on the statement's own level, or n. */
static uint32_t
find_word(const struct statement_of_sql *s, uint32_t from, const char *name)
{
	uint32_t i = from;

	while (i < s->n && (s->t[i].depth != s->depth || !is_word(s, i, name)))
		i++;
	return i;
}

/* The end of a condition that begins at FROM. */
static uint32_t
end_of_condition(const struct statement_of_sql *s, uint32_t from)
{
	static const char *const names[] = { "returning", "order", "limit",
					     "group",     "on",    "settings" };

	for (; from < s->n; from++)
		if (s->t[from].depth == s->depth &&
		    is_one_of(s, from, names, ARRAY_LEN(names)))
			break;
	return from;
}

static bool
has_where(const struct statement_of_sql *s)
{
	uint32_t where = find_word(s, 1, "where"), end;

	if (where == s->n)
		return false;
	end = end_of_condition(s, where + 1);
	return sql_where_leaves_out(s->r->sql->text, s->t + where + 1,
				    end - where - 1);
}

static bool
says_drop(struct text t)
{
	static const char *const words[] = { "drop", "truncate", "delete" };

	for (size_t at = 0; at < t.len;) {
		size_t end = at;

		while (end < t.len &&
		       (byte_is_alnum(t.at[end]) || t.at[end] == '_'))
			end++;
		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			if (text_eq_nocase(text_sub(t, at, end),
					   text_of(words[i])))
				return true;
		at = end + 1;
	}
	return false;
}

/* A text inside, such as the body of DO, would drop or delete something. */
static bool
has_drops(const struct statement_of_sql *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (s->t[i].kind == SQL_STRING && says_drop(inner_text(s, i)))
			return true;
	return false;
}

/* ---- functions
 * ---------------------------------------------------------------------- */

/* Words in front of a parenthesis that call nothing. */
static bool
is_keyword(const struct statement_of_sql *s, uint32_t i)
{
	static const char *const names[] = {
		"in",           "values",      "and",       "or",
		"not",          "exists",      "any",       "all",
		"some",         "over",        "filter",    "as",
		"using",        "on",          "from",      "join",
		"select",       "where",       "having",    "union",
		"intersect",    "except",      "by",        "when",
		"then",         "else",        "case",      "into",
		"group",        "order",       "partition", "limit",
		"offset",       "returning",   "set",       "with",
		"materialized", "lateral",     "only",      "is",
		"like",         "ilike",       "between",   "distinct",
		"rollup",       "cube",        "sets",      "varchar",
		"character",    "varying",     "precision", "nvarchar",
		"double",       "float",       "real",      "within",
		"window",       "tablesample", "bernoulli", "index",
		"key",          "for",         "of",        "recursive",
		"explain",      "analyze",     "row",       "rows",
		"range",        "groups",      "default",   "check",
		"references",   "unique",      "primary",   "table",
		"view",         "update",      "insert",    "delete",
	};

	return is_one_of(s, i, names, ARRAY_LEN(names));
}

/* Token I is the name of a function that is called. */
static bool
is_call(const struct statement_of_sql *s, uint32_t i)
{
	if (s->t[i].kind != SQL_WORD || !is_punct(s, i + 1, '(') ||
	    is_keyword(s, i))
		return false;
	if (i == 0)
		return true;
	if (is_word(s, i - 1, "as") || is_word(s, i - 1, "into") ||
	    is_word(s, i - 1, "with") || is_word(s, i - 1, "recursive"))
		return false;
	return s->t[i - 1].kind != SQL_PUNCT ||
	       text_sub(s->r->sql->text, s->t[i - 1].start, s->t[i - 1].end)
			       .len < 2; /* "::" in front of a type */
}

/* "pg_catalog.count" is "count"; another schema's function keeps its name. */
static struct text
function_name(const struct statement_of_sql *s, uint32_t i)
{
	if (i >= 2 && is_punct(s, i - 1, '.') &&
	    !is_word(s, i - 2, "pg_catalog") &&
	    !is_word(s, i - 2, "information_schema"))
		return text_sub(s->r->sql->text, s->t[i - 2].start,
				s->t[i].end);
	return inner_text(s, i);
}

/* STRICT: a function that is not listed counts too. */
static void
judge_call(const struct statement_of_sql *s, uint32_t i, bool strict)
{
	uint32_t operand = 1;
	struct arg v[2];
	struct args a = { .program = table_need(":sql-function"),
			  .v = v,
			  .n = 2,
			  .operands = &operand,
			  .n_operands = 1,
			  .n_before_dashes = 1 };
	struct finding least = { .level = EFFECT_CHANGES };
	struct text name = function_name(s, i);

	v[0] = walk_made_arg(s->r->sql, s->t[i].start, s->t[i].start,
			     (struct text){ NULL, 0 });
	v[1] = walk_made_arg(s->r->sql, s->t[i].start, s->t[i].end, name);
	least.verb = name;
	if (!walk_words(s->r->w, s->r->place, &a, spot_of(s, i, i), &least) &&
	    strict)
		walk_unread(s->r->w, s->r->place, spot_of(s, i, i),
			    EFFECT_TAG_EXEC,
			    "calls a function that is not known here");
}

/* ---- statements
 * ------------------------------------------------------------------------ */

static void judge(const struct statement_of_sql *s, enum effect_level least);

static bool
begins_statement(const struct statement_of_sql *s, uint32_t i)
{
	static const char *const names[] = { "select", "with",   "insert",
					     "update", "delete", "merge",
					     "values", "table" };

	return is_one_of(s, i, names, ARRAY_LEN(names));
}

/* What the statement calls, and the statements in its parentheses. */
static void
judge_inside(const struct statement_of_sql *s, bool strict)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct statement_of_sql inner = *s;
		uint32_t end = i + 1;

		if (!is_punct(s, i, '(') || !begins_statement(s, i + 1)) {
			if (is_call(s, i))
				judge_call(s, i, strict);
			continue;
		}
		while (end < s->n && s->t[end].depth > s->t[i].depth)
			end++;
		inner.t += i + 1;
		inner.n = end - i - 1;
		inner.depth = s->t[i].depth + 1;
		inner.nested++;
		if (inner.nested > NESTED_MAX)
			walk_unread(s->r->w, s->r->place, spot_of(s, i, i), 0,
				    "statements are nested too deep");
		else
			judge(&inner, EFFECT_CHANGES);
		i = end;
	}
}

/* How many words name the statement, and how many of the others say what it is
 * about. */
static void
name_statement(const struct statement_of_sql *s, struct args *a)
{
	static const char *const definitions[] = { "drop", "create", "alter" };
	static const char *const rows[] = { "insert",  "update",   "delete",
					    "replace", "truncate", "drop" };

	a->n_named =
		is_one_of(s, 0, definitions, ARRAY_LEN(definitions)) ? 2 : 1;
	if (is_one_of(s, 0, rows, ARRAY_LEN(rows)))
		a->n_objects = 1;
}

/* What the statement as a whole does; LEAST: what is worth a finding. */
static void
judge_head(const struct statement_of_sql *s, enum effect_level level)
{
	struct sql_args a = { .args = { .program = table_need(":sql") } };
	struct finding least = { .level = level };
	struct finding unlisted = {
		.level = EFFECT_UNKNOWN,
		.rule = "unlisted",
		.why = "this statement is not in the table",
	};

	a.args.v = a.v;
	a.args.operands = a.operands;
	a.args.options = a.options;
	read_operands(s, &a);
	a.args.n_before_dashes = a.args.n_operands;
	a.args.words = phrase_text(s);
	if (has_where(s))
		add_option(&a, "where");
	if (has_drops(s))
		add_option(&a, "drops");
	name_statement(s, &a.args);
	if (walk_words(s->r->w, s->r->place, &a.args, spot_of(s, 0, s->n - 1),
		       &least))
		return;
	unlisted.verb = said_verb(s->r->w->arena, &a.args, a.args.n_named);
	walk_find(s->r->w, s->r->place, spot_of(s, 0, s->n - 1), unlisted);
}

/* The statement behind FROM. */
static struct statement_of_sql
rest_of(const struct statement_of_sql *s, uint32_t from)
{
	struct statement_of_sql rest = *s;

	rest.t += from;
	rest.n -= from;
	return rest;
}

/* WITH … : the statement that follows the tables it names. */
static uint32_t
main_of_with(const struct statement_of_sql *s)
{
	for (uint32_t i = 1; i < s->n; i++)
		if (s->t[i].depth == s->depth && begins_statement(s, i) &&
		    !is_word(s, i, "with"))
			return i;
	return 0;
}

/* EXPLAIN runs its statement when it says ANALYZE, and not ANALYZE false. */
static bool
explain_runs(const struct statement_of_sql *s, uint32_t end)
{
	for (uint32_t i = 1; i < end; i++)
		if (is_word(s, i, "analyze"))
			return !is_word(s, i + 1, "false") &&
			       !is_word(s, i + 1, "off") &&
			       !(i + 1 < s->n &&
				 text_is(inner_text(s, i + 1), "0"));
	return false;
}

/* Where the statement inside EXPLAIN begins, or n. */
static uint32_t
explained(const struct statement_of_sql *s)
{
	uint32_t i = 1;

	while (i < s->n &&
	       !(s->t[i].depth == s->depth &&
		 (begins_statement(s, i) || is_word(s, i, "create") ||
		  is_word(s, i, "execute") || is_word(s, i, "refresh") ||
		  is_word(s, i, "replace"))))
		i++;
	return i;
}

static void
judge_explain(const struct statement_of_sql *s, enum effect_level least)
{
	uint32_t at = explained(s);
	struct statement_of_sql inner = rest_of(s, at);

	judge_head(s, least);
	if (at < s->n && explain_runs(s, at))
		judge(&inner, EFFECT_CHANGES);
}

/* COPY … PROGRAM 'text': a shell of the server runs it. */
static void
judge_copy(const struct statement_of_sql *s)
{
	for (uint32_t i = 1; i + 1 < s->n; i++) {
		struct excerpt text;

		if (!is_word(s, i, "program") || s->t[i + 1].kind != SQL_STRING)
			continue;
		text = excerpt_sub(s->r->w->arena, *s->r->sql,
				   s->t[i + 1].inner, s->t[i + 1].inner_end);
		walk_text(s->r->w, s->r->place, text, false);
	}
}

static bool
is_reading(const struct statement_of_sql *s)
{
	return is_word(s, 0, "select") || is_word(s, 0, "values") ||
	       is_word(s, 0, "table") || is_word(s, 0, "with") ||
	       is_word(s, 0, "show") || is_word(s, 0, "pragma");
}

static void
judge(const struct statement_of_sql *s, enum effect_level least)
{
	uint32_t at;
	struct statement_of_sql inner;

	if (s->n == 0)
		return;
	if (s->t[0].kind == SQL_OPAQUE) {
		walk_unread_sql(s->r->w, s->r->place, spot_of(s, 0, s->n - 1),
				(struct text){ NULL, 0 }, true);
		return;
	}
	if (is_word(s, 0, "explain")) {
		judge_explain(s, least);
		return;
	}
	if (is_word(s, 0, "prepare") && (at = find_word(s, 1, "as")) < s->n) {
		inner = rest_of(s, at + 1);
		judge(&inner, least);
		return;
	}
	if (is_word(s, 0, "with") && (at = main_of_with(s)) > 0) {
		inner = rest_of(s, at);
		judge_head(&inner, least);
		judge_inside(s, is_reading(&inner));
		return;
	}
	if (!is_punct(s, 0, '('))
		judge_head(s, least);
	if (is_word(s, 0, "copy"))
		judge_copy(s);
	judge_inside(s, is_reading(s));
}

/* ---- commands of the client
 * ------------------------------------------------------------- */

static const char *
client_rows(enum sql_dialect dialect)
{
	switch (dialect) {
	case SQL_MYSQL:
		return ":mysql";
	case SQL_SQLITE:
		return ":sqlite";
	case SQL_POSTGRES:
		break;
	}
	return ":psql";
}

/* The words behind the command, as phrases, and the text of PROGRAM. */
static struct text
read_meta_words(const struct reading *r, uint32_t start, uint32_t end)
{
	struct excerpt *rest = ARENA_NEW(r->w->arena, struct excerpt);
	struct statement_of_sql s = { .r = r };
	struct reading inside = *r;
	struct sql_lexer lx;
	struct sql_token *t;

	*rest = excerpt_sub(r->w->arena, *r->sql, start, end);
	inside.sql = rest;
	s.r = &inside;
	sql_lex_init(&lx, rest->text, r->dialect);
	if (!sql_lex_statement(&lx, r->w->arena, &t, &s.n))
		return TEXT("  ");
	s.t = t;
	judge_copy(&s);
	return phrase_text(&s);
}

static void
judge_meta(const struct reading *r, const struct sql_token *t)
{
	struct text all = r->sql->text;
	uint32_t name_end = t->inner, rest, operands[] = { 1, 2, 3 };
	struct arg v[4];
	struct place around = *r->place; /* the files are those of the client */
	struct args a = { .program = table_need(client_rows(r->dialect)),
			  .v = v,
			  .n = 3, /* the file is a part of the words */
			  .operands = operands,
			  .n_operands = 3,
			  .n_before_dashes = 3,
			  .n_objects = 1 };
	struct finding least = { .level = EFFECT_READS };
	struct spot spot = { r->sql, t->start, t->end };

	while (name_end < t->inner_end && !byte_is_space(all.at[name_end]) &&
	       (name_end == t->inner || all.at[t->inner] != '!'))
		name_end++;
	rest = name_end;
	while (rest < t->inner_end && byte_is_blank(all.at[rest]))
		rest++;
	for (int i = 0; i < 2; i++)
		v[i] = walk_made_arg(r->sql, t->start, name_end,
				     text_sub(all, t->inner, name_end));
	v[0].text.len = 0;
	v[2] = walk_made_arg(r->sql, rest, t->inner_end,
			     text_sub(all, rest, t->inner_end));
	v[2].raw.text = excerpt_sub(r->w->arena, *r->sql, rest, t->inner_end);
	if (r->dialect == SQL_POSTGRES)
		v[2].raw.text = walk_psql_rest(r->w, r->place, spot, v[1].text,
					       v[2].raw.text);
	v[3] = walk_meta_file(r->sql, rest, t->inner_end,
			      text_is(v[1].text, "copy"));
	if (v[2].text.len == 0)
		a.n_operands = 1;
	around.hop = around.hop ? around.hop->outer : NULL;
	a.look = look_from(r->w, &around);
	a.words = read_meta_words(r, rest, t->inner_end);
	least.verb = text_sub(all, t->start, name_end);
	if (!walk_words(r->w, r->place, &a, spot, &least))
		walk_unread(r->w, r->place, spot, 0,
			    "this command of the client is not in the table");
}

static bool
feeds_data(const struct statement_of_sql *s)
{
	uint32_t from = find_word(s, 1, "from");

	return is_word(s, 0, "copy") && is_word(s, from + 1, "stdin");
}

void
walk_sql(struct walk *w, const struct place *place, struct excerpt text,
	 enum sql_dialect dialect)
{
	struct excerpt *sql = ARENA_NEW(w->arena, struct excerpt);
	struct reading r = { w, place, sql, dialect };
	struct sql_lexer lx;
	struct sql_token *tokens;
	uint32_t n;
	struct foreign foreign = { "sql", text, place->hop, FOREIGN_NOTHING };

	if (!walk_spend(w, place, text.text.len))
		return;
	*sql = text;
	if (w->visitor && w->visitor->on_foreign)
		w->visitor->on_foreign(w->visitor->ctx, &foreign);
	sql_lex_init(&lx, text.text, dialect);
	while (sql_lex_statement(&lx, w->arena, &tokens, &n)) {
		struct statement_of_sql s = { &r, tokens, n, 0, 0 };

		if (tokens[0].kind == SQL_META)
			judge_meta(&r, &tokens[0]);
		else
			judge(&s, EFFECT_READS);
		if (lx.unclosed)
			walk_unread(w, place, spot_of(&s, 0, n - 1), 0,
				    "its BEGIN has no END");
		if (feeds_data(&s))
			sql_lex_skip_data(&lx);
	}
}
