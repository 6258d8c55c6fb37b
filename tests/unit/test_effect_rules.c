/* Rows that a team adds: what they may do, and what is refused. */
#include "lib/judge.h"
#include "lib/unit.h"

static const struct span nowhere = { NULL, 0, 0 };

static enum effect_level
level_by(const struct effect_rules *rules, const char *command)
{
	struct judged j;
	enum effect_level level;

	judged_init(&j, command, rules);
	level = j.effect->level;
	judged_release(&j);
	return level;
}

static const struct effect_rule frob_rules[] = {
	{ .id = "frobctl.reads",
	  .verb = "status | list",
	  .level = EFFECT_READS,
	  .why = "shows what is there" },
	{ .id = "frobctl.cleans",
	  .verb = "wipe-cache",
	  .level = EFFECT_CHANGES,
	  .why = "empties a cache" },
};

static const struct effect_program frob = {
	.name = "frobctl",
	.options = "-c,--config= --yes",
	.rules = frob_rules,
	.n_rules = ARRAY_LEN(frob_rules),
};

static void
an_operator_settles_an_unknown_program(void **state)
{
	struct arena arena = ARENA_INIT;
	struct effect_rules *rules = effect_rules_new(&arena, NULL);
	struct buf err = BUF_INIT;

	(void)state;
	assert_int_equal(level_by(rules, "frobctl status"), EFFECT_UNKNOWN);
	assert_int_equal(level_by(rules, "frobctl wipe-cache --yes"),
			 EFFECT_DESTROYS);
	assert_int_equal(
		effect_rules_add(rules, &frob, EFFECT_OPERATOR, nowhere, &err),
		0);
	assert_int_equal(level_by(rules, "frobctl -c x status"), EFFECT_READS);
	assert_int_equal(level_by(rules, "ssh h sudo /opt/bin/frobctl list"),
			 EFFECT_READS);
	assert_int_equal(level_by(rules, "frobctl wipe-cache --yes"),
			 EFFECT_CHANGES);
	assert_int_equal(level_by(rules, "frobctl purge"), EFFECT_DESTROYS);
	assert_int_equal(level_by(rules, "frobctl frob"), EFFECT_UNKNOWN);
	assert_int_equal(level_by(rules, "./frobctl status"), EFFECT_UNKNOWN);
	assert_int_equal(level_by(NULL, "frobctl status"), EFFECT_UNKNOWN);
	buf_release(&err);
	arena_release(&arena);
}

static void
a_document_settles_nothing(void **state)
{
	static const struct effect_rule rows[] = {
		{ .id = "frobctl.reads",
		  .verb = "status",
		  .level = EFFECT_READS,
		  .why = "says so" },
		{ .id = "frobctl.stops",
		  .verb = "pause | wipe-cache",
		  .level = EFFECT_DISRUPTS,
		  .why = "nobody is served" },
		{ .id = "frobctl.ends",
		  .verb = "end",
		  .level = EFFECT_DESTROYS,
		  .why = "it is gone" },
	};
	struct effect_program p = { .name = "frobctl",
				    .rules = rows,
				    .n_rules = ARRAY_LEN(rows) };
	struct arena arena = ARENA_INIT;
	struct effect_rules *ours = effect_rules_new(&arena, NULL), *rules;
	struct buf err = BUF_INIT;

	(void)state;
	rules = effect_rules_new(&arena, ours);
	assert_int_equal(
		effect_rules_add(rules, &p, EFFECT_DOCUMENT, nowhere, &err), 0);
	assert_int_equal(level_by(rules, "frobctl status"), EFFECT_UNKNOWN);
	assert_int_equal(level_by(rules, "frobctl pause"), EFFECT_DISRUPTS);
	assert_int_equal(level_by(rules, "frobctl end"), EFFECT_DESTROYS);
	assert_int_equal(level_by(rules, "frobctl wipe-cache"),
			 EFFECT_DESTROYS);
	assert_int_equal(level_by(ours, "frobctl end"), EFFECT_UNKNOWN);
	assert_int_equal(
		effect_rules_add(ours, &frob, EFFECT_OPERATOR, nowhere, &err),
		0);
	rules = effect_rules_new(&arena, ours);
	assert_int_equal(
		effect_rules_add(rules, &p, EFFECT_DOCUMENT, nowhere, &err), 0);
	assert_int_equal(level_by(rules, "frobctl status"), EFFECT_READS);
	assert_int_equal(level_by(rules, "frobctl wipe-cache"),
			 EFFECT_DISRUPTS);
	buf_release(&err);
	arena_release(&arena);
}

