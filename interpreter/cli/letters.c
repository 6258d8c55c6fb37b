/* Asking for a letter. */
#include "cli/letters.h"

#include <unistd.h>

#include "base/fd.h"

static void
explain_letters(const struct letter *letters, size_t n)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		if (letters[i].label)
			buf_addf(&b, "  %c  %s\n", letters[i].letter,
				 letters[i].help);
	}
	fd_write_heeding(STDERR_FILENO, buf_cstr(&b), b.len);
}

static void
add_labels(struct buf *b, const struct letter *letters, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (letters[i].label)
			buf_addf(b, "  %s", letters[i].label);
	}
	buf_adds(b, "  [?]: ");
}

static const struct letter *
find_letter(const struct letter *letters, size_t n, struct text t)
{
	struct text yes = TEXT("yes"), no = TEXT("no");
	char c = t.len ? byte_lower(t.at[0]) : '\0';

	if (t.len != 1 && !text_eq_nocase(t, yes) && !text_eq_nocase(t, no))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (letters[i].letter == c)
			return &letters[i];
	}
	return NULL;
}

int
letters_ask(struct prompter *p, const struct style *style, const char *question,
	    const struct letter *letters, size_t n, int empty, int end)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;

	buf_adds(&text, question);
	add_labels(&text, letters, n);
	style_add_prompt(&prompt, style, buf_text(&text));
	for (;;) {
		CLEANUP(buf_release) struct buf line = BUF_INIT;
		const struct letter *found;
		struct text t;

		if (!prompter_line(p, buf_cstr(&prompt), false, &line))
			return end;
		t = text_trim(buf_text(&line));
		if (t.len == 0)
			return empty;
		found = find_letter(letters, n, t);
		if (found)
			return found->answer;
		explain_letters(letters, n);
	}
}
