/* Steps and how they follow each other. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"

/* ---- a look afterwards -----------------------------------------------------
 */

static bool
is_check_heading(const struct section *s)
{
	static const char *const words[] = { "verify",  "verification",
					     "check",   "validate",
					     "test",    "validation",
					     "confirm", NULL };

	return s && text_has_word(s->title, words);
}

/* The section that stands behind the blocks of S itself. */
static const struct section *
next_section(const struct document *doc, const struct section *s)
{
	return s->own_end < doc->n_blocks ? doc->blocks[s->own_end]->section
					  : NULL;
}

static void
check_wants(struct lint_pass *pass, const struct procedure *p)
{
	bool looks = p->n_verify ||
		     is_check_heading(next_section(pass->doc, p->section));

	/* from the end: does anything below look? */
	for (uint32_t i = p->n_steps; i-- > 0;) {
		const struct step *s = p->steps[i];
		bool renews = s->kind == STEP_COMMAND &&
			      text_find(s->text.text, TEXT("compose"), 0) <
				      s->text.text.len &&
			      text_find(s->text.text, TEXT(" up "), 0) <
				      s->text.text.len;

		bool wanted = looks || s->n_wants;

		looks |= s->kind == STEP_COMMAND &&
			 (s->level == EFFECT_READS || s->n_wants);
		if (s->kind != STEP_COMMAND || s->io != EFFECT_IO_BATCH ||
		    (s->level < EFFECT_DISRUPTS && !renews) || wanted)
			continue;
		LINT_HELP(lint_report(pass, DIAG_STEP_WITHOUT_WANT,
				      step_span(s),
				      "nothing looks whether this has worked"),
			  "add a step that looks, or what it should print");
	}
}

/* ---- logins ----------------------------------------------------------------
 */

static bool
shares_block(const struct procedure *p, const struct step *step)
{
	uint32_t i = step->ordinal - 1;

	if (step->context.text.len)
		return true;
	return (i > 0 && p->steps[i - 1]->block == step->block) ||
	       (i + 1 < p->n_steps && p->steps[i + 1]->block == step->block);
}

static void
check_logins(struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct step *s = pass->commands[i].step;
		const struct command *c = &pass->commands[i].c;
		struct ssh_call call;

		if (c->hop || !s->block ||
		    s->block->code->kind != CODE_SCRIPT ||
		    !command_is(c, "ssh") || s->io != EFFECT_IO_INTERACTIVE ||
		    !sshcall_parse(pass->arena, c->script, c->argv, c->argc,
				   &call) ||
		    call.has_command || !shares_block(s->procedure, s))
			continue;
		LINT_HELP(lint_report(pass, DIAG_LOGIN_IN_BLOCK, step_span(s),
				      "a login among other commands"),
			  "give it a block of its own, or write ssh HOST "
			  "\"COMMAND\"");
	}
}

/* ---- repetition ------------------------------------------------------------
 */

enum {
	REPEATED_BYTES = 28 /* shorter commands may well stand twice */
};

struct said {
	const struct lint_command *command;
	char *text; /* owned */
	uint32_t order;
};

static char *
join(const struct command *c)
{
	struct buf b = BUF_INIT;

	for (uint32_t i = 0; i < c->argc; i++) {
		buf_addc(&b, ' ');
		buf_addt(&b, command_arg(c, i));
	}
	return buf_detach(&b, NULL);
}

static bool
may_repeat(const struct lint_command *one)
{
	static const char *const passed[] = { "cd",   "echo", "ssh", "export",
					      "sudo", "bash", "sh",  NULL };
	const struct hop *hop = one->c.hop;

	while (hop && (strcmp(hop->name, "ssh") == 0 ||
		       strcmp(hop->name, "sudo") == 0))
		hop = hop->outer;
	return !hop && one->c.argc >= 3 && one->step->level > EFFECT_READS &&
	       one->step->ordinal > 0 &&
	       !text_is_any(command_program(&one->c), passed);
}

