/* Rolling hashes of lines. */
#include "report/linehash.h"

#include <stdlib.h>

#include "base/alloc.h"

enum {
	WINDOW = 100,
	FACTOR = 37,
	END_OF_FILE = 65535
};

struct hasher {
	uint32_t window[WINDOW];
	uint32_t line_of[WINDOW]; /* that begins there; 0: none */
	unsigned at;
	uint64_t hash, leaving; /* FACTOR to the power of WINDOW */
	uint32_t line;
	bool line_begins, after_cr;
	struct linehash *list;
	uint32_t n;
};

static void
emit(struct hasher *h)
{
	uint32_t line = h->line_of[h->at];

	if (!line)
		return;
	if (line > h->n) {
		h->list = xreallocarray(h->list, line, sizeof(*h->list));
		h->n = line;
	}
	h->list[line - 1] = (struct linehash){ h->hash, 1 };
	h->line_of[h->at] = 0;
}

static void
roll(struct hasher *h, uint32_t unit)
{
	uint64_t gone = h->window[h->at];

	h->window[h->at] = unit;
	h->hash = FACTOR * h->hash + unit - h->leaving * gone;
	h->at = (h->at + 1) % WINDOW;
}

static void
feed(struct hasher *h, uint32_t unit)
{
	if (unit == ' ' || unit == '\t' || (h->after_cr && unit == '\n')) {
		h->after_cr = false;
		return;
	}
	h->after_cr = unit == '\r';
	if (unit == '\r')
		unit = '\n';
	emit(h);
	if (h->line_begins) {
		h->line_begins = false;
		h->line_of[h->at] = ++h->line;
	}
	h->line_begins = unit == '\n';
	roll(h, unit);
}

static int
by_value(const void *a, const void *b)
{
	const struct linehash *const *l = a, *const *r = b;

	if ((*l)->value != (*r)->value)
		return (*l)->value < (*r)->value ? -1 : 1;
	return *l < *r ? -1 : *l > *r;
}

/* Equal values are counted in the order of their lines. */
static void
count_seen(struct hasher *h)
{
	struct linehash **order = xreallocarray(NULL, h->n, sizeof(void *));

	for (uint32_t i = 0; i < h->n; i++)
		order[i] = &h->list[i];
	qsort(order, h->n, sizeof(void *), by_value);
	for (uint32_t i = 1; i < h->n; i++) {
		if (order[i]->value == order[i - 1]->value)
			order[i]->seen = order[i - 1]->seen + 1;
	}
	free(order);
}

struct linehash *
linehash_all(struct text t, uint32_t *ret_n)
{
	struct hasher h = { .line_begins = true, .leaving = 1 };

	for (int i = 0; i < WINDOW; i++)
		h.leaving *= FACTOR;
	while (t.len) {
		uint32_t code = 0xfffd;
		size_t n = text_utf8(t, &code);

		if (code >= 0x10000) {
			feed(&h, 0xd800 + ((code - 0x10000) >> 10));
			feed(&h, 0xdc00 + ((code - 0x10000) & 0x3ff));
		} else {
			feed(&h, code);
		}
		t = text_sub(t, n ? n : 1, t.len);
	}
	feed(&h, END_OF_FILE);
	for (int i = 0; i < WINDOW; i++) {
		emit(&h);
		roll(&h, 0);
	}
	count_seen(&h);
	*ret_n = h.n;
	return h.list;
}
