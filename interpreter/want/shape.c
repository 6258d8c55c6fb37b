/* Cutting lines into tokens, and comparing them. */
#include "want/shape.h"

static const char *
class_name(enum shape_class is)
{
	static const char *const names[] = {
#define SHAPE(symbol, name) name,
#include "want/shapes.def"
#undef SHAPE
	};

	return names[is];
}

/* What programs print for "nothing" in angle brackets is itself. */
static bool
means_nothing(struct text name)
{
	static const char *const words[] = { "none",    "nil",     "null",
					     "unset",   "unknown", "pending",
					     "invalid", "missing" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_eq_nocase(name, text_of(words[i])))
			return true;
	}
	return false;
}

/* Length of "<some words>" at AT; "<<EOF>>" and the like are text. */
static size_t
scan_placeholder(struct text line, size_t at)
{
	size_t start = at + 1, end = start;

	if (line.at[at] != '<' || (at > 0 && line.at[at - 1] == '<'))
		return 0;
	while (end < line.len &&
	       (byte_is_alnum(line.at[end]) || line.at[end] == '-' ||
		line.at[end] == '_' || line.at[end] == ' '))
		end++;
	if (end == start || end == line.len || line.at[end] != '>' ||
	    !byte_is_alpha(line.at[start]) ||
	    means_nothing(text_sub(line, start, end)))
		return 0;
	end++;
	return end < line.len && line.at[end] == '>' ? 0 : end - at;
}

/* "***" is what a secret in an output looks like (base/mask.h); a longer row
 * is a rule. */
static bool
is_masked(struct text line, size_t at)
{
	return text_starts(text_sub(line, at, line.len), "***") &&
	       (at == 0 || line.at[at - 1] != '*') &&
	       (at + 3 == line.len || line.at[at + 3] != '*');
}

/* Length of "…", of three or more dots, of "***", or of a placeholder at AT.
 */
static size_t
scan_any(struct text line, size_t at)
{
	struct text rest = text_sub(line, at, line.len);
	size_t dots = 0;

	if (text_starts(rest, "…"))
		return strlen("…");
	if (is_masked(line, at))
		return 3;
	while (dots < rest.len && rest.at[dots] == '.')
		dots++;
	return dots >= 3 ? dots : scan_placeholder(line, at);
}

static size_t
scan_blanks(struct text line, size_t at)
{
	size_t start = at;

	while (at < line.len && byte_is_space(line.at[at]))
		at++;
	return at - start;
}

/* Length of a run of three or more of the same character: a ruled line. */
static size_t
scan_rule(struct text line, size_t at)
{
	size_t one = shape_character(line, at), end = at + one;
	struct text first = text_sub(line, at, end);

	while (text_eq(text_sub(line, end, end + one), first))
		end += one;
	return end - at >= 3 * one ? end - at : 0;
}

static bool
may_precede_sign(char c)
{
	return byte_is_space(c) || c == '(' || c == '[' || c == '=' ||
	       c == ':' || c == ',';
}

/* A sign belongs to the number behind it where nothing else could end. */
static size_t
scan_signed(struct text line, size_t at, enum shape_class *ret_class)
{
	size_t n;

	if (line.at[at] != '-' && line.at[at] != '+')
		return 0;
	if (at > 0 && !may_precede_sign(line.at[at - 1]))
		return 0;
	n = shape_known(line, at + 1, ret_class);
	if (*ret_class != SHAPE_NUMBER && *ret_class != SHAPE_SIZE &&
	    *ret_class != SHAPE_DURATION)
		return 0;
	return n ? n + 1 : 0;
}

/* mktemp(1) makes names "tmp." and ten random letters and digits. */
static bool
is_temporary_name(struct text line, size_t at, size_t n)
{
	return n == 10 && at >= 4 &&
	       text_is(text_sub(line, at - 4, at), "tmp.");
}

