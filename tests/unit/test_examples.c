/* The runbooks that come with the program: nothing is wrong with them, and
 * each can be told apart, listed and compiled. */
#include "diag/source.h"
#include "lib/doc.h"
#include "want/want.h"

static const enum front_field required[] = {
	FRONT_TYPE,   FRONT_ID,      FRONT_TITLE,  FRONT_STATUS,
	FRONT_OWNERS, FRONT_CREATED, FRONT_SYSTEM,
};

static void
check_wants(struct doc_test *t, const struct annotation *a)
{
	const struct ynode *expect = annotation_get(a, KEY_EXPECT);
	struct want **wants;
	uint32_t n = 0;

	if (!expect)
		return;
	wants = want_read(t->doc->arena, expect, &n, &t->sink);
	for (uint32_t i = 0; i < n; i++) {
		want_compile(wants[i], &t->sink);
		want_close(wants[i]);
	}
}

/* The name says what the id says. */
static void
check_id(const struct doc_test *t, const char *path)
{
	struct text id = frontmatter_text(&t->doc->front, FRONT_ID);
	struct buf name = BUF_INIT;

	assert_true(text_starts(id, "RUN-"));
	buf_addf(&name, "/%.*s.md", TEXT_ARG(text_sub(id, 4, id.len)));
	if (!text_ends(text_of(path), buf_cstr(&name)))
		fail_msg("%s: its id is '%.*s'", path, TEXT_ARG(id));
	buf_release(&name);
}

static void
check_file(const char *path)
{
	struct doc_test t = { .sink = DIAG_SINK_INIT };
	struct buf err = BUF_INIT;

	t.doc = document_load(path, &t.sink, &err);
	if (!t.doc)
		fail_msg("%s", buf_cstr(&err));
	assert_true(document_is_runbook(t.doc));
	for (size_t i = 0; i < ARRAY_LEN(required); i++)
		assert_non_null(t.doc->front.field[required[i]]);
	check_id(&t, path);
	for (uint32_t i = 0; i < t.doc->n_blocks; i++) {
		const struct block *b = t.doc->blocks[i];

		check_wants(&t, b->annotation);
		if (b->kind == BLOCK_CODE)
			assert_int_not_equal(b->code->kind, CODE_UNTAGGED);
	}
	if (t.sink.n_items)
		fail_msg("%s: %s", path, doc_report(&t));
	doc_close(&t);
}

static void
test_examples(void **state UNUSED)
{
	assert_int_equal(doc_each_file("examples", check_file), 9);
}

static void
test_runbooks(void **state UNUSED)
{
	assert_true(doc_each_file("runbooks", check_file) >= 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_runbooks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
