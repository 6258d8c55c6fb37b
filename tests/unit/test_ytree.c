/* YAML trees: places, limits, what is not read, typed scalars. */
#include "base/limits.h"
#include "diag/map.h"
#include "diag/source.h"
#include "doc/ytree.h"
#include "lib/unit.h"

struct yaml_test {
	struct arena arena;
	struct diag_sink sink;
	struct source *src;
	struct ynode *root;
};

/* Parse TEXT, which stands behind "12345" in its source. */
static struct yaml_test
open_bytes(const char *text, size_t len)
{
	struct yaml_test t = { ARENA_INIT, DIAG_SINK_INIT, NULL, NULL };
	struct buf b = BUF_INIT;
	struct map *m;
	char *bytes;
	size_t n;

	buf_adds(&b, "12345");
	buf_add(&b, text, len);
	bytes = buf_detach(&b, &n);
	t.src = source_new("x.yaml", bytes, n);
	m = map_new(&t.arena, t.src);
	map_add(&t.arena, m, (uint32_t)len, 5, (uint32_t)len, MAP_COPIED);
	t.root = ytree_parse(
		&t.arena, (struct excerpt){ text_sub(t.src->bytes, 5, n), m },
		&t.sink);
	return t;
}

static struct yaml_test
open_yaml(const char *text)
{
	return open_bytes(text, strlen(text));
}

static void
close_yaml(struct yaml_test *t)
{
	arena_release(&t->arena);
	diag_sink_release(&t->sink);
	source_free(t->src);
}

#define YAML(text) CLEANUP(close_yaml) struct yaml_test t = open_yaml(text)

/* The only diagnostic: its code, the bytes it points at, its message. */
static void
check_only(const struct yaml_test *t, enum diag_code code, const char *where,
	   const char *message)
{
	assert_int_equal(t->sink.n_items, 1);
	assert_int_equal(t->sink.items[0]->code, code);
	assert_text(span_text(t->sink.items[0]->where), where);
	assert_string_equal(t->sink.items[0]->message, message);
}

/* ---- trees -------------------------------------------------------------- */

static void
nodes_have_their_values_and_places(void **state)
{
	YAML("name: \"a\\tb\"\nlist: [x, 'y z']\nmap:\n  k: |\n    one\n    "
	     "two\n"
	     "empty:\n");
	const struct ynode *list = ytree_get(t.root, "list");
	const struct ynode *map = ytree_get(t.root, "map");

	(void)state;
	assert_int_equal(t.sink.n_items, 0);
	assert_int_equal(t.root->n_items, 4);
	assert_text(ytree_get(t.root, "name")->text, "a\tb");
	assert_text(span_text(ytree_get(t.root, "name")->where), "\"a\\tb\"");
	assert_false(ytree_get(t.root, "name")->plain);
	assert_text(span_text(t.root->keys[0]->where), "name");
	assert_true(t.root->keys[0]->plain);
	assert_text(span_text(list->where), "[x, 'y z']");
	assert_text(span_text(list->items[1]->where), "'y z'");
	assert_text(list->items[1]->text, "y z");
	assert_text(span_text(map->where), "k: |\n    one\n    two");
	assert_text(ytree_get(map, "k")->text, "one\ntwo\n");
	assert_true(ytree_is_null(ytree_get(t.root, "empty")));
	assert_null(ytree_get(t.root, "none"));
	assert_null(ytree_get(list, "x"));
	assert_null(ytree_get(NULL, "x"));
}

static void
places_count_bytes_not_characters(void **state)
{
	YAML("ä: 日本\nö: [é, {ü: 😀}]\nß: end\n");
	const struct ynode *list = t.root->items[1];

	(void)state;
	assert_text(span_text(t.root->keys[0]->where), "ä");
	assert_text(span_text(t.root->items[0]->where), "日本");
	assert_text(span_text(list->where), "[é, {ü: 😀}]");
	assert_text(span_text(list->items[1]->where), "{ü: 😀}");
	assert_text(span_text(list->items[1]->items[0]->where), "😀");
	assert_text(span_text(t.root->items[2]->where), "end");
}

static void
nothing_is_no_tree(void **state)
{
	static const char *const texts[] = { "", "\n\n", "# comment\n", "   " };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct yaml_test t = open_yaml(texts[i]);

		assert_true(ytree_is_null(t.root));
		assert_int_equal(t.sink.n_items, 0);
		close_yaml(&t);
	}
}

/* ---- what is wrong ------------------------------------------------------ */

