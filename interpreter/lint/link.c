/* Links that lead nowhere. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/width.h"
#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"

enum {
	PARENTS = 8 /* folders above the document that are looked into */
};

/* ---- files -----------------------------------------------------------------
 */

/* TARGET, UP folders above the document, as seen from the working folder. */
static void
place_of(const struct lint_pass *pass, struct text target, unsigned up,
	 struct buf *ret)
{
	const char *own = pass->doc->src->path;
	const char *slash = strrchr(own, '/');

	if (slash)
		buf_add(ret, own, (size_t)(slash - own) + 1);
	while (up--)
		buf_adds(ret, "../");
	buf_addt(ret, target);
}

static bool
is_there(struct lint_pass *pass, struct text target, unsigned up)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;

	place_of(pass, target, up, &path);
	return lint_exists(pass, buf_cstr(&path));
}

/* TARGET without "#…" and "?…", with "%20" and the like decoded. */
static void
decode(struct text target, struct buf *ret)
{
	static const char digits[] = "0123456789abcdef";

	target = text_sub(target, 0, text_chr(target, '#', 0));
	target = text_sub(target, 0, text_chr(target, '?', 0));
	for (size_t i = 0; i < target.len; i++) {
		const char *high = NULL, *low = NULL;

		if (target.at[i] == '%' && i + 2 < target.len) {
			high = strchr(digits, byte_lower(target.at[i + 1]));
			low = strchr(digits, byte_lower(target.at[i + 2]));
		}
		if (high && low && *high && *low) {
			buf_addc(ret,
				 (char)((high - digits) * 16 + (low - digits)));
			i += 2;
		} else {
			buf_addc(ret, target.at[i]);
		}
	}
}

static bool
is_relative(struct text t)
{
	if (t.len == 0 || t.at[0] == '/' || t.at[0] == '#' || t.at[0] == '<' ||
	    t.at[0] == '~')
		return false;
	/* schemes, templates and roots ("~/") of site generators, absolute
	 * Windows paths */
	return text_chr(t, ':', 0) == t.len && text_chr(t, '{', 0) == t.len;
}

/* D is about the link to TARGET: OLD, at AT in it, becomes NEW. The target
 * must stand once in the link, as written. */
static void
offer_target(struct diag *d, struct text target, size_t at, struct text old,
	     struct text new)
{
	struct text link;
	size_t found;

	if (!d)
		return;
	link = span_text(d->where);
	found = text_find(link, target, 0);
	if (found == link.len || text_find(link, target, found + 1) < link.len)
		return;
	at += d->where.start + found;
	diag_fix(d, true, (uint32_t)at, (uint32_t)(at + old.len), new,
		 "link to '%.*s'", TEXT_ARG(new));
}

/* The name in the folder of PATH that is its last part but for case, into RET;
 * false when there is none. */
static bool
find_other_case(struct lint_pass *pass, const char *path, struct buf *ret)
{
	CLEANUP(buf_release) struct buf folder = BUF_INIT;
	const char *slash = strrchr(path, '/');
	struct text name = text_of(slash ? slash + 1 : path);
	struct dirent *entry;
	DIR *dir;

	buf_add(&folder, path, slash ? (size_t)(slash - path) + 1 : 0);
	dir = opendir(folder.len ? buf_cstr(&folder) : ".");
	while (dir && !ret->len && (entry = readdir(dir))) {
		if (text_eq_nocase(text_of(entry->d_name), name))
			buf_adds(ret, entry->d_name);
	}
	if (dir)
		closedir(dir);
	if (!ret->len)
		return false;
	buf_adds(&folder, buf_cstr(ret));
	return lint_exists(pass, buf_cstr(&folder));
}

