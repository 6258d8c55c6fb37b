/* Maps: from derived text back to the document. */
#include "diag/map.h"
#include "diag/source.h"
#include "lib/death.h"
#include "lib/random.h"
#include "lib/unit.h"

struct fixture {
	struct arena a;
	struct source *src;
	struct map *m;
};

static int
set_up(void **state)
{
	static struct fixture f;
	const struct text t = TEXT("0123456789abcdefghij");

	arena_init(&f.a);
	f.src = source_new("doc.md", xmemdup0(t.at, t.len), t.len);
	f.m = map_new(&f.a, f.src);
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->a);
	source_free(f->src);
	return 0;
}

static void
assert_span(const struct map *m, uint32_t start, uint32_t end,
	    uint32_t want_start, uint32_t want_end)
{
	struct span s = map_span(m, start, end);

	assert_ptr_equal(s.src, m->src);
	assert_int_equal(s.start, want_start);
	assert_int_equal(s.end, want_end);
}

static void
test_no_map(void **state)
{
	struct fixture *f = *state;

	assert_null(map_span(NULL, 3, 5).src);
	assert_null(map_span(f->m, 3, 5).src);
}

static void
test_copied(void **state)
{
	struct fixture *f = *state;

	map_add(&f->a, f->m, 3, 4, 3, MAP_COPIED);
	map_add(&f->a, f->m, 2, 7, 2, MAP_COPIED); /* joins */
	map_add(&f->a, f->m, 0, 9, 0, MAP_COPIED); /* nothing */
	map_add(&f->a, f->m, 2, 12, 2, MAP_COPIED);
	assert_int_equal(f->m->n_segments, 2);
	assert_int_equal(f->m->len, 7);
	assert_span(f->m, 0, 7, 4, 14);
	assert_span(f->m, 1, 2, 5, 6);
	assert_span(f->m, 4, 6, 8, 13);
	assert_span(f->m, 5, 6, 12, 13);
	/* empty ones: a place; the end: behind the last byte */
	assert_span(f->m, 0, 0, 4, 4);
	assert_span(f->m, 5, 5, 12, 12);
	assert_span(f->m, 7, 7, 14, 14);
	assert_span(f->m, 9, 99, 14, 14);
	assert_span(f->m, 6, 2, 13, 13);
}

static void
test_decoded(void **state)
{
	struct fixture *f = *state;

	map_add(&f->a, f->m, 2, 0, 2, MAP_COPIED);
	map_add(&f->a, f->m, 3, 2, 6, MAP_DECODED); /* "\u20ac": 3 bytes */
	map_add(&f->a, f->m, 1, 8, 1, MAP_COPIED);
	assert_int_equal(f->m->n_segments, 3);
	assert_span(f->m, 2, 5, 2, 8);
	assert_span(f->m, 3, 4, 2, 8);
	assert_span(f->m, 1, 3, 1, 8);
	assert_span(f->m, 4, 6, 2, 9);
	assert_span(f->m, 3, 3, 2, 2);
}

static void
test_inserted(void **state)
{
	struct fixture *f = *state;

	map_add(&f->a, f->m, 2, 6, 0, MAP_INSERTED);
	map_add(&f->a, f->m, 2, 10, 2, MAP_COPIED);
	map_add(&f->a, f->m, 1, 12, 3, MAP_INSERTED);
	assert_span(f->m, 0, 2, 6, 6);
	assert_span(f->m, 1, 3, 10, 11);
	assert_span(f->m, 4, 5, 12, 15);
	assert_span(f->m, 0, 5, 10, 12);
	assert_span(f->m, 5, 5, 15, 15);
}

/* Parts in another order than in the source: all of them are covered. */
static void
test_disorder(void **state)
{
	struct fixture *f = *state;

	map_add(&f->a, f->m, 2, 10, 2, MAP_COPIED);
	map_add(&f->a, f->m, 2, 2, 2, MAP_COPIED);
	map_add(&f->a, f->m, 2, 6, 2, MAP_COPIED);
	assert_span(f->m, 0, 6, 2, 12);
	assert_span(f->m, 1, 3, 2, 12);
	assert_span(f->m, 3, 5, 3, 7);
}