static int
by_text(const void *a, const void *b)
{
	const struct said *l = a, *r = b;
	int order = strcmp(l->text, r->text);

	return order ? order : (l->order > r->order) - (l->order < r->order);
}

static void
report_repeated(struct lint_pass *pass, const struct said *said, size_t n)
{
	const struct step *first = said[0].command->step;
	bool several = false;

	for (size_t i = 1; i < n; i++)
		several |= said[i].command->step->procedure != first->procedure;
	for (size_t i = 0; i < n && several; i++) {
		const struct lint_command *other = said[i ? 0 : 1].command;
		struct diag *d =
			lint_report(pass, DIAG_REPEATED_STEP,
				    step_span(said[i].command->step),
				    "the same command stands in %zu places", n);

		if (d)
			diag_note(d, step_span(other->step), "here as well");
	}
}

static void
check_repeated(struct lint_pass *pass)
{
	struct said *said = NULL;
	size_t n = 0, first = 0;

	for (uint32_t i = 0; i < pass->n_commands; i++) {
		char *text;

		if (!may_repeat(&pass->commands[i]))
			continue;
		text = join(&pass->commands[i].c);
		if (strlen(text) < REPEATED_BYTES) {
			free(text);
			continue;
		}
		said = xreallocarray(said, n + 1, sizeof(*said));
		said[n++] = (struct said){ &pass->commands[i], text, i };
	}
	if (n)
		qsort(said, n, sizeof(*said), by_text);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && strcmp(said[i].text, said[first].text) == 0)
			continue;
		if (i - first > 1)
			report_repeated(pass, said + first, i - first);
		first = i;
	}
	for (size_t i = 0; i < n; i++)
		free(said[i].text);
	free(said);
}

/* ---- a choice that is none -------------------------------------------------
 */

static void
check_fixes(struct lint_pass *pass, const struct procedure *p)
{
	static const char *const now[] = { "temporary", "workaround",
					   "quick fix", "temporarily", NULL };
	static const char *const always[] = { "permanent", "permanently",
					      "long-term", "proper fix", NULL };
	const struct step *temporary = NULL;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct step *s = p->steps[i];
		struct diag *d;

		if (s->kind != STEP_COMMAND)
			continue;
		if (text_has_word(s->title, now))
			temporary = s;
		if (!temporary || temporary == s ||
		    s->block != temporary->block ||
		    !text_has_word(s->title, always))
			continue;
		d = lint_report(pass, DIAG_TEMPORARY_AND_PERMANENT,
				step_span(temporary),
				"a temporary fix, and line %u makes it a "
				"permanent one: both would be done",
				s->line);
		if (d)
			diag_note(d, step_span(s), "the permanent one");
		return;
	}
}

static void
check_menus(struct lint_pass *pass, const struct procedure *p)
{
	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct step *s = p->steps[i];
		struct span where;

		if (!s->perhaps_after || !s->branch)
			continue;
		where = s->perhaps_after->where;
		while (where.end > where.start &&
		       byte_is_space(pass->doc->src->bytes.at[where.end - 1]))
			where.end--;
		LINT_HELP(lint_report(pass, DIAG_MENU_END_UNCLEAR, where,
				      "this is read as a part of '%.*s' only",
				      TEXT_ARG(s->branch->label)),
			  "if it is for all options, begin it with 'In all "
			  "cases' or put <!-- runbook: {after_menu: true} --> "
			  "above it; if not, {after_menu: false}");
	}
}

static void
check(struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->rb->n_procedures; i++) {
		check_wants(pass, pass->rb->procedures[i]);
		check_menus(pass, pass->rb->procedures[i]);
		check_fixes(pass, pass->rb->procedures[i]);
	}
	check_logins(pass);
	check_repeated(pass);
}

const struct lint_family lint_family_procedure = { "procedure", check };
