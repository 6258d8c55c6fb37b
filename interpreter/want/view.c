/* One stream, or both, as a want sees them. */
#include "want/view.h"

#include "base/limits.h"

/* The tail of T that is looked at, from the start of a line on where there is
 * one. */
static struct text
tail_of(struct text t, bool *cut, bool *partial)
{
	size_t from, newline;

	if (t.len <= LIMIT_MATCH_BYTES)
		return t;
	*cut = true;
	from = t.len - LIMIT_MATCH_BYTES;
	if (t.at[from - 1] == '\n')
		return text_sub(t, from, t.len);
	newline = text_chr(t, '\n', from);
	*partial = newline + 1 >= t.len;
	return text_sub(t, *partial ? from : newline + 1, t.len);
}

static void
join(struct want_view *v, struct text out, struct text err)
{
	buf_addt(&v->storage, out);
	if (out.len && err.len && out.at[out.len - 1] != '\n')
		buf_addc(&v->storage, '\n');
	v->err_at = v->storage.len;
	buf_addt(&v->storage, err);
	v->bytes = buf_text(&v->storage);
}

void
want_view_init(struct want_view *v, enum want_stream stream,
	       const struct want_input *input)
{
	bool out_cut = input->out_cut, err_cut = input->err_cut;
	bool out_partial = false, err_partial = false;
	struct text out = tail_of(input->out, &out_cut, &out_partial);
	struct text err = tail_of(input->err, &err_cut, &err_partial);

	*v = (struct want_view){ .storage = BUF_INIT };
	switch (stream) {
	case WANT_STDOUT:
		v->name = "stdout";
		v->bytes = out;
		v->err_at = SIZE_MAX;
		v->cut = out_cut;
		v->partial = out_partial;
		break;
	case WANT_STDERR:
		v->name = "stderr";
		v->bytes = err;
		v->cut = err_cut;
		v->partial = err_partial;
		break;
	case WANT_BOTH:
		v->name = "output";
		v->cut = out_cut || err_cut;
		v->partial = out_partial;
		v->gap = err_cut;
		join(v, out, err);
		break;
	}
}

void
want_view_release(struct want_view *v)
{
	buf_release(&v->storage);
}

struct text
want_view_line(const struct want_view *v, size_t offset)
{
	size_t start = offset;

	while (start > 0 && v->bytes.at[start - 1] != '\n')
		start--;
	return text_sub(v->bytes, start, text_chr(v->bytes, '\n', offset));
}

struct text
want_view_last_line(const struct want_view *v)
{
	size_t end = v->bytes.len;

	while (end > 0 && byte_is_space(v->bytes.at[end - 1]))
		end--;
	return end ? want_view_line(v, end - 1) : text_sub(v->bytes, 0, 0);
}

static uint32_t
count_newlines(struct text t)
{
	uint32_t n = 0;

	for (size_t at = text_chr(t, '\n', 0); at < t.len;
	     at = text_chr(t, '\n', at + 1))
		n++;
	return n;
}

void
want_view_got(const struct want_view *v, struct text line,
	      struct want_result *ret)
{
	size_t at = v->bytes.at ? (size_t)(line.at - v->bytes.at) : 0;
	bool in_err = at >= v->err_at;

	buf_clear(&ret->got);
	buf_addt(&ret->got, line);
	if (v->bytes.len == 0)
		return;
	ret->stream = in_err ? WANT_STDERR : WANT_STDOUT;
	if (!v->cut)
		ret->line = 1 + count_newlines(text_sub(
					v->bytes, in_err ? v->err_at : 0, at));
}
