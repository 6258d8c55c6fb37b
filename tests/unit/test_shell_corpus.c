/* Whole documents given to the parser as if they were shell texts: prose,
 * tables and code of every language must leave all spans and maps intact. */
#include <fcntl.h>
#include <ftw.h>

#include "base/fd.h"
#include "lib/shell_invariants.h"
#include "lib/unit.h"
#include "shell/check.h"
#include "shell/parse.h"

enum {
	FILE_MAX = 4 * 1024 * 1024
};

static uint64_t n_files, n_nodes;

static void
check_text(struct text text)
{
	struct arena arena = ARENA_INIT;
	struct diag_sink sink = DIAG_SINK_INIT;
	struct source *source =
		source_new("t", xmemdup0(text.at, text.len), text.len);
	struct map *map = map_new(&arena, source);
	const struct script *s;

	map_add(&arena, map, (uint32_t)text.len, 0, (uint32_t)text.len,
		MAP_COPIED);
	s = shell_parse(&arena, (struct excerpt){ source->bytes, map });
	n_nodes += check_script(s);
	shell_check(&sink, s);
	diag_sink_release(&sink);
	arena_release(&arena);
	source_free(source);
}

/* The file as a whole, and from each of its fences on: a mistake in the prose
 * would hide what comes after it. */
static int
on_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct buf CLEANUP(buf_release) bytes = BUF_INIT;
	struct text all, fence = TEXT("\n```");
	int fd;

	(void)st;
	(void)ftw;
	if (type != FTW_F || !text_ends(text_of(path), ".md"))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fd_read_all(fd, FILE_MAX, &bytes), 0);
	fd_close(&fd);
	all = buf_text(&bytes);
	check_text(all);
	for (size_t at = text_find(all, fence, 0); at < all.len;) {
		size_t next = text_find(all, fence, at + 1);

		check_text(text_sub(all, text_chr(all, '\n', at + 1), next));
		at = next;
	}
	n_files++;
	return 0;
}

static void
test_corpus(void **state)
{
	char CLEANUP(free_ptr) *path = test_data("corpus");

	(void)state;
	if (!path)
		return;
	assert_int_equal(nftw(path, on_file, 16, FTW_PHYS), 0);
	assert_true(n_files > 1000);
	assert_true(n_nodes > 100 * 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_corpus) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
