/* Many strings looked for at once, against looking for each. */
#include "base/needles.h"
#include "lib/death.h"
#include "lib/random.h"
#include "lib/unit.h"

enum {
	MOST = 40
};

struct fixture {
	struct needles *needles;
	char *texts[MOST];
	size_t n;
};

/* The length of the longest needle that ends at END of T, or 0. */
static size_t
longest_at(const struct fixture *f, struct text t, size_t end)
{
	size_t longest = 0;

	for (size_t i = 0; i < f->n; i++) {
		size_t len = strlen(f->texts[i]);

		if (len <= end && len > longest &&
		    memcmp(t.at + end - len, f->texts[i], len) == 0)
			longest = len;
	}
	return longest;
}

/* The length of the longest ending of T that begins a longer needle. */
static size_t
live_at(const struct fixture *f, struct text t)
{
	for (size_t len = t.len; len > 0; len--) {
		struct text end = text_sub(t, t.len - len, t.len);

		for (size_t i = 0; i < f->n; i++) {
			struct text needle = text_of(f->texts[i]);

			if (needle.len > len &&
			    text_eq(text_sub(needle, 0, len), end))
				return len;
		}
	}
	return 0;
}

static void
add_needle(struct fixture *f, uint64_t *seed, const char *alphabet)
{
	struct buf b = BUF_INIT;

	random_text(seed, &b, alphabet, NEEDLE_LEAST, 12);
	f->texts[f->n] = buf_detach(&b, NULL);
	needles_add(f->needles, text_of(f->texts[f->n++]));
}

/* Read T in pieces; every needle is found where it ends, and what is live is
 * never less than what must be. */
static void
check_search(const struct fixture *f, struct text t, uint64_t *seed)
{
	struct needle_cursor c = { 0 };
	struct needle_hit hit;
	size_t done = 0;

	for (size_t at = 0; at < t.len;) {
		struct text seen;
		size_t live;

		at += 1 + random_below(seed, 5);
		seen = text_sub(t, 0, at);
		while (needles_next(f->needles, &c, seen, &hit)) {
			for (done++; done < hit.end; done++)
				assert_int_equal(longest_at(f, t, done), 0);
			assert_int_equal(hit.end - hit.start,
					 longest_at(f, t, hit.end));
		}
		live = needles_live(f->needles, &c, seen);
		assert_true(live >= live_at(f, seen));
		/* four bytes and more are exact */
		if (live >= NEEDLE_LEAST)
			assert_int_equal(live, live_at(f, seen));
	}
	for (done++; done <= t.len; done++)
		assert_int_equal(longest_at(f, t, done), 0);
}

static void
test_random(void **state UNUSED)
{
	static const char *const alphabets[] = { "ab", "abc", "a",
						 "abcdefghij" };
	uint64_t seed = 17;

	for (int round = 0; round < 2000; round++) {
		const char *alphabet = alphabets[round % 4];
		struct fixture f = { .needles = needles_new(), .n = 0 };
		CLEANUP(buf_release) struct buf t = BUF_INIT;

		while (f.n < 1 + random_below(&seed, 20))
			add_needle(&f, &seed, alphabet);
		random_text(&seed, &t, alphabet, 0, 200);
		/* and the needles themselves */
		for (size_t i = 0; i < f.n; i += 2)
			buf_adds(&t, f.texts[i]);
		check_search(&f, buf_text(&t), &seed);
		while (f.n)
			free(f.texts[--f.n]);
		needles_free(f.needles);
	}
}

static void
test_counting(void **state UNUSED)
{
	struct needles *n = needles_new();

	assert_int_equal(needles_count(n), 0);
	needles_add(n, TEXT("abcdef"));
	needles_add(n, TEXT("abcdef"));
	assert_int_equal(needles_count(n), 1);
	needles_add(n, TEXT("abcd"));
	needles_add(n, TEXT("xabcdef"));
	assert_int_equal(needles_count(n), 3);
	assert_null(needles_free(n));
	assert_null(needles_free(NULL));
}

/* More than the tables begin with, with every byte. */
static void
test_many(void **state UNUSED)
{
	struct needles *n = needles_new();
	CLEANUP(buf_release) struct buf t = BUF_INIT;
	struct needle_cursor c = { 0 };
	struct needle_hit hit;

	for (unsigned i = 0; i < 65536; i += 7) {
		char bytes[] = { (char)(i >> 8), (char)i, (char)(i >> 4), '\0',
				 (char)~i };

		needles_add(n, (struct text){ bytes, sizeof(bytes) });
		buf_add(&t, bytes, sizeof(bytes));
	}
	for (size_t i = 5; i <= t.len; i += 5) {
		do
			assert_true(needles_next(n, &c, buf_text(&t), &hit));
		while (hit.end < i);
		assert_int_equal(hit.end, i);
		assert_int_equal(hit.start, i - 5);
	}
	needles_free(n);
}

static void
test_added_later(void **state UNUSED)
{
	struct needles *n = needles_new();
	struct needle_cursor c = { 0 };
	struct needle_hit hit;

	needles_add(n, TEXT("abcdefgh"));
	assert_false(needles_next(n, &c, TEXT("abcdef"), &hit));
	needles_add(n, TEXT("ghij"));
	assert_true(needles_next(n, &c, TEXT("abcdefghij"), &hit));
	assert_int_equal(hit.end, 8);
	assert_true(needles_next(n, &c, TEXT("abcdefghij"), &hit));
	assert_int_equal(hit.start, 6);
	needles_free(n);
}

static void
add_short(void)
{
	needles_add(needles_new(), TEXT("abc"));
}

static void
add_long(void)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_fill(&b, 'x', NEEDLE_MOST + 1);
	needles_add(needles_new(), buf_text(&b));
}

static void
test_bugs(void **state UNUSED)
{
	assert_aborts(add_short, "needle of 3 bytes");
	assert_aborts(add_long, "needle of 65536 bytes");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_counting),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_added_later),
		cmocka_unit_test(test_bugs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
