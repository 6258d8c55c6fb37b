/* The terminal filter: only the allowed alphabet comes out, and the cuts of
 * the input do not show. Byte 0 chooses the options, byte 1 the cuts. */
#include <stdint.h>

#include "base/compiler.h"
#include "base/escape.h"
#include "base/termfilter.h"
#include "base/visible.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes of the sequence at T's start that a filter may write, or 0. */
static size_t
allowed_sequence(struct text t, struct termfilter_options options)
{
	size_t end = text_chr(t, 'm', 0) + 1;

	if (options.redraw && text_starts(t, "\r\033[K"))
		return 4;
	if (options.color && end <= t.len && escape_is_sgr(text_sub(t, 0, end)))
		return end;
	return 0;
}

static void
check_alphabet(struct text out, struct termfilter_options options)
{
	for (size_t i = 0; i < out.len;) {
		struct text rest = text_sub(out, i, out.len);
		uint32_t code;
		size_t n = text_utf8(rest, &code);

		if (n == 0)
			BUG("byte %zu is not UTF-8", i);
		if (code < 0x20 && code != '\n' && code != '\t')
			n = allowed_sequence(rest, options);
		if (n == 0 || code == 0x7f || visible_is_hidden(code))
			BUG("U+%04X at byte %zu", code, i);
		i += n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf whole = BUF_INIT;
	CLEANUP(buf_release) struct buf cut = BUF_INIT;
	struct termfilter_options options = { 0 };
	struct termfilter *f;
	struct text in;
	size_t step;

	if (size < 2)
		return 0;
	options.color = data[0] & 1;
	options.redraw = data[0] & 2;
	step = data[1] % 32 + 1u;
	in = (struct text){ (const char *)data + 2, size - 2 };
	f = termfilter_new(options);
	termfilter_write(f, in, &whole);
	termfilter_end(f, &whole);
	check_alphabet(buf_text(&whole), options);
	for (size_t at = 0; at < in.len; at += step)
		termfilter_write(f, text_sub(in, at, at + step), &cut);
	termfilter_end(f, &cut);
	if (!text_eq(buf_text(&whole), buf_text(&cut)))
		BUG("cuts of %zu bytes show", step);
	termfilter_free(f);
	return 0;
}
