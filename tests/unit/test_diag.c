/* Collecting diagnostics. */
#include "diag/diag.h"
#include "diag/source.h"
#include "lib/random.h"
#include "lib/unit.h"

static struct source *
source_named(const char *path)
{
	return source_new(path, xstrdup("0123456789"), 10);
}

static void
test_report(void **state UNUSED)
{
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	CLEANUP(source_free_ptr) struct source *src = source_named("a.md");
	struct span where = { src, 2, 5 }, other = { src, 7, 8 };
	struct diag *d = diag_report(&sink, DIAG_UNKNOWN_KEY, where,
				     "unknown key '%s'", "tmieout");

	assert_int_equal(sink.n_items, 1);
	assert_int_equal(sink.n_errors, 1);
	assert_ptr_equal(sink.items[0], d);
	assert_string_equal(d->message, "unknown key 'tmieout'");
	assert_int_equal(d->level, LEVEL_ERROR);
	assert_int_equal(d->where.start, 2);
	assert_null(d->help);
	diag_help(d, "did you mean '%s'?", "timeout");
	diag_help(d, "%s (%d)", d->help, 2);
	assert_string_equal(d->help, "did you mean 'timeout'? (2)");
	diag_note(d, other, "first %s", "here");
	diag_note(d, where, "then there");
	assert_string_equal(d->notes->message, "first here");
	assert_int_equal(d->notes->where.start, 7);
	assert_string_equal(d->notes->next->message, "then there");
	assert_null(d->notes->next->next);
}

static void
test_many(void **state UNUSED)
{
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	struct span nowhere = { NULL, 0, 0 };

	for (unsigned i = 0; i < 1000; i++)
		diag_report(&sink, DIAG_UNKNOWN_KEY, nowhere, "%u", i);
	assert_int_equal(sink.n_items, 1000);
	assert_string_equal(sink.items[999]->message, "999");
	diag_sink_release(&sink);
	assert_int_equal(sink.n_items, 0);
	assert_int_equal(sink.n_errors, 0);
	diag_sink_sort(&sink);
}

static int
order(const struct diag *a, const struct diag *b)
{
	const char *left = a->where.src ? a->where.src->path : "";
	const char *right = b->where.src ? b->where.src->path : "";
	int by_path = strcmp(left, right);

	if (by_path)
		return by_path;
	if (a->where.start != b->where.start)
		return a->where.start < b->where.start ? -1 : 1;
	if (a->where.end != b->where.end)
		return a->where.end < b->where.end ? -1 : 1;
	return strcmp(a->message, b->message);
}

/* However they come, they are told in one order: without a place first. */
static void
test_sort(void **state UNUSED)
{
	CLEANUP(source_free_ptr) struct source *a = source_named("a.md");
	CLEANUP(source_free_ptr) struct source *b = source_named("b.md");
	const struct source *sources[] = { NULL, a, b };
	uint64_t seed = 1;

	for (int round = 0; round < 200; round++) {
		CLEANUP(diag_sink_release)
		struct diag_sink sink = DIAG_SINK_INIT;

		for (int i = 0; i < 30; i++) {
			struct span where = {
				sources[random_below(&seed, 3)],
				(uint32_t)random_below(&seed, 3),
				3 + (uint32_t)random_below(&seed, 2),
			};

			diag_report(&sink, DIAG_UNKNOWN_KEY, where, "m%d",
				    (int)random_below(&seed, 3));
		}
		diag_sink_sort(&sink);
		for (size_t i = 1; i < sink.n_items; i++)
			assert_true(order(sink.items[i - 1], sink.items[i]) <=
				    0);
	}
}

static void
test_codes(void **state UNUSED)
{
	const struct diag_info *info = diag_info(DIAG_UNKNOWN_KEY);

	assert_string_equal(info->number, "RB1101");
	assert_string_equal(info->alias, "unknown-key");
	assert_true(strlen(info->summary) > 0);
	assert_int_equal(diag_code_by_name("rb1101"), DIAG_UNKNOWN_KEY);
	assert_int_equal(diag_code_by_name("Unknown-Key"), DIAG_UNKNOWN_KEY);
	assert_int_equal(diag_code_by_name("RB0000"), -1);
	assert_int_equal(diag_code_by_name(""), -1);
	for (int i = 0; i < DIAG_CODE_COUNT; i++) {
		info = diag_info((enum diag_code)i);
		assert_int_equal(diag_code_by_name(info->number), i);
		assert_int_equal(diag_code_by_name(info->alias), i);
	}
}

static void
test_levels(void **state UNUSED)
{
	assert_string_equal(diag_level_name(LEVEL_ERROR), "error");
	assert_string_equal(diag_level_name(LEVEL_WARNING), "warning");
	assert_string_equal(diag_level_name(LEVEL_INFO), "note");
	assert_string_equal(diag_level_name(LEVEL_HINT), "note");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_report), cmocka_unit_test(test_many),
		cmocka_unit_test(test_sort),   cmocka_unit_test(test_codes),
		cmocka_unit_test(test_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
