/* The table of rules: well-formed, and every example does what it says. */
#include "effect/spec.h"
#include "effect/table.h"
#include "effect/unwrap.h"
#include "lib/judge.h"
#include "lib/unit.h"
#include "shell/parse.h"

static const struct example {
	const char *rule;
	bool hits;
	const char *command;
} examples[] = {
#include "effect/examples.inc"
};

struct search {
	const char *rule;
	bool found;
	struct buf seen;
};

static void
on_rule(void *ctx, const struct effect_rule *rule, const struct hop *hop)
{
	struct search *search = ctx;

	(void)hop;
	buf_addf(&search->seen, " %s", rule->id);
	search->found = search->found || strcmp(rule->id, search->rule) == 0;
}

/* True when RULE fits a command in COMMAND, whatever else does. */
static bool
fits(const char *command, struct search *search)
{
	struct arena arena = ARENA_INIT;
	struct effect_state state = { .scope = scope_new(&arena),
				      .rules = rules_with_files(&arena, NULL) };
	struct excerpt source = { text_of(command), NULL };
	struct script *s = shell_parse(&arena, source);
	struct unwrap_visitor v = { .on_rule = on_rule, .ctx = search };

	for (uint32_t i = 0; i < s->body->n_items; i++)
		effect_unwrap(&arena, s, s->body->items[i], &state, &v);
	arena_release(&arena);
	return search->found;
}

static void
every_example_hits_or_misses(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		const struct example *e = &examples[i];
		struct search search = { e->rule, false, BUF_INIT };

		if (fits(e->command, &search) != e->hits) {
			print_message("%s %s '%s': fit%s\n", e->rule,
				      e->hits ? "misses" : "hits", e->command,
				      buf_cstr(&search.seen));
			wrong++;
		}
		buf_release(&search.seen);
	}
	assert_int_equal(wrong, 0);
}

/* Print what is WRONG with the row ID, if anything; 1 when there is. */
static unsigned
tell(const char *id, const char *wrong)
{
	if (wrong)
		print_message("%s: %s\n", id, wrong);
	return wrong ? 1 : 0;
}

static void
every_row_is_well_formed(void **state)
{
	unsigned n, n_rules = 0, wrong = 0;
	const struct effect_program *programs = table_programs(&n);

	(void)state;
	for (unsigned i = 0; i < n; i++) {
		const struct effect_program *p = &programs[i];

		wrong += tell(p->name, spec_check(p->options));
		for (unsigned k = 0; k < p->n_verbs; k++)
			wrong += tell(p->name, spec_check(p->verbs[k].options));
		for (unsigned k = 0; k < p->n_rules; k++)
			wrong += tell(p->rules[k].id,
				      rule_check(p, &p->rules[k]));
		n_rules += p->n_rules;
	}
	assert_int_equal(wrong, 0);
	assert_true(n_rules >= 400);
	assert_true(ARRAY_LEN(examples) >= 2 * n_rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_hits_or_misses),
		cmocka_unit_test(every_row_is_well_formed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
