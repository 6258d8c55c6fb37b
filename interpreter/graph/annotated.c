/* What annotations say about steps, procedures and parameters. Types were
 * checked when they were read (doc/annotation.c). */
#include "graph/infer.h"

static struct text
scalar(const struct ynode *node)
{
	if (!node || node->kind != Y_SCALAR)
		return (struct text){ NULL, 0 };
	return node->text;
}

static void
note(struct builder *b, struct step *s, const struct ynode *node,
     const char *attribute)
{
	reason_add(b->arena, &s->reasons, INFER_ANNOTATED, attribute,
		   node->where, "%.*s", TEXT_ARG(span_text(node->where)));
}

static void
read_exit(struct builder *b, struct step *s, const struct ynode *node)
{
	uint32_t n = setting_count(node);
	int *codes = arena_alloc(b->arena, n * sizeof(*codes));
	int64_t value;

	for (uint32_t i = 0; i < n; i++) {
		const struct ynode *item = setting_at(node, i);

		if (!ytree_int(item, &value) || value < 0 || value > 255) {
			diag_report(b->sink, DIAG_EXIT_STATUS, item->where,
				    "an exit status lies between 0 and 255");
			return;
		}
		codes[i] = (int)value;
	}
	s->exit_codes = codes;
	s->n_exit_codes = n;
}

static void
read_env(struct builder *b, struct step *s, const struct ynode *node)
{
	uint32_t n = setting_count(node);
	const char **env = arena_alloc(b->arena, (n + 1) * sizeof(*env));

	for (uint32_t i = 0; i < n; i++)
		env[i] = arena_printf(b->arena, "%.*s=%.*s",
				      TEXT_ARG(setting_name_at(node, i)),
				      TEXT_ARG(scalar(setting_at(node, i))));
	s->env = env;
}

/* The one thing that 'until' looks for. */
static struct want *
read_one_want(struct builder *b, const struct ynode *node)
{
	uint32_t n;
	struct want **wants = want_read(b->arena, node, &n, b->sink);

	if (n > 1)
		diag_report(b->sink, DIAG_BAD_VALUE, node->where,
			    "'until' wants one thing to look for, not %u", n);
	return n ? wants[0] : NULL;
}

/* What is waited for has no end of its own. */
static void
read_until(struct builder *b, struct step *s, const struct ynode *node)
{
	s->until = read_one_want(b, node);
	s->io = EFFECT_IO_FOLLOW;
	note(b, s, node, "io");
}

static void
read_retry(struct builder *b, struct step *s, const struct ynode *node UNUSED)
{
	struct retry retry;

	if (!setting_retry(s->annotation, &retry))
		return;
	s->retry.attempts = retry.attempts;
	s->retry.delay_ms = retry.delay_ms;
	if (retry.until)
		s->retry.until = read_one_want(b, retry.until);
}

static void
read_capture(struct builder *b, struct step *s, const struct ynode *node)
{
	for (uint32_t i = 0; i < setting_count(node); i++) {
		const struct ynode *pattern = setting_at(node, i);
		struct text name = setting_name_at(node, i);
		struct capture c = { .pattern = scalar(pattern),
				     .where = pattern->where };

		c.param = procedure_param(b->p, name);
		if (!c.param)
			c.param = add_param(b, name, name, pattern->where);
		ARENA_PUSH(b->arena, s->captures, s->n_captures, c);
	}
}

static void
read_host(struct builder *b, struct step *s, const struct ynode *node)
{
	struct text host = scalar(node);

	note(b, s, node, "host");
	s->host_open = false;
	s->host_of = NULL;
	if (s->context.text.len == 0)
		s->refusal = NULL;
	if (text_is(host, "local")) {
		s->host = (struct text){ NULL, 0 };
		s->dispatch = DISPATCH_LOCAL;
		return;
	}
	s->host = host;
	s->dispatch = DISPATCH_REMOTE;
	s->ssh = NULL;
}

static void
read_io(struct builder *b, struct step *s, const struct ynode *node)
{
	if (setting_io(s->annotation, &s->io))
		note(b, s, node, "io");
}