static void
test_from_parent(void **state)
{
	struct fixture *f = *state;
	struct map *child = map_new(&f->a, f->src);

	map_add(&f->a, f->m, 4, 2, 4, MAP_COPIED);
	map_add(&f->a, f->m, 1, 6, 2, MAP_DECODED);
	map_add(&f->a, f->m, 4, 8, 4, MAP_COPIED);
	map_add_from(&f->a, child, 5, f->m, 3, 8, MAP_COPIED);
	map_add_from(&f->a, child, 1, f->m, 1, 4, MAP_DECODED);
	map_add_from(&f->a, child, 2, f->m, 9, 9, MAP_INSERTED);
	map_add_from(&f->a, child, 0, f->m, 9, 9, MAP_COPIED);
	assert_int_equal(child->len, 8);
	assert_span(child, 0, 1, 5, 6);
	assert_span(child, 1, 2, 6, 8);
	assert_span(child, 2, 5, 8, 11);
	assert_span(child, 5, 6, 3, 6);
	assert_span(child, 6, 8, 12, 12);
}

/* Text of nowhere among text of the document. */
static void
test_no_parent(void **state)
{
	struct fixture *f = *state;

	map_add_from(&f->a, f->m, 3, NULL, 0, 3, MAP_COPIED);
	map_add(&f->a, f->m, 2, 10, 2, MAP_COPIED);
	assert_span(f->m, 0, 5, 10, 12);
	assert_span(f->m, 0, 3, 0, 0);
}

/* ---- property ----------------------------------------------------------- */

struct derived {
	struct map *m;
	struct buf bytes;
	struct buf copied; /* per byte: 1 when it is a copy of a source byte */
};

static void
add_random(uint64_t *seed, struct arena *a, struct derived *d,
	   const struct derived *parent)
{
	size_t n = parent->bytes.len;
	uint32_t start = (uint32_t)random_below(seed, n + 1);
	uint32_t end = start + (uint32_t)random_below(seed, n - start + 1);
	uint32_t len = end - start;
	enum map_kind kind = (enum map_kind)random_below(seed, 3);

	if (kind == MAP_COPIED) {
		buf_add(&d->bytes, parent->bytes.bytes + start, len);
		buf_add(&d->copied, parent->copied.bytes + start, len);
	} else {
		len = (uint32_t)random_below(seed, 4);
		buf_fill(&d->bytes, '?', len);
		buf_fill(&d->copied, 0, len);
	}
	map_add_from(a, d->m, len, parent->m, start, end, kind);
}

/* Through three levels: each copied byte leads to an equal byte of the source,
 * every other to a place in it, and a range to what covers its bytes. */
static void
check_derived(const struct derived *d, const struct source *src)
{
	assert_int_equal(d->m->len, d->bytes.len);
	for (uint32_t i = 0; i < d->m->len; i++) {
		struct span s = map_span(d->m, i, i + 1);
		struct span wide = map_span(d->m, i / 2, i + 1);

		assert_true(s.start <= s.end && s.end <= src->bytes.len);
		if (!d->copied.bytes[i])
			continue;
		assert_int_equal(s.end, s.start + 1);
		assert_int_equal(src->bytes.at[s.start], d->bytes.bytes[i]);
		assert_true(wide.start <= s.start && wide.end >= s.end);
	}
	for (size_t i = 0; i < d->m->n_segments; i++) {
		const struct map_segment *s = &d->m->segments[i];

		assert_true(s->len > 0);
		assert_int_equal(s->at + s->len, i + 1 < d->m->n_segments
							 ? s[1].at
							 : d->m->len);
	}
}

