/* Unified diffs, also against diff(1)'s own patch(1)-like reading: what is
 * printed, applied to the old text, gives the new one. */
#include "base/alloc.h"
#include "base/limits.h"
#include "base/unified.h"
#include "lib/random.h"
#include "lib/unit.h"

static void
check(const char *old, const char *new, const char *wanted)
{
	struct buf b = BUF_INIT;

	unified_diff(&b, "x.md", text_of(old), text_of(new));
	assert_string_equal(buf_cstr(&b), wanted);
	buf_release(&b);
}

static void
small_ones(void **state UNUSED)
{
	check("a\nb\n", "a\nb\n", "");
	check("", "", "");
	check("a\nb\nc\n", "a\nX\nc\n",
	      "--- a/x.md\n+++ b/x.md\n@@ -1,3 +1,3 @@\n a\n-b\n+X\n c\n");
	check("", "a\n", "--- a/x.md\n+++ b/x.md\n@@ -0,0 +1 @@\n+a\n");
	check("a\n", "", "--- a/x.md\n+++ b/x.md\n@@ -1 +0,0 @@\n-a\n");
	check("a", "a\n",
	      "--- a/x.md\n+++ b/x.md\n@@ -1 +1 @@\n-a\n"
	      "\\ No newline at end of file\n+a\n");
}

static void
hunks_apart(void **state UNUSED)
{
	check("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\nX\n3\n4\n5\n6\n7\n8\nY\n",
	      "--- a/x.md\n+++ b/x.md\n"
	      "@@ -1,9 +1,9 @@\n 1\n-2\n+X\n 3\n 4\n 5\n 6\n 7\n 8\n-9\n+Y\n");
	check("1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n",
	      "X\n2\n3\n4\n5\n6\n7\n8\n9\nY\n",
	      "--- a/x.md\n+++ b/x.md\n"
	      "@@ -1,4 +1,4 @@\n-1\n+X\n 2\n 3\n 4\n"
	      "@@ -7,4 +7,4 @@\n 7\n 8\n 9\n-0\n+Y\n");
}

/* The old text, changed as PATCH says. */
static void
apply(struct text patch, struct text old, struct buf *ret)
{
	struct text line;
	size_t at = 0;
	unsigned number = 1;

	text_next_line(&patch, &line);
	text_next_line(&patch, &line);
	while (text_next_line(&patch, &line)) {
		struct text body = text_sub(line, 1, line.len);
		size_t end = text_chr(old, '\n', at);

		if (line.at[0] == '@') {
			uint64_t first = 0;
			size_t comma = text_chr(line, ',', 0);
			size_t blank = text_chr(line, ' ', 4);

			assert_true(text_to_uint(
				text_sub(line, 4,
					 comma < blank ? comma : blank),
				1 << 20, &first));
			while (number < first) {
				end = text_chr(old, '\n', at) + 1;
				buf_addt(ret, text_sub(old, at, end));
				at = end;
				number++;
			}
			continue;
		}
		if (line.at[0] != '+') {
			assert_true(text_eq(body, text_sub(old, at, end)));
			at = end + 1;
			number++;
		}
		if (line.at[0] != '-') {
			buf_addt(ret, body);
			buf_addc(ret, '\n');
		}
	}
	buf_addt(ret, text_sub(old, at, old.len));
}

static void
they_apply(void **state UNUSED)
{
	uint64_t r = 7;

	for (int round = 0; round < 3000; round++) {
		struct buf old = BUF_INIT, new = BUF_INIT, diff = BUF_INIT;
		struct buf got = BUF_INIT;
		size_t n = random_below(&r, 40);

		for (size_t i = 0; i < n; i++) {
			char c = (char)('a' + random_below(&r, 4));

			if (random_below(&r, 5))
				buf_addf(&old, "%c\n", c);
			if (random_below(&r, 5))
				buf_addf(&new, "%c\n", c);
		}
		unified_diff(&diff, "x", buf_text(&old), buf_text(&new));
		if (diff.len) {
			apply(buf_text(&diff), buf_text(&old), &got);
			assert_string_equal(buf_cstr(&got), buf_cstr(&new));
		} else {
			assert_string_equal(buf_cstr(&old), buf_cstr(&new));
		}
		buf_release(&old);
		buf_release(&new);
		buf_release(&diff);
		buf_release(&got);
	}
}

/* Past the limit it is still a difference that applies. */
static void
far_apart(void **state UNUSED)
{
	struct buf old = BUF_INIT, new = BUF_INIT, diff = BUF_INIT;
	struct buf got = BUF_INIT;

	for (int i = 0; i < LIMIT_UNIFIED_EDITS; i++) {
		buf_addf(&old, "a%d\n", i);
		buf_addf(&new, "b%d\n", i);
	}
	unified_diff(&diff, "x", buf_text(&old), buf_text(&new));
	apply(buf_text(&diff), buf_text(&old), &got);
	assert_string_equal(buf_cstr(&got), buf_cstr(&new));
	buf_release(&old);
	buf_release(&new);
	buf_release(&diff);
	buf_release(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_ones),
		cmocka_unit_test(hunks_apart),
		cmocka_unit_test(they_apply),
		cmocka_unit_test(far_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