static void
read_effect(struct builder *b, struct step *s, const struct ynode *node)
{
	enum effect_level level;

	if (!setting_level(s->annotation, &level))
		return;
	s->declared = level;
	note(b, s, node, "effect");
	if (level > s->level) {
		s->level = level;
		s->raised = true;
	} else if (level < s->level) {
		bool known = s->level != EFFECT_UNKNOWN;
		struct diag *d = diag_report(
			b->sink, DIAG_EFFECT_CONFLICT, node->where,
			"declared %s, but %s%s", effect_level_name(level),
			known ? "the command "
			      : "what the command does could not be "
				"established",
			known ? effect_level_name(s->level) : "");

		diag_help(d, "the detected level still counts; a rule for the "
			     "team's own tool belongs into .runbook.yaml");
	}
}

static void
read_confirm(struct builder *b, struct step *s, const struct ynode *node)
{
	if (!setting_confirm(s->annotation, &s->confirm))
		return;
	if (s->confirm.len == 0)
		s->confirm = TEXT("Run this step?");
	note(b, s, node, "confirm");
}

static void
read_when(struct builder *b, struct step *s, const struct ynode *node)
{
	s->condition = NULL; /* the author's word is all that counts */
	condition_add(b, s, INFER_ANNOTATED, scalar(node), node->where);
}

static void
read_wants(struct builder *b, struct step *s, const struct ynode *node)
{
	uint32_t n;
	struct want **wants = want_read(b->arena, node, &n, b->sink);
	const struct ynode *status = want_exit(node);

	if (status)
		read_exit(b, s, status);
	if (n == 0)
		return;
	/* What the author declares replaces what was inferred. */
	s->wants = NULL;
	s->n_wants = 0;
	for (uint32_t i = 0; i < n; i++)
		ARENA_PUSH(b->arena, s->wants, s->n_wants, wants[i]);
	note(b, s, node, "want");
}

static void
read_name(struct builder *b UNUSED, struct step *s, const struct ynode *node)
{
	s->name = scalar(node);
}

static void
read_cwd(struct builder *b UNUSED, struct step *s, const struct ynode *node)
{
	s->cwd = scalar(node).at;
}

static void
read_timeout(struct builder *b, struct step *s, const struct ynode *node)
{
	ytree_duration_ms(node, &s->timeout_ms);
	note(b, s, node, "timeout");
}

static void
read_undo(struct builder *b UNUSED, struct step *s, const struct ynode *node)
{
	s->undo = scalar(node);
}

static void
read_idempotent(struct builder *b UNUSED, struct step *s,
		const struct ynode *node)
{
	ytree_bool(node, &s->idempotent);
}

static void
read_sensitive(struct builder *b UNUSED, struct step *s,
	       const struct ynode *node)
{
	ytree_bool(node, &s->sensitive);
}

/* A block's annotation speaks of all its steps; but what is expected in the
 * end belongs to its last step, a question before it to its first. */
enum whose {
	WHOSE_ALL,
	WHOSE_FIRST,
	WHOSE_LAST
};

static const struct reader {
	enum key key;
	enum whose whose;
	void (*read)(struct builder *b, struct step *s,
		     const struct ynode *node);
} readers[] = {
	{ KEY_NAME, WHOSE_LAST, read_name },
	{ KEY_HOST, WHOSE_ALL, read_host },
	{ KEY_CWD, WHOSE_ALL, read_cwd },
	{ KEY_ENV, WHOSE_ALL, read_env },
	{ KEY_IO, WHOSE_ALL, read_io },
	{ KEY_UNTIL, WHOSE_LAST, read_until },
	{ KEY_TIMEOUT, WHOSE_ALL, read_timeout },
	{ KEY_RETRY, WHOSE_LAST, read_retry },
	{ KEY_EXPECT, WHOSE_LAST, read_wants },
	{ KEY_EXIT, WHOSE_LAST, read_exit },
	{ KEY_EFFECT, WHOSE_ALL, read_effect },
	{ KEY_IDEMPOTENT, WHOSE_ALL, read_idempotent },
	{ KEY_WHEN, WHOSE_ALL, read_when },
	{ KEY_CAPTURE, WHOSE_LAST, read_capture },
	{ KEY_CONFIRM, WHOSE_FIRST, read_confirm },
	{ KEY_UNDO, WHOSE_LAST, read_undo },
	{ KEY_SENSITIVE, WHOSE_ALL, read_sensitive },
};

