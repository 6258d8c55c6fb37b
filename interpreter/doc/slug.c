/* GitHub's slugs, after github-slugger 2: lower case, everything but words,
 * hyphens and blanks dropped, each blank a hyphen, and on repetition the first
 * free number from 1 on. */
#include "doc/slug.h"

#include "base/alloc.h"
#include "base/width.h"
#include "doc/document.h"

struct slug_entry {
	struct text slug; /* in the arena; .at NULL: free */
	uint32_t repeated;
};

enum {
	CAP_FIRST = 64,
	DOTTED_I = 0x130 /* its lower case is two code points */
};

static void
add_rune(struct buf *b, uint32_t code)
{
	if (code < 0x80) {
		buf_addc(b, (char)code);
	} else if (code < 0x800) {
		buf_addc(b, (char)(0xc0 | (code >> 6)));
		buf_addc(b, (char)(0x80 | (code & 0x3f)));
	} else if (code < 0x10000) {
		buf_addc(b, (char)(0xe0 | (code >> 12)));
		buf_addc(b, (char)(0x80 | ((code >> 6) & 0x3f)));
		buf_addc(b, (char)(0x80 | (code & 0x3f)));
	} else {
		buf_addc(b, (char)(0xf0 | (code >> 18)));
		buf_addc(b, (char)(0x80 | ((code >> 12) & 0x3f)));
		buf_addc(b, (char)(0x80 | ((code >> 6) & 0x3f)));
		buf_addc(b, (char)(0x80 | (code & 0x3f)));
	}
}

struct text
slug_of(struct arena *arena, struct text heading)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (size_t i = 0; i < heading.len;) {
		char c = heading.at[i];
		uint32_t code = 0;
		size_t n;

		if (c == ' ')
			c = '-';
		if (byte_is_alnum(c) || c == '-' || c == '_') {
			buf_addc(&b, byte_lower(c));
			i++;
			continue;
		}
		n = text_utf8(text_sub(heading, i, heading.len), &code);
		if (code == DOTTED_I)
			buf_adds(&b, "i\xcc\x87");
		else if (code >= 0x80 && rune_is_word(code))
			add_rune(&b, rune_lower(code));
		i += n ? n : 1;
	}
	return arena_text(arena, buf_text(&b));
}

void
slugger_release(struct slugger *s)
{
	free(s->entries);
	*s = (struct slugger)SLUGGER_INIT;
}

/* FNV-1a, 32 bits. */
static uint32_t
hash(struct text t)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < t.len; i++)
		h = (h ^ (unsigned char)t.at[i]) * 16777619u;
	return h;
}

/* The entry of SLUG, or the free one where it belongs. */
static struct slug_entry *
find(const struct slugger *s, struct text slug)
{
	uint32_t i = hash(slug) & (s->cap - 1);

	while (s->entries[i].slug.at && !text_eq(s->entries[i].slug, slug))
		i = (i + 1) & (s->cap - 1);
	return &s->entries[i];
}

static void
grow(struct slugger *s)
{
	struct slugger bigger = { NULL, s->n, s->cap ? s->cap * 2 : CAP_FIRST };

	bigger.entries = xcalloc(bigger.cap, sizeof(*bigger.entries));
	for (uint32_t i = 0; i < s->cap; i++) {
		if (s->entries[i].slug.at)
			*find(&bigger, s->entries[i].slug) = s->entries[i];
	}
	free(s->entries);
	*s = bigger;
}

static void
take(struct slugger *s, struct text slug)
{
	find(s, slug)->slug = slug;
	s->n++;
}

struct text
slugger_add(struct slugger *s, struct arena *arena, struct text heading)
{
	struct text first = slug_of(arena, heading), slug = first;
	struct slug_entry *entry;

	if (4 * (s->n + 1) > 3 * s->cap)
		grow(s);
	entry = find(s, first);
	while (find(s, slug)->slug.at)
		slug = text_of(arena_printf(arena, "%.*s-%u", TEXT_ARG(first),
					    ++entry->repeated));
	take(s, slug);
	return slug;
}
