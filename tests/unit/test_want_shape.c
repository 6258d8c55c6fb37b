/* The shape of example output: what may change between two runs, and what may
 * not. */
#include "base/limits.h"
#include "lib/unit.h"
#include "lib/wanted.h"
#include "want/shape.h"

/* One line and the pattern that it becomes. */
static const struct {
	const char *line, *pattern;
} described[] = {
	{ "drained 3 nodes", "drained <number> nodes" },
	{ "  padded  ", "padded" },
	{ "load 0.42, -1.5 and 12,345",
	  "load <number>, <number> and <number>" },
	{ "1e-9 s", "<number> s" },
	{ "42% used", "<number>% used" },
	{ "size 1.5G of 20GiB, 512 bytes, 3 kB",
	  "size <size> of <size>, <size>, <size>" },
	{ "took 3h20m, 1.2s, 250ms and 2 days 3 hours",
	  "took <duration>, <duration>, <duration> and <duration>" },
	{ "Up About a minute", "Up <duration>" },
	{ "Up Less than a second (healthy)", "Up <duration> (healthy)" },
	{ "2026-11-23 12:34:56,789 INFO start", "<date> <time> INFO start" },
	{ "at 2026-11-23T12:34:56.123Z", "at <date>" },
	{ "23/11/2026 9:05 PM", "<date> <time>" },
	{ "Mon Nov 23 12:34:56 CET 2026",
	  "<weekday> <month> <number> <time> <zone> <number>" },
	{ "[23/Nov/2026:12:34:56 +0100]",
	  "[<number>/<month>/<number>:<time>]" },
	{ "May fail on Sun hosts", "May fail on Sun hosts" },
	{ "from 192.168.1.20:8080", "from <address>:<number>" },
	{ "fe80::1 and 2001:db8:0:0:0:0:0:1", "<address> and <address>" },
	{ "mac 52:54:00:12:34:56", "mac <address>" },
	{ "nginx/1.25.3 v2.10", "nginx/<version> <version>" },
	{ "commit 3f9a1c20b7de", "commit <id>" },
	{ "sha256:9f86d081884c7d659a2feaa0c55ad015", "sha256:<id>" },
	{ "at 0x7ffd", "at <id>" },
	{ "user 123e4567-e89b-12d3-a456-426614174000", "user <uuid>" },
	{ "pod web-x2k4p", "pod web-<id>" },
	{ "/var/backups/db-20261123.sql", "/var/backups/db-<number>.sql" },
	{ "/tmp/tmp.kXqWeRtYuI/x", "/tmp/tmp.<id>/x" },
	{ "/proc/1234/fd", "/proc/<number>/fd" },
	{ "backup_20261123_0300", "backup_<number>_<number>" },
	/* names that hold figures are names */
	{ "eth0 web1 utf8 sha256 x86 amd64 node12",
	  "eth0 web1 utf8 sha256 x86 amd64 node12" },
	{ "3d 2fa 1st", "<duration> 2fa 1st" },
	/* ellipsis and placeholders */
	{ "id: 3f9a...", "id: 3f9a<any text>" },
	{ "Hello <your name>!", "Hello <any text>!" },
	{ "PORTS <none>", "PORTS <none>" },
	{ "a < b > c", "a < b > c" },
	{ "cat <<EOF>> log", "cat <<EOF>> log" },
	{ "wait.....", "wait<any text>" },
	{ "token=*** ok", "token=<any text> ok" },
	{ "**** 1. row ****", "**** <number>. row ****" },
	/* what tells good from bad */
	{ "HTTP/1.1 200 OK", "HTTP/<number> 200 OK" },
	{ "HTTP/2 200", "HTTP/<number> 200" },
	{ "exit status 0, code=3", "exit status 0, code=3" },
	{ "3 passed, 0 failed", "<number> passed, 0 failed" },
	{ "0% packet loss", "0% packet loss" },
	{ "0 errors, 12 warnings", "0 errors, <number> warnings" },
	{ "0 waiting", "<number> waiting" },
	/* tables */
	{ "+----+------+", "+----+------+" },
	{ "| a  | 3    |", "| a  | <number>    |" },
	{ "┌──────┐", "┌──────┐" },
	{ "", "" },
};

