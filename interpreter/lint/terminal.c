/* Terminals: commands that want one and have none, or never end. */
#include <string.h>

#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"
#include "shell/walk.h"

/* True when COMMAND is run by an ssh that opens no terminal. */
static bool
is_without_terminal(const struct hop *hop)
{
	const struct hop *ssh = hop_ssh(hop);

	return ssh && !ssh->tty;
}

/* ---- docker exec -it -------------------------------------------------------
 */

/* The first step before STEP that takes something down for certain. */
static const struct step *
taken_down(const struct step *step)
{
	const struct procedure *p = step->procedure;

	if (p->mode == PROCEDURE_MENU || step->relation != RELATION_NEXT)
		return NULL;
	for (uint32_t i = 0; i + 1 < step->ordinal; i++) {
		if (p->steps[i]->level >= EFFECT_DISRUPTS &&
		    p->steps[i]->kind == STEP_COMMAND &&
		    p->steps[i]->relation == RELATION_NEXT)
			return p->steps[i];
	}
	return NULL;
}

static void
report_half_way(struct lint_pass *pass, const struct step *step)
{
	const struct step *down = taken_down(step);
	struct diag *d;

	if (!down)
		return;
	d = lint_report(pass, DIAG_HALF_WAY, step_span(down),
			"after this step, line %u cannot succeed as written: "
			"the procedure ends in its middle",
			step->line);
	if (d)
		diag_note(d, step_span(step), "this one fails");
}

/* True when standard input is a file, a here-document or a pipe. */
static bool
has_input(const struct command *c)
{
	for (uint32_t i = 0; i < c->node->n_redirects; i++) {
		enum redirect_op op = c->node->redirects[i]->op;

		if (op == REDIRECT_IN || op == REDIRECT_HEREDOC ||
		    op == REDIRECT_HEREDOC_TABS || op == REDIRECT_HERESTRING)
			return true;
	}
	return false;
}

/* The index of the first operand behind VERB, by the options of docker exec
 * that take a value. */
static uint32_t
first_operand(const struct command *c, uint32_t verb)
{
	static const char *const valued[] = {
		"-e",        "--env",   "-u",         "--user", "-w",
		"--workdir", "--index", "--env-file", NULL
	};
	uint32_t i = verb + 1;

	while (i < c->argc) {
		struct text t = command_arg(c, i);

		if (t.len == 0 || t.at[0] != '-')
			break;
		i += text_is_any(t, valued) ? 2 : 1;
	}
	return i < c->argc ? i : c->argc;
}

static void
check_exec(struct lint_pass *pass, const struct lint_command *one)
{
	const struct command *c = &one->c;
	bool compose, tty;
	uint32_t verb = command_container_verb(c, "exec", &compose), end;

	if (!verb || !command_program(c).len || command_is(c, "podman"))
		return;
	end = first_operand(c, verb);
	tty = command_has(c, "--tty", 't', end);
	if (tty && (is_without_terminal(c->hop) || has_input(c))) {
		LINT_HELP(lint_report(pass, DIAG_TTY_MISSING, command_span(c),
				      has_input(c)
					      ? "'-t' asks for a terminal, and "
						"the input is a file"
					      : "'-t' asks for a terminal, and "
						"ssh opens none here"),
			  end + 1 < c->argc && !has_input(c)
				  ? "leave '-it' out, or use 'ssh -t' when a "
				    "person is to type"
				  : "leave '-t' out");
		report_half_way(pass, one->step);
	}
	if (compose && !tty && is_without_terminal(c->hop) &&
	    !command_has(c, "--no-TTY", 'T', end) &&
	    !command_has(c, "--no-tty", 'd', end) &&
	    !command_has(c, "--detach", 0, end))
		LINT_HELP(lint_report(pass, DIAG_TTY_IMPLICIT, command_span(c),
				      "compose exec asks for a terminal, and "
				      "ssh opens none here"),
			  "write 'exec -T'");
}

/* ---- other programs over ssh -----------------------------------------------
 */

static void
check_remote(struct lint_pass *pass, const struct lint_command *one)
{
	static const char *const screens[] = { "vim", "vi",   "nano",   "emacs",
					       "top", "htop", "visudo", "less",
					       "mc",  NULL };
	const struct command *c = &one->c;
	const struct hop *outer = c->hop;

	if (!is_without_terminal(outer))
		return;
	if (text_is_any(command_program(c), screens) &&
	    !command_has(c, "--help", 'b', 0) &&
	    !command_has(c, "--version", 'V', 0))
		LINT_HELP(lint_report(pass, DIAG_EDITOR_WITHOUT_TERMINAL,
				      command_span(c),
				      "%.*s wants a terminal, and ssh opens "
				      "none here",
				      TEXT_ARG(command_program(c))),
			  "write 'ssh -t'");
	if (command_is(c, "sudo") && strcmp(outer->name, "ssh") == 0 &&
	    !command_has(c, "--non-interactive", 'n', 0) &&
	    !command_has(c, "--stdin", 'S', 0) &&
	    !command_has(c, "--askpass", 'A', 0))
		LINT_HELP(lint_report(pass, DIAG_SUDO_WITHOUT_TERMINAL,
				      command_span(c),
				      "sudo can ask for no password here"),
			  "write 'sudo -n' where none is wanted, else 'ssh "
			  "-t'");
}

/* ---- what never ends -------------------------------------------------------
 */

static bool
reads_all_logs(struct text t)
{
	static const char *const bounded[] = { "--tail",       "--since",
					       "--since-time", "-n",
					       "tail",         "journalctl",
					       "stern",        NULL };

	return text_find(t, TEXT("logs"), 0) < t.len &&
	       !text_has_word(t, bounded);
}