static void
a_finding_says_where_its_row_stands(void **state)
{
	struct arena arena = ARENA_INIT;
	struct effect_rules *rules = effect_rules_new(&arena, NULL);
	struct source *source = source_new("x.md", xstrdup("effects: x"), 10);
	struct span where = { source, 0, 7 };
	struct buf err = BUF_INIT;
	struct judged j;

	(void)state;
	effect_rules_add(rules, &frob, EFFECT_OPERATOR, where, &err);
	judged_init(&j, "frobctl status; docker stop x", rules);
	assert_ptr_equal(j.effect->findings[0].said.src, source);
	assert_int_equal(j.effect->findings[0].said.end, 7);
	assert_null(j.effect->findings[1].said.src);
	judged_release(&j);
	source_free(source);
	arena_release(&arena);
}

/* One row for PROGRAM. */
static struct effect_program
one_row(const char *program, const struct effect_rule *rule)
{
	return (struct effect_program){
		.name = program, .options = "-x", .rules = rule, .n_rules = 1
	};
}

static const struct effect_rule raising = {
	.id = "docker.ours",
	.verb = "start",
	.level = EFFECT_DISRUPTS,
	.why = "wakes the neighbours",
};

static const struct effect_rule lowering = {
	.id = "docker.lower",
	.verb = "system prune",
	.level = EFFECT_CHANGES,
	.settles = true,
	.why = "we keep nothing there",
};

static const struct effect_rule down = {
	.id = "docker.down",
	.verb = "compose down",
	.level = EFFECT_CHANGES,
	.settles = true,
	.why = "nobody is here at night",
};

static const struct effect_rule all = {
	.id = "docker.all",
	.level = EFFECT_READS,
	.settles = true,
	.why = "a playground",
};

/* Not settling: counts only where it is higher. */
static const struct effect_rule longer = {
	.id = "docker.longer",
	.verb = "compose down web",
	.level = EFFECT_READS,
	.why = "says so",
};

static void
a_document_may_raise_and_never_lower(void **state)
{
	struct arena arena = ARENA_INIT;
	struct effect_rules *rules = effect_rules_new(&arena, NULL);
	struct buf err = BUF_INIT;
	struct effect_program p = one_row("docker", &raising);

	(void)state;
	assert_int_equal(
		effect_rules_add(rules, &p, EFFECT_DOCUMENT, nowhere, &err), 0);
	assert_int_equal(level_by(rules, "docker start x"), EFFECT_DISRUPTS);
	assert_int_equal(level_by(rules, "docker ps"), EFFECT_READS);
	p = one_row("docker", &longer);
	assert_int_equal(
		effect_rules_add(rules, &p, EFFECT_DOCUMENT, nowhere, &err), 0);
	assert_int_equal(level_by(rules, "docker compose down web"),
			 EFFECT_DISRUPTS);
	p = one_row("docker", &lowering);
	assert_int_equal(
		effect_rules_add(rules, &p, EFFECT_DOCUMENT, nowhere, &err),
		-1);
	assert_string_equal(buf_cstr(&err),
			    "effect rule 'docker.lower' cannot be used: a "
			    "document cannot lower a level");
	assert_int_equal(level_by(rules, "docker system prune"),
			 EFFECT_DESTROYS);
	buf_release(&err);
	arena_release(&arena);
}

static void
an_operator_may_lower(void **state)
{
	struct arena arena = ARENA_INIT;
	struct effect_rules *rules = effect_rules_new(&arena, NULL);
	struct buf err = BUF_INIT;
	struct effect_program p = one_row("docker", &lowering);

	(void)state;
	assert_int_equal(
		effect_rules_add(rules, &p, EFFECT_OPERATOR, nowhere, &err), 0);
	assert_int_equal(level_by(rules, "docker system prune -f"),
			 EFFECT_CHANGES);
	assert_int_equal(level_by(rules, "docker volume prune -f"),
			 EFFECT_DESTROYS);
	p = one_row("docker", &down);
	assert_int_equal(
		effect_rules_add(rules, &p, EFFECT_OPERATOR, nowhere, &err), 0);
	assert_int_equal(level_by(rules, "docker compose down"),
			 EFFECT_CHANGES);
	assert_int_equal(level_by(rules, "docker compose down -v"),
			 EFFECT_DESTROYS);
	p = one_row("docker", &all);
	assert_int_equal(
		effect_rules_add(rules, &p, EFFECT_OPERATOR, nowhere, &err), 0);
	assert_int_equal(level_by(rules, "docker stop x"), EFFECT_READS);
	assert_int_equal(level_by(rules, "docker compose down"),
			 EFFECT_CHANGES);
	assert_int_equal(level_by(rules, "docker exec x rm -rf /srv"),
			 EFFECT_DESTROYS);
	buf_release(&err);
	arena_release(&arena);
}