/* PATH, to which RUN leads, is not there. */
static void
report_missing(struct lint_pass *pass, const struct inline_run *run,
	       const char *path, struct span where)
{
	CLEANUP(buf_release) struct buf full = BUF_INIT;
	CLEANUP(buf_release) struct buf name = BUF_INIT;
	const char *slash = strrchr(path, '/');
	struct text last = text_of(slash ? slash + 1 : path);
	struct text target = run->target;
	size_t end = text_chr(target, '#', 0);
	struct diag *d;

	place_of(pass, text_of(path), 0, &full);
	if (!find_other_case(pass, buf_cstr(&full), &name)) {
		lint_report(pass, DIAG_MISSING_DOCUMENT, where, "no file '%s'",
			    path);
		return;
	}
	d = lint_report(pass, DIAG_LINK_CASE, where,
			"the file is called '%s', not '%.*s'", buf_cstr(&name),
			TEXT_ARG(last));
	LINT_HELP(d, "write '%s'", buf_cstr(&name));
	if (end >= last.len &&
	    text_eq(text_sub(target, end - last.len, end), last))
		offer_target(d, target, end - last.len, last, buf_text(&name));
}

static void
check_file(struct lint_pass *pass, const struct inline_run *run,
	   struct span where)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;

	decode(run->target, &path);
	if (!is_relative(buf_text(&path)) ||
	    !text_ends(buf_text(&path), ".md") ||
	    is_there(pass, buf_text(&path), 0))
		return;
	report_missing(pass, run, buf_cstr(&path), where);
}

/* `docs/runbooks/x.md` in running text, from any folder above. */
static void
check_path(struct lint_pass *pass, const struct inline_run *run,
	   struct span where)
{
	struct text t = run->text;

	if (!is_relative(t) || !text_ends(t, ".md") ||
	    text_chr(t, '/', 0) == t.len || text_chr(t, ' ', 0) < t.len ||
	    text_chr(t, '*', 0) < t.len || text_chr(t, '<', 0) < t.len ||
	    text_chr(t, '$', 0) < t.len || t.at[0] == '~')
		return;
	for (unsigned up = 0; up < PARENTS; up++) {
		if (is_there(pass, t, up))
			return;
	}
	lint_report(pass, DIAG_PATH_NOT_FOUND, where,
		    "no file '%.*s' here or in a folder above", TEXT_ARG(t));
}

/* ---- anchors ---------------------------------------------------------------
 */

/* Anchors of a document, sorted. */
struct anchors {
	struct text *exact; /* slugs, and what is written out */
	struct text *plain; /* the same without signs */
	uint32_t n_exact, n_plain;
	bool myst;
};

static int
by_text(const void *a, const void *b)
{
	return text_cmp(*(const struct text *)a, *(const struct text *)b);
}

static bool
holds(const struct text *list, uint32_t n, struct text t)
{
	return n && bsearch(&t, list, n, sizeof(t), by_text);
}

/* T with letters and digits only, in the arena. */
static struct text
plain_of(struct lint_pass *pass, struct text t)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (size_t i = 0; i < t.len; i++) {
		if (byte_is_alnum(t.at[i]))
			buf_addc(&b, t.at[i]);
	}
	return arena_text(pass->arena, buf_text(&b));
}

static void
add_anchor(struct lint_pass *pass, struct anchors *a, struct text name)
{
	if (name.len)
		ARENA_PUSH(pass->arena, a->exact, a->n_exact, name);
}

/* What is written out as OPENS + name + CLOSES (one byte). */
static void
collect_written(struct lint_pass *pass, struct anchors *a, const char *opens,
		char closes)
{
	struct text all = pass->doc->src->bytes, mark = text_of(opens);

	for (size_t at = 0; (at = text_find(all, mark, at)) < all.len;) {
		size_t end = at += mark.len;

		while (end < all.len && all.at[end] != closes &&
		       !byte_is_space(all.at[end]))
			end++;
		if (end < all.len && all.at[end] == closes)
			add_anchor(pass, a, text_sub(all, at, end));
		at = end;
	}
}

static void
collect_anchors(struct lint_pass *pass, struct anchors *a)
{
	for (uint32_t i = 0; i < pass->doc->n_sections; i++) {
		struct text slug = pass->doc->sections[i]->slug;

		add_anchor(pass, a, slug);
		ARENA_PUSH(pass->arena, a->plain, a->n_plain,
			   plain_of(pass, slug));
	}
	collect_written(pass, a, "id=\"", '"');
	collect_written(pass, a, "id='", '\'');
	collect_written(pass, a, "id=", '>');
	collect_written(pass, a, "name=\"", '"');
	collect_written(pass, a, "name='", '\'');
	collect_written(pass, a, "{#", '}');
	collect_written(pass, a, "(", ')');
	if (a->n_exact)
		qsort(a->exact, a->n_exact, sizeof(*a->exact), by_text);
	if (a->n_plain)
		qsort(a->plain, a->n_plain, sizeof(*a->plain), by_text);
}

