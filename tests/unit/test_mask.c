/* Masking: every form of a secret, at every cut of the stream. */
#include <malloc.h>

#include "base/forms.h"
#include "base/limits.h"
#include "base/mask.h"
#include "base/needles.h"
#include "lib/random.h"
#include "lib/unit.h"

static struct mask *
mask_of(const char *const *values)
{
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	struct mask *m = mask_new();

	for (; *values; values++) {
		assert_int_equal(mask_add(m, text_of(*values), &err), 0);
		assert_string_equal(buf_cstr(&err), "");
	}
	return m;
}

#define MASK(...) mask_of((const char *const[]){ __VA_ARGS__, NULL })

/* M makes WANT of TEXT. */
static void
assert_masked(const struct mask *m, const char *text, const char *want)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT;

	mask_text(m, text_of(text), &out);
	assert_string_equal(buf_cstr(&out), want);
}

static void
test_plain(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("hunter22", "s3cr");

	assert_masked(m, "", "");
	assert_masked(m, "nothing here\n", "nothing here\n");
	assert_masked(m, "hunter22", "***");
	assert_masked(m, "pw=hunter22;\n", "pw=***;\n");
	assert_masked(m, "hunter2 hunter22x s3cr!", "hunter2 ***x ***!");
	assert_masked(m, "hhunter22 hunthunter22", "h*** hunt***");
	assert_masked(m, "hunter22hunter22", "******");
}

static void
test_overlapping(void **state UNUSED)
{
	CLEANUP(mask_free_ptr)
	struct mask *m = MASK("abcdef", "defghi", "cdef", "abcdefghij0");

	assert_masked(m, "abcdefghi.", "***.");
	assert_masked(m, "xcdefx", "x***x");
	assert_masked(m, "abcdefghij1", "***j1");
	assert_masked(m, "abcdefghij0", "***");
}

static void
test_empty_mask(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = mask_new();
	CLEANUP(buf_release) struct buf out = BUF_INIT;

	assert_true(mask_is_empty(m));
	assert_masked(m, "hunter22\033[m", "hunter22\033[m");
	assert_null(mask_free(NULL));
	assert_null(mask_stream_free(NULL));
	mask_text(NULL, TEXT("hunter22"), &out);
	assert_string_equal(buf_cstr(&out), "hunter22");
}

static void
assert_refused(struct mask *m, struct text value, const char *message)
{
	CLEANUP(buf_release) struct buf err = BUF_INIT;

	assert_int_equal(mask_add(m, value, &err), -1);
	assert_string_equal(buf_cstr(&err), message);
}

static void
test_refused(void **state UNUSED)
{
	static char large[LIMIT_VALUE_BYTES + 1];
	CLEANUP(mask_free_ptr) struct mask *m = mask_new();

	memset(large, 'x', sizeof(large));
	large[7] = 'y';
	assert_refused(m, TEXT(""),
		       "cannot mask a secret of 0 bytes: "
		       "at least 4 are needed");
	assert_refused(m, TEXT("abc\r\n\n"),
		       "cannot mask a secret of 3 bytes: "
		       "at least 4 are needed");
	assert_refused(m, TEXT("TRUE"),
		       "cannot mask a secret that is a common "
		       "word or one byte repeated");
	assert_refused(m, TEXT("****"),
		       "cannot mask a secret that is a common "
		       "word or one byte repeated");
	assert_refused(m, (struct text){ large, sizeof(large) },
		       "cannot mask a secret of 4097 bytes: "
		       "at most 4096 are possible");
	assert_true(mask_is_empty(m));
}

