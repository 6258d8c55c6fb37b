/* Rows of `effects`: what a team's own tools do. */
#include "doc/effect_rows.h"

#include "diag/source.h"

/* Where a row stands, as its reason. */
static const char *
reason(struct arena *arena, const struct ynode *words, enum effect_level level)
{
	return arena_printf(arena, "as %s:%u has it, this %s",
			    words->where.src->path, span_line(words->where),
			    effect_level_name(level));
}

/* "deployctl release *": the program, and the words of its verb, or NULL. */
static const char *
split_words(struct arena *arena, struct text words, const char **ret_verb)
{
	struct buf CLEANUP(buf_release) verb = BUF_INIT;
	struct text program = { NULL, 0 }, word;

	while (text_next_field(&words, ' ', &word)) {
		if (word.len == 0)
			continue;
		if (!program.at) {
			program = word;
			continue;
		}
		buf_adds(&verb, verb.len ? " " : "");
		buf_addt(&verb, word);
	}
	*ret_verb = verb.len ? arena_text(arena, buf_text(&verb)).at : NULL;
	return program.at ? arena_text(arena, program).at : NULL;
}

static void
add_row(struct effect_rules *rules, struct arena *arena,
	const struct ynode *words, enum effect_level level,
	enum effect_origin origin, struct diag_sink *sink)
{
	struct buf CLEANUP(buf_release) error = BUF_INIT;
	struct effect_rule *rule = ARENA_NEW(arena, struct effect_rule);
	struct effect_program program = { .rules = rule, .n_rules = 1 };

	program.name = split_words(arena, text_trim(words->text), &rule->verb);
	rule->id = words->text.at;
	rule->level = level;
	rule->settles = origin == EFFECT_OPERATOR;
	rule->why = reason(arena, words, level);
	if (!program.name)
		buf_adds(&error, "an effect wants the words of a command");
	else if (effect_rules_add(rules, &program, origin, words->where,
				  &error) == 0)
		return;
	diag_report(sink, DIAG_BAD_VALUE, words->where, "%s", buf_cstr(&error));
}

const struct effect_rules *
effect_rows_over(struct arena *arena, const struct effect_rules *base,
		 const struct ynode *effects, enum effect_origin origin,
		 struct diag_sink *sink)
{
	struct effect_rules *rules;

	if (!effects)
		return base;
	rules = effect_rules_new(arena, base);
	for (uint32_t i = 0; i < effects->n_items; i++) {
		enum effect_level level;

		if (effect_level_parse(effects->items[i]->text, &level))
			add_row(rules, arena, effects->keys[i], level, origin,
				sink);
	}
	return rules;
}