/* A preview that is built in does not void what the document raises. */
static void
a_raise_outlives_a_preview(void **state)
{
	static const struct effect_rule rule = {
		.id = "git.ours",
		.verb = "clean",
		.level = EFFECT_DISRUPTS,
		.why = "even the preview is slow",
	};
	struct arena arena = ARENA_INIT;
	struct effect_rules *rules = effect_rules_new(&arena, NULL);
	struct buf err = BUF_INIT;
	struct effect_program p = one_row("git", &rule);

	(void)state;
	assert_int_equal(level_by(rules, "git clean -n"), EFFECT_READS);
	assert_int_equal(
		effect_rules_add(rules, &p, EFFECT_DOCUMENT, nowhere, &err), 0);
	assert_int_equal(level_by(rules, "git clean -n"), EFFECT_DISRUPTS);
	buf_release(&err);
	arena_release(&arena);
}

static void
assert_refused(const struct effect_program *p, const char *why)
{
	struct arena arena = ARENA_INIT;
	struct effect_rules *rules = effect_rules_new(&arena, NULL);
	struct buf err = BUF_INIT;

	assert_int_equal(
		effect_rules_add(rules, p, EFFECT_OPERATOR, nowhere, &err), -1);
	if (!strstr(buf_cstr(&err), why))
		fail_msg("'%s' does not say '%s'", buf_cstr(&err), why);
	buf_release(&err);
	arena_release(&arena);
}

static void
wrappers_and_malformed_rows_are_refused(void **state)
{
	static const char *const wrappers[] = { "sh",      "bash", "python3",
						"sudo",    "ssh",  "env",
						"xargs",   "find", "psql",
						"eval",    "fish", "perl",
						"timeout", "npx",  "source" };
	static const struct effect_runs runs = { .how = EFFECT_RUNS_ARGV };
	static const struct effect_condition bad = { EFFECT_IF_WITH, false,
						     "--frob" };
	static const struct effect_condition no_class = { EFFECT_IF_WITH, false,
							  "-x=@frob" };
	struct effect_rule rule = { .id = "x.y", .why = "it does" };
	struct effect_program p;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrappers); i++) {
		p = one_row(wrappers[i], &rule);
		assert_refused(&p, "it is a shell, an interpreter or runs");
	}
	p = one_row(":sql", &rule);
	assert_refused(&p, "no name of a program");
	p = one_row("frob", &rule);
	p.options = "x";
	assert_refused(&p, "does not begin with a dash");
	p = one_row("frob", &rule);
	p.n_rules = 0;
	assert_refused(&p, "it has no rules");
	p = one_row("frob", &rule);
	rule.runs = &runs;
	assert_refused(&p, "only built-in rules run a command");
	rule.runs = NULL;
	rule.conditions = &bad;
	rule.n_conditions = 1;
	assert_refused(&p, "an option is not in the program's options");
	rule.conditions = &no_class;
	p.options = "-x=";
	assert_refused(&p, "a class is not known");
	p.options = NULL;
	rule.n_conditions = 0;
	rule.why = "";
	assert_refused(&p, "does not say why");
	rule.why = "it does";
	rule.verb = "a | -x";
	assert_refused(&p, "an option stands among the verbs");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_operator_settles_an_unknown_program),
		cmocka_unit_test(a_document_settles_nothing),
		cmocka_unit_test(a_finding_says_where_its_row_stands),
		cmocka_unit_test(a_document_may_raise_and_never_lower),
		cmocka_unit_test(an_operator_may_lower),
		cmocka_unit_test(a_raise_outlives_a_preview),
		cmocka_unit_test(wrappers_and_malformed_rows_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
