/* Files that commands name: what stands where they write, and what is in those
 * that they are fed with. */
#include <limits.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "lib/folder.h"
#include "lib/judge.h"
#include "lib/unit.h"

static const struct row {
	const char *command;
	enum effect_level level;
	const char *chain; /* of the worst finding */
	unsigned n_inputs;
} rows[] = {
	/* what is there is replaced */
	{ "date > full.txt", EFFECT_DESTROYS, "", 0 },
	{ "date > new.txt", EFFECT_CHANGES, "", 0 },
	{ "date >> full.txt", EFFECT_CHANGES, "", 0 },
	{ "date > /tmp/full.txt", EFFECT_CHANGES, "", 0 },
	{ "sudo sh -c 'date > full.txt'", EFFECT_DESTROYS, "sudo>sh", 0 },
	{ "date | tee full.txt", EFFECT_DESTROYS, "", 0 },
	{ "cp new.conf full.conf", EFFECT_DESTROYS, "", 0 },
	{ "mv new.conf full.conf", EFFECT_DESTROYS, "", 0 },
	{ "awk '{ print > \"full.txt\" }' x", EFFECT_DESTROYS, "awk", 0 },
	/* in another folder, or on another machine, it is another file; whether
	 * the folder is another is not certain where cd may fail */
	{ "cd /srv && date > full.txt", EFFECT_DESTROYS, "", 0 },
	{ "cd /srv || cd /etc; date > full.txt", EFFECT_CHANGES, "", 0 },
	{ "(cd /srv; date > full.txt)", EFFECT_CHANGES, "", 0 },
	{ "cd /srv\ndate > full.txt", EFFECT_CHANGES, "", 0 },
	{ "cd /srv\ndate > /data/full.txt", EFFECT_DESTROYS, "", 0 },
	{ "(cd /srv); date > full.txt", EFFECT_DESTROYS, "", 0 },
	{ "f() { cd /srv; }; f; date > full.txt", EFFECT_CHANGES, "", 0 },
	{ "ssh web1 'date > full.txt'", EFFECT_CHANGES, "ssh", 0 },
	{ "ssh web1 date > full.txt", EFFECT_DESTROYS, "", 0 },
	{ "docker exec app sh -c 'date > full.txt'", EFFECT_CHANGES,
	  "docker>sh", 0 },
	{ "chroot /mnt sh -c 'date > full.txt'", EFFECT_CHANGES, "chroot>sh",
	  0 },
	{ "date > ~/full.txt", EFFECT_CHANGES, "", 0 },
	{ "date > $x/full.txt", EFFECT_CHANGES, "", 0 },
	/* what is fed is judged */
	{ "psql app < reads.sql", EFFECT_READS, "psql", 1 },
	{ "psql app < adds.sql", EFFECT_CHANGES, "psql", 1 },
	{ "psql app < drops.sql", EFFECT_DESTROYS, "psql", 1 },
	{ "psql app -f adds.sql -f drops.sql", EFFECT_DESTROYS, "psql", 2 },
	{ "psql app -f adds.sql -f other.sql", EFFECT_DESTROYS, "psql", 1 },
	{ "cat adds.sql | docker exec -i db psql", EFFECT_CHANGES,
	  "docker>psql", 1 },
	{ "docker exec -i db psql < drops.sql", EFFECT_DESTROYS, "docker>psql",
	  1 },
	{ "mysql app < adds.sql", EFFECT_CHANGES, "mysql", 1 },
	{ "bash < steps.sh", EFFECT_DESTROYS, "sh", 1 },
	{ "ssh web1 bash -s < steps.sh", EFFECT_DESTROYS, "ssh>sh", 1 },
	{ "ssh web1 < steps.sh", EFFECT_DESTROYS, "ssh", 1 },
	{ "bash < <(cat steps.sh)", EFFECT_DESTROYS, "sh", 1 },
	/* not what is elsewhere, unknown, or a script that is only named */
	{ "psql app < other.sql", EFFECT_DESTROYS, "psql", 0 },
	{ "cd /srv; psql app < adds.sql", EFFECT_DESTROYS, "psql", 0 },
	{ "docker exec db psql -f adds.sql", EFFECT_DESTROYS, "docker>psql",
	  0 },
	{ "ssh web1 'psql < adds.sql'", EFFECT_DESTROYS, "ssh>psql", 0 },
	{ "psql app < \"$f\"", EFFECT_DESTROYS, "psql", 0 },
	{ "bash steps.sh", EFFECT_UNKNOWN, "", 0 },
	{ "zcat adds.sql | psql app", EFFECT_DESTROYS, "psql", 0 },
};

static const struct {
	const char *command;
	enum effect_level level;
} outputs[] = {
#define WRITES(command, level) { command, EFFECT_##level },
#include "unit/outputs.def"
#undef WRITES
};

/* Whatever writes a file, it is as if ">" did. */
static void
files_named_otherwise_decide(void **state UNUSED)
{
	struct arena arena = ARENA_INIT;
	const struct effect_rules *rules = rules_with_files(&arena, NULL);
	unsigned wrong = 0;

	for (size_t i = 0; i < ARRAY_LEN(outputs); i++) {
		struct judged j;

		judged_init(&j, outputs[i].command, rules);
		if (j.effect->level != outputs[i].level) {
			print_message("'%s': %s by %s, not %s\n",
				      outputs[i].command,
				      effect_level_name(j.effect->level),
				      judged_rule(&j),
				      effect_level_name(outputs[i].level));
			wrong++;
		}
		judged_release(&j);
	}
	assert_int_equal(wrong, 0);
	arena_release(&arena);
}

