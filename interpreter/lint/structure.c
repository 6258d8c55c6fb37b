/* Headings, untagged blocks, sentences. */
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

static void
check_siblings(struct lint_pass *pass, const struct section *s)
{
	for (uint32_t i = 0; i < s->n_children; i++) {
		const struct section *later = s->children[i];

		for (uint32_t k = 0; k < i; k++) {
			struct diag *d;

			if (!text_eq_nocase(s->children[k]->title,
					    later->title) ||
			    !has_script(pass->doc, later) ||
			    !has_script(pass->doc, s->children[k]))
				continue;
			d = lint_report(pass, DIAG_DUPLICATE_HEADING,
					later->heading->where,
					"the heading '%.*s' stands twice",
					TEXT_ARG(later->title));
			if (d)
				diag_note(d, s->children[k]->heading->where,
					  "first here");
			break;
		}
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
		check_prose(pass, doc->blocks[i]);
	}
}

const struct lint_family lint_family_structure = { "structure", check };
