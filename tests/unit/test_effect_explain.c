/* The sentences that say what a finding means, and the names of levels. */
#include "lib/judge.h"
#include "lib/unit.h"

static void
assert_explained(const char *command, const char *want)
{
	struct judged j;
	struct buf b = BUF_INIT;

	judged_init(&j, command, NULL);
	assert_non_null(j.effect->worst);
	effect_explain(&b, j.effect->worst);
	assert_string_equal(buf_cstr(&b), want);
	buf_release(&b);
	judged_release(&j);
}

static void
findings_are_explained_from_the_inside_out(void **state)
{
	(void)state;
	assert_explained(
		"ssh web1 \"sudo docker exec db psql -U postgres -c 'DROP "
		"DATABASE app'\"",
		"DROP DATABASE app — SQL inside psql (user postgres) inside "
		"container db on web1 (via ssh, sudo). Deletes it with "
		"everything in it; IF "
		"EXISTS keeps silent if the name is wrong. Undo: only from a "
		"dump. Check: \\l and \\dt.");
	assert_explained(
		"docker compose exec web rm -rf /data",
		"rm /data — inside service web. Deletes a home, a folder "
		"of the system, or all of it. Undo: install the "
		"machine again.");
	assert_explained(
		"kubectl exec -it api -- systemctl stop nginx",
		"systemctl stop nginx — inside pod api. Interrupts the "
		"service. Undo: systemctl start UNIT. Check: systemctl "
		"status UNIT.");
	assert_explained(
		"sudo -u app touch x",
		"touch x — via sudo as app. Creates a file or sets its "
		"time. Undo: remove the file.");
	assert_explained("echo x > out",
			 "> out. Writes a file from its beginning. Undo: from "
			 "a copy of the file.");
}

/* In `ssh h "cmd > f"` the file is there, in `ssh h cmd > f` here. */
static void
files_are_said_to_be_here_or_there(void **state)
{
	(void)state;
	assert_explained("ssh web1 'pg_dump app > dump.sql'",
			 "> dump.sql — on web1 (via ssh). Writes a file from "
			 "its beginning. Undo: from a copy of the file.");
	assert_explained("ssh web1 pg_dump app > dump.sql",
			 "> dump.sql — here, not on web1. Writes a file from "
			 "its beginning. Undo: from a copy of the file.");
	assert_explained("ssh web1 'docker exec db pg_dump app > dump.sql'",
			 "> dump.sql — on web1 (via ssh), not inside container "
			 "db. Writes a file from its beginning. Undo: from a "
			 "copy of the file.");
	assert_explained("sudo pg_dump app > dump.sql",
			 "> dump.sql. Writes a file from its beginning. Undo: "
			 "from a copy of the file.");
}

/* What a person has to type names no quote and no word twice. */
static void
objects_are_named_as_people_type_them(void **state)
{
	static const struct {
		const char *command, *verb, *object;
	} rows[] = {
		{ "psql -c 'CREATE DATABASE x'", "CREATE DATABASE", "x" },
		{ "psql -c 'drop table if exists a.b cascade'", "DROP TABLE",
		  "a.b" },
		{ "psql -c 'UPDATE t SET a = 1'", "UPDATE", "t" },
		{ "psql -c 'DROP ROLE \"my app\"'", "DROP ROLE", "my app" },
		{ "psql -c 'DROP FROB x'", "DROP FROB", "x" },
		{ "rm -rf \"${TMPDIR:-/tmp}/scratch\"", "rm",
		  "${TMPDIR:-/tmp}/scratch" },
		{ "rm -rf '/srv/a b'\\ c/$x", "rm", "/srv/a b c/$x" },
		{ "docker volume rm \"$VOLUME\"", "docker volume rm",
		  "$VOLUME" },
		{ "echo x > \"$dir\"'/f'", ">", "$dir/f" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct judged j;

		judged_init(&j, rows[i].command, NULL);
		assert_true(text_is(j.effect->worst->verb, rows[i].verb));
		assert_true(text_is(j.effect->worst->object, rows[i].object));
		judged_release(&j);
	}
}

static void
what_is_not_known_is_never_called_dangerous(void **state)
{
	(void)state;
	assert_explained("$(date) x", "could not establish: $(date) x. Which "
				      "command it is, is not known.");
	assert_explained(
		"ssh web1 \"$cmd now\"",
		"could not establish: … now — on web1 (via ssh). Which "
		"command it is, is not known.");
	assert_explained("frobctl clear-all --yes",
			 "frobctl. Looks as if it destroys: it says "
			 "'clear-all'.");
	assert_explained("frob", "could not establish: frob. Nothing is known "
				 "of this program.");
	assert_explained("ssh web1",
			 "ssh web1 — on web1 (via ssh). Opens a shell, "
			 "in which the next lines would run.");
	assert_explained("echo 'open",
			 "could not establish: echo 'open. Unterminated single "
			 "quote.");
}

static void
names_go_both_ways(void **state)
{
	enum effect_level level;

	(void)state;
	for (unsigned i = 0; i < EFFECT_LEVELS; i++) {
		const char *name = effect_level_name((enum effect_level)i);

		assert_true(effect_level_parse(text_of(name), &level));
		assert_int_equal(level, i);
	}
	assert_false(effect_level_parse(TEXT("read"), &level));
	assert_false(effect_level_parse(TEXT("Reads"), &level));
	assert_string_equal(effect_tag_name(0), "privileged");
	assert_string_equal(effect_tag_name(17), "shell-state");
	assert_null(effect_tag_name(18));
	assert_null(effect_tag_name(40));
	assert_false(effect_level_stops(EFFECT_CHANGES));
	assert_true(effect_level_stops(EFFECT_UNKNOWN));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_are_explained_from_the_inside_out),
		cmocka_unit_test(files_are_said_to_be_here_or_there),
		cmocka_unit_test(objects_are_named_as_people_type_them),
		cmocka_unit_test(what_is_not_known_is_never_called_dangerous),
		cmocka_unit_test(names_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
