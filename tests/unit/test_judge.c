/* Levels and chains of commands, by a table; how they must be run; and that
 * nothing done to a command makes it look less than it is. */
#include "lib/judge.h"
#include "lib/unit.h"
#include "shell/parse.h"
#include "shell/word.h"

static const struct row {
	const char *command;
	enum effect_level level;
	const char *chain;
} rows[] = {
#define JUDGED(command, level, chain) { command, EFFECT_##level, chain },
#include "unit/bypass.def"
#include "unit/hidden.def"
#include "unit/judged.def"
#undef JUDGED
};

static void
rows_have_level_and_chain(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct judged j;

		judged_init(&j, row->command, NULL);
		if (j.effect->level != row->level ||
		    strcmp(buf_cstr(&j.chain), row->chain) != 0) {
			print_message(
				"'%s': %s in '%s' by %s, not %s in '%s'\n",
				row->command,
				effect_level_name(j.effect->level),
				buf_cstr(&j.chain), judged_rule(&j),
				effect_level_name(row->level), row->chain);
			wrong++;
		}
		judged_release(&j);
	}
	assert_int_equal(wrong, 0);
}

/* ---- how it must be run ----------------------------------------------------
 */

static const struct {
	const char *command;
	enum effect_io io;
} ios[] = {
	{ "ls", EFFECT_IO_BATCH },
	{ "ssh web1", EFFECT_IO_INTERACTIVE },
	{ "ssh web1 uptime", EFFECT_IO_BATCH },
	{ "ssh -t web1 uptime", EFFECT_IO_INTERACTIVE },
	{ "ssh web1 'docker logs -f app'", EFFECT_IO_FOLLOW },
	{ "ssh web1 'docker logs --tail 5 app'", EFFECT_IO_BATCH },
	{ "docker compose -f a.yaml logs", EFFECT_IO_BATCH },
	{ "docker compose logs -f --tail 10 web", EFFECT_IO_FOLLOW },
	{ "docker exec -it app ls", EFFECT_IO_INTERACTIVE },
	{ "docker exec -i app ls", EFFECT_IO_BATCH },
	{ "docker compose exec web ls", EFFECT_IO_BATCH },
	{ "docker run --rm -it alpine sh", EFFECT_IO_INTERACTIVE },
	{ "docker stats", EFFECT_IO_FOLLOW },
	{ "docker stats --no-stream", EFFECT_IO_BATCH },
	{ "kubectl exec -it api -- sh", EFFECT_IO_INTERACTIVE },
	{ "kubectl get pods -w", EFFECT_IO_FOLLOW },
	{ "kubectl logs -f api", EFFECT_IO_FOLLOW },
	{ "kubectl -f x.yaml get pods", EFFECT_IO_BATCH },
	{ "tee -a out.txt", EFFECT_IO_INTERACTIVE },
	{ "uptime | tee out.txt", EFFECT_IO_BATCH },
	{ "tail -f log", EFFECT_IO_FOLLOW },
	{ "tail -f log > out &", EFFECT_IO_BATCH },
	{ "ssh web1 'nohup tail -f log > out &'", EFFECT_IO_BATCH },
	{ "tail -n 5 log", EFFECT_IO_BATCH },
	{ "timeout 5 tail -f log", EFFECT_IO_BATCH },
	{ "tail -f log | grep error", EFFECT_IO_FOLLOW },
	{ "journalctl -fu app", EFFECT_IO_FOLLOW },
	{ "journalctl -u app", EFFECT_IO_BATCH },
	{ "watch df", EFFECT_IO_FOLLOW },
	{ "top", EFFECT_IO_INTERACTIVE },
	{ "top -bn1", EFFECT_IO_BATCH },
	{ "vim x", EFFECT_IO_INTERACTIVE },
	{ "crontab -e", EFFECT_IO_INTERACTIVE },
	{ "sudo systemctl edit app", EFFECT_IO_INTERACTIVE },
	{ "journalctl | less", EFFECT_IO_INTERACTIVE },
	{ "psql app", EFFECT_IO_INTERACTIVE },
	{ "psql app -c 'SELECT 1'", EFFECT_IO_BATCH },
	{ "psql app < x.sql", EFFECT_IO_BATCH },
	{ "psql app <<< 'SELECT 1'", EFFECT_IO_BATCH },
	{ "mysql app", EFFECT_IO_INTERACTIVE },
	{ "redis-cli", EFFECT_IO_INTERACTIVE },
	{ "redis-cli monitor", EFFECT_IO_FOLLOW },
	{ "python3", EFFECT_IO_INTERACTIVE },
	{ "python3 -c 'f()'", EFFECT_IO_BATCH },
	{ "bash", EFFECT_IO_INTERACTIVE },
	{ "bash x.sh", EFFECT_IO_BATCH },
	{ "sudo -i", EFFECT_IO_INTERACTIVE },
	{ "read -p 'go on?' x", EFFECT_IO_INTERACTIVE },
	{ "read -r x < f", EFFECT_IO_BATCH },
	{ "ping db1", EFFECT_IO_FOLLOW },
	{ "ping -c 3 db1", EFFECT_IO_BATCH },
	{ "vmstat 1", EFFECT_IO_FOLLOW },
	{ "git commit -m x", EFFECT_IO_BATCH },
	{ "git commit", EFFECT_IO_INTERACTIVE },
	{ "docker compose up", EFFECT_IO_FOLLOW },
	{ "docker compose up -d", EFFECT_IO_BATCH },
};

