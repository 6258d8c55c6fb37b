/* Comments that say what a command prints: "# Expected: 3", "# → ok",
 * "# Should return "root"", "# Example output:" with lines below. Words that
 * are meant for people ("# Should connect successfully") stay remarks: only
 * what is set off on lines of its own, or looks like output, can be
 * compared. */
#include "graph/infer.h"

enum saying {
	SAYS_NOTHING,
	SAYS_THIS,    /* "Expected:", "→": this comes */
	SAYS_EXAMPLE, /* "Example output:": something like this comes */
	SAYS_HOLDS,   /* "Should show": this stands in what comes */
	SAYS_LACKS    /* "Should not show": this does not */
};

struct announcement {
	enum saying says;
	bool colon;        /* what follows is set off */
	bool loose;        /* "prints x": only a sure value counts */
	struct text value; /* the rest of its line, trimmed */
};

/* ---- the words ----------------------------------------------------------- */

struct text
comment_text(const struct script *s, const struct comment *c)
{
	struct text t = script_text(s, c->start, c->end);

	while (t.len && t.at[0] == '#')
		t = text_sub(t, 1, t.len);
	return t;
}

/* Cut WORD and the blanks behind it off *T, in any case, where it is a whole
 * word. */
static bool
take_word(struct text *t, const char *word)
{
	size_t n = strlen(word);

	if (!text_starts_nocase(*t, word) ||
	    (n < t->len && byte_is_alnum(word[n - 1]) &&
	     byte_is_alnum(t->at[n])))
		return false;
	*t = text_trim(text_sub(*t, n, t->len));
	return true;
}

static bool
take_word_of(struct text *t, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (take_word(t, words[i]))
			return true;
	}
	return false;
}

/* "Expected:", "Expected output (on db1):", "Output:"; without the colon only
 * at the end of the line. */
static bool
take_heading(struct text *t, struct announcement *a)
{
	static const struct {
		const char *words;
		enum saying says;
	} headings[] = {
		{ "expected output", SAYS_THIS },
		{ "expected result", SAYS_THIS },
		{ "expected", SAYS_THIS },
		{ "expect", SAYS_THIS },
		{ "example output", SAYS_EXAMPLE },
		{ "sample output", SAYS_EXAMPLE },
		{ "output", SAYS_THIS },
	};

	for (size_t i = 0; i < ARRAY_LEN(headings); i++) {
		struct text rest = *t;
		size_t colon;

		if (!take_word(&rest, headings[i].words))
			continue;
		colon = text_chr(rest, ':', 0);
		if (rest.len && colon != 0 &&
		    (rest.at[0] != '(' || colon == rest.len))
			continue;
		a->says = headings[i].says;
		a->colon = true;
		*t = text_trim(text_sub(rest, colon + 1, rest.len));
		return true;
	}
	return false;
}

/* "should show", "should not contain", "prints". */
static bool
take_verb(struct text *t, struct announcement *a)
{
	static const char *const verbs[] = {
		"see",  "show", "print",   "output", "return",    "be",
		"say",  "read", "display", "list",   "contain",   "include",
		"have", "give", "report",  "equal",  "look like", "respond with"
	};
	static const char *const prints[] = { "prints", "returns", "outputs",
					      "gives" };
	static const char *const nots[] = { "not", "never" };
	struct text rest = *t;

	a->says = SAYS_HOLDS;
	if (take_word_of(&rest, prints, ARRAY_LEN(prints))) {
		a->loose = true;
	} else if (take_word(&rest, "should")) {
		if (take_word_of(&rest, nots, ARRAY_LEN(nots)))
			a->says = SAYS_LACKS;
		if (!take_word_of(&rest, verbs, ARRAY_LEN(verbs)))
			return false;
	} else {
		return false;
	}
	a->colon = take_word(&rest, ":");
	*t = rest;
	return true;
}

/* What T, a comment without its mark, announces. */
static struct announcement
announcement(struct text t)
{
	static const char *const arrows[] = { "→", "=>", "->" };
	struct announcement a = { .says = SAYS_NOTHING };

	t = text_trim(t);
	if (take_word_of(&t, arrows, ARRAY_LEN(arrows)))
		a.says = SAYS_THIS;
	else if (!take_heading(&t, &a) && !take_verb(&t, &a))
		a.says = SAYS_NOTHING;
	a.value = t;
	return a;
}

