/* Commands against what the document itself says. */
#include <string.h>

#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"

/* ---- "use A, NOT B" --------------------------------------------------------
 */

static const char *const compose_defaults[] = { "compose.yaml", "compose.yml",
						"docker-compose.yml",
						"docker-compose.yaml", NULL };

/* The file that PARAGRAPH says not to use: the name in code behind the word
 * "not" of an emphasised warning. Empty: none. */
static struct text
forbidden_file(const struct block *b)
{
	static const char *const warnings[] = { "critical", "important",
						"warning",  "never",
						"danger",   "caution",
						NULL };
	static const char *const nots[] = { "not", "never", "instead of",
					    NULL };
	bool warns = b->in && b->in->kind == CONTAINER_ALERT;

	if (b->kind != BLOCK_PARAGRAPH || b->n_runs == 0)
		return (struct text){ NULL, 0 };
	warns |= b->runs[0].kind == INLINE_STRONG &&
		 text_has_word(b->runs[0].text, warnings);
	for (uint32_t i = 1; warns && i < b->n_runs; i++) {
		const struct inline_run *before = &b->runs[i - 1];
		struct text t = before->text;

		if (b->runs[i].kind == INLINE_CODE &&
		    before->kind == INLINE_TEXT &&
		    text_has_word(
			    text_sub(t, t.len > 16 ? t.len - 16 : 0, t.len),
			    nots))
			return b->runs[i].text;
	}
	return (struct text){ NULL, 0 };
}

/* The file that a compose command takes. */
static bool
takes_file(const struct command *c, struct text file)
{
	uint32_t at =
		command_is(c, "docker-compose")
			? 1
			: (command_is(c, "docker") ? command_find(c, "compose")
						   : 0);
	bool named = false;

	if (!at)
		return false;
	for (uint32_t i = 1; i + 1 < c->argc; i++) {
		if (!text_is(command_arg(c, i), "-f") &&
		    !text_is(command_arg(c, i), "--file"))
			continue;
		/* behind a verb -f means something else */
		if (i != at + 1 && i != at && i != at + 3)
			continue;
		named = true;
		if (text_eq(command_arg(c, i + 1), file))
			return true;
	}
	return !named && text_is_any(file, compose_defaults) &&
	       !command_has(c, "--project-directory", 0, 0) && c->argc > at + 1;
}

/* True when a `cd` in the same shell text leads to another project. */
static bool
is_elsewhere(const struct lint_pass *pass, const struct lint_command *one,
	     const struct lint_command **ret_cd)
{
	*ret_cd = NULL;
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct lint_command *cd = &pass->commands[i];

		if (cd->step == one->step && cd->c.script == one->c.script &&
		    command_is(&cd->c, "cd") &&
		    cd->c.node->start < one->c.node->start)
			*ret_cd = cd;
	}
	return *ret_cd != NULL;
}

static void
check_rule(struct lint_pass *pass, const struct block *b)
{
	struct text file = forbidden_file(b);

	if (!file.len)
		return;
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct lint_command *one = &pass->commands[i], *cd;
		struct diag *d;

		if (!takes_file(&one->c, file) || is_elsewhere(pass, one, &cd))
			continue;
		d = lint_report(pass, DIAG_AGAINST_OWN_RULE,
				command_span(&one->c),
				"this takes '%.*s', which line %u says not to "
				"use",
				TEXT_ARG(file), span_line(b->where));
		if (d)
			diag_note(d, b->where, "here");
	}
}

/* ---- tables of services ----------------------------------------------------
 */

/* The first cell of a table's row, without blanks and backquotes. */
static struct text
first_cell(struct text row)
{
	row = text_trim(row);
	if (row.len && row.at[0] == '|')
		row = text_sub(row, 1, row.len);
	row = text_trim(text_sub(row, 0, text_chr(row, '|', 0)));
	while (row.len && row.at[0] == '`')
		row = text_sub(row, 1, row.len);
	return text_sub(row, 0, text_chr(row, '`', 0));
}

static bool
is_service_table(const struct block *b)
{
	struct text head = b->text;

	if (b->kind != BLOCK_PARAGRAPH)
		return false;
	head = text_sub(head, 0, text_chr(head, '\n', 0));
	return text_chr(head, '|', 1) < head.len &&
	       (text_eq_nocase(first_cell(head), TEXT("service")) ||
		text_eq_nocase(first_cell(head), TEXT("services")));
}

static bool
table_has(const struct block *b, struct text service)
{
	struct text rest = b->text, line;

	while (text_next_line(&rest, &line)) {
		if (text_eq_nocase(first_cell(line), service))
			return true;
	}
	return false;
}

