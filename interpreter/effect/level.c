/* The names of levels, tags and ways to run. */
#include "effect/level.h"

static const char *const level_names[EFFECT_LEVELS] = { "reads", "changes",
							"unknown", "disrupts",
							"destroys" };

const char *
effect_level_name(enum effect_level level)
{
	return level_names[level];
}

bool
effect_level_parse(struct text t, enum effect_level *ret)
{
	for (unsigned i = 0; i < EFFECT_LEVELS; i++) {
		if (text_is(t, level_names[i])) {
			*ret = (enum effect_level)i;
			return true;
		}
	}
	return false;
}

bool
effect_level_stops(enum effect_level level)
{
	return level >= EFFECT_UNKNOWN;
}

const char *
effect_io_name(enum effect_io io)
{
	static const char *const names[] = { "batch", "follow", "interactive" };

	return names[io];
}

const char *
effect_tag_name(unsigned bit)
{
	static const char *const names[] = {
#define EFFECT_TAG(number, name, symbol) [number] = (name),
#include "effect/tags.def"
#undef EFFECT_TAG
	};

	return bit < ARRAY_LEN(names) ? names[bit] : NULL;
}
