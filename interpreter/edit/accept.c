/* From the outputs of a run to a patch. */
#include "edit/accept.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/visible.h"
#include "diag/source.h"
#include "edit/outcome.h"
#include "edit/printed.h"
#include "edit/recheck.h"

/* What accept_make carries along. */
struct accepting {
	struct accept *a;
	struct arena *arena;
	const struct printed_list *printed;
	struct taken *taken; /* for recheck */
	uint32_t n_taken;
};

/* ---- which lines -----------------------------------------------------------
 */

/* One way to read an output, and what it would make of a want. */
struct reading {
	struct text text;
	struct want_line *lines;
	uint32_t n_lines;
	uint32_t changes;
};

static bool
try_reading(struct accepting *ac, const struct want *w, struct text text,
	    struct reading *best)
{
	struct reading r = { .text = text };
	struct text rest = w->text, line;
	uint32_t kept = 0, old = 0;

	if (!want_update(w, text, &clock_system, ac->arena, &r.lines,
			 &r.n_lines))
		return false;
	for (uint32_t i = 0; i < r.n_lines; i++)
		kept += r.lines[i].old != UINT32_MAX;
	while (text_next_line(&rest, &line))
		old++;
	r.changes = (old - kept) + (r.n_lines - kept);
	if (!best->lines || r.changes < best->changes)
		*best = r;
	return true;
}

/* stdout, then stderr. */
static struct text
both(struct arena *arena, const struct want_input *in)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addt(&b, in->out);
	if (b.len && in->err.len && b.bytes[b.len - 1] != '\n')
		buf_addc(&b, '\n');
	buf_addt(&b, in->err);
	return arena_text(arena, buf_text(&b));
}

/* The lines of W that INPUT asks for; of what a document merely shows, by the
 * reading that changes least. False when no output makes up such a want. */
static bool
choose(struct accepting *ac, const struct want *w,
       const struct want_input *input, struct reading *ret)
{
	struct arena *arena = ac->arena;

	*ret = (struct reading){ .lines = NULL };
	if (!w->rule) {
		struct text text = w->stream == WANT_STDOUT ? input->out
				   : w->stream == WANT_STDERR
					   ? input->err
					   : both(arena, input);

		return try_reading(ac, w, text, ret);
	}
	if (!try_reading(ac, w, input->out.len ? input->out : input->err, ret))
		return false;
	if (input->err.len && input->out.len)
		try_reading(ac, w, both(arena, input), ret);
	if (w->of_all && input->all) {
		try_reading(ac, w, input->all->out, ret);
		if (input->all->err.len)
			try_reading(ac, w, both(arena, input->all), ret);
	}
	return true;
}

/* Bytes that a document cannot show, or that would deceive its readers. */
static bool
may_be_shown(const struct want_line *lines, uint32_t n_lines,
	     struct buf *reterr)
{
	for (uint32_t i = 0; i < n_lines; i++) {
		struct text t = lines[i].text;
		uint32_t code;

		for (size_t at = 0, n; at < t.len; at += n) {
			n = text_utf8(text_sub(t, at, t.len), &code);
			if (lines[i].old != UINT32_MAX)
				n = n ? n : 1;
			else if (n == 0 || (code < 0x20 && code != '\t') ||
				 code == 0x7f || visible_is_hidden(code)) {
				buf_adds(reterr,
					 "it printed bytes that a document "
					 "cannot show");
				return false;
			}
		}
	}
	return true;
}

/* ---- where -----------------------------------------------------------------
 */

static bool
is_comment(const struct want *w)
{
	return strcmp(w->rule, infer_rule_name(INFER_WANT_COMMENT)) == 0;
}

/* Where T is written; T learns about its block. */
static bool
put(struct accepting *ac, const struct outcome *o, struct taken *t,
    struct buf *reterr)
{
	if (!o->want->rule)
		return outcome_in_annotation(&ac->a->patch, o, reterr);
	if (is_comment(o->want))
		return outcome_in_comment(&ac->a->patch, o, reterr);
	if (!outcome_in_block(&ac->a->patch, o, &t->block, reterr))
		return false;
	t->fence = region_fence(t->block, o->lines, o->n_lines);
	return true;
}

/* ---- steps -----------------------------------------------------------------
 */

static struct accept_note *
note(struct accepting *ac, const struct step *s)
{
	struct accept_note n = { .step = s };

	ARENA_PUSH(ac->arena, ac->a->notes, ac->a->n_notes, n);
	return &ac->a->notes[ac->a->n_notes - 1];
}

static void
leave(struct accepting *ac, const struct step *s, const char *reason)
{
	note(ac, s)->reason = arena_printf(ac->arena, "%s", reason);
	ac->a->n_left++;
}

