/* Code blocks: fences, languages, files, the place of each byte. */
#include "doc/fence.h"
#include "lib/doc.h"

#define DOC(markdown) CLEANUP(doc_close) struct doc_test t = doc_open(markdown)

static const struct code *
code_at(const struct doc_test *t, uint32_t i)
{
	return doc_block(t, BLOCK_CODE, i)->code;
}

/* The byte of the document that byte I of the content of CODE came from. */
static struct span
byte_place(const struct code *code, uint32_t i)
{
	return map_span(code->content.map, i, i + 1);
}

/* ---- places ------------------------------------------------------------- */

static void
content_is_led_back_through_lists_and_quotes(void **state)
{
	DOC("1. one\n\n   > - ```sh\n   >   first\n   >     second\n   >\n"
	    "   >   third\n   >   ```\n");
	const struct block *b = doc_block(&t, BLOCK_CODE, 0);

	(void)state;
	assert_text(b->code->content.text, "first\n  second\n\nthird\n");
	assert_true(b->code->closed);
	assert_text(span_text(byte_place(b->code, 0)), "f");
	assert_int_equal(span_line(byte_place(b->code, 8)), 5);
	assert_text(span_text(map_span(b->code->content.map, 6, 14)),
		    "  second");
	assert_int_equal(span_line(byte_place(b->code, 16)), 7);
	assert_int_equal(doc_check_places(t.doc), 22);
	assert_int_equal(b->in->kind, CONTAINER_BULLET);
	assert_text(span_text(b->where),
		    "```sh\n   >   first\n   >     second\n   >\n"
		    "   >   third\n   >   ```");
}

static void
content_at_the_margin_is_the_documents_own(void **state)
{
	DOC("```sh\na\n\nb\n```\n");
	const struct code *code = code_at(&t, 0);

	(void)state;
	assert_ptr_equal(code->content.text.at, t.doc->src->bytes.at + 6);
	assert_int_equal(code->content.map->n_segments, 1);
}

static void
crlf_becomes_lf(void **state)
{
	DOC("- ```sh\r\n  a\r\n  b\r\n  ```\r\n");
	const struct code *code = code_at(&t, 0);

	(void)state;
	assert_text(code->content.text, "a\nb\n");
	assert_true(code->closed);
	assert_text(code->info, "sh");
	assert_text(span_text(byte_place(code, 1)), "\n");
	assert_text(span_text(byte_place(code, 2)), "b");
	assert_int_equal(doc_check_places(t.doc), 4);
}

static void
a_lone_cr_ends_a_line_too(void **state)
{
	DOC("# T\r\r```sh\ra\rb\n```\r\n## U\n");
	const struct code *code = code_at(&t, 0);

	(void)state;
	assert_text(code->content.text, "a\nb\n");
	assert_true(code->closed);
	assert_text(span_text(byte_place(code, 0)), "a");
	assert_text(span_text(byte_place(code, 1)), "\r");
	assert_text(span_text(byte_place(code, 3)), "\n");
	assert_int_equal(t.doc->n_sections, 2);
	assert_text(span_text(doc_block(&t, BLOCK_HEADING, 1)->where), "## U");
	assert_int_equal(doc_check_places(t.doc), 4);
}

static void
tabs_that_are_cut_become_blanks_with_a_place(void **state)
{
	DOC("- a\n\n\t\tcode\n\n* ```sh\n\tfour\n  ```\n");
	const struct code *code = code_at(&t, 0);

	(void)state;
	/* two of the four columns of the second tab are left */
	assert_text(code->content.text, "  code\n");
	assert_false(code->fenced);
	assert_int_equal(code->content.map->segments[0].kind, MAP_DECODED);
	assert_text(span_text(byte_place(code, 0)), "\t");
	assert_text(span_text(byte_place(code, 2)), "c");
	code = code_at(&t, 1);
	assert_text(code->content.text, "  four\n");
	assert_text(span_text(byte_place(code, 1)), "\t");
	doc_check_places(t.doc);
}

static void
whole_tabs_are_kept(void **state)
{
	DOC("```sh\n\tx\ty\n```\n\n\tz\n");

	(void)state;
	assert_text(code_at(&t, 0)->content.text, "\tx\ty\n");
	assert_text(code_at(&t, 1)->content.text, "z\n");
	doc_check_places(t.doc);
}