static struct text
last_part(struct text path)
{
	while (path.len && path.at[path.len - 1] == '/')
		path = text_sub(path, 0, path.len - 1);
	for (size_t i = path.len; i > 0; i--) {
		if (path.at[i - 1] == '/')
			return text_sub(path, i, path.len);
	}
	return path;
}

/* The services' table of the stack in FOLDER: its heading names the folder. */
static const struct block *
table_of(const struct document *doc, struct text folder)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT;
	const char *words[2] = { NULL, NULL };

	buf_addt(&name, last_part(folder));
	words[0] = buf_cstr(&name);
	if (name.len < 3)
		return NULL;
	for (uint32_t i = 0; i < doc->n_blocks; i++) {
		const struct block *b = doc->blocks[i];

		if (is_service_table(b) && b->section->heading &&
		    text_has_word(b->section->title, words))
			return b;
	}
	return NULL;
}

/* The service that a compose command names. */
static struct text
named_service(const struct command *c)
{
	static const char *const verbs[] = { "run",  "exec",  "logs", "restart",
					     "stop", "start", "kill", NULL };
	bool compose = false;

	for (const char *const *verb = verbs; *verb; verb++) {
		uint32_t at = command_container_verb(c, *verb, &compose);

		if (!at || !compose)
			continue;
		for (uint32_t i = at + 1; i < c->argc; i++) {
			struct text t = command_arg(c, i);

			if (t.len && t.at[0] != '-')
				return c->argv[i].state == VALUE_EXACT
					       ? t
					       : (struct text){ NULL, 0 };
			/* an option's value cannot be told from a service */
			if (text_is(t, "-e") || text_is(t, "-u") ||
			    text_is(t, "-w") || text_is(t, "-n") ||
			    text_is(t, "--tail") || text_is(t, "-t"))
				i++;
		}
	}
	return (struct text){ NULL, 0 };
}

static void
check_service(struct lint_pass *pass, const struct lint_command *one)
{
	const struct lint_command *cd;
	const struct block *table;
	struct text service = named_service(&one->c);
	struct diag *d;

	if (!service.len || !is_elsewhere(pass, one, &cd) || cd->c.argc != 2)
		return;
	table = table_of(pass->doc, command_arg(&cd->c, 1));
	if (!table || table_has(table, service))
		return;
	d = lint_report(pass, DIAG_UNKNOWN_SERVICE, command_span(&one->c),
			"'%.*s' is not among the services of line %u",
			TEXT_ARG(service), span_line(table->where));
	if (d)
		diag_note(d, table->where, "this table");
}

/* ---- units -----------------------------------------------------------------
 */

static bool
unit_is_shown(const struct document *doc, struct text unit, bool *ret_related)
{
	size_t dash = text_chr(unit, '-', 0);
	bool shown = false;

	*ret_related = false;
	for (uint32_t i = 0; i < doc->n_blocks; i++) {
		struct text path;

		if (doc->blocks[i]->kind != BLOCK_CODE ||
		    doc->blocks[i]->code->kind != CODE_FILE)
			continue;
		path = last_part(doc->blocks[i]->code->file_path);
		shown |= text_eq(path, unit);
		*ret_related |= dash < unit.len && path.len > dash &&
				text_eq(text_sub(path, 0, dash + 1),
					text_sub(unit, 0, dash + 1)) &&
				(text_ends(path, ".service") ||
				 text_ends(path, ".timer"));
	}
	return shown;
}

static void
check_units(struct lint_pass *pass, const struct command *c)
{
	if (!command_is(c, "systemctl") && !command_is(c, "journalctl"))
		return;
	for (uint32_t i = 1; i < c->argc; i++) {
		struct text unit = command_arg(c, i);
		bool related;

		if ((!text_ends(unit, ".service") &&
		     !text_ends(unit, ".timer")) ||
		    unit_is_shown(pass->doc, unit, &related) || !related)
			continue;
		lint_report(pass, DIAG_UNIT_NOT_DOCUMENTED,
			    command_arg_span(c, i),
			    "the document shows no file of this unit, as it "
			    "does of others");
	}
}

/* ---- two paths of one program ----------------------------------------------
 */

static void
check_paths(struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct command *c = &pass->commands[i].c;
		struct text path = command_arg(c, 0);
		const struct lint_command *bare = NULL;

		if (c->argc == 0 || !path.len || path.at[0] != '/' ||
		    text_starts(path, "/etc/init.d/"))
			continue;
		for (uint32_t k = 0; k < pass->n_commands && !bare; k++) {
			if (text_eq(command_arg(&pass->commands[k].c, 0),
				    last_part(path)))
				bare = &pass->commands[k];
		}
		if (bare)
			lint_report(pass, DIAG_TWO_PATHS,
				    command_arg_span(c, 0),
				    "'%.*s' here, '%.*s' on line %u",
				    TEXT_ARG(path), TEXT_ARG(last_part(path)),
				    bare->step->line);
	}
}