static void
files_decide(void **state UNUSED)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena arena = ARENA_INIT;
		struct judged j;

		judged_init(&j, rows[i].command,
			    rules_with_files(&arena, NULL));
		if (j.effect->level != rows[i].level ||
		    j.effect->n_inputs != rows[i].n_inputs ||
		    strcmp(buf_cstr(&j.chain), rows[i].chain) != 0) {
			print_message("'%s': %s in '%s' with %u inputs\n",
				      rows[i].command,
				      effect_level_name(j.effect->level),
				      buf_cstr(&j.chain), j.effect->n_inputs);
			wrong++;
		}
		judged_release(&j);
		arena_release(&arena);
	}
	assert_int_equal(wrong, 0);
}

/* What a file holds stands where the file is named. */
static void
findings_point_at_the_name(void **state UNUSED)
{
	struct arena arena = ARENA_INIT;
	struct judged j;
	const struct finding *f;

	judged_init(&j, "psql app < drops.sql", rules_with_files(&arena, NULL));
	f = j.effect->worst;
	assert_int_equal(f->where.start, 11);
	assert_int_equal(f->where.end, 20);
	assert_true(text_is(f->matched, "DROP TABLE t"));
	assert_true(text_is(j.effect->inputs[0].path, "drops.sql"));
	assert_string_equal(j.effect->inputs[0].sha256,
			    "de908f8f548571b874369d1aaf43837e"
			    "2b7b7876e10e40cbdfd82065f02b7f7e");
	judged_release(&j);
	arena_release(&arena);
}

/* Without files, and elsewhere, nothing is looked at. */
static void
no_files_are_no_news(void **state UNUSED)
{
	struct arena arena = ARENA_INIT;
	struct judged j;

	judged_init(&j, "psql app < adds.sql; date > full.txt", NULL);
	assert_int_equal(j.effect->level, EFFECT_DESTROYS);
	assert_int_equal(j.effect->n_inputs, 0);
	judged_release(&j);
	assert_int_equal(level_of("date > full.txt"), EFFECT_CHANGES);
	arena_release(&arena);
}

/* ---- this machine -----------------------------------------------------------
 */

static bool
is_full_here(const char *path)
{
	const struct effect_files *here = effect_files_here();

	return here->is_full(here->ctx, text_of(path));
}

static bool
reads_here(const char *path, const char *want)
{
	const struct effect_files *here = effect_files_here();
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	bool read = here->read(here->ctx, text_of(path), &bytes);

	if (read && want)
		assert_string_equal(buf_cstr(&bytes), want);
	return read;
}

/* Is PATH opened when it is to be read? */
static bool
is_opened(const char *path)
{
	CLEANUP(fd_close_ptr) int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	char events[sizeof(struct inotify_event) + NAME_MAX + 1];

	assert_true(inotify_add_watch(fd, path, IN_OPEN) >= 0);
	reads_here(path, NULL);
	return read(fd, events, sizeof(events)) > 0;
}

static void
only_files_are_looked_at(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *f = folder_new();
	static const char nul[] = "full\0x";
	const struct effect_files *here = effect_files_here();

	folder_write(f, "full", "SELECT 1;\n");
	folder_write(f, "empty", "");
	assert_int_equal(mkdir(folder_path(f, "folder"), 0700), 0);
	assert_int_equal(mkfifo(folder_path(f, "pipe"), 0600), 0);
	assert_int_equal(symlink("full", folder_path(f, "link")), 0);
	assert_int_equal(symlink("nowhere", folder_path(f, "broken")), 0);

	assert_true(is_full_here(folder_path(f, "full")));
	assert_true(is_full_here(folder_path(f, "link")));
	assert_false(is_full_here(folder_path(f, "empty")));
	assert_false(is_full_here(folder_path(f, "folder")));
	assert_false(is_full_here(folder_path(f, "pipe")));
	assert_false(is_full_here(folder_path(f, "broken")));
	assert_false(is_full_here(folder_path(f, "nowhere")));
	assert_false(is_full_here(""));
	assert_false(here->is_full(here->ctx,
				   (struct text){ nul, sizeof(nul) - 1 }));

	assert_true(reads_here(folder_path(f, "full"), "SELECT 1;\n"));
	assert_true(reads_here(folder_path(f, "empty"), ""));
	assert_false(reads_here(folder_path(f, "folder"), NULL));
	assert_false(is_opened(folder_path(f, "pipe")));
	assert_true(is_opened(folder_path(f, "full")));
	assert_false(reads_here(folder_path(f, "nowhere"), NULL));
	assert_false(reads_here("/dev/zero", NULL));
	assert_false(reads_here("", NULL));
}

static void
a_large_file_is_not_read(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *f = folder_new();
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;

	for (size_t i = 0; i <= LIMIT_EFFECT_INPUT; i++)
		buf_addc(&bytes, 'x');
	folder_write(f, "large", buf_cstr(&bytes));
	assert_false(reads_here(folder_path(f, "large"), NULL));
	buf_cut(&bytes, LIMIT_EFFECT_INPUT);
	folder_write(f, "large", buf_cstr(&bytes));
	assert_true(reads_here(folder_path(f, "large"), NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_decide),
		cmocka_unit_test(files_named_otherwise_decide),
		cmocka_unit_test(findings_point_at_the_name),
		cmocka_unit_test(no_files_are_no_news),
		cmocka_unit_test(only_files_are_looked_at),
		cmocka_unit_test(a_large_file_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