/* A remark stands behind S on its line: such lines are a list. */
static bool
has_remark(const struct step *s)
{
	for (uint32_t i = 0; i < s->script->n_comments; i++) {
		const struct comment *c = &s->script->comments[i];

		if (c->place == COMMENT_TRAILING && c->statement == s->last)
			return true;
	}
	return false;
}

/* "docker compose logs -f" and "docker compose logs --tail=100": the words up
 * to the options are the same. */
static bool
is_variant(const struct step *a, const struct step *b)
{
	size_t n = text_find(a->text.text, TEXT(" -"), 0);

	return n < a->text.text.len &&
	       text_eq(text_sub(a->text.text, 0, n),
		       text_sub(b->text.text, 0,
				text_find(b->text.text, TEXT(" -"), 0)));
}

/* Lines of one group belong together: what stands below in it is meant to
 * come next. Groups of their own may as well be a list to pick from. */
static void
report_follow(struct lint_pass *pass, const struct step *s,
	      const struct step *next)
{
	bool together = (s->comment_group == next->comment_group &&
			 !has_remark(s) && !is_variant(s, next)) ||
			text_find(s->text.text, TEXT("port-forward"), 0) <
				s->text.text.len;

	LINT_HELP(lint_report(pass,
			      together ? DIAG_FOLLOW_BLOCKS_REST
				       : DIAG_FOLLOW_AMONG_OTHERS,
			      step_span(s),
			      "this never ends by itself, and line %u stands "
			      "below it in the same block",
			      next->line),
		  "give each its own block, or bound it");
}

static void
check_follow(struct lint_pass *pass, const struct step *s)
{
	const struct procedure *p = s->procedure;
	const struct step *next = NULL;
	const struct finding *follow = NULL;

	if (s->kind != STEP_COMMAND || s->io != EFFECT_IO_FOLLOW ||
	    !s->effect || s->script->body->items[s->last]->background)
		return;
	for (uint32_t i = 0; i < s->effect->n_findings && !follow; i++) {
		if (s->effect->findings[i].io == EFFECT_IO_FOLLOW)
			follow = &s->effect->findings[i];
	}
	if (s->ordinal < p->n_steps &&
	    p->steps[s->ordinal]->block == s->block &&
	    p->steps[s->ordinal]->script == s->script)
		next = p->steps[s->ordinal];
	/* of a menu one item is chosen, and never the next one reached */
	if (next && next->relation == RELATION_NEXT &&
	    p->mode != PROCEDURE_MENU) {
		report_follow(pass, s, next);
		return;
	}
	if (follow && reads_all_logs(s->text.text))
		LINT_HELP(lint_report(pass, DIAG_UNBOUNDED_FOLLOW, step_span(s),
				      "all that was ever logged comes first"),
			  "add '--tail 100'");
}

/* ---- while read … ssh ------------------------------------------------------
 */

struct loop {
	struct lint_pass *pass;
	bool inside;
};

static bool
is_simple(const struct script *s, const struct node *node, const char *name)
{
	struct text t;

	if (node->kind != NODE_SIMPLE || node->n_words == 0)
		return false;
	t = script_text(s, node->words[0]->start, node->words[0]->end);
	return text_is(t, name);
}

static bool
reads_lines(const struct script *s, const struct node *loop)
{
	const struct node *n;

	if (loop->kind != NODE_WHILE || !loop->cond || !loop->cond->n_items)
		return false;
	n = loop->cond->items[loop->cond->n_items - 1]->node;
	if (n->kind == NODE_PIPELINE && n->n_items)
		n = n->items[0];
	if (!is_simple(s, n, "read"))
		return false;
	/* "read -u 3" reads from elsewhere */
	for (uint32_t i = 1; i < n->n_words; i++) {
		struct text t =
			script_text(s, n->words[i]->start, n->words[i]->end);

		if (text_starts(t, "-u"))
			return false;
	}
	return true;
}

static bool
in_loop(void *ctx, const struct script *s, const struct node *node)
{
	struct loop *l = ctx;

	/* a pipe or a here-document is the input of what stands in it */
	if (node->kind == NODE_PIPELINE && node->n_items > 1 &&
	    !is_simple(s, node->items[0], "ssh"))
		return false;
	if (!is_simple(s, node, "ssh") || node->n_redirects)
		return true;
	for (uint32_t i = 1; i < node->n_words; i++) {
		struct text t = script_text(s, node->words[i]->start,
					    node->words[i]->end);

		if (text_starts(t, "-") && text_chr(t, 'n', 0) < t.len)
			return true;
	}
	LINT_HELP(lint_report(l->pass, DIAG_SSH_EATS_INPUT,
			      script_span(s, node->start, node->end),
			      "ssh reads the lines that the loop is to read"),
		  "write 'ssh -n'");
	return true;
}

static bool
on_node(void *ctx, const struct script *s, const struct node *node)
{
	struct loop *l = ctx;
	const struct shell_visitor v = { .on_node = in_loop, .ctx = l };

	if (reads_lines(s, node))
		shell_walk_list(s, node->body, &v);
	return true;
}

static void
check(struct lint_pass *pass)
{
	struct loop loop = { .pass = pass };
	const struct shell_visitor v = { .on_node = on_node, .ctx = &loop };

	for (uint32_t i = 0; i < pass->n_commands; i++) {
		check_exec(pass, &pass->commands[i]);
		check_remote(pass, &pass->commands[i]);
	}
	for (uint32_t i = 0; i < pass->rb->n_procedures; i++) {
		const struct procedure *p = pass->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++)
			check_follow(pass, p->steps[k]);
	}
	for (uint32_t i = 0; i < pass->n_texts; i++)
		shell_walk_list(pass->texts[i], pass->texts[i]->body, &v);
}

const struct lint_family lint_family_terminal = { "terminal", check };