static size_t
scan_token(struct text line, size_t at, bool example, enum shape_class *ret)
{
	size_t n;

	*ret = SHAPE_BLANK;
	if ((n = scan_blanks(line, at)))
		return n;
	*ret = SHAPE_ANY;
	if (example && (n = scan_any(line, at)))
		return n;
	n = shape_word(line, at);
	*ret = SHAPE_ID;
	if (is_temporary_name(line, at, n))
		return n;
	if (n || line.at[at] == ':') {
		size_t known = shape_known(line, at, ret);

		if (known)
			return known;
	}
	*ret = SHAPE_LITERAL;
	if (n)
		return n;
	if ((n = scan_signed(line, at, ret)))
		return n;
	*ret = SHAPE_RULE;
	if ((n = scan_rule(line, at)))
		return n;
	*ret = SHAPE_LITERAL;
	return shape_character(line, at);
}

static bool
is_literal(const struct shape *s, uint32_t i, const char *text)
{
	return i < s->n && s->tokens[i].is == SHAPE_LITERAL &&
	       text_is(s->tokens[i].text, text);
}

/* True when token I follows "HTTP/1.1 ", or "status", "code" and the like. */
static bool
is_status(const struct shape *s, uint32_t i)
{
	static const char *const words[] = { "status", "code", "exit", "rc" };

	if (i >= 4 && is_literal(s, i - 4, "HTTP") && is_literal(s, i - 3, "/"))
		return true;
	while (i > 0 &&
	       (s->tokens[i - 1].is == SHAPE_BLANK ||
		is_literal(s, i - 1, "=") || is_literal(s, i - 1, ":")))
		i--;
	for (size_t w = 0; i > 0 && w < ARRAY_LEN(words); w++) {
		if (text_eq_nocase(s->tokens[i - 1].text, text_of(words[w])))
			return true;
	}
	return false;
}

static bool
is_zero(struct text number)
{
	for (size_t i = 0; i < number.len; i++) {
		if (number.at[i] != '0' && number.at[i] != '.')
			return false;
	}
	return true;
}

static bool
has_failure_word(const struct shape *s)
{
	static const char *const words[] = {
		"error",  "fail",    "warn",    "down",  "unhealthy",
		"miss",   "lost",    "loss",    "dead",  "drop",
		"reject", "refus",   "timeout", "stale", "conflict",
		"violat", "unreach", "corrupt", "degrad"
	};

	for (uint32_t i = 0; i < s->n; i++) {
		for (size_t w = 0; w < ARRAY_LEN(words); w++) {
			if (s->tokens[i].is == SHAPE_LITERAL &&
			    text_starts_nocase(s->tokens[i].text, words[w]))
				return true;
		}
	}
	return false;
}

/* Numbers that are verdicts, not measurements, stay as they are. */
static void
pin_verdicts(struct shape *s)
{
	bool failure = has_failure_word(s);

	for (uint32_t i = 0; i < s->n; i++) {
		struct shape_token *t = &s->tokens[i];

		if (t->is == SHAPE_NUMBER &&
		    ((failure && is_zero(t->text)) || is_status(s, i)))
			t->is = SHAPE_LITERAL;
	}
}

void
shape_init(struct shape *s, struct arena *arena, struct text line, bool example)
{
	size_t at = 0;

	*s = (struct shape){ NULL, 0 };
	line = text_trim(line);
	while (at < line.len) {
		struct shape_token t;
		size_t n = scan_token(line, at, example, &t.is);

		t.text = text_sub(line, at, at + n);
		ARENA_PUSH(arena, s->tokens, s->n, t);
		at += n;
	}
	if (example)
		pin_verdicts(s);
}

static bool
is_alnum(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (!byte_is_alnum(t.at[i]))
			return false;
	}
	return true;
}

/* Classes that turn into each other as values change: "0" and "512K" in one
 * column, an id that happens to be all figures. */