static void
test_limits(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = mask_new();
	CLEANUP(mask_free_ptr) struct mask *big = mask_new();
	CLEANUP(buf_release) struct buf value = BUF_INIT;

	for (int i = 0; i < LIMIT_SECRETS; i++) {
		buf_clear(&value);
		buf_addf(&value, "k%05d", i);
		assert_int_equal(mask_add(m, buf_text(&value), &value), 0);
	}
	assert_refused(m, TEXT("one more"),
		       "cannot mask more than 1000 secrets");
	for (int i = 0; i < LIMIT_VALUES_BYTES / LIMIT_VALUE_BYTES; i++) {
		buf_clear(&value);
		buf_addf(&value, "%04d", i);
		buf_fill(&value, (char)('a' + i), LIMIT_VALUE_BYTES - 4);
		assert_int_equal(mask_add(big, buf_text(&value), &value), 0);
	}
	assert_refused(big, TEXT("more"),
		       "cannot mask secrets of more than "
		       "65536 bytes together");
}

/* ---- forms -------------------------------------------------------------- */

static void
test_encoded(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("p@ss \"w'rd<&\\/>\x7f");
	/* Each was written by the program that is named. */
	static const char *const forms[] = {
		/* base64(1), xxd(1) */
		"cEBzcyAidydyZDwmXC8+fw==",
		"7040737320227727726"
		"43c265c2f3e7f",
		"7040737320227727726"
		"43C265C2F3E7F",
		/* python3: quote, quote_plus, json.dumps, html.escape */
		"p%40ss%20%22w%27rd%3C%26%5C/%3E%7F",
		"p%40ss+%22w%27rd%3C%26%5C%2F%3E%7F",
		"p%40ss%20%22w%27rd%3c%26%5c%2f%3e%7f",
		"p@ss \\\"w'rd<&\\\\/>\\u007f",
		"p@ss &quot;w&#x27;rd&lt;&amp;\\/&gt;\x7f",
		/* go: json.Marshal, html.EscapeString */
		"p@ss \\\"w'rd\\u003c\\u0026\\\\/\\u003e\x7f",
		"p@ss &#34;w&#39;rd&lt;&amp;\\/&gt;\x7f",
		/* php: json_encode */
		"p@ss \\\"w'rd<&\\\\\\/>\x7f",
		/* bash: '…', "…", $'…' */
		"p@ss \"w'\\''rd<&\\/>\x7f",
		"p@ss \\\"w'rd<&\\\\/>\x7f",
		"p@ss \"w\\'rd<&\\\\/>\\177",
		/* shlex.quote */
		"p@ss \"w'\"'\"'rd<&\\/>\x7f",
	};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		assert_masked(m, forms[i], "***");
}

static void
test_non_ascii(void **state UNUSED)
{
	CLEANUP(mask_free_ptr)
	struct mask *m = MASK("n\xc3\xa4kk\xf0\x9f\x94\x91");

	assert_masked(m, "n\\u00e4kk\\ud83d\\udd11!", "***!");
	assert_masked(m, "n\\303\\244kk\\360\\237\\224\\221!", "***!");
	assert_masked(m, "n%C3%A4kk%F0%9F%94%91!", "***!");
}

/* Encode T in base64 by the book, for comparison. */
static void
encode(struct buf *b, struct text t, bool url)
{
	const char *digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
			     "uvwxyz0123456789";
	const char *last = url ? "-_" : "+/";

	for (size_t bit = 0; bit < t.len * 8; bit += 6) {
		unsigned six = 0;

		for (size_t i = bit; i < bit + 6; i++) {
			unsigned c =
				i / 8 < t.len ? (unsigned char)t.at[i / 8] : 0;

			six = six * 2 + (c >> (7 - i % 8) & 1);
		}
		buf_addc(b, six < 62 ? digits[six] : last[six - 62]);
	}
	buf_fill(b, '=', (3 - t.len % 3) % 3);
}

/* In base64 of a longer text all of a secret is masked but the characters
 * that it shares with its neighbours. */
