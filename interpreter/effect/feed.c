/* What is put into commands: by xargs what it reads, by find names of files
 * (xargs(1), find(1)). */
#include "effect/feed.h"

#include "base/limits.h"

/* TEXT as what stands behind NEAR, at no place of its own: another shell is
 * given both in one. */
static struct excerpt
put_behind(struct walk *w, const struct arg *near, struct text text)
{
	const struct map *all = near->raw.text.map;
	uint32_t end = (uint32_t)near->raw.text.text.len;
	struct map *map = all ? map_new(w->arena, all->src) : NULL;

	if (map && text.len)
		map_add_from(w->arena, map, (uint32_t)text.len, all, end, end,
			     MAP_DECODED);
	return (struct excerpt){ text, map };
}

struct arg
feed_behind(struct walk *w, const struct arg *near, const struct arg *word)
{
	struct arg a = *word;

	a.raw.text = put_behind(w, near, word->text);
	a.raw.bytes = a.raw.text;
	return a;
}

struct arg
feed_unknown(struct walk *w, const struct arg *near)
{
	struct arg a = *near;

	a.text = TEXT("\0");
	a.raw = (struct value){ .state = VALUE_UNKNOWN };
	a.raw.text = put_behind(w, near, a.text);
	a.exact = false;
	a.opaque = true;
	a.word = NULL;
	a.added = true;
	a.start = a.end = near->end;
	return a;
}

/* ---- what xargs reads ------------------------------------------------------
 */

/* Cut off the next run of bytes without SEPARATORS; *RET_AT is where it stands
 * in ALL, of which *REST is the end. */
static bool
next_word(struct text all, struct text *rest, const char *separators,
	  struct text *ret, uint32_t *ret_at)
{
	size_t n = 0;

	while (rest->len && strchr(separators, rest->at[0]))
		*rest = text_sub(*rest, 1, rest->len);
	while (n < rest->len && !strchr(separators, rest->at[n]))
		n++;
	*ret = text_sub(*rest, 0, n);
	*ret_at = (uint32_t)(all.len - rest->len);
	*rest = text_sub(*rest, n, rest->len);
	return n > 0;
}

/* The words of INPUT, or its lines; false when xargs would read it otherwise,
 * or there are too many. */
static bool
read_words(struct walk *w, const struct input *input, bool lines,
	   struct feed *feed)
{
	struct excerpt *e = ARENA_NEW(w->arena, struct excerpt);
	struct text all = input->text.text.text, rest = all, word;
	uint32_t at;

	*e = input->text.text;
	for (size_t i = 0; i < all.len; i++)
		if (all.at[i] == '\0' || all.at[i] == '\\' ||
		    all.at[i] == '\'' || all.at[i] == '"')
			return false;
	while (next_word(all, &rest, lines ? "\n" : " \t\n", &word, &at)) {
		size_t blanks = 0;

		while (blanks < word.len && byte_is_blank(word.at[blanks]))
			blanks++;
		if (feed->n == (lines ? 1 : LIMIT_EFFECT_WORDS))
			return false;
		ARENA_PUSH(w->arena, feed->words, feed->n,
			   walk_made_arg(e, at + (uint32_t)blanks,
					 at + (uint32_t)word.len,
					 text_sub(word, blanks, word.len)));
	}
	return true;
}

struct feed
feed_of_xargs(struct walk *w, const struct wrapped *c)
{
	const struct option_use *use = args_option(c->args, "-I -i");
	const struct input *input = c->place->input;
	struct feed feed = { .mark = { NULL, 0 } };

	if (use)
		feed.mark = use->has_value && use->value.len ? use->value
							     : TEXT("{}");
	if (!input || input->kind != INPUT_TEXT ||
	    input->text.state != VALUE_EXACT ||
	    args_option(c->args, "-0 -a -d -E -e -L -l"))
		return feed;
	feed.is_known = read_words(w, input, use, &feed);
	if (!feed.is_known)
		feed.n = 0;
	return feed;
}

struct feed
feed_of_find(void)
{
	return (struct feed){ .mark = TEXT("{}") };
}

/* ---- putting it in ---------------------------------------------------------
 */

/* ARG with what MARK stands for: WORD, or (NULL) something unknown. */
static void
replace_mark(struct walk *w, struct arg *arg, struct text mark,
	     const struct arg *word)
{
	const struct excerpt *all = &arg->raw.text;
	struct buf CLEANUP(buf_release) b = BUF_INIT;
	struct map *map = all->map ? map_new(w->arena, all->map->src) : NULL;
	struct text made = word ? word->text : TEXT("\0");
	size_t at = 0, end;

	while (at < all->text.len) {
		end = text_find(all->text, mark, at);
		buf_addt(&b, text_sub(all->text, at, end));
		if (map && end > at)
			map_add_from(w->arena, map, (uint32_t)(end - at),
				     all->map, (uint32_t)at, (uint32_t)end,
				     MAP_COPIED);
		if (end == all->text.len)
			break;
		buf_addt(&b, made);
		if (map && made.len)
			map_add_from(w->arena, map, (uint32_t)made.len,
				     all->map, (uint32_t)end,
				     (uint32_t)(end + mark.len), MAP_DECODED);
		at = end + mark.len;
	}
	arg->pasted = arg->text.len > mark.len;
	arg->text = arena_text(w->arena, buf_text(&b));
	if (!word) {
		arg->raw = (struct value){ .state = VALUE_PARTIAL,
					   .one_field = true };
		arg->exact = false;
		arg->opaque = true;
		arg->each = true;
	}
	arg->raw.text = (struct excerpt){ arg->text, map };
	arg->raw.bytes = arg->raw.text;
	arg->word = NULL;
}

struct arg *
feed_fill(struct walk *w, const struct feed *feed, const struct arg *v,
	  uint32_t n, uint32_t *ret_n)
{
	const struct arg *word = feed->is_known && feed->n ? feed->words : NULL;
	struct arg *all = NULL;
	uint32_t count = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct arg one = v[i];

		if (feed->mark.len &&
		    text_find(one.text, feed->mark, 0) < one.text.len)
			replace_mark(w, &one, feed->mark, word);
		ARENA_PUSH(w->arena, all, count, one);
	}
	*ret_n = count;
	return all;
}