static bool
is_kin(const struct shape_token *a, const struct shape_token *b)
{
	if (a->is == SHAPE_NUMBER) {
		/* ls -l prints the year in place of the time (POSIX). */
		if (b->is == SHAPE_TIME)
			return a->text.len == 4;
		if (b->is == SHAPE_DURATION)
			return is_zero(a->text);
		return b->is == SHAPE_SIZE || b->is == SHAPE_VERSION;
	}
	if (a->is == SHAPE_TIME)
		return b->is == SHAPE_DURATION;
	return false;
}

/* An id of the example admits whatever its generator could have made. */
static bool
is_id_like(struct text want, struct text got)
{
	if (shape_is_hex(want, 7))
		return shape_is_hex(got, 7);
	return got.len >= 5 && is_alnum(got);
}

static bool
accepts(const struct shape_token *want, const struct shape_token *got)
{
	if (text_eq(want->text, got->text))
		return true;
	if (want->is == SHAPE_LITERAL)
		return false;
	if (want->is == SHAPE_RULE)
		return got->is == SHAPE_RULE &&
		       got->text.at[0] == want->text.at[0];
	if (want->is == got->is || is_kin(want, got) || is_kin(got, want))
		return true;
	if (want->is == SHAPE_ID ||
	    (want->is == SHAPE_NUMBER && shape_is_hex(want->text, 7)))
		return is_id_like(want->text, got->text);
	return false;
}

/* "1 node" and "3 nodes". */
static bool
is_plural(struct text a, struct text b)
{
	struct text one = a.len < b.len ? a : b, many = a.len < b.len ? b : a;

	return many.len == one.len + 1 && text_ends(many, "s") &&
	       text_eq(text_sub(many, 0, one.len), one);
}

/* "3f9a..." begins a longer word. */
static bool
begins(const struct shape *want, uint32_t w, struct text got)
{
	struct text start = want->tokens[w].text;

	return w + 1 < want->n && want->tokens[w + 1].is == SHAPE_ANY &&
	       text_eq(text_sub(got, 0, start.len), start);
}

static bool
accepts_at(const struct shape *want, uint32_t w, const struct shape_token *got)
{
	const struct shape_token *t = &want->tokens[w];

	return accepts(t, got) || begins(want, w, got->text) ||
	       (w >= 2 && t->is == SHAPE_LITERAL && got->is == SHAPE_LITERAL &&
		want->tokens[w - 1].is == SHAPE_BLANK &&
		want->tokens[w - 2].is == SHAPE_NUMBER &&
		is_plural(t->text, got->text));
}

bool
shape_matches(const struct shape *want, const struct shape *got,
	      struct budget *budget)
{
	uint32_t w = 0, g = 0, any_w = UINT32_MAX, any_g = 0;

	while (g < got->n || w < want->n) {
		if (w < want->n && want->tokens[w].is == SHAPE_ANY) {
			any_w = ++w;
			any_g = g;
		} else if (w < want->n && g < got->n &&
			   accepts_at(want, w, &got->tokens[g])) {
			w++;
			g++;
		} else if (any_w == UINT32_MAX || any_g == got->n ||
			   budget_spent(budget)) {
			return false;
		} else {
			w = any_w;
			g = ++any_g;
		}
	}
	return true;
}

bool
shape_same(const struct shape *a, const struct shape *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++) {
		const struct shape_token *x = &a->tokens[i], *y = &b->tokens[i];

		if (x->is != y->is)
			return false;
		if (x->is == SHAPE_LITERAL && !text_eq(x->text, y->text))
			return false;
		if (x->is == SHAPE_RULE && x->text.at[0] != y->text.at[0])
			return false;
	}
	return true;
}

bool
shape_varies(const struct shape *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		if (*class_name(s->tokens[i].is))
			return true;
	}
	return false;
}

bool
shape_is_open(const struct shape *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->tokens[i].is == SHAPE_ANY)
			return true;
	}
	return false;
}

void
shape_describe(const struct shape *s, struct buf *b)
{
	for (uint32_t i = 0; i < s->n; i++) {
		const char *name = class_name(s->tokens[i].is);

		if (*name)
			buf_addf(b, "<%s>", name);
		else
			buf_addt(b, s->tokens[i].text);
	}
}
