/* From the words of a command to its arguments: braces, fields. */
#include "base/limits.h"
#include "shell/sequence.h"
#include "shell/value.h"

/* ---- braces ------------------------------------------------------------- */

/* A part of one alternative, or (TEXT) what a sequence made of a brace. */
struct item {
	const struct part *part;
	struct text made; /* NULL bytes: none */
};

struct alternative {
	struct item *items;
	uint32_t n;
};

struct alternatives {
	struct arena *arena;
	const struct script *s;
	struct alternative *at;
	uint32_t n;
	uint32_t *left; /* items that may still be made */
};

/* One word may make many, a text of `eval` has many words, and what they become
 * may be such a text again: all that is made together is bounded, too. */
static bool
spend(struct alternatives *all, uint64_t n)
{
	if (n > *all->left || all->arena->total > LIMIT_BRACE_BYTES)
		return false;
	*all->left -= (uint32_t)n;
	return true;
}

static bool expand_parts(struct alternatives *all, struct part *const *parts,
			 uint32_t n);

static void
add_item(struct alternatives *all, struct alternative *alternative,
	 struct item item)
{
	ARENA_PUSH(all->arena, alternative->items, alternative->n, item);
}

/* The members of a sequence, each as one item. */
static bool
expand_sequence(struct alternatives *all, const struct part *brace)
{
	struct sequence sequence;

	if (!sequence_parse(script_text(all->s, brace->inner, brace->inner_end),
			    &sequence))
		BUG("brace at byte %u is no sequence", brace->start);
	if (!sequence_is_plain(&sequence) || !spend(all, sequence.n))
		return false;
	for (uint64_t i = 0; i < sequence.n; i++) {
		struct buf CLEANUP(buf_release) b = BUF_INIT;
		struct alternative one = { NULL, 0 };

		sequence_add(&sequence, i, &b);
		add_item(all, &one,
			 (struct item){ brace,
					arena_text(all->arena, buf_text(&b)) });
		ARENA_PUSH(all->arena, all->at, all->n, one);
	}
	return true;
}

/* Everything that BRACE stands for. */
static bool
expand_brace(struct alternatives *all, const struct part *brace)
{
	if (brace->n_words == 0)
		return false;
	if (text_is(brace->op, ".."))
		return expand_sequence(all, brace);
	for (uint32_t i = 0; i < brace->n_words; i++) {
		struct alternatives some = { all->arena, all->s, NULL, 0,
					     all->left };

		if (!expand_parts(&some, brace->words[i]->parts,
				  brace->words[i]->n_parts))
			return false;
		for (uint32_t k = 0; k < some.n; k++)
			ARENA_PUSH(all->arena, all->at, all->n, some.at[k]);
	}
	return true;
}

/* Each of ALL followed by each of RIGHT, the left one changing last. */
static bool
multiply(struct alternatives *all, const struct alternatives *right)
{
	struct alternative *product = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < all->n; i++) {
		for (uint32_t k = 0; k < right->n; k++) {
			struct alternative one = { NULL, 0 };

			if (!spend(all, all->at[i].n + right->at[k].n + 1))
				return false;
			for (uint32_t m = 0; m < all->at[i].n; m++)
				add_item(all, &one, all->at[i].items[m]);
			for (uint32_t m = 0; m < right->at[k].n; m++)
				add_item(all, &one, right->at[k].items[m]);
			ARENA_PUSH(all->arena, product, n, one);
		}
	}
	all->at = product;
	all->n = n;
	return true;
}

/* What the parts become, into ALL (empty before). False: too many. */
static bool
expand_parts(struct alternatives *all, struct part *const *parts, uint32_t n)
{
	struct alternative none = { NULL, 0 };

	ARENA_PUSH(all->arena, all->at, all->n, none);
	for (uint32_t i = 0; i < n; i++) {
		struct alternatives right = { all->arena, all->s, NULL, 0,
					      all->left };

		if (parts[i]->kind == PART_BRACE) {
			if (!expand_brace(&right, parts[i]) ||
			    !multiply(all, &right))
				return false;
			continue;
		}
		if (!spend(all, all->n))
			return false;
		for (uint32_t k = 0; k < all->n; k++)
			add_item(all, &all->at[k],
				 (struct item){ parts[i], { NULL, 0 } });
	}
	return true;
}

