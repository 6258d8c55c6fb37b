/* Any text is parsed without a crash, in bounds, and every span, value and
 * map of the result is consistent; so is the text in its words, read as a
 * shell text of its own, as in ssh "…". */
#include "base/alloc.h"
#include "diag/source.h"
#include "lib/shell_invariants.h"
#include "shell/check.h"
#include "shell/placeholder.h"
#include "shell/quote.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum {
	NESTED_MAX = 16 /* words of one input that are read again */
};

struct nested {
	struct arena *arena;
	int n;
};

static bool
on_word(void *ctx, const struct script *s, const struct word *word)
{
	struct nested *nested = ctx;
	struct value value;

	if (nested->n++ >= NESTED_MAX)
		return false;
	value = word_value(nested->arena, s, word, NULL);
	check_script(shell_parse(nested->arena, value.text));
	return true;
}

static void
check_all(struct arena *arena, const struct script *s)
{
	struct nested nested = { arena, 0 };
	struct shell_visitor v = { .on_word = on_word, .ctx = &nested };
	struct diag_sink sink = DIAG_SINK_INIT;

	check_script(s);
	shell_walk_list(s, s->body, &v);
	for (uint32_t i = 0; i < s->n_placeholders; i++)
		quote_place_at(s, s->placeholders[i].start);
	shell_check(&sink, s);
	diag_sink_release(&sink);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct source *source = source_new("fuzz", xmemdup0(bytes, n), n);
	struct arena arena = ARENA_INIT;
	struct map *map = map_new(&arena, source);
	struct excerpt all = { source->bytes, map };

	map_add(&arena, map, (uint32_t)n, 0, (uint32_t)n, MAP_COPIED);
	check_all(&arena, shell_parse(&arena, all));
	check_all(&arena, shell_parse_resolved(&arena, all));
	arena_release(&arena);
	source_free(source);
	return 0;
}
