/* The terminal filter: what passes, what is shown instead, what waits. */
#include "base/escape.h"
#include "base/limits.h"
#include "base/termfilter.h"
#include "lib/random.h"
#include "lib/unit.h"

static void
assert_options(struct termfilter_options options, struct text t,
	       const char *want)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT;
	CLEANUP(buf_release) struct buf bytewise = BUF_INIT;
	struct termfilter *f = termfilter_new(options);

	termfilter_write(f, t, &out);
	termfilter_end(f, &out);
	assert_string_equal(buf_cstr(&out), want);
	for (size_t i = 0; i < t.len; i++)
		termfilter_write(f, text_sub(t, i, i + 1), &bytewise);
	termfilter_end(f, &bytewise);
	assert_string_equal(buf_cstr(&bytewise), want);
	termfilter_free(f);
}

#define ASSERT_SHOWN(literal, want)                                            \
	assert_options(                                                        \
		(struct termfilter_options){ .color = true, .redraw = true },  \
		TEXT(literal), want)

static void
test_passes(void **state UNUSED)
{
	ASSERT_SHOWN("", "");
	ASSERT_SHOWN("a\tb\nc", "a\tb\nc");
	ASSERT_SHOWN("a\r\nb\r\r\n\r\n", "a\nb\n\n");
	ASSERT_SHOWN("\xc3\xa9\xe6\x97\xa5\xf0\x9f\x94\x91 e\xcc\x81",
		     "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x94\x91 e\xcc\x81");
	ASSERT_SHOWN("\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae",
		     "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae");
}

static void
test_styles(void **state UNUSED)
{
	ASSERT_SHOWN("\033[1;31mred\033[m.", "\033[1;31mred\033[m.");
	ASSERT_SHOWN("\033[mplain", "\033[mplain");
	ASSERT_SHOWN("\033[38:2::1:2:3mx", "\033[38:2::1:2:3mx\033[0m");
	ASSERT_SHOWN("\033[1mx\033[0m", "\033[1mx\033[0m");
	ASSERT_SHOWN("\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16mx\033[m",
		     "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16mx\033[m");
	ASSERT_SHOWN("\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17mx",
		     "^[[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17mx");
	ASSERT_SHOWN("\033[;;;;;;;;;;;;;;;;m", "^[[;;;;;;;;;;;;;;;;m");
	ASSERT_SHOWN("\033[1234m", "^[[1234m");
	ASSERT_SHOWN("\033[>4;2m\033[?1m\033[1 m", "^[[>4;2m^[[?1m^[[1 m");
	assert_options((struct termfilter_options){ .color = false },
		       TEXT("\033[1;31mred\033[m."), "red.");
}

static void
test_sequences(void **state UNUSED)
{
	ASSERT_SHOWN("a\033[2Jb", "a^[[2Jb");
	ASSERT_SHOWN("\033[3;1H\033[?1049h\033[6n", "^[[3;1H^[[?1049h^[[6n");
	ASSERT_SHOWN("\033c\0337\033#8\033(0", "^[c^[7^[#8^[(0");
	ASSERT_SHOWN("\033]0;t\ax", "^[]0;t^Gx");
	ASSERT_SHOWN("\033]52;c;YQ==\033\\x", "^[]52;c;YQ==^[\\x");
	ASSERT_SHOWN("\033Pq#0\033\\\033_a\033\\\033^p\033\\\033Xs\033\\",
		     "^[Pq#0^[\\^[_a^[\\^[^p^[\\^[Xs^[\\");
	/* BEL ends an OSC only */
	ASSERT_SHOWN("\033Pa\ab\033\\c", "^[Pa^Gb^[\\c");
	/* left out */
	ASSERT_SHOWN("\033[01;31m\033[Kx\033[m\033[K", "\033[01;31mx\033[m");
	ASSERT_SHOWN("\033(B\033[m", "\033[m");
}