/* The words behind the colon are libyaml's. */
static void
malformed_yaml_is_reported_at_its_place(void **state)
{
	static const struct {
		const char *yaml, *where;
	} cases[] = {
		{ "a: b: c\n", ":" },       { "a: [1, 2\n", "" },
		{ "a: 1\n\tb: 2\n", "\t" }, { "é: \"x\n", "" },
		{ "é: 1\nö: @x\n", "@" },   { "a: \x01\n", "\x01" },
		{ "a: é\xff\n", "\xff" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct yaml_test t = open_yaml(cases[i].yaml);
		const struct diag *d = t.sink.items[0];

		assert_int_equal(t.sink.n_items, 1);
		assert_int_equal(d->code, DIAG_YAML_MALFORMED);
		assert_text(span_text(d->where), cases[i].where);
		assert_true(
			text_starts(text_of(d->message), "malformed YAML: "));
		assert_true(strlen(d->message) > 20);
		assert_null(t.root);
		close_yaml(&t);
	}
}

static void
a_tab_has_help_and_a_context_a_note(void **state)
{
	YAML("a:\n  b: 1\n\tc: 2\n");

	(void)state;
	assert_non_null(strstr(t.sink.items[0]->help, "no tabs"));
	assert_int_equal(span_line(t.sink.items[0]->notes->where), 2);
}

static void
anchors_aliases_and_tags_are_not_read(void **state)
{
	YAML("a: &x 1\nb: *x\nc: !!str 2\nd: !t {e: 1}\nf: &y [1]\n? [g]\n: "
	     "1\n");
	static const char *const messages[] = {
		"anchors are not read here",
		"aliases are not read here",
		"tags are not read here",
		"tags are not read here",
		"anchors are not read here",
		"lists and mappings as keys are not read here",
	};

	(void)state;
	assert_int_equal(t.sink.n_items, ARRAY_LEN(messages));
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		assert_int_equal(t.sink.items[i]->code, DIAG_YAML_FEATURE);
		assert_string_equal(t.sink.items[i]->message, messages[i]);
	}
	assert_text(ytree_get(t.root, "a")->text, "1");
	assert_true(ytree_is_null(ytree_get(t.root, "b")));
	assert_text(ytree_get(t.root, "c")->text, "2");
	assert_int_equal(t.root->n_items, 5);
}

static void
a_second_document_is_not_read(void **state)
{
	YAML("a: 1\n--- \nb: 2\n");

	(void)state;
	check_only(&t, DIAG_YAML_FEATURE, "---",
		   "further YAML documents are not read here");
	assert_null(t.root);
}

static void
a_key_counts_once_and_first(void **state)
{
	YAML("a: 1\nb: 2\n'a': 3\nc: {x: 1, x: 2, x: 3}\n");

	(void)state;
	assert_int_equal(t.sink.n_items, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(t.sink.items[i]->code, DIAG_YAML_REPEATED_KEY);
	assert_text(span_text(t.sink.items[2]->where), "'a'");
	assert_text(span_text(t.sink.items[2]->notes->where), "a");
	assert_text(ytree_get(t.root, "a")->text, "1");
}

/* N lists in each other. */
static struct yaml_test
nested(unsigned n, char open, char close)
{
	struct buf b = BUF_INIT;
	struct yaml_test t;

	buf_fill(&b, open, n);
	buf_fill(&b, close, n);
	t = open_yaml(buf_cstr(&b));
	buf_release(&b);
	return t;
}

static void
depth_has_a_limit(void **state)
{
	struct yaml_test t = nested(LIMIT_YAML_DEPTH, '[', ']');

	(void)state;
	assert_non_null(t.root);
	assert_int_equal(t.sink.n_items, 0);
	close_yaml(&t);
	t = nested(LIMIT_YAML_DEPTH + 1, '[', ']');
	check_only(&t, DIAG_YAML_LIMIT, "[",
		   "lists and mappings stand in each other more than 32 deep");
	assert_null(t.root);
	close_yaml(&t);
	t = nested(20000, '{', '}');
	assert_int_equal(t.sink.items[0]->code, DIAG_YAML_LIMIT);
	assert_int_equal(t.sink.n_items, 1);
	close_yaml(&t);
}

static void
size_has_a_limit(void **state)
{
	struct buf b = BUF_INIT;
	struct yaml_test t;

	(void)state;
	buf_adds(&b, "a: ");
	buf_fill(&b, 'x', LIMIT_FRONT_MATTER_BYTES - 3);
	t = open_yaml(b.bytes);
	assert_int_equal(t.root->items[0]->text.len,
			 LIMIT_FRONT_MATTER_BYTES - 3);
	close_yaml(&t);
	buf_addc(&b, 'x');
	t = open_yaml(b.bytes);
	check_only(&t, DIAG_YAML_LIMIT, "a", "more than 65536 bytes of YAML");
	assert_null(t.root);
	close_yaml(&t);
	buf_release(&b);
}

/* ---- scalars ------------------------------------------------------------ */

static struct ynode
scalar(const char *text, bool plain)
{
	return (struct ynode){ .kind = Y_SCALAR,
			       .text = text_of(text),
			       .plain = plain };
}

static void
booleans_are_words(void **state)
{
	static const struct {
		const char *text;
		bool plain, is, value;
	} cases[] = {
		{ "true", true, true, true },   { "False", true, true, false },
		{ "TRUE", false, true, true },  { "yes", true, true, true },
		{ "off", true, true, false },   { "On", true, true, true },
		{ "yes", false, false, false }, { "off", false, false, false },
		{ "y", true, false, false },    { "1", true, false, false },
		{ "", true, false, false },
	};
	bool b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ynode node = scalar(cases[i].text, cases[i].plain);

		b = !cases[i].value;
		assert_int_equal(ytree_bool(&node, &b), cases[i].is);
		if (cases[i].is)
			assert_int_equal(b, cases[i].value);
	}
	assert_false(ytree_bool(NULL, &b));
}

