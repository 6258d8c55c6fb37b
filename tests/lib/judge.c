/* Judging commands in tests. */
#include "lib/judge.h"

#include "base/alloc.h"
#include "shell/parse.h"

void
judged_init(struct judged *j, const char *command,
	    const struct effect_rules *rules)
{
	struct effect_state state = { NULL, rules };
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