static void
a_nul_is_a_replacement_character_with_a_place(void **state)
{
	static const char bytes[] = "> ```\n> a\0b\xef\xbf\xbd\0\n> ```\n";
	CLEANUP(doc_close)
	struct doc_test t = doc_open_bytes(bytes, sizeof(bytes) - 1);
	const struct code *code = code_at(&t, 0);

	(void)state;
	assert_text(code->content.text, "a\xef\xbf\xbd"
					"b\xef\xbf\xbd\xef\xbf\xbd\n");
	assert_int_equal(byte_place(code, 1).start, 9);
	assert_int_equal(byte_place(code, 3).end, 10);
	assert_text(span_text(byte_place(code, 4)), "b");
	assert_text(span_text(byte_place(code, 6)), "\xbf");
	assert_int_equal(byte_place(code, 8).start, 14);
	assert_text(span_text(byte_place(code, 11)), "\n");
}

static void
a_nul_makes_no_fence_of_indented_code(void **state)
{
	CLEANUP(doc_close) struct doc_test t = doc_open_bytes("\t```\0", 5);

	(void)state;
	assert_false(code_at(&t, 0)->fenced);
	doc_check_places(t.doc);
}

static void
the_last_line_may_lack_its_end(void **state)
{
	DOC("> ```sh\n> a");
	const struct code *code = code_at(&t, 0);

	(void)state;
	assert_text(code->content.text, "a\n");
	assert_int_equal(byte_place(code, 1).start, t.doc->src->bytes.len);
	assert_int_equal(byte_place(code, 1).end, t.doc->src->bytes.len);
	assert_false(code->closed);
	doc_check_places(t.doc);
}

static void
indented_fences_lose_their_indentation(void **state)
{
	DOC("  ```sh\n a\n  b\n   c\n  ```\n");

	(void)state;
	assert_text(code_at(&t, 0)->content.text, "a\nb\n c\n");
	assert_int_equal(doc_check_places(t.doc), 7);
}

static void
empty_blocks_have_a_place(void **state)
{
	DOC("```sh\n```\n\n- ~~~\n\n```\n");

	(void)state;
	assert_text(code_at(&t, 0)->content.text, "");
	assert_true(code_at(&t, 0)->closed);
	assert_int_equal(map_span(code_at(&t, 0)->content.map, 0, 0).start, 6);
	assert_false(code_at(&t, 1)->closed);
	assert_false(code_at(&t, 2)->closed);
	doc_check_places(t.doc);
}

/* ---- fences ------------------------------------------------------------- */

static void
a_fence_tells_its_form(void **state)
{
	DOC("~~~~ Bash  x=1 \na\n~~~\n~~~~~\n\n    ```\n    b\n    ```\n");
	const struct code *code = code_at(&t, 0);

	(void)state;
	assert_int_equal(code->fence, '~');
	assert_int_equal(code->fence_len, 4);
	assert_text(code->info, "Bash  x=1");
	assert_text(code->language, "bash");
	assert_text(code->content.text, "a\n~~~\n");
	assert_true(code->fenced && code->closed);
	code = code_at(&t, 1);
	assert_false(code->fenced);
	assert_text(code->content.text, "```\nb\n```\n");
	assert_text(code->info, "");
	assert_int_equal(code->kind, CODE_UNTAGGED);
}

static void
an_info_string_is_as_written(void **state)
{
	DOC("```sh {name: \"a\\tb &amp; c\"}\n```\n");

	(void)state;
	assert_text(code_at(&t, 0)->info, "sh {name: \"a\\tb &amp; c\"}");
	assert_string_equal(doc_report(&t), "");
	assert_text(
		doc_block(&t, BLOCK_CODE, 0)->annotation->value[KEY_NAME]->text,
		"a\tb &amp; c");
}

static void
very_long_fences_close_as_cmark_counts(void **state)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	(void)state;
	buf_fill(&b, '`', 300);
	buf_adds(&b, "\na\n");
	buf_fill(&b, '`', 255);
	buf_adds(&b, "\nb\n");
	t = doc_open(buf_cstr(&b));
	assert_true(code_at(&t, 0)->closed);
	assert_int_equal(code_at(&t, 0)->fence_len, 300);
	assert_text(doc_block(&t, BLOCK_PARAGRAPH, 0)->text, "b");
	doc_close(&t);
	buf_release(&b);
}

static void
an_unclosed_fence_is_reported_where_it_opens(void **state)
{
	DOC("# T\n\n```sh\n$ true\n\n## Next\n\nTODO\n");

	(void)state;
	assert_string_equal(
		doc_report(&t),
		"3:1: RB1301 this fence is never closed\n"
		"  6:1: this heading has become a part of the block, with all "
		"below it\n"
		"  help: end the block by a line of 3 '`' indented like this "
		"one\n");
	assert_int_equal(t.doc->n_sections, 1);
}

