/* The wants of an `expect:` value. Annotations come checked by doc/keys.c; what
 * is wrong all the same is reported in its words. */
#include "base/json.h"
#include "base/limits.h"
#include "diag/source.h"
#include "doc/keys.h"
#include "graph/want.h"

/* What the reader carries along. */
struct reading {
	struct arena *arena;
	struct diag_sink *sink;
	struct want **wants;
	uint32_t n;
	enum want_stream stream;
	int64_t within_ms;
	bool full; /* LIMIT_WANTS, reported */
};

static void read_value(struct reading *r, const struct ynode *node);

static bool
add_text(struct reading *r, enum want_kind kind, struct text text,
	 const struct ynode *node, const struct map *map)
{
	struct want *w;

	if (r->n == LIMIT_WANTS) {
		if (!r->full)
			diag_report(r->sink, DIAG_WANT_LIMIT, node->where,
				    "more than %d expectations for one step",
				    LIMIT_WANTS);
		r->full = true;
		return false;
	}
	w = ARENA_NEW(r->arena, struct want);
	w->kind = kind;
	w->stream = r->stream;
	w->text = text;
	w->where = node->where;
	w->node = node;
	w->map = map;
	w->within_ms = r->within_ms;
	ARENA_PUSH(r->arena, r->wants, r->n, w);
	return true;
}

static void
refuse(struct reading *r, const struct ynode *node, const char *key,
       const char *wanted)
{
	diag_report(r->sink, DIAG_BAD_VALUE, node->where, "'%s' wants %s", key,
		    wanted);
}

/* The map of a literal block ("|"), whose lines stand in the source as they
 * are: each is checked to be the end of its source line. NULL when one is not,
 * as in a folded block. */
static const struct map *
map_block(struct arena *arena, const struct ynode *node)
{
	const struct source *src = node->where.src;
	struct map *m = map_new(arena, src);
	uint32_t at = span_line(node->where);
	struct text rest = node->text, line;

	while (text_next_line(&rest, &line)) {
		struct text there = source_line_text(src, ++at);
		uint32_t end = source_line_start(src, at) + (uint32_t)there.len;
		uint32_t len = (uint32_t)line.len;

		if (!text_eq(text_sub(there, there.len - line.len, there.len),
			     line))
			return NULL;
		map_add(arena, m, len, end - len, len, MAP_COPIED);
		if (m->len < node->text.len)
			map_add(arena, m, 1, end, 1, MAP_DECODED);
	}
	return m;
}

/* Where the bytes of a scalar stand, NULL when they are not there as they are:
 * in a quoted one with escapes, a folded one. */
static const struct map *
map_scalar(struct arena *arena, const struct ynode *node)
{
	uint32_t start = node->where.start, len = (uint32_t)node->text.len;
	struct map *m;

	if (!node->where.src || len == 0)
		return NULL;
	if (!node->plain && span_text(node->where).at[0] == '|')
		return map_block(arena, node);
	start += !node->plain;
	if (node->where.end - node->where.start != len + 2u * !node->plain ||
	    !text_eq(text_sub(node->where.src->bytes, start, start + len),
		     node->text))
		return NULL;
	m = map_new(arena, node->where.src);
	map_add(arena, m, len, start, len, MAP_COPIED);
	return m;
}

static void
read_scalar(struct reading *r, enum want_kind kind, const struct ynode *node)
{
	add_text(r, kind, node->text, node, map_scalar(r->arena, node));
}

/* A list of lines is one text; each line maps to its own item. */
static void
read_lines(struct reading *r, enum want_kind kind, const struct ynode *list)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct map *m = map_new(r->arena, list->where.src);

	for (uint32_t i = 0; i < list->n_items; i++) {
		const struct ynode *item = list->items[i];
		struct text line = item->text;

		if (item->kind != Y_SCALAR ||
		    text_chr(line, '\n', 0) < line.len) {
			refuse(r, item, want_kind_name(kind),
			       "a list of single lines");
			return;
		}
		buf_addt(&text, line);
		buf_addc(&text, '\n');
		map_add(r->arena, m, (uint32_t)line.len + 1, item->where.start,
			item->where.end - item->where.start, MAP_DECODED);
	}
	add_text(r, kind, arena_text(r->arena, buf_text(&text)), list, m);
}

