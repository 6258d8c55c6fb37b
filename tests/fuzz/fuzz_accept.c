/* Any output taken into any document: the patch is sound, and what was taken
 * once is not taken again.
 *
 *   byte 0   options: add (bit 0), all (1), outputs differ by step (2)
 *   then     stdout and stderr of the steps, each ended by a NUL, and the
 *            document */
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "edit/accept.h"
#include "effect/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct world {
	struct document *doc;
	struct runbook *rb;
	struct diag_sink sink;
	struct printed_list printed;
	struct accept accept;
	struct buf error;
	bool ok;
};

/* Every command of RB printed OUT and ERR; with VARIED, every other one
 * nothing on standard error. */
static void
print_all(struct world *w, struct text out, struct text err, bool varied)
{
	for (uint32_t i = 0; i < w->rb->n_procedures; i++) {
		const struct procedure *p = w->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			struct printed one = { .step = p->steps[k],
					       .state = PRINTED_OK,
					       .out = out };

			if (!varied || k % 2)
				one.err = err;
			ARENA_PUSH(w->doc->arena, w->printed.items,
				   w->printed.n_items, one);
		}
	}
}

static void
open_world(struct world *w, struct text document, struct text out,
	   struct text err, bool varied, const struct accept_options *options)
{
	const struct effect_rules *rules = effect_rules_builtin();

	*w = (struct world){ .sink = DIAG_SINK_INIT, .error = BUF_INIT };
	w->doc = document_parse("fuzz.md", xmemdup0(document.at, document.len),
				document.len, &clock_system, &w->sink);
	w->rb = runbook_build(w->doc, rules, &w->sink);
	print_all(w, out, err, varied);
	w->ok = accept_make(&w->accept, w->rb, rules, &w->printed, options,
			    &w->error);
	if (!w->ok && w->error.len == 0)
		BUG("refused without a word");
}

static void
close_world(struct world *w)
{
	document_free(w->doc);
	diag_sink_release(&w->sink);
	buf_release(&w->error);
}

static void
check_edits(const struct patch *p)
{
	for (uint32_t i = 0; i < p->n_edits; i++) {
		const struct edit *e = &p->edits[i];

		if (e->start > e->end || e->end > p->bytes.len)
			BUG("edit %u is outside", i);
		if (i && p->edits[i - 1].end > e->start)
			BUG("edit %u overlaps", i);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT, err = BUF_INIT;
	CLEANUP(buf_release) struct buf written = BUF_INIT;
	struct text rest = { (const char *)data, size };
	struct text raw_out = { NULL, 0 }, raw_err = { NULL, 0 };
	struct accept_options options = { .n_steps = 0 };
	struct world first, second;

	if (size < 1)
		return 0;
	options.add = data[0] & 1;
	options.all = data[0] & 2;
	rest = text_sub(rest, 1, rest.len);
	text_next_field(&rest, '\0', &raw_out);
	text_next_field(&rest, '\0', &raw_err);
	want_normalize(raw_out, &out);
	want_normalize(raw_err, &err);
	open_world(&first, rest, buf_text(&out), buf_text(&err), data[0] & 4,
		   &options);
	check_edits(&first.accept.patch);
	if (first.ok && first.accept.patch.n_edits) {
		patch_apply(&first.accept.patch, &written);
		open_world(&second, buf_text(&written), buf_text(&out),
			   buf_text(&err), data[0] & 4, &options);
		if (second.ok && !options.all && second.accept.n_taken)
			BUG("taken again");
		close_world(&second);
	}
	close_world(&first);
	return 0;
}
