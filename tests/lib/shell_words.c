/* The values of words, compared with what bash makes of them. */
#include "lib/shell_words.h"

#include "lib/run_shell.h"
#include "lib/unit.h"
#include "shell/walk.h"
#include "shell/word.h"

/* Have bash print the fields that the word [START, END) of S becomes. */
static void
add_word(struct comparison *c, const struct script *s, const struct word *w)
{
	struct word *words[] = { (struct word *)(uintptr_t)w };
	const struct value *values;
	uint32_t n;

	/* what a backslash at the end of a text means depends on who reads */
	if (w->end == s->source.text.len &&
	    s->source.text.at[w->end - 1] == '\\')
		return;
	values = words_expand(&c->arena, s, words, 1, NULL, &n);
	for (uint32_t i = 0; i < n; i++) {
		if (values[i].state != VALUE_EXACT ||
		    (values[i].traits & VALUE_HAS_TILDE))
			return;
	}
	buf_adds(&c->script, "p ");
	buf_addt(&c->script, script_text(s, w->start, w->end));
	buf_addc(&c->script, '\n');
	for (uint32_t i = 0; i < n; i++) {
		buf_addt(&c->want, values[i].bytes.text);
		buf_addc(&c->want, '\0');
	}
	buf_adds(&c->want, "\001\n");
	c->n++;
}

void
comparison_run(struct comparison *c)
{
	static const char *const bash[] = { "bash", "--norc", "-O", "extglob",
					    NULL };
	struct buf got = BUF_INIT;
	size_t files;

	assert_int_equal(run_shell(bash, buf_text(&c->script), &got, &files),
			 0);
	if (!text_eq(buf_text(&got), buf_text(&c->want))) {
		size_t at = 0;

		while (at < got.len && at < c->want.len &&
		       got.bytes[at] == c->want.bytes[at])
			at++;
		while (at > 0 && got.bytes[at - 1] != '\n')
			at--;
		fail_msg("bash: '%.60s', here: '%.60s'", got.bytes + at,
			 c->want.bytes + at);
	}
	buf_release(&got);
}

void
comparison_begin(struct comparison *c)
{
	arena_init(&c->arena);
	buf_init(&c->script);
	buf_init(&c->want);
	c->n = 0;
	buf_adds(&c->script, "p() { (($#)) && printf '%s\\0' \"$@\"; "
			     "printf '\\001\\n'; }\n");
}

void
comparison_end(struct comparison *c)
{
	buf_release(&c->script);
	buf_release(&c->want);
	arena_release(&c->arena);
}

static bool
on_word(void *ctx, const struct script *s, const struct word *w)
{
	add_word(ctx, s, w);
	return false;
}

/* Patterns and expressions are no arguments. */
static bool
on_node(void *ctx, const struct script *s, const struct node *node)
{
	(void)ctx;
	(void)s;
	return node->kind != NODE_COND && node->kind != NODE_CASE &&
	       node->kind != NODE_ARITH && node->kind != NODE_FOR_ARITH;
}

static bool
no_assignment(void *ctx, const struct script *s, const struct assignment *a)
{
	(void)ctx;
	(void)s;
	(void)a;
	return false;
}

void
comparison_add(struct comparison *c, const struct script *s)
{
	struct shell_visitor v = { .on_node = on_node,
				   .on_word = on_word,
				   .on_assignment = no_assignment,
				   .ctx = c };

	if (s->n_errors == 0)
		shell_walk_list(s, s->body, &v);
}
