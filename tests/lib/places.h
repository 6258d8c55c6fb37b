/* Whether everything in a document stands where it says it does. Needs no
 * test framework, so that fuzz targets can use it. */
#ifndef LIB_PLACES_H
#define LIB_PLACES_H

#include <stdio.h>

#include "doc/document.h"

/* One segment of a map, which stands for DERIVED: NULL, or what is wrong. A
 * NUL stands for the three bytes of U+FFFD, a tab for blanks, a CR for LF. */
static inline const char *
places_check_segment(const struct map *m, const struct map_segment *s,
		     struct text derived)
{
	struct text from = text_sub(m->src->bytes, s->src, s->src + s->src_len);

	if (s->src + s->src_len > m->src->bytes.len)
		return "a segment leaves the source";
	switch (s->kind) {
	case MAP_COPIED:
		return text_eq(from, derived) ? NULL : "copied bytes differ";
	case MAP_DECODED:
		if (text_is(from, "\r"))
			return text_is(derived, "\n") ? NULL : "CR is no LF";
		if (from.len == 1 && from.at[0] == '\0')
			return text_is(derived, "\xef\xbf\xbd")
				       ? NULL
				       : "NUL is no U+FFFD";
		for (size_t i = 0; i < derived.len; i++) {
			if (derived.at[i] != ' ')
				return "a tab is no blank";
		}
		return text_is(from, "\t") && derived.len < 4
			       ? NULL
			       : "blanks come from no tab";
	case MAP_INSERTED:
		return text_is(derived, "\n") && s->src == m->src->bytes.len
			       ? NULL
			       : "something is inserted";
	}
	return "no such kind of segment";
}

/* TEXT with its map M, within the lines of WHERE. */
static inline const char *
places_check_excerpt(struct text text, const struct map *m, struct span where)
{
	uint32_t at = 0, end = where.start;

	for (size_t i = 0; i < m->n_segments; i++) {
		const struct map_segment *s = &m->segments[i];
		const char *wrong = places_check_segment(
			m, s, text_sub(text, at, at + s->len));

		if (wrong)
			return wrong;
		if (s->at != at)
			return "segments leave a hole";
		if (s->src < end)
			return "segments go backwards";
		/* the last line's end is behind the span */
		if (s->src + s->src_len > where.end + 2)
			return "a segment leaves its block";
		at += s->len;
		end = s->src + s->src_len;
	}
	return at == text.len && m->len == text.len ? NULL
						    : "the map has no end";
}

static inline const char *
places_check_block(const struct document *doc, const struct block *block)
{
	const struct code *code = block->code;

	if (block->where.src != doc->src ||
	    block->where.start > block->where.end ||
	    block->where.end > doc->src->bytes.len)
		return "a block leaves the source";
	if (!block->section)
		return "a block has no section";
	for (const struct container *c = block->in; c; c = c->outer) {
		if (c->where.start > block->where.start ||
		    c->where.end < block->where.end)
			return "a block leaves its container";
	}
	if (block->kind == BLOCK_HTML)
		return places_check_excerpt(block->text, block->map,
					    block->where);
	if (block->kind == BLOCK_CODE)
		return places_check_excerpt(code->content.text,
					    code->content.map, block->where);
	return NULL;
}

static inline const char *
places_check_section(const struct document *doc, const struct section *s)
{
	if (s->first > s->own_end || s->own_end > s->end ||
	    s->end > doc->n_blocks)
		return "a section has no order";
	if (s->parent &&
	    (s->first < s->parent->first || s->end > s->parent->end))
		return "a section leaves its parent";
	if (s->heading && doc->blocks[s->first] != s->heading)
		return "a section does not begin with its heading";
	return NULL;
}

/* NULL, or what is wrong; *RET_BYTES is how many bytes of code and HTML there
 * are. */
static inline const char *
places_check(const struct document *doc, size_t *ret_bytes)
{
	const char *wrong = NULL;
	uint32_t before = 0;

	*ret_bytes = 0;
	for (uint32_t i = 0; i < doc->n_blocks && !wrong; i++) {
		const struct block *block = doc->blocks[i];

		wrong = places_check_block(doc, block);
		if (block->ordinal != i || block->where.start < before)
			wrong = "blocks are out of order";
		before = block->where.start;
		if (block->code)
			*ret_bytes += block->code->content.text.len;
		else if (block->kind == BLOCK_HTML)
			*ret_bytes += block->text.len;
	}
	for (uint32_t i = 0; i < doc->n_sections && !wrong; i++)
		wrong = places_check_section(doc, doc->sections[i]);
	return wrong;
}

#endif
