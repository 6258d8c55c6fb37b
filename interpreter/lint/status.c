/* Exit statuses that say something else than they seem to. */
#include "diag/source.h"
#include "effect/answer.h"
#include "lint/rule.h"
#include "lint/words.h"
#include "shell/walk.h"

/* ---- an answer that is no failure ------------------------------------------
 */

static struct text
word_text(const struct script *s, const struct node *n, uint32_t i)
{
	return i < n->n_words
		       ? script_text(s, n->words[i]->start, n->words[i]->end)
		       : (struct text){ NULL, 0 };
}

static bool
is_question(const struct script *s, const struct node *n)
{
	struct text words[8];
	uint32_t count = 0;

	while (count < n->n_words && count < ARRAY_LEN(words)) {
		words[count] = word_text(s, n, count);
		count++;
	}
	/* A test is there to be asked. */
	return count && !text_is(words[0], "test") && !text_is(words[0], "[") &&
	       effect_answer(words, count, 0);
}

/* The last command of what STATEMENT runs, which gives its status. */
static const struct node *
last_command(const struct node *n)
{
	while (n->kind == NODE_PIPELINE || n->kind == NODE_ANDOR) {
		if (n->n_items == 0 || n->negated)
			return n;
		n = n->items[n->n_items - 1];
	}
	return n;
}

static bool
decides(const struct lint_script *one, const struct statement *st)
{
	if (one->depth == 0)
		return true;
	return st == one->script->body->items[one->script->body->n_items - 1];
}

static void
check_answer(struct lint_pass *pass, const struct lint_script *one)
{
	const struct script *s = one->script;
	const struct step *step = one->step;
	uint32_t first = one->depth ? 0 : step->first;
	uint32_t end = one->depth ? s->body->n_items : step->last + 1;

	if (step->n_exit_codes || step->retry.until)
		return;
	for (uint32_t i = first; i < end; i++) {
		const struct statement *st = s->body->items[i];
		const struct node *n = last_command(st->node);

		if (n->kind != NODE_SIMPLE || st->background ||
		    !decides(one, st) || !is_question(s, n))
			continue;
		LINT_HELP(lint_report(pass, DIAG_STATUS_AS_ANSWER,
				      script_span(s, n->start, n->end),
				      "an answer of no would count as a failed "
				      "step"),
			  "say {exit: [0, 1]} where both are fine");
	}
}

/* ---- a pipe over it --------------------------------------------------------
 */

static bool
joins_errors(const struct node *n)
{
	for (uint32_t i = 0; i < n->n_redirects; i++) {
		if (n->redirects[i]->op == REDIRECT_DUP_OUT &&
		    n->redirects[i]->fd == 2)
			return true;
	}
	return false;
}

static bool
on_node(void *ctx, const struct script *s, const struct node *n)
{
	static const char *const last[] = { "tail", "head", "tee", "less",
					    NULL };
	struct lint_pass *pass = ctx;

	if (n->kind != NODE_PIPELINE || n->n_items < 2 ||
	    !joins_errors(n->items[0]) ||
	    !text_is_any(word_text(s, n->items[n->n_items - 1], 0), last))
		return true;
	LINT_HELP(lint_report(
			  pass, DIAG_MASKED_STATUS,
			  script_span(s, n->start, n->end),
			  "the status is that of %.*s, whatever the first "
			  "command says",
			  TEXT_ARG(word_text(s, n->items[n->n_items - 1], 0))),
		  "do without the pipe, or put 'set -o pipefail' in front");
	return true;
}

/* ---- curl, psql ------------------------------------------------------------
 */

static void
check_curl(struct lint_pass *pass, const struct command *c)
{
	if (!command_is(c, "curl") || !command_has(c, "--silent", 's', 0) ||
	    command_has(c, "--fail", 'f', 0) ||
	    command_has(c, "--fail-with-body", 'I', 0) ||
	    command_has(c, "--head", 'w', 0) ||
	    command_has(c, "--write-out", 'v', 0) ||
	    command_has(c, "--verbose", 'i', 0) ||
	    command_has(c, "--include", 'o', 0))
		return;
	LINT_HELP(lint_report(pass, DIAG_CURL_WITHOUT_FAIL, command_span(c),
			      "an error page counts as an answer here"),
		  "write 'curl -fsS'");
}

static bool
reads_file(const struct command *c)
{
	for (uint32_t i = 0; i < c->node->n_redirects; i++) {
		if (c->node->redirects[i]->op == REDIRECT_IN)
			return true;
	}
	return command_find(c, "-f") || command_find(c, "--file");
}

static void
check_psql(struct lint_pass *pass, const struct command *c)
{
	static const char *const stops[] = { "ON_ERROR_STOP", NULL };

	if (!command_is(c, "psql") || !reads_file(c))
		return;
	for (uint32_t i = 1; i < c->argc; i++) {
		if (text_find(command_arg(c, i), TEXT("ON_ERROR_STOP"), 0) <
		    command_arg(c, i).len)
			return;
	}
	if (text_has_word(pass->doc->src->bytes, stops))
		return;
	LINT_HELP(lint_report(pass, DIAG_RESTORE_GOES_ON, command_span(c),
			      "psql goes on after errors and ends with 0"),
		  "write 'psql -v ON_ERROR_STOP=1'");
}

static void
check(struct lint_pass *pass)
{
	const struct shell_visitor v = { .on_node = on_node, .ctx = pass };

	for (uint32_t i = 0; i < pass->n_commands; i++) {
		check_curl(pass, &pass->commands[i].c);
		check_psql(pass, &pass->commands[i].c);
	}
	for (uint32_t i = 0; i < pass->n_scripts; i++)
		check_answer(pass, &pass->scripts[i]);
	for (uint32_t i = 0; i < pass->n_texts; i++)
		shell_walk_list(pass->texts[i], pass->texts[i]->body, &v);
}

const struct lint_family lint_family_status = { "status", check };
