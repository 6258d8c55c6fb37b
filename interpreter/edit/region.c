/* Writing lines into a document. */
#include "edit/region.h"

#include "diag/source.h"

static uint32_t
count_lines(struct text t)
{
	struct text line;
	uint32_t n = 0;

	while (text_next_line(&t, &line))
		n++;
	return n;
}

/* The byte at which line LINE begins; the end for the one behind the last. */
static uint32_t
start_of(const struct source *src, uint32_t line)
{
	return line > src->n_lines ? (uint32_t)src->bytes.len
				   : source_line_start(src, line);
}

static void
add_line(struct buf *b, const struct region *r, struct text text)
{
	buf_addt(b, text.len ? r->prefix : r->blank);
	buf_addt(b, text);
	buf_adds(b, r->eol);
}

bool
region_put(struct patch *p, const struct region *r,
	   const struct want_line *lines, uint32_t n)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	uint32_t at = 0; /* of the old lines */
	bool ok = true;

	for (uint32_t i = 0; i <= n; i++) {
		uint32_t until = i == n ? r->n_lines : lines[i].old;

		if (i < n && until == UINT32_MAX) {
			add_line(&b, r, lines[i].text);
			continue;
		}
		if (until > at || b.len)
			ok &= patch_replace(p, start_of(r->src, r->line + at),
					    start_of(r->src, r->line + until),
					    buf_text(&b));
		buf_clear(&b);
		at = until + 1;
	}
	return ok;
}

/* ---- blocks of code --------------------------------------------------------
 */

const char *
region_eol(const struct block *block)
{
	const struct source *src = block->where.src;
	size_t newline = text_chr(src->bytes, '\n', block->where.start);

	return newline > 0 && newline < src->bytes.len &&
			       src->bytes.at[newline - 1] == '\r'
		       ? "\r\n"
		       : "\n";
}

/* The line of the fence that opens BLOCK. */
static uint32_t
fence_line(const struct block *block)
{
	return span_line(block->where);
}

static uint32_t
closing_line(const struct block *block)
{
	return fence_line(block) + count_lines(block->code->content.text) + 1;
}

/* What stands before the fence, with the marks of items as blanks. */
static struct text
prefix_of_fence(struct arena *arena, const struct block *block)
{
	struct text line =
		source_line_text(block->where.src, fence_line(block));
	struct text before =
		text_sub(line, 0, text_chr(line, block->code->fence, 0));
	struct buf b = BUF_INIT;
	struct text prefix;

	for (size_t i = 0; i < before.len; i++) {
		char c = before.at[i];

		buf_addc(&b, c == '>' || byte_is_blank(c) ? c : ' ');
	}
	prefix = arena_text(arena, buf_text(&b));
	buf_release(&b);
	return prefix;
}

/* What stands before the content of the first line that shows it. */
static struct text
prefix_of_content(struct arena *arena, const struct block *block)
{
	const struct source *src = block->where.src;
	struct excerpt content = block->code->content;
	struct text rest = content.text, line;

	while (text_next_line(&rest, &line)) {
		uint32_t at = (uint32_t)(line.at - content.text.at), start;
		struct span first;

		if (text_trim(line).len == 0)
			continue;
		first = map_span(content.map, at, at + 1);
		start = source_line_start(src, source_line(src, first.start));
		if (first.end == first.start + 1 &&
		    src->bytes.at[first.start] == line.at[0])
			return text_sub(src->bytes, start, first.start);
		break;
	}
	return prefix_of_fence(arena, block);
}

static struct text
without_blank_end(struct text t)
{
	while (t.len && byte_is_blank(t.at[t.len - 1]))
		t.len--;
	return t;
}

struct region
region_of_block(struct arena *arena, const struct block *block, uint32_t first,
		uint32_t n)
{
	struct region r = { .src = block->where.src,
			    .line = fence_line(block) + 1 + first,
			    .n_lines = n,
			    .prefix = prefix_of_content(arena, block),
			    .eol = region_eol(block) };

	r.blank = without_blank_end(r.prefix);
	return r;
}

struct region
region_of_text(struct arena *arena, const struct block *block, struct text text)
{
	struct text content = block->code->content.text;
	size_t at = (size_t)(text.at - content.at);

	return region_of_block(arena, block,
			       count_lines(text_sub(content, 0, at)),
			       count_lines(text));
}

/* ---- fences ----------------------------------------------------------------
 */

/* The length of the fence that LINE would be for CODE, or 0 (CommonMark 0.30,
 * 4.5: up to three blanks before it, only blanks behind). */
static uint32_t
fence_in(const struct code *code, struct text line)
{
	size_t at = 0, end;

	while (at < 3 && at < line.len && line.at[at] == ' ')
		at++;
	end = at;
	while (end < line.len && line.at[end] == code->fence)
		end++;
	return text_trim(text_sub(line, end, line.len)).len
		       ? 0
		       : (uint32_t)(end - at);
}

uint32_t
region_fence(const struct block *block, const struct want_line *lines,
	     uint32_t n)
{
	uint32_t need = block->code->fence_len;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t len = fence_in(block->code, lines[i].text);

		if (len >= need)
			need = len + 1;
	}
	return need;
}

bool
region_lengthen(struct patch *p, const struct block *block, uint32_t len)
{
	const struct source *src = block->where.src;
	uint32_t fences[] = { fence_line(block), closing_line(block) };
	CLEANUP(buf_release) struct buf more = BUF_INIT;
	bool ok = true;

	if (len <= block->code->fence_len)
		return true;
	buf_fill(&more, block->code->fence, len - block->code->fence_len);
	for (size_t i = 0; i < ARRAY_LEN(fences); i++) {
		struct text line = source_line_text(src, fences[i]);
		size_t at = text_chr(line, block->code->fence, 0);
		uint32_t place = (uint32_t)(start_of(src, fences[i]) + at);

		/* A closing fence that is longer already may stay so. */
		ok &= at < line.len &&
		      patch_replace(p, place, place, buf_text(&more));
	}
	return ok;
}

/* ---- new blocks ------------------------------------------------------------
 */

static uint32_t
new_fence(const struct block *block, const struct want_line *lines, uint32_t n)
{
	struct code code = *block->code;
	struct block like = *block;

	code.fence_len = 3;
	like.code = &code;
	return region_fence(&like, lines, n);
}

bool
region_add(struct patch *p, struct arena *arena, const struct document *doc,
	   const struct block *block, const struct want_line *lines, uint32_t n)
{
	struct region r = region_of_block(arena, block, 0, 0);
	uint32_t len = new_fence(block, lines, n);
	uint32_t at = start_of(doc->src, closing_line(block) + 1);
	bool open_end = at > 0 && doc->src->bytes.at[at - 1] != '\n';
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text text;

	r.prefix = prefix_of_fence(arena, block);
	r.blank = without_blank_end(r.prefix);
	if (open_end)
		buf_adds(&b, r.eol);
	add_line(&b, &r, (struct text){ NULL, 0 });
	buf_addt(&b, r.prefix);
	buf_fill(&b, block->code->fence, len);
	buf_addf(&b, "text%s", r.eol);
	for (uint32_t i = 0; i < n; i++)
		add_line(&b, &r, lines[i].text);
	buf_addt(&b, r.prefix);
	buf_fill(&b, block->code->fence, len);
	if (!open_end)
		buf_adds(&b, r.eol);
	text = buf_text(&b);
	return patch_replace(p, at, at, text);
}