static void
test_described(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(described); i++) {
		struct arena arena = ARENA_INIT;
		struct buf b = BUF_INIT;
		struct shape s;

		shape_init(&s, &arena, text_of(described[i].line), true);
		shape_describe(&s, &b);
		assert_string_equal(buf_cstr(&b), described[i].pattern);
		buf_release(&b);
		arena_release(&arena);
	}
}

/* An example, an output, and whether that has its shape. */
static const struct {
	const char *example, *output;
	char verdict;
} compared[] = {
	{ "drained 3 nodes", "drained 12 nodes", 'm' },
	{ "drained 3 nodes", "drained 1 node", 'm' },
	{ "drained 3 nodes", "drained 0 of 3 nodes", 'u' },
	{ "drained 3 nodes", "drained some nodes", 'u' },
	{ "drained 3 nodes", "drained 3  nodes ", 'm' },
	{ "a b", "ab", 'u' },
	{ "total 12345.0", "total 7", 'm' },
	{ "temp 3 C", "temp -3 C", 'm' },
	{ "0 /", "512K /", 'm' },
	{ "0 down", "512K down", 'u' },
	{ "age 0", "age 5m", 'm' },
	{ "up 5 min", "up 3:04", 'm' },
	{ "-rw- 1 root 12 Nov 23 12:34 a", "-rw- 1 root 7 Feb  3  2024 a",
	  'm' },
	{ "commit 3f9a1c20b7de", "commit 1234567", 'm' },
	{ "commit 1234567", "commit 3f9a1c20b7de", 'm' },
	{ "commit 3f9a1c20b7de", "commit missing", 'u' },
	{ "pod web-x2k4p", "pod web-bcdfg", 'm' },
	{ "pod web-x2k4p", "pod db-x2k4p", 'u' },
	{ "python 3.11", "python 3.11.2", 'm' },
	{ "from 10.0.0.1", "from fe80::1", 'm' },
	{ "from 10.0.0.1", "from localhost", 'u' },
	{ "on 2026-11-23", "on 2027-01-02", 'm' },
	{ "12:00:00 INFO ok", "12:00:01 ERROR ok", 'u' },
	{ "12:00:00 CET", "12:00:00 CEST", 'm' },
	{ "HTTP/2 200", "HTTP/2 500", 'u' },
	{ "HTTP/1.1 200 OK", "HTTP/2 200 OK", 'm' },
	{ "3 passed, 0 failed", "9 passed, 1 failed", 'u' },
	{ "3 passed, 0 failed", "9 passed, 0 failed", 'm' },
	{ "0% packet loss", "40% packet loss", 'u' },
	{ "40% packet loss", "0% packet loss", 'm' },
	{ "status: 0", "status: 1", 'u' },
	{ "+----+------+", "+---------+---+", 'm' },
	{ "+----+------+", "+====+======+", 'u' },
	{ "id: 3f9a...", "id: 3f9a1c20b7de", 'm' },
	{ "token=*** ok", "token=h4-x/y ok", 'm' },
	{ "token=*** ok", "token=h4-x/y no", 'u' },
	{ "Hello <name>, welcome", "Hello Ada Lovelace, welcome", 'm' },
	{ "Hello <name>, welcome", "Hello Ada, goodbye", 'u' },
	{ "<none>", "<none>", 'm' },
	{ "<none>", "web", 'u' },
	{ "a ... b ... c", "a 1 2 b 3 c", 'm' },
	{ "a ... b ... c", "a 1 2 c 3 b", 'u' },
	/* several lines */
	{ "a 1\nb 2", "a 3\nb 4", 'm' },
	{ "a 1\nb 2", "b 4\na 3", 'u' },
	{ "a 1\nb 2", "a 3", 'u' },
	{ "a 1", "a 3\nand more", 'u' },
	{ "a 1\n...", "a 3\nand more", 'm' },
	{ "a 1\n[...]\nz", "a 3\nm\nn\nz", 'm' },
	{ "\na 1\n\n", "a 2", 'm' },
	{ "a 1", "\n\na 2\n\n", 'm' },
	{ "a 1\n\nb", "a 1\nb", 'u' },
	{ "", "", 'm' },
	{ "", "x", 'u' },
	/* rows of the same shape are one or more rows */
	{ "t=1 ms\nt=2 ms\nt=3 ms\nend", "t=9 ms\nend", 'm' },
	{ "t=1 ms\nt=2 ms\nend", "t=1 ms\nt=1 ms\nt=1 ms\nend", 'm' },
	{ "t=1 ms\nt=2 ms\nend", "end", 'u' },
	{ "t=1 ms\nend", "t=1 ms\nt=2 ms\nend", 'u' },
	{ "same\nsame", "same", 'u' },
	{ "same\nsame", "same\nsame", 'm' },
};