static void
add_json_scalar(const struct ynode *node, struct jval **ret)
{
	CLEANUP(buf_release) struct buf ignored = BUF_INIT;
	bool truth;

	*ret = NULL;
	if (!node->plain) {
		*ret = jval_text(node->text);
	} else if (ytree_bool(node, &truth)) {
		*ret = jval_bool(truth);
	} else if (node->text.len == 0 || text_is(node->text, "~") ||
		   text_is(node->text, "null")) {
		*ret = jval_null();
	} else {
		if (byte_is_digit(node->text.at[0]) || node->text.at[0] == '-')
			*ret = jval_parse(node->text, &ignored);
		if (!*ret)
			*ret = jval_text(node->text);
	}
}

/* A YAML value as JSON, by the rules of YAML's JSON schema: what is quoted is
 * a text. Its depth is bounded by LIMIT_YAML_DEPTH. */
static struct jval *
json_of(const struct ynode *node)
{
	struct jval *v;

	if (node->kind == Y_SCALAR) {
		add_json_scalar(node, &v);
		return v;
	}
	v = node->kind == Y_MAPPING ? jval_object() : jval_array();
	for (uint32_t i = 0; i < node->n_items; i++) {
		if (node->kind == Y_MAPPING)
			jval_set(v, node->keys[i]->text.at,
				 json_of(node->items[i]));
		else
			jval_push(v, json_of(node->items[i]));
	}
	return v;
}

static void
read_json(struct reading *r, const struct ynode *node)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct jval *v;

	if (node->kind == Y_SCALAR) {
		read_scalar(r, WANT_JSON, node);
		return;
	}
	v = json_of(node);
	jval_write(v, false, &text);
	jval_free(v);
	add_text(r, WANT_JSON, arena_text(r->arena, buf_text(&text)), node,
		 NULL);
}

static bool
has_lines(enum want_kind kind)
{
	return kind == WANT_LINES || kind == WANT_EXACT || kind == WANT_EXAMPLE;
}

static void
read_kind(struct reading *r, enum want_kind kind, const struct ynode *node)
{
	if (kind == WANT_JSON) {
		read_json(r, node);
	} else if (node->kind == Y_SCALAR) {
		read_scalar(r, kind, node);
	} else if (node->kind == Y_SEQUENCE && has_lines(kind)) {
		read_lines(r, kind, node);
	} else if (node->kind == Y_SEQUENCE) {
		for (uint32_t i = 0; i < node->n_items; i++) {
			if (node->items[i]->kind == Y_SCALAR)
				read_scalar(r, kind, node->items[i]);
			else
				refuse(r, node->items[i], want_kind_name(kind),
				       "a text or a list of texts");
		}
	} else {
		refuse(r, node, want_kind_name(kind),
		       "a text or a list of texts");
	}
}

static int
kind_by_name(struct text name)
{
	for (int i = 0; i < WANT_KIND_COUNT; i++) {
		if (text_is(name, want_kind_name((enum want_kind)i)))
			return i;
	}
	return -1;
}

static void
read_stream(struct reading *r, const struct ynode *node)
{
	static const char *const names[] = { "stdout", "stderr", "both" };

	for (size_t i = 0; node->kind == Y_SCALAR && i < ARRAY_LEN(names);
	     i++) {
		if (text_is(node->text, names[i])) {
			r->stream = (enum want_stream)i;
			return;
		}
	}
	refuse(r, node, "stream", "stdout, stderr or both");
}

static void
read_within(struct reading *r, const struct ynode *node)
{
	if (!ytree_duration_ms(node, &r->within_ms))
		refuse(r, node, "within", "a duration such as 30s");
}

/* The other keys of the mapping. Those that begin with "x-" are the author's
 * own; exit statuses are read by want_exit. */
