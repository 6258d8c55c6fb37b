/* The contract at the head of a runbook. */
#include <string.h>

#include "diag/source.h"
#include "lint/rule.h"

enum {
	STALE_DAYS = 365
};

static struct span
first_line(const struct lint_pass *pass)
{
	struct span s = pass->doc->front.where;

	s.end = s.start + 3;
	return s;
}

/* The title that the first heading has, when front matter has none. */
static void
offer_title(struct lint_pass *pass, struct diag *d)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const struct frontmatter *f = &pass->doc->front;
	struct text all = pass->doc->src->bytes, title = { NULL, 0 };
	uint32_t at = f->where.end;
	bool crlf;

	for (uint32_t i = 0; i < pass->doc->n_sections && !title.len; i++) {
		if (pass->doc->sections[i]->level == 1)
			title = pass->doc->sections[i]->title;
	}
	if (!d || f->field[FRONT_TITLE] || !title.len || title.len > 200 ||
	    text_chr(title, '"', 0) < title.len ||
	    text_chr(title, '\\', 0) < title.len ||
	    text_chr(title, '\n', 0) < title.len)
		return;
	/* before the line that ends the front matter */
	while (at > f->where.start && byte_is_space(all.at[at - 1]))
		at--;
	while (at > f->where.start && all.at[at - 1] != '\n')
		at--;
	crlf = at > 1 && all.at[at - 2] == '\r';
	buf_addf(&b, "title: \"%.*s\"%s\n", TEXT_ARG(title), crlf ? "\r" : "");
	diag_fix(d, true, at, at, buf_text(&b),
		 "take the title from the first heading");
}

static void
check_fields(struct lint_pass *pass)
{
	static const enum front_field wanted[] = {
		FRONT_ID,     FRONT_TITLE,   FRONT_STATUS,
		FRONT_OWNERS, FRONT_CREATED, FRONT_SYSTEM
	};
	CLEANUP(buf_release) struct buf missing = BUF_INIT;
	struct diag *d;

	if (!document_is_runbook(pass->doc))
		return;
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		if (!pass->doc->front.field[wanted[i]])
			buf_addf(&missing, "%s'%s'", missing.len ? ", " : "",
				 frontmatter_field_name(wanted[i]));
	}
	if (!missing.len)
		return;
	d = lint_report(pass, DIAG_MISSING_FIELD, first_line(pass),
			"the front matter lacks %s", buf_cstr(&missing));
	LINT_HELP(d, "add a line such as '%s'", "owners: TEAM");
	offer_title(pass, d);
}

static bool
read_number(struct text t, size_t at, size_t len, int64_t *ret)
{
	uint64_t n;

	if (!text_to_uint(text_sub(t, at, at + len), 9999, &n))
		return false;
	*ret = (int64_t)n;
	return true;
}

/* Days since 1970-01-01 of "2026-01-31" (proleptic Gregorian; Hinnant's
 * days_from_civil); false for anything else. */
static bool
read_date(struct text t, int64_t *ret_days)
{
	int64_t y, m, d, era, of_era, of_year;

	if (t.len != 10 || t.at[4] != '-' || t.at[7] != '-' ||
	    !read_number(t, 0, 4, &y) || !read_number(t, 5, 2, &m) ||
	    !read_number(t, 8, 2, &d) || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	y -= m <= 2;
	era = y / 400;
	of_era = y - era * 400;
	of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	*ret_days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
		    of_year - 719468;
	return true;
}

static void
check_future(struct lint_pass *pass, const struct ynode *node, int64_t day)
{
	lint_changes_on(pass, day - 1);
	if (day > pass->today + 1)
		lint_report(pass, DIAG_DATE_IN_FUTURE, node->where,
			    "%.*s lies in the future", TEXT_ARG(node->text));
}

static void
check_dates(struct lint_pass *pass)
{
	const struct frontmatter *f = &pass->doc->front;
	const struct ynode *created = f->field[FRONT_CREATED];
	const struct ynode *updated = f->field[FRONT_UPDATED];
	const struct ynode *last = updated ? updated : created;
	int64_t c = 0, u = 0;
	bool has_c = created && read_date(created->text, &c);
	bool has_u = updated && read_date(updated->text, &u);

	if (has_c)
		check_future(pass, created, c);
	if (has_u)
		check_future(pass, updated, u);
	if (has_c && has_u && u < c)
		lint_report(pass, DIAG_DATES_REVERSED, updated->where,
			    "updated on %.*s, before it was created (%.*s)",
			    TEXT_ARG(updated->text), TEXT_ARG(created->text));
	if (!text_eq_nocase(frontmatter_text(f, FRONT_STATUS),
			    TEXT("active")) ||
	    !(updated ? has_u : has_c))
		return;
	lint_changes_on(pass, (updated ? u : c) + STALE_DAYS + 1);
	if (pass->today - (updated ? u : c) > STALE_DAYS)
		LINT_HELP(lint_report(pass, DIAG_STALE_DOCUMENT, last->where,
				      "not updated since %.*s",
				      TEXT_ARG(last->text)),
			  "go through it, then write today's date after "
			  "'updated:'");
}

/* The tail of the id, "RUN-web" to "web", and of the file's name. */
static struct text
without_prefix(struct text t)
{
	size_t i = 0;

	while (i < t.len && t.at[i] >= 'A' && t.at[i] <= 'Z')
		i++;
	if (i > 1 && i < t.len && t.at[i] == '-')
		return text_sub(t, i + 1, t.len);
	return text_starts_nocase(t, "runbook-") ? text_sub(t, 8, t.len) : t;
}

static void
check_id(struct lint_pass *pass)
{
	struct text id = frontmatter_text(&pass->doc->front, FRONT_ID);
	const char *path = pass->doc->src->path, *slash = strrchr(path, '/');
	struct text stem = text_of(slash ? slash + 1 : path);

	stem = text_sub(stem, 0, text_chr(stem, '.', 0));
	if (id.len == 0 || stem.len == 0 ||
	    text_eq_nocase(without_prefix(id), without_prefix(stem)) ||
	    text_eq_nocase(id, stem))
		return;
	lint_report(pass, DIAG_ID_AND_FILE_NAME,
		    pass->doc->front.field[FRONT_ID]->where,
		    "the id is '%.*s', the file is called '%.*s'", TEXT_ARG(id),
		    TEXT_ARG(stem));
}

static void
check(struct lint_pass *pass)
{
	if (!pass->doc->front.present || !pass->doc->front.tree)
		return;
	check_fields(pass);
	check_dates(pass);
	check_id(pass);
}

const struct lint_family lint_family_frontmatter = { "frontmatter", check };
