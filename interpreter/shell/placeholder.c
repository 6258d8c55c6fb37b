/* Places to fill in: the scan over quotes, comments and here-documents, with
 * no grammar, because the text is no shell text before they are known. */
#include "shell/placeholder.h"

#include "shell/spot.h"

enum {
	/* Searches for an end line that may fail: each reads the whole text. */
	FAILED_SEARCHES_MAX = 16,
	DELIMITERS_MAX = 32 /* pending on one line */
};

struct delimiter {
	struct text word;
	bool tabs;
};

struct scan {
	struct arena *arena;
	struct text t;
	size_t at;
	char quote;
	struct delimiter pending[DELIMITERS_MAX];
	unsigned n_pending;
	unsigned failed_searches;
	size_t last_at; /* of the last "@" */
	struct placeholder *found;
	uint32_t n_found;
};

const char *
placeholder_kind_name(enum placeholder_kind kind)
{
	static const char *const names[] = {
		[PLACEHOLDER_ANGLE] = "angle",
		[PLACEHOLDER_CURLY] = "curly",
		[PLACEHOLDER_YOUR] = "your",
		[PLACEHOLDER_CHANGE] = "change",
		[PLACEHOLDER_DATE] = "date",
		[PLACEHOLDER_DUMMY] = "dummy",
		[PLACEHOLDER_CAPITALS] = "capitals",
		[PLACEHOLDER_EXAMPLE] = "example",
		[PLACEHOLDER_BRACKET] = "bracket",
		[PLACEHOLDER_BRACE] = "brace",
		[PLACEHOLDER_XXX] = "xxx",
		[PLACEHOLDER_DEVICE] = "device",
		[PLACEHOLDER_PATH] = "path",
		[PLACEHOLDER_ELLIPSIS] = "ellipsis",
	};

	return names[kind];
}

const char *
placeholder_kind_help(enum placeholder_kind kind)
{
	static const char *const texts[] = {
		[PLACEHOLDER_ANGLE] = "a name in angle brackets",
		[PLACEHOLDER_CURLY] = "a name in double braces",
		[PLACEHOLDER_YOUR] = "what the reader has for it",
		[PLACEHOLDER_CHANGE] = "to be changed by the reader",
		[PLACEHOLDER_DATE] = "the form of a date",
		[PLACEHOLDER_DUMMY] = "a stand-in for a secret",
		[PLACEHOLDER_CAPITALS] = "a name in capitals",
		[PLACEHOLDER_EXAMPLE] = "an address of an example",
		[PLACEHOLDER_BRACKET] = "a name in square brackets",
		[PLACEHOLDER_BRACE] = "a name in braces",
		[PLACEHOLDER_XXX] = "crossed out",
		[PLACEHOLDER_DEVICE] = "the form of a device",
		[PLACEHOLDER_PATH] = "a path that nobody has",
		[PLACEHOLDER_ELLIPSIS] = "left out",
	};

	return texts[kind];
}

static void
add(struct scan *s, struct placeholder p)
{
	ARENA_PUSH(s->arena, s->found, s->n_found, p);
	s->at = p.end;
}

/* A placeholder can begin at the current byte: with a sign of its own, or
 * where a word begins. It is asked of every byte. */
static bool
may_begin(const struct scan *s)
{
	char c = s->t.at[s->at];

	switch (c) {
	case '<':
	case '{':
	case '[':
	case '.':
	case '/':
	case (char)0xe2:
		return true;
	default:
		return byte_is_alnum(c) &&
		       byte_bounds(text_before(s->t, s->at));
	}
}

/* Look for a placeholder at the current byte and take it. */
static bool
take(struct scan *s, bool in_body)
{
	struct spot spot = { s->t, s->at, s->quote, in_body, s->last_at };
	struct placeholder p;

	if (!may_begin(s) || !spot_look(&spot, &p))
		return false;
	if (in_body)
		p.certainty = PLACEHOLDER_POSSIBLE;
	add(s, p);
	return true;
}

/* ---- here-documents ----------------------------------------------------- */

/* Where the line that ends the document begins, from FROM on; the text's
 * length when there is none. */
static size_t
find_end(const struct scan *s, const struct delimiter *d, size_t from)
{
	while (from < s->t.len) {
		size_t end = text_chr(s->t, '\n', from), start = from;

		while (d->tabs && start < end && s->t.at[start] == '\t')
			start++;
		if (text_eq(text_sub(s->t, start, end), d->word))
			return from;
		from = end + 1;
	}
	return s->t.len;
}