static bool
is_passed_over(struct text key)
{
	return text_is(key, "stream") || text_is(key, "within") ||
	       text_is(key, "exit") || text_starts(key, "x-");
}

static void
report_unknown(struct reading *r, const struct ynode *key)
{
	static const char *const others[] = { "stream", "within", "stderr",
					      "exit" };
	struct diag *d = diag_report(r->sink, DIAG_UNKNOWN_KEY, key->where,
				     "unknown key '%.*s' in 'expect'",
				     TEXT_ARG(key->text));
	struct nearest n = { NULL, 0 };

	for (int i = 0; i < WANT_KIND_COUNT; i++)
		nearest_try(&n, key->text, want_kind_name((enum want_kind)i));
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		nearest_try(&n, key->text, others[i]);
	if (n.best)
		diag_help(d, "did you mean '%s'?", n.best);
}

/* Settings first: they count for every kind of the mapping, wherever they
 * stand in it. */
static void
read_settings(struct reading *r, const struct ynode *map)
{
	const struct ynode *stream = ytree_get(map, "stream");
	const struct ynode *within = ytree_get(map, "within");

	if (stream)
		read_stream(r, stream);
	if (within)
		read_within(r, within);
}

/* The same for the other stream. */
static void
read_stderr(struct reading *r, const struct ynode *node)
{
	enum want_stream outer = r->stream;

	if (ytree_get(node, "stderr") || ytree_get(node, "stream")) {
		refuse(r, node, "stderr", "no stream of its own");
		return;
	}
	r->stream = WANT_STDERR;
	read_value(r, node);
	r->stream = outer;
}

static void
read_mapping(struct reading *r, const struct ynode *map)
{
	struct reading outer = *r;
	bool looks = want_exit(map) != NULL;

	read_settings(r, map);
	for (uint32_t i = 0; i < map->n_items; i++) {
		const struct ynode *key = map->keys[i];
		int kind = kind_by_name(key->text);

		looks |= !is_passed_over(key->text);
		if (kind >= 0)
			read_kind(r, (enum want_kind)kind, map->items[i]);
		else if (text_is(key->text, "stderr"))
			read_stderr(r, map->items[i]);
		else if (!is_passed_over(key->text))
			report_unknown(r, key);
	}
	if (!looks)
		refuse(r, map, "expect", "something to look for");
	r->stream = outer.stream;
	r->within_ms = outer.within_ms;
}

/* All of them must be met. A step ends with one status only. */
static void
read_list(struct reading *r, const struct ynode *list)
{
	const struct ynode *status = NULL;

	for (uint32_t i = 0; i < list->n_items; i++) {
		const struct ynode *item = list->items[i];
		const struct ynode *again = ytree_get(item, "exit");

		if (item->kind == Y_SEQUENCE)
			refuse(r, item, "expect", "a text or a mapping");
		else
			read_value(r, item);
		if (status && again)
			refuse(r, again, "expect", "'exit' only once");
		status = status ? status : again;
	}
}

static void
read_value(struct reading *r, const struct ynode *node)
{
	switch (node->kind) {
	case Y_SCALAR:
		read_scalar(r, WANT_CONTAINS, node);
		break;
	case Y_MAPPING:
		read_mapping(r, node);
		break;
	case Y_SEQUENCE:
		read_list(r, node);
		break;
	}
}

struct want **
want_read(struct arena *arena, const struct ynode *node, uint32_t *ret_n,
	  struct diag_sink *sink)
{
	struct reading r = { .arena = arena,
			     .sink = sink,
			     .stream = WANT_STDOUT };

	read_value(&r, node);
	*ret_n = r.n;
	return r.wants;
}

const struct ynode *
want_exit(const struct ynode *node)
{
	const struct ynode *status = ytree_get(node, "exit");

	for (uint32_t i = 0; node->kind == Y_SEQUENCE && i < node->n_items; i++)
		status = status ? status : ytree_get(node->items[i], "exit");
	return status;
}
