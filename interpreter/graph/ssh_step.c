/* Taking steps apart that are a call of ssh. */
#include "graph/ssh_step.h"

/* The single simple command that they are, or NULL. */
static const struct node *
single_command(const struct script *s, uint32_t first, uint32_t last)
{
	const struct statement *st = s->body->items[first];

	return first == last && st->node->kind == NODE_SIMPLE ? st->node : NULL;
}

/* The word of NODE that gives argument AT, or NULL. */
static const struct word *
word_of(struct arena *arena, const struct script *s, const struct node *node,
	const struct scope *scope, uint32_t at)
{
	uint32_t before = 0, n;

	for (uint32_t i = 0; i < node->n_words; i++) {
		words_expand(arena, s, &node->words[i], 1, scope, &n);
		if (at < before + n)
			return node->words[i];
		before += n;
	}
	return NULL;
}

/* As it is written, without quotes around all of it and without the user. */
static struct text
written_host(const struct script *s, const struct word *word)
{
	struct text t = script_text(s, word->start, word->end);
	size_t at;

	if (t.len > 1 && (t.at[0] == '"' || t.at[0] == '\'') &&
	    t.at[t.len - 1] == t.at[0])
		t = text_sub(t, 1, t.len - 1);
	at = t.len;
	while (at > 0 && t.at[at - 1] != '@')
		at--;
	return text_sub(t, at, t.len);
}

static void
find_host(struct arena *arena, const struct script *s,
	  const struct scope *scope, struct ssh_step *ret)
{
	const struct word *word;

	if (ret->call.host.len) {
		ret->host = arena_text(arena, ret->call.host);
		return;
	}
	ret->open = true;
	word = word_of(arena, s, ret->node, scope, ret->call.host_at);
	if (word)
		ret->host = arena_text(arena, written_host(s, word));
	if (ret->host.len == 0)
		ret->host = TEXT("?");
}

/* Nothing but the call itself, no option that a session cannot have, and no
 * word of the command that is not known. */
static bool
is_whole(const struct script *s, uint32_t first, const struct ssh_step *step)
{
	const struct node *node = step->node;
	const struct ssh_call *call = &step->call;

	return node->n_redirects == 0 && node->n_assignments == 0 &&
	       !s->body->items[first]->background && !step->open &&
	       call->plain && call->exact && call->has_command &&
	       call->user.len == 0 && call->port.len == 0;
}

bool
sshstep_read(struct arena *arena, const struct script *s, uint32_t first,
	     uint32_t last, const struct scope *scope, struct ssh_step *ret)
{
	const struct value *argv;
	uint32_t argc;

	*ret = (struct ssh_step){ .node = single_command(s, first, last) };
	if (!ret->node || ret->node->n_words == 0)
		return false;
	argv = words_expand(arena, s, ret->node->words, ret->node->n_words,
			    scope, &argc);
	if (!sshcall_parse(arena, s, argv, argc, &ret->call) ||
	    !ret->call.host_at)
		return false;
	find_host(arena, s, scope, ret);
	ret->whole = is_whole(s, first, ret);
	return true;
}
