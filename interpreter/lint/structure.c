/* Headings, untagged blocks, sentences. */
#include <stdlib.h>

#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"
#include "shell/parse.h"

static bool
has_script(const struct document *doc, const struct section *s)
{
	for (uint32_t i = s->first; i < s->end; i++) {
		const struct block *b = doc->blocks[i];

		if (b->kind == BLOCK_CODE && (b->code->kind == CODE_SCRIPT ||
					      b->code->kind == CODE_CONSOLE))
			return true;
	}
	return false;
}

struct sibling {
	const struct section *section;
	uint32_t order;
};

static int
by_title(const void *a, const void *b)
{
	const struct sibling *l = a, *r = b;
	struct text x = l->section->title, y = r->section->title;

	for (size_t i = 0; i < x.len && i < y.len; i++) {
		char p = byte_lower(x.at[i]), q = byte_lower(y.at[i]);

		if (p != q)
			return p < q ? -1 : 1;
	}
	if (x.len != y.len)
		return x.len < y.len ? -1 : 1;
	return (l->order > r->order) - (l->order < r->order);
}

static void
check_siblings(struct lint_pass *pass, const struct section *s)
{
	struct sibling *list = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->n_children && s->n_children > 1; i++) {
		struct sibling one = { s->children[i], i };

		if (has_script(pass->doc, s->children[i]))
			ARENA_PUSH(pass->arena, list, n, one);
	}
	if (n)
		qsort(list, n, sizeof(*list), by_title);
	for (uint32_t i = 1, first = 0; i < n; i++) {
		const struct section *later = list[i].section;
		struct diag *d;

		if (!text_eq_nocase(list[first].section->title, later->title)) {
			first = i;
			continue;
		}
		d = lint_report(pass, DIAG_DUPLICATE_HEADING,
				later->heading->where,
				"the heading '%.*s' stands twice",
				TEXT_ARG(later->title));
		if (d)
			diag_note(d, list[first].section->heading->where,
				  "first here");
	}
}

/* A section with nothing in it. The last one of a document may be a mark of a
 * site generator; a title alone is a stub. */
static void
check_empty(struct lint_pass *pass, const struct section *s)
{
	if (s->n_children || s->end > s->first + 1 || s->level < 2)
		return;
	lint_report(pass, DIAG_EMPTY_SECTION, s->heading->where,
		    "nothing stands below '%.*s'", TEXT_ARG(s->title));
}

static const char *const programs[] = {
	"sudo",      "kubectl", "docker",  "systemctl", "ssh",
	"curl",      "apt",     "apt-get", "yum",       "dnf",
	"helm",      "cd",      "mkdir",   "git",       "journalctl",
	"psql",      "scp",     "rsync",   "podman",    "oc",
	"terraform", "ansible", "chmod",   "chown",     NULL
};

static bool
is_command_line(struct text line)
{
	struct text first = text_sub(line, 0, text_chr(line, ' ', 0));
	struct text rest = text_trim(text_sub(line, first.len, line.len));

	return text_is_any(first, programs) && rest.len > 0;
}

/* All lines are commands of programs that everybody knows. */
static bool
looks_like_shell(struct text t)
{
	struct text line;
	unsigned n = 0;

	while (text_next_line(&t, &line)) {
		if (text_trim(line).len == 0)
			continue;
		if (text_starts(line, "$ "))
			line = text_sub(line, 2, line.len);
		if (!is_command_line(line))
			return false;
		n++;
	}
	return n > 0;
}

static void
check_untagged(struct lint_pass *pass, const struct block *b)
{
	struct span where = b->where;
	struct diag *d;

	if (b->kind != BLOCK_CODE || b->code->kind != CODE_UNTAGGED ||
	    !b->code->fenced || !looks_like_shell(b->code->content.text))
		return;
	where.end = where.start + b->code->fence_len;
	d = lint_report(pass, DIAG_UNTAGGED_SHELL, where,
			"this block has no language and holds shell commands");
	LINT_HELP(d, "write ```bash, or ```text when it is output");
	if (d)
		diag_fix(d, false, where.end, where.end, TEXT("bash"),
			 "say that it is bash");
}

/* "Then add a DNS record …": a step that no run would ask about. */
static bool
is_told(struct text line)
{
	static const char *const verbs[] = {
		"add",    "create", "open",   "set",   "change", "update",
		"remove", "delete", "enable", "press", "click",  "log",
		"edit",   "wait",   "copy",   "ask",   "notify", NULL
	};
	struct text verb;

	if (!text_starts(line, "Then "))
		return false;
	line = text_sub(line, 5, line.len);
	verb = text_sub(line, 0, text_chr(line, ' ', 0));
	return text_is_any(verb, verbs);
}

