/* Findings as workflow commands of GitHub Actions: errors first, for only ten
 * errors and ten warnings of a step are shown. */
#include "base/limits.h"
#include "report/lint_format.h"

enum {
	MESSAGE_BYTES = 4096
};

/* T with what has a meaning in a workflow command as "%XX"; a property cannot
 * hold ":" and "," either. Other control bytes, which a log would hand on to a
 * terminal, are written out. */
static void
add_escaped(struct buf *b, struct text t, bool property)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i];

		if (c == '%' || c == '\r' || c == '\n' ||
		    (property && (c == ':' || c == ',')))
			buf_addf(b, "%%%02X", (unsigned)(unsigned char)c);
		else if (((unsigned char)c < ' ' && c != '\t') || c == 0x7f)
			buf_addf(b, "\\x%02x", (unsigned)(unsigned char)c);
		else
			buf_addc(b, c);
	}
}

static struct text
cut(struct text t)
{
	size_t len = t.len < MESSAGE_BYTES ? t.len : MESSAGE_BYTES;

	/* not within a character */
	while (len < t.len && len && ((unsigned char)t.at[len] & 0xc0) == 0x80)
		len--;
	return text_sub(t, 0, len);
}

static void
finding(struct buf *b, const struct diag *d, const char *path)
{
	static const char *const commands[] = { "error", "warning", "notice",
						"notice" };
	const struct diag_info *info = diag_info(d->code);
	struct lint_place p = lint_place_of(d->where);
	CLEANUP(buf_release) struct buf message = BUF_INIT;

	buf_addf(b, "::%s file=", commands[d->level]);
	add_escaped(b, text_of(path), true);
	buf_addf(b, ",line=%u,endLine=%u", p.line, p.end_line);
	/* over several lines columns are not taken */
	if (p.line == p.end_line)
		buf_addf(b, ",col=%u,endColumn=%u", p.column, p.end_column);
	buf_addf(b, ",title=%s %s::", info->number, info->alias);
	buf_adds(&message, d->message);
	if (d->help)
		buf_addf(&message, "\n%s", d->help);
	add_escaped(b, cut(buf_text(&message)), false);
	buf_addc(b, '\n');
}

/* ---- the job's page --------------------------------------------------------
 */

/* T as it may stand in a cell of a table. */
static void
add_cell(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i];

		if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' ||
		    c == '[' || c == ']')
			buf_addf(b, "\\%c", c);
		else if (c == '<')
			buf_adds(b, "&lt;");
		else if (c == '&')
			buf_adds(b, "&amp;");
		else if (c == '\n')
			buf_adds(b, "<br>");
		else
			buf_addc(b, c);
	}
}

/* All findings, of which the list beside the diff shows only the first. */
static void
add_row(struct lint_report *r, const struct diag *d, const char *path)
{
	struct buf *b = &r->summary;

	if (b->len > LIMIT_SUMMARY_BYTES) {
		if (!text_ends(buf_text(b), "cut here\n"))
			buf_adds(b, "\nToo long for a page: cut here\n");
		return;
	}
	if (b->len == 0)
		buf_adds(b, "### runbook lint\n\n"
			    "| Level | Place | Rule | Message |\n"
			    "| --- | --- | --- | --- |\n");
	buf_addf(b, "| %s | ", lint_level_name(d->level));
	add_cell(b, text_of(path));
	buf_addf(b, ":%u | %s %s | ", lint_place_of(d->where).line,
		 diag_info(d->code)->number, diag_info(d->code)->alias);
	add_cell(b, text_of(d->message));
	buf_adds(b, " |\n");
}

static void
file(struct lint_report *r, const struct lint_file *f)
{
	for (size_t i = 0; i < f->sink->n_items; i++) {
		const struct diag *d = f->sink->items[i];

		if (lint_shows(r, d) && r->has_summary)
			add_row(r, d, f->place);
		if (lint_shows(r, d))
			finding(d->level == LEVEL_ERROR ? r->out : &r->later, d,
				f->place);
	}
}

static void
end(struct lint_report *r)
{
	enum {
		SHOWN = 10
	};
	uint32_t hidden = 0;

	for (int i = LEVEL_ERROR; i <= LEVEL_WARNING; i++)
		hidden += r->n[i] > SHOWN ? r->n[i] - SHOWN : 0;
	buf_addt(r->out, buf_text(&r->later));
	if (hidden)
		buf_addf(
			r->out, "::notice::%u more are not shown; %s has all\n",
			hidden, r->has_summary ? "the job summary" : "the log");
}

const struct lint_format lint_format_github = {
	.name = "github",
	.file = file,
	.end = end,
};