/* Anchors that pages have without a heading; lines of a file; templates. */
static bool
is_passed(struct text anchor)
{
	return anchor.len == 0 || text_is(anchor, "top") ||
	       text_is(anchor, "readme") ||
	       text_starts(anchor, "user-content-") ||
	       text_chr(anchor, '{', 0) < anchor.len ||
	       text_chr(anchor, '/', 0) < anchor.len ||
	       text_chr(anchor, ':', 0) < anchor.len;
}

/* MyST resolves "#name" over all documents: "(name)=" and directives are its
 * own, and so are links without a text. */
static bool
is_myst(const struct document *doc)
{
	for (uint32_t i = 0; i < doc->n_blocks; i++) {
		const struct block *b = doc->blocks[i];

		if (b->kind == BLOCK_CODE && b->code->kind == CODE_DIRECTIVE)
			return true;
		if (b->kind == BLOCK_PARAGRAPH && text_starts(b->text, "(") &&
		    text_ends(text_sub(b->text, 0, text_chr(b->text, '\n', 0)),
			      ")="))
			return true;
		for (uint32_t k = 0; k < b->n_runs; k++) {
			if (b->runs[k].kind == INLINE_LINK &&
			    b->runs[k].text.len == 0 &&
			    text_starts(b->runs[k].target, "#"))
				return true;
		}
	}
	return false;
}

static void
check_anchor(struct lint_pass *pass, const struct anchors *a,
	     const struct inline_run *run, struct span where)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text anchor = text_sub(run->target, 1, run->target.len);
	struct diag *d;

	/* generators differ in what they make of signs ("a.b", "a -- b"): a
	 * link that is right but for those counts as right */
	if (is_passed(anchor) || text_chr(anchor, '%', 0) < anchor.len ||
	    holds(a->exact, a->n_exact, anchor) ||
	    holds(a->plain, a->n_plain, plain_of(pass, anchor)))
		return;
	for (size_t i = 0; i < anchor.len; i++)
		buf_addc(&b, byte_lower(anchor.at[i]));
	if (!holds(a->exact, a->n_exact, buf_text(&b))) {
		lint_report(pass, DIAG_MISSING_ANCHOR, where,
			    "no section '#%.*s' in this document",
			    TEXT_ARG(anchor));
		return;
	}
	d = lint_report(pass, DIAG_ANCHOR_CASE, where,
			"the anchor '#%.*s' is in lower case",
			TEXT_ARG(anchor));
	LINT_HELP(d, "write '#%s'", buf_cstr(&b));
	offer_target(d, run->target, 1, anchor, buf_text(&b));
}

static void
check_block(struct lint_pass *pass, const struct anchors *a,
	    const struct block *b)
{
	struct span *spans;

	if (b->n_runs == 0)
		return;
	spans = arena_alloc(pass->arena, b->n_runs * sizeof(*spans));
	block_run_spans(b, spans);
	for (uint32_t i = 0; i < b->n_runs; i++) {
		const struct inline_run *run = &b->runs[i];

		if (run->kind == INLINE_CODE)
			check_path(pass, run, spans[i]);
		if (run->kind != INLINE_LINK || run->target.len == 0)
			continue;
		if (run->target.at[0] == '#' && !a->myst)
			check_anchor(pass, a, run, spans[i]);
		else if (run->target.at[0] != '#')
			check_file(pass, run, spans[i]);
	}
}

static void
check(struct lint_pass *pass)
{
	struct anchors a = { .myst = is_myst(pass->doc) };

	collect_anchors(pass, &a);
	for (uint32_t i = 0; i < pass->doc->n_blocks; i++)
		check_block(pass, &a, pass->doc->blocks[i]);
}

const struct lint_family lint_family_link = { "link", check };