static void
test_base64_places(void **state UNUSED)
{
	static const char secret[] = "\xfb\xff\xbe"
				     "tok-\xff\xff"
				     "8";
	CLEANUP(mask_free_ptr) struct mask *m = MASK(secret);

	for (unsigned i = 0; i < 2 * 12 * 4; i++) {
		unsigned before = i / 8, after = i / 2 % 4;
		CLEANUP(buf_release) struct buf plain = BUF_INIT;
		CLEANUP(buf_release) struct buf once = BUF_INIT;
		CLEANUP(buf_release) struct buf out = BUF_INIT;

		buf_fill(&plain, 'b', before);
		buf_adds(&plain, secret);
		buf_fill(&plain, 'a', after);
		encode(&once, buf_text(&plain), i % 2);
		mask_text(m, buf_text(&once), &out);
		assert_true(text_find(buf_text(&out), TEXT("***"), 0) <
			    out.len);
		assert_in_range(once.len - out.len, 4 * 10 / 3 - 3 - 2, 99);
	}
}

static void
test_base64_twice(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("correct horse");
	static const char *const hosts[] = { "", "u:", "x", "user:" };

	for (size_t i = 0; i < ARRAY_LEN(hosts) * 3; i++) {
		CLEANUP(buf_release) struct buf plain = BUF_INIT;
		CLEANUP(buf_release) struct buf once = BUF_INIT;
		CLEANUP(buf_release) struct buf twice = BUF_INIT;
		CLEANUP(buf_release) struct buf out = BUF_INIT;

		buf_addf(&plain, "%scorrect horse", hosts[i / 3]);
		buf_fill(&once, '"', i % 3);
		encode(&once, buf_text(&plain), false);
		encode(&twice, buf_text(&once), false);
		mask_text(m, buf_text(&twice), &out);
		assert_true(text_find(buf_text(&out), TEXT("***"), 0) <
			    out.len);
	}
}

/* ---- several lines ------------------------------------------------------ */

static void
test_lines(void **state UNUSED)
{
	CLEANUP(mask_free_ptr)
	struct mask *m = MASK("-----BEGIN X-----\nMIIBVQIBADANB\n  kqhkiG9w0\n"
			      "short\n-----END X-----\n");

	assert_masked(m, "MIIBVQIBADANB", "***");
	assert_masked(m, "kqhkiG9w0 short", "*** short");
	assert_masked(m, "-----BEGIN X-----", "-----BEGIN X-----");
	assert_masked(m,
		      "-----BEGIN X-----\r\nMIIBVQIBADANB\r\n  kqhkiG9w0\r\n"
		      "short\r\n-----END X-----\r\n",
		      "***\r\n");
	assert_masked(m,
		      "\"-----BEGIN X-----\\nMIIBVQIBADANB\\n  kqhkiG9w0\\n"
		      "short\\n-----END X-----\"",
		      "\"***\"");
	assert_masked(m,
		      "-----BEGIN X-----MIIBVQIBADANB  kqhkiG9w0"
		      "short-----END X-----",
		      "***");
}

/* The value as a file with the other line ends holds it, encoded. */
static void
test_other_line_ends(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *lf = MASK("ab12\ncd34");
	CLEANUP(mask_free_ptr) struct mask *crlf = MASK("ab12\r\ncd34");

	assert_masked(lf, "<YWIxMg0KY2QzNA==>", "<***>");
	assert_masked(lf, "<616231320d0a63643334>", "<***>");
	assert_masked(lf, "<6162313263643334>", "<***>");
	assert_masked(crlf, "<616231320a63643334>", "<***>");
	assert_masked(crlf, "<ab12\\ncd34>", "<***>");
}

/* ---- gaps --------------------------------------------------------------- */

static void
test_wrapped(void **state UNUSED)
{
	CLEANUP(mask_free_ptr)
	struct mask *m = MASK("correct horse", "s3cr3t7");

	assert_masked(m, "correct h\norse\n", "***\n");
	assert_masked(m, "corre\r\nct ho\r\nrse", "***");
	assert_masked(m, "cor\033[01;31m\033[Krect\033[m horse",
		      "cor\033[01;31m\033[K***");
	assert_masked(m, "corr\033[01;31m\033[Kect\033[m horse", "***");
	assert_masked(m, "correct\033]8;;http://a\033\\ horse", "***");
	assert_masked(m, "correct\033]0;t\a horse", "***");
	/* one to three bytes before a gap stay */
	assert_masked(m, "c\norrect horse", "c\nor***");
	/* short ones are not looked for across gaps */
	assert_masked(m, "s3cr\n3t7", "s3cr\n3t7");
	/* a string that no terminal would take for one is text */
	assert_masked(m, "correct\033]8;x\ny horse",
		      "correct\033]8;x\ny horse");
}