static const char *
reason_of(enum printed_state state)
{
	switch (state) {
	case PRINTED_FAILED:
		return "it did not end as it should";
	case PRINTED_UNKEPT:
		return "it is marked as sensitive, so that its output was not "
		       "kept";
	case PRINTED_TOO_LONG:
		return "it printed more than can be compared";
	case PRINTED_NOT:
	case PRINTED_OK:
		break;
	}
	return NULL;
}

static bool
is_met(struct want *w, const struct want_input *input)
{
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	CLEANUP(want_result_release)
	struct want_result r = WANT_RESULT_INIT;

	if (!want_compile(w, &sink))
		return false;
	want_check(w, input, &clock_system, &r);
	want_close(w);
	return r.met;
}

/* The edits since T->made are an expectation of S. */
static void
remember(struct accepting *ac, const struct step *s, struct taken *t)
{
	t->id = s->id;
	t->made_end = ac->a->patch.made;
	if (t->input.all) {
		struct want_input *all =
			ARENA_NEW(ac->arena, struct want_input);

		*all = *t->input.all;
		t->input.all = all;
	}
	ARENA_PUSH(ac->arena, ac->taken, ac->n_taken, *t);
	note(ac, s)->taken = true;
	ac->a->n_taken++;
}

static const char *
fixed_reason(const struct want *w)
{
	if (w->rule)
		return "the comment says it in words; change it by hand";
	return "what it expects is a rule of its author; change it by hand";
}

/* Put LINES in the place of O's want; what fails half-way leaves nothing
 * behind. */
static void
write_outcome(struct accepting *ac, const struct outcome *o, struct taken *t)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT;

	t->made = ac->a->patch.made;
	if (may_be_shown(o->lines, o->n_lines, &reason) &&
	    put(ac, o, t, &reason)) {
		remember(ac, o->step, t);
		return;
	}
	patch_undo(&ac->a->patch, t->made, ac->a->patch.made);
	leave(ac, o->step, buf_cstr(&reason));
}

/* Write want I of S as INPUT has it. */
static void
take(struct accepting *ac, const struct step *s, uint32_t i,
     const struct want_input *input)
{
	struct want *w = s->wants[i];
	struct taken t = { .want = i, .input = *input };
	bool met = is_met(w, input);
	struct reading r;

	if (met && !ac->a->options->all) {
		note(ac, s)->fits = true;
	} else if ((w->rule && !w->map) || !choose(ac, w, input, &r)) {
		if (met)
			note(ac, s)->fits = true;
		else
			leave(ac, s, fixed_reason(w));
	} else if (met && r.changes == 0) {
		note(ac, s)->fits = true;
	} else {
		struct outcome o = { ac->arena, ac->a->rb->doc, s,
				     w,         r.lines,        r.n_lines };

		write_outcome(ac, &o, &t);
	}
}

/* ---- outputs that are not shown yet ----------------------------------------
 */

/* True when S is the last of those that one output is shown for, and none of
 * them has an expectation. */
static bool
may_add(const struct step *s)
{
	const struct procedure *p = s->procedure;

	if (s->ordinal < p->n_steps &&
	    p->steps[s->ordinal]->shown_with == s->shown_with)
		return false;
	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (p->steps[i]->shown_with == s->shown_with &&
		    p->steps[i]->n_wants)
			return false;
	}
	return s->block->code && s->block->code->fenced;
}

/* TEXT as new lines, without blank ones at its ends. */
static struct want_line *
new_lines(struct arena *arena, struct text text, uint32_t *ret_n)
{
	struct want_line *lines = NULL;
	struct text line;
	uint32_t n = 0, last = 0;

	while (text_next_line(&text, &line)) {
		struct want_line new = { line, UINT32_MAX };

		while (new.text.len &&
		       byte_is_space(new.text.at[new.text.len - 1]))
			new.text.len--;
		if (n == 0 && new.text.len == 0)
			continue;
		ARENA_PUSH(arena, lines, n, new);
		if (new.text.len)
			last = n;
	}
	*ret_n = last;
	return lines;
}

/* Below the prompt of S, or as a block of its own. */
static bool
put_added(struct accepting *ac, const struct step *s,
	  const struct want_line *lines, uint32_t n, struct taken *t)
{
	const struct block *block = s->block;
	struct patch *p = &ac->a->patch;
	struct excerpt command = s->script->source;
	struct region r;
	uint32_t end = (uint32_t)command.text.len;

	if (command.text.at == block->code->content.text.at)
		return region_add(p, ac->arena, ac->a->rb->doc, block, lines,
				  n);
	r = region_of_block(ac->arena, block, 0, 0);
	r.line = 1 +
		 source_line(r.src, map_span(command.map, end - 1, end).start);
	t->block = block;
	t->fence = region_fence(block, lines, n);
	return region_put(p, &r, lines, n);
}

