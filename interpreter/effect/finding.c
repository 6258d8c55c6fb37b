/* Noting down what was found, with its place in the document. */
#include "effect/walk.h"

struct spot
spot_of_args(const struct arg *v, uint32_t last)
{
	struct spot spot = { v[0].source, v[0].start, v[0].end };

	for (uint32_t i = 1; i <= last; i++) {
		if (v[i].source != spot.source)
			continue;
		if (v[i].start < spot.start)
			spot.start = v[i].start;
		if (v[i].end > spot.end)
			spot.end = v[i].end;
	}
	return spot;
}

static unsigned
tags_of(const struct hop *hop)
{
	unsigned tags = 0;

	for (; hop; hop = hop->outer)
		tags |= hop->tags;
	return tags;
}

/* How IO looks from outside of HOP. */
static enum effect_io
io_outside(const struct hop *hop, enum effect_io io)
{
	for (; hop; hop = hop->outer) {
		if (hop->ends && io == EFFECT_IO_FOLLOW)
			io = EFFECT_IO_BATCH;
		if (hop->tty)
			io = EFFECT_IO_INTERACTIVE;
	}
	return io;
}

struct value
walk_folder(const struct place *place)
{
	struct value unknown = { .state = VALUE_UNKNOWN };

	for (const struct hop *hop = place->hop; hop; hop = hop->outer) {
		if (strcmp(hop->name, "ssh") == 0)
			break;
		if (!hop->stays)
			return unknown;
	}
	return place->scope ? scope_folder(place->scope) : unknown;
}

static bool
is_same(const struct finding *a, const struct finding *b)
{
	return a->rule == b->rule && a->hop == b->hop &&
	       a->matched.at == b->matched.at &&
	       a->matched.len == b->matched.len && a->level == b->level;
}

void
walk_find(struct walk *w, const struct place *place, struct spot spot,
	  struct finding finding)
{
	finding.hop = place->hop;
	finding.tags |= tags_of(place->hop);
	finding.io = io_outside(place->hop, finding.io);
	finding.folder = walk_folder(place);
	finding.folder.bytes.text =
		arena_text(w->arena, finding.folder.bytes.text);
	if (place->input && place->input->answers &&
	    effect_level_stops(finding.level))
		finding.tags |= EFFECT_TAG_NO_CONFIRM;
	if (spot.source) {
		finding.matched =
			text_sub(spot.source->text, spot.start, spot.end);
		finding.where =
			map_span(spot.source->map, spot.start, spot.end);
	}
	if (w->n_findings && is_same(&w->findings[w->n_findings - 1], &finding))
		return;
	ARENA_PUSH(w->arena, w->findings, w->n_findings, finding);
}

void
walk_unread(struct walk *w, const struct place *place, struct spot spot,
	    unsigned tags, const char *why)
{
	struct finding finding = { .level = EFFECT_UNKNOWN,
				   .tags = tags,
				   .rule = "unread",
				   .why = why };

	if (tags & EFFECT_TAG_INTERACTIVE)
		finding.io = EFFECT_IO_INTERACTIVE;
	walk_find(w, place, spot, finding);
}
