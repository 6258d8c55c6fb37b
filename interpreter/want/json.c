/* JSON that holds at least the wanted value. An object holds one when it has
 * all its keys, with values that hold the wanted ones; an array, when the
 * wanted items are held by items of it in the same order, others between them;
 * anything else, when it is equal, numbers by value. */
#include "base/width.h"
#include "want/matcher.h"

static bool
compile(const struct want *w, struct want_matcher *m, struct diag_sink *sink)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT;

	m->json = jval_parse(w->text, &reason);
	if (!m->json)
		diag_report(sink, DIAG_WANT_PATTERN, w->where, "%s",
			    buf_cstr(&reason));
	return m->json;
}

/* The first place at which a value is not held. */
struct miss {
	struct buf path; /* ".nodes[1].state" */
	const struct jval *want, *got;
};

static bool holds(const struct jval *got, const struct jval *want,
		  struct miss *miss);

static bool
is_name(struct text key)
{
	for (size_t i = 0; i < key.len; i++) {
		if (!byte_is_alnum(key.at[i]) && key.at[i] != '_')
			return false;
	}
	return key.len && !byte_is_digit(key.at[0]);
}

static void
add_key(struct buf *path, const char *key)
{
	struct jval *quoted;

	if (is_name(text_of(key))) {
		buf_addf(path, ".%s", key);
		return;
	}
	quoted = jval_string(key);
	buf_addc(path, '[');
	jval_write(quoted, false, path);
	buf_addc(path, ']');
	jval_free(quoted);
}

static bool
holds_keys(const struct jval *got, const struct jval *want, struct miss *miss)
{
	const char *key = NULL;

	while ((key = jval_next_key(want, key))) {
		size_t len = miss->path.len;

		add_key(&miss->path, key);
		if (!holds(jval_get(got, key), jval_get(want, key), miss))
			return false;
		buf_cut(&miss->path, len);
	}
	return true;
}

/* Taking the earliest item that will do leaves most for the others, so that
 * each item of GOT is looked at once. */
static bool
holds_items(const struct jval *got, const struct jval *want, struct miss *miss)
{
	size_t n_want = jval_count(want), n_got = jval_count(got), next = 0;

	for (size_t i = 0; i < n_got && next < n_want; i++) {
		struct miss inner = { BUF_INIT, NULL, NULL };

		next += holds(jval_at(got, i), jval_at(want, next), &inner);
		buf_release(&inner.path);
	}
	if (next == n_want)
		return true;
	buf_adds(&miss->path, "[]");
	miss->want = jval_at(want, next);
	miss->got = got;
	return false;
}

/* GOT may be NULL: there is none. */
static bool
holds(const struct jval *got, const struct jval *want, struct miss *miss)
{
	if (got && jval_is_object(want) && jval_is_object(got))
		return holds_keys(got, want, miss);
	if (got && jval_is_array(want) && jval_is_array(got))
		return holds_items(got, want, miss);
	if (got && jval_equal(got, want))
		return true;
	miss->want = want;
	miss->got = got;
	return false;
}

static enum want_verdict
unmet(const struct want_view *v, const struct miss *miss,
      struct want_result *ret)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addt(&b, buf_text(&miss->path));
	buf_adds(&b, miss->path.len ? " = " : "");
	jval_write(miss->want, false, &b);
	buf_clear(&ret->got);
	if (miss->got)
		jval_write(miss->got, false, &ret->got);
	return want_unmet(ret, buf_text(&b), "%s does not hold", v->name);
}

/* True when one of the lines is JSON that holds WANT, and all are JSON.
 * *RET_JSON: whether that is so. */
static bool
a_line_holds(const struct want_view *v, const struct jval *want, bool *ret_json)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT;
	struct text rest = v->bytes, line;
	bool held = false;

	*ret_json = true;
	while (text_next_line(&rest, &line)) {
		struct miss miss = { BUF_INIT, NULL, NULL };
		struct jval *got;

		if (text_trim(line).len == 0)
			continue;
		got = jval_parse(line, &reason);
		*ret_json &= got != NULL;
		held |= got && holds(got, want, &miss);
		jval_free(got);
		buf_release(&miss.path);
	}
	return held && *ret_json;
}

/* Output that is no JSON as a whole may be one value a line. */
static enum want_verdict
check_lines(const struct want *w, const struct want_view *v, struct text reason,
	    struct want_result *ret)
{
	CLEANUP(buf_release) struct buf safe = BUF_INIT;
	const struct text nothing = { NULL, 0 };
	bool json;

	if (text_trim(v->bytes).len == 0)
		return want_unmet(ret, nothing, "%s is empty", v->name);
	if (a_line_holds(v, w->matcher->json, &json))
		return VERDICT_MET;
	want_view_got(v, want_view_last_line(v), ret);
	if (json)
		return want_unmet(ret, w->text, "no line of %s holds", v->name);
	width_print(&safe, reason, 0);
	return want_unmet(ret, nothing, "%s is %s", v->name, buf_cstr(&safe));
}

static enum want_verdict
check(const struct want *w, const struct want_view *v, struct budget *b UNUSED,
      struct want_result *ret)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT;
	CLEANUP(jval_free_ptr) struct jval *got = NULL;
	struct miss miss = { BUF_INIT, NULL, NULL };
	enum want_verdict verdict = VERDICT_MET;

	if (v->cut)
		return want_cut_off(ret, v);
	got = jval_parse(v->bytes, &reason);
	if (!got)
		return check_lines(w, v, buf_text(&reason), ret);
	if (!holds(got, w->matcher->json, &miss))
		verdict = unmet(v, &miss, ret);
	buf_release(&miss.path);
	return verdict;
}

const struct want_ops want_ops_JSON = {
	.compile = compile,
	.check = check,
	.whole = true,
};