static bool
is_meant(const struct step *s, enum whose whose)
{
	const struct procedure *p = s->procedure;
	uint32_t i = s->ordinal - 1;

	if (whose == WHOSE_FIRST)
		return i == 0 || p->steps[i - 1]->block != s->block;
	if (whose == WHOSE_LAST)
		return i + 1 == p->n_steps ||
		       p->steps[i + 1]->block != s->block;
	return true;
}

void
apply_annotation(struct builder *b, struct step *s)
{
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		const struct ynode *node =
			annotation_get(s->annotation, readers[i].key);

		if (node && is_meant(s, readers[i].whose))
			readers[i].read(b, s, node);
	}
}

/* ---- procedures ------------------------------------------------------------
 */

void
apply_procedure_annotation(struct builder *b)
{
	struct procedure *p = b->p;
	const struct ynode *mode = annotation_get(p->annotation, KEY_MODE);
	int64_t document_ms = setting_default_timeout_ms(b->doc->annotation, 0);
	int64_t timeout_ms =
		setting_ms(p->annotation, KEY_TIMEOUT, document_ms);

	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (p->steps[i]->timeout_ms == 0)
			p->steps[i]->timeout_ms = timeout_ms;
	}
	if (setting_mode(p->annotation) == MODE_INFERRED)
		return;
	p->mode = setting_mode(p->annotation) == MODE_MENU ? PROCEDURE_MENU
							   : PROCEDURE_SEQUENCE;
	reason_add(b->arena, &p->reasons, INFER_ANNOTATED, "mode", mode->where,
		   "%.*s", TEXT_ARG(mode->text));
	/* the author's word is all that counts */
	for (uint32_t i = 0; i < p->n_steps; i++)
		p->steps[i]->branch = NULL;
	if (p->mode == PROCEDURE_MENU)
		choose_one_of(b, (struct range){ 0, p->n_steps },
			      (struct text){ NULL, 0 }, mode->where,
			      INFER_ANNOTATED, "it is annotated as a menu");
}

/* The procedure that ITEM names, reported when there is none or several. */
static struct procedure *
find_reference(struct builder *b, const struct ynode *item)
{
	struct procedure *found[2];
	uint32_t n;

	runbook_find(b->rb, item->text, found, 2, &n);
	if (n == 1)
		return found[0];
	if (n == 0) {
		struct diag *d = diag_report(b->sink, DIAG_UNKNOWN_REFERENCE,
					     item->where, "no procedure '%.*s'",
					     TEXT_ARG(item->text));

		if (runbook_nearest(b->rb, item->text, found, 1))
			diag_help(d, "did you mean '%.*s'?",
				  TEXT_ARG(found[0]->path));
	} else {
		diag_report(b->sink, DIAG_UNKNOWN_REFERENCE, item->where,
			    "several procedures are called '%.*s'",
			    TEXT_ARG(item->text));
	}
	return NULL;
}

static void
resolve_list(struct builder *b, enum key key, struct procedure ***list,
	     uint32_t *n)
{
	const struct ynode *node = annotation_get(b->p->annotation, key);

	for (uint32_t i = 0; node && i < setting_count(node); i++) {
		struct procedure *p = find_reference(b, setting_at(node, i));

		if (p)
			ARENA_PUSH(b->arena, *list, *n, p);
	}
}

void
resolve_references(struct builder *b)
{
	struct procedure *p = b->p;

	resolve_list(b, KEY_NEEDS, &p->needs, &p->n_needs);
	resolve_list(b, KEY_VERIFY, &p->verify, &p->n_verify);
	resolve_list(b, KEY_ROLLBACK, &p->rollback, &p->n_rollback);
	resolve_list(b, KEY_ON_FAILURE, &p->on_failure, &p->n_on_failure);
}