static void
test_largest_gap(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("correct horse");
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(buf_release) struct buf out = BUF_INIT;

	buf_adds(&text, "correct");
	buf_fill(&text, '\n', LIMIT_SECRET_GAP_BYTES);
	buf_adds(&text, " horse");
	mask_text(m, buf_text(&text), &out);
	assert_string_equal(buf_cstr(&out), "***");

	buf_clear(&text);
	buf_clear(&out);
	buf_adds(&text, "correct");
	buf_fill(&text, '\n', LIMIT_SECRET_GAP_BYTES + 1);
	buf_adds(&text, " horse");
	mask_text(m, buf_text(&text), &out);
	assert_int_equal(out.len, text.len);
}

/* After too many gaps another beginning of the same secret still counts. */
static void
test_gap_of_another(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("abcdabcdx");
	CLEANUP(mask_stream_free_ptr)
	struct mask_stream *s = mask_stream_new(m);
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(buf_release) struct buf out = BUF_INIT;

	buf_adds(&text, "abcda");
	buf_fill(&text, '\n', LIMIT_SECRET_GAP_BYTES);
	buf_adds(&text, "bcd\nabcdabcd");
	mask_write(s, buf_text(&text), &out);
	mask_write(s, TEXT("\nx."), &out);
	mask_flush(s, &out);
	assert_int_equal(out.len, text.len - strlen("abcdabcd") + 4);
	assert_true(text_ends(buf_text(&out), "\nbcd\n***."));
}

/* ---- streams ------------------------------------------------------------ */

static void
write_to(struct mask_stream *s, const char *text, const char *want)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT;

	mask_write(s, text_of(text), &out);
	assert_string_equal(buf_cstr(&out), want);
}

static void
flush(struct mask_stream *s, const char *want, const char *want_at_end)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT;

	mask_flush_short(s, &out);
	assert_string_equal(buf_cstr(&out), want);
	buf_clear(&out);
	mask_flush(s, &out);
	assert_string_equal(buf_cstr(&out), want_at_end);
	assert_int_equal(mask_held(s), 0);
}

static void
test_held(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("hunter22");
	CLEANUP(mask_stream_free_ptr)
	struct mask_stream *s = mask_stream_new(m);

	write_to(s, "password? hun", "password? ");
	assert_int_equal(mask_held(s), 3);
	flush(s, "hun", "");
	write_to(s, "hunt", "");
	flush(s, "", "hunt");
	write_to(s, "x\nhunter2", "x\n");
	write_to(s, "2", "***");
	flush(s, "", "");
}

/* A beginning that was let go of does not save the rest. */
static void
test_gone_on_with(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("hunter22");
	CLEANUP(mask_stream_free_ptr)
	struct mask_stream *s = mask_stream_new(m);
	CLEANUP(buf_release) struct buf out = BUF_INIT;

	mask_write(s, TEXT("hun"), &out);
	mask_flush_short(s, &out);
	mask_flush_short(s, &out);
	mask_write(s, TEXT("ter22 hunter22"), &out);
	assert_string_equal(buf_cstr(&out), "hun*** ***");
}

/* No line is held back because it ends like a secret begins. */
static void
test_lines_are_told(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("hunter22");
	CLEANUP(mask_stream_free_ptr)
	struct mask_stream *s = mask_stream_new(m);

	write_to(s, "hun\n", "hun\n");
	write_to(s, "hunt\n", "");
	write_to(s, "er!", "hunt\ner!");
}

static void
test_added_later(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("hunter22");
	CLEANUP(mask_stream_free_ptr)
	struct mask_stream *s = mask_stream_new(m);
	CLEANUP(buf_release) struct buf err = BUF_INIT;

	write_to(s, "a hunter", "a ");
	assert_int_equal(mask_add(m, TEXT("unterwegs"), &err), 0);
	write_to(s, "wegs", "h***");
	write_to(s, " hunter22", " ***");
}

