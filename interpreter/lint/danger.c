/* What is done without a question, or without a look. */
#include <string.h>

#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"
#include "shell/walk.h"

/* ---- questions -------------------------------------------------------------
 */

static bool
switches_off(const struct command *c)
{
	static const char *const options[] = { "--yes",
					       "-y",
					       "--assume-yes",
					       "--no-confirm",
					       "--noinput",
					       "--no-input",
					       "--auto-approve",
					       "-auto-approve",
					       "--force-yes",
					       "--noconfirm",
					       NULL };

	for (uint32_t i = 1; i < c->argc; i++) {
		if (text_is_any(command_arg(c, i), options))
			return true;
	}
	/* what containers and builds leave behind is no loss */
	return command_find(c, "prune") &&
	       (command_find(c, "system") || command_find(c, "volume")) &&
	       (command_is(c, "docker") || command_is(c, "podman")) &&
	       command_has(c, "--force", 'f', 0);
}

/* Nobody wants to be asked at each turn of a loop. */
static bool
is_in_loop(const struct step *s, const struct lint_command *one)
{
	for (uint32_t i = s->first; i <= s->last; i++) {
		const struct node *n = s->script->body->items[i]->node;

		if (one->c.script == s->script &&
		    (n->kind == NODE_FOR || n->kind == NODE_WHILE) &&
		    n->start <= one->c.node->start &&
		    one->c.node->end <= n->end)
			return true;
	}
	return false;
}

/* terraform apply makes what a plan has shown. */
static bool
applies_plan(const struct command *c)
{
	return (command_is(c, "terraform") || command_is(c, "tofu") ||
		command_is(c, "terragrunt")) &&
	       !command_find(c, "destroy") && !command_find(c, "-destroy");
}

static void
check_question(struct lint_pass *pass, const struct lint_command *one)
{
	const struct step *s = one->step;

	if (!s->effect || s->effect->level != EFFECT_DESTROYS ||
	    !(s->effect->tags & EFFECT_TAG_NO_CONFIRM) ||
	    command_is(&one->c, "rm") || !switches_off(&one->c) ||
	    is_in_loop(s, one) || applies_plan(&one->c))
		return;
	LINT_HELP(lint_report(pass, DIAG_QUESTION_SWITCHED_OFF, step_span(s),
			      "the program's own question is switched off"),
		  "keep the question, or show first what would go");
}

/* ---- curl | sh -------------------------------------------------------------
 */

/* This machine, or one that the reader is to fill in. */
static bool
is_own_server(struct text fetch)
{
	static const char *const hosts[] = { "http://localhost", "http://127.",
					     "http://your",      "http://<",
					     "http://$",         NULL };

	for (const char *const *host = hosts; *host; host++) {
		if (text_find(fetch, text_of(*host), 0) < fetch.len)
			return true;
	}
	return false;
}

static bool
on_pipeline(void *ctx, const struct script *s, const struct node *n)
{
	static const char *const shells[] = { "sh", "bash", "sudo", NULL };
	static const char *const fetchers[] = { "curl", "wget", NULL };
	struct lint_pass *pass = ctx;
	const struct node *first, *last;
	struct text fetch;

	if (n->kind != NODE_PIPELINE || n->n_items < 2)
		return true;
	first = n->items[0];
	last = n->items[n->n_items - 1];
	if (first->kind != NODE_SIMPLE || last->kind != NODE_SIMPLE ||
	    !first->n_words || !last->n_words ||
	    !text_is_any(script_text(s, first->words[0]->start,
				     first->words[0]->end),
			 fetchers) ||
	    !text_is_any(
		    script_text(s, last->words[0]->start, last->words[0]->end),
		    shells))
		return true;
	if (text_is(script_text(s, last->words[0]->start, last->words[0]->end),
		    "sudo") &&
	    (last->n_words < 2 ||
	     !text_is_any(
		     script_text(s, last->words[1]->start, last->words[1]->end),
		     shells)))
		return true;
	fetch = script_text(s, first->start, first->end);
	if (is_own_server(fetch))
		return true;
	if (text_find(fetch, TEXT("http://"), 0) == fetch.len &&
	    text_find(fetch, TEXT(" -k"), 0) == fetch.len &&
	    text_find(fetch, TEXT("--insecure"), 0) == fetch.len &&
	    text_find(fetch, TEXT("--no-check-certificate"), 0) == fetch.len)
		return true;
	LINT_HELP(lint_report(pass, DIAG_PIPE_TO_SHELL,
			      script_span(s, n->start, n->end),
			      "what is fetched without protection is run at "
			      "once"),
		  "use https, and look at the file before it is run");
	return true;
}

/* ---- compose restart -------------------------------------------------------
 */

static void
check_restart(struct lint_pass *pass, const struct lint_command *one)
{
	static const char *const settings[] = { "config",       "configuration",
						"environment",  "env",
						"compose file", NULL };
	static const char *const changed[] = { "change",   "changes", "changed",
					       "changing", "new",     "apply",
					       "edit",     "editing", NULL };
	bool compose;
	uint32_t at = command_container_verb(&one->c, "restart", &compose);

	if (!at || !compose || !text_has_word(one->step->title, settings) ||
	    !text_has_word(one->step->title, changed))
		return;
	LINT_HELP(lint_report(pass, DIAG_RESTART_KEEPS_CONFIGURATION,
			      command_span(&one->c),
			      "restart does not apply a changed "
			      "configuration"),
		  "write 'up -d'");
}

static void
check(struct lint_pass *pass)
{
	const struct shell_visitor v = { .on_node = on_pipeline, .ctx = pass };

	for (uint32_t i = 0; i < pass->n_commands; i++) {
		check_question(pass, &pass->commands[i]);
		check_restart(pass, &pass->commands[i]);
	}
	for (uint32_t i = 0; i < pass->n_texts; i++)
		shell_walk_list(pass->texts[i], pass->texts[i]->body, &v);
}

const struct lint_family lint_family_danger = { "danger", check };
