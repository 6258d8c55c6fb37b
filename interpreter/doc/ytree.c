/* YAML as a tree with places, through libyaml's events. */
#include "doc/ytree.h"

#include <yaml.h>

#include "base/limits.h"
#include "diag/source.h"

struct reader {
	yaml_parser_t parser;
	struct arena *arena;
	struct excerpt source;
	struct diag_sink *sink;
	bool ascii;          /* characters are bytes */
	size_t chars, bytes; /* a place that was worked out */
	bool broken;         /* what follows cannot be read */
};

/* ---- places ------------------------------------------------------------- */

static bool
is_continuation(struct text t, size_t at)
{
	return at < t.len && ((unsigned char)t.at[at] & 0xc0) == 0x80;
}

/* libyaml counts characters; go from the last place to the new one. */
static uint32_t
offset_of(struct reader *r, yaml_mark_t mark)
{
	struct text t = r->source.text;

	if (r->ascii)
		return (uint32_t)(mark.index < t.len ? mark.index : t.len);
	while (r->chars < mark.index && r->bytes < t.len) {
		r->bytes++;
		while (is_continuation(t, r->bytes))
			r->bytes++;
		r->chars++;
	}
	while (r->chars > mark.index) {
		r->bytes--;
		while (is_continuation(t, r->bytes))
			r->bytes--;
		r->chars--;
	}
	return (uint32_t)r->bytes;
}

static struct span
span_of(struct reader *r, yaml_mark_t start, yaml_mark_t end)
{
	uint32_t from = offset_of(r, start), to = offset_of(r, end);

	/* a block scalar or mapping ends where the next thing begins */
	while (to > from && byte_is_space(r->source.text.at[to - 1]))
		to--;
	return map_span(r->source.map, from, to);
}

/* ---- errors ------------------------------------------------------------- */

static void
report_malformed(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	uint32_t at = p->error == YAML_READER_ERROR
			      ? (uint32_t)p->problem_offset
			      : offset_of(r, p->problem_mark);
	struct diag *d = diag_report(
		r->sink, DIAG_YAML_MALFORMED,
		map_span(r->source.map, at, at + 1), "malformed YAML: %s",
		p->problem ? p->problem : "the text ends too early");
	bool tab = at < r->source.text.len && r->source.text.at[at] == '\t';

	if (p->context && p->error != YAML_READER_ERROR) {
		at = offset_of(r, p->context_mark);
		diag_note(d, map_span(r->source.map, at, at + 1), "%s",
			  p->context);
	}
	if (tab)
		diag_help(d, "indent with blanks: YAML takes no tabs there");
}

static void
report_feature(struct reader *r, const yaml_event_t *event, const char *what)
{
	diag_report(r->sink, DIAG_YAML_FEATURE,
		    span_of(r, event->start_mark, event->end_mark),
		    "%s are not read here", what);
}

/* Report the properties of a node that are beyond our subset of YAML. */
static void
check_properties(struct reader *r, const yaml_event_t *event,
		 const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		report_feature(r, event, "anchors");
	if (tag)
		report_feature(r, event, "tags");
}

/* ---- nodes -------------------------------------------------------------- */

static bool
next_event(struct reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->parser, event))
		return true;
	if (r->parser.error == YAML_MEMORY_ERROR)
		BUG("out of memory in libyaml");
	report_malformed(r);
	r->broken = true;
	return false;
}

static struct ynode *
new_node(struct reader *r, enum ykind kind, const yaml_event_t *event)
{
	struct ynode *node = ARENA_NEW(r->arena, struct ynode);

	node->kind = kind;
	node->where = span_of(r, event->start_mark, event->end_mark);
	return node;
}

static struct ynode *
read_scalar(struct reader *r, const yaml_event_t *event)
{
	struct ynode *node = new_node(r, Y_SCALAR, event);
	const char *value = (const char *)event->data.scalar.value;
	struct text text = { value, event->data.scalar.length };

	check_properties(r, event, event->data.scalar.anchor,
			 event->data.scalar.tag);
	node->text = arena_text(r->arena, text);
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return node;
}

static struct ynode *read_node(struct reader *r, yaml_event_t *event,
			       unsigned depth);

/* The end of a collection is known only when its end has come. */
static void
end_node(struct reader *r, struct ynode *node, const yaml_event_t *event)
{
	struct span last = node->where;

	if (node->n_items)
		last = node->items[node->n_items - 1]->where;
	node->where.end = span_of(r, event->start_mark, event->end_mark).end;
	/* a block collection ends in front of what follows it */
	if (event->start_mark.index == event->end_mark.index)
		node->where.end = last.end;
}

