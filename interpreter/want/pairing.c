/* The walk: all possible nodes at once, line by line. */
#include "want/pairing.h"

#include "base/alloc.h"
#include "want/glob.h"

static bool
is_blank_line(struct text line)
{
	return text_trim(line).len == 0;
}

void
pairing_init(struct pairing *pair, const struct want_lines *want,
	     struct text output, struct budget *budget)
{
	uint32_t n = 0;
	struct text line;

	*pair = (struct pairing){ .want = want, .budget = budget };
	arena_init(&pair->arena);
	pair->ended = output.len && output.at[output.len - 1] == '\n';
	while (text_next_line(&output, &line)) {
		if (want->trims && n == 0 && is_blank_line(line))
			continue;
		ARENA_PUSH(&pair->arena, pair->got, n, line);
	}
	while (want->trims && n > 0 && is_blank_line(pair->got[n - 1]))
		n--;
	pair->n_got = n;
}

void
pairing_release(struct pairing *pair)
{
	buf_release(&pair->reason);
	arena_release(&pair->arena);
}

static bool
takes_shape(struct pairing *pair, const struct shape *want, uint32_t line)
{
	if (!pair->shapes) {
		pair->shapes = arena_alloc(&pair->arena,
					   pair->n_got * sizeof(*pair->shapes));
		pair->shaped = arena_alloc(&pair->arena,
					   pair->n_got * sizeof(*pair->shaped));
	}
	if (!pair->shaped[line]) {
		shape_init(&pair->shapes[line], &pair->arena, pair->got[line],
			   false);
		pair->shaped[line] = true;
	}
	return shape_matches(want, &pair->shapes[line], pair->budget);
}

static bool
takes_regex(struct pairing *pair, const struct rx *rx, uint32_t line)
{
	enum rx_verdict verdict = rx_match(rx, pair->got[line], 0, pair->budget,
					   NULL, 0, &pair->reason);

	pair->broken |= verdict == RX_BROKEN;
	return verdict == RX_YES;
}

bool
pairing_takes(struct pairing *pair, uint32_t node, uint32_t line)
{
	const struct line_pattern *p = pair->want->nodes[node].pattern;

	if (pair->broken)
		return false;
	if (budget_spent(pair->budget)) {
		pair->broken = true;
		return false;
	}
	if (p->no_eol && (line + 1 < pair->n_got || pair->ended))
		return false;
	switch (p->kind) {
	case LINE_EQUAL:
		return text_eq(p->text, pair->got[line]);
	case LINE_GLOB:
		return line_glob_matches(p->text, pair->got[line],
					 pair->budget);
	case LINE_REGEX:
		return takes_regex(pair, p->rx, line);
	case LINE_SHAPE:
		return takes_shape(pair, &p->shape, line);
	case LINE_ANY:
		return true;
	}
	return false;
}

/* A set of nodes before which the walk may stand; n_nodes is the end. */
struct front {
	bool *at;
	uint32_t low, high; /* all members are within; low > high: empty */
};

static void
front_clear(struct front *f, uint32_t n_nodes)
{
	if (f->low <= f->high)
		memset(f->at + f->low, 0, f->high - f->low + 1);
	f->low = n_nodes + 1;
	f->high = 0;
}

/* Add NODE and what can be reached by leaving out optional ones. */
static void
front_add(struct front *f, const struct want_lines *want, uint32_t node)
{
	if (node < f->low)
		f->low = node;
	while (!f->at[node]) {
		f->at[node] = true;
		if (node > f->high)
			f->high = node;
		if (node == want->n_nodes || !want->nodes[node].optional)
			break;
		node++;
	}
}

static void
step(struct pairing *pair, const struct front *now, struct front *next,
     uint32_t line)
{
	const struct want_lines *want = pair->want;

	front_clear(next, want->n_nodes);
	for (uint32_t i = now->low; i <= now->high && i < want->n_nodes; i++) {
		if (now->at[i] && pairing_takes(pair, i, line))
			front_add(next, want,
				  want->nodes[i].repeats ? i : i + 1);
	}
}

bool
pairing_run(struct pairing *pair, struct pairing_end *ret)
{
	uint32_t n = pair->want->n_nodes, line;
	struct front a = { arena_alloc(&pair->arena, n + 1), n + 1, 0 };
	struct front b = { arena_alloc(&pair->arena, n + 1), n + 1, 0 };
	struct front *now = &a, *next = &b;

	front_add(now, pair->want, 0);
	for (line = 0; line < pair->n_got; line++) {
		struct front *swap = now;

		step(pair, now, next, line);
		if (pair->broken)
			return false;
		if (next->low > next->high)
			break;
		now = next;
		next = swap;
	}
	if (line == pair->n_got && now->at[n])
		return true;
	*ret = (struct pairing_end){ line, now->high };
	return false;
}