/* What has been told is not told again when it is searched again. */
static void
test_added_after_a_hit(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("abcdab", "cdabxyz");
	CLEANUP(mask_stream_free_ptr)
	struct mask_stream *s = mask_stream_new(m);
	CLEANUP(buf_release) struct buf err = BUF_INIT;

	write_to(s, ".abcdab", ".");
	assert_int_equal(mask_add(m, TEXT("unrelated"), &err), 0);
	write_to(s, "xy", "");
	write_to(s, "!", "***xy!");
}

/* Bytes in use; 0 where the C library does not tell. */
static size_t
allocated(void)
{
#ifdef __GLIBC__
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
#else
	return 0;
#endif
}

/* However long a stream is, what is kept of it stays small. */
static void
test_memory(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("hunter22", "line by");
	CLEANUP(mask_stream_free_ptr)
	struct mask_stream *s = mask_stream_new(m);
	CLEANUP(buf_release) struct buf in = BUF_INIT;
	CLEANUP(buf_release) struct buf out = BUF_INIT;
	size_t before = 0;

	for (int i = 0; i < 5000; i++)
		buf_adds(&in, "line\nby\033[mline hunter22\r\n");
	for (int i = 0; i < 200; i++) {
		buf_clear(&out);
		mask_write(s, buf_text(&in), &out);
		if (i == 0)
			before = allocated();
	}
	assert_true(allocated() <= before + 256 * 1024);
	assert_true(mask_held(s) < 64);
}

/* ---- against a slow and simple masker ----------------------------------- */

enum {
	MOST_FORMS = 4096
};

struct forms {
	char *texts[MOST_FORMS];
	size_t lens[MOST_FORMS], n;
};

static void
collect(void *ctx, struct text form)
{
	struct forms *all = ctx;

	if (form.len < NEEDLE_LEAST)
		return;
	assert_true(all->n < MOST_FORMS);
	all->lens[all->n] = form.len;
	all->texts[all->n++] = xmemdup0(form.at, form.len);
}

struct stretch {
	size_t start, end;
};

static void
join(struct stretch *all, size_t *n, size_t start, size_t end)
{
	for (size_t i = 0; i < *n;) {
		if (all[i].start < end && start < all[i].end) {
			if (all[i].start < start)
				start = all[i].start;
			if (all[i].end > end)
				end = all[i].end;
			all[i] = all[--*n];
			i = 0;
		} else {
			i++;
		}
	}
	all[(*n)++] = (struct stretch){ start, end };
}

/* T without CR and LF (random texts hold no ESC), and where each byte was. */
static struct text
strip(struct text t, char *bare, size_t *place)
{
	size_t n = 0;

	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] != '\n' && t.at[i] != '\r') {
			place[n] = i;
			bare[n++] = t.at[i];
		}
	}
	return (struct text){ bare, n };
}

static void
mask_slowly(const struct forms *f, struct text t, struct buf *out)
{
	size_t *place = xcalloc(t.len + 1, sizeof(*place)), n = 0;
	struct stretch *all = xcalloc(t.len * 8 + 8, sizeof(*all));
	char *copy = xmalloc(t.len + 1);
	struct text bare = strip(t, copy, place);

	for (size_t i = 0; i < f->n; i++) {
		struct text form = { f->texts[i], f->lens[i] };

		for (size_t at = 0; at + form.len <= t.len; at++) {
			if (memcmp(t.at + at, form.at, form.len) == 0)
				join(all, &n, at, at + form.len);
		}
		for (size_t at = 0; form.len >= 8 && at + form.len <= bare.len;
		     at++) {
			size_t last = place[at + form.len - 1];

			if (memcmp(bare.at + at, form.at, form.len) != 0 ||
			    last - place[at] == form.len - 1)
				continue;
			join(all, &n,
			     place[at + 3] - place[at] == 3 ? place[at]
							    : place[at + 3],
			     last + 1);
		}
	}
	for (size_t at = 0; at < t.len;) {
		size_t i = 0;

		while (i < n && all[i].start != at)
			i++;
		if (i < n) {
			buf_adds(out, "***");
			at = all[i].end;
		} else {
			buf_addc(out, t.at[at++]);
		}
	}
	free(all);
	free(copy);
	free(place);
}