static struct ynode *
read_sequence(struct reader *r, const yaml_event_t *start, unsigned depth)
{
	struct ynode *node = new_node(r, Y_SEQUENCE, start);
	yaml_event_t event;

	check_properties(r, start, start->data.sequence_start.anchor,
			 start->data.sequence_start.tag);
	while (next_event(r, &event)) {
		struct ynode *item;

		if (event.type == YAML_SEQUENCE_END_EVENT) {
			end_node(r, node, &event);
			yaml_event_delete(&event);
			return node;
		}
		item = read_node(r, &event, depth);
		if (!item)
			return NULL;
		ARENA_PUSH(r->arena, node->items, node->n_items, item);
	}
	return NULL;
}

static void
add_pair(struct reader *r, struct ynode *node, struct ynode *key,
	 struct ynode *value)
{
	uint32_t n = node->n_items;

	if (key->kind != Y_SCALAR) {
		diag_report(r->sink, DIAG_YAML_FEATURE, key->where,
			    "lists and mappings as keys are not read here");
		return;
	}
	ARENA_PUSH(r->arena, node->keys, n, key);
	ARENA_PUSH(r->arena, node->items, node->n_items, value);
}

static int
compare_keys(const void *left, const void *right)
{
	const struct ynode *a = *(struct ynode *const *)left;
	const struct ynode *b = *(struct ynode *const *)right;
	int order = text_cmp(a->text, b->text);

	if (order == 0)
		order = a->where.start < b->where.start ? -1 : 1;
	return order;
}

static void
check_repeated(struct reader *r, const struct ynode *node)
{
	size_t bytes = node->n_items * sizeof(struct ynode *);
	struct ynode **keys;

	if (node->n_items < 2)
		return;
	keys = arena_alloc(r->arena, bytes);
	memcpy(keys, node->keys, bytes);
	qsort(keys, node->n_items, sizeof(struct ynode *), compare_keys);
	for (uint32_t i = 1; i < node->n_items; i++) {
		struct diag *d;

		if (!text_eq(keys[i - 1]->text, keys[i]->text))
			continue;
		d = diag_report(r->sink, DIAG_YAML_REPEATED_KEY, keys[i]->where,
				"key '%.*s' stands here a second time",
				TEXT_ARG(keys[i]->text));
		diag_note(d, keys[i - 1]->where, "the first one is here");
	}
}

static struct ynode *
read_mapping(struct reader *r, const yaml_event_t *start, unsigned depth)
{
	struct ynode *node = new_node(r, Y_MAPPING, start);
	yaml_event_t event;

	check_properties(r, start, start->data.mapping_start.anchor,
			 start->data.mapping_start.tag);
	while (next_event(r, &event)) {
		struct ynode *key, *value;

		if (event.type == YAML_MAPPING_END_EVENT) {
			end_node(r, node, &event);
			yaml_event_delete(&event);
			check_repeated(r, node);
			return node;
		}
		key = read_node(r, &event, depth);
		if (!key || !next_event(r, &event))
			return NULL;
		value = read_node(r, &event, depth);
		if (!value)
			return NULL;
		add_pair(r, node, key, value);
	}
	return NULL;
}

static struct ynode *
too_deep(struct reader *r, const yaml_event_t *event)
{
	diag_report(r->sink, DIAG_YAML_LIMIT,
		    span_of(r, event->start_mark, event->end_mark),
		    "lists and mappings stand in each other more than %d deep",
		    LIMIT_YAML_DEPTH);
	r->broken = true;
	return NULL;
}

/* The node that EVENT begins; EVENT is ended. NULL when r->broken. */
static struct ynode *
read_node(struct reader *r, yaml_event_t *event, unsigned depth)
{
	struct ynode *node = NULL;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		node = read_scalar(r, event);
		break;
	case YAML_ALIAS_EVENT:
		report_feature(r, event, "aliases");
		node = new_node(r, Y_SCALAR, event);
		node->text = TEXT("");
		node->plain = true;
		break;
	case YAML_SEQUENCE_START_EVENT:
		node = depth == LIMIT_YAML_DEPTH
			       ? too_deep(r, event)
			       : read_sequence(r, event, depth + 1);
		break;
	case YAML_MAPPING_START_EVENT:
		node = depth == LIMIT_YAML_DEPTH
			       ? too_deep(r, event)
			       : read_mapping(r, event, depth + 1);
		break;
	default:
		BUG("libyaml event %d within a node", (int)event->type);
	}
	yaml_event_delete(event);
	return node;
}

/* Read up to the first node of the first document, and that. */
static struct ynode *
read_stream(struct reader *r)
{
	struct ynode *node = NULL;
	yaml_event_t event;

	while (next_event(r, &event)) {
		bool more = event.type == YAML_STREAM_START_EVENT ||
			    event.type == YAML_DOCUMENT_START_EVENT;

		if (!more && event.type != YAML_STREAM_END_EVENT)
			return read_node(r, &event, 0);
		yaml_event_delete(&event);
		if (!more)
			break;
	}
	return node;
}

/* What follows the document must be nothing. An empty stream has ended before,
 * and libyaml then gives the same nothing for ever. */
