/* Aho-Corasick with a hashed entry: the first four bytes of every needle lead
 * through a table straight to a node of depth 4, a bitmap in front of the
 * table turns away nearly every place where no needle begins, and the tree
 * is only walked from there on. Failure links lead to nodes, too; where the
 * longest live beginning is shorter than four bytes, the search goes on in
 * the bitmap instead. */
#include "base/needles.h"

#include "base/alloc.h"

enum {
	BITMAP_BITS = 20, /* 128 KiB: with 1,000 secrets 1 in 50 passes */
	BITMAP_WORDS = 1 << (BITMAP_BITS - 6)
};

/* A beginning of needles, 4 bytes or longer. */
struct node {
	uint32_t child, sibling; /* 0: none */
	uint32_t fail;           /* its longest shorter ending that is a node */
	uint16_t depth;
	uint16_t longest; /* needle that ends here; 0: none */
	unsigned char byte;
};

/* A row of the entry table; a free one has node 0. */
struct entry {
	uint32_t key; /* the first four bytes */
	uint32_t node;
};

struct needles {
	struct node *nodes; /* owned; [0] stands for "none" */
	uint32_t n_nodes, cap;
	struct entry *entries; /* owned; linear probing, at most half full */
	uint32_t n_entries, entry_bits;
	size_t n_needles;
	bool linked; /* fail and longest are up to date */
	uint64_t bitmap[BITMAP_WORDS];
};

/* Larger memory for secrets: what it was in is overwritten. */
static void *
grow(void *old, size_t n, size_t bigger, size_t size)
{
	void *p = xcalloc(bigger, size);

	if (n) {
		memcpy(p, old, n * size);
		explicit_bzero(old, n * size);
	}
	free(old);
	return p;
}

struct needles *
needles_new(void)
{
	struct needles *n = xcalloc(1, sizeof(*n));

	n->cap = 64;
	n->nodes = xcalloc(n->cap, sizeof(*n->nodes));
	n->n_nodes = 1;
	n->entry_bits = 6;
	n->entries = xcalloc((size_t)1 << n->entry_bits, sizeof(*n->entries));
	return n;
}

struct needles *
needles_free(struct needles *n)
{
	if (!n)
		return NULL;
	explicit_bzero(n->nodes, n->n_nodes * sizeof(*n->nodes));
	free(n->nodes);
	explicit_bzero(n->entries,
		       ((size_t)1 << n->entry_bits) * sizeof(*n->entries));
	free(n->entries);
	explicit_bzero(n, sizeof(*n));
	free(n);
	return NULL;
}

static uint32_t
load(const char *at)
{
	uint32_t key;

	memcpy(&key, at, sizeof(key));
	return key;
}

/* Multiplicative hashing: the upper bits of the product are the good ones. */
static uint32_t
hash(uint32_t key, unsigned bits)
{
	return (key * UINT32_C(0x9e3779b1)) >> (32 - bits);
}

