/* Who reads what of a command: quotes, redirections, hidden characters. */
#include <string.h>

#include "base/visible.h"
#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"
#include "shell/walk.h"

/* ---- ssh "… $1 …" ----------------------------------------------------------
 */

/* Programs that are asked about the machine on which they run. */
static bool
asks_machine(const struct script *s, const struct part *part)
{
	static const char *const programs[] = {
		"hostname", "whoami", "pgrep",     "pidof", "docker",
		"nproc",    "uname",  "systemctl", NULL
	};
	struct text t = script_text(s, part->inner, part->inner_end);

	t = text_trim(t);
	return text_is_any(text_sub(t, 0, text_chr(t, ' ', 0)), programs);
}

static bool
is_meant_there(const struct script *s, const struct part *part)
{
	if (part->kind == PART_PARAM)
		return (part->name.len == 1 &&
			byte_is_digit(part->name.at[0]) &&
			part->name.at[0] != '0' && part->op.len == 0) ||
		       text_is(part->name, "HOSTNAME");
	return (part->kind == PART_COMMAND || part->kind == PART_BACKTICK) &&
	       asks_machine(s, part);
}

static void
check_double(struct lint_pass *pass, const struct script *s,
	     const struct part *text)
{
	for (uint32_t i = 0; i < text->n_parts; i++) {
		const struct part *part = text->parts[i];

		if (is_meant_there(s, part))
			LINT_HELP(
				lint_report(
					pass, DIAG_EXPANDS_HERE,
					script_span(s, part->start, part->end),
					"'%.*s' is replaced on this machine, "
					"before ssh starts",
					TEXT_ARG(script_text(s, part->start,
							     part->end))),
				"write a backslash in front of it");
	}
}

static bool
in_function(const struct script *s, const struct node *node)
{
	uint32_t low = 0, high = s->body->n_items;

	/* the statement around NODE: the last one that begins before it */
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (s->body->items[middle]->node->start <= node->start)
			low = middle + 1;
		else
			high = middle;
	}
	if (low && s->body->items[low - 1]->node->kind == NODE_FUNCTION)
		return true;
	/* a script of its own takes arguments */
	return text_starts(s->source.text, "#!");
}

static bool
on_ssh(void *ctx, const struct script *s, const struct node *n)
{
	struct lint_pass *pass = ctx;

	if (n->kind != NODE_SIMPLE || n->n_words < 3 ||
	    !text_is(script_text(s, n->words[0]->start, n->words[0]->end),
		     "ssh") ||
	    in_function(s, n))
		return true;
	for (uint32_t i = 2; i < n->n_words; i++) {
		const struct part *first =
			n->words[i]->n_parts ? n->words[i]->parts[0] : NULL;

		if (!first)
			continue;
		if (first->kind == PART_DOUBLE && n->words[i]->n_parts == 1)
			check_double(pass, s, first);
		if (first->kind == PART_ESCAPE &&
		    text_is(script_text(s, first->start, first->end), "\\\""))
			LINT_HELP(lint_report(pass, DIAG_QUOTE_SLIP,
					      script_span(s, first->start,
							  n->words[i]->end),
					      "these quotes are escaped and do "
					      "not quote"),
				  "leave the backslashes out");
	}
	return true;
}

/* ---- ssh HOST grep 'a b' ---------------------------------------------------
 */

/* Quoted, with blanks, and no further quotes that the other shell would read.
 */
static bool
loses_quotes(const struct value *v)
{
	struct text t = v->text.text;
	size_t at = 0;

	if (!(v->traits & VALUE_QUOTED) || !t.len ||
	    text_chr(t, '\'', 0) < t.len || text_chr(t, '"', 0) < t.len ||
	    text_chr(t, '\\', 0) < t.len)
		return false;
	while (at < t.len && !byte_is_space(t.at[at]))
		at++;
	return at < t.len;
}

/* ssh joins its words with blanks, and the shell there reads them anew. One
 * word, or a first word with blanks, is meant to be read so. */
