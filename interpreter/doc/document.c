/* Loading a document, and asking it. */
#include "doc/document.h"

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "doc/build.h"
#include "doc/lines.h"

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* The first byte that is no text, or the length: a NUL, or what is not UTF-8.
 * Eight ASCII bytes are passed at a time. */
static size_t
find_no_text(struct text t)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	size_t i = 0;

	while (i < t.len) {
		uint64_t word;
		uint32_t code;
		size_t n;

		if (t.len - i >= sizeof(word)) {
			memcpy(&word, t.at + i, sizeof(word));
			/* no byte has its high bit, and none is zero */
			if (((word | (word - ones)) & highs) == 0) {
				i += sizeof(word);
				continue;
			}
		}
		n = text_utf8(text_sub(t, i, t.len), &code);
		if (n == 0 || code == 0)
			return i;
		i += n;
	}
	return t.len;
}

static void
check_text(const struct document *doc, struct diag_sink *sink)
{
	struct text bytes = doc->src->bytes;
	size_t at = find_no_text(bytes);
	struct span where = { doc->src, (uint32_t)at, (uint32_t)at + 1 };

	if (at == bytes.len)
		return;
	if (bytes.at[at] == '\0')
		diag_report(sink, DIAG_NOT_TEXT, where,
			    "the document holds a NUL byte");
	else
		diag_report(sink, DIAG_NOT_TEXT, where,
			    "the document is not UTF-8: byte 0x%02x",
			    (unsigned)(unsigned char)bytes.at[at]);
}

/* The file's name without folders and ".md". */
static struct text
stem(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text name = text_of(slash ? slash + 1 : path);
	const char *dot = strchr(name.at, '.');

	if (dot && dot != name.at)
		name.len = (size_t)(dot - name.at);
	return name;
}

static struct text
find_title(const struct document *doc)
{
	struct text title = frontmatter_text(&doc->front, FRONT_TITLE);

	for (uint32_t i = 0; title.len == 0 && i < doc->n_sections; i++) {
		if (doc->sections[i]->level == 1)
			title = doc->sections[i]->title;
	}
	return title.len ? title : stem(doc->src->path);
}

/* Leave nothing of a document that is past a limit. */
static void
forget(struct document *doc)
{
	doc->front = (struct frontmatter){ 0 };
	doc->annotation = NULL;
	doc->blocks = NULL;
	doc->sections = NULL;
	doc->n_blocks = doc->n_sections = 0;
	doc->root = NULL;
	doc->title = stem(doc->src->path);
}

static void
read_document(struct document *doc, const struct clock *clock,
	      struct diag_sink *sink)
{
	uint32_t body =
		frontmatter_read(doc->arena, doc->src, &doc->front, sink);
	struct lines l;

	if (body == 0 && text_starts(doc->src->bytes, byte_order_mark))
		body = sizeof(byte_order_mark) - 1;
	lines_init(&l, doc->src, body);
	document_build(doc, &l, clock, sink);
	lines_release(&l);
	doc->title = find_title(doc);
}

struct document *
document_parse(const char *path, char *bytes, size_t len,
	       const struct clock *clock, struct diag_sink *sink)
{
	struct arena *arena = xcalloc(1, sizeof(*arena));
	struct document *doc = ARENA_NEW(arena, struct document);

	doc->arena = arena;
	doc->refused = len > LIMIT_DOCUMENT_BYTES;
	/* of what is too large only the beginning is kept, to point at */
	doc->src = source_new(path, bytes,
			      doc->refused ? LIMIT_DOCUMENT_BYTES : len);
	if (doc->refused) {
		diag_report(sink, DIAG_DOCUMENT_LIMIT,
			    (struct span){ doc->src, 0, 0 },
			    "the document has more than %d MiB",
			    LIMIT_DOCUMENT_BYTES / 1024 / 1024);
	} else {
		check_text(doc, sink);
		read_document(doc, clock, sink);
	}
	if (doc->refused)
		forget(doc);
	return doc;
}

struct document *
document_load(const char *path, struct diag_sink *sink, struct buf *reterr)
{
	struct buf bytes = BUF_INIT;
	size_t len;
	char *taken;

	if (file_read(path, LIMIT_DOCUMENT_BYTES, &bytes, reterr) < 0) {
		buf_release(&bytes);
		return NULL;
	}
	taken = buf_detach(&bytes, &len);
	return document_parse(path, taken, len, &clock_system, sink);
}

struct document *
document_free(struct document *doc)
{
	if (doc) {
		struct arena *arena = doc->arena;

		source_free(doc->src);
		arena_release(arena);
		free(arena);
	}
	return NULL;
}

void
document_free_ptr(struct document **doc)
{
	*doc = document_free(*doc);
}

bool
document_is_runbook(const struct document *doc)
{
	return frontmatter_is_runbook(&doc->front);
}

struct section *
document_section(const struct document *doc, struct text path)
{
	for (uint32_t i = 0; i < doc->n_sections; i++) {
		if (text_eq(doc->sections[i]->path, path))
			return doc->sections[i];
	}
	return NULL;
}
