/* Front matter: finding it, and checking the contract fields. */
#include "doc/frontmatter.h"

#include "base/clock.h"
#include "base/limits.h"
#include "diag/source.h"

static const struct {
	const char *name;
	enum field_type type;
} fields[] = {
#define FIELD(symbol, name, type) { name, FIELD_TYPE_##type },
	FRONT_MATTER_FIELDS(FIELD)
#undef FIELD
};

static const char *const statuses[] = { "active", "draft", "deprecated", NULL };

/* ---- where it is -------------------------------------------------------- */

static bool
is_rule(struct text line, const char *marks)
{
	return text_starts(line, marks) && text_trim(line).len == 3;
}

/* True when the first line that says something begins as a mapping does: a
 * document may also open with a thematic break. */
static bool
looks_like_mapping(struct text rest)
{
	struct text line;

	while (text_next_line(&rest, &line)) {
		struct text words = text_trim(line);
		size_t colon;

		if (is_rule(line, "---") || is_rule(line, "..."))
			return true;
		if (words.len == 0 || words.at[0] == '#')
			continue;
		colon = text_chr(words, ':', 0);
		return words.at[0] == '{' ||
		       (words.at[0] != '-' && words.at[0] != '[' &&
			colon < words.len &&
			(colon + 1 == words.len ||
			 byte_is_blank(words.at[colon + 1])));
	}
	return false;
}

/* The bytes between the two rules, and the offset behind the second one. False
 * when there are none; UNCLOSED when only the second rule is missing. */
static bool
find(const struct source *src, uint32_t *ret_start, uint32_t *ret_end,
     uint32_t *ret_behind, bool *ret_unclosed)
{
	struct text rest = src->bytes, line;
	bool bom = text_starts(rest, "\xef\xbb\xbf");

	*ret_unclosed = false;
	rest = text_sub(rest, bom ? 3 : 0, rest.len);
	if (!text_next_line(&rest, &line) || !is_rule(line, "---") ||
	    !looks_like_mapping(rest))
		return false;
	*ret_start = (uint32_t)(src->bytes.len - rest.len);
	while (*ret_end = (uint32_t)(src->bytes.len - rest.len),
	       text_next_line(&rest, &line)) {
		if (is_rule(line, "---") || is_rule(line, "...")) {
			*ret_behind = (uint32_t)(src->bytes.len - rest.len);
			return true;
		}
	}
	*ret_unclosed = true;
	return false;
}

/* ---- what is in it ------------------------------------------------------ */

static bool
is_text(const struct ynode *node)
{
	return node->kind == Y_SCALAR && !ytree_is_null(node);
}

static bool
is_list(const struct ynode *node)
{
	if (node->kind != Y_SEQUENCE)
		return is_text(node);
	for (uint32_t i = 0; i < node->n_items; i++) {
		if (!is_text(node->items[i]))
			return false;
	}
	return true;
}

/* "2026-02-28", and a day that there is. */
static bool
is_date(struct text t)
{
	uint64_t year, month, day;

	if (t.len != 10 || t.at[4] != '-' || t.at[7] != '-' ||
	    !text_to_uint(text_sub(t, 0, 4), 9999, &year) ||
	    !text_to_uint(text_sub(t, 5, 7), 12, &month) ||
	    !text_to_uint(text_sub(t, 8, 10), 31, &day))
		return false;
	return clock_has_day(year, month, day);
}

static bool
is_status(struct text t)
{
	for (size_t i = 0; statuses[i]; i++) {
		if (text_is(t, statuses[i]))
			return true;
	}
	return false;
}

/* What FIELD should have been, or NULL when it is. */
static const char *
wanted(enum field_type type, const struct ynode *node)
{
	switch (type) {
	case FIELD_TYPE_TEXT:
		return is_text(node) ? NULL : "a text";
	case FIELD_TYPE_STATUS:
		return node->kind == Y_SCALAR && is_status(node->text)
			       ? NULL
			       : "active, draft or deprecated";
	case FIELD_TYPE_LIST:
		return is_list(node) ? NULL : "a text or a list of texts";
	case FIELD_TYPE_DATE:
		return node->kind == Y_SCALAR && is_date(node->text)
			       ? NULL
			       : "a date such as 2026-01-31";
	case FIELD_TYPE_ANY:
		break;
	}
	return NULL;
}