static void
a_near_miss_is_pointed_at(void **state)
{
	static const struct {
		const char *markdown, *note;
	} cases[] = {
		{ "```promql\nup\n``\ntext\n",
		  "3:1: this does not close it: it is too short" },
		{ "```\nup\n~~~\n",
		  "3:1: this does not close it: the marks differ" },
		{ "````\nup\n```\n",
		  "3:1: this does not close it: it is too short" },
		{ "```\nup\n     ```\n",
		  "3:6: this does not close it: it is indented by four columns "
		  "or more" },
		{ "```sh\nup\n```sh\ndown\n",
		  "3:1: another fence opens here, within the block" },
		{ "- ```sh\n  up\n- b\n", "3:1: the list item or quote around "
					  "it ends before this line, "
					  "and the block with it" },
		{ "- ```sh\n  up\n```\n",
		  "3:1: this does not close it: it stands outside of the list "
		  "item or quote in which the fence was opened" },
		{ "> ```sh\n> up\n```\n",
		  "3:1: this does not close it: it stands outside of the list "
		  "item or quote in which the fence was opened" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct doc_test t = doc_open(cases[i].markdown);

		assert_int_equal(t.sink.items[0]->code, DIAG_UNCLOSED_FENCE);
		assert_false(code_at(&t, 0)->closed);
		if (!strstr(doc_report(&t), cases[i].note))
			fail_msg("%zu: %s", i, doc_report(&t));
		doc_close(&t);
	}
}

static void
a_line_of_another_container_closes_nothing(void **state)
{
	DOC("> ```sh\n> up\n```\ndown\n```\n");

	(void)state;
	assert_false(code_at(&t, 0)->closed);
	assert_text(code_at(&t, 0)->content.text, "up\n");
	assert_true(code_at(&t, 1)->closed);
	assert_text(code_at(&t, 1)->content.text, "down\n");
}

static void
fences_that_close_normally_are_not_reported(void **state)
{
	DOC("```sh\na\n```\n- ```sh\n  a\n  ```\n\n> ~~~\n> ```\n> ~~~\n\n"
	    "````md\n```sh\nx\n```\n````\n\n~~~sh\n```sh\n~~~\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
}

static void
a_fence_that_opens_in_another_is_reported(void **state)
{
	DOC("```sh\na\n\nThen:\n\n```sh\nb\n```\n");

	(void)state;
	assert_string_equal(
		doc_report(&t),
		"6:1: RB1303 a fence opens within another block of code\n"
		"  1:1: the block began here and was not closed before\n"
		"  help: close the first block; where its text is meant to "
		"show "
		"a fence, begin it with more marks\n");
}

static void
a_fence_too_far_in_is_reported(void **state)
{
	DOC("Given:\n\n    ```sh\n    a\n    ```\n\n- text\n      ```sh\n"
	    "      b\n      ```\n");

	(void)state;
	assert_int_equal(t.sink.n_items, 2);
	assert_int_equal(t.sink.items[0]->code, DIAG_INDENTED_FENCE);
	assert_text(span_text(t.sink.items[0]->where), "```sh");
	assert_int_equal(span_line(t.sink.items[0]->where), 3);
	assert_int_equal(t.sink.items[1]->code, DIAG_INDENTED_FENCE);
	assert_int_equal(span_line(t.sink.items[1]->where), 8);
}

static void
inline_code_of_three_marks_is_no_fence(void **state)
{
	DOC("Text\n```a``` b\n\n    true ```\n\n    ``\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
}

/* ---- languages and files ------------------------------------------------ */

static void
a_language_makes_the_kind(void **state)
{
	static const struct {
		const char *info;
		enum code_kind kind;
		const char *language;
	} cases[] = {
		{ "bash", CODE_SCRIPT, "bash" },
		{ "SH", CODE_SCRIPT, "sh" },
		{ "shell title=x", CODE_SCRIPT, "shell" },
		{ "zsh", CODE_SCRIPT, "zsh" },
		{ "bash{1,3}", CODE_SCRIPT, "bash" },
		{ "bash,ignore", CODE_SCRIPT, "bash" },
		{ "console", CODE_CONSOLE, "console" },
		{ "shell-session", CODE_CONSOLE, "shell-session" },
		{ "text", CODE_OUTPUT, "text" },
		{ "output", CODE_OUTPUT, "output" },
		{ "", CODE_UNTAGGED, "" },
		{ "yaml", CODE_OTHER, "yaml" },
		{ "bashful", CODE_OTHER, "bashful" },
		{ "{note}", CODE_DIRECTIVE, "note" },
		{ "{tab-item} AWS", CODE_DIRECTIVE, "tab-item" },
		{ "{code-block} bash", CODE_DIRECTIVE, "code-block" },
		{ "{.bash .numberLines}", CODE_SCRIPT, "bash" },
		{ "{.python}", CODE_OTHER, "python" },
		{ "{=html}", CODE_OTHER, "" },
		{ "{#id .bash}", CODE_OTHER, "" },
		{ "{", CODE_OTHER, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT;
		struct doc_test t;

		buf_addf(&b, "~~~%s\nx\n~~~\n", cases[i].info);
		t = doc_open(buf_cstr(&b));
		assert_int_equal(code_at(&t, 0)->kind, cases[i].kind);
		assert_text(code_at(&t, 0)->language, cases[i].language);
		assert_string_equal(doc_report(&t), "");
		doc_close(&t);
		buf_release(&b);
	}
}

static void
a_path_comment_makes_a_file(void **state)
{
	DOC("```ini\n# /etc/systemd/system/x.service\n[Unit]\n```\n\n"
	    "```bash\n# /usr/local/bin/x\ntrue\n```\n\n"
	    "```\n# /etc/hosts\n```\n\n```yaml\na: 1\n# /etc/x\n```\n");

	(void)state;
	assert_int_equal(code_at(&t, 0)->kind, CODE_FILE);
	assert_text(code_at(&t, 0)->file_path, "/etc/systemd/system/x.service");
	assert_int_equal(code_at(&t, 1)->kind, CODE_SCRIPT);
	assert_int_equal(code_at(&t, 2)->kind, CODE_UNTAGGED);
	assert_int_equal(code_at(&t, 3)->kind, CODE_OTHER);
	assert_text(code_at(&t, 3)->file_path, "");
}

static void
path_comments_hold_a_path_and_nothing_else(void **state)
{
	static const struct {
		const char *line, *path;
	} cases[] = {
		{ "# /etc/hosts", "/etc/hosts" },
		{ "  ; /a b", "" },
		{ ";/etc/php.ini  ", "/etc/php.ini" },
		{ "// /srv/x.json", "/srv/x.json" },
		{ "-- /srv/x.sql", "/srv/x.sql" },
		{ "/* /srv/x.css */", "/srv/x.css" },
		{ "<!-- /srv/x.xml -->", "/srv/x.xml" },
		{ "# /etc/hosts (part of it)", "" },
		{ "# etc/hosts", "" },
		{ "# ~/x", "" },
		{ "# /", "" },
		{ "# /etc/", "" },
		{ "#!/bin/sh", "" },
		{ "//etc/x", "" },
		{ "// comment", "" },
		{ "# //host/share", "" },
		{ "/etc/hosts", "" },
		{ "#", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_text(fence_path_comment(text_of(cases[i].line)),
			    cases[i].path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(content_is_led_back_through_lists_and_quotes),
		cmocka_unit_test(content_at_the_margin_is_the_documents_own),
		cmocka_unit_test(crlf_becomes_lf),
		cmocka_unit_test(a_lone_cr_ends_a_line_too),
		cmocka_unit_test(tabs_that_are_cut_become_blanks_with_a_place),
		cmocka_unit_test(whole_tabs_are_kept),
		cmocka_unit_test(a_nul_is_a_replacement_character_with_a_place),
		cmocka_unit_test(a_nul_makes_no_fence_of_indented_code),
		cmocka_unit_test(the_last_line_may_lack_its_end),
		cmocka_unit_test(indented_fences_lose_their_indentation),
		cmocka_unit_test(empty_blocks_have_a_place),
		cmocka_unit_test(a_fence_tells_its_form),
		cmocka_unit_test(an_info_string_is_as_written),
		cmocka_unit_test(very_long_fences_close_as_cmark_counts),
		cmocka_unit_test(an_unclosed_fence_is_reported_where_it_opens),
		cmocka_unit_test(a_near_miss_is_pointed_at),
		cmocka_unit_test(a_line_of_another_container_closes_nothing),
		cmocka_unit_test(fences_that_close_normally_are_not_reported),
		cmocka_unit_test(a_fence_that_opens_in_another_is_reported),
		cmocka_unit_test(a_fence_too_far_in_is_reported),
		cmocka_unit_test(inline_code_of_three_marks_is_no_fence),
		cmocka_unit_test(a_language_makes_the_kind),
		cmocka_unit_test(a_path_comment_makes_a_file),
		cmocka_unit_test(path_comments_hold_a_path_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
