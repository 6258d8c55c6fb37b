/* A want brought up to date with an output: the lines that fit stay as their
 * author wrote them, the others become what came. */
#include "base/limits.h"
#include "graph/line_suffix.h"
#include "want/matcher.h"
#include "want/pairing.h"

/* A want while it is brought up to date. */
struct updating {
	struct arena *arena;
	enum want_kind kind;
	struct text *old; /* its lines */
	uint32_t n_old;
	uint32_t head, tail; /* what frames them: blank lines before and from */
	bool *missed;        /* of old: nothing came for it */
	uint32_t next;       /* of old: what is not put out yet */
	struct want_line *lines;
	uint32_t n_lines;
};

static struct text
without_blank_end(struct text line)
{
	/* The blanks of text_trim, which shapes leave out. */
	while (line.len && (byte_is_blank(line.at[line.len - 1]) ||
			    line.at[line.len - 1] == '\r'))
		line.len--;
	return line;
}

/* ---- as lines to be paired -------------------------------------------------
 */

static void
add_equal(struct updating *u, struct want_lines *l, uint32_t i, bool optional)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct line_pattern *p =
		want_lines_pattern(l, LINE_EQUAL, u->old[i], i, i);

	want_normalize(u->old[i], &b);
	p->text = arena_text(u->arena, buf_text(&b));
	if (u->kind == WANT_EXAMPLE)
		p->text = without_blank_end(p->text);
	want_lines_add(l, p, optional, false);
}

/* A line of an example stays when it says itself that it is no literal text
 * ("...", "<id>"), or when it is what came. */
static void
add_example(struct updating *u, struct want_lines *l, uint32_t i)
{
	struct text line = text_trim(u->old[i]);
	struct line_pattern *p;
	struct shape shape;

	if (line_leaves_out(line)) {
		p = want_lines_pattern(l, LINE_ANY, u->old[i], i, i);
		want_lines_add(l, p, true, true);
		return;
	}
	shape_init(&shape, l->arena, line, true);
	if (!shape_is_open(&shape)) {
		add_equal(u, l, i, i < u->head || i >= u->tail);
		return;
	}
	p = want_lines_pattern(l, LINE_SHAPE, u->old[i], i, i);
	p->shape = shape;
	want_lines_add(l, p, false, false);
}

/* The lines of W as patterns, each with its index as place. */
static struct want_lines *
patterns_of(struct updating *u, const struct want *w)
{
	struct want_lines *l;

	if (w->kind == WANT_LINES && w->matcher) {
		l = w->matcher->lines;
		for (uint32_t i = 0; i < l->n_patterns; i++)
			l->patterns[i]->start = i;
		return l;
	}
	l = want_lines_new(u->arena);
	for (uint32_t i = 0; i < u->n_old; i++) {
		if (w->kind == WANT_EXAMPLE)
			add_example(u, l, i);
		else
			add_equal(u, l, i, false);
	}
	l->trims = w->kind == WANT_EXAMPLE;
	return l;
}

/* ---- new lines -------------------------------------------------------------
 */

/* True when T cannot stand in a document as it is. */
static bool
needs_escapes(struct text t)
{
	uint32_t code;

	if (t.len && byte_is_space(t.at[t.len - 1]))
		return true;
	for (size_t i = 0, n; i < t.len; i += n) {
		n = text_utf8(text_sub(t, i, t.len), &code);
		if (n == 0 || (code < 0x20 && code != '\t') || code == 0x7f)
			return true;
	}
	return false;
}

/* The last byte is written as a number where a blank would be lost, or a
 * parenthesis would end another suffix. */
static void
add_escaped(struct buf *b, struct text t)
{
	uint32_t code;

	for (size_t i = 0, n; i < t.len; i += n) {
		n = text_utf8(text_sub(t, i, t.len), &code);
		if (n == 0 || code < 0x20 || code == 0x7f ||
		    (i + 1 == t.len && (code == ' ' || code == ')')))
			buf_addf(b, "\\x%02x", (unsigned char)t.at[i]);
		else if (code == '\\')
			buf_adds(b, "\\\\");
		else
			buf_addt(b, text_sub(t, i, i + n));
		n = n ? n : 1;
	}
	buf_adds(b, " (esc)");
}

/* LINE of an output as it is written down in a want of U's kind. */
static struct text
written(struct updating *u, struct text line)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text rest = line;

	if (u->kind != WANT_LINES)
		return arena_text(u->arena, line);
	if (needs_escapes(line)) {
		add_escaped(&b, line);
	} else {
		buf_addt(&b, line);
		line_suffix_cut(&rest);
		if (rest.len < line.len || line_is_ellipsis(line))
			buf_adds(&b, " (eq)");
	}
	return arena_text(u->arena, buf_text(&b));
}

