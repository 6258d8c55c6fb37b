/* Front matter: where it is, its fields and their types. */
#include "base/limits.h"
#include "lib/doc.h"

#define DOC(markdown) CLEANUP(doc_close) struct doc_test t = doc_open(markdown)

static void
it_stands_between_two_rules_at_the_head(void **state)
{
	DOC("---\ntype: Runbook\nid: RUN-x\nowners: [a, b]\nextra: {k: "
	    "v}\n---\n"
	    "# T\n");
	const struct frontmatter *f = &t.doc->front;

	(void)state;
	assert_true(f->present);
	assert_true(document_is_runbook(t.doc));
	assert_text(frontmatter_text(f, FRONT_ID), "RUN-x");
	assert_text(frontmatter_text(f, FRONT_TITLE), "");
	assert_text(frontmatter_text(f, FRONT_OWNERS), "");
	assert_int_equal(f->field[FRONT_OWNERS]->n_items, 2);
	assert_non_null(ytree_get(f->tree, "extra"));
	assert_int_equal(span_text(f->where).len, 61);
	assert_text(span_text(f->field[FRONT_ID]->where), "RUN-x");
	assert_text(t.doc->sections[0]->path, "t");
	assert_int_equal(span_line(t.doc->sections[0]->heading->where), 7);
	assert_string_equal(doc_report(&t), "");
}

static void
its_forms_are_many(void **state)
{
	static const char *const heads[] = {
		"---\ntype: runbook\n---\n",
		"---\r\ntype: runbook\r\n---\r\n",
		"---  \ntype: runbook\n---\t\n",
		"---\ntype: runbook\n...\n",
		"\xef\xbb\xbf---\ntype: runbook\n---\n",
		"---\n# comment\n\ntype: runbook\n---\n",
		"---\n{type: runbook}\n---\n",
		"---\ntype: runbook # kind\n\n---\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		struct buf b = BUF_INIT;
		struct doc_test t;

		buf_addf(&b, "%sText.\n", heads[i]);
		t = doc_open(buf_cstr(&b));
		assert_true(document_is_runbook(t.doc));
		assert_int_equal(t.doc->n_blocks, 1);
		assert_text(doc_block(&t, BLOCK_PARAGRAPH, 0)->text, "Text.");
		assert_string_equal(doc_report(&t), "");
		doc_close(&t);
		buf_release(&b);
	}
}

static void
a_thematic_break_is_none(void **state)
{
	static const char *const heads[] = {
		"---\n\nSome prose.\n\n---\n",
		"---\n- a: list\n---\n",
		"---\nprose:without\n---\n",
		" ---\ntype: runbook\n---\n",
		"----\ntype: runbook\n---\n",
		"---x\ntype: runbook\n---\n",
		"\n---\ntype: runbook\n---\n",
		"text\n---\ntype: runbook\n---\n",
		"---\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		struct doc_test t = doc_open(heads[i]);

		assert_false(t.doc->front.present);
		assert_false(document_is_runbook(t.doc));
		assert_string_equal(doc_report(&t), "");
		doc_close(&t);
	}
}

static void
without_its_end_it_is_text(void **state)
{
	DOC("---\ntype: runbook\n\n# T\n");

	(void)state;
	assert_false(t.doc->front.present);
	assert_text(t.doc->sections[0]->path, "t");
	assert_string_equal(doc_report(&t),
			    "1:1: RB1205 front matter is never closed\n"
			    "  help: end it by a line of '---'\n");
}

static void
a_broken_one_leaves_the_document_readable(void **state)
{
	DOC("---\ntitle: \"x\nb: c\n---\n\n# T\n\n```sh\ntrue\n```\n");

	(void)state;
	assert_int_equal(t.sink.n_items, 1);
	assert_int_equal(t.sink.items[0]->code, DIAG_YAML_MALFORMED);
	assert_true(t.doc->front.present);
	assert_null(t.doc->front.tree);
	assert_int_equal(t.doc->n_blocks, 2);
	assert_text(t.doc->title, "T");
}

static void
only_a_mapping_is_one(void **state)
{
	DOC("---\n\"a: b\"\n---\ntext\n");

	(void)state;
	assert_string_equal(doc_report(&t),
			    "2:1: RB1205 front matter is no mapping\n");
	assert_int_equal(t.doc->n_blocks, 1);
}