static void
test_compared(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(compared); i++) {
		char verdict = judge(WANT_EXAMPLE, compared[i].example,
				     compared[i].output);

		if (verdict != compared[i].verdict)
			fail_msg("'%s' by '%s': %c, not %c", compared[i].output,
				 compared[i].example, verdict,
				 compared[i].verdict);
	}
}

/* Whatever it holds, an example has its own shape. */
static void
test_itself(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(described); i++) {
		assert_int_equal(judge(WANT_EXAMPLE, described[i].line,
				       described[i].line),
				 'm');
	}
}

static void
test_want_describes(void **state UNUSED)
{
	struct buf b = BUF_INIT;
	struct judge j;

	assert_true(
		judge_begin(&j, WANT_EXAMPLE,
			    "\nNAME  SIZE\na 1K\na 2K\na 3K\n...\n\nend\n\n"));
	want_describe(j.want, &b);
	assert_string_equal(buf_cstr(&b), "NAME  SIZE\n"
					  "a <size> (one or more)\n"
					  "…\n"
					  "\n"
					  "end\n");
	judge_end(&j);
	buf_release(&b);
}

static void
test_failure(void **state UNUSED)
{
	struct judge j;
	const struct want_result *r;

	assert_true(judge_begin(&j, WANT_EXAMPLE, "files 12\nready in 3s\n"));
	r = judge_output(&j, TEXT("files 9\nnot ready\n"));
	assert_string_equal(buf_cstr(&r->message),
			    "stdout differs from 'ready in <duration>'");
	assert_string_equal(buf_cstr(&r->got), "not ready");
	assert_string_equal(buf_cstr(&r->diff),
			    " files 9\n-ready in <duration>\n+not ready\n");
	assert_int_equal(r->line, 2);
	assert_int_equal(r->where.start, 9);
	judge_end(&j);
}

/* Looking ahead is bounded, so that a line is read in linear time: the most
 * that a scanner must see and more are both what they are. */
static void
test_long_tokens(void **state UNUSED)
{
	struct buf line = BUF_INIT, b = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct shape s;

	buf_fill(&line, '7', LIMIT_SHAPE_BYTES);
	shape_init(&s, &arena, buf_text(&line), true);
	shape_describe(&s, &b);
	assert_string_equal(buf_cstr(&b), "<number>");
	buf_addc(&line, '7');
	buf_clear(&b);
	shape_init(&s, &arena, buf_text(&line), true);
	shape_describe(&s, &b);
	assert_text(buf_text(&line), buf_cstr(&b));
	for (int i = 0; i < 4 * 1024 * 1024 / 8; i++)
		buf_adds(&line, "1:2.a-b_");
	shape_init(&s, &arena, buf_text(&line), false);
	assert_true(s.n > 1000000);
	arena_release(&arena);
	buf_release(&line);
	buf_release(&b);
}

static void
test_ellipsis_ends(void **state UNUSED)
{
	struct buf example = BUF_INIT, output = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct shape want, got;
	struct fake_clock fake;
	struct budget budget;

	buf_adds(&example, "...");
	for (int i = 0; i < 300; i++)
		buf_adds(&example, "a-");
	buf_adds(&example, "b");
	for (int i = 0; i < 20000; i++)
		buf_adds(&output, "a-");
	shape_init(&want, &arena, buf_text(&example), true);
	shape_init(&got, &arena, buf_text(&output), false);
	fake_clock_init(&fake, 60 * 1000000);
	budget_start(&budget, &fake.clock, 100);
	assert_false(shape_matches(&want, &got, &budget));
	assert_true(budget.spent);
	arena_release(&arena);
	buf_release(&example);
	buf_release(&output);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_described),
		cmocka_unit_test(test_compared),
		cmocka_unit_test(test_itself),
		cmocka_unit_test(test_want_describes),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_long_tokens),
		cmocka_unit_test(test_ellipsis_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