/* ---- putting both together -------------------------------------------------
 */

static void
put_new(struct updating *u, struct text line)
{
	struct want_line new = { written(u, line), UINT32_MAX };

	ARENA_PUSH(u->arena, u->lines, u->n_lines, new);
}

/* Old lines before UNTIL that nothing speaks against. */
static void
put_old(struct updating *u, uint32_t until)
{
	for (; u->next < until && u->next < u->n_old; u->next++) {
		struct want_line line = { u->old[u->next], u->next };

		if (!u->missed[u->next])
			ARENA_PUSH(u->arena, u->lines, u->n_lines, line);
	}
}

/* LINE, which the old line PLACE takes, perhaps not for the first time: then
 * only when nothing came in between. */
static void
put_taken(struct updating *u, uint32_t place, struct text line)
{
	if (place >= u->next)
		put_old(u, place + 1);
	else if (u->n_lines == 0 || u->lines[u->n_lines - 1].old != place)
		put_new(u, line);
}

static uint32_t
place_of(const struct pairing *pair, uint32_t node)
{
	return (uint32_t)pair->want->nodes[node].pattern->start;
}

static void
follow(struct updating *u, const struct pairing *pair, const struct moves *m)
{
	for (uint32_t i = 0; i < m->n; i++) {
		if (m->items[i].move == MOVE_MISS)
			u->missed[place_of(pair, m->items[i].node)] = true;
	}
	put_old(u, u->head);
	for (uint32_t i = 0; i < m->n; i++) {
		const struct move_at *at = &m->items[i];

		switch (at->move) {
		case MOVE_TAKE:
		case MOVE_AGAIN:
			put_taken(u, place_of(pair, at->node),
				  pair->got[at->line]);
			break;
		case MOVE_EXTRA:
			put_new(u, pair->got[at->line]);
			break;
		case MOVE_MISS:
			put_old(u, place_of(pair, at->node));
			break;
		case MOVE_LEAVE:
			break;
		}
	}
	put_old(u, u->n_old);
}

/* Neither side is kept: too much to compare. */
static void
replace_all(struct updating *u, const struct pairing *pair)
{
	for (uint32_t j = 0; j < pair->n_got; j++)
		put_new(u, pair->got[j]);
}

static void
split(struct updating *u, struct text text)
{
	struct text line;

	while (text_next_line(&text, &line))
		ARENA_PUSH(u->arena, u->old, u->n_old, line);
	u->missed = arena_alloc(u->arena, u->n_old + 1);
	if (!u->old)
		return;
	u->tail = u->n_old;
	if (u->kind != WANT_EXAMPLE)
		return;
	while (u->tail > 0 && text_trim(u->old[u->tail - 1]).len == 0)
		u->tail--;
	while (u->head < u->tail && text_trim(u->old[u->head]).len == 0)
		u->head++;
}

/* OUTPUT as U's kind compares it. */
static struct text
comparable(struct updating *u, struct text output)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text line;

	if (u->kind != WANT_EXAMPLE)
		return output;
	while (text_next_line(&output, &line)) {
		buf_addt(&b, without_blank_end(line));
		buf_addc(&b, '\n');
	}
	return arena_text(u->arena, buf_text(&b));
}

/* False when a pattern of W is malformed. */
static bool
open_copy(const struct want *w, struct want *ret)
{
	CLEANUP(diag_sink_release) struct diag_sink ignored = DIAG_SINK_INIT;

	/* The places in it become others. */
	*ret = *w;
	ret->matcher = NULL;
	return w->kind != WANT_LINES || want_compile(ret, &ignored);
}

bool
want_update(const struct want *w, struct text output, const struct clock *clock,
	    struct arena *arena, struct want_line **ret, uint32_t *ret_n)
{
	struct updating u = { .arena = arena, .kind = w->kind };
	struct pairing pair;
	struct moves moves;
	struct budget budget;
	struct want copy;

	if ((w->kind != WANT_EXAMPLE && w->kind != WANT_EXACT &&
	     w->kind != WANT_LINES) ||
	    !open_copy(w, &copy))
		return false;
	split(&u, w->text);
	budget_start(&budget, clock, LIMIT_MATCH_STEP_MS);
	pairing_init(&pair, patterns_of(&u, &copy), comparable(&u, output),
		     &budget);
	if (pairing_moves(&pair, &moves))
		follow(&u, &pair, &moves);
	else
		replace_all(&u, &pair);
	pairing_release(&pair);
	want_close(&copy);
	*ret = u.lines;
	*ret_n = u.n_lines;
	return true;
}
