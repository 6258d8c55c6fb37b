/* What differs between the expected lines and those that came. */
#include "base/alloc.h"
#include "base/limits.h"
#include "want/pairing.h"

enum {
	CONTEXT = 2 /* lines shown round a difference */
};

/* The cheapest way through nodes and lines, as in an edit distance: cell
 * (i, j) is the state before node i and line j. */
struct grid {
	struct pairing *pair;
	uint32_t node, line;       /* where it begins */
	uint32_t n_nodes, n_lines; /* how far it goes */
	unsigned char *last;       /* the move that leads to each cell */
	uint32_t *above, *here;    /* costs of two rows of cells */
};

static void
push(struct pairing *pair, struct moves *m, enum move move, uint32_t node,
     uint32_t line)
{
	struct move_at item = { move, node, line };

	ARENA_PUSH(&pair->arena, m->items, m->n, item);
}

static bool
is_plain(const struct pairing *pair, uint32_t node)
{
	return !pair->want->nodes[node].optional &&
	       !pair->want->nodes[node].repeats;
}

/* Leave out of G what agrees at both ends; it need not be compared. */
static void
shrink(struct grid *g)
{
	const struct want_lines *want = g->pair->want;
	uint32_t node_end = want->n_nodes, line_end = g->pair->n_got;

	while (g->node < node_end && g->line < line_end &&
	       is_plain(g->pair, g->node) &&
	       pairing_takes(g->pair, g->node, g->line)) {
		g->node++;
		g->line++;
	}
	while (node_end > g->node && line_end > g->line &&
	       is_plain(g->pair, node_end - 1) &&
	       pairing_takes(g->pair, node_end - 1, line_end - 1)) {
		node_end--;
		line_end--;
	}
	g->n_nodes = node_end - g->node;
	g->n_lines = line_end - g->line;
}

static void
offer(uint32_t cost, enum move move, uint32_t *best, unsigned char *best_move)
{
	if (cost < *best) {
		*best = cost;
		*best_move = (unsigned char)move;
	}
}

static const struct line_node *
node_at(const struct grid *g, uint32_t i)
{
	return &g->pair->want->nodes[g->node + i];
}

static void
fill_cell(struct grid *g, uint32_t i, uint32_t j)
{
	unsigned char *last = &g->last[(size_t)i * (g->n_lines + 1) + j];
	uint32_t best = i + j ? UINT32_MAX : 0;

	if (i > 0 && j > 0 && !node_at(g, i - 1)->repeats &&
	    pairing_takes(g->pair, g->node + i - 1, g->line + j - 1))
		offer(g->above[j - 1], MOVE_TAKE, &best, last);
	if (i < g->n_nodes && j > 0 && node_at(g, i)->repeats &&
	    pairing_takes(g->pair, g->node + i, g->line + j - 1))
		offer(g->here[j - 1], MOVE_AGAIN, &best, last);
	if (i > 0 && node_at(g, i - 1)->optional)
		offer(g->above[j], MOVE_LEAVE, &best, last);
	if (j > 0)
		offer(g->here[j - 1] + 1, MOVE_EXTRA, &best, last);
	if (i > 0)
		offer(g->above[j] + 1, MOVE_MISS, &best, last);
	g->here[j] = best;
}

/* False when the time or the patterns gave out. */
static bool
fill(struct grid *g)
{
	size_t row = (size_t)g->n_lines + 1;

	g->last = arena_alloc(&g->pair->arena, (g->n_nodes + 1) * row);
	g->above = arena_alloc(&g->pair->arena, row * sizeof(*g->above));
	g->here = arena_alloc(&g->pair->arena, row * sizeof(*g->here));
	for (uint32_t i = 0; i <= g->n_nodes; i++) {
		uint32_t *swap = g->above;

		for (uint32_t j = 0; j <= g->n_lines; j++)
			fill_cell(g, i, j);
		if (g->pair->broken)
			return false;
		g->above = g->here;
		g->here = swap;
	}
	return true;
}

/* The moves of G from its last cell to its first, into M in order. */
static void
trace(const struct grid *g, struct moves *m)
{
	uint32_t i = g->n_nodes, j = g->n_lines, first = m->n;

	while (i > 0 || j > 0) {
		enum move move = g->last[(size_t)i * (g->n_lines + 1) + j];

		if (move == MOVE_TAKE || move == MOVE_AGAIN ||
		    move == MOVE_EXTRA)
			j--;
		if (move == MOVE_TAKE || move == MOVE_LEAVE ||
		    move == MOVE_MISS)
			i--;
		if (move != MOVE_LEAVE)
			push(g->pair, m, move, g->node + i, g->line + j);
	}
	for (uint32_t a = first, b = m->n; a + 1 < b; a++) {
		struct move_at swap = m->items[a];

		m->items[a] = m->items[--b];
		m->items[b] = swap;
	}
}

