/* Here-documents: their delimiters, and bodies that begin behind the next
 * newline outside quotes. */
#include "shell/decode.h"
#include "shell/reader.h"

/* ---- delimiters --------------------------------------------------------- */

static bool add_unquoted(struct buf *b, const struct reader *r,
			 const struct part *part);

/* $'…' decoded. */
static void
add_ansi_c(struct buf *b, const struct reader *r, const struct part *part)
{
	struct text t = { r->bytes + part->inner,
			  part->inner_end - part->inner };

	for (size_t at = 0; at < t.len;) {
		char bytes[DECODED_MAX];
		size_t n, used;

		if (t.at[at] != '\\') {
			buf_addc(b, t.at[at++]);
			continue;
		}
		used = decode_escape(text_sub(t, at, t.len), bytes, &n);
		if (memchr(bytes, '\0', n))
			return;
		buf_add(b, bytes, n);
		at += used;
	}
}

static void
add_double(struct buf *b, const struct reader *r, const struct part *part)
{
	for (uint32_t i = 0; i < part->n_parts; i++)
		add_unquoted(b, r, part->parts[i]);
}

/* Append PART without its quotes; what would be expanded stays as written.
 * True when there was some quoting. */
static bool
add_unquoted(struct buf *b, const struct reader *r, const struct part *part)
{
	const char *bytes = r->bytes;

	switch (part->kind) {
	case PART_ESCAPE:
		if (bytes[part->inner] != '\n')
			buf_addc(b, bytes[part->inner]);
		return bytes[part->inner] != '\n';
	case PART_SINGLE:
		buf_add(b, bytes + part->inner, part->inner_end - part->inner);
		return true;
	case PART_ANSI_C:
		add_ansi_c(b, r, part);
		return true;
	case PART_DOUBLE:
	case PART_LOCALE:
		add_double(b, r, part);
		return true;
	default:
		buf_add(b, bytes + part->start, part->end - part->start);
		return false;
	}
}

void
heredoc_expect(struct reader *r, struct redirect *redirect)
{
	struct heredoc *heredoc = ARENA_NEW(r->arena, struct heredoc);
	const struct word *w = redirect->target;
	struct buf CLEANUP(buf_release) text = BUF_INIT;

	for (uint32_t i = 0; i < w->n_parts; i++)
		heredoc->quoted |= add_unquoted(&text, r, w->parts[i]);
	heredoc->tabs = redirect->op == REDIRECT_HEREDOC_TABS;
	heredoc->delimiter = arena_text(r->arena, buf_text(&text));
	redirect->heredoc = heredoc;
	ARENA_PUSH(r->arena, r->pending.items, r->pending.n, redirect);
	ARENA_PUSH(r->arena, r->heredocs, r->n_heredocs, heredoc);
}

/* ---- bodies ------------------------------------------------------------- */

/* A line of a body. When the delimiter is not quoted, lines that end in a
 * backslash are one line with the next (parse.y: read_secondary_line). */
struct body_line {
	uint32_t start;         /* behind the tabs that <<- drops */
	uint32_t text_end, end; /* without and with the newline */
};

static struct body_line
next_line(const struct reader *r, uint32_t at, bool joins)
{
	struct body_line line = { at, at, at };

	while (line.end < r->end && r->bytes[line.end] != '\n')
		line.end += joins && r->bytes[line.end] == '\\' ? 2 : 1;
	if (line.end > r->end)
		line.end = r->end;
	line.text_end = line.end;
	if (line.end < r->end)
		line.end++;
	return line;
}

/* Where DELIMITER ends if the line begins with it; 0, where no line of a body
 * begins, if not. */
static uint32_t
match_delimiter(const struct reader *r, const struct body_line *line,
		struct text delimiter, bool joins)
{
	uint32_t at = line->start, place;

	for (size_t i = 0; i < delimiter.len; i++) {
		place = at;
		if (joins)
			reader_byte(r, at, &place);
		if (place >= line->text_end ||
		    r->bytes[place] != delimiter.at[i])
			return 0;
		at = place + 1;
	}
	if (joins)
		reader_byte(r, at, &at);
	return at;
}

