/* Shells and programs inside of others: what is known there. */
#include "base/limits.h"
#include "effect/walk.h"
#include "shell/parse.h"

bool
walk_enter(struct walk *w, const struct place *place, struct spot spot,
	   const struct hop *hop, struct place *ret)
{
	struct hop *copy = (void *)arena_memdup0(w->arena, hop, sizeof(*hop));

	copy->outer = place->hop;
	copy->depth = place->hop ? place->hop->depth + 1 : 1;
	if (copy->depth > LIMIT_WRAPPER_DEPTH) {
		walk_unread(w, place, spot, EFFECT_TAG_EXEC,
			    "too many commands run each other");
		return false;
	}
	*ret = *place;
	ret->hop = copy;
	ret->shell = false;
	return true;
}

/* The scope of another shell at PLACE: functions that are exported reach it
 * through all that runs on this machine, constants only a plain "sh", the
 * folder what hands it on. ssh begins in the one of a login. */
static struct scope *
scope_of_child(struct walk *w, const struct place *place)
{
	const struct hop *hop = place->hop;
	bool plain = hop && hop->outer == place->home &&
		     strcmp(hop->name, "sh") == 0 &&
		     !(place->node && place->node->n_prefix);
	struct value folder = { .state = VALUE_UNKNOWN };
	struct scope *scope = NULL;
	bool here = place->scope;

	for (; here && hop && hop != place->home; hop = hop->outer)
		here = hop->target.len == 0 && !(hop->tags & EFFECT_TAG_REMOTE);
	scope = here ? scope_inherited(w->scratch, place->scope, plain)
		     : scope_new(w->scratch);
	if (place->hop && strcmp(place->hop->name, "ssh") == 0)
		return scope;
	if (place->scope && (!place->hop || place->hop->stays))
		folder = scope_folder(place->scope);
	scope_set_folder(scope, folder);
	return scope;
}

void
walk_text(struct walk *w, const struct place *place, struct excerpt text,
	  bool same)
{
	struct script *script;
	struct place inside = *place;

	if (!walk_spend(w, place, text.text.len))
		return;
	script = shell_parse(w->arena, text);
	inside.script = script;
	inside.shells++;
	inside.shell = true;
	inside.scope = same && place->scope
			       ? scope_copy(w->scratch, place->scope)
			       : scope_of_child(w, place);
	inside.home = inside.hop;
	for (uint32_t i = 0; i < script->body->n_items; i++)
		scope_look(inside.scope, script, script->body->items[i]);
	if (w->visitor && w->visitor->on_script)
		w->visitor->on_script(w->visitor->ctx, script, inside.hop,
				      inside.shells);
	walk_list(w, &inside, script->body);
}
