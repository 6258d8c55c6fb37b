/* The JSON schema is what the tables say, and says what the reader says (the
 * other half of that is tests/schema/check.py). */
#include "base/fd.h"
#include "doc/schema.h"
#include "lib/doc.h"

static void
read_whole(const char *path, struct buf *b)
{
	struct buf err = BUF_INIT;

	if (file_read(path, 1 << 20, b, &err) < 0)
		fail_msg("%s", buf_cstr(&err));
}

static void
the_file_is_what_is_written(void **state)
{
	struct buf file = BUF_INIT, made = BUF_INIT;

	(void)state;
	read_whole("schema/frontmatter.schema.json", &file);
	schema_write(&made);
	assert_string_equal(buf_cstr(&file), buf_cstr(&made));
	buf_release(&file);
	buf_release(&made);
}

/* "=== VERDICT KIND" as its last two words. */
static void
split_head(struct text line, struct text *ret_verdict, struct text *ret_kind)
{
	struct text mark;

	assert_true(text_next_field(&line, ' ', &mark));
	assert_true(text_next_field(&line, ' ', ret_verdict));
	*ret_kind = line;
}

static void
judge(struct text head, struct text yaml)
{
	struct text verdict, kind;
	struct buf b = BUF_INIT;
	struct doc_test t;

	split_head(head, &verdict, &kind);
	if (text_is(kind, "front"))
		buf_addf(&b, "---\n%.*s---\n# T\n", TEXT_ARG(yaml));
	else
		buf_addf(&b, "# T\n\n<!-- runbook:\n%.*s-->\n```sh\n```\n",
			 TEXT_ARG(yaml));
	t = doc_open_bytes(buf_cstr(&b), b.len);
	if ((t.sink.n_items == 0) != text_is(verdict, "good"))
		fail_msg("%.*s:\n%.*s%s", TEXT_ARG(head), TEXT_ARG(yaml),
			 doc_report(&t));
	doc_close(&t);
	buf_release(&b);
}

static void
the_reader_judges_the_cases(void **state)
{
	struct buf file = BUF_INIT;
	struct text rest, line, head = { NULL, 0 };
	size_t start = 0, n = 0;

	(void)state;
	read_whole("tests/schema/cases.txt", &file);
	rest = buf_text(&file);
	for (;;) {
		size_t at = file.len - rest.len;
		bool more = text_next_line(&rest, &line);

		if (more && !text_starts(line, "=== "))
			continue;
		if (head.len) {
			judge(head, text_sub(buf_text(&file), start, at));
			n++;
		}
		if (!more)
			break;
		head = line;
		start = file.len - rest.len;
	}
	assert_true(n > 100);
	buf_release(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_is_what_is_written),
		cmocka_unit_test(the_reader_judges_the_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