static void
test_broken_sequences(void **state UNUSED)
{
	ASSERT_SHOWN("\033", "^[");
	ASSERT_SHOWN("\033[", "^[[");
	ASSERT_SHOWN("\033\n", "^[\n");
	ASSERT_SHOWN("\033[1\n", "^[[1\n");
	ASSERT_SHOWN("\033[1\033[1mx\033[m", "^[[1\033[1mx\033[m");
	ASSERT_SHOWN("\033[\xc3\xa9", "^[[\xc3\xa9");
	ASSERT_SHOWN("\033\033[mx", "^[\033[mx");
	ASSERT_SHOWN("\033]0;title\nnext", "^[]0;title\nnext");
	ASSERT_SHOWN("\033]0;t\030x\033]0;u\032y", "^[]0;t^Xx^[]0;u^Zy");
	ASSERT_SHOWN("\033]0;t\033[1mx", "^[]0;t^[[1mx");
}

static void
test_long_string(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf want = BUF_INIT;
	static const struct termfilter_options options = { .color = true };
	static const char *const ends[] = { "\a|", "\033\\|", "\030|", "\n|" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		buf_clear(&b);
		buf_adds(&b, "\033]");
		buf_fill(&b, 'x', LIMIT_ESCAPE_BYTES - 1);
		buf_adds(&b, "\033x");
		buf_adds(&b, ends[i]);
		assert_options(options, buf_text(&b),
			       i == 3 ? "^[]…\n|" : "^[]…|");
	}
	buf_clear(&b);
	buf_adds(&b, "\033]");
	buf_fill(&b, 'x', LIMIT_ESCAPE_BYTES - 3);
	buf_adds(&b, "\a|");
	buf_adds(&want, "^[]");
	buf_fill(&want, 'x', LIMIT_ESCAPE_BYTES - 3);
	buf_adds(&want, "^G|");
	assert_options(options, buf_text(&b), buf_cstr(&want));
}

static void
test_controls(void **state UNUSED)
{
	ASSERT_SHOWN("a\0b\a\b\v\f\x7f", "a^@b^G^H^K^L^?");
	ASSERT_SHOWN("\xc2\x9b"
		     "2J\xc2\x80",
		     "\\u{009B}2J\\u{0080}");
	ASSERT_SHOWN("\xe2\x80\xae"
		     "x\xe2\x81\xa6\xef\xbb\xbf\xf3\xa0\x81\x81",
		     "\\u{202E}x\\u{2066}\\u{FEFF}\\u{E0041}");
}

static void
test_broken_utf8(void **state UNUSED)
{
	ASSERT_SHOWN("\x9b"
		     "2J\xff\xfe",
		     "\\x9B2J\\xFF\\xFE");
	ASSERT_SHOWN("\xc3", "\\xC3");
	ASSERT_SHOWN("\xc3\xc3\xa9", "\\xC3\xc3\xa9");
	ASSERT_SHOWN("\xe2\x82"
		     "a",
		     "\\xE2\\x82"
		     "a");
	ASSERT_SHOWN("\xe2\x82\n", "\\xE2\\x82\n");
	ASSERT_SHOWN("\xe2\x82\033[m", "\\xE2\\x82\033[m");
	ASSERT_SHOWN("\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf",
		     "\\xED\\xA0\\x80\\xF4\\x90\\x80\\x80\\xC0\\xAF");
}

/* ---- carriage returns --------------------------------------------------- */

static void
test_redraw(void **state UNUSED)
{
	static const struct termfilter_options pipe = { .redraw = false };

	ASSERT_SHOWN("10%\r20%\r\n", "10%\r\033[K20%\n");
	ASSERT_SHOWN("\r10%\r\r\r20%\r", "10%\r\033[K20%");
	ASSERT_SHOWN("10%\r\033[K20%\n", "10%\r\033[K20%\n");
	assert_options(pipe, TEXT("10%\r20%\r\n"), "10%\n20%\n");
	assert_options(pipe, TEXT("\r\r10%\n\r20%"), "10%\n20%");
	assert_options(pipe, TEXT("10%\r\033[K\r20%"), "10%\n20%");
	assert_null(termfilter_free(NULL));
}

static int64_t now_ms;

static int64_t
mono_ns(void *ctx UNUSED)
{
	return now_ms * 1000000;
}

