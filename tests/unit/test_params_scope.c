/* `params` of a procedure hold for it, and win over those of the document. */
#include "graph/runbook.h"
#include "lib/doc.h"

static const char text[] =
	"---\n"
	"runbook: {params: {size: {default: \"1\"}, "
	"who: {default: all}}}\n"
	"---\n"
	"# One\n\n```bash\necho <size> <who> <token>\n```\n\n"
	"<!-- runbook: {params: {size: {type: int, "
	"default: \"2\"}, pin: {secret: true}}} -->\n"
	"# Two\n\n```bash\necho <size> <who> <pin>\n```\n";

static const struct param *
param_of(const struct runbook *rb, uint32_t procedure, const char *name)
{
	const struct param *p =
		procedure_param(rb->procedures[procedure], text_of(name));

	assert_non_null(p);
	return p;
}

static void
the_nearest_definition_counts(void **state UNUSED)
{
	struct doc_test t = doc_open_bytes(text, sizeof(text) - 1);
	struct runbook *rb =
		runbook_build(t.doc, effect_rules_builtin(), &t.sink);

	assert_int_equal(t.sink.n_items, 0);
	assert_int_equal(rb->n_procedures, 2);
	assert_true(text_is(param_default(param_of(rb, 0, "size")), "1"));
	assert_true(text_is(param_default(param_of(rb, 1, "size")), "2"));
	assert_true(text_is(param_default(param_of(rb, 1, "who")), "all"));
	assert_true(param_of(rb, 0, "token")->secret);
	assert_true(param_of(rb, 1, "pin")->secret);
	assert_false(param_of(rb, 1, "who")->secret);
	doc_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_definition_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
