/* Findings as lines that every editor reads, with the place when there is a
 * terminal. A placeholder that stands in fifty commands is told once; formats
 * for programs have each place. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "report/lint_format.h"

/* A finding of those that are told once for all their places. */
struct place {
	const struct diag *d;
	size_t at;   /* in the sink */
	size_t more; /* places behind it, of the first one */
	uint32_t last_line;
	bool first;
};

static bool
is_told_once(const struct diag *d)
{
	return d->code == DIAG_PLACEHOLDER_REDIRECTS && !d->fix;
}

static int
by_message(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int order = strcmp(a->d->message, b->d->message);

	return order ? order : (a->at > b->at) - (a->at < b->at);
}

static int
by_position(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	return (a->at > b->at) - (a->at < b->at);
}

/* Those of SINK that are told once, in its order; the caller frees. */
static struct place *
gather(const struct diag_sink *sink, size_t *ret_n)
{
	struct place *list = xcalloc(sink->n_items + 1, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < sink->n_items; i++) {
		if (is_told_once(sink->items[i]))
			list[n++] =
				(struct place){ .d = sink->items[i], .at = i };
	}
	qsort(list, n, sizeof(*list), by_message);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && strcmp(list[end].d->message,
						    list[i].d->message) == 0;)
			end++;
		list[i].first = true;
		list[i].more = end - i - 1;
		list[i].last_line = lint_place_of(list[end - 1].d->where).line;
	}
	qsort(list, n, sizeof(*list), by_position);
	*ret_n = n;
	return list;
}

static void
print_first(const struct lint_report *r, const struct place *p)
{
	CLEANUP(buf_release) struct buf message = BUF_INIT;
	struct diag d = *p->d;

	if (!p->first)
		return;
	buf_adds(&message, d.message);
	if (p->more)
		buf_addf(&message, ", as in %zu more place%s up to line %u",
			 p->more, p->more == 1 ? "" : "s", p->last_line);
	d.message = message.bytes;
	snippet_print(r->out, &d, r->style);
}

static void
file(struct lint_report *r, const struct lint_file *f)
{
	size_t n, next = 0;
	struct place *once = gather(f->sink, &n);

	for (size_t i = 0; i < f->sink->n_items; i++) {
		const struct place *p =
			next < n && once[next].at == i ? &once[next++] : NULL;

		if (!lint_shows(r, f->sink->items[i]))
			continue;
		if (p && !r->every_place)
			print_first(r, p);
		else
			snippet_print(r->out, f->sink->items[i], r->style);
	}
	free(once);
}

static void
add_count(struct buf *b, uint32_t n, const char *what)
{
	if (n)
		buf_addf(b, "%s%u %s%s", b->len ? ", " : "", n, what,
			 n == 1 ? "" : "s");
}

static void
add_passed(struct buf *b, uint32_t n, const char *one, const char *several)
{
	if (n)
		buf_addf(b, "%s %u %s", b->len ? "," : "; passed over:", n,
			 n == 1 ? one : several);
}

static void
end(struct lint_report *r)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf passed = BUF_INIT;

	if (r->style.brief)
		return;
	add_count(&b, r->n[LEVEL_ERROR], "error");
	add_count(&b, r->n[LEVEL_WARNING], "warning");
	add_count(&b, r->n[LEVEL_INFO] + r->n[LEVEL_HINT], "note");
	add_passed(&passed, r->passed.no_runbook,
		   "Markdown file that is no runbook",
		   "Markdown files that are no runbooks");
	add_passed(&passed, r->passed.no_markdown, "file that is not Markdown",
		   "files that are not Markdown");
	add_passed(&passed, r->passed.ignored, "ignored", "ignored");
	buf_addf(r->out, "%s in %u file%s%s\n",
		 b.len ? buf_cstr(&b) : "no findings", r->n_files,
		 r->n_files == 1 ? "" : "s", buf_cstr(&passed));
}

const struct lint_format lint_format_text = {
	.name = "text",
	.file = file,
	.end = end,
};
