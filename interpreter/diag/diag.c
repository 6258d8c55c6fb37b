/* Collecting diagnostics. */
#include "diag/diag.h"

#include "base/alloc.h"
#include "diag/source.h"

static const struct diag_info infos[] = {
#define DIAG(number, name, level, alias, summary)                              \
	{ #number, alias, LEVEL_##level, summary },
#include "diag/codes.def"
#undef DIAG
};

static const struct diag_explanation explanations[] = {
#define WHY(name, why, bad, good) [DIAG_##name] = { why, bad, good },
#include "diag/explain.def"
#undef WHY
};

static struct diag *
free_diag(struct diag *d)
{
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
diag_sink_remove(struct diag_sink *sink, size_t i)
{
	if (sink->items[i]->level == LEVEL_ERROR)
		sink->n_errors--;
	free_diag(sink->items[i]);
	sink->n_items--;
	for (; i < sink->n_items; i++)
		sink->items[i] = sink->items[i + 1];
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