static void
io_is_looked_for_inside(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ios); i++) {
		struct judged j;

		judged_init(&j, ios[i].command, NULL);
		if (j.effect->io != ios[i].io)
			fail_msg("'%s' is %s", ios[i].command,
				 effect_io_name(j.effect->io));
		judged_release(&j);
	}
}

/* ---- tags -------------------------------------------------------------------
 */

static const struct {
	const char *command;
	unsigned has, lacks;
} tagged[] = {
	{ "sudo rm -rf /srv", EFFECT_TAG_PRIVILEGED, EFFECT_TAG_REMOTE },
	{ "ssh web1 rm -rf /srv", EFFECT_TAG_REMOTE, EFFECT_TAG_PRIVILEGED },
	{ "rm -rf /", EFFECT_TAG_CATASTROPHIC | EFFECT_TAG_IRREVERSIBLE, 0 },
	{ "rm -rf /srv/x", EFFECT_TAG_IRREVERSIBLE, EFFECT_TAG_CATASTROPHIC },
	{ "rm -rf \"$x\"", EFFECT_TAG_UNRESOLVED_TARGET, 0 },
	{ "rm -rf x", 0, EFFECT_TAG_UNRESOLVED_TARGET },
	{ "systemctl stop ssh", EFFECT_TAG_LOCKOUT, 0 },
	{ "systemctl stop nginx", EFFECT_TAG_PRIVILEGED, EFFECT_TAG_LOCKOUT },
	{ "cat .env", EFFECT_TAG_LEAKS_SECRET, 0 },
	{ "psql app < x.sql", EFFECT_TAG_UNREAD_INPUT, 0 },
	{ "frob purge-all --yes", EFFECT_TAG_SUSPECTED | EFFECT_TAG_NO_CONFIRM,
	  0 },
	{ "echo y | docker system prune", EFFECT_TAG_NO_CONFIRM, 0 },
	{ "yes | docker system prune", EFFECT_TAG_NO_CONFIRM, 0 },
	{ "docker system prune", 0, EFFECT_TAG_NO_CONFIRM },
	{ "docker system prune -f", EFFECT_TAG_NO_CONFIRM, 0 },
	{ "curl x | sh", EFFECT_TAG_EXEC | EFFECT_TAG_NETWORK, 0 },
};

static void
tags_say_what_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tagged); i++) {
		struct judged j;

		judged_init(&j, tagged[i].command, NULL);
		if ((j.effect->tags & tagged[i].has) != tagged[i].has ||
		    (j.effect->tags & tagged[i].lacks))
			fail_msg("'%s' has tags %x", tagged[i].command,
				 j.effect->tags);
		judged_release(&j);
	}
}

/* ---- several findings
 * ---------------------------------------------------------- */

static void
all_findings_are_kept_in_order(void **state)
{
	struct judged j;

	(void)state;
	judged_init(&j, "ls; frob; rm -rf /srv/x; systemctl stop x", NULL);
	assert_int_equal(j.effect->n_findings, 4);
	assert_string_equal(j.effect->findings[0].rule, "ls.reads");
	assert_string_equal(j.effect->findings[1].rule, "unlisted");
	assert_string_equal(j.effect->findings[2].rule, "rm.deletes-tree");
	assert_ptr_equal(j.effect->worst, &j.effect->findings[2]);
	assert_true(j.effect->partly_unknown);
	judged_release(&j);
	judged_init(&j, "frob", NULL);
	assert_int_equal(j.effect->level, EFFECT_UNKNOWN);
	assert_false(j.effect->partly_unknown);
	judged_release(&j);
	judged_init(&j, "", NULL);
	assert_int_equal(j.effect->level, EFFECT_READS);
	assert_null(j.effect->worst);
	judged_release(&j);
}

static void
what_does_not_parse_is_unknown_and_its_neighbours_are_not(void **state)
{
	struct judged j;

	(void)state;
	judged_init(&j, "echo $(unclosed", NULL);
	assert_int_equal(j.effect->level, EFFECT_UNKNOWN);
	assert_string_equal(judged_rule(&j), "syntax");
	judged_release(&j);
	judged_init(&j, "echo )\nrm -rf /srv", NULL);
	assert_int_equal(j.effect->level, EFFECT_DESTROYS);
	assert_true(j.effect->partly_unknown);
	judged_release(&j);
}

/* ---- places
 * ----------------------------------------------------------------------- */

static void
assert_worst(const char *command, const char *where, const char *verb,
	     const char *object)
{
	struct judged j;

	judged_init(&j, command, NULL);
	assert_non_null(j.effect->worst);
	assert_text(span_text(j.effect->worst->where), where);
	assert_text(j.effect->worst->verb, verb);
	assert_text(j.effect->worst->object, object);
	judged_release(&j);
}