static void
read_end(struct reader *r)
{
	yaml_event_t event;
	bool end = false;

	while (!end && next_event(r, &event)) {
		if (event.type == YAML_DOCUMENT_START_EVENT) {
			report_feature(r, &event, "further YAML documents");
			r->broken = true;
		}
		end = r->broken || event.type == YAML_STREAM_END_EVENT ||
		      event.type == YAML_NO_EVENT;
		yaml_event_delete(&event);
	}
}

static bool
is_ascii(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if ((unsigned char)t.at[i] >= 0x80)
			return false;
	}
	return true;
}

struct ynode *
ytree_parse(struct arena *arena, struct excerpt source, struct diag_sink *sink)
{
	struct reader r = { .arena = arena, .source = source, .sink = sink };
	struct ynode *node;

	if (source.text.len > LIMIT_FRONT_MATTER_BYTES) {
		diag_report(sink, DIAG_YAML_LIMIT, map_span(source.map, 0, 1),
			    "more than %d bytes of YAML",
			    LIMIT_FRONT_MATTER_BYTES);
		return NULL;
	}
	if (!yaml_parser_initialize(&r.parser))
		BUG("out of memory in libyaml");
	r.ascii = is_ascii(source.text);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&r.parser,
		(const unsigned char *)(source.text.len ? source.text.at : ""),
		source.text.len);
	node = read_stream(&r);
	if (!r.broken)
		read_end(&r);
	yaml_parser_delete(&r.parser);
	return r.broken ? NULL : node;
}

/* ---- reading values ----------------------------------------------------- */

const struct ynode *
ytree_get(const struct ynode *node, const char *key)
{
	if (!node || node->kind != Y_MAPPING)
		return NULL;
	for (uint32_t i = 0; i < node->n_items; i++) {
		if (text_is(node->keys[i]->text, key))
			return node->items[i];
	}
	return NULL;
}

bool
ytree_is_null(const struct ynode *node)
{
	return !node || (node->kind == Y_SCALAR && node->plain &&
			 (node->text.len == 0 || text_is(node->text, "~") ||
			  text_eq_nocase(node->text, TEXT("null"))));
}

bool
ytree_bool(const struct ynode *node, bool *ret)
{
	static const struct {
		const char *name;
		bool value, quoted; /* also a boolean in quotes */
	} names[] = { { "true", true, true }, { "false", false, true },
		      { "yes", true, false }, { "no", false, false },
		      { "on", true, false },  { "off", false, false } };

	if (!node || node->kind != Y_SCALAR)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if ((node->plain || names[i].quoted) &&
		    text_eq_nocase(node->text, text_of(names[i].name))) {
			*ret = names[i].value;
			return true;
		}
	}
	return false;
}

bool
ytree_int(const struct ynode *node, int64_t *ret)
{
	struct text digits;
	uint64_t value;
	bool negative;

	if (!node || node->kind != Y_SCALAR || node->text.len == 0)
		return false;
	negative = node->text.at[0] == '-';
	digits = text_sub(node->text, negative, node->text.len);
	/* "010" is eight to YAML 1.1 and ten to people */
	if (digits.len > 1 && digits.at[0] == '0')
		return false;
	if (!text_to_uint(digits, INT64_MAX, &value))
		return false;
	*ret = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

/* Cut "NUMBER UNIT" off *REST. */
static bool
next_duration_part(struct text *rest, uint64_t *ret_number,
		   struct text *ret_unit)
{
	size_t digits = 0, end;

	while (digits < rest->len && byte_is_digit(rest->at[digits]))
		digits++;
	for (end = digits; end < rest->len && byte_is_alpha(rest->at[end]);
	     end++)
		continue;
	if (!text_to_uint(text_sub(*rest, 0, digits), UINT32_MAX, ret_number))
		return false;
	*ret_unit = text_sub(*rest, digits, end);
	*rest = text_sub(*rest, end, rest->len);
	return true;
}

bool
ytree_duration_ms(const struct ynode *node, int64_t *ret)
{
	static const struct {
		const char *name;
		uint64_t ms;
	} units[] = {
		{ "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 }
	};
	const uint64_t max = (uint64_t)30 * 24 * 3600 * 1000;
	struct text rest, unit;
	uint64_t number, total = 0;
	size_t next = 0;

	if (!node || node->kind != Y_SCALAR || node->text.len == 0)
		return false;
	rest = node->text;
	if (text_to_uint(rest, max / 1000, &number)) {
		*ret = (int64_t)(number * 1000);
		return true;
	}
	while (rest.len) {
		if (!next_duration_part(&rest, &number, &unit))
			return false;
		while (next < ARRAY_LEN(units) &&
		       !text_is(unit, units[next].name))
			next++;
		if (next == ARRAY_LEN(units))
			return false;
		total += number * units[next++].ms;
	}
	if (total > max)
		return false;
	*ret = (int64_t)total;
	return true;
}
