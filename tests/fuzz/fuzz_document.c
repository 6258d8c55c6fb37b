/* Any bytes as a document: all of it stands where it says it does, and how
 * many parts it was parsed in cannot be seen. */
#include "base/alloc.h"
#include "doc/fence.h"
#include "lib/places.h"

/* What markdown_parse says, but for texts, in which a link may be known in the
 * whole and not in its part, and what is behind a block, which may be the
 * definition of one. */
struct record {
	struct buf text;
	struct arena *arena;
	const struct lines *lines;
};

static void
on_enter(void *ctx, enum container_kind kind, uint32_t start)
{
	buf_addf(&((struct record *)ctx)->text, "enter %d %u\n", (int)kind,
		 start);
}

static void
on_leave(void *ctx)
{
	buf_adds(&((struct record *)ctx)->text, "leave\n");
}

static void
on_leaf(void *ctx, const struct markdown_leaf *leaf)
{
	struct record *r = ctx;
	struct span where = { NULL, 0, 0 };
	bool closed = leaf->kind == BLOCK_CODE &&
		      fence_read(r->arena, r->lines, leaf, &where)->closed;

	buf_addf(&r->text, "%d %u %u %u-%u %d %d\n", (int)leaf->kind,
		 leaf->level, leaf->first_line, leaf->start, where.end,
		 leaf->has_info, closed);
	buf_addt(&r->text, leaf->literal);
}

static enum markdown_result
record_parts(const uint8_t *bytes, size_t len, size_t part, struct record *r)
{
	struct source *src = source_new("x.md", xmemdup0(bytes, len), len);
	struct markdown_events on = { on_enter, on_leave, on_leaf, r };
	struct arena arena = ARENA_INIT;
	enum markdown_result result;
	struct lines l;
	uint32_t at;

	lines_init(&l, src, 0);
	r->arena = &arena;
	r->lines = &l;
	result = markdown_parse(&arena, &l, part, &clock_system, &on, &at);
	lines_release(&l);
	source_free(src);
	arena_release(&arena);
	return result;
}

static void
compare_parts(const uint8_t *bytes, size_t len)
{
	struct record whole = { .text = BUF_INIT };
	struct record parts = { .text = BUF_INIT };
	size_t part = 1 + (len ? bytes[len - 1] % 64u : 0);
	enum markdown_result a = record_parts(bytes, len, SIZE_MAX, &whole);
	enum markdown_result b = record_parts(bytes, len, part, &parts);

	if (a == MARKDOWN_DONE && b == MARKDOWN_DONE &&
	    !text_eq(buf_text(&whole.text), buf_text(&parts.text)))
		BUG("in parts of %zu:\n%s\nas a whole:\n%s", part,
		    buf_cstr(&parts.text), buf_cstr(&whole.text));
	buf_release(&whole.text);
	buf_release(&parts.text);
}

/* Runs stand within their block. */
static void
check_runs(const struct document *doc)
{
	for (uint32_t i = 0; i < doc->n_blocks; i++) {
		const struct block *b = doc->blocks[i];
		struct span *spans = xcalloc(b->n_runs + 1, sizeof(*spans));

		block_run_spans(b, spans);
		for (uint32_t k = 0; k < b->n_runs; k++) {
			if (spans[k].start < b->where.start ||
			    spans[k].end > b->where.end ||
			    spans[k].start > spans[k].end)
				BUG("a run leaves its block");
		}
		free(spans);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct diag_sink sink = DIAG_SINK_INIT;
	struct document *doc = document_parse("x.md", xmemdup0(bytes, len), len,
					      &clock_system, &sink);
	size_t n;
	const char *wrong = places_check(doc, &n);

	if (wrong)
		BUG("%s", wrong);
	check_runs(doc);
	if (doc->refused && sink.n_errors == 0)
		BUG("refused without a reason");
	document_free(doc);
	diag_sink_release(&sink);
	compare_parts(bytes, len);
	return 0;
}