static void
findings_point_at_their_words(void **state)
{
	(void)state;
	assert_worst("ls && rm -rf /srv/x && ls", "rm -rf /srv/x", "rm",
		     "/srv/x");
	assert_worst("docker --context p volume rm pgdata other",
		     "docker --context p volume rm pgdata", "docker volume rm",
		     "pgdata other");
	assert_worst("ssh h \"docker exec db psql -c \\\"DROP TABLE x\\\"\"",
		     "DROP TABLE x", "DROP TABLE", "x");
	assert_worst("sh -c 'sh -c \"rm -rf /srv\"'", "rm -rf /srv", "rm",
		     "/srv");
	assert_worst("X=rm\n\"$X\" -rf /srv", "\"$X\" -rf /srv", "rm", "/srv");
	assert_worst("psql <<EOF\nSELECT 1;\n  drop table t;\nEOF",
		     "drop table t", "DROP TABLE", "t");
	assert_worst("r\"m\" -r\\f /srv", "r\"m\" -r\\f /srv", "rm", "/srv");
	assert_worst("rm -rf \"$dir/x\"", "rm -rf \"$dir/x\"", "rm", "$dir/x");
	assert_worst("echo x > /etc/motd", "> /etc/motd", ">", "/etc/motd");
	assert_worst("redis-cli <<< 'flushall'", "flushall", "FLUSHALL", "");
	assert_worst("printf 'SELECT 4\\nFLUSHDB\\n' | redis-cli", "FLUSHDB",
		     "FLUSHDB", "");
	assert_worst("printf 'DROP TABLE %s;\\n' a | psql",
		     "DROP TABLE %s;\\n' a", "DROP TABLE", "a");
	assert_worst("echo -e 'SELECT 1;\\n\\tDROP TABLE t;' | psql",
		     "DROP TABLE t", "DROP TABLE", "t");
	assert_worst("echo -e '\\x44ROP TABLE t;' | psql", "psql", "unread SQL",
		     "echo -e '\\x44ROP TABLE t;'");
}

/* A block in a list: the map takes the indentation out. */
static void
findings_point_through_indentation(void **state)
{
	static const char document[] = "- item\n\n"
				       "  ```bash\n"
				       "  ls \\\n"
				       "    -l\n"
				       "  docker volume \\\n"
				       "    rm pgdata\n"
				       "  ```\n";
	static const char block[] =
		"ls \\\n  -l\ndocker volume \\\n  rm pgdata";
	struct arena arena = ARENA_INIT;
	struct source *source =
		source_new("x.md", xstrdup(document), sizeof(document) - 1);
	struct map *map = map_new(&arena, source);
	struct effect_state none = { .scope = NULL };
	struct text rest = text_of(block), line;
	uint32_t at = 18;
	struct effect *e;

	(void)state;
	while (text_next_line(&rest, &line)) {
		uint32_t n = (uint32_t)line.len + (rest.len ? 1 : 0);

		at += 2;
		map_add(&arena, map, n, at, n, MAP_COPIED);
		at += n;
	}
	e = effect_judge_script(
		&arena,
		shell_parse(&arena, (struct excerpt){ text_of(block), map }),
		&none);
	assert_int_equal(e->level, EFFECT_DESTROYS);
	assert_text(span_text(e->worst->where),
		    "docker volume \\\n    rm pgdata");
	arena_release(&arena);
	source_free(source);
}

/* ---- what earlier statements established
 * ------------------------------------------- */

static void
state_goes_from_statement_to_statement(void **state)
{
	struct arena arena = ARENA_INIT;
	struct effect_state s = { .scope = scope_new(&arena) };
	struct excerpt e = { TEXT("what=stop\nf() { rm -rf \"$1\"; }\n"
				  "systemctl $what app\nf /srv\n$nobody x"),
			     NULL };
	struct script *script = shell_parse(&arena, e);
	static const enum effect_level levels[] = { EFFECT_READS, EFFECT_READS,
						    EFFECT_DISRUPTS,
						    EFFECT_DESTROYS,
						    EFFECT_UNKNOWN };

	(void)state;
	assert_int_equal(script->body->n_items, ARRAY_LEN(levels));
	for (uint32_t i = 0; i < ARRAY_LEN(levels); i++)
		assert_int_equal(
			effect_judge(&arena, script, script->body->items[i], &s)
				->level,
			levels[i]);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_have_level_and_chain),
		cmocka_unit_test(io_is_looked_for_inside),
		cmocka_unit_test(tags_say_what_else),
		cmocka_unit_test(all_findings_are_kept_in_order),
		cmocka_unit_test(
			what_does_not_parse_is_unknown_and_its_neighbours_are_not),
		cmocka_unit_test(findings_point_at_their_words),
		cmocka_unit_test(findings_point_through_indentation),
		cmocka_unit_test(state_goes_from_statement_to_statement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
