/* Reading outputs back. */
#include "edit/printed.h"

#include "base/fd.h"
#include "base/limits.h"

/* Procedures that need each other are followed so far. */
enum {
	NEEDS_DEPTH_MAX = 16
};

struct reading {
	struct printed_list *list;
	struct arena *arena;
	const struct progress *run;
	const char *folder;
};

/* The end record of the last attempt of step ID, or NULL. */
static const struct jval *
last_end(const struct progress *p, const char *id)
{
	const struct jval *last = NULL;

	for (size_t i = 0; i < p->records.n_items; i++) {
		const struct jval *r = p->records.items[i];
		struct text type = jval_get_text(r, "t");

		if (!text_is(jval_get_text(r, "step"), id))
			continue;
		if (text_is(type, "end"))
			last = r;
		else if (text_is(type, "intent"))
			last = NULL;
	}
	return last;
}

static bool
is_accepted(const struct step *s, int64_t exit)
{
	for (uint32_t i = 0; i < s->n_exit_codes; i++) {
		if (s->exit_codes[i] == exit)
			return true;
	}
	return s->n_exit_codes == 0 && exit == 0;
}

static bool
read_stream(const struct jval *end, const char *folder, const char *key,
	    struct buf *ret, struct buf *reterr)
{
	struct text name = jval_get_text(end, key);
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf raw = BUF_INIT;

	if (name.len == 0)
		return true;
	buf_addf(&path, "%s/%.*s", folder, TEXT_ARG(name));
	if (file_read(buf_cstr(&path), LIMIT_MATCH_BYTES, &raw, reterr) < 0)
		return false;
	want_normalize(buf_text(&raw), ret);
	return true;
}

static enum printed_state
state_of(const struct step *s, const struct jval *end, int64_t exit)
{
	struct text status = jval_get_text(end, "status");

	/* A want that is not met fails a step that ended well. */
	if (!text_is(status, "succeeded") && !text_is(status, "failed"))
		return PRINTED_NOT;
	if (!is_accepted(s, exit))
		return PRINTED_FAILED;
	if (s->sensitive)
		return PRINTED_UNKEPT;
	if (jval_get_int(end, "out_bytes", 0) > LIMIT_MATCH_BYTES ||
	    jval_get_int(end, "err_bytes", 0) > LIMIT_MATCH_BYTES)
		return PRINTED_TOO_LONG;
	return PRINTED_OK;
}

static bool
read_step(struct reading *r, const struct step *s, struct buf *reterr)
{
	const struct jval *end = last_end(r->run, s->id);
	CLEANUP(buf_release) struct buf out = BUF_INIT;
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	struct printed p = { .step = s };

	if (end)
		p.state = state_of(s, end, jval_get_int(end, "exit", -1));
	if (p.state == PRINTED_OK &&
	    (!read_stream(end, r->folder, "out", &out, reterr) ||
	     !read_stream(end, r->folder, "err", &err, reterr)))
		return false;
	p.out = arena_text(r->arena, buf_text(&out));
	p.err = arena_text(r->arena, buf_text(&err));
	ARENA_PUSH(r->arena, r->list->items, r->list->n_items, p);
	return true;
}

static bool
is_read(const struct printed_list *list, const struct procedure *p)
{
	for (uint32_t i = 0; i < list->n_items; i++) {
		if (list->items[i].step->procedure == p)
			return true;
	}
	return false;
}

static bool
read_procedure(struct reading *r, const struct procedure *p, unsigned depth,
	       struct buf *reterr)
{
	if (depth > NEEDS_DEPTH_MAX || is_read(r->list, p))
		return true;
	for (uint32_t i = 0; i < p->n_needs; i++) {
		if (!read_procedure(r, p->needs[i], depth + 1, reterr))
			return false;
	}
	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (!read_step(r, p->steps[i], reterr))
			return false;
	}
	return true;
}

bool
printed_read(struct printed_list *ret, const struct runbook *rb,
	     const struct progress *p, const char *folder, struct buf *reterr)
{
	struct reading r = { ret, rb->doc->arena, p, folder };

	*ret = (struct printed_list){ NULL, 0 };
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		if (text_eq(rb->procedures[i]->path, p->procedure))
			return read_procedure(&r, rb->procedures[i], 0, reterr);
	}
	buf_addf(reterr, "no procedure '%.*s'", TEXT_ARG(p->procedure));
	return false;
}

bool
printed_together(const struct printed_list *list, const struct step *s,
		 struct arena *arena, struct want_input *ret)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT;
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	uint32_t n = 0;

	for (uint32_t i = 0; i < list->n_items; i++) {
		const struct printed *p = &list->items[i];

		if (!p->step->shown_with ||
		    p->step->shown_with != s->shown_with ||
		    p->state != PRINTED_OK)
			continue;
		buf_addt(&out, p->out);
		buf_addt(&err, p->err);
		n++;
		if (p->step == s)
			break;
	}
	*ret = (struct want_input){
		.out = arena_text(arena, buf_text(&out)),
		.err = arena_text(arena, buf_text(&err)),
	};
	return n > 1;
}
