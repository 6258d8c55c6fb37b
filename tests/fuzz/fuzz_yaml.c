/* Any bytes as YAML and as an annotation: places stay within the text, values
 * that were let through can be read. */
#include "base/alloc.h"
#include "diag/source.h"
#include "doc/setting.h"

static void
check_node(const struct ynode *node, const struct ynode *outer)
{
	if (node->where.start > node->where.end ||
	    node->where.end > node->where.src->bytes.len)
		BUG("a node leaves the source");
	if (outer && (node->where.start < outer->where.start ||
		      node->where.end > outer->where.end))
		BUG("a node leaves the one around it");
	if (node->kind == Y_SCALAR && node->text.at[node->text.len] != '\0')
		BUG("a text without its NUL");
	for (uint32_t i = 0; i < node->n_items; i++) {
		if (node->kind == Y_MAPPING)
			check_node(node->keys[i], node);
		check_node(node->items[i], node);
	}
}

/* Read every key: what passed the check must be of its type. */
static void
read_settings(struct arena *arena, const struct annotation *a)
{
	enum effect_level level;
	enum effect_io io;
	struct retry retry;
	struct text words;
	uint32_t n;

	for (int i = 0; i < KEY_COUNT; i++) {
		enum key key = (enum key)i;

		if (annotation_get(a, key) &&
		    key_info(key)->type == KEY_TYPE_DURATION &&
		    setting_ms(a, key, -1) <= 0)
			BUG("a duration that is none");
		if (annotation_get(a, key) &&
		    key_info(key)->type == KEY_TYPE_TEXT &&
		    setting_text(a, key).len == 0)
			BUG("a text that is empty");
	}
	if (setting_io(a, &io) != (annotation_get(a, KEY_IO) != NULL) ||
	    setting_level(a, &level) != (annotation_get(a, KEY_EFFECT) != NULL))
		BUG("a word that is none");
	setting_confirm(a, &words);
	if (setting_retry(a, &retry) && retry.attempts < 1)
		BUG("no attempt");
	setting_params(arena, a, &n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const unsigned scopes[] = { SCOPE_DOCUMENT, SCOPE_PROCEDURE,
					   SCOPE_STEP };
	struct source *src = source_new("x", xmemdup0(bytes, len), len);
	struct diag_sink sink = DIAG_SINK_INIT;
	struct arena arena = ARENA_INIT;
	struct map *m = map_new(&arena, src);
	struct ynode *root;

	map_add(&arena, m, (uint32_t)len, 0, (uint32_t)len, MAP_COPIED);
	root = ytree_parse(&arena, (struct excerpt){ src->bytes, m }, &sink);
	if (root)
		check_node(root, NULL);
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++)
		read_settings(&arena,
			      annotation_read(&arena, root, scopes[i], &sink));
	arena_release(&arena);
	diag_sink_release(&sink);
	source_free(src);
	return 0;
}