/* ---- values on the line itself
 * ------------------------------------------------- */

/* Without the tick or full stop that authors put behind. */
static struct text
without_flourish(struct text t)
{
	static const char *const ends[] = { "✓", "✔", "✅", ".", "!" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		if (text_ends(t, ends[i]))
			return text_trim(
				text_sub(t, 0, t.len - strlen(ends[i])));
	}
	return t;
}

/* True when T is one pair of quotes; *RET is what stands between. */
static bool
is_quoted(struct text t, struct text *ret)
{
	if (t.len < 3 || !strchr("\"'`", t.at[0]) ||
	    text_chr(t, t.at[0], 1) != t.len - 1)
		return false;
	*ret = text_sub(t, 1, t.len - 1);
	return true;
}

static bool
is_one_word(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (byte_is_space(t.at[i]))
			return false;
	}
	return t.len > 0;
}

/* A word, or something with figures and signs in it, in contrast to a
 * sentence. */
static bool
looks_like_output(struct text t)
{
	if (text_starts(t, "~")) /* "~18.5 GB": about */
		return false;
	for (size_t i = 0; i < t.len; i++) {
		if (byte_is_digit(t.at[i]) ||
		    strchr("{}[]<>=\"'`/\\:_@$%#|*;&^", t.at[i]))
			return true;
	}
	return is_one_word(t);
}

static bool
is_number(struct text t)
{
	bool digit = false;

	for (size_t i = 0; i < t.len; i++) {
		if (!byte_is_digit(t.at[i]) && !strchr(".,-%", t.at[i]))
			return false;
		digit |= byte_is_digit(t.at[i]);
	}
	return digit;
}

/* Words in which programs tell a state. */
static bool
is_state(struct text t)
{
	static const char *const words[] = {
		"active",  "inactive", "enabled",   "disabled",  "running",
		"healthy", "ready",    "open",      "closed",    "true",
		"false",   "yes",      "no",        "ok",        "none",
		"null",    "up",       "down",      "succeeded", "completed",
		"bound",   "mounted",  "available", "online",    "offline",
		"stopped", "exited",   "failed",    "pending"
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_eq_nocase(t, text_of(words[i])))
			return true;
	}
	return false;
}

static bool
is_nothing(struct text t)
{
	return text_eq_nocase(t, TEXT("nothing")) ||
	       text_eq_nocase(t, TEXT("empty")) ||
	       text_eq_nocase(t, TEXT("no output"));
}

/* WORD where no letter, figure or point goes on with it: "active" is not in
 * "inactive", 2 not in 0.25. */
static struct text
whole_word(struct arena *arena, struct text word)
{
	struct buf b = BUF_INIT;
	struct text t;

	buf_adds(&b, "(?<![\\w.-])");
	for (size_t i = 0; i < word.len; i++) {
		if (!byte_is_alnum(word.at[i]))
			buf_addc(&b, '\\');
		buf_addc(&b, word.at[i]);
	}
	buf_adds(&b, "(?!\\.?\\w|-)");
	t = arena_text(arena, buf_text(&b));
	buf_release(&b);
	return t;
}

/* "Should be 2", "Should return "root"". */
static bool
held_value(struct arena *arena, const struct announcement *a, struct text value,
	   struct noted_want *ret)
{
	enum want_kind holds =
		a->says == SAYS_LACKS ? WANT_ABSENT : WANT_CONTAINS;

	if (is_quoted(value, &ret->text)) {
		ret->kind = holds;
		return true;
	}
	if (a->says == SAYS_LACKS)
		return false;
	if (is_nothing(value)) {
		ret->kind = WANT_EXACT;
		ret->text = TEXT("");
		return true;
	}
	if (is_one_word(value) && (is_number(value) || is_state(value))) {
		ret->kind = WANT_REGEX;
		ret->text = whole_word(arena, value);
		return true;
	}
	if (a->loose ||
	    !(a->colon ? looks_like_output(value)
		       : is_one_word(value) &&
				 text_chr(value, '=', 1) < value.len))
		return false;
	ret->kind = holds;
	ret->text = value;
	return true;
}

