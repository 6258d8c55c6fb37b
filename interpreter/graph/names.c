/* Names in a hash table. */
#include "graph/names.h"

/* FNV-1a, 32 bits (Fowler, Noll, Vo). */
static uint32_t
hash_of(struct text t)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < t.len; i++)
		h = (h ^ (unsigned char)t.at[i]) * 16777619u;
	return h;
}

static struct text *
slot_of(const struct names *set, struct text name)
{
	uint32_t i = hash_of(name) & (set->n_slots - 1);

	while (set->slots[i].len && !text_eq(set->slots[i], name))
		i = (i + 1) & (set->n_slots - 1);
	return &set->slots[i];
}

bool
names_has(const struct names *set, struct text name)
{
	return set->n_slots && slot_of(set, name)->len;
}

static void
names_grow(struct arena *arena, struct names *set)
{
	struct names bigger = { NULL, set->n_slots ? 2 * set->n_slots : 16,
				set->n };

	bigger.slots =
		arena_alloc(arena, bigger.n_slots * sizeof(*bigger.slots));
	for (uint32_t i = 0; i < set->n_slots; i++) {
		if (set->slots[i].len)
			*slot_of(&bigger, set->slots[i]) = set->slots[i];
	}
	*set = bigger;
}

void
names_add(struct arena *arena, struct names *set, struct text name)
{
	struct text *slot;

	if (name.len == 0)
		return;
	if (2 * (set->n + 1) > set->n_slots)
		names_grow(arena, set);
	slot = slot_of(set, name);
	set->n += slot->len == 0;
	*slot = name;
}
