/* The forms of a secret, against the programs that write them. */
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/forms.h"
#include "base/limits.h"
#include "lib/death.h"
#include "lib/random.h"
#include "lib/unit.h"

enum {
	N_VALUES = 400
};

/* What the program ARGV prints; false when there is none. */
static bool
ask(char *const *argv, struct buf *ret)
{
	int out[2], status;
	pid_t pid;

	assert_int_equal(fd_pipe(out), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		setenv("LC_ALL", "C", 1);
		dup2(out[1], STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	fd_close(&out[1]);
	assert_int_equal(fd_read_all(out[0], 16 * 1024 * 1024, ret), 0);
	fd_close(&out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct search {
	struct text wanted;
	bool found;
};

static void
look(void *ctx, struct text form)
{
	struct search *s = ctx;

	if (text_eq(form, s->wanted))
		s->found = true;
}

static bool
has_form(struct text value, struct text wanted)
{
	struct search s = { wanted, false };

	forms_each(value, look, &s);
	return s.found;
}

/* T without PREFIX and SUFFIX, or T itself when it has not both. */
static struct text
strip(struct text t, const char *prefix, const char *suffix)
{
	if (t.len < strlen(prefix) + strlen(suffix) ||
	    !text_starts(t, prefix) || !text_ends(t, suffix))
		return t;
	return text_sub(t, strlen(prefix), t.len - strlen(suffix));
}

/* Random values, at argv[FIRST] and behind. */
static void
fill_values(char **argv, size_t first, const char *alphabet)
{
	uint64_t seed = 23;

	for (size_t i = 0; i < N_VALUES; i++) {
		struct buf b = BUF_INIT;

		random_text(&seed, &b, alphabet, 1, 12);
		argv[first + i] = buf_detach(&b, NULL);
	}
	argv[first + N_VALUES] = NULL;
}

/* The next of the forms at *REST is a form of VALUE, between quotes or not. */
static void
assert_known_form(struct text value, struct text *rest)
{
	struct text form;

	assert_true(text_next_field(rest, '\0', &form));
	form = strip(form, "declare -- x=", "");
	form = strip(strip(form, "$'", "'"), "\"", "\"");
	if (!has_form(value, form) && !has_form(value, strip(form, "'", "'")))
		fail_msg("value '%.*s' has no form '%.*s'", TEXT_ARG(value),
			 TEXT_ARG(form));
}

/* COMMAND, given values, writes each in a known form with NUL behind it. */
static void
assert_known(const char *const *command, const char *alphabet)
{
	char *argv[8 + N_VALUES + 1];
	CLEANUP(buf_release) struct buf out = BUF_INIT;
	struct text rest;
	size_t n = 0;

	for (; command[n]; n++)
		argv[n] = (char *)(uintptr_t)command[n];
	fill_values(argv, n, alphabet);
	if (!ask(argv, &out))
		print_message("[  SKIPPED ] no '%s'\n", command[0]);
	rest = buf_text(&out);
	for (size_t i = n; argv[i]; i++) {
		if (out.len)
			assert_known_form(text_of(argv[i]), &rest);
		free(argv[i]);
	}
}

static const char all[] =
	"abcXYZ019 \t\n\r\033\001\177\"'`$\\!&|;<>()[]{}*?#~^,"
	".:=%@+-_/\xc3\xa9";
static const char printable[] = "abc09 \"'`$\\!&|;<>()[]{}*?#~^,.:=%@+-_/";

#define ASSERT_KNOWN(alphabet, ...)                                            \
	assert_known((const char *const[]){ __VA_ARGS__, NULL }, alphabet)

static void
test_bash(void **state UNUSED)
{
	ASSERT_KNOWN(printable, "bash", "-c",
		     "for x; do printf '%q\\0' \"$x\"; done", "-");
	ASSERT_KNOWN(all, "bash", "-c", "for x; do printf '%q\\0' \"$x\"; done",
		     "-");
	ASSERT_KNOWN(all, "bash", "-c",
		     "for x; do printf '%s\\0' \"${x@Q}\"; done", "-");
	ASSERT_KNOWN(printable, "bash", "-c",
		     "for x; do printf '%s\\0' \"$(declare -p x)\"; done", "-");
	ASSERT_KNOWN(printable, "bash", "-c",
		     "for x; do y=$( { set -x; [[ . == \"$x\" ]]; } 2>&1 ); "
		     "y=${y#*== }; printf '%s\\0' \"${y% ]]*}\"; done",
		     "-");
}

static void
test_python(void **state UNUSED)
{
	static const char *const calls[] = {
		"json.dumps(x)[1:-1]",
		"json.dumps(x, ensure_ascii=False)[1:-1]",
		"html.escape(x)",
		"html.escape(x, quote=False)",
		"urllib.parse.quote(x)",
		"urllib.parse.quote(x, safe='')",
		"urllib.parse.quote_plus(x)",
		"x.encode().hex()",
		"base64.b64encode(x.encode()).decode()",
		"base64.urlsafe_b64encode(x.encode()).decode()",
		"xml.sax.saxutils.escape(x)",
		"shlex.quote(x)",
	};

	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		CLEANUP(buf_release) struct buf script = BUF_INIT;

		buf_addf(&script,
			 "import sys, json, html, urllib.parse, base64, shlex\n"
			 "import xml.sax.saxutils\n"
			 "for x in sys.argv[1:]:\n"
			 "    print(%s, end='\\0')\n",
			 calls[i]);
		ASSERT_KNOWN(printable, "python3", "-c", script.bytes);
	}
}

static void
test_node(void **state UNUSED)
{
	static const char *const calls[] = {
		"JSON.stringify(x).slice(1, -1)",
		"encodeURIComponent(x)",
		"encodeURI(x)",
		"new URLSearchParams({x}).toString().slice(2)",
		"Buffer.from(x).toString('base64')",
		"Buffer.from(x).toString('hex')",
	};

	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		CLEANUP(buf_release) struct buf script = BUF_INIT;

		buf_addf(&script,
			 "for (const x of process.argv.slice(1))"
			 " process.stdout.write(%s + '\\0')",
			 calls[i]);
		ASSERT_KNOWN(printable, "node", "-e", script.bytes, "--");
	}
}

static void
count(void *ctx, struct text form)
{
	size_t *n = ctx;

	assert_true(form.len <= 6 * LIMIT_VALUE_BYTES);
	(*n)++;
}

/* The longest forms of the longest value. */
static void
test_longest(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf value = BUF_INIT;
	size_t n = 0;

	buf_fill(&value, '\001', LIMIT_VALUE_BYTES);
	forms_each(buf_text(&value), count, &n);
	assert_true(n > 20);
}

static void
make_too_long(void)
{
	CLEANUP(buf_release) struct buf value = BUF_INIT;
	size_t n = 0;

	buf_fill(&value, 'x', LIMIT_VALUE_BYTES + 1);
	forms_each(buf_text(&value), count, &n);
}

static void
test_too_long(void **state UNUSED)
{
	assert_aborts(make_too_long, "a secret of 4097 bytes");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bash),     cmocka_unit_test(test_python),
		cmocka_unit_test(test_node),     cmocka_unit_test(test_longest),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
