/* Sources: lines, columns, spans. */
#include "diag/source.h"
#include "lib/random.h"
#include "lib/unit.h"

static struct source *
source_of(struct text t)
{
	return source_new("doc.md", xmemdup0(t.at, t.len), t.len);
}

static void
assert_place(const struct source *src, uint32_t offset, uint32_t line,
	     uint32_t column, uint32_t byte_column)
{
	struct place p = source_place(src, offset);

	assert_int_equal(p.line, line);
	assert_int_equal(p.column, column);
	assert_int_equal(p.byte_column, byte_column);
	assert_int_equal(source_line(src, offset), line);
}

static void
test_empty(void **state UNUSED)
{
	CLEANUP(source_free_ptr) struct source *src = source_of(TEXT(""));

	assert_int_equal(src->n_lines, 1);
	assert_place(src, 0, 1, 1, 1);
	assert_place(src, 99, 1, 1, 1);
	assert_text(source_line_text(src, 1), "");
	assert_text(source_line_text(src, 0), "");
	assert_text(source_line_text(src, 2), "");
	assert_null(source_free(NULL));
}

static void
test_lines(void **state UNUSED)
{
	CLEANUP(source_free_ptr)
	struct source *src = source_of(TEXT("one\r\n\ntwo\rx\nlast"));

	assert_int_equal(src->n_lines, 4);
	assert_text(source_line_text(src, 1), "one");
	assert_text(source_line_text(src, 2), "");
	assert_text(source_line_text(src, 3), "two\rx");
	assert_text(source_line_text(src, 4), "last");
	assert_text(source_line_text(src, 5), "");
	assert_int_equal(source_line_start(src, 1), 0);
	assert_int_equal(source_line_start(src, 2), 5);
	assert_int_equal(source_line_start(src, 4), 12);
	assert_int_equal(source_line_start(src, 5), 16);
	assert_place(src, 0, 1, 1, 1);
	assert_place(src, 4, 1, 5, 5);
	assert_place(src, 5, 2, 1, 1);
	assert_place(src, 6, 3, 1, 1);
	assert_place(src, 16, 4, 5, 5);
	assert_place(src, 99, 4, 5, 5);
}

/* The end of a file that ends in a newline is on its last line. */
static void
test_final_newline(void **state UNUSED)
{
	CLEANUP(source_free_ptr) struct source *src = source_of(TEXT("a\nb\n"));

	assert_int_equal(src->n_lines, 2);
	assert_place(src, 3, 2, 2, 2);
	assert_place(src, 4, 2, 3, 3);
}

static void
test_columns(void **state UNUSED)
{
	CLEANUP(source_free_ptr)
	struct source *src = source_of(TEXT("\t\xc3\xa9\xf0\x9f\x98\x80"
					    "e\xcc\x81\xff\x80x"));

	assert_place(src, 1, 1, 2, 2);
	assert_place(src, 3, 1, 3, 4);
	assert_place(src, 7, 1, 4, 8);
	assert_place(src, 8, 1, 5, 9);
	assert_place(src, 10, 1, 6, 11);
	assert_place(src, 12, 1, 8, 13);
	/* in the middle of a character: its bytes so far count */
	assert_place(src, 5, 1, 5, 6);
}

/* Against counting newlines. */
static void
test_every_offset(void **state UNUSED)
{
	uint64_t seed = 11;

	for (int round = 0; round < 200; round++) {
		CLEANUP(buf_release) struct buf b = BUF_INIT;
		CLEANUP(source_free_ptr) struct source *src = NULL;
		uint32_t line = 1, start = 0;

		random_text(&seed, &b, "ab\n\n\r", 0, 300);
		src = source_of(buf_text(&b));
		for (uint32_t i = 0; i < b.len; i++) {
			assert_place(src, i, line, i - start + 1,
				     i - start + 1);
			assert_int_equal(source_line_start(src, line), start);
			if (b.bytes[i] == '\n') {
				line++;
				start = i + 1;
			}
		}
	}
}

/* Columns of a line that is too long to be gone through each time. */
static void
test_long_line(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(source_free_ptr) struct source *src = NULL;
	uint32_t points = 0, units = 0, start;

	buf_adds(&b, "short \xc3\xa9\n");
	start = (uint32_t)b.len;
	for (int i = 0; i < 3000; i++)
		buf_adds(&b, i % 3   ? "a"
			     : i % 2 ? "\xc3\xa9"
				     : "\xf0\x9f\x98\x80");
	buf_adds(&b, "\nlast\n");
	src = source_of(buf_text(&b));
	for (uint32_t at = start; b.bytes[at] != '\n';) {
		struct place p = source_place(src, at);
		uint32_t code;
		size_t n = text_utf8(text_sub(buf_text(&b), at, b.len), &code);

		assert_int_equal(p.line, 2);
		assert_int_equal(p.column, points + 1);
		assert_int_equal(p.unit_column, units + 1);
		assert_int_equal(p.byte_column, at - start + 1);
		points++;
		units += n == 4 ? 2 : 1;
		at += (uint32_t)n;
	}
	assert_place(src, (uint32_t)b.len - 3, 3, 3, 3);
}

static void
test_spans(void **state UNUSED)
{
	CLEANUP(source_free_ptr)
	struct source *src = source_of(TEXT("a\nbc\n"));

	assert_text(span_text((struct span){ src, 2, 4 }), "bc");
	assert_text(span_text((struct span){ src, 2, 99 }), "bc\n");
	assert_int_equal(span_line((struct span){ src, 2, 4 }), 2);
	assert_int_equal(span_text((struct span){ NULL, 2, 4 }).len, 0);
	assert_int_equal(span_line((struct span){ NULL, 2, 4 }), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_final_newline),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_every_offset),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_spans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