static void
mark(struct needles *n, uint32_t key)
{
	uint32_t bit = hash(key, BITMAP_BITS);

	n->bitmap[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static bool
is_marked(const struct needles *n, uint32_t key)
{
	uint32_t bit = hash(key, BITMAP_BITS);

	return n->bitmap[bit / 64] >> (bit % 64) & 1;
}

/* A key for the LEN bytes at AT, LEN < 4, that no four bytes of text have by
 * design; where they do, a search holds a few bytes that it need not hold. */
static uint32_t
short_key(const char *at, size_t len)
{
	uint32_t key = 0;

	memcpy(&key, at, len);
	return key ^ (UINT32_C(0x85ebca6b) * (uint32_t)(len + 1));
}

/* The row of KEY, or the free one where it would be. */
static struct entry *
find_entry(const struct needles *n, uint32_t key)
{
	uint32_t mask = (UINT32_C(1) << n->entry_bits) - 1;
	uint32_t i = hash(key, n->entry_bits);

	while (n->entries[i].node && n->entries[i].key != key)
		i = (i + 1) & mask;
	return &n->entries[i];
}

static void
grow_entries(struct needles *n)
{
	struct entry *old = n->entries;
	size_t size = (size_t)1 << n->entry_bits;

	n->entry_bits++;
	n->entries = xcalloc(2 * size, sizeof(*n->entries));
	for (size_t i = 0; i < size; i++) {
		if (old[i].node)
			*find_entry(n, old[i].key) = old[i];
	}
	explicit_bzero(old, size * sizeof(*old));
	free(old);
}

static uint32_t
add_node(struct needles *n, unsigned char byte, unsigned depth)
{
	if (n->n_nodes == n->cap) {
		n->nodes = grow(n->nodes, n->cap, (size_t)n->cap * 2,
				sizeof(*n->nodes));
		n->cap *= 2;
	}
	n->nodes[n->n_nodes].byte = byte;
	n->nodes[n->n_nodes].depth = (uint16_t)depth;
	return n->n_nodes++;
}

static uint32_t
find_child(const struct needles *n, uint32_t node, unsigned char byte)
{
	uint32_t child = n->nodes[node].child;

	while (child && n->nodes[child].byte != byte)
		child = n->nodes[child].sibling;
	return child;
}

static uint32_t
need_entry(struct needles *n, struct text t)
{
	uint32_t key = load(t.at);
	struct entry *e = find_entry(n, key);

	if (e->node)
		return e->node;
	if (2 * ++n->n_entries > UINT32_C(1) << n->entry_bits) {
		grow_entries(n);
		e = find_entry(n, key);
	}
	for (size_t len = 1; len < NEEDLE_LEAST; len++)
		mark(n, short_key(t.at, len));
	mark(n, key);
	e->key = key;
	return e->node = add_node(n, (unsigned char)t.at[NEEDLE_LEAST - 1],
				  NEEDLE_LEAST);
}

static uint32_t
need_child(struct needles *n, uint32_t node, unsigned char byte)
{
	uint32_t child = find_child(n, node, byte);

	if (child)
		return child;
	child = add_node(n, byte, n->nodes[node].depth + 1u);
	n->nodes[child].sibling = n->nodes[node].child;
	n->nodes[node].child = child;
	return child;
}

void
needles_add(struct needles *n, struct text t)
{
	uint32_t node;

	if (t.len < NEEDLE_LEAST || t.len > NEEDLE_MOST)
		BUG("needle of %zu bytes", t.len);
	node = need_entry(n, t);
	for (size_t i = NEEDLE_LEAST; i < t.len; i++)
		node = need_child(n, node, (unsigned char)t.at[i]);
	if (n->nodes[node].longest == t.len)
		return;
	n->nodes[node].longest = (uint16_t)t.len;
	n->n_needles++;
	n->linked = false;
}

size_t
needles_count(const struct needles *n)
{
	return n->n_needles;
}

/* A node on its way through link_all(), with its last four bytes. */
struct pending {
	uint32_t node;
	char tail[NEEDLE_LEAST];
};

/* Where the search goes on when PARENT's child by BYTE, which ends in TAIL,
 * cannot be gone on with. */
static uint32_t
find_fail(const struct needles *n, uint32_t parent, unsigned char byte,
	  const char *tail)
{
	uint32_t f = n->nodes[parent].fail, next = 0;

	while (f && !(next = find_child(n, f, byte)))
		f = n->nodes[f].fail;
	return next ? next : find_entry(n, load(tail))->node;
}

static void
link_children(struct needles *n, const struct pending *p, struct pending *queue,
	      size_t *n_queue)
{
	for (uint32_t c = n->nodes[p->node].child; c; c = n->nodes[c].sibling) {
		struct pending *next = &queue[(*n_queue)++];
		struct node *node = &n->nodes[c];

		next->node = c;
		memcpy(next->tail, p->tail + 1, NEEDLE_LEAST - 1);
		next->tail[NEEDLE_LEAST - 1] = (char)node->byte;
		node->fail = find_fail(n, p->node, node->byte, next->tail);
		if (node->longest != node->depth)
			node->longest = n->nodes[node->fail].longest;
	}
}

/* Work out the failure links, breadth first. */
static void
link_all(struct needles *n)
{
	struct pending *queue = xcalloc(n->n_nodes, sizeof(*queue));
	size_t n_queue = 0, size = (size_t)1 << n->entry_bits;

	for (size_t i = 0; i < size; i++) {
		if (!n->entries[i].node)
			continue;
		queue[n_queue].node = n->entries[i].node;
		memcpy(queue[n_queue++].tail, &n->entries[i].key, NEEDLE_LEAST);
	}
	for (size_t i = 0; i < n_queue; i++)
		link_children(n, &queue[i], queue, &n_queue);
	explicit_bzero(queue, n->n_nodes * sizeof(*queue));
	free(queue);
	n->linked = true;
}

/* Find the next place where four bytes begin a needle. */
static bool
find_start(const struct needles *n, struct needle_cursor *c, struct text t)
{
	size_t at = c->at;

	for (; at + NEEDLE_LEAST <= t.len; at++) {
		uint32_t key = load(t.at + at);

		if (is_marked(n, key) && (c->node = find_entry(n, key)->node)) {
			c->at = at + NEEDLE_LEAST;
			return true;
		}
	}
	c->at = at;
	return false;
}

/* Read BYTE in the middle of a needle. When nothing of four bytes and more
 * is left alive, the search begins again at the last three bytes. */
static void
step(const struct needles *n, struct needle_cursor *c, unsigned char byte)
{
	uint32_t node = c->node, next = 0;

	while (node && !(next = find_child(n, node, byte)))
		node = n->nodes[node].fail;
	c->node = next;
	c->at++;
	if (!next)
		c->at -= NEEDLE_LEAST;
}

/* At a node that no needle goes on from: leave it for what it fails to. */
static void
leave_leaf(const struct needles *n, struct needle_cursor *c)
{
	while (c->node && !n->nodes[c->node].child)
		c->node = n->nodes[c->node].fail;
	if (!c->node)
		c->at -= NEEDLE_LEAST - 1;
}

bool
needles_next(struct needles *n, struct needle_cursor *c, struct text t,
	     struct needle_hit *ret)
{
	if (!n->linked)
		link_all(n);
	for (;;) {
		size_t len;

		if (!c->node) {
			if (!find_start(n, c, t))
				return false;
		} else if (c->at == t.len) {
			return false;
		} else {
			step(n, c, (unsigned char)t.at[c->at]);
		}
		len = n->nodes[c->node].longest;
		ret->end = c->at;
		ret->start = c->at - len;
		if (c->node)
			leave_leaf(n, c);
		if (len)
			return true;
	}
}

size_t
needles_live(const struct needles *n, const struct needle_cursor *c,
	     struct text t)
{
	size_t at = c->at;

	if (c->node)
		return n->nodes[c->node].depth;
	while (at < t.len && !is_marked(n, short_key(t.at + at, t.len - at)))
		at++;
	return t.len - at;
}
