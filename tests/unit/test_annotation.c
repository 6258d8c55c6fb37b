/* Annotations: where they stand, what they are about, what they may say. */
#include "doc/keys.h"
#include "doc/setting.h"
#include "lib/doc.h"

#define DOC(markdown) CLEANUP(doc_close) struct doc_test t = doc_open(markdown)

static const struct annotation *
of_code(const struct doc_test *t, uint32_t i)
{
	return doc_block(t, BLOCK_CODE, i)->annotation;
}

static const struct annotation *
of_section(const struct doc_test *t, const char *path)
{
	const struct section *s = document_section(t->doc, text_of(path));

	assert_non_null(s);
	return s->annotation;
}

/* ---- three places ------------------------------------------------------- */

static void
front_matter_speaks_for_document_and_procedures(void **state)
{
	DOC("---\ntype: runbook\nrunbook:\n  params:\n    host: {default: "
	    "db1}\n"
	    "  procedures:\n    data/backup: {mode: menu, timeout: 5m}\n---\n"
	    "## Data\n\n### Backup\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_non_null(annotation_get(t.doc->annotation, KEY_PARAMS));
	assert_ptr_equal(t.doc->annotation, t.doc->front.runbook);
	assert_int_equal(setting_mode(of_section(&t, "data/backup")),
			 MODE_MENU);
	assert_null(of_section(&t, "data"));
}

static void
a_comment_speaks_for_what_is_below_it(void **state)
{
	DOC("# T\n\n<!-- runbook: {mode: menu} -->\n\n## A\n\n"
	    "<!-- runbook:\n  host: hemma\n  expect:\n    contains: ok\n-->\n"
	    "```sh\ntrue\n```\n\n<!-- runbook: {skip: true} -->\nDo it.\n\n"
	    "<!-- other -->\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_int_equal(setting_mode(of_section(&t, "a")), MODE_MENU);
	assert_text(setting_text(of_code(&t, 0), KEY_HOST), "hemma");
	assert_text(ytree_get(annotation_get(of_code(&t, 0), KEY_EXPECT),
			      "contains")
			    ->text,
		    "ok");
	assert_true(setting_bool(doc_block(&t, BLOCK_PARAGRAPH, 0)->annotation,
				 KEY_SKIP, false));
	assert_int_equal(t.doc->n_blocks, 8);
}

static void
braces_speak_for_their_block(void **state)
{
	DOC("```bash {timeout: 30s, expect: \"ok, {really}\"}\ntrue\n```\n\n"
	    "```sh{exit: [0, 3]}\ntrue\n```\n");
	const struct ynode *exits;

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_int_equal(setting_ms(of_code(&t, 0), KEY_TIMEOUT, 0), 30000);
	assert_text(annotation_get(of_code(&t, 0), KEY_EXPECT)->text,
		    "ok, {really}");
	assert_text(
		span_text(annotation_get(of_code(&t, 0), KEY_TIMEOUT)->where),
		"30s");
	exits = annotation_get(of_code(&t, 1), KEY_EXIT);
	assert_int_equal(setting_count(exits), 2);
	assert_text(setting_at(exits, 1)->text, "3");
	assert_null(setting_at(exits, 2));
}

static void
the_later_place_wins(void **state)
{
	DOC("---\nrunbook: {procedures: {a: {mode: menu, timeout: 1m}}}\n---\n"
	    "<!-- runbook: {timeout: 2m} -->\n\n# T\n\n"
	    "<!-- runbook: {timeout: 3m} -->\n<!-- runbook: {name: x} -->\n\n"
	    "## A\n\n<!-- runbook: {timeout: 4m, host: h} -->\n"
	    "```sh {timeout: 5m}\n```\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_int_equal(setting_ms(of_section(&t, "a"), KEY_TIMEOUT, 0),
			 180000);
	assert_int_equal(setting_mode(of_section(&t, "a")), MODE_MENU);
	assert_text(setting_text(of_section(&t, "a"), KEY_NAME), "x");
	assert_int_equal(setting_ms(of_code(&t, 0), KEY_TIMEOUT, 0), 300000);
	assert_text(setting_text(of_code(&t, 0), KEY_HOST), "h");
	assert_int_equal(setting_ms(of_section(&t, "t"), KEY_TIMEOUT, 0),
			 120000);
}

static void
the_first_comment_may_be_the_documents(void **state)
{
	static const struct {
		const char *comment;
		bool document;
	} cases[] = {
		{ "{defaults: {timeout: 5m}}", true },
		{ "{params: {a: {}}}", true },
		{ "{procedures: {t: {mode: menu}}}", true },
		{ "{params: {a: {}}, mode: menu}", false },
		{ "{mode: menu}", false },
		{ "{x-own: 1}", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (int front = 0; front < 2; front++) {
			struct buf b = BUF_INIT;
			struct doc_test t;

			buf_addf(&b,
				 "%s<!-- note -->\n<!-- runbook: %s -->\n"
				 "# T\n",
				 front ? "---\ntype: runbook\n---\n" : "",
				 cases[i].comment);
			t = doc_open(buf_cstr(&b));
			assert_string_equal(doc_report(&t), "");
			assert_int_equal(t.doc->annotation != NULL,
					 cases[i].document);
			assert_int_equal(
				doc_block(&t, BLOCK_HEADING, 0)->annotation !=
					NULL,
				!cases[i].document);
			doc_close(&t);
			buf_release(&b);
		}
	}
}

static void
only_the_first_comment_may_be_the_documents(void **state)
{
	DOC("<!-- runbook: {mode: menu} -->\n"
	    "<!-- runbook: {params: {a: {}}} -->\n# T\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_null(t.doc->annotation);
	assert_non_null(annotation_get(of_section(&t, "t"), KEY_PARAMS));
	assert_int_equal(setting_mode(of_section(&t, "t")), MODE_MENU);
}

static void
both_places_of_the_document_are_merged(void **state)
{
	DOC("---\nrunbook: {defaults: {timeout: 1m}, params: {a: {}}}\n---\n"
	    "<!-- runbook: {defaults: {timeout: 2m}, procedures: {t: {name: "
	    "n}}} "
	    "-->\n\n# T\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_int_equal(setting_default_timeout_ms(t.doc->annotation, 0),
			 120000);
	assert_int_equal(setting_default_timeout_ms(t.doc->front.runbook, 0),
			 60000);
	assert_non_null(annotation_get(t.doc->annotation, KEY_PARAMS));
	assert_text(setting_text(of_section(&t, "t"), KEY_NAME), "n");
}

static void
comments_in_containers_have_exact_places(void **state)
{
	DOC("- item\n\n  <!-- runbook:\n    tmieout: 5s\n  -->\n\n"
	    "  ```sh\n  true\n  ```\n");
	struct place p;

	(void)state;
	assert_int_equal(t.sink.n_items, 1);
	assert_text(span_text(t.sink.items[0]->where), "tmieout");
	p = source_place(t.doc->src, t.sink.items[0]->where.start);
	assert_int_equal(p.line, 4);
	assert_int_equal(p.column, 5);
	assert_string_equal(t.sink.items[0]->help, "did you mean 'timeout'?");
}

/* ---- what is nobody's, and what is lost --------------------------------- */

static void
foreign_comments_are_left_alone(void **state)
{
	static const char *const comments[] = {
		"<!-- expected_similarity=\".*ok.* -->",
		"<!-- runbook-disable RB1302 -->",
		"<!-- runbook: see the wiki -->",
		"<!-- runbook: https://example.org/x -->",
		"<!-- Runbook: {timeout: 5s} -->",
		"<!-- runbooks: {timeout: 5s} -->",
		"<!-- the runbook: {timeout: 5s} -->",
		"<!-- open",
		"<!--runbook-->",
		"<!---->",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(comments); i++) {
		struct buf b = BUF_INIT;
		struct doc_test t;

		buf_addf(&b, "%s\n\n```sh\ntrue\n```\n", comments[i]);
		t = doc_open(buf_cstr(&b));
		assert_string_equal(doc_report(&t), "");
		assert_int_equal(t.doc->blocks[0]->kind, BLOCK_HTML);
		for (uint32_t k = 0; k < t.doc->n_blocks; k++)
			assert_null(t.doc->blocks[k]->annotation);
		doc_close(&t);
		buf_release(&b);
	}
}

static void
foreign_braces_are_left_alone(void **state)
{
	static const char *const infos[] = {
		"bash {1,3-5}",
		"bash {.numberLines #id start=3}",
		"bash {linenos=table,hl_lines=[8,\"15-17\"]}",
		"sh {\"id\":\"01H\",\"name\":\"x\",\"interactive\":\"false\"}",
		"sh { name=x interactive=true }",
		"bash {: .class}",
		"bash {}",
		"bash {",
		"bash {timeout}",
		"yaml {title: x}",
		"{note} {timeout: 5s}",
		"{.bash timeout: 5s}",
		"{timeout: 5s}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(infos); i++) {
		struct buf b = BUF_INIT;
		struct doc_test t;

		buf_addf(&b, "```%s\nx\n```\n", infos[i]);
		t = doc_open(buf_cstr(&b));
		assert_string_equal(doc_report(&t), "");
		assert_null(of_code(&t, 0));
		doc_close(&t);
		buf_release(&b);
	}
}

static void
our_keys_count_behind_any_language(void **state)
{
	DOC("```ini title=x {host: hemma}\n# /etc/x\n```\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_text(setting_text(of_code(&t, 0), KEY_HOST), "hemma");
}

static void
lost_braces_are_found(void **state)
{
	DOC("<!-- runbook: timeout: 5s -->\n```sh\n```\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_int_equal(setting_ms(of_code(&t, 0), KEY_TIMEOUT, 0), 5000);
}

static void
annotations_above_nothing_are_reported(void **state)
{
	static const char *const documents[] = {
		"text\n\n<!-- runbook: {host: h} -->\n",
		"text\n\n<!-- runbook: {host: h} -->\n\n---\n\nmore\n",
		"- text\n\n  <!-- runbook: {host: h} -->\n\nmore\n",
		"> <!-- runbook: {host: h} -->\n\nmore\n",
		"text <!-- runbook: {host: h} --> more\n",
		"## H <!-- runbook: {mode: menu} -->\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
		struct doc_test t = doc_open(documents[i]);

		assert_int_equal(t.sink.n_items, 1);
		assert_int_equal(t.sink.items[0]->code, DIAG_LOST_ANNOTATION);
		for (uint32_t k = 0; k < t.doc->n_blocks; k++)
			assert_null(t.doc->blocks[k]->annotation);
		doc_close(&t);
	}
}

static void
annotations_reach_into_what_is_below(void **state)
{
	DOC("text\n\n<!-- runbook: {host: h} -->\n- first\n- second\n\n"
	    "<details>\n<!-- runbook: {host: i} -->\n\nin it\n\n</details>\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_text(setting_text(doc_block(&t, BLOCK_PARAGRAPH, 1)->annotation,
				 KEY_HOST),
		    "h");
	assert_null(doc_block(&t, BLOCK_PARAGRAPH, 2)->annotation);
	assert_text(setting_text(doc_block(&t, BLOCK_PARAGRAPH, 3)->annotation,
				 KEY_HOST),
		    "i");
}

static void
many_procedures_find_their_sections(void **state)
{
	DOC("---\nrunbook:\n  procedures:\n    c: {name: 3}\n    a: {name: 1}\n"
	    "    b: {name: 2}\n    a: {name: 4}\n---\n## A\n\n## B\n\n## C\n"
	    "\n## D\n");

	(void)state;
	assert_int_equal(t.sink.n_items, 1);
	assert_int_equal(t.sink.items[0]->code, DIAG_YAML_REPEATED_KEY);
	assert_text(setting_text(of_section(&t, "a"), KEY_NAME), "1");
	assert_text(setting_text(of_section(&t, "b"), KEY_NAME), "2");
	assert_text(setting_text(of_section(&t, "c"), KEY_NAME), "3");
	assert_null(of_section(&t, "d"));
}

static void
procedures_that_are_not_there_are_reported(void **state)
{
	DOC("<!-- runbook: {procedures: {data/bakcup: {mode: menu},\n"
	    "  else: {nmae: x}}} -->\n\n# T\n\n## Data\n\n### Backup\n");

	(void)state;
	assert_string_equal(
		doc_report(&t),
		"2:10: RB1101 unknown key 'nmae'\n"
		"  help: did you mean 'name'?\n"
		"1:29: RB1105 no section has the path 'data/bakcup'\n"
		"  help: did you mean 'data/backup'?\n"
		"2:3: RB1105 no section has the path 'else'\n");
}

/* ---- keys --------------------------------------------------------------- */

static void
unknown_keys_have_the_nearest_name(void **state)
{
	static const struct {
		const char *key, *help; /* NULL: none */
	} cases[] = {
		{ "tmieout", "did you mean 'timeout'?" },
		{ "timout", "did you mean 'timeout'?" },
		{ "Host", "did you mean 'host'?" },
		{ "retries", NULL },
		{ "zz", NULL },
		{ "IO", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT;
		struct doc_test t;

		buf_addf(&b, "```sh {%s: x}\n```\n", cases[i].key);
		t = doc_open(buf_cstr(&b));
		assert_int_equal(t.sink.n_items, 1);
		assert_int_equal(t.sink.items[0]->code, DIAG_UNKNOWN_KEY);
		if (cases[i].help)
			assert_string_equal(t.sink.items[0]->help,
					    cases[i].help);
		else
			assert_null(t.sink.items[0]->help);
		doc_close(&t);
		buf_release(&b);
	}
}

static void
keys_have_their_scopes(void **state)
{
	DOC("---\nrunbook: {host: h}\n---\n\n<!-- runbook: {host: h} -->\n"
	    "# T\n\n```sh {params: {a: {}}}\n```\n");

	(void)state;
	assert_string_equal(
		doc_report(&t),
		"2:11: RB1103 'host' is no setting of the document\n"
		"  help: it is one of a step\n"
		"5:16: RB1103 'host' is no setting of a procedure\n"
		"  help: it is one of a step\n"
		"8:8: RB1103 'params' is no setting of a step\n"
		"  help: it is one of the document or a procedure\n");
}

static void
keys_of_the_author_are_free(void **state)
{
	DOC("---\nrunbook: {x-team: 1}\n---\n# T\n\n"
	    "```sh {x-ticket: OPS-1, retry: {x-why: \"it is slow\"}}\n```\n");

	(void)state;
	assert_string_equal(doc_report(&t), "");
}

static void
only_a_mapping_is_an_annotation(void **state)
{
	DOC("---\nrunbook: [a]\n---\n<!-- runbook:\n  - a\n-->\n# T\n\n"
	    "<!-- runbook:\n-->\n## A\n");

	(void)state;
	assert_string_equal(
		doc_report(&t),
		"2:10: RB1102 an annotation is a mapping such as {timeout: "
		"30s}\n"
		"5:3: RB1102 an annotation is a mapping such as {timeout: "
		"30s}\n");
}

/* Each value of a step or procedure: fine, or its message. */
static const struct {
	const char *text, *message;
} values[] = {
	{ "name: a b", NULL },
	{ "name: ''", "'name' wants a text" },
	{ "name: ", "'name' has no value: it wants a text" },
	{ "name: [a]", "'name' wants a text" },
	{ "timeout: 5s", NULL },
	{ "timeout: 90", NULL },
	{ "timeout: 0s", "'timeout' wants a duration such as 30s, 5m or 1h30m, "
			 "up to 30 days" },
	{ "timeout: soon", "'timeout' wants a duration such as 30s, 5m or "
			   "1h30m, up to 30 days" },
	{ "io: follow", NULL },
	{ "io: Follow", "'io' wants batch, follow or interactive" },
	{ "io: [follow]", "'io' wants batch, follow or interactive" },
	{ "effect: destroys", NULL },
	{ "effect: unknown",
	  "'effect' wants reads, changes, disrupts or destroys" },
	{ "skip: yes", NULL },
	{ "skip: 'yes'", "'skip' wants true or false" },
	{ "exit: 3", NULL },
	{ "exit: [0, 255]", NULL },
	{ "exit: 256", "'exit' wants one or more exit statuses, 0 to 255" },
	{ "exit: -1", "'exit' wants one or more exit statuses, 0 to 255" },
	{ "exit: []", "'exit' wants one or more exit statuses, 0 to 255" },
	{ "exit: [0, a]", "'exit' wants one or more exit statuses, 0 to 255" },
	{ "confirm: true", NULL },
	{ "confirm: Is the mail out?", NULL },
	{ "confirm: []", "'confirm' wants true, false or the words of the "
			 "question" },
	{ "env: {A_1: x, b: ''}", NULL },
	{ "env: {1A: x}", "'1A' in 'env' is no name of a variable" },
	{ "env: {A-B: x}", "'A-B' in 'env' is no name of a variable" },
	{ "env: {A: [x]}", "'A' wants a text" },
	{ "env: {A: }", "'A' has no value: it wants a text" },
	{ "env: {}", "'env' wants a mapping of variable names to texts" },
	{ "env: A=x", "'env' wants a mapping of variable names to texts" },
	{ "capture: {commit: '^(\\w+)'}", NULL },
	{ "capture: {'name of pod': x}", NULL },
	{ "capture: {a=b: x}", "'a=b' in 'capture' is no name of a parameter" },
	{ "capture: {a: ''}", "'a' wants a text" },
	{ "retry: {attempts: 3, delay: 10s, until: ready}", NULL },
	{ "retry: {delay: 0}", NULL },
	{ "retry: {until: {regex: 'up|ok', within: 1m}}", NULL },
	{ "retry: 3", "'retry' wants a mapping of attempts, delay and until" },
	{ "retry: {attempts: 0}", "'attempts' wants a number from 1 on" },
	{ "retry: {attempts: many}", "'attempts' wants a number from 1 on" },
	{ "retry: {delay: x}", "'delay' wants a duration such as 500ms or 10s, "
			       "up to 30 days" },
	{ "retry: {until: [[a]]}", "'until' wants a text, a mapping of kinds "
				   "to texts or a list of such" },
	{ "retry: {attemps: 3}", "unknown key 'attemps' in 'retry'" },
	{ "expect: ok", NULL },
	{ "expect: ''", "'expect' wants a text, a mapping of kinds to "
			"texts or a list of such" },
	{ "expect: [a, {absent: b}]", NULL },
	{ "expect: []", "'expect' wants a text, a mapping of kinds to "
			"texts or a list of such" },
	{ "expect: [a, [b]]", "'expect' wants a text, a mapping of kinds to "
			      "texts or a list of such" },
	{ "expect: [{contian: x}]", "unknown key 'contian' in 'expect'" },
	{ "expect: {stderr: [a, {exit: 1}]}",
	  "'exit' stands beside 'stderr', not in it" },
	{ "expect: {contains: [a, b], absent: c, exit: 0, within: 30s}", NULL },
	{ "expect: {exact: ''}", NULL },
	{ "expect: {lines: ['', a]}", NULL },
	{ "expect: {json: {a: [1, {b: null}]}}", NULL },
	{ "expect: {stderr: {contains: warning}}", NULL },
	{ "expect: {stderr: warning}", NULL },
	{ "expect: {stderr: {stderr: x}}",
	  "'stderr' stands beside 'stderr', not in it" },
	{ "expect: {stderr: {exit: 1}}",
	  "'exit' stands beside 'stderr', not in it" },
	{ "expect: {contian: x}", "unknown key 'contian' in 'expect'" },
	{ "expect: {contains: []}", "'contains' wants a text or a list of "
				    "texts" },
	{ "expect: {json: }", "'json' has no value: it wants a value" },
};

static void
values_of_steps_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		struct buf b = BUF_INIT;
		struct doc_test t;

		buf_addf(&b, "# T\n\n<!-- runbook: {%s} -->\n```sh\n```\n",
			 values[i].text);
		t = doc_open(buf_cstr(&b));
		if (t.sink.n_items != (values[i].message != NULL))
			fail_msg("%s: %s", values[i].text, doc_report(&t));
		if (values[i].message)
			assert_string_equal(t.sink.items[0]->message,
					    values[i].message);
		doc_close(&t);
		buf_release(&b);
	}
}

static const struct {
	const char *text, *message;
} document_values[] = {
	{ "defaults: {timeout: 5m, shell: [errexit, pipefail]}", NULL },
	{ "defaults: {shell: nounset}", NULL },
	{ "defaults: {shell: [xtrace]}",
	  "'shell' wants one or more of errexit, noclobber, noglob, nounset "
	  "and pipefail" },
	{ "defaults: {allow: destroys}", "unknown key 'allow' in 'defaults'" },
	{ "defaults: 5m", "'defaults' wants a mapping of timeout and shell" },
	{ "effects: {x y: destroys}", NULL },
	{ "effects: {}", "'effects' wants a mapping of words of commands to "
			 "levels" },
	{ "effects: [a]", "'effects' wants a mapping of words of commands to "
			  "levels" },
	{ "effects: {a b: often}", "'a b' wants reads, changes, disrupts or "
				   "destroys" },
	{ "params: {a: , b: {}, 'name of pod': {type: string}}", NULL },
	{ "params: {a: {type: int, default: 3, max: 4, help: x, dash: true}}",
	  NULL },
	{ "params: {a: {choices: [x, y]}}", NULL },
	{ "params: {a: {type: choice, choices: [x, y]}}", NULL },
	{ "params: {a: {type: choice}}",
	  "a parameter of type choice wants 'choices'" },
	{ "params: {a: {type: int, choices: [1]}}",
	  "'choices' are for parameters of type choice" },
	{ "params: {a: {secret: true}}", NULL },
	{ "params: {a: {secret: false, default: x}}", NULL },
	{ "params: {a: {secret: true, default: x}}",
	  "a secret has no default: it would stand in the document" },
	{ "params: {a: {type: float}}", "'type' wants string, int, bool, date, "
					"choice, path, host, user, port "
					"or words" },
	{ "params: {a: b}", "parameter 'a' wants a mapping such as {type: int, "
			    "default: 3}" },
	{ "params: {a: {defualt: x}}", "unknown key 'defualt' in 'a'" },
	{ "params: {<a>: {}}", "'<a>' in 'params' is no name of a parameter" },
	{ "params: [a]", "'params' wants a mapping of names to definitions" },
	{ "procedures: [t]", "'procedures' wants a mapping of section paths to "
			     "mappings" },
	{ "procedures: {t: x}", "'procedures' wants a mapping of section paths "
				"to mappings" },
	{ "procedures: {t: {needs: a, verify: [b, c]}}", NULL },
	{ "procedures: {t: {host: h}}", "'host' is no setting of a "
					"procedure" },
};

static void
values_of_documents_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(document_values); i++) {
		struct buf b = BUF_INIT;
		struct doc_test t;

		buf_addf(&b, "---\nrunbook:\n  %s\n---\n# T\n",
			 document_values[i].text);
		t = doc_open(buf_cstr(&b));
		if (t.sink.n_items != (document_values[i].message != NULL))
			fail_msg("%s: %s", document_values[i].text,
				 doc_report(&t));
		if (document_values[i].message)
			assert_string_equal(t.sink.items[0]->message,
					    document_values[i].message);
		doc_close(&t);
		buf_release(&b);
	}
}

static void
a_bad_value_is_left_out(void **state)
{
	DOC("```sh {timeout: soon, host: h}\n```\n");

	(void)state;
	assert_null(annotation_get(of_code(&t, 0), KEY_TIMEOUT));
	assert_text(setting_text(of_code(&t, 0), KEY_HOST), "h");
	assert_null(annotation_get(NULL, KEY_HOST));
}

/* The two tables are written by different layers. */
static void
expectations_are_those_of_want(void **state)
{
	static const char *const kinds[] = {
#define WANT_KIND(symbol, name, help) name,
#include "graph/want_kinds.def"
#undef WANT_KIND
	};
	static const char *const others[] = { "exit", "stream", "stderr",
					      "within" };
	size_t found = 0;

	(void)state;
	for (size_t i = 0; subkey_at(i); i++) {
		const char *name = subkey_at(i)->name;
		bool known = false;

		if (subkey_at(i)->group != GROUP_EXPECT)
			continue;
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
			known |= strcmp(name, kinds[k]) == 0;
		for (size_t k = 0; k < ARRAY_LEN(others); k++)
			known |= strcmp(name, others[k]) == 0;
		if (!known)
			fail_msg("want knows no '%s'", name);
		found++;
	}
	assert_int_equal(found, ARRAY_LEN(kinds) + ARRAY_LEN(others));
}

static void
the_key_table_is_whole(void **state)
{
	(void)state;
	for (int i = 0; i < KEY_COUNT; i++) {
		const struct key_info *key = key_info((enum key)i);

		assert_int_equal(key_by_name(text_of(key->name)), i);
		assert_true(key->scopes != 0);
		assert_non_null(key_type_wants(key->type));
		assert_true(strlen(key->help) > 0);
	}
	assert_int_equal(key_by_name(TEXT("none")), -1);
	for (size_t i = 0; subkey_at(i); i++)
		assert_non_null(key_type_wants(subkey_at(i)->type));
}

/* ---- typed readings ----------------------------------------------------- */

static void
settings_have_types(void **state)
{
	DOC("```sh {io: interactive, effect: disrupts, confirm: Sure?,\n```\n\n"
	    "<!-- runbook:\n"
	    "  {io: interactive, effect: disrupts, confirm: Sure?,\n"
	    "   env: {A: x, B: y}, retry: {attempts: 5, delay: 250ms}} -->\n"
	    "```sh\n```\n\n"
	    "```sh {confirm: false, retry: {until: up}}\n```\n");
	const struct annotation *a = of_code(&t, 1), *b = of_code(&t, 2);
	enum effect_level level;
	enum effect_io io;
	struct retry retry;
	struct text words;
	const struct ynode *env = annotation_get(a, KEY_ENV);

	(void)state;
	/* an info string ends with its line */
	assert_int_equal(t.sink.n_items, 1);
	assert_int_equal(t.sink.items[0]->code, DIAG_YAML_MALFORMED);
	assert_true(setting_io(a, &io) && io == EFFECT_IO_INTERACTIVE);
	assert_true(setting_level(a, &level) && level == EFFECT_DISRUPTS);
	assert_true(setting_confirm(a, &words));
	assert_text(words, "Sure?");
	assert_int_equal(setting_count(env), 2);
	assert_text(setting_name_at(env, 1), "B");
	assert_text(setting_at(env, 1)->text, "y");
	assert_text(setting_name_at(env, 2), "");
	assert_true(setting_retry(a, &retry));
	assert_int_equal(retry.attempts, 5);
	assert_int_equal(retry.delay_ms, 250);
	assert_null(retry.until);
	assert_false(setting_confirm(b, &words));
	assert_true(setting_retry(b, &retry));
	assert_int_equal(retry.attempts, 3);
	assert_text(retry.until->text, "up");
}

static void
settings_that_are_not_there_say_nothing(void **state)
{
	enum effect_level level;
	enum effect_io io;
	struct retry retry;
	struct text words;
	struct arena arena = ARENA_INIT;
	uint32_t n;

	(void)state;
	assert_false(setting_io(NULL, &io));
	assert_false(setting_level(NULL, &level));
	assert_int_equal(setting_mode(NULL), MODE_INFERRED);
	assert_false(setting_confirm(NULL, &words));
	assert_false(setting_retry(NULL, &retry));
	assert_int_equal(retry.attempts, 1);
	assert_int_equal(setting_ms(NULL, KEY_TIMEOUT, 7), 7);
	assert_true(setting_bool(NULL, KEY_SKIP, true));
	assert_text(setting_text(NULL, KEY_NAME), "");
	assert_int_equal(setting_count(NULL), 0);
	assert_null(setting_at(NULL, 0));
	assert_null(setting_shell_options(NULL));
	assert_int_equal(setting_default_timeout_ms(NULL, 9), 9);
	setting_params(&arena, NULL, &n);
	assert_int_equal(n, 0);
	arena_release(&arena);
}

static void
parameters_have_definitions(void **state)
{
	DOC("---\nrunbook:\n  params:\n    host: {type: host, default: db1}\n"
	    "    token: {secret: true, pattern: '[a-z]+', max: 40}\n"
	    "    color: {choices: [red, green], help: of the flag, dash: yes}\n"
	    "    plain:\n---\n# T\n");
	uint32_t n;
	const struct param_definition *p =
		setting_params(t.doc->arena, t.doc->annotation, &n);

	(void)state;
	assert_string_equal(doc_report(&t), "");
	assert_int_equal(n, 4);
	assert_text(p[0].name, "host");
	assert_text(span_text(p[0].where), "host");
	assert_int_equal(p[0].type, PARAM_HOST);
	assert_string_equal(param_type_name(p[0].type), "host");
	assert_text(p[0].value->text, "db1");
	assert_true(p[1].secret && !p[1].dash);
	assert_text(p[1].pattern->text, "[a-z]+");
	assert_int_equal(p[1].max, 40);
	assert_int_equal(p[2].type, PARAM_CHOICE);
	assert_int_equal(setting_count(p[2].choices), 2);
	assert_text(p[2].help, "of the flag");
	assert_true(p[2].dash);
	assert_int_equal(p[3].type, PARAM_STRING);
	assert_null(p[3].value);
	assert_text(p[3].help, "");
	assert_string_equal(param_type_name(PARAM_WORDS), "words");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			front_matter_speaks_for_document_and_procedures),
		cmocka_unit_test(a_comment_speaks_for_what_is_below_it),
		cmocka_unit_test(braces_speak_for_their_block),
		cmocka_unit_test(the_later_place_wins),
		cmocka_unit_test(the_first_comment_may_be_the_documents),
		cmocka_unit_test(only_the_first_comment_may_be_the_documents),
		cmocka_unit_test(both_places_of_the_document_are_merged),
		cmocka_unit_test(comments_in_containers_have_exact_places),
		cmocka_unit_test(foreign_comments_are_left_alone),
		cmocka_unit_test(foreign_braces_are_left_alone),
		cmocka_unit_test(our_keys_count_behind_any_language),
		cmocka_unit_test(lost_braces_are_found),
		cmocka_unit_test(annotations_above_nothing_are_reported),
		cmocka_unit_test(annotations_reach_into_what_is_below),
		cmocka_unit_test(many_procedures_find_their_sections),
		cmocka_unit_test(procedures_that_are_not_there_are_reported),
		cmocka_unit_test(unknown_keys_have_the_nearest_name),
		cmocka_unit_test(keys_have_their_scopes),
		cmocka_unit_test(keys_of_the_author_are_free),
		cmocka_unit_test(only_a_mapping_is_an_annotation),
		cmocka_unit_test(values_of_steps_are_checked),
		cmocka_unit_test(values_of_documents_are_checked),
		cmocka_unit_test(a_bad_value_is_left_out),
		cmocka_unit_test(expectations_are_those_of_want),
		cmocka_unit_test(the_key_table_is_whole),
		cmocka_unit_test(settings_have_types),
		cmocka_unit_test(settings_that_are_not_there_say_nothing),
		cmocka_unit_test(parameters_have_definitions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
