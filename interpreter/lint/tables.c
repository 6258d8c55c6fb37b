/* Commands that name what the document's own tables do not have. */
#include <stdlib.h>
#include <string.h>

#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"

/* ---- services of a stack
 * ------------------------------------------------------
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

/* True for a table whose first column has one of NAMES (ended by NULL). */
static bool
is_table_of(const struct block *b, const char *const *names)
{
	struct text head = b->text;

	if (b->kind != BLOCK_PARAGRAPH)
		return false;
	head = text_sub(head, 0, text_chr(head, '\n', 0));
	if (text_chr(head, '|', 1) == head.len)
		return false;
	for (; *names; names++) {
		if (text_eq_nocase(first_cell(head), text_of(*names)))
			return true;
	}
	return false;
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

/* The services' table of the stack in FOLDER: its heading names the folder. */
static const struct block *
table_of(const struct document *doc, struct text folder)
{
	static const char *const names[] = { "service", "services", NULL };
	CLEANUP(buf_release) struct buf name = BUF_INIT;
	const char *words[2] = { NULL, NULL };

	buf_addt(&name, path_name(folder));
	words[0] = buf_cstr(&name);
	if (name.len < 3)
		return NULL;
	for (uint32_t i = 0; i < doc->n_blocks; i++) {
		const struct block *b = doc->blocks[i];

		if (is_table_of(b, names) && b->section->heading &&
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
	const struct lint_command *cd = lint_cd_before(pass, one);
	const struct block *table;
	struct text service = named_service(&one->c);
	struct diag *d;

	if (!service.len || !cd || cd->c.argc != 2)
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

/* ---- hosts -----------------------------------------------------------------
 */

/* The first table of DOC whose first column has one of NAMES. */
static const struct block *
find_table(const struct document *doc, const char *const *names)
{
	for (uint32_t i = 0; i < doc->n_blocks; i++) {
		if (is_table_of(doc->blocks[i], names))
			return doc->blocks[i];
	}
	return NULL;
}

/* TABLE speaks of NAME anywhere: a second column may hold the address. */
static bool
table_mentions(const struct block *table, struct text name)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const char *words[2] = { NULL, NULL };

	buf_addt(&b, name);
	words[0] = buf_cstr(&b);
	return text_has_word(table->text, words);
}

static bool
is_address(struct text host)
{
	for (size_t i = 0; i < host.len; i++) {
		if (!byte_is_digit(host.at[i]) && host.at[i] != '.' &&
		    host.at[i] != ':')
			return false;
	}
	return true;
}

/* The host without "user@". */
static struct text
host_of(const struct step *s)
{
	size_t at = text_chr(s->host, '@', 0);

	return at < s->host.len ? text_sub(s->host, at + 1, s->host.len)
				: s->host;
}

static int
by_host(const void *a, const void *b)
{
	const struct step *l = *(const struct step *const *)a;
	const struct step *r = *(const struct step *const *)b;
	int order = text_cmp(host_of(l), host_of(r));

	return order ? order
		     : (l->where.start > r->where.start) -
			       (l->where.start < r->where.start);
}

/* S is the first step that goes there. */
static void
check_host(struct lint_pass *pass, const struct block *table,
	   const struct step *s)
{
	struct text host = host_of(s);
	struct diag *d;

	if (text_is(host, "localhost") || is_address(host) ||
	    table_mentions(table, host))
		return;
	d = lint_report(pass, DIAG_UNKNOWN_HOST, step_span(s),
			"'%.*s' is not among the hosts of line %u",
			TEXT_ARG(host), span_line(table->where));
	if (d)
		diag_note(d, table->where, "this table");
}

static void
check_hosts(struct lint_pass *pass)
{
	static const char *const names[] = {
		"host",    "hosts",    "hostname",  "server", "servers",
		"machine", "machines", "ssh alias", "alias",  NULL
	};
	const struct block *table = find_table(pass->doc, names);
	const struct step **steps = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; table && i < pass->rb->n_procedures; i++) {
		const struct procedure *p = pass->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			if (p->steps[k]->host.len)
				ARENA_PUSH(pass->arena, steps, n, p->steps[k]);
		}
	}
	if (n)
		qsort(steps, n, sizeof(struct step *), by_host);
	for (uint32_t i = 0; i < n; i++) {
		if (i == 0 ||
		    !text_eq(host_of(steps[i]), host_of(steps[i - 1])))
			check_host(pass, table, steps[i]);
	}
}

/* ---- files -----------------------------------------------------------------
 */

/* The value of a compose command's -f, with its index; 0: none. */
static uint32_t
compose_file(const struct command *c)
{
	uint32_t at = command_is(c, "docker-compose") ? 1
		      : command_is(c, "docker") ? command_find(c, "compose")
						: 0;

	for (uint32_t i = at; at && i + 1 < c->argc; i++) {
		struct text t = command_arg(c, i);

		if (text_is(t, "-f") || text_is(t, "--file"))
			return c->argv[i + 1].state == VALUE_EXACT ? i + 1 : 0;
		/* behind a verb -f means something else */
		if (i > at && t.len && t.at[0] != '-')
			return 0;
	}
	return 0;
}

static void
check_files(struct lint_pass *pass)
{
	static const char *const names[] = { "file", "files", "compose file",
					     NULL };
	const struct block *table = find_table(pass->doc, names);

	if (!table ||
	    text_find(table->text, TEXT("compose"), 0) == table->text.len)
		return;
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct command *c = &pass->commands[i].c;
		uint32_t at = compose_file(c);
		struct text file = path_name(command_arg(c, at));
		struct diag *d;

		if (!at || table_mentions(table, file))
			continue;
		d = lint_report(pass, DIAG_UNKNOWN_FILE,
				command_arg_span(c, at),
				"'%.*s' is not among the files of line %u",
				TEXT_ARG(file), span_line(table->where));
		if (d)
			diag_note(d, table->where, "this table");
	}
}

static void
check(struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->n_commands; i++)
		check_service(pass, &pass->commands[i]);
	check_hosts(pass);
	check_files(pass);
}

const struct lint_family lint_family_tables = { "tables", check };