/* The delimiter that begins at AT, without its quotes; empty: none. */
static struct text
delimiter_at(const struct scan *s, size_t at)
{
	char quote = text_at(s->t, at);
	size_t end;

	if (quote == '\\')
		at++;
	if (quote == '\'' || quote == '"') {
		end = text_chr(s->t, quote, at + 1);
		return text_sub(s->t, at + 1, end);
	}
	for (end = at; end < s->t.len; end++) {
		if (strchr(" \t\n;&|()<>\"'`", s->t.at[end]))
			break;
	}
	return text_sub(s->t, at, end);
}

/* True when the document D, whose delimiter ends at AT, has an end. */
static bool
has_end(struct scan *s, const struct delimiter *d, size_t at)
{
	if (s->failed_searches == FAILED_SEARCHES_MAX)
		return false;
	if (find_end(s, d, text_chr(s->t, '\n', at)) < s->t.len)
		return true;
	s->failed_searches++;
	return false;
}

/* "<<" at the current byte: a here-document, if it has an end; perhaps
 * <<NAME>>. */
static void
take_heredoc(struct scan *s)
{
	struct delimiter d = { .tabs = text_at(s->t, s->at + 2) == '-' };
	struct spot spot = { s->t, s->at, '\0', false, s->last_at };
	size_t at = s->at + (d.tabs ? 3 : 2);
	struct placeholder p;

	while (byte_is_blank(text_at(s->t, at)))
		at++;
	d.word = delimiter_at(s, at);
	at += d.word.len;
	if (d.word.len && s->n_pending < DELIMITERS_MAX && has_end(s, &d, at))
		s->pending[s->n_pending++] = d;
	else if (spot_double_angle(&spot, &p)) {
		add(s, p);
		return;
	}
	s->at += d.tabs ? 3 : 2;
}

/* Behind a newline: look through the bodies of what is pending. */
static void
scan_bodies(struct scan *s)
{
	for (unsigned i = 0; i < s->n_pending; i++) {
		size_t end = find_end(s, &s->pending[i], s->at);

		while (s->at < end) {
			if (!take(s, true))
				s->at++;
		}
		s->at = text_chr(s->t, '\n', end);
		if (s->at < s->t.len)
			s->at++;
	}
	s->n_pending = 0;
}

/* ---- the scan ----------------------------------------------------------- */

static bool
begins_comment(const struct scan *s)
{
	char before;

	if (s->quote || s->t.at[s->at] != '#')
		return false;
	before = text_before(s->t, s->at);
	return !before || strchr(" \t\n;&|()", before);
}

/* At a comment: the value that it tells to change, unless something in it was
 * found before. */
static void
take_changed(struct scan *s)
{
	struct spot spot = { s->t, s->at, '\0', false, s->last_at };
	struct placeholder p;

	if (spot_changed(&spot, &p) &&
	    (!s->n_found || s->found[s->n_found - 1].end <= p.start))
		ARENA_PUSH(s->arena, s->found, s->n_found, p);
}

/* Step over what is not ordinary at the current byte; false: it is. */
static bool
step(struct scan *s)
{
	char c = s->t.at[s->at];

	if (c == '\\' && s->quote != '\'') {
		s->at += 2;
		return true;
	}
	if (s->quote) {
		if (c == s->quote)
			s->quote = '\0';
		return false;
	}
	if (c == '\'' || c == '"') {
		s->quote = c;
	} else if (begins_comment(s)) {
		take_changed(s);
		s->at = text_chr(s->t, '\n', s->at);
		return true;
	} else if (c == '<' && text_at(s->t, s->at + 1) == '<') {
		if (text_at(s->t, s->at + 2) == '<')
			s->at += 3;
		else
			take_heredoc(s);
		return true;
	} else if (c == '\n' && s->n_pending) {
		s->at++;
		scan_bodies(s);
		return true;
	}
	return false;
}

const struct placeholder *
placeholder_scan(struct arena *arena, struct text t, uint32_t *ret_n)
{
	struct scan s = { .arena = arena, .t = t };
	const char *sign = t.len ? memrchr(t.at, '@', t.len) : NULL;

	if (sign)
		s.last_at = (size_t)(sign - t.at);
	while (s.at < t.len) {
		if (!begins_comment(&s) && take(&s, false))
			continue;
		if (!step(&s))
			s.at++;
	}
	*ret_n = s.n_found;
	return s.found;
}
