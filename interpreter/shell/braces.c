/* Brace expansions among the unquoted literal bytes of a word: {a,b}, {1..3}.
 *
 * bash (braces.c) looks at the text of the word with only quotes and ${ known:
 * the first "{" that some "}" with a comma or ".." before it closes is an
 * expansion. */
#include "shell/reader.h"
#include "shell/sequence.h"

enum {
	BRACES_MAX = 64 /* "{" in one word; finding their ends is quadratic */
};

static bool
is_atom(const struct reader *r, const struct part *part, char c)
{
	return part->kind == PART_LITERAL && part->end - part->start == 1 &&
	       r->bytes[part->start] == c;
}

static bool
is_brace_byte(char c)
{
	return c == '{' || c == '}' || c == ',';
}

/* Cut W so that each unquoted "{", "}" and "," is a part of its own, an atom;
 * how many "{" there are. */
static uint32_t
cut_braces(struct reader *r, const struct word *w, struct parts *out)
{
	uint32_t opens = 0;

	for (uint32_t i = 0; i < w->n_parts; i++) {
		const struct part *part = w->parts[i];
		uint32_t from = part->start;

		if (part->kind != PART_LITERAL) {
			parts_add(r, out, w->parts[i]);
			continue;
		}
		for (uint32_t at = from; at <= part->end; at++) {
			bool last = at == part->end;

			if (!last && !is_brace_byte(r->bytes[at]))
				continue;
			if (from < at)
				parts_mark(r, out, PART_LITERAL, from, at);
			if (!last)
				parts_mark(r, out, PART_LITERAL, at, at + 1);
			opens += !last && r->bytes[at] == '{';
			from = at + 1;
		}
	}
	return opens;
}

/* True when atom I holds ".." that is not directly before a "}". */
static bool
has_dots(const struct reader *r, const struct parts *atoms, uint32_t i,
	 uint32_t last)
{
	const struct part *part = atoms->items[i];
	struct text t = { r->bytes + part->start, part->end - part->start };
	size_t at;

	if (part->kind != PART_LITERAL)
		return false;
	at = text_find(t, TEXT(".."), 0);
	if (at == t.len)
		return false;
	return at + 2 < t.len || i + 1 >= last ||
	       !is_atom(r, atoms->items[i + 1], '}');
}

/* The "}" that closes the "{" before FIRST, or LAST. */
static uint32_t
find_close(const struct reader *r, const struct parts *atoms, uint32_t first,
	   uint32_t last)
{
	uint32_t level = 0;
	bool separated = false;

	for (uint32_t i = first; i < last; i++) {
		const struct part *part = atoms->items[i];

		if (is_atom(r, part, '}') && level == 0 && separated)
			return i;
		if (is_atom(r, part, '{'))
			level++;
		else if (is_atom(r, part, '}') && level > 0)
			level--;
		else if (level == 0)
			separated |= is_atom(r, part, ',') ||
				     has_dots(r, atoms, i, last);
	}
	return last;
}

/* The first expansion among the atoms [FIRST, LAST): its "{" and "}". False:
 * none. */
static bool
find_pair(const struct reader *r, const struct parts *atoms, uint32_t first,
	  uint32_t last, uint32_t *ret_open, uint32_t *ret_close)
{
	for (uint32_t i = first; i < last; i++) {
		if (!is_atom(r, atoms->items[i], '{'))
			continue;
		/* bash passes over "{}" where it begins to look */
		if (i == first && i + 1 < last &&
		    is_atom(r, atoms->items[i + 1], '}'))
			continue;
		*ret_close = find_close(r, atoms, i + 1, last);
		*ret_open = i;
		if (*ret_close < last)
			return true;
	}
	return false;
}

/* bash looks for a comma everywhere between the braces, in quotes too. */
static bool
has_comma(const struct reader *r, uint32_t at, uint32_t end)
{
	for (; at < end && r->bytes[at] != ','; at++) {
		if (r->bytes[at] == '\\')
			at++;
	}
	return at < end;
}

static bool build(struct reader *r, const struct parts *atoms, uint32_t first,
		  uint32_t last, struct parts *out);

static bool
add_element(struct reader *r, struct part *brace, const struct parts *atoms,
	    uint32_t first, uint32_t last, uint32_t end)
{
	struct parts inner = { NULL, 0 };
	uint32_t start = first < last ? atoms->items[first]->start : end;
	struct word *w;

	if (!build(r, atoms, first, last, &inner))
		return false;
	w = word_new(r, start, end, &inner);
	if (!w)
		return false;
	ARENA_PUSH(r->arena, brace->words, brace->n_words, w);
	return true;
}