static void
test_like_the_slow_one(void **state UNUSED)
{
	uint64_t seed = 1;

	for (int round = 0; round < 3000; round++) {
		CLEANUP(mask_free_ptr) struct mask *m = mask_new();
		CLEANUP(buf_release) struct buf text = BUF_INIT;
		CLEANUP(buf_release) struct buf want = BUF_INIT;
		CLEANUP(buf_release) struct buf got = BUF_INIT;
		CLEANUP(buf_release) struct buf err = BUF_INIT;
		CLEANUP(mask_stream_free_ptr)
		struct mask_stream *s = mask_stream_new(m);
		struct forms f = { .n = 0 };

		for (int i = 0; i < 3; i++) {
			buf_clear(&text);
			random_text(&seed, &text, "ab", 4, 14);
			if (mask_add(m, buf_text(&text), &err) == 0)
				forms_each(buf_text(&text), collect, &f);
		}
		buf_clear(&text);
		random_text(&seed, &text, round % 2 ? "ab" : "aabbaabbaabb\n\r",
			    0, 300);
		mask_slowly(&f, buf_text(&text), &want);
		for (size_t at = 0; at < text.len;) {
			size_t n = random_below(&seed, 9);

			mask_write(s, text_sub(buf_text(&text), at, at + n),
				   &got);
			at += n;
		}
		mask_flush(s, &got);
		assert_string_equal(buf_cstr(&got), buf_cstr(&want));
		while (f.n)
			free(f.texts[--f.n]);
	}
}

/* Nor is what was told, because its gaps are too many to wait for. */
static void
test_added_behind(void **state UNUSED)
{
	CLEANUP(mask_free_ptr) struct mask *m = MASK("abcdefghijklmnopq");
	CLEANUP(mask_stream_free_ptr)
	struct mask_stream *s = mask_stream_new(m);
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(buf_release) struct buf out = BUF_INIT;

	buf_adds(&text, "abcdefgh\nij");
	buf_fill(&text, '\n', LIMIT_SECRET_GAP_BYTES + 100);
	buf_adds(&text, "kl");
	mask_write(s, buf_text(&text), &out);
	assert_int_equal(mask_add(m, TEXT("bcdefghij"), &text), 0);
	mask_write(s, TEXT("."), &out);
	mask_flush(s, &out);
	buf_addc(&text, '.');
	assert_string_equal(out.bytes, text.bytes);
}

/* A secret that is added in the middle of a stretch does not shorten it. */
static void
test_added_within_a_hit(void **state UNUSED)
{
	CLEANUP(mask_free_ptr)
	struct mask *m = MASK("abcdefghijklmnop", "efghijklmnopQRS");
	CLEANUP(mask_stream_free_ptr)
	struct mask_stream *s = mask_stream_new(m);
	CLEANUP(buf_release) struct buf err = BUF_INIT;

	write_to(s, "abcdefg\nhijklmnop", "");
	assert_int_equal(mask_add(m, TEXT("efghijkl"), &err), 0);
	write_to(s, "Q", "");
	write_to(s, ".", "***Q.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_overlapping),
		cmocka_unit_test(test_empty_mask),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_encoded),
		cmocka_unit_test(test_non_ascii),
		cmocka_unit_test(test_base64_places),
		cmocka_unit_test(test_base64_twice),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_other_line_ends),
		cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_largest_gap),
		cmocka_unit_test(test_gap_of_another),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_gone_on_with),
		cmocka_unit_test(test_lines_are_told),
		cmocka_unit_test(test_added_later),
		cmocka_unit_test(test_added_after_a_hit),
		cmocka_unit_test(test_added_behind),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_added_within_a_hit),
		cmocka_unit_test(test_like_the_slow_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
