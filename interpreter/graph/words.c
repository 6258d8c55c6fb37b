/* Looking for words in prose and comments. */
#include "graph/infer.h"

bool
begins_with_word(struct text t, const char *word)
{
	size_t n = strlen(word);

	return text_starts_nocase(t, word) &&
	       (t.len == n || !byte_is_alnum(t.at[n]));
}

bool
ends_with_word(struct text t, const char *word)
{
	size_t n = strlen(word);

	return t.len >= n &&
	       text_eq_nocase(text_sub(t, t.len - n, t.len), text_of(word)) &&
	       (t.len == n || !byte_is_alnum(t.at[t.len - n - 1]));
}

bool
has_word(struct text t, const char *word)
{
	for (size_t i = 0; i < t.len; i++) {
		bool starts = i == 0 || !byte_is_alnum(t.at[i - 1]);

		if (starts && begins_with_word(text_sub(t, i, t.len), word))
			return true;
	}
	return false;
}

const struct block *
paragraph_before(const struct document *doc, const struct block *block)
{
	const struct block *before;

	if (block->ordinal == 0)
		return NULL;
	before = doc->blocks[block->ordinal - 1];
	if (before->kind == BLOCK_HTML && before->ordinal > 0)
		before = doc->blocks[before->ordinal - 1];
	if (before->kind != BLOCK_PARAGRAPH ||
	    before->section != block->section)
		return NULL;
	return before;
}