/* "2026/1/31" and "2026.01.31" mean what they look like. */
static bool
read_other_date(struct text t, struct buf *ret)
{
	struct text part[3];
	char mark = t.len > 4 ? t.at[4] : '-';
	uint64_t n;

	if (mark != '/' && mark != '.')
		return false;
	for (int i = 0; i < 3; i++) {
		if (!text_next_field(&t, mark, &part[i]) ||
		    !text_to_uint(part[i], 9999, &n))
			return false;
		buf_addf(ret, i ? "-%02u" : "%04u", (unsigned)n);
	}
	return t.len == 0 && is_date(buf_text(ret));
}

/* A value that only has to be spelt otherwise. */
static void
offer_spelling(struct diag *d, enum field_type type, const struct ynode *node)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (node->kind != Y_SCALAR || !node->plain || !node->where.src)
		return;
	if (type == FIELD_TYPE_STATUS) {
		for (size_t i = 0; i < node->text.len; i++)
			buf_addc(&b, byte_lower(node->text.at[i]));
		if (!is_status(buf_text(&b)))
			return;
	} else if (type != FIELD_TYPE_DATE ||
		   !read_other_date(node->text, &b)) {
		return;
	}
	diag_help(d, "write '%s'", buf_cstr(&b));
	diag_fix(d, true, node->where.start, node->where.end, buf_text(&b),
		 "write '%s'", buf_cstr(&b));
}

/* The types of the contract hold for runbooks; in other documents fields of
 * these names are another tool's. */
static void
read_fields(struct frontmatter *f, struct diag_sink *sink)
{
	for (int i = 0; i < FRONT_COUNT; i++)
		f->field[i] = ytree_get(f->tree, fields[i].name);
	if (!frontmatter_is_runbook(f))
		return;
	for (int i = 0; i < FRONT_COUNT; i++) {
		const char *want = f->field[i]
					   ? wanted(fields[i].type, f->field[i])
					   : NULL;

		if (want)
			offer_spelling(diag_report(sink, DIAG_FIELD_TYPE,
						   f->field[i]->where,
						   "front matter field '%s' "
						   "wants %s",
						   fields[i].name, want),
				       fields[i].type, f->field[i]);
	}
}

static void
read_tree(struct arena *arena, struct excerpt yaml, struct frontmatter *f,
	  struct diag_sink *sink)
{
	struct ynode *tree = ytree_parse(arena, yaml, sink);
	const struct ynode *ours;

	if (!tree || ytree_is_null(tree))
		return;
	if (tree->kind != Y_MAPPING) {
		diag_report(sink, DIAG_FRONT_MATTER_FORM, tree->where,
			    "front matter is no mapping");
		return;
	}
	f->tree = tree;
	read_fields(f, sink);
	ours = ytree_get(tree, "runbook");
	if (ours)
		f->runbook = annotation_read(arena, ours, SCOPE_DOCUMENT, sink);
}

static void
report_unclosed(const struct source *src, struct diag_sink *sink)
{
	struct span first = { src, 0, 3 };
	struct diag *d = diag_report(sink, DIAG_FRONT_MATTER_FORM, first,
				     "front matter is never closed");

	diag_help(d, "end it by a line of '---'");
}

uint32_t
frontmatter_read(struct arena *arena, const struct source *src,
		 struct frontmatter *ret, struct diag_sink *sink)
{
	uint32_t start, end, behind;
	struct map *m;
	bool unclosed;

	*ret = (struct frontmatter){ 0 };
	if (!find(src, &start, &end, &behind, &unclosed)) {
		if (unclosed)
			report_unclosed(src, sink);
		return 0;
	}
	ret->present = true;
	ret->where = (struct span){ src, 0, behind };
	m = map_new(arena, src);
	map_add(arena, m, end - start, start, end - start, MAP_COPIED);
	read_tree(arena,
		  (struct excerpt){ text_sub(src->bytes, start, end), m }, ret,
		  sink);
	return behind;
}

struct text
frontmatter_text(const struct frontmatter *f, enum front_field field)
{
	const struct ynode *node = f->field[field];

	if (!node || node->kind != Y_SCALAR || ytree_is_null(node))
		return (struct text){ "", 0 };
	return node->text;
}

bool
frontmatter_is_runbook(const struct frontmatter *f)
{
	return text_eq_nocase(frontmatter_text(f, FRONT_TYPE), TEXT("runbook"));
}

const char *
frontmatter_field_name(enum front_field field)
{
	return fields[field].name;
}

enum field_type
frontmatter_field_type(enum front_field field)
{
	return fields[field].type;
}

const char *const *
frontmatter_statuses(void)
{
	return statuses;
}