/* ---- fields ------------------------------------------------------------- */

struct fields {
	struct arena *arena;
	const struct script *s;
	const struct scope *scope;
	struct value *at;
	uint32_t n;
	bool declares; /* arguments NAME=… are not split */
};

/* An unquoted nothing is none. */
static bool
is_field(const struct value *value)
{
	return value->text.text.len > 0 || (value->traits & VALUE_QUOTED);
}

/* The fields that B holds now. */
static void
finish_fields(struct fields *fields, struct value_builder *b)
{
	struct value *made = b->fields;
	uint32_t n = b->n_fields;
	struct value last = value_finish(b);

	for (uint32_t i = 0; i < n; i++)
		ARENA_PUSH(fields->arena, fields->at, fields->n, made[i]);
	if (is_field(&last))
		ARENA_PUSH(fields->arena, fields->at, fields->n, last);
}

static void
add_too_many(struct fields *fields, const struct word *w)
{
	struct part all = { .kind = PART_BRACE,
			    .start = w->start,
			    .end = w->end };
	struct value_builder b;

	value_begin(&b, fields->arena, fields->s, fields->scope);
	value_add_part(&b, &all, false);
	finish_fields(fields, &b);
}

static bool
has_brace(const struct word *w)
{
	for (uint32_t i = 0; i < w->n_parts; i++) {
		if (w->parts[i]->kind == PART_BRACE)
			return true;
	}
	return false;
}

static bool
is_assignment(const struct script *s, const struct word *w)
{
	struct text t = script_text(s, w->start, w->end);
	size_t n = 0;

	while (n < t.len && (t.at[n] == '_' || byte_is_alnum(t.at[n])))
		n++;
	return n > 0 && n < t.len && t.at[n] == '=';
}

static void
begin_word(struct fields *fields, struct value_builder *b, const struct word *w)
{
	value_begin(b, fields->arena, fields->s, fields->scope);
	b->split = !fields->declares || !is_assignment(fields->s, w);
}

static void
add_alternative(struct fields *fields, const struct word *w,
		const struct alternative *alternative)
{
	struct value_builder b;

	begin_word(fields, &b, w);
	for (uint32_t i = 0; i < alternative->n; i++) {
		const struct item *item = &alternative->items[i];

		if (item->made.at)
			value_add_made(&b, item->made, item->part->start,
				       item->part->end);
		else
			value_add_part(&b, item->part, false);
	}
	finish_fields(fields, &b);
}

/* Does PART mean the same wherever it is expanded? */
static bool
is_constant(const struct part *part)
{
	for (uint32_t i = 0; i < part->n_parts; i++) {
		if (part->parts[i]->kind != PART_LITERAL &&
		    part->parts[i]->kind != PART_ESCAPE)
			return false;
	}
	return part->kind == PART_LITERAL || part->kind == PART_ESCAPE ||
	       part->kind == PART_SINGLE || part->kind == PART_DOUBLE;
}

/* What W becomes whatever is known of variables, NULL when that depends. Most
 * words are such, and each is expanded again and again: once for the host, for
 * the shell that it opens, for what it does, for what it leaves. */
static const struct value *
constant_of(const struct script *s, struct word *w)
{
	struct value *made;

	if (w->constant || w->varies)
		return w->constant;
	for (uint32_t i = 0; i < w->n_parts && !w->varies; i++)
		w->varies = !is_constant(w->parts[i]);
	if (w->varies)
		return NULL;
	made = ARENA_NEW(s->arena, struct value);
	*made = word_value(s->arena, s, w, NULL);
	w->constant = made;
	return made;
}