static void
integers_are_decimal(void **state)
{
	static const struct {
		const char *text;
		bool is;
		int64_t value;
	} cases[] = {
		{ "0", true, 0 },
		{ "42", true, 42 },
		{ "-7", true, -7 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "9223372036854775808", false, 0 },
		{ "010", false, 0 },
		{ "0x10", false, 0 },
		{ "1.0", false, 0 },
		{ "1_000", false, 0 },
		{ "+1", false, 0 },
		{ "-", false, 0 },
		{ "", false, 0 },
	};
	int64_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ynode node = scalar(cases[i].text, true);

		assert_int_equal(ytree_int(&node, &n), cases[i].is);
		if (cases[i].is)
			assert_true(n == cases[i].value);
	}
	assert_false(ytree_int(NULL, &n));
}

static void
durations_have_units_in_order(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: none */
	} cases[] = {
		{ "30s", 30000 },
		{ "5m", 300000 },
		{ "1h30m", 5400000 },
		{ "1h30m5s250ms", 5405250 },
		{ "250ms", 250 },
		{ "90", 90000 },
		{ "0", 0 },
		{ "0s", 0 },
		{ "720h", 2592000000 },
		{ "2592000", 2592000000 },
		{ "721h", -1 },
		{ "2592001", -1 },
		{ "720h1ms", -1 },
		{ "18446744073709551615s", -1 },
		{ "4294967295h4294967295m4294967295s", -1 },
		{ "1d", -1 },
		{ "30 s", -1 },
		{ "1m1h", -1 },
		{ "1s1s", -1 },
		{ "s", -1 },
		{ "1.5s", -1 },
		{ "-1s", -1 },
		{ "1sec", -1 },
		{ "1h ", -1 },
		{ "", -1 },
	};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ynode node = scalar(cases[i].text, true);

		assert_int_equal(ytree_duration_ms(&node, &ms),
				 cases[i].ms >= 0);
		if (cases[i].ms >= 0)
			assert_true(ms == cases[i].ms);
	}
	assert_false(ytree_duration_ms(NULL, &ms));
}

static void
nulls_are_plain(void **state)
{
	struct ynode node = scalar("~", true);

	(void)state;
	assert_true(ytree_is_null(&node));
	assert_true(ytree_is_null(NULL));
	node = scalar("NULL", true);
	assert_true(ytree_is_null(&node));
	node = scalar("", false);
	assert_false(ytree_is_null(&node));
	node = (struct ynode){ .kind = Y_SEQUENCE };
	assert_false(ytree_is_null(&node));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_have_their_values_and_places),
		cmocka_unit_test(places_count_bytes_not_characters),
		cmocka_unit_test(nothing_is_no_tree),
		cmocka_unit_test(malformed_yaml_is_reported_at_its_place),
		cmocka_unit_test(a_tab_has_help_and_a_context_a_note),
		cmocka_unit_test(anchors_aliases_and_tags_are_not_read),
		cmocka_unit_test(a_second_document_is_not_read),
		cmocka_unit_test(a_key_counts_once_and_first),
		cmocka_unit_test(depth_has_a_limit),
		cmocka_unit_test(size_has_a_limit),
		cmocka_unit_test(booleans_are_words),
		cmocka_unit_test(integers_are_decimal),
		cmocka_unit_test(durations_have_units_in_order),
		cmocka_unit_test(nulls_are_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
