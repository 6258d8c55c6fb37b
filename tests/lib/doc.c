/* Helpers of the tests of documents. */
#include "lib/doc.h"

#include <ftw.h>

#include "lib/places.h"

static int64_t
stopped(void *ctx)
{
	(void)ctx;
	return 0;
}

struct doc_test
doc_open_bytes(const char *bytes, size_t len)
{
	static const struct clock clock = { stopped, stopped, NULL };
	struct doc_test t = { NULL, DIAG_SINK_INIT };

	t.doc = document_parse("test.md", xmemdup0(bytes, len), len, &clock,
			       &t.sink);
	return t;
}

struct doc_test
doc_open(const char *markdown)
{
	return doc_open_bytes(markdown, strlen(markdown));
}

void
doc_close(struct doc_test *t)
{
	diag_sink_release(&t->sink);
	t->doc = document_free(t->doc);
}

const struct block *
doc_block(const struct doc_test *t, enum block_kind kind, uint32_t i)
{
	for (uint32_t k = 0; k < t->doc->n_blocks; k++) {
		if (t->doc->blocks[k]->kind == kind && i-- == 0)
			return t->doc->blocks[k];
	}
	fail_msg("no such block of kind %d", (int)kind);
	return NULL;
}

static void
print_place(struct buf *b, struct span where)
{
	struct place p = source_place(where.src, where.start);

	buf_addf(b, "%u:%u: ", p.line, p.column);
}

const char *
doc_report(const struct doc_test *t)
{
	static char text[8192];
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < t->sink.n_items; i++) {
		const struct diag *d = t->sink.items[i];

		if (d->where.src)
			print_place(&b, d->where);
		buf_addf(&b, "%s %s\n", diag_info(d->code)->number, d->message);
		for (const struct diag_note *n = d->notes; n; n = n->next) {
			buf_adds(&b, "  ");
			print_place(&b, n->where);
			buf_addf(&b, "%s\n", n->message);
		}
		if (d->help)
			buf_addf(&b, "  help: %s\n", d->help);
	}
	snprintf(text, sizeof(text), "%s", buf_cstr(&b));
	buf_release(&b);
	return text;
}

size_t
doc_check_places(const struct document *doc)
{
	size_t bytes;
	const char *wrong = places_check(doc, &bytes);

	if (wrong)
		fail_msg("%s: %s", doc->src->path, wrong);
	return bytes;
}

static void (*each_file)(const char *path);
static size_t n_files;

static int
visit(const char *path, const struct stat *st, int type, struct FTW *place)
{
	static const char *const endings[] = { ".md", ".mdx", ".markdown",
					       ".erb" };

	(void)st;
	(void)place;
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		if (type == FTW_F && text_ends(text_of(path), endings[i])) {
			n_files++;
			each_file(path);
		}
	}
	return 0;
}

size_t
doc_each_file(const char *folder, void (*fn)(const char *path))
{
	each_file = fn;
	n_files = 0;
	assert_int_equal(nftw(folder, visit, 16, FTW_PHYS), 0);
	return n_files;
}
