/* Commands against what the document itself says. */
#include <stdlib.h>
#include <string.h>

#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"

/* ---- "use A, NOT B" --------------------------------------------------------
 */

static const char *const compose_defaults[] = { "compose.yaml", "compose.yml",
						"docker-compose.yml",
						"docker-compose.yaml", NULL };

/* What PARAGRAPH says not to use: the code behind the word "not" of an
 * emphasised warning. Empty: none. */
static struct text
forbidden_code(const struct block *b)
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

/* C begins with the words of CODE, two at least. */
static bool
begins_with(const struct command *c, struct text code)
{
	struct text word;
	uint32_t i = 0;

	while (text_next_field(&code, ' ', &word)) {
		struct text arg = i ? command_arg(c, i) : command_program(c);

		if (word.len == 0)
			continue;
		if (!text_eq(arg, word))
			return false;
		i++;
	}
	return i >= 2;
}

static void
check_rule(struct lint_pass *pass, const struct block *b)
{
	struct text code = forbidden_code(b);

	if (!code.len)
		return;
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct lint_command *one = &pass->commands[i];
		struct diag *d;

		if (!begins_with(&one->c, code) &&
		    (!takes_file(&one->c, code) || lint_cd_before(pass, one)))
			continue;
		d = lint_report(pass, DIAG_AGAINST_OWN_RULE,
				command_span(&one->c),
				"this takes '%.*s', which line %u says not to "
				"use",
				TEXT_ARG(code), span_line(b->where));
		if (d)
			diag_note(d, b->where, "here");
	}
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
		path = path_name(doc->blocks[i]->code->file_path);
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

static int
by_name(const void *a, const void *b)
{
	const struct lint_command *l = *(const struct lint_command *const *)a;
	const struct lint_command *r = *(const struct lint_command *const *)b;
	int order = text_cmp(command_arg(&l->c, 0), command_arg(&r->c, 0));

	/* they stand in one array, in the order of the document */
	return order ? order : (l > r) - (l < r);
}

/* The first of the N sorted commands that is called NAME, or NULL. */
static const struct lint_command *
find_bare(const struct lint_command *const *sorted, uint32_t n,
	  struct text name)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (text_cmp(command_arg(&sorted[middle]->c, 0), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && text_eq(command_arg(&sorted[low]->c, 0), name)
		       ? sorted[low]
		       : NULL;
}

static void
check_paths(struct lint_pass *pass)
{
	const struct lint_command **sorted = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < pass->n_commands; i++) {
		if (pass->commands[i].c.argc)
			ARENA_PUSH(pass->arena, sorted, n, &pass->commands[i]);
	}
	if (n)
		qsort(sorted, n, sizeof(struct lint_command *), by_name);
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct command *c = &pass->commands[i].c;
		struct text path = command_arg(c, 0);
		const struct lint_command *bare;

		if (!path.len || path.at[0] != '/' ||
		    text_starts(path, "/etc/init.d/"))
			continue;
		bare = find_bare(sorted, n, path_name(path));
		if (bare)
			lint_report(pass, DIAG_TWO_PATHS,
				    command_arg_span(c, 0),
				    "'%.*s' here, '%.*s' on line %u",
				    TEXT_ARG(path), TEXT_ARG(path_name(path)),
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

/* ---- certificates ----------------------------------------------------------
 */

/* acme-companion keeps them as certs/DOMAIN/fullchain.pem or certs/DOMAIN.crt
 * ("Persistent data" in its documentation); live/ is certbot's. */
static void
check_certificates(struct lint_pass *pass)
{
	static const char path[] = "/etc/nginx/certs/live/";
	static const char *const words[] = {
		"acme-companion", "letsencrypt-nginx-proxy-companion", NULL
	};
	bool asked = false;

	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct command *c = &pass->commands[i].c;

		for (uint32_t k = 1; k < c->argc; k++) {
			if (!text_starts(command_arg(c, k), path))
				continue;
			if (!asked &&
			    !text_has_word(pass->doc->src->bytes, words))
				return;
			asked = true;
			LINT_HELP(lint_report(
					  pass, DIAG_CERT_PATH,
					  command_arg_span(c, k),
					  "acme-companion, which this document "
					  "speaks of, keeps no certificates "
					  "below live/"),
				  "take the path without live/");
		}
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

		check_units(pass, c);
		for (uint32_t k = 1; k < c->argc; k++)
			check_address(pass, command_arg(c, k),
				      command_arg_span(c, k));
	}
	check_paths(pass);
	check_checkout(pass);
	check_certificates(pass);
}

const struct lint_family lint_family_agreement = { "agreement", check };
