/* Characters that deceive: no-break spaces, typographic quotes and dashes, and
 * the backslash that quotes a blank. */
#include "shell/check.h"

#include "shell/walk.h"

/* What stands in for an ASCII character when text went through a word
 * processor. A dash is one only where an option begins: elsewhere it may be a
 * letter of a name. */
static const struct lookalike {
	const char *name, *help;
	uint32_t code;
	bool only_first;
} lookalikes[] = {
	{ "a no-break space", "write a space", 0x00a0, false },
	{ "a figure space", "write a space", 0x2007, false },
	{ "a thin space", "write a space", 0x2009, false },
	{ "a narrow no-break space", "write a space", 0x202f, false },
	{ "an ideographic space", "write a space", 0x3000, false },
	{ "a zero-width space", "remove it", 0x200b, false },
	{ "a zero-width non-joiner", "remove it", 0x200c, false },
	{ "a zero-width joiner", "remove it", 0x200d, false },
	{ "a word joiner", "remove it", 0x2060, false },
	{ "a byte order mark", "remove it", 0xfeff, false },
	{ "a typographic quote", "write '", 0x2018, false },
	{ "a typographic quote", "write '", 0x2019, false },
	{ "a typographic quote", "write \"", 0x201c, false },
	{ "a typographic quote", "write \"", 0x201d, false },
	{ "a typographic quote", "write \"", 0x201e, false },
	{ "a typographic hyphen", "write -", 0x2010, true },
	{ "a no-break hyphen", "write -", 0x2011, true },
	{ "a figure dash", "write - or --", 0x2012, true },
	{ "an en dash", "write - or --", 0x2013, true },
	{ "an em dash", "write --", 0x2014, true },
	{ "a minus sign", "write -", 0x2212, true },
};

static const struct lookalike *
find_lookalike(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(lookalikes); i++) {
		if (lookalikes[i].code == code)
			return &lookalikes[i];
	}
	return NULL;
}

static void
check_literal(struct diag_sink *sink, const struct script *s,
	      const struct part *part, uint32_t word)
{
	struct text t = script_text(s, part->start, part->end);
	uint32_t code;
	size_t n;

	for (size_t at = 0; at < t.len; at += n ? n : 1) {
		uint32_t start = part->start + (uint32_t)at;
		const struct lookalike *found = NULL;
		struct diag *d;

		n = text_utf8(text_sub(t, at, t.len), &code);
		if (n > 1)
			found = find_lookalike(code);
		if (!found || (found->only_first && start != word))
			continue;
		d = diag_report(sink, DIAG_SHELL_LOOKALIKE,
				script_span(s, start, start + (uint32_t)n),
				"%s (U+%04X) is part of the word", found->name,
				(unsigned)code);
		diag_help(d, "%s", found->help);
	}
}

/* A backslash, blanks, and the end of the line. */
static void
check_escape(struct diag_sink *sink, const struct script *s,
	     const struct part *part)
{
	struct text t = s->source.text;
	size_t at = part->inner;
	struct diag *d;

	while (at < t.len && (byte_is_blank(t.at[at]) || t.at[at] == '\r'))
		at++;
	if (at == part->inner || (at < t.len && t.at[at] != '\n'))
		return;
	d = diag_report(sink, DIAG_SHELL_BACKSLASH_BLANK,
			script_span(s, part->start, (uint32_t)at),
			"a backslash before a blank does not continue the "
			"line");
	diag_help(d, "remove the blanks behind it");
}

/* Only the parts right in the word: what is quoted says what it means. */
static bool
on_word(void *ctx, const struct script *s, const struct word *word)
{
	for (uint32_t i = 0; i < word->n_parts; i++) {
		const struct part *part = word->parts[i];

		if (part->kind == PART_LITERAL)
			check_literal(ctx, s, part, word->start);
		else if (part->kind == PART_ESCAPE)
			check_escape(ctx, s, part);
	}
	return true;
}

void
shell_check(struct diag_sink *sink, const struct script *s)
{
	struct shell_visitor v = { .on_word = on_word, .ctx = sink };

	shell_walk_list(s, s->body, &v);
}
