/* A run of bytes that somebody else owns. Not NUL-terminated, may hold NUL. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct text {
	const char *at; /* borrowed; may be NULL when len is 0 */
	size_t len;
};

/* A text of a string literal. */
#define TEXT(literal) ((struct text){ (literal), sizeof(literal) - 1 })

/* For printf's "%.*s". */
#define TEXT_ARG(t) (int)(t).len, (t).at ? (t).at : ""

struct text text_of(const char *s); /* of a C string or NULL */
struct text text_sub(struct text t, size_t start, size_t end); /* clamped */

bool text_is(struct text t, const char *s); /* equal, byte for byte */
bool text_eq(struct text a, struct text b);
bool text_eq_nocase(struct text a, struct text b); /* ASCII letters only */
int text_cmp(struct text a, struct text b);        /* as memcmp, then length */
bool text_starts(struct text t, const char *prefix);
bool text_starts_nocase(struct text t, const char *prefix);
bool text_ends(struct text t, const char *suffix);

/* Offset of the first BYTE or NEEDLE at or after FROM, or t.len. */
size_t text_chr(struct text t, char byte, size_t from);
size_t text_find(struct text t, struct text needle, size_t from);

/* How many bytes at the end of T are a beginning of NEEDLE, and not all of it:
 * in a stream, what comes may go on with it. */
size_t text_begun(struct text t, struct text needle);

/* Without ASCII blanks (space, tab, CR, LF) at both ends. */
struct text text_trim(struct text t);

/* Cut *REST at its first newline: returns the line without "\n" or "\r\n" and
 * moves *REST behind it. Returns false when *REST is empty. */
bool text_next_line(struct text *rest, struct text *ret_line);

/* Cut *REST at the first SEP likewise. */
bool text_next_field(struct text *rest, char sep, struct text *ret_field);

/* Decimal digits only, no sign; false on anything else or above MAX. */
bool text_to_uint(struct text t, uint64_t max, uint64_t *ret);

/* How many single-byte edits and swaps of neighbours lead from A to B, or
 * LIMIT + 1 when more than LIMIT. For "did you mean"; texts over 64 bytes count
 * as too far. */
unsigned text_distance(struct text a, struct text b, unsigned limit);

/* How far another name may be from NAME and still be what was meant: a far one
 * is no help. */
unsigned text_nearness(struct text name);

/* Length of the valid UTF-8 sequence that T begins with (RFC 3629: no
 * surrogates, no overlong forms), and its code point; 0 when there is none. */
size_t text_utf8(struct text t, uint32_t *ret_code);
bool text_is_utf8(struct text t);

/* T, of 1 to 3 bytes, is the beginning of a longer valid sequence. */
bool text_is_cut_utf8(struct text t);

/* ASCII only, whatever the locale is. Here, for they are asked of every byte
 * of a document. */
static inline bool
byte_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
byte_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
byte_is_alnum(char c)
{
	return byte_is_alpha(c) || byte_is_digit(c);
}

static inline bool
byte_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Space, tab, CR, LF, VT, FF. */
static inline bool
byte_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char
byte_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

#endif