static void
check_prose(struct lint_pass *pass, const struct block *b)
{
	struct text rest = span_text(b->where), line;
	uint32_t at = b->where.start;

	if (b->kind != BLOCK_PARAGRAPH || b->in)
		return;
	while (text_next_line(&rest, &line)) {
		if (is_told(line) && !text_ends(text_trim(line), ":"))
			lint_report(pass, DIAG_MANUAL_IN_PROSE,
				    (struct span){ b->where.src, at,
						   at + (uint32_t)line.len },
				    "this is to be done by hand, and no step "
				    "says so");
		at = (uint32_t)(rest.at - pass->doc->src->bytes.at);
	}
}

/* "… run this:"; no ":smile:", and no ":::" of a generator. */
static bool
announces(struct text t)
{
	size_t at;

	if (t.len < 8 || !text_ends(t, ":") || !byte_is_alpha(t.at[t.len - 2]))
		return false;
	for (at = t.len - 1; at > 0 && !byte_is_space(t.at[at - 1]);)
		at--;
	return at > 0 && t.at[at] != ':' &&
	       text_chr(text_sub(t, 0, t.len - 1), '\n', 0) == t.len - 1;
}

/* "Run this:", and nothing comes. */
static void
check_dead_end(struct lint_pass *pass, uint32_t i)
{
	const struct document *doc = pass->doc;
	const struct block *b = doc->blocks[i];
	const struct block *next =
		i + 1 < doc->n_blocks ? doc->blocks[i + 1] : NULL;
	struct text t = text_trim(b->text);
	struct span where = b->where;

	if (b->kind != BLOCK_PARAGRAPH || b->in || !announces(t) ||
	    (next && next->kind != BLOCK_HEADING))
		return;
	/* a heading one deeper may be what is announced */
	if (next && next->level > b->section->level)
		return;
	while (where.end > where.start &&
	       byte_is_space(doc->src->bytes.at[where.end - 1]))
		where.end--;
	where.start =
		source_line_start(doc->src, source_line(doc->src, where.end));
	LINT_HELP(lint_report(pass, DIAG_DEAD_END, where,
			      "this announces something, and nothing comes"),
		  "write what is to be done, or end the sentence");
}

/* ~~~ around B becomes ```. */
static void
offer_backquotes(struct diag *d, const struct block *b)
{
	struct text t = span_text(b->where), marks = { "````````", 8 };
	size_t len = b->code->fence_len, end = t.len;
	uint32_t start = b->where.start;

	while (end > 0 && t.at[end - 1] != '~')
		end--;
	if (!b->code->closed || len > marks.len || end < 2 * len ||
	    !text_starts(t, "~~~") || text_chr(t, '`', 0) < t.len)
		return;
	marks.len = len;
	diag_fix(d, true, start, start + (uint32_t)len, marks,
		 "use backquotes");
	for (len = 0; len < end && t.at[end - 1 - len] == '~';)
		len++;
	diag_fix(d, true, start + (uint32_t)(end - len), start + (uint32_t)end,
		 marks, "use backquotes");
}

static void
check_tilde(struct lint_pass *pass, const struct block *b)
{
	struct span where = b->where;
	struct diag *d;

	if (b->kind != BLOCK_CODE || !b->code->fenced || b->code->fence != '~')
		return;
	where.end = where.start + b->code->fence_len;
	d = lint_report(pass, DIAG_TILDE_FENCE, where,
			"a fence of tildes, where others expect backquotes");
	if (d)
		offer_backquotes(d, b);
}

static void
check(struct lint_pass *pass)
{
	const struct document *doc = pass->doc;

	check_siblings(pass, doc->root);
	for (uint32_t i = 0; i < doc->n_sections; i++) {
		check_siblings(pass, doc->sections[i]);
		check_empty(pass, doc->sections[i]);
	}
	for (uint32_t i = 0; i < doc->n_blocks; i++) {
		check_untagged(pass, doc->blocks[i]);
		check_tilde(pass, doc->blocks[i]);
		check_dead_end(pass, i);
		check_prose(pass, doc->blocks[i]);
	}
}

const struct lint_family lint_family_structure = { "structure", check };
