/* Findings that are kept: a file per document, with all that they depend on
 * besides it as its key. What cannot be read there is linted again. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "cli/linting.h"
#include "diag/source.h"
#include "lint/programs.h"

/* This very program: its version does not tell builds apart. */
static void
add_program(struct buf *b)
{
	struct stat st;

	buf_adds(b, RUNBOOK_VERSION "\n");
	if (stat("/proc/self/exe", &st) == 0)
		buf_addf(b, "%lld %lld.%09ld\n", (long long)st.st_size,
			 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

void
lint_cache_identify(struct linting *l)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const struct config *c = l->cli->config;

	add_program(&b);
	buf_addf(&b, "%d\n", l->options.no_suppression);
	if (l->options.programs)
		lint_programs_identify(l->options.programs, &b);
	buf_addf(&b, "%s\n%s\n", c->root, c->here);
	if (c->src)
		buf_addt(&b, c->src->bytes);
	sha256_hex(buf_text(&b), l->identity);
}

void
lint_cache_key(const struct linting *l, const struct lint_target *t,
	       struct text bytes, char ret[SHA256_HEX + 1])
{
	struct sha256 *h = sha256_new();

	sha256_add(h, text_of(l->identity));
	sha256_add(h, text_of(t->named ? "named " : "found "));
	sha256_add(h, text_of(t->path));
	sha256_add(h, TEXT("\n"));
	sha256_add(h, bytes);
	sha256_end(h, ret);
}

/* "CACHE/<digest of the absolute path>.json" */
static void
record_path(const struct linting *l, const struct lint_target *t,
	    struct buf *ret)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT;
	char hex[SHA256_HEX + 1];

	if (t->path[0] != '/')
		buf_addf(&name, "%s/", l->cli->config->here);
	buf_adds(&name, t->path);
	sha256_hex(buf_text(&name), hex);
	buf_addf(ret, "%s/%s.json", l->cache, hex);
}

bool
lint_cache_get(const struct linting *l, const struct lint_target *t,
	       struct buf *b)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf ignored = BUF_INIT;

	record_path(l, t, &path);
	return access(buf_cstr(&path), F_OK) == 0 &&
	       file_read(buf_cstr(&path), LIMIT_LINT_RECORD_BYTES, b,
			 &ignored) == 0;
}

/* Not flushed to disk: what is cut off is no JSON, and is linted again. */
static bool
write_record(const char *path, struct text record)
{
	CLEANUP(buf_release) struct buf temporary = BUF_INIT;
	CLEANUP(fd_close_ptr) int fd = -1;

	buf_addf(&temporary, "%s.%ld", path, (long)getpid());
	fd = open(buf_cstr(&temporary),
		  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	if (fd_write_all(fd, record.at, record.len) == 0 &&
	    rename(buf_cstr(&temporary), path) == 0)
		return true;
	unlink(buf_cstr(&temporary));
	return false;
}

void
lint_cache_put(struct linting *l, const struct lint_target *t,
	       struct text record)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (l->cache_failed || record.len > LIMIT_LINT_RECORD_BYTES)
		return;
	record_path(l, t, &path);
	if (dir_make(l->cache, &error) == 0 &&
	    write_record(buf_cstr(&path), record))
		return;
	if (error.len == 0)
		buf_addf(&error, "cannot write '%s': %s", buf_cstr(&path),
			 strerror(errno));
	cli_error(l->cli, "findings are not kept", "%s", buf_cstr(&error));
	l->cache_failed = true;
}
