/* Patterns for paths. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/pathglob.h"
#include "lib/unit.h"

static bool
fits(const char *pattern, const char *path)
{
	return pathglob_fits(text_of(pattern), text_of(path));
}

static void
names_and_folders(void **state UNUSED)
{
	assert_true(fits("a.md", "a.md"));
	assert_false(fits("a.md", "b/a.md"));
	assert_false(fits("a.md", "a.mdx"));
	assert_true(fits("docs", "docs/x/y.md"));
	assert_true(fits("docs/", "docs/x/y.md"));
	assert_false(fits("docs", "docs2/y.md"));
	assert_false(fits("", "a"));
}

static void
stars_stay_within_a_folder(void **state UNUSED)
{
	assert_true(fits("docs/*.md", "docs/a.md"));
	assert_false(fits("docs/*.md", "docs/x/a.md"));
	assert_true(fits("docs/*/a.md", "docs/x/a.md"));
	assert_true(fits("d?cs", "docs/a.md"));
	assert_false(fits("docs?a.md", "docs/a.md"));
	assert_true(fits("*", "docs/a.md"));
	assert_true(fits("a*b*c", "aXbYbZc"));
	assert_false(fits("a*b*c", "aXbYbZ"));
}

static void
two_stars_are_any_folders(void **state UNUSED)
{
	assert_true(fits("**/archive/**", "archive/a.md"));
	assert_true(fits("**/archive/**", "x/y/archive/z/a.md"));
	assert_false(fits("**/archive/**", "x/old-archive/a.md"));
	assert_true(fits("docs/**/a.md", "docs/a.md"));
	assert_true(fits("docs/**/a.md", "docs/x/y/a.md"));
	assert_false(fits("docs/**/a.md", "docs/xa.md"));
	assert_true(fits("**", "a/b"));
	assert_true(fits("docs/**", "docs/a"));
	assert_false(fits("a**b", "a/b"));
	assert_true(fits("a**b", "axxb"));
}

/* The classic that takes others exponential time. */
static void
it_is_bounded(void **state UNUSED)
{
	struct buf pattern = BUF_INIT, path = BUF_INIT;

	for (int i = 0; i < 200; i++)
		buf_adds(&pattern, "a*");
	buf_adds(&pattern, "b");
	buf_fill(&path, 'a', 4000);
	assert_false(pathglob_fits(buf_text(&pattern), buf_text(&path)));
	buf_clear(&pattern);
	buf_fill(&pattern, 'a', LIMIT_PATTERN_BYTES);
	buf_clear(&path);
	buf_fill(&path, 'a', LIMIT_PATTERN_BYTES);
	assert_true(pathglob_fits(buf_text(&pattern), buf_text(&path)));
	buf_addc(&pattern, 'a');
	buf_addc(&path, 'a');
	assert_false(pathglob_fits(buf_text(&pattern), buf_text(&path)));
	buf_release(&pattern);
	buf_release(&path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_folders),
		cmocka_unit_test(stars_stay_within_a_folder),
		cmocka_unit_test(two_stars_are_any_folders),
		cmocka_unit_test(it_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