static void
check_joined(struct lint_pass *pass, const struct command *c)
{
	struct ssh_call call;

	if (!command_is(c, "ssh") ||
	    !sshcall_parse(pass->arena, c->script, c->argv, c->argc, &call) ||
	    !call.has_command || loses_quotes(&c->argv[call.first]) ||
	    text_is(command_arg(c, call.first), "echo"))
		return;
	for (uint32_t i = call.first + 1; i < c->argc; i++) {
		if (!loses_quotes(&c->argv[i]))
			continue;
		LINT_HELP(lint_report(pass, DIAG_QUOTES_LOST,
				      command_arg_span(c, i),
				      "these quotes are gone on the other "
				      "host: there it is several words"),
			  "put the whole remote command in quotes, with these "
			  "inside of it");
		return;
	}
}

/* ---- sudo … > file ---------------------------------------------------------
 */

static bool
is_roots(struct text path)
{
	static const char *const folders[] = { "/etc/",  "/usr/", "/root/",
					       "/proc/", "/sys/", "/boot/",
					       "/lib/",  "/opt/", NULL };

	for (const char *const *f = folders; *f; f++) {
		if (text_starts(path, *f))
			return true;
	}
	return false;
}

static void
check_sudo(struct lint_pass *pass, const struct command *c)
{
	const struct hop *ssh = hop_ssh(c->hop);

	if (!command_is(c, "sudo") || (ssh && text_is(ssh->user, "root")) ||
	    command_has(c, "--shell", 's', 0))
		return;
	for (uint32_t i = 0; i < c->node->n_redirects; i++) {
		const struct redirect *r = c->node->redirects[i];
		struct text path;

		if ((r->op != REDIRECT_OUT && r->op != REDIRECT_APPEND) ||
		    !r->target)
			continue;
		path = script_text(c->script, r->target->start, r->target->end);
		if (is_roots(path))
			LINT_HELP(lint_report(pass, DIAG_SUDO_REDIRECT,
					      script_span(c->script, r->start,
							  r->end),
					      "'%.*s' is opened without sudo",
					      TEXT_ARG(path)),
				  "write '| sudo tee %.*s'", TEXT_ARG(path));
	}
}

/* ---- rm "$DIR/" ------------------------------------------------------------
 */

static bool
is_set(const struct lint_pass *pass, const struct finding *f)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text t = span_text(f->where), all = pass->doc->src->bytes;
	size_t at = text_chr(t, '$', 0), end;

	/* "${NAME:?}" stops by itself, "${NAME:-/tmp}" is not empty */
	if (text_chr(t, '?', 0) < t.len || text_find(t, TEXT(":-/"), 0) < t.len)
		return true;
	at++;
	if (at < t.len && t.at[at] == '{')
		at++;
	for (end = at;
	     end < t.len && (byte_is_alnum(t.at[end]) || t.at[end] == '_');)
		end++;
	if (end == at)
		return true;
	buf_addt(&b, text_sub(t, at, end));
	buf_addc(&b, '=');
	if (text_find(all, buf_text(&b), 0) < all.len)
		return true;
	/* a loop's variable, or one that is read */
	for (int i = 0; i < 2; i++) {
		buf_clear(&b);
		buf_addf(&b, i ? "read -r %.*s" : "for %.*s in",
			 TEXT_ARG(text_sub(t, at, end)));
		if (text_find(all, buf_text(&b), 0) < all.len)
			return true;
	}
	return false;
}

static void
check_rm(struct lint_pass *pass, const struct step *s)
{
	for (uint32_t i = 0; s->effect && i < s->effect->n_findings; i++) {
		const struct finding *f = &s->effect->findings[i];

		if (strcmp(f->rule, "rm.empty-variable") == 0 && f->where.src &&
		    !is_set(pass, f))
			LINT_HELP(lint_report(pass, DIAG_RM_EMPTY_VARIABLE,
					      f->where,
					      "this may delete from an empty "
					      "variable"),
				  "write \"${NAME:?}\"");
	}
}

/* ---- rm $FILE --------------------------------------------------------------
 */

