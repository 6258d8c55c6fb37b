/* GitHub's slugs. */
#include "doc/document.h"
#include "doc/slug.h"
#include "lib/unit.h"

static void
check(const char *heading, const char *slug)
{
	struct arena a = ARENA_INIT;

	assert_text(slug_of(&a, text_of(heading)), slug);
	arena_release(&a);
}

static void
letters_digits_and_hyphens_stay(void **state)
{
	(void)state;
	check("Server Access (SSH)", "server-access-ssh");
	check("Start/Stop", "startstop");
	check("Disk Space / Session Cleanup", "disk-space--session-cleanup");
	check("Won't \"x\" `y` <z>", "wont-x-y-z");
	check("a_b-c.d", "a_b-cd");
	check("  two  blanks ", "--two--blanks-");
	check("tab\tand\nline", "tabandline");
	check("", "");
	check("!?", "");
}

static void
words_are_those_of_all_languages(void **state)
{
	(void)state;
	check("Ärger mit Öl", "ärger-mit-öl");
	check("ПРИВЕТ Мир", "привет-мир");
	check("日本語、の見出し", "日本語の見出し");
	check("x\xc2\xb2 and \xc2\xaa", "x-and-\xc2\xaa"); /* ² No, ª Lo */
	check("\xe2\x85\xa3 Part", "\xe2\x85\xb3-part");   /* Ⅳ Nl */
	check("🔄 Deploy", "-deploy");
	check("a\xe2\x80\x93z \xe2\x80\x9cq\xe2\x80\x9d", "az-q");
	check("e\xcc\x81\xe2\x80\xbf", "e\xcc\x81\xe2\x80\xbf"); /* Mn, Pc */
	check("\xc4\xb0stanbul", "i\xcc\x87stanbul"); /* İ: two code points */
	check("\xe2\x92\xb6 \xf0\x9f\x84\xb0",
	      "\xe2\x93\x90-\xf0\x9f\x84\xb0"); /* Ⓐ, 🄰: Other_Alphabetic */
}

static void
bytes_that_are_no_text_are_dropped(void **state)
{
	(void)state;
	check("a\xff"
	      "b\xc3",
	      "ab");
	check("\xed\xa0\x80x", "x"); /* a surrogate */
}

static void
repetitions_are_numbered(void **state)
{
	/* after the README and test of github-slugger */
	static const struct {
		const char *heading, *slug;
	} cases[] = {
		{ "Foo", "foo" },       { "foo", "foo-1" },
		{ "foo 1", "foo-1-1" }, { "foo-1", "foo-1-2" },
		{ "foo", "foo-2" },     { "Bar 1", "bar-1" },
		{ "bar", "bar" },       { "bar", "bar-2" },
	};
	struct slugger s = SLUGGER_INIT;
	struct arena a = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_text(slugger_add(&s, &a, text_of(cases[i].heading)),
			    cases[i].slug);
	slugger_release(&s);
	arena_release(&a);
}

static void
many_slugs_are_all_different(void **state)
{
	enum {
		N = 5000
	};
	struct slugger s = SLUGGER_INIT;
	struct arena a = ARENA_INIT;
	char want[32];

	(void)state;
	for (unsigned i = 0; i < N; i++) {
		struct text got = slugger_add(&s, &a, TEXT("Same"));

		snprintf(want, sizeof(want), i ? "same-%u" : "same", i);
		assert_text(got, want);
	}
	assert_int_equal(s.n, N);
	slugger_release(&s);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_digits_and_hyphens_stay),
		cmocka_unit_test(words_are_those_of_all_languages),
		cmocka_unit_test(bytes_that_are_no_text_are_dropped),
		cmocka_unit_test(repetitions_are_numbered),
		cmocka_unit_test(many_slugs_are_all_different),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