/* "Expected: 200" means 200; a line with more in it stands for its like. */
static bool
stated_value(const struct announcement *a, struct text value,
	     struct noted_want *ret)
{
	ret->kind = WANT_EXAMPLE;
	ret->text = a->value;
	if (a->says == SAYS_EXAMPLE)
		return value.len > 0;
	if (is_quoted(value, &ret->text))
		ret->kind = WANT_CONTAINS;
	else if (is_one_word(value))
		ret->kind = WANT_EXACT;
	return looks_like_output(value);
}

static bool
value_on_line(struct arena *arena, const struct script *s,
	      const struct comment *c, const struct announcement *a,
	      struct noted_want *ret)
{
	struct text value = without_flourish(a->value);
	bool is = a->says == SAYS_THIS || a->says == SAYS_EXAMPLE
			  ? stated_value(a, value, ret)
			  : held_value(arena, a, value, ret);
	size_t at = (size_t)(ret->text.at - s->source.text.at);

	if (!is)
		return false;
	ret->where = script_span(s, c->start, c->end);
	/* A text of the comment itself, no pattern made of it. */
	if (ret->kind != WANT_REGEX && ret->text.len)
		ret->map = excerpt_sub(arena, s->source, at, at + ret->text.len)
				   .map;
	return true;
}

/* ---- lines below
 * ------------------------------------------------------------------ */

/* Comments [FIRST, END) of S as one text of lines, each without its mark and
 * the blank behind it; VALUE stands for the first one when it is not empty. */
static void
join_lines(struct arena *arena, const struct script *s, uint32_t first,
	   uint32_t end, struct text value, struct noted_want *ret)
{
	struct map *m =
		s->source.map ? map_new(arena, s->source.map->src) : NULL;
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	uint32_t gap = 0; /* blank lines that may be between two others */

	for (uint32_t i = first; i < end; i++) {
		struct text t = i == first && value.len
					? value
					: comment_text(s, &s->comments[i]);
		uint32_t at;

		if (i == first && !value.len)
			continue;
		if (t.len && t.at[0] == ' ')
			t = text_sub(t, 1, t.len);
		while (t.len && byte_is_space(t.at[t.len - 1]))
			t.len--;
		at = (uint32_t)(t.at - s->source.text.at);
		if (t.len == 0) {
			gap += b.len > 0;
			continue;
		}
		if (b.len) {
			buf_fill(&b, '\n', gap + 1);
			if (m)
				map_add(arena, m, gap + 1, 0, 0, MAP_INSERTED);
		}
		gap = 0;
		buf_addt(&b, t);
		if (m)
			map_add_from(arena, m, (uint32_t)t.len, s->source.map,
				     at, at + (uint32_t)t.len, MAP_COPIED);
	}
	ret->text = arena_text(arena, buf_text(&b));
	ret->map = m;
	ret->where = script_span(s, s->comments[first].start,
				 s->comments[end - 1].end);
}

bool
comment_want(struct arena *arena, const struct script *s, uint32_t first,
	     uint32_t end, bool titles, struct noted_want *ret)
{
	struct announcement a =
		announcement(comment_text(s, &s->comments[first]));

	*ret = (struct noted_want){ .kind = WANT_EXAMPLE };
	if (a.says == SAYS_NOTHING ||
	    (a.value.len == 0 && (end == first + 1 || !a.colon)))
		return false;
	if ((a.says == SAYS_LACKS && a.value.len == 0) || (a.loose && titles))
		return false;
	/* "Should be 2" is said on one line; what stands below is a remark. */
	if (end == first + 1 || (a.value.len && a.says >= SAYS_HOLDS))
		return value_on_line(arena, s, &s->comments[first], &a, ret);
	join_lines(arena, s, first, end, a.value, ret);
	return text_trim(ret->text).len > 0;
}

bool
comment_announces(const struct script *s, uint32_t comment)
{
	struct announcement a =
		announcement(comment_text(s, &s->comments[comment]));

	return a.says == SAYS_THIS || a.says == SAYS_EXAMPLE;
}