static void
test_levels(void **state UNUSED)
{
	uint64_t seed = 5;

	for (int round = 0; round < 2000; round++) {
		struct arena a = ARENA_INIT;
		struct derived levels[4] = { { NULL, BUF_INIT, BUF_INIT } };
		struct source *src;

		random_text(&seed, &levels[0].bytes, "abcdefghijklmnop", 1, 60);
		buf_fill(&levels[0].copied, 1, levels[0].bytes.len);
		src = source_new(
			"doc.md",
			xmemdup0(levels[0].bytes.bytes, levels[0].bytes.len),
			levels[0].bytes.len);
		levels[0].m = map_new(&a, src);
		map_add(&a, levels[0].m, (uint32_t)src->bytes.len, 0,
			(uint32_t)src->bytes.len, MAP_COPIED);
		for (int i = 1; i < 4; i++) {
			levels[i].m = map_new(&a, src);
			for (size_t k = random_below(&seed, 6); k < 6; k++)
				add_random(&seed, &a, &levels[i],
					   &levels[i - 1]);
			check_derived(&levels[i], src);
		}
		for (int i = 0; i < 4; i++) {
			buf_release(&levels[i].bytes);
			buf_release(&levels[i].copied);
		}
		arena_release(&a);
		source_free(src);
	}
}

/* ---- our own mistakes --------------------------------------------------- */

static void
copy_unequal(void)
{
	struct arena a = ARENA_INIT;

	map_add(&a, map_new(&a, NULL), 2, 0, 3, MAP_COPIED);
}

static void
copy_from_unequal(void)
{
	struct arena a = ARENA_INIT;
	struct map *parent = map_new(&a, NULL);

	map_add(&a, parent, 3, 0, 3, MAP_COPIED);
	map_add_from(&a, map_new(&a, NULL), 2, parent, 0, 3, MAP_COPIED);
}

static void
copy_from_behind(void)
{
	struct arena a = ARENA_INIT;
	struct map *parent = map_new(&a, NULL);

	map_add(&a, parent, 3, 0, 3, MAP_COPIED);
	map_add_from(&a, map_new(&a, NULL), 3, parent, 1, 4, MAP_COPIED);
}

static void
assert_derived(const struct map *m, uint32_t from, uint32_t to, uint32_t start,
	       uint32_t end)
{
	struct span where = { m->src, from, to };
	uint32_t got_start = 0, got_end = 0;

	assert_int_equal(map_derived(m, where, &got_start, &got_end),
			 start < end);
	if (start < end) {
		assert_int_equal(got_start, start);
		assert_int_equal(got_end, end);
	}
}

/* The way from the source to the text. */
static void
test_derived(void **state)
{
	struct fixture *f = *state;
	struct span elsewhere = { NULL, 0, 9 };
	uint32_t start, end;

	map_add(&f->a, f->m, 2, 2, 2, MAP_COPIED);   /* 2, 3 */
	map_add(&f->a, f->m, 1, 4, 0, MAP_INSERTED); /* a blank */
	map_add(&f->a, f->m, 3, 4, 6, MAP_DECODED);  /* 4 … 9 */
	map_add(&f->a, f->m, 4, 12, 4, MAP_COPIED);  /* 12 … 15 */
	assert_derived(f->m, 2, 4, 0, 2);
	assert_derived(f->m, 3, 4, 1, 2);
	assert_derived(f->m, 5, 6, 3, 6);
	assert_derived(f->m, 3, 14, 1, 8);
	assert_derived(f->m, 13, 99, 7, 10);
	assert_derived(f->m, 0, 2, 0, 0);
	assert_derived(f->m, 10, 12, 0, 0);
	assert_false(map_derived(NULL, elsewhere, &start, &end));
	assert_false(map_derived(f->m, elsewhere, &start, &end));
}

static void
test_bugs(void **state UNUSED)
{
	assert_aborts(copy_unequal, "2 bytes copied from 3");
	assert_aborts(copy_from_unequal, "2 bytes copied from 3");
	assert_aborts(copy_from_behind, "byte 3 is not in the map");
}

#define MAP_TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAP_TEST(test_no_map),         MAP_TEST(test_copied),
		MAP_TEST(test_decoded),        MAP_TEST(test_inserted),
		MAP_TEST(test_disorder),       MAP_TEST(test_from_parent),
		MAP_TEST(test_no_parent),      MAP_TEST(test_derived),
		cmocka_unit_test(test_levels), cmocka_unit_test(test_bugs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
