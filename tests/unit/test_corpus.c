/* Real documents: every byte of code stands where its map says it does. */
#include "lib/doc.h"

static struct {
	size_t documents, bytes, headings, fenced, indented, shell, shell_items;
	size_t untagged, unclosed, too_far, errors;
} total;

static bool
is_in_item(const struct container *c)
{
	for (; c; c = c->outer) {
		if (c->kind == CONTAINER_BULLET || c->kind == CONTAINER_ORDERED)
			return true;
	}
	return false;
}

static void
count_code(const struct block *block)
{
	const struct code *code = block->code;
	bool shell = code->kind == CODE_SCRIPT || code->kind == CODE_CONSOLE;

	total.fenced += code->fenced;
	total.indented += !code->fenced;
	total.unclosed += !code->closed;
	total.shell += shell;
	total.shell_items += shell && is_in_item(block->in);
	total.untagged += code->kind == CODE_UNTAGGED;
}

static void
read_one(const char *path)
{
	struct doc_test t = { NULL, DIAG_SINK_INIT };
	struct buf err = BUF_INIT;

	t.doc = document_load(path, &t.sink, &err);
	if (!t.doc)
		fail_msg("%s", buf_cstr(&err));
	assert_false(t.doc->refused);
	total.documents++;
	total.bytes += doc_check_places(t.doc);
	for (uint32_t i = 0; i < t.doc->n_blocks; i++) {
		const struct block *block = t.doc->blocks[i];

		total.headings += block->kind == BLOCK_HEADING;
		if (block->kind == BLOCK_CODE)
			count_code(block);
	}
	for (size_t i = 0; i < t.sink.n_items; i++) {
		total.too_far += t.sink.items[i]->code == DIAG_INDENTED_FENCE;
		total.errors += t.sink.items[i]->level == LEVEL_ERROR;
	}
	doc_close(&t);
	buf_release(&err);
}

/* The counts were made by another program over the same files. It told 12
 * unclosed fences; the thirteenth was looked at. */
static void
corpus_has_known_counts_and_exact_places(void **state)
{
	char *folder = test_data("corpus");

	(void)state;
	if (!folder)
		skip();
	doc_each_file(folder, read_one);
	print_message("%zu documents, %zu bytes of code and HTML\n",
		      total.documents, total.bytes);
	assert_int_equal(total.documents, 1558);
	assert_int_equal(total.headings, 12423);
	assert_int_equal(total.fenced, 7847);
	assert_int_equal(total.indented, 69);
	assert_int_equal(total.too_far, 13);
	assert_int_equal(total.unclosed, 13);
	assert_int_equal(total.shell, 4641);
	assert_int_equal(total.shell_items, 1309);
	assert_int_equal(total.untagged, 1447);
	/* they and one block that was closed too late are all our errors */
	assert_int_equal(total.errors, 14);
	free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(corpus_has_known_counts_and_exact_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