static void
fields_of_runbooks_have_types(void **state)
{
	static const struct {
		const char *field, *wants; /* NULL: it is fine */
	} cases[] = {
		{ "id: RUN-1", NULL },
		{ "id: 12", NULL },
		{ "id: [a]", "'id' wants a text" },
		{ "title:", "'title' wants a text" },
		{ "title: ''", NULL },
		{ "status: active", NULL },
		{ "status: draft", NULL },
		{ "status: deprecated", NULL },
		{ "status: Active",
		  "'status' wants active, draft or deprecated" },
		{ "status: [active]",
		  "'status' wants active, draft or deprecated" },
		{ "owners: a", NULL },
		{ "owners: [a, 'b']", NULL },
		{ "owners: []", NULL },
		{ "owners: {a: b}",
		  "'owners' wants a text or a list of texts" },
		{ "owners: [a, [b]]",
		  "'owners' wants a text or a list of texts" },
		{ "created: 2026-01-31", NULL },
		{ "created: '2024-02-29'", NULL },
		{ "created: 2000-02-29", NULL },
		{ "created: 2026-02-29",
		  "'created' wants a date such as 2026-01-31" },
		{ "created: 1900-02-29",
		  "'created' wants a date such as 2026-01-31" },
		{ "created: 2026-13-01",
		  "'created' wants a date such as 2026-01-31" },
		{ "created: 2026-00-01",
		  "'created' wants a date such as 2026-01-31" },
		{ "created: 2026-04-31",
		  "'created' wants a date such as 2026-01-31" },
		{ "created: 2026-04-00",
		  "'created' wants a date such as 2026-01-31" },
		{ "created: 2026-1-1",
		  "'created' wants a date such as 2026-01-31" },
		{ "created: 2026-01-01T10:00:00Z",
		  "'created' wants a date such as 2026-01-31" },
		{ "updated: soon",
		  "'updated' wants a date such as 2026-01-31" },
		{ "steps: {any: [thing]}", NULL },
		{ "weight: {not: ours}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT, want = BUF_INIT;
		struct doc_test t;

		buf_addf(&b, "---\ntype: runbook\n%s\n---\n", cases[i].field);
		t = doc_open(buf_cstr(&b));
		if (cases[i].wants)
			buf_addf(&want, "front matter field %s",
				 cases[i].wants);
		assert_int_equal(t.sink.n_items, cases[i].wants != NULL);
		if (cases[i].wants) {
			assert_int_equal(t.sink.items[0]->code,
					 DIAG_FIELD_TYPE);
			assert_string_equal(t.sink.items[0]->message,
					    buf_cstr(&want));
			assert_int_equal(span_line(t.sink.items[0]->where), 3);
		}
		doc_close(&t);
		buf_release(&b);
		buf_release(&want);
	}
}

static void
fields_of_other_documents_are_their_own(void **state)
{
	DOC("---\nstatus: published\ntags: {a: b}\ncreated: yesterday\n---\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_text(frontmatter_text(&t.doc->front, FRONT_STATUS), "published");
}

static void
its_size_has_a_limit(void **state)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	(void)state;
	buf_adds(&b, "---\na: ");
	buf_fill(&b, 'x', LIMIT_FRONT_MATTER_BYTES);
	buf_adds(&b, "\n---\n# T\n");
	t = doc_open(buf_cstr(&b));
	assert_string_equal(doc_report(&t),
			    "2:1: RB1204 more than 65536 bytes of YAML\n");
	assert_int_equal(t.doc->n_sections, 1);
	doc_close(&t);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_stands_between_two_rules_at_the_head),
		cmocka_unit_test(its_forms_are_many),
		cmocka_unit_test(a_thematic_break_is_none),
		cmocka_unit_test(without_its_end_it_is_text),
		cmocka_unit_test(a_broken_one_leaves_the_document_readable),
		cmocka_unit_test(only_a_mapping_is_one),
		cmocka_unit_test(fields_of_runbooks_have_types),
		cmocka_unit_test(fields_of_other_documents_are_their_own),
		cmocka_unit_test(its_size_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
