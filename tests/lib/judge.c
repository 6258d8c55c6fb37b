/* Judging commands in tests. */
#include "lib/judge.h"

#include "base/alloc.h"
#include "shell/parse.h"

void
judged_init(struct judged *j, const char *command,
	    const struct effect_rules *rules)
{
	struct effect_state state = { .rules = rules };
	uint32_t n = (uint32_t)strlen(command);
	struct excerpt e;
	struct map *map;

	*j = (struct judged){ .arena = ARENA_INIT, .chain = BUF_INIT };
	j->source = source_new("test.md", xstrdup(command), n);
	map = map_new(&j->arena, j->source);
	map_add(&j->arena, map, n, 0, n, MAP_COPIED);
	e = (struct excerpt){ j->source->bytes, map };
	j->script = shell_parse(&j->arena, e);
	j->effect = effect_judge_script(&j->arena, j->script, &state);
	if (j->effect->worst)
		effect_chain(&j->chain, j->effect->worst->hop);
}

/* ---- files ------------------------------------------------------------------
 */

static const struct {
	const char *name, *bytes;
} files[] = {
	{ "reads.sql", "SELECT 1;\n\\dt\n" },
	{ "adds.sql", "INSERT INTO t VALUES (1);\n" },
	{ "drops.sql", "SELECT 1;\nDROP TABLE t;\n" },
	{ "steps.sh", "cd /srv\nrm -rf old\n" },
};

static struct text
last_part(struct text path)
{
	size_t at = path.len;

	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return text_sub(path, at, path.len);
}

static bool
is_full(void *ctx, struct text path)
{
	(void)ctx;
	return text_starts(last_part(path), "full");
}

static bool
read_file(void *ctx, struct text path, struct buf *ret)
{
	(void)ctx;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (!text_is(last_part(path), files[i].name))
			continue;
		buf_adds(ret, files[i].bytes);
		return true;
	}
	return false;
}

struct effect_rules *
rules_with_files(struct arena *arena, const struct effect_rules *rules)
{
	static const struct effect_files ours = { is_full, read_file, NULL };
	struct effect_rules *made = effect_rules_new(arena, rules);

	effect_rules_set_files(made, &ours);
	return made;
}

void
judged_release(struct judged *j)
{
	buf_release(&j->chain);
	arena_release(&j->arena);
	source_free(j->source);
}

enum effect_level
level_of(const char *command)
{
	struct judged j;
	enum effect_level level;

	judged_init(&j, command, NULL);
	level = j.effect->level;
	judged_release(&j);
	return level;
}

const char *
judged_rule(const struct judged *j)
{
	return j->effect->worst ? j->effect->worst->rule : "";
}
