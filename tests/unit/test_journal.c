/* The journal on disk: what was written is read back, and nothing else is. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "lib/folder.h"
#include "lib/random.h"
#include "lib/unit.h"
#include "run/journal.h"
#include "run/journal_mark.h"
#include "run/progress.h"

static const char id[] = "0123456789abcdef";

static void
add(struct journal *j, const char *type, const char *step,
    enum journal_need need)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct record *r = journal_record(j, type);

	if (step)
		record_string(r, "step", step);
	record_string(r, "effect", "changes");
	record_string(r, "status", "succeeded");
	assert_int_equal(journal_add(j, r, need, &error), 0);
}

/* What goes into a record comes out of it, whatever it is. */
static void
test_values(void **state UNUSED)
{
	static const struct {
		struct text in;
		const char *out;
	} rows[] = {
		{ { "", 0 }, "" },
		{ { "plain ~", 7 }, "plain ~" },
		{ { "\"\\/\b\n\t\x01\x7f", 8 }, "\"\\/\b\n\t\x01\x7f" },
		{ { "gr\xc3\xbcn", 5 }, "gr\xc3\xbcn" },
		{ { "a\xff\xc3", 3 }, "a\xef\xbf\xbd\xef\xbf\xbd" },
	};
	struct record *r = record_new(7, 0x1f0c22aa, "intent");
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	CLEANUP(jval_free_ptr) struct jval *o = NULL;
	uint32_t crc, crc_read;
	char key[2] = "a";

	for (size_t i = 0; i < ARRAY_LEN(rows); i++, key[0]++)
		record_text(r, key, rows[i].in);
	record_int(r, "least", INT64_MIN);
	record_bool(r, "yes", true);
	record_string(r, "none", NULL);
	record_json(r, "list", jval_array());
	assert_true(record_end(r, &line, &crc));
	assert_int_equal(
		record_read(buf_text(&line), 7, 0x1f0c22aa, &o, &crc_read),
		RECORD_OK);
	assert_int_equal(crc, crc_read);
	key[0] = 'a';
	for (size_t i = 0; i < ARRAY_LEN(rows); i++, key[0]++)
		assert_true(text_is(jval_get_text(o, key), rows[i].out));
	assert_true(text_is(jval_get_text(o, "t"), "intent"));
	assert_int_equal(jval_get_int(o, "least", 0), INT64_MIN);
	assert_true(jval_get_bool(o, "yes", false));
	assert_true(jval_is_null(jval_get(o, "none")));
	assert_true(jval_is_array(jval_get(o, "list")));
}

/* A run of which step s.1 ended and s.2 did not. */
static void
write_run(const char *runs)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct journal *j = journal_new(runs, id, &clock_system, &error);

	assert_non_null(j);
	add(j, "run", NULL, JOURNAL_FIRST);
	add(j, "intent", "s.1", JOURNAL_FIRST);
	add(j, "end", "s.1", JOURNAL_DURABLE);
	add(j, "approve", "s.2", JOURNAL_LAZY);
	add(j, "intent", "s.2", JOURNAL_FIRST);
	journal_free(j);
}

/* Of the journal in RUNS; the caller frees. */
static char *
read_lines(const char *runs, size_t *ret_len)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT;
	char *lines;

	buf_addf(&name, "%s/journal.jsonl", id);
	lines = folder_read(runs, buf_cstr(&name));
	*ret_len = strlen(lines);
	return lines;
}

