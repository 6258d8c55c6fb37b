/* Collecting diagnostics. */
#include "diag/diag.h"

#include "base/alloc.h"
#include "diag/source.h"

static const struct diag_info infos[] = {
#define DIAG(number, name, level, silence, alias, summary)                     \
	{ #number, alias, LEVEL_##level, summary, SILENCE_##silence },
#include "diag/codes.def"
#undef DIAG
};

static const struct diag_explanation explanations[] = {
#define WHY(name, why, bad, good) [DIAG_##name] = { why, bad, good },
#include "diag/explain.def"
#undef WHY
};

static struct diag_fix *
free_fix(struct diag_fix *fix)
{
	while (fix && fix->edits) {
		struct diag_edit *next = fix->edits->next;

		free(fix->edits->text);
		free(fix->edits);
		fix->edits = next;
	}
	if (fix)
		free(fix->description);
	free(fix);
	return NULL;
}

static struct diag *
free_diag(struct diag *d)
{
	d->fix = free_fix(d->fix);
	while (d->notes) {
		struct diag_note *next = d->notes->next;

		free(d->notes->message);
		free(d->notes);
		d->notes = next;
	}
	free(d->message);
	free(d->help);
	free(d->label);
	free(d);
	return NULL;
}

void
diag_sink_release(struct diag_sink *sink)
{
	for (size_t i = 0; i < sink->n_items; i++)
		sink->items[i] = free_diag(sink->items[i]);
	free(sink->items);
	*sink = (struct diag_sink)DIAG_SINK_INIT;
}

void
diag_sink_filter(struct diag_sink *sink,
		 bool (*keep)(const struct diag *d, void *ctx), void *ctx)
{
	size_t n = 0;

	for (size_t i = 0; i < sink->n_items; i++) {
		struct diag *d = sink->items[i];

		if (keep(d, ctx)) {
			sink->items[n++] = d;
			continue;
		}
		sink->n_errors -= d->level == LEVEL_ERROR;
		free_diag(d);
	}
	/* the capacity is that of the most items there ever were */
	sink->n_items = n;
}

PRINTF_LIKE(1, 0)
static char *
format(const char *fmt, va_list ap)
{
	struct buf b = BUF_INIT;

	buf_vaddf(&b, fmt, ap);
	return buf_detach(&b, NULL);
}

/* The capacity is the power of two from 16 on that holds the items. */
static void
add_item(struct diag_sink *sink, struct diag *d)
{
	size_t n = sink->n_items;

	if (n == 0 || (n >= 16 && (n & (n - 1)) == 0))
		sink->items = xreallocarray(sink->items, n ? 2 * n : 16,
					    sizeof(struct diag *));
	sink->items[sink->n_items++] = d;
}

struct diag *
diag_report(struct diag_sink *sink, enum diag_code code, struct span where,
	    const char *fmt, ...)
{
	struct diag *d = xcalloc(1, sizeof(*d));
	va_list ap;

	va_start(ap, fmt);
	d->message = format(fmt, ap);
	va_end(ap);
	d->code = code;
	d->level = infos[code].level;
	d->where = where;
	if (d->level == LEVEL_ERROR)
		sink->n_errors++;
	add_item(sink, d);
	return d;
}

/* FMT takes the place of *TEXT. */
PRINTF_LIKE(2, 0)
static void
replace(char **text, const char *fmt, va_list ap)
{
	char *old = *text;

	*text = format(fmt, ap);
	free(old);
}

void
diag_help(struct diag *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	replace(&d->help, fmt, ap);
	va_end(ap);
}

void
diag_label(struct diag *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	replace(&d->label, fmt, ap);
	va_end(ap);
}

void
diag_note(struct diag *d, struct span where, const char *fmt, ...)
{
	struct diag_note *note = xcalloc(1, sizeof(*note)), **end = &d->notes;
	va_list ap;

	va_start(ap, fmt);
	note->message = format(fmt, ap);
	va_end(ap);
	note->where = where;
	while (*end)
		end = &(*end)->next;
	*end = note;
}

static struct diag_edit *
new_edit(uint32_t start, uint32_t end, struct text text)
{
	struct diag_edit *edit = xcalloc(1, sizeof(*edit));
	struct buf b = BUF_INIT;

	buf_addt(&b, text);
	edit->start = start;
	edit->end = end;
	edit->text = buf_detach(&b, NULL);
	return edit;
}

void
diag_fix(struct diag *d, bool safe, uint32_t start, uint32_t end,
	 struct text text, const char *fmt, ...)
{
	struct diag_edit **at;
	va_list ap;

	if (!d->fix) {
		d->fix = xcalloc(1, sizeof(*d->fix));
		d->fix->safe = safe;
		va_start(ap, fmt);
		d->fix->description = format(fmt, ap);
		va_end(ap);
	}
	at = &d->fix->edits;
	while (*at)
		at = &(*at)->next;
	*at = new_edit(start, end, text);
}

void
diag_sink_relevel(struct diag_sink *sink, struct diag *d, enum diag_level level)
{
	sink->n_errors -= d->level == LEVEL_ERROR;
	sink->n_errors += level == LEVEL_ERROR;
	d->level = level;
}

void
diag_sink_append(struct diag_sink *sink, struct diag_sink *from)
{
	for (size_t i = 0; i < from->n_items; i++)
		add_item(sink, from->items[i]);
	sink->n_errors += from->n_errors;
	free(from->items);
	*from = (struct diag_sink)DIAG_SINK_INIT;
}

static int
compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* What has no source comes first. */
static const char *
path_of(const struct diag *d)
{
	return d->where.src ? d->where.src->path : "";
}

static int
compare(const void *left, const void *right)
{
	const struct diag *a = *(struct diag *const *)left;
	const struct diag *b = *(struct diag *const *)right;
	int order = strcmp(path_of(a), path_of(b));

	if (order == 0)
		order = compare_numbers(a->where.start, b->where.start);
	if (order == 0)
		order = compare_numbers(a->code, b->code);
	if (order == 0)
		order = compare_numbers(a->where.end, b->where.end);
	return order ? order : strcmp(a->message, b->message);
}

void
diag_sink_sort(struct diag_sink *sink)
{
	if (sink->n_items)
		qsort(sink->items, sink->n_items, sizeof(struct diag *),
		      compare);
}

const struct diag_info *
diag_info(enum diag_code code)
{
	return &infos[code];
}

const struct diag_explanation *
diag_explanation(enum diag_code code)
{
	return &explanations[code];
}

const char *
diag_level_name(enum diag_level level)
{
	static const char *const names[] = { "error", "warning", "note",
					     "note" };

	return names[level];
}

int
diag_code_by_name(const char *name)
{
	for (size_t i = 0; i < DIAG_CODE_COUNT; i++) {
		if (text_eq_nocase(text_of(name), text_of(infos[i].number)) ||
		    text_eq_nocase(text_of(name), text_of(infos[i].alias)))
			return (int)i;
	}
	return -1;
}