/* ---- addresses -------------------------------------------------------------
 */

/* Four numbers; RET gets them. */
static bool
read_address(struct text t, uint64_t ret[4])
{
	struct text field;
	int n = 0;

	while (n < 4 && text_next_field(&t, '.', &field)) {
		if (field.len > 3 || !text_to_uint(field, 255, &ret[n++]))
			return false;
	}
	return n == 4 && t.len == 0;
}

/* Public, and no well-known resolver, example or broadcast (RFC 6890). */
static bool
is_public(const uint64_t a[4])
{
	if (a[0] == 0 || a[0] == 10 || a[0] == 127 || a[0] >= 224 ||
	    (a[0] == 100 && a[1] >= 64 && a[1] < 128) ||
	    (a[0] == 169 && a[1] == 254) ||
	    (a[0] == 172 && a[1] >= 16 && a[1] < 32) ||
	    (a[0] == 192 && (a[1] == 168 || (a[1] == 0 && a[2] <= 2))) ||
	    (a[0] == 198 && (a[1] == 18 || a[1] == 19 || a[1] == 51)) ||
	    (a[0] == 203 && a[1] == 0 && a[2] == 113))
		return false;
	/* 1.1.1.1, 8.8.8.8, 9.9.9.9, 1.2.3.4: known to everybody */
	return !(a[0] == a[1] && a[1] == a[2]) && !(a[0] == 8 && a[1] == 8) &&
	       !(a[0] == 1 && a[1] < 3);
}

static void
check_address(struct lint_pass *pass, struct text t, struct span where)
{
	uint64_t a[4];

	if (read_address(t, a) && is_public(a))
		lint_report(pass, DIAG_FIXED_ADDRESS, where,
			    "%.*s is a public address, and addresses change",
			    TEXT_ARG(t));
}

static void
check_inline(struct lint_pass *pass, const struct block *b)
{
	struct span *spans;

	if (b->n_runs == 0)
		return;
	spans = arena_alloc(pass->arena, b->n_runs * sizeof(*spans));
	block_run_spans(b, spans);
	for (uint32_t i = 0; i < b->n_runs; i++) {
		if (b->runs[i].kind == INLINE_CODE)
			check_address(pass, b->runs[i].text, spans[i]);
	}
}

/* ---- git checkout COMMIT ---------------------------------------------------
 */

static bool
comes_back(const struct lint_pass *pass)
{
	static const char *const branches[] = { "main",    "master", "-",
						"develop", "trunk",  NULL };

	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct command *c = &pass->commands[i].c;

		if (!command_is(c, "git"))
			continue;
		if (command_find(c, "switch"))
			return true;
		if (command_find(c, "checkout") &&
		    text_is_any(command_arg(c, c->argc - 1), branches))
			return true;
	}
	return false;
}

static bool
is_commit(const struct value *v)
{
	static const char *const words[] = { "commit", "hash", "sha", NULL };
	struct text t = v->text.text;

	if (v->traits & VALUE_HAS_PLACEHOLDER)
		return text_has_word(t, words);
	for (size_t i = 0; i < t.len; i++) {
		if (!strchr("0123456789abcdef", t.at[i]))
			return false;
	}
	return v->state == VALUE_EXACT && t.len >= 7;
}

static void
check_checkout(struct lint_pass *pass)
{
	bool pulls = false;

	for (uint32_t i = 0; i < pass->n_commands; i++)
		pulls |= command_is(&pass->commands[i].c, "git") &&
			 command_find(&pass->commands[i].c, "pull");
	if (!pulls || comes_back(pass))
		return;
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct command *c = &pass->commands[i].c;
		uint32_t at =
			command_is(c, "git") ? command_find(c, "checkout") : 0;

		if (at && at + 2 == c->argc && is_commit(&c->argv[at + 1]))
			LINT_HELP(lint_report(pass, DIAG_DETACHED_HEAD,
					      command_span(c),
					      "this leaves no branch, and the "
					      "next git pull fails"),
				  "say how to get back: git switch main");
	}
}

static void
check(struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->doc->n_blocks; i++) {
		check_rule(pass, pass->doc->blocks[i]);
		check_inline(pass, pass->doc->blocks[i]);
	}
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct command *c = &pass->commands[i].c;

		check_service(pass, &pass->commands[i]);
		check_units(pass, c);
		for (uint32_t k = 1; k < c->argc; k++)
			check_address(pass, command_arg(c, k),
				      command_arg_span(c, k));
	}
	check_paths(pass);
	check_checkout(pass);
}

const struct lint_family lint_family_agreement = { "agreement", check };
