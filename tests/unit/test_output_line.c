/* Lines of shell blocks, told apart by how they look. */
#include "base/compiler.h"
#include "graph/output_line.h"
#include "lib/unit.h"

static const struct {
	enum line_nature nature;
	const char *line;
} lines[] = {
	{ LINE_BLANK, "" },
	{ LINE_BLANK, "  \t" },
	{ LINE_COMMENT, "# Restart it" },
	{ LINE_COMMENT, "   #Restart it" },

	{ LINE_COMMAND, "kubectl get pods" },
	{ LINE_COMMAND, "  docker ps   # all of them" },
	{ LINE_COMMAND, "./frob now" },
	{ LINE_COMMAND, "~/bin/frob" },
	{ LINE_COMMAND, "install/frob.sh" },
	{ LINE_COMMAND, "NAME=value" },
	{ LINE_COMMAND, "PATH=/opt/bin:" },
	{ LINE_COMMAND, "PGHOST=a scp x host:" },
	{ LINE_COMMAND, "for i in a b" },
	{ LINE_COMMAND, "(cd /srv && ls)" },
	{ LINE_COMMAND, "$TOOL run" },
	{ LINE_COMMAND, "docker  run   -d   x" },
	{ LINE_COMMAND, "f() {" },

	{ LINE_UNKNOWN, "frobnicate --all" },
	{ LINE_UNKNOWN, "frobnicate all of them" },
	{ LINE_UNKNOWN, "ok" },
	{ LINE_UNKNOWN, "SwitchAudioSource -s x" },
	{ LINE_UNKNOWN, "frobnicate x        # with a comment" },

	{ LINE_TABLE, "NAME   READY   STATUS" },
	{ LINE_TABLE, "web-0   1/1   Running   0" },
	{ LINE_TABLE, "base_1\t2019-06-15\t04" },
	{ LINE_TABLE, "LAST SEEN   TYPE" },

	{ LINE_OUTPUT, "{\"level\": \"info\"}" },
	{ LINE_OUTPUT, "  \"version\": 2," },
	{ LINE_OUTPUT, "}" },
	{ LINE_OUTPUT, "]," },
	{ LINE_OUTPUT, "| id | name |" },
	{ LINE_OUTPUT, "+----+------+" },
	{ LINE_OUTPUT, "Name:      web" },
	{ LINE_OUTPUT, "pgs:  113 active" },
	{ LINE_OUTPUT, "API URL:   https://x" },
	{ LINE_OUTPUT, "default_runtime = \"crun\"" },
	{ LINE_OUTPUT, "pod/web-0 created" },
	{ LINE_OUTPUT, "pod \"web-0\" deleted" },
	{ LINE_OUTPUT, "web.example.com patched" },
	{ LINE_OUTPUT, "level=info ts=2021 msg=x" },
	{ LINE_OUTPUT, "I0923 12:00:00 x.go:1] y" },
	{ LINE_OUTPUT, "[INFO] done" },
	{ LINE_OUTPUT, "2021-09-24 12:00 done" },
	{ LINE_OUTPUT, "(2 rows)" },
	{ LINE_OUTPUT, "57m  Normal" },
	{ LINE_OUTPUT, "Please type at least" },
	{ LINE_OUTPUT, "Nothing found." },
	{ LINE_OUTPUT, "Error reconciling x: y" },
	{ LINE_OUTPUT, "* Connected to x" },
	{ LINE_OUTPUT, "< HTTP/1.1 200 OK" },
	{ LINE_OUTPUT, "< Server: nginx" },
	{ LINE_COMMAND, "< files.txt xargs -r rm -fr" },
};

static void
natures_are_told_apart(void **state UNUSED)
{
	const struct effect_rules *rules = effect_rules_builtin();

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		enum line_nature got =
			line_nature(rules, text_of(lines[i].line));

		if (got != lines[i].nature)
			fail_msg("'%s': %d, not %d", lines[i].line, got,
				 lines[i].nature);
	}
}

static void
options_make_a_command(void **state UNUSED)
{
	assert_true(line_has_option(TEXT("lxc-attach -n web -- su")));
	assert_false(line_has_option(TEXT("-delete the config")));
	assert_false(line_has_option(TEXT("Error - no such thing")));
	assert_false(line_has_option(TEXT("no such - thing")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(natures_are_told_apart),
		cmocka_unit_test(options_make_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