static void
test_redraw_in_time(void **state UNUSED)
{
	static const struct clock clock = { .mono_ns = mono_ns };
	CLEANUP(termfilter_free_ptr)
	struct termfilter *f = termfilter_new(
		(struct termfilter_options){ true, true, &clock, 100 });
	CLEANUP(buf_release) struct buf out = BUF_INIT;

	now_ms = 5000;
	termfilter_write(f, TEXT("1%\r2%\r3%\r"), &out);
	assert_string_equal(buf_cstr(&out), "1%\r\033[K2%");
	now_ms += 99;
	termfilter_write(f, TEXT("4%\r\033[32m5%\033[m\r"), &out);
	assert_string_equal(buf_cstr(&out), "1%\r\033[K2%\033[32m\033[m");
	now_ms++;
	buf_clear(&out);
	termfilter_write(f, TEXT("6%\r\033[32m7%\033[m"), &out);
	assert_string_equal(buf_cstr(&out), "\r\033[K6%\033[32m\033[m");
	buf_clear(&out);
	termfilter_write(f, TEXT("\ndone\n"), &out);
	assert_string_equal(buf_cstr(&out), "\r\033[K\033[32m7%\033[m\ndone\n");
	buf_clear(&out);
	termfilter_write(f, TEXT("8%\r9%"), &out);
	termfilter_end(f, &out);
	assert_string_equal(buf_cstr(&out), "8%\r\033[K9%");
}

/* A long last state of a line does not wait for its end. */
static void
test_long_hidden_line(void **state UNUSED)
{
	static const struct clock clock = { .mono_ns = mono_ns };
	CLEANUP(termfilter_free_ptr)
	struct termfilter *f = termfilter_new(
		(struct termfilter_options){ true, true, &clock, 100 });
	CLEANUP(buf_release) struct buf in = BUF_INIT;
	CLEANUP(buf_release) struct buf out = BUF_INIT;

	now_ms += 1000;
	termfilter_write(f, TEXT("a\rb\rc"), &out);
	buf_fill(&in, 'c', LIMIT_ESCAPE_BYTES);
	termfilter_write(f, buf_text(&in), &out);
	assert_string_equal(buf_cstr(&out), "a\r\033[Kb");
	termfilter_write(f, TEXT("d"), &out);
	assert_int_equal(out.len, strlen("a\r\033[Kb\r\033[Kc") +
					  LIMIT_ESCAPE_BYTES + 1);
}

/* ---- properties --------------------------------------------------------- */

/* The result is the same wherever the input is cut. */
static void
test_cuts(void **state UNUSED)
{
	static const struct termfilter_options options = { true, true, NULL,
							   0 };
	static const char alphabet[] = "ab;1m[]\033\033\033\\\a\r\n\xc2\x9b\xe2"
				       "\x80\xae"
				       "PK(B";
	struct termfilter *f = termfilter_new(options);
	uint64_t seed = 7;

	for (int round = 0; round < 5000; round++) {
		CLEANUP(buf_release) struct buf in = BUF_INIT;
		CLEANUP(buf_release) struct buf whole = BUF_INIT;
		CLEANUP(buf_release) struct buf cut = BUF_INIT;

		random_text(&seed, &in, alphabet, 0, 40);
		termfilter_write(f, buf_text(&in), &whole);
		termfilter_end(f, &whole);
		for (size_t at = 0; at < in.len;) {
			size_t n = random_below(&seed, 6);

			termfilter_write(f, text_sub(buf_text(&in), at, at + n),
					 &cut);
			at += n;
		}
		termfilter_end(f, &cut);
		assert_string_equal(buf_cstr(&cut), buf_cstr(&whole));
	}
	termfilter_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passes),
		cmocka_unit_test(test_styles),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_broken_sequences),
		cmocka_unit_test(test_long_string),
		cmocka_unit_test(test_controls),
		cmocka_unit_test(test_broken_utf8),
		cmocka_unit_test(test_redraw),
		cmocka_unit_test(test_redraw_in_time),
		cmocka_unit_test(test_long_hidden_line),
		cmocka_unit_test(test_cuts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
