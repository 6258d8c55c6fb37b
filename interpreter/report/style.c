/* Colours and columns. */
#include "report/style.h"

#include "base/width.h"

static const char *
role_sgr(enum style_role role)
{
	switch (role) {
	case STYLE_HEADING:
		return "1";
	case STYLE_STEP:
		return "1";
	case STYLE_COMMAND:
		return "36";
	case STYLE_DIM:
		return "2";
	case STYLE_GOOD:
		return "32";
	case STYLE_BAD:
		return "1;31";
	case STYLE_WARN:
		return "33";
	case STYLE_HOST:
		return "35";
	}
	return "0";
}

unsigned
style_add(struct buf *b, const struct style *s, enum style_role role,
	  struct text t, unsigned max)
{
	unsigned width;

	if (s->color)
		buf_addf(b, "\033[%sm", role_sgr(role));
	width = width_print(b, t, max);
	if (s->color)
		buf_adds(b, "\033[0m");
	return width;
}

void
style_adds(struct buf *b, const struct style *s, enum style_role role,
	   const char *text)
{
	style_add(b, s, role, text_of(text), 0);
}

static enum style_role
level_role(enum effect_level level)
{
	static const enum style_role roles[] = { STYLE_GOOD, STYLE_HOST,
						 STYLE_WARN, STYLE_WARN,
						 STYLE_BAD };

	return roles[level];
}

void
style_add_level(struct buf *b, const struct style *s, enum effect_level level,
		unsigned width)
{
	struct text name = text_of(effect_level_name(level));

	style_add(b, s, level_role(level), name, 0);
	if (name.len < width)
		buf_fill(b, ' ', width - name.len);
}

void
style_add_lines(struct buf *b, const struct style *s, enum style_role role,
		struct text t, unsigned indent)
{
	struct text line;

	while (text_next_line(&t, &line)) {
		buf_fill(b, ' ', indent);
		style_add(b, s, role, line, 0);
		buf_addc(b, '\n');
	}
}

static void
add_words(struct buf *b, const struct style *s, struct text t, unsigned first,
	  unsigned indent)
{
	unsigned at = first;
	bool begun = false; /* the line has a word */

	for (size_t i = 0; i < t.len;) {
		size_t end = text_chr(t, ' ', i), next = end;
		struct text word = text_sub(t, i, end);
		unsigned width = width_of_text(word, 1);

		if (s->width && begun && at + width > s->width) {
			while (b->len && b->bytes[b->len - 1] == ' ')
				buf_cut(b, b->len - 1);
			buf_addc(b, '\n');
			buf_fill(b, ' ', indent);
			at = indent;
		}
		at += width_print(b, word, 0);
		begun = true;
		while (next < t.len && t.at[next] == ' ')
			next++;
		buf_fill(b, ' ', next - end);
		at += (unsigned)(next - end);
		i = next;
	}
}

void
style_add_wrapped(struct buf *b, const struct style *s, struct text t,
		  unsigned first, unsigned indent)
{
	add_words(b, s, t, first, indent);
	buf_addc(b, '\n');
}

void
style_add_prompt(struct buf *b, const struct style *s, struct text t)
{
	add_words(b, s, t, 0, 4);
}