bool
pairing_moves(struct pairing *pair, struct moves *m)
{
	struct grid g = { .pair = pair };

	*m = (struct moves){ NULL, 0 };
	shrink(&g);
	if (pair->broken ||
	    (uint64_t)(g.n_nodes + 1) * (g.n_lines + 1) > LIMIT_DIFF_CELLS)
		return false;
	if (!fill(&g))
		return false;
	for (uint32_t i = 0; i < g.node; i++)
		push(pair, m, MOVE_TAKE, i, i);
	trace(&g, m);
	for (uint32_t j = g.line + g.n_lines, i = g.node + g.n_nodes;
	     j < pair->n_got; j++, i++)
		push(pair, m, MOVE_TAKE, i, j);
	return true;
}

/* The moves round the place where no way went on. */
static void
first_difference(struct pairing *pair, struct pairing_end end, struct moves *m)
{
	uint32_t from = end.line > CONTEXT ? end.line - CONTEXT : 0;

	m->n = 0;
	for (uint32_t j = from; j < end.line; j++)
		push(pair, m, MOVE_TAKE, 0, j);
	if (end.node < pair->want->n_nodes)
		push(pair, m, MOVE_MISS, end.node, end.line);
	if (end.line < pair->n_got)
		push(pair, m, MOVE_EXTRA, end.node, end.line);
}

static bool
is_difference(enum move move)
{
	return move == MOVE_EXTRA || move == MOVE_MISS;
}

static void
add_line(struct buf *b, char mark, struct text line)
{
	size_t end = line.len;

	if (end > LIMIT_DIFF_LINE_BYTES) {
		end = LIMIT_DIFF_LINE_BYTES;
		while (end > 0 && ((unsigned char)line.at[end] & 0xc0) == 0x80)
			end--;
	}
	buf_addc(b, mark);
	buf_addt(b, text_sub(line, 0, end));
	buf_adds(b, end < line.len ? "…\n" : "\n");
}

static void
add_moves(const struct pairing *pair, struct buf *b, const struct moves *m,
	  uint32_t from, uint32_t to, enum move move)
{
	for (uint32_t i = from; i < to; i++) {
		const struct move_at *at = &m->items[i];

		if (at->move != move)
			continue;
		if (move == MOVE_MISS)
			add_line(b, '-',
				 pair->want->nodes[at->node].pattern->shown);
		else
			add_line(b, '+', pair->got[at->line]);
	}
}

/* One past the differences that begin at FROM without a taken line between. */
static uint32_t
hunk_end(const struct moves *m, uint32_t from)
{
	while (from < m->n && is_difference(m->items[from].move))
		from++;
	return from;
}

/* True when a difference stands at most CONTEXT taken lines away. */
static bool
is_near(const struct moves *m, uint32_t at)
{
	uint32_t low = at > CONTEXT ? at - CONTEXT : 0;

	for (uint32_t i = low; i < m->n && i <= at + CONTEXT; i++) {
		if (is_difference(m->items[i].move))
			return true;
	}
	return false;
}

/* Append the differences that begin at FROM; returns one past them. */
static uint32_t
print_hunk(const struct pairing *pair, const struct moves *m, uint32_t from,
	   struct buf *b)
{
	uint32_t end = hunk_end(m, from);

	if (end - from > LIMIT_DIFF_LINES)
		end = from + LIMIT_DIFF_LINES;
	add_moves(pair, b, m, from, end, MOVE_MISS);
	add_moves(pair, b, m, from, end, MOVE_EXTRA);
	return end;
}

static void
print(const struct pairing *pair, const struct moves *m, struct buf *b)
{
	uint32_t shown = 0, i = 0, end;
	bool gap = false;

	for (; i < m->n && shown < LIMIT_DIFF_LINES; i = end) {
		end = print_hunk(pair, m, i, b);
		shown += end - i;
		if (end > i) {
			gap = false;
			continue;
		}
		end = i + 1;
		if (is_near(m, i)) {
			add_line(b, ' ', pair->got[m->items[i].line]);
			shown++;
			gap = false;
		} else if (!gap) {
			buf_adds(b, " …\n");
			gap = true;
		}
	}
	if (i < m->n && !gap)
		buf_adds(b, " …\n");
}

void
pairing_diff(struct pairing *pair, struct pairing_end end, struct buf *b)
{
	struct moves m;

	if (!pairing_moves(pair, &m))
		first_difference(pair, end, &m);
	print(pair, &m, b);
}