static void
write_lines(const char *runs, const char *bytes, size_t len)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	int fd;

	buf_addf(&path, "%s/%s/journal.jsonl", runs, id);
	fd = open(buf_cstr(&path), O_WRONLY | O_TRUNC | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void
test_round_trip(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *runs = folder_new();
	CLEANUP(progress_release) struct progress p = { .steps = NULL };
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct journal *j;

	write_run(runs);
	assert_true(progress_read(runs, id, &p, &error));
	assert_null(p.records.damage);
	assert_false(p.records.torn);
	assert_int_equal(p.records.n_items, 5);
	assert_int_equal(progress_state(&p, "s.1"), STATE_SUCCEEDED);
	assert_int_equal(progress_state(&p, "s.2"), STATE_UNKNOWN);
	assert_int_equal(progress_state(&p, "s.3"), STATE_PENDING);
	progress_release(&p);

	j = journal_continue(runs, id, &clock_system, &error);
	assert_non_null(j);
	add(j, "end", "s.2", JOURNAL_DURABLE);
	journal_free(j);
	assert_true(progress_read(runs, id, &p, &error));
	assert_int_equal(p.records.n_items, 6);
	assert_int_equal(progress_state(&p, "s.2"), STATE_SUCCEEDED);
}

/* Cut anywhere: it is told, or what was lost was not durable. A step whose
 * intent was durable never counts as pending. */
static void
test_cut_anywhere(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *runs = folder_new();
	CLEANUP(free_ptr) char *lines = NULL;
	size_t len;

	write_run(runs);
	lines = read_lines(runs, &len);
	for (size_t n = 0; n < len; n++) {
		CLEANUP(journal_records_release)
		struct journal_records r = { 0 };
		CLEANUP(buf_release) struct buf error = BUF_INIT;
		struct journal *j;

		write_lines(runs, lines, n);
		assert_true(journal_read(runs, id, &r, &error));
		assert_non_null(r.damage);
		j = journal_continue(runs, id, &clock_system, &error);
		assert_null(j);
		assert_string_equal(buf_cstr(&error), r.damage);
	}
}

/* What was cut off and was never durable is kept aside, and the rest counts. */
static void
test_torn(void **state UNUSED)
{
	static const char torn[] = "{\"seq\":6,\"prev\":";
	CLEANUP(folder_remove_ptr) char *runs = folder_new();
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(buf_release) struct buf all = BUF_INIT;
	CLEANUP(buf_release) struct buf name = BUF_INIT;
	CLEANUP(free_ptr) char *lines = NULL;
	CLEANUP(free_ptr) char *aside = NULL;
	CLEANUP(free_ptr) char *after = NULL;
	struct journal *j;
	size_t len;

	write_run(runs);
	lines = read_lines(runs, &len);
	buf_adds(&all, lines);
	buf_adds(&all, torn);
	write_lines(runs, all.bytes, all.len);
	j = journal_continue(runs, id, &clock_system, &error);
	assert_non_null(j);
	journal_free(j);
	buf_addf(&name, "%s/journal.torn", id);
	aside = folder_read(runs, buf_cstr(&name));
	assert_string_equal(aside, torn);
	after = read_lines(runs, &len);
	assert_string_equal(after, lines);
}

/* One bit is other than it was: it is told, wherever. */
static void
test_every_bit(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *runs = folder_new();
	CLEANUP(free_ptr) char *lines = NULL;
	size_t len;

	write_run(runs);
	lines = read_lines(runs, &len);
	for (size_t i = 0; i < len * 8; i++) {
		CLEANUP(journal_records_release)
		struct journal_records r = { 0 };
		CLEANUP(buf_release) struct buf error = BUF_INIT;

		lines[i / 8] = (char)(lines[i / 8] ^ 1 << i % 8);
		write_lines(runs, lines, len);
		assert_true(journal_read(runs, id, &r, &error));
		if (!r.damage)
			print_error("bit %zu of byte %zu\n", i % 8, i / 8);
		assert_non_null(r.damage);
		lines[i / 8] = (char)(lines[i / 8] ^ 1 << i % 8);
	}
}

/* A line taken out, doubled, or of another run. */
static void
test_order(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *runs = folder_new();
	CLEANUP(free_ptr) char *lines = NULL;
	char *second, *third;
	size_t len;

	write_run(runs);
	lines = read_lines(runs, &len);
	second = strchr(lines, '\n') + 1;
	third = strchr(second, '\n') + 1;
	for (int i = 0; i < 2; i++) {
		CLEANUP(journal_records_release)
		struct journal_records r = { 0 };
		CLEANUP(buf_release) struct buf error = BUF_INIT;
		CLEANUP(buf_release) struct buf b = BUF_INIT;

		buf_add(&b, lines, (size_t)((i ? third : second) - lines));
		buf_adds(&b, i ? second : third);
		write_lines(runs, b.bytes, b.len);
		assert_true(journal_read(runs, id, &r, &error));
		assert_non_null(strstr(r.damage, "out of order"));
		assert_int_equal(r.n_items, i ? 2 : 1);
	}
}

static void
test_mark(void **state UNUSED)
{
	const struct journal_mark m = { 4711, 0xdeadbeef };
	struct journal_mark got;
	char bytes[JOURNAL_MARK_BYTES + 1];
	struct text t = { bytes, JOURNAL_MARK_BYTES };

	journal_mark_write(&m, bytes);
	assert_int_equal(strlen(bytes), JOURNAL_MARK_BYTES);
	assert_true(journal_mark_read(t, &got));
	assert_int_equal(got.seq, 4711);
	assert_int_equal(got.crc, 0xdeadbeef);
	assert_false(journal_mark_read(text_sub(t, 0, t.len - 1), &got));
	for (size_t i = 0; i < t.len * 8; i++) {
		bytes[i / 8] = (char)(bytes[i / 8] ^ 1 << i % 8);
		/* blanks are not looked at */
		if (i / 8 != 16 && i / 8 != 25)
			assert_false(journal_mark_read(t, &got));
		bytes[i / 8] = (char)(bytes[i / 8] ^ 1 << i % 8);
	}
}

/* A journal from before there were marks, or of a crash in its first moment. */
static void
test_without_mark(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *runs = folder_new();
	CLEANUP(journal_records_release) struct journal_records r = { 0 };
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(buf_release) struct buf name = BUF_INIT;

	write_run(runs);
	buf_addf(&name, "%s/mark", id);
	folder_write(runs, buf_cstr(&name), "");
	assert_true(journal_read(runs, id, &r, &error));
	assert_null(r.damage);
	assert_int_equal(r.n_items, 5);
}

/* Who else has it is named. */
static void
test_lock(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *runs = folder_new();
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(buf_release) struct buf want = BUF_INIT;
	struct journal *j, *second;

	write_run(runs);
	j = journal_continue(runs, id, &clock_system, &error);
	assert_non_null(j);
	second = journal_continue(runs, id, &clock_system, &error);
	assert_null(second);
	buf_addf(&want, "the run in '%s/%s' is still going on (process %d)",
		 runs, id, (int)getpid());
	assert_string_equal(buf_cstr(&error), buf_cstr(&want));
	journal_free(j);
}

/* Room for the end of a step is there before the step is handed over. */
static void
test_room(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *runs = folder_new();
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct journal *j = journal_new(runs, id, &clock_system, &error);
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf filler = BUF_INIT;
	struct stat st;

	assert_non_null(j);
	buf_fill(&filler, 'x', 32 * 1024);
	buf_addf(&path, "%s/%s/journal.jsonl", runs, id);
	for (int i = 0; i < 100; i++) {
		struct record *r = journal_record(j, "intent");

		record_text(r, "filler", buf_text(&filler));
		assert_int_equal(journal_add(j, r, JOURNAL_FIRST, &error), 0);
		assert_int_equal(stat(buf_cstr(&path), &st), 0);
		/* in blocks of 512 bytes; some file systems cannot */
		if (i == 0 && st.st_blocks * 512 < st.st_size + 65536)
			break;
		assert_true(st.st_blocks * 512 >= st.st_size + 65536);
	}
	journal_free(j);
}

static void
test_too_long(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *runs = folder_new();
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(buf_release) struct buf filler = BUF_INIT;
	struct journal *j = journal_new(runs, id, &clock_system, &error);
	struct record *r;

	assert_non_null(j);
	buf_fill(&filler, 'x', LIMIT_JOURNAL_RECORD_BYTES);
	r = journal_record(j, "intent");
	record_text(r, "filler", buf_text(&filler));
	assert_int_equal(journal_add(j, r, JOURNAL_FIRST, &error), -1);
	assert_non_null(strstr(buf_cstr(&error), "too long"));
	/* and nothing goes into it any more */
	buf_clear(&error);
	assert_int_equal(journal_add(j, journal_record(j, "end"),
				     JOURNAL_DURABLE, &error),
			 -1);
	assert_non_null(strstr(buf_cstr(&error), "failed before"));
	journal_free(j);
}

/* The same secret is the same in one run, and looks other in the next. */
static void
test_secrets(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *state_folder = folder_new();
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(buf_release) struct buf runs = BUF_INIT;
	char one[SHA256_HEX + 1], two[SHA256_HEX + 1];
	struct journal *j, *k;

	buf_addf(&runs, "%s/runs", state_folder);
	assert_int_equal(mkdir(buf_cstr(&runs), 0700), 0);
	j = journal_new(buf_cstr(&runs), id, &clock_system, &error);
	k = journal_new(buf_cstr(&runs), "fedcba9876543210", &clock_system,
			&error);
	assert_true(j && k);
	assert_int_equal(journal_secret(j, TEXT("a"), TEXT("s"), one, &error),
			 0);
	assert_int_equal(journal_secret(j, TEXT("a"), TEXT("s"), two, &error),
			 0);
	assert_string_equal(one, two);
	assert_int_equal(journal_secret(j, TEXT("b"), TEXT("s"), two, &error),
			 0);
	assert_string_not_equal(one, two);
	assert_int_equal(journal_secret(k, TEXT("a"), TEXT("s"), two, &error),
			 0);
	assert_string_not_equal(one, two);
	journal_free(j);
	journal_free(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_mark),
		cmocka_unit_test(test_without_mark),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
