/* Any bytes as a document that is linted: every finding stands within it, what
 * is written down of them is read back the same, and what can be mended is
 * mended once. */
#include "base/alloc.h"
#include "diag/source.h"
#include "lint/fix.h"
#include "lint/record.h"
#include "want/want.h"

enum {
	TODAY = 20780,
	MOST_BYTES = 64 * 1024
};

/* A document and what lint says of it. */
struct linted {
	struct document *doc;
	struct lint_outcome outcome;
};

static void
lint(const char *bytes, size_t len, struct linted *ret)
{
	const struct lint_options options = { .today = TODAY };
	struct diag_sink *sink = &ret->outcome.sink;
	struct runbook *rb;

	*ret = (struct linted){ .outcome = { .sink = DIAG_SINK_INIT } };
	ret->doc = document_parse("x.md", xmemdup0(bytes, len), len,
				  &clock_system, sink);
	rb = runbook_build(ret->doc, effect_rules_builtin(), sink);
	ret->outcome.is_runbook = true;
	ret->outcome.result = lint_runbook(rb, &options, sink);
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			for (uint32_t w = 0; w < p->steps[k]->n_wants; w++)
				want_close(p->steps[k]->wants[w]);
		}
	}
}

static void
linted_free(struct linted *l)
{
	lint_outcome_release(&l->outcome);
	document_free(l->doc);
}

static void
check_span(const struct source *src, struct span s)
{
	if (s.src &&
	    (s.src != src || s.start > s.end || s.end > src->bytes.len))
		BUG("a place outside of the document: %u-%u", s.start, s.end);
}

static void
check_places(const struct linted *l)
{
	const struct source *src = l->doc->src;

	for (size_t i = 0; i < l->outcome.sink.n_items; i++) {
		const struct diag *d = l->outcome.sink.items[i];

		check_span(src, d->where);
		for (const struct diag_note *n = d->notes; n; n = n->next)
			check_span(src, n->where);
		for (const struct diag_edit *e = d->fix ? d->fix->edits : NULL;
		     e; e = e->next)
			check_span(src, (struct span){ src, e->start, e->end });
	}
}

static void
check_record(const struct linted *l)
{
	struct buf first = BUF_INIT, second = BUF_INIT;
	struct lint_outcome back;

	lint_record_write(&l->outcome, "key", &first);
	if (!lint_record_read(buf_text(&first), l->doc->src, "key", TODAY,
			      &back))
		BUG("a record is not read back: %s", buf_cstr(&first));
	lint_record_write(&back, "key", &second);
	if (!text_eq(buf_text(&first), buf_text(&second)))
		BUG("another record:\n%s\n%s", buf_cstr(&first),
		    buf_cstr(&second));
	lint_outcome_release(&back);
	buf_release(&first);
	buf_release(&second);
}

/* The bytes as a record: anything may stand in a cache. */
static void
read_any(const struct source *src, const char *bytes, size_t len)
{
	struct lint_outcome any;

	if (lint_record_read((struct text){ bytes, len }, src, "", 0, &any))
		lint_outcome_release(&any);
}

static void
check_fixes(const struct linted *l)
{
	struct buf text = BUF_INIT;
	struct linted again;

	if (lint_fix_text(l->doc->src, &l->outcome.sink, &text)) {
		lint(buf_cstr(&text), text.len, &again);
		check_places(&again);
		linted_free(&again);
	} else if (!text_eq(buf_text(&text), l->doc->src->bytes)) {
		BUG("nothing was mended, and the text is another one");
	}
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct linted l;

	if (len > MOST_BYTES)
		return 0;
	lint((const char *)bytes, len, &l);
	check_places(&l);
	check_record(&l);
	check_fixes(&l);
	read_any(l.doc->src, (const char *)bytes, len);
	linted_free(&l);
	return 0;
}