static void
add_word(struct fields *fields, struct word *w)
{
	const struct value *constant = constant_of(fields->s, w);
	uint32_t left = LIMIT_BRACE_ITEMS;
	struct alternatives all = { fields->arena, fields->s, NULL, 0, &left };
	struct value_builder b;

	if (constant && is_field(constant)) {
		ARENA_PUSH(fields->arena, fields->at, fields->n, *constant);
	} else if (constant) {
		return;
	} else if (!has_brace(w)) {
		begin_word(fields, &b, w);
		for (uint32_t i = 0; i < w->n_parts; i++)
			value_add_part(&b, w->parts[i], false);
		finish_fields(fields, &b);
	} else if (!expand_parts(&all, w->parts, w->n_parts)) {
		add_too_many(fields, w);
	} else {
		for (uint32_t i = 0; i < all.n; i++)
			add_alternative(fields, w, &all.at[i]);
	}
}

static bool
declares(const struct script *s, const struct word *w)
{
	static const char *const names[] = { "declare", "export", "local",
					     "readonly", "typeset" };
	struct text t = script_text(s, w->start, w->end);

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_is(t, names[i]))
			return true;
	}
	return false;
}

const struct value *
words_expand(struct arena *arena, const struct script *s,
	     struct word *const *words, uint32_t n_words,
	     const struct scope *scope, uint32_t *ret_n)
{
	struct fields fields = { .arena = arena, .s = s, .scope = scope };
	const struct value *only =
		n_words == 1 ? constant_of(s, words[0]) : NULL;

	if (only && is_field(only)) {
		*ret_n = 1;
		return only;
	}
	for (uint32_t i = 0; i < n_words; i++) {
		add_word(&fields, words[i]);
		if (i == 0)
			fields.declares = declares(s, words[0]);
	}
	*ret_n = fields.n;
	return fields.at;
}

/* ---- joining ------------------------------------------------------------ */

/* Put VALUE behind what MAP has, after a blank unless it is the first. One
 * without a map of its own stands for no place. */
static void
join_map(struct arena *arena, struct map *map, const struct value *value,
	 bool first)
{
	const struct map *from = value->text.map;
	const struct map_segment *last =
		map->n_segments ? &map->segments[map->n_segments - 1] : NULL;
	uint32_t at = last ? last->src + last->src_len : 0, start;

	if (!from) {
		map_add(arena, map, !first + (uint32_t)value->text.text.len, at,
			0, MAP_INSERTED);
		return;
	}
	start = map_span(from, 0, from->len).start;
	if (!last)
		at = start;
	if (!first)
		map_add(arena, map, 1, at, start > at ? start - at : 0,
			MAP_INSERTED);
	if (from->len)
		map_add_from(arena, map, from->len, from, 0, from->len,
			     MAP_COPIED);
}

struct value
values_join(struct arena *arena, const struct value *values, uint32_t n)
{
	struct value all = { .state = VALUE_EXACT, .one_field = true };
	struct buf CLEANUP(buf_release) text = BUF_INIT;
	struct map *map = NULL;
	size_t known = 0;
	bool exact = true;

	if (n && values[0].text.map)
		map = map_new(arena, values[0].text.map->src);
	for (uint32_t i = 0; i < n; i++) {
		const struct value *value = &values[i];

		if (i)
			buf_addc(&text, ' ');
		if (exact && value->state != VALUE_EXACT)
			known = text.len + value->bytes.text.len;
		exact &= value->state == VALUE_EXACT;
		all.traits |= value->traits;
		buf_addt(&text, value->text.text);
		if (map)
			join_map(arena, map, value, i == 0);
	}
	all.text.text = arena_text(arena, buf_text(&text));
	all.text.map = map;
	all.bytes = all.text;
	if (!exact) {
		all.state = n == 1 ? values[0].state : VALUE_PARTIAL;
		value_cut(arena, &all, known);
	}
	return all;
}
