/* Each code about documents: its bad example gets it and nothing else, its
 * good one nothing. */
#include "base/fd.h"
#include "lib/doc.h"

static const char table[] = "schema/diagnostics/document.yaml";

static struct doc_test
open_text(struct text t)
{
	return doc_open_bytes(t.at, t.len);
}

static struct text
field(const struct ynode *row, const char *name)
{
	const struct ynode *value = ytree_get(row, name);

	if (!value)
		fail_msg("a row of %s has no '%s'", table, name);
	return value->text;
}

static void
check_bad(const struct ynode *row, const char *number)
{
	struct doc_test t = open_text(field(row, "bad"));

	if (t.sink.n_items != 1 ||
	    strcmp(diag_info(t.sink.items[0]->code)->number, number) != 0)
		fail_msg("bad example of %s: %s", number, doc_report(&t));
	/* the place is in the document, and not all of it */
	assert_ptr_equal(t.sink.items[0]->where.src, t.doc->src);
	assert_true(t.sink.items[0]->where.end <= t.doc->src->bytes.len);
	doc_close(&t);
}

static void
check_good(const struct ynode *row, const char *number)
{
	struct doc_test t = open_text(field(row, "good"));

	if (t.sink.n_items)
		fail_msg("good example of %s: %s", number, doc_report(&t));
	doc_close(&t);
}

static void
examples_do_what_they_say(void **state)
{
	struct arena arena = ARENA_INIT;
	struct diag_sink sink = DIAG_SINK_INIT;
	struct buf bytes = BUF_INIT, err = BUF_INIT;
	const struct ynode *rows;
	uint32_t n = 0;

	(void)state;
	if (file_read(table, 1 << 20, &bytes, &err) < 0)
		fail_msg("%s", buf_cstr(&err));
	rows = ytree_parse(&arena, (struct excerpt){ buf_text(&bytes), NULL },
			   &sink);
	assert_int_equal(sink.n_items, 0);
	assert_int_equal(rows->kind, Y_SEQUENCE);
	for (uint32_t i = 0; i < rows->n_items; i++) {
		const char *number = field(rows->items[i], "code").at;

		check_bad(rows->items[i], number);
		check_good(rows->items[i], number);
	}
	/* no code of this family is without a row here */
	for (int i = 0; i < DIAG_CODE_COUNT; i++)
		n += strncmp(diag_info((enum diag_code)i)->number, "RB1", 3) ==
		     0;
	assert_int_equal(n, rows->n_items);
	arena_release(&arena);
	buf_release(&bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_do_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