/* {a,b}: the atoms [FIRST, LAST) between the braces, cut at the commas that
 * are not in braces of their own. */
static bool
add_elements(struct reader *r, struct part *brace, const struct parts *atoms,
	     uint32_t first, uint32_t last)
{
	uint32_t level = 0, from = first;

	brace->op = TEXT(",");
	for (uint32_t i = first; i < last; i++) {
		const struct part *part = atoms->items[i];

		if (is_atom(r, part, '{')) {
			level++;
		} else if (is_atom(r, part, '}') && level > 0) {
			level--;
		} else if (is_atom(r, part, ',') && level == 0) {
			if (!add_element(r, brace, atoms, from, i, part->start))
				return false;
			from = i + 1;
		}
	}
	return add_element(r, brace, atoms, from, last, brace->inner_end);
}

/* {1..3}, {a..e..2}: the one literal between the braces, cut at "..". False
 * when it is no sequence: then the braces are ordinary. */
static bool
add_sequence(struct reader *r, struct part *brace, const struct parts *atoms,
	     uint32_t first, uint32_t last)
{
	struct text t = { r->bytes + brace->inner,
			  brace->inner_end - brace->inner };
	size_t from = 0;

	if (last - first != 1 || atoms->items[first]->kind != PART_LITERAL ||
	    !sequence_parse(t, &(struct sequence){ 0 }))
		return false;
	brace->op = TEXT("..");
	while (from <= t.len) {
		size_t dots = text_find(t, TEXT(".."), from);
		struct parts inner = { NULL, 0 };
		uint32_t start = brace->inner + (uint32_t)from;
		uint32_t end = brace->inner + (uint32_t)dots;
		struct word *w;

		parts_literal(r, &inner, start, end);
		w = word_new(r, start, end, &inner);
		if (!w)
			return false;
		ARENA_PUSH(r->arena, brace->words, brace->n_words, w);
		from = dots + 2;
	}
	return true;
}

/* Atoms that turned out to be ordinary are one literal again. */
static void
add_atom(struct reader *r, struct parts *out, struct part *atom)
{
	struct part *last = out->n ? out->items[out->n - 1] : NULL;

	if (last && last->kind == PART_LITERAL && atom->kind == PART_LITERAL &&
	    last->end == atom->start)
		last->end = last->inner_end = atom->end;
	else
		parts_add(r, out, atom);
}

/* The brace expansion from atom OPEN to atom CLOSE, as one part, or as the
 * literals that it is. */
static bool
build_pair(struct reader *r, const struct parts *atoms, uint32_t open,
	   uint32_t close, struct parts *out)
{
	struct part *brace = part_new(r, PART_BRACE, atoms->items[open]->start);
	bool is;

	if (!brace)
		return false;
	brace->end = atoms->items[close]->end;
	brace->inner = brace->start + 1;
	brace->inner_end = brace->end - 1;
	if (has_comma(r, brace->inner, brace->inner_end))
		is = add_elements(r, brace, atoms, open + 1, close);
	else
		is = add_sequence(r, brace, atoms, open + 1, close);
	if (is)
		parts_add(r, out, brace);
	else
		for (uint32_t i = open; i <= close; i++)
			add_atom(r, out, atoms->items[i]);
	return !r->failed;
}

/* The atoms [FIRST, LAST) with their braces put together. */
static bool
build(struct reader *r, const struct parts *atoms, uint32_t first,
      uint32_t last, struct parts *out)
{
	uint32_t open, close;

	while (find_pair(r, atoms, first, last, &open, &close)) {
		for (; first < open; first++)
			add_atom(r, out, atoms->items[first]);
		if (!reader_enter(r) || !build_pair(r, atoms, open, close, out))
			return false;
		reader_leave(r);
		first = close + 1;
	}
	for (; first < last; first++)
		add_atom(r, out, atoms->items[first]);
	return true;
}

bool
word_braces(struct reader *r, struct word *w)
{
	struct parts atoms = { NULL, 0 }, out = { NULL, 0 };
	uint32_t opens = cut_braces(r, w, &atoms);

	if (r->failed || atoms.n == 0)
		return !r->failed;
	if (opens > BRACES_MAX) {
		parts_mark(r, &out, PART_BRACE, w->start, w->end);
	} else if (!build(r, &atoms, 0, atoms.n, &out)) {
		return false;
	}
	w->parts = out.items;
	w->n_parts = out.n;
	return !r->failed;
}
