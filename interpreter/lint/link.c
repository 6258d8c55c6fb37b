/* Links that lead nowhere. */
#include <string.h>
#include <unistd.h>

#include "base/width.h"
#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"

enum {
	PARENTS = 8 /* folders above the document that are looked into */
};

/* ---- files -----------------------------------------------------------------
 */

static bool
is_there(const struct lint_pass *pass, struct text target, unsigned up)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	const char *own = pass->doc->src->path;
	const char *slash = strrchr(own, '/');

	if (slash)
		buf_add(&path, own, (size_t)(slash - own) + 1);
	while (up--)
		buf_adds(&path, "../");
	buf_addt(&path, target);
	return access(buf_cstr(&path), F_OK) == 0;
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
	if (t.len == 0 || t.at[0] == '/' || t.at[0] == '#' || t.at[0] == '<')
		return false;
	/* schemes, templates of site generators, absolute Windows paths */
	return text_chr(t, ':', 0) == t.len && text_chr(t, '{', 0) == t.len;
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
	lint_report(pass, DIAG_MISSING_DOCUMENT, where, "no file '%s'",
		    buf_cstr(&path));
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

/* Our slugs stand for the section even where its name has other letters. */
static bool
has_slug(const struct document *doc, struct text anchor, bool nocase)
{
	for (uint32_t i = 0; i < doc->n_sections; i++) {
		struct text slug = doc->sections[i]->slug;

		if (nocase ? text_eq_nocase(slug, anchor)
			   : text_eq(slug, anchor))
			return true;
	}
	return false;
}

/* An anchor that is written out: id="x", name="x", {#x}, (x)=. */
static bool
is_written(const struct document *doc, struct text anchor)
{
	static const char *const forms[][2] = {
		{ "id=\"", "\"" }, { "name=\"", "\"" }, { "id='", "'" },
		{ "name='", "'" }, { "{#", "" },        { "(", ")=" },
		{ "id=", ">" },
	};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		CLEANUP(buf_release) struct buf b = BUF_INIT;

		buf_addf(&b, "%s%.*s%s", forms[i][0], TEXT_ARG(anchor),
			 forms[i][1]);
		if (text_find(doc->src->bytes, buf_text(&b), 0) <
		    doc->src->bytes.len)
			return true;
	}
	return false;
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

/* Generators differ in what they make of signs ("a.b", "a -- b"); a link
 * counts as right when it is right but for those. */
static bool
is_alike(struct text slug, struct text anchor)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < slug.len && !byte_is_alnum(slug.at[i]))
			i++;
		while (k < anchor.len && !byte_is_alnum(anchor.at[k]))
			k++;
		if (i == slug.len || k == anchor.len)
			return i == slug.len && k == anchor.len;
		if (slug.at[i++] != anchor.at[k++])
			return false;
	}
}

static bool
has_alike(const struct document *doc, struct text anchor)
{
	for (uint32_t i = 0; i < doc->n_sections; i++) {
		if (is_alike(doc->sections[i]->slug, anchor))
			return true;
	}
	return false;
}

static void
check_anchor(struct lint_pass *pass, const struct inline_run *run,
	     struct span where)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text anchor = text_sub(run->target, 1, run->target.len);

	if (is_passed(anchor) || has_slug(pass->doc, anchor, false) ||
	    text_chr(anchor, '%', 0) < anchor.len ||
	    is_written(pass->doc, anchor) || has_alike(pass->doc, anchor))
		return;
	if (!has_slug(pass->doc, anchor, true)) {
		lint_report(pass, DIAG_MISSING_ANCHOR, where,
			    "no section '#%.*s' in this document",
			    TEXT_ARG(anchor));
		return;
	}
	for (size_t i = 0; i < anchor.len; i++)
		buf_addc(&b, byte_lower(anchor.at[i]));
	LINT_HELP(lint_report(pass, DIAG_ANCHOR_CASE, where,
			      "the anchor '#%.*s' is in lower case",
			      TEXT_ARG(anchor)),
		  "write '#%s'", buf_cstr(&b));
}

static void
check_block(struct lint_pass *pass, const struct block *b)
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
		if (run->target.at[0] == '#')
			check_anchor(pass, run, spans[i]);
		else
			check_file(pass, run, spans[i]);
	}
}

static void
check(struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->doc->n_blocks; i++)
		check_block(pass, pass->doc->blocks[i]);
}

const struct lint_family lint_family_link = { "link", check };