static void
check_split(struct lint_pass *pass, const struct command *c)
{
	const struct script *s = c->script;

	if (!command_is(c, "rm"))
		return;
	for (uint32_t i = 1; i < c->node->n_words; i++) {
		const struct word *w = c->node->words[i];

		for (uint32_t k = 0; k < w->n_parts; k++) {
			const struct part *part = w->parts[k];
			struct text t = script_text(s, part->start, part->end);

			if (part->kind != PART_PARAM)
				continue;
			LINT_HELP(lint_report(pass, DIAG_RM_UNQUOTED,
					      script_span(s, part->start,
							  part->end),
					      "'%.*s' becomes several names "
					      "where there is a blank in it",
					      TEXT_ARG(t)),
				  "write it in double quotes");
		}
	}
}

/* ---- hidden characters -----------------------------------------------------
 */

/* What turns the direction of reading (CVE-2021-42574): of no use in a
 * runbook, wherever it stands. */
static bool
is_bidi(uint32_t code)
{
	return (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/* Bytes [START, END) of the document, of which CODE is true for what is code:
 * elsewhere zero-width characters hold signs of other scripts together. */
static void
check_hidden_text(struct lint_pass *pass, struct span where, bool is_code)
{
	struct text t = span_text(where);

	for (size_t i = 0; i < t.len;) {
		uint32_t code = 0, at = where.start + (uint32_t)i;
		size_t n = text_utf8(text_sub(t, i, t.len), &code);

		if (n > 1 &&
		    (is_code ? visible_is_hidden(code) : is_bidi(code)))
			lint_report(pass, DIAG_HIDDEN_CHARACTER,
				    (struct span){ where.src, at,
						   at + (uint32_t)n },
				    "a character that is not seen: U+%04X",
				    code);
		i += n ? n : 1;
	}
}

static void
check_hidden_prose(struct lint_pass *pass, const struct block *b)
{
	struct span *spans;

	check_hidden_text(pass, b->where, false);
	if (b->n_runs == 0)
		return;
	spans = arena_alloc(pass->arena, b->n_runs * sizeof(*spans));
	block_run_spans(b, spans);
	for (uint32_t i = 0; i < b->n_runs; i++) {
		/* one that could not be found has the place of its block */
		if (b->runs[i].kind == INLINE_CODE &&
		    spans[i].end - spans[i].start < b->runs[i].text.len + 16)
			check_hidden_text(pass, spans[i], true);
	}
}

static void
check_hidden(struct lint_pass *pass, const struct block *b)
{
	struct text t = b->code->content.text;

	for (size_t i = 0; i < t.len;) {
		uint32_t code = 0;
		size_t n = text_utf8(text_sub(t, i, t.len), &code);

		if (n > 1 && visible_is_hidden(code))
			lint_report(pass, DIAG_HIDDEN_CHARACTER,
				    map_span(b->code->content.map, (uint32_t)i,
					     (uint32_t)(i + n)),
				    "a character that is not seen: U+%04X",
				    code);
		i += n ? n : 1;
	}
}

static void
check(struct lint_pass *pass)
{
	const struct shell_visitor v = { .on_node = on_ssh, .ctx = pass };

	for (uint32_t i = 0; i < pass->n_texts; i++)
		shell_walk_list(pass->texts[i], pass->texts[i]->body, &v);
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		check_joined(pass, &pass->commands[i].c);
		check_sudo(pass, &pass->commands[i].c);
		check_split(pass, &pass->commands[i].c);
	}
	for (uint32_t i = 0; i < pass->rb->n_procedures; i++) {
		const struct procedure *p = pass->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++)
			check_rm(pass, p->steps[k]);
	}
	for (uint32_t i = 0; i < pass->doc->n_blocks; i++) {
		const struct block *b = pass->doc->blocks[i];

		if (b->kind != BLOCK_CODE)
			check_hidden_prose(pass, b);
		else if (b->code->kind == CODE_SCRIPT ||
			 b->code->kind == CODE_CONSOLE ||
			 b->code->kind == CODE_FILE)
			check_hidden(pass, b);
		else
			check_hidden_text(pass, b->where, false);
	}
}

const struct lint_family lint_family_quoting = { "quoting", check };