static void
add(struct accepting *ac, const struct step *s, const struct want_input *own)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT;
	struct taken t = { .input = *own, .made = ac->a->patch.made };
	struct want_input all = *own;
	struct want_line *lines;
	struct text text;
	uint32_t n;

	if (!may_add(s))
		return;
	if (printed_together(ac->printed, s, ac->arena, &all))
		t.input.all = &all;
	text = all.out.len ? all.out : all.err;
	lines = new_lines(ac->arena, text, &n);
	if (n == 0)
		return;
	if (!want_fits(text))
		leave(ac, s, reason_of(PRINTED_TOO_LONG));
	else if (!may_be_shown(lines, n, &reason))
		leave(ac, s, buf_cstr(&reason));
	else if (put_added(ac, s, lines, n, &t))
		remember(ac, s, &t);
}

/* ---- all steps -------------------------------------------------------------
 */

static bool
is_picked(const struct accepting *ac, const struct step *s)
{
	const struct accept_options *o = ac->a->options;

	for (size_t i = 0; i < o->n_steps; i++) {
		if (procedure_step(s->procedure, text_of(o->steps[i])) == s)
			return true;
	}
	return o->n_steps == 0;
}

static void
take_step(struct accepting *ac, const struct printed *p)
{
	const struct step *s = p->step;
	struct want_input input = { .out = p->out, .err = p->err }, all;

	if (s->kind != STEP_COMMAND ||
	    (s->n_wants == 0 && !ac->a->options->add))
		return;
	if (p->state != PRINTED_OK || s->io == EFFECT_IO_INTERACTIVE) {
		const char *reason = s->io == EFFECT_IO_INTERACTIVE
					     ? "it had the terminal"
					     : reason_of(p->state);

		if (reason && s->n_wants)
			leave(ac, s, reason);
		return;
	}
	if (s->n_wants == 0) {
		add(ac, s, &input);
		return;
	}
	if (printed_together(ac->printed, s, ac->arena, &all))
		input.all = &all;
	for (uint32_t i = 0; i < s->n_wants; i++)
		take(ac, s, i, &input);
}

/* ---- reading it again ------------------------------------------------------
 */

/* What is taken stands in the order of the document, so that all that is in
 * one block stands together. */
static bool
lengthen_fences(struct accepting *ac, struct buf *reterr)
{
	for (uint32_t i = 0, end; i < ac->n_taken; i = end) {
		const struct block *block = ac->taken[i].block;
		uint32_t len = 0;

		for (end = i;
		     end < ac->n_taken && ac->taken[end].block == block;
		     end++) {
			if (ac->taken[end].fence > len)
				len = ac->taken[end].fence;
		}
		if (!block || region_lengthen(&ac->a->patch, block, len))
			continue;
		buf_adds(reterr, "the fence of a block cannot be made longer");
		return false;
	}
	return true;
}

/* What would be read in another way than it came, such as a line that looks
 * like a prompt, stays out. */
static void
drop_unmet(struct accepting *ac)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < ac->n_taken; i++) {
		struct taken *t = &ac->taken[i];
		const struct step *s = NULL;

		for (uint32_t k = 0; t->unmet && k < ac->a->n_notes; k++) {
			if (ac->a->notes[k].taken &&
			    ac->a->notes[k].step->id == t->id)
				s = ac->a->notes[k].step;
		}
		if (!s) {
			ac->taken[kept++] = *t;
			continue;
		}
		patch_undo(&ac->a->patch, t->made, t->made_end);
		ac->a->n_taken--;
		leave(ac, s,
		      "it cannot be written so that it is read again as it "
		      "came");
	}
	ac->n_taken = kept;
}

/* Until what is left in the patch is sound. */
static bool
recheck_all(struct accepting *ac, const struct effect_rules *rules,
	    struct buf *reterr)
{
	struct patch *p = &ac->a->patch;

	while (p->n_edits) {
		uint32_t made = p->made, n = ac->n_taken;
		enum recheck_verdict verdict;

		if (!lengthen_fences(ac, reterr))
			return false;
		verdict = recheck(ac->a->rb->doc, rules, p, ac->taken,
				  ac->n_taken, reterr);
		if (verdict != RECHECK_UNMET)
			return verdict == RECHECK_OK;
		patch_undo(p, made, p->made);
		drop_unmet(ac);
		if (ac->n_taken == n)
			BUG("nothing was dropped");
	}
	return true;
}

bool
accept_make(struct accept *a, struct runbook *rb,
	    const struct effect_rules *rules,
	    const struct printed_list *printed,
	    const struct accept_options *options, struct buf *reterr)
{
	struct accepting ac = { .a = a,
				.arena = rb->doc->arena,
				.printed = printed };

	*a = (struct accept){ .rb = rb, .options = options };
	patch_init(&a->patch, ac.arena, rb->doc->src->bytes);
	for (uint32_t i = 0; i < printed->n_items; i++) {
		if (is_picked(&ac, printed->items[i].step))
			take_step(&ac, &printed->items[i]);
	}
	return recheck_all(&ac, rules, reterr);
}
