/* Patterns for paths: all places in the pattern at once, byte by byte. */
#include "base/pathglob.h"

#include <string.h>

#include "base/limits.h"

/* Where in the pattern the path may have got to. */
struct places {
	bool at[LIMIT_PATTERN_BYTES + 1];
};

/* "**" with the slash behind it: it begins at a folder. */
static size_t
deep_len(struct text p, size_t i)
{
	if ((i > 0 && p.at[i - 1] != '/') ||
	    !text_starts(text_sub(p, i, p.len), "**"))
		return 0;
	if (i + 2 == p.len)
		return 2;
	return p.at[i + 2] == '/' ? 3 : 0;
}

/* Go on from each place over what may stand for nothing. AT_FOLDER: a name
 * begins here in the path. */
static void
widen(struct places *now, struct text p, bool at_folder)
{
	for (size_t i = 0; i < p.len; i++) {
		size_t deep = deep_len(p, i);

		if (!now->at[i])
			continue;
		if (deep && (at_folder || deep == 2))
			now->at[i + deep] = true;
		else if (!deep && p.at[i] == '*')
			now->at[i + 1] = true;
	}
}

/* The places behind the byte C. */
static void
step(const struct places *now, struct places *next, struct text p, char c)
{
	memset(next->at, 0, p.len + 1);
	for (size_t i = 0; i < p.len; i++) {
		if (!now->at[i])
			continue;
		if (deep_len(p, i))
			next->at[i] = true;
		else if (p.at[i] == '*')
			next->at[i] |= c != '/';
		else if (p.at[i] == c || (p.at[i] == '?' && c != '/'))
			next->at[i + 1] = true;
	}
}

bool
pathglob_fits(struct text pattern, struct text path)
{
	struct places a, b, *now = &a, *next = &b, *other;

	while (pattern.len > 1 && pattern.at[pattern.len - 1] == '/')
		pattern.len--;
	if (pattern.len == 0 || pattern.len > LIMIT_PATTERN_BYTES)
		return false;
	memset(now->at, 0, pattern.len + 1);
	now->at[0] = true;
	for (size_t i = 0;; i++) {
		widen(now, pattern, i == 0 || path.at[i - 1] == '/');
		if (now->at[pattern.len] &&
		    (i == path.len || (path.at[i] == '/' && i > 0)))
			return true;
		if (i == path.len)
			return false;
		step(now, next, pattern, path.at[i]);
		other = now;
		now = next;
		next = other;
	}
}
