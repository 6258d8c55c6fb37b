/* Comments and tags in HTML. */
#include "doc/html.h"
#include "lib/unit.h"

/* Tokens of HTML as "kind:text" separated by "|". */
static void
check(const char *html, const char *want)
{
	struct text t = text_of(html);
	struct html_token token;
	struct buf b = BUF_INIT;
	size_t at = 0;

	while (html_next(t, &at, &token)) {
		struct text shown = token.name;

		if (token.kind == HTML_COMMENT)
			shown = text_sub(t, token.inner_start, token.inner_end);
		buf_addf(&b, "%c%.*s@%zu-%zu|", "!+-"[token.kind],
			 TEXT_ARG(shown), token.start, token.end);
	}
	assert_string_equal(buf_cstr(&b), want);
	buf_release(&b);
}

static void
tokens_are_tags_and_comments(void **state)
{
	(void)state;
	check("<a><b c='>'>x</b></a>", "+a@0-3|+b@3-12|-b@13-17|-a@17-21|");
	check("x <!-- a <b> --> <c/>", "! a <b> @2-16|+c@17-21|");
	check("<!--a--><!--b-->", "!a@0-8|!b@8-16|");
	check("<h1 data-x=\"</h1>\">", "+h1@0-19|");
	check("<my-tag\nx>", "+my-tag@0-10|");
}

static void
what_does_not_end_reaches_to_the_end(void **state)
{
	(void)state;
	check("<!-- a", "! a@0-6|");
	check("<!--", "!@0-4|");
	check("<!---->", "!@0-7|");
	check("<a b='>", "+a@0-7|");
	check("<a", "+a@0-2|");
}

static void
other_angles_are_no_tags(void **state)
{
	(void)state;
	check("", "");
	check("a < b > c", "");
	check("<>", "");
	check("</>", "");
	check("<1>", "");
	check("<<a>", "+a@1-4|");
	check("<!DOCTYPE x><? y ?>", "");
	check("<", "");
}

static void
plain_text_has_no_tags(void **state)
{
	struct arena a = ARENA_INIT;
	struct text plain = TEXT(" plain words ");

	(void)state;
	assert_text(html_plain(&a, TEXT(" <b>How</b> to <!-- c -->go ")),
		    "How to go");
	assert_text(html_plain(&a, plain), "plain words");
	assert_ptr_equal(html_plain(&a, plain).at, plain.at + 1);
	assert_text(html_plain(&a, TEXT("<!-- c -->")), "");
	assert_text(html_plain(&a, TEXT("a<br>b")), "ab");
	assert_text(html_plain(&a, TEXT("<b>x")), "x");
	assert_text(html_plain(&a, TEXT("x<b")), "x");
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_tags_and_comments),
		cmocka_unit_test(what_does_not_end_reaches_to_the_end),
		cmocka_unit_test(other_angles_are_no_tags),
		cmocka_unit_test(plain_text_has_no_tags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
