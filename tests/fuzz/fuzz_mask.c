/* Masking: no registered value comes out, and the cuts of the input do not
 * show. Input: lines of secrets, an empty line, a byte for the cuts, text. */
#include <stdint.h>

#include "base/compiler.h"
#include "base/mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	MOST_SECRETS = 3, /* few and short ones, for more inputs in a second */
	MOST_BYTES = 24
};

struct secrets {
	struct text values[MOST_SECRETS];
	size_t n;
};

/* Registers the secrets, which leaves the rest in *REST. */
static struct mask *
read_secrets(struct text *rest, struct secrets *all)
{
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	struct mask *m = mask_new();
	struct text line;

	while (text_next_field(rest, '\n', &line) && line.len) {
		/* a value of stars may appear when others are masked */
		if (all->n == MOST_SECRETS || line.len > MOST_BYTES ||
		    text_chr(line, '*', 0) < line.len)
			continue;
		if (mask_add(m, line, &err) == 0)
			all->values[all->n++] = line;
	}
	return m;
}

static void
check_absence(const struct buf *out, const struct secrets *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct text value = all->values[i];

		while (value.len && value.at[value.len - 1] == '\r')
			value.len--;
		if (text_find(buf_text(out), value, 0) < out->len)
			BUG("secret %zu comes out", i);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf whole = BUF_INIT;
	CLEANUP(buf_release) struct buf cut = BUF_INIT;
	CLEANUP(mask_free_ptr) struct mask *m = NULL;
	CLEANUP(mask_stream_free_ptr) struct mask_stream *s = NULL;
	struct text in = { (const char *)data, size };
	struct secrets all = { .n = 0 };
	size_t step;

	m = read_secrets(&in, &all);
	if (in.len == 0)
		return 0;
	step = (unsigned char)in.at[0] % 32 + 1u;
	in = text_sub(in, 1, in.len);
	mask_text(m, in, &whole);
	check_absence(&whole, &all);
	s = mask_stream_new(m);
	for (size_t at = 0; at < in.len; at += step)
		mask_write(s, text_sub(in, at, at + step), &cut);
	mask_flush(s, &cut);
	if (!text_eq(buf_text(&whole), buf_text(&cut)))
		BUG("cuts of %zu bytes show", step);
	return 0;
}