/* True when LINE ends the document: it is the delimiter, or within $( ) it
 * begins with it and has a ")" (bash warns and takes it). */
static bool
ends_document(const struct reader *r, const struct body_line *line,
	      struct heredoc *heredoc)
{
	bool joins = !heredoc->quoted;
	uint32_t end = match_delimiter(r, line, heredoc->delimiter, joins);
	struct text all = { r->bytes, line->text_end };

	if (end == 0)
		return false;
	heredoc->end = end;
	heredoc->terminated = end == line->text_end;
	return heredoc->terminated ||
	       (r->in_comsub && text_chr(all, ')', end) < line->text_end);
}

static void
skip_tabs(const struct reader *r, struct body_line *line)
{
	while (line->start < line->text_end && r->bytes[line->start] == '\t')
		line->start++;
}

/* Find the end of the body that begins at pos, and go behind it. */
static void
find_end(struct reader *r, struct heredoc *heredoc)
{
	heredoc->body = r->pos;
	while (r->pos < r->end) {
		struct body_line line = next_line(r, r->pos, !heredoc->quoted);
		bool ends = ends_document(r, &line, heredoc);

		if (!ends && heredoc->tabs) {
			skip_tabs(r, &line);
			ends = ends_document(r, &line, heredoc);
		}
		if (ends) {
			heredoc->body_end = r->pos;
			r->pos = heredoc->terminated ? line.end : heredoc->end;
			return;
		}
		r->pos = line.end;
	}
	heredoc->body_end = heredoc->end = r->end;
	heredoc->terminated = false;
}

/* The expansions of an unquoted body. bash looks at them only when the
 * command runs: what cannot be read there does not fail the statement. */
static void
read_parts(struct reader *r, struct heredoc *heredoc)
{
	struct parts parts = { NULL, 0 };
	struct reader saved = *r;

	r->pos = heredoc->body;
	r->end = heredoc->body_end;
	if (!read_body(r, &parts) && !r->fatal) {
		heredoc->has_error = true;
		r->failed = false;
		parts = (struct parts){ NULL, 0 };
		parts_mark(r, &parts, PART_OPAQUE, heredoc->body,
			   heredoc->body_end);
	}
	heredoc->parts = parts.items;
	heredoc->n_parts = parts.n;
	r->pos = saved.pos;
	r->end = saved.end;
	r->depth = saved.depth;
	r->pending = saved.pending;
	r->in_comsub = saved.in_comsub;
	r->token_at = UINT32_MAX;
}

static void
report_unterminated(struct reader *r, const struct redirect *redirect)
{
	struct heredoc *heredoc = redirect->heredoc;

	heredoc->has_error = true;
	reader_note(r, redirect->start, redirect->end, redirect->start,
		    arena_printf(r->arena,
				 "here-document without its end line '%.*s'",
				 TEXT_ARG(heredoc->delimiter)));
	if (heredoc->end == r->script->source.text.len)
		reader_wants_more(r);
}

void
heredoc_read_pending(struct reader *r)
{
	struct pending now = r->pending;

	r->pending = (struct pending){ NULL, 0 };
	for (uint32_t i = 0; i < now.n && !r->failed; i++) {
		struct redirect *redirect = now.items[i];
		struct heredoc *heredoc = redirect->heredoc;

		find_end(r, heredoc);
		if (!heredoc->quoted)
			read_parts(r, heredoc);
		if (!heredoc->terminated)
			report_unterminated(r, redirect);
	}
}

void
heredoc_drop_pending(struct reader *r)
{
	for (uint32_t i = 0; i < r->pending.n; i++) {
		struct heredoc *heredoc = r->pending.items[i]->heredoc;

		heredoc->body = heredoc->body_end = heredoc->end = r->pos;
		report_unterminated(r, r->pending.items[i]);
	}
	r->pending.n = 0;
}
