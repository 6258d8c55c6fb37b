/* Linting by several processes: worker I takes every n-th file from I on, and
 * sends what came out as records down a pipe of its own. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "cli/linting.h"
#include "diag/source.h"

/* What a worker says about a file: a letter, eight digits of length, bytes. */
enum answer {
	ANSWER_RECORD = 'R',
	ANSWER_FAILED = 'F',  /* it could not be read, and that was told */
	ANSWER_YOURSELF = 'Y' /* lint it yourself */
};

enum {
	HEAD_BYTES = 9
};

struct worker {
	pid_t pid; /* -1: none */
	int fd;    /* -1: nothing more comes */
};

/* ---- in the worker ---------------------------------------------------------
 */

static bool
send_answer(int fd, enum answer kind, struct text bytes)
{
	char head[HEAD_BYTES + 1];

	snprintf(head, sizeof(head), "%c%08zx", (char)kind, bytes.len);
	return fd_write_all(fd, head, HEAD_BYTES) == 0 &&
	       fd_write_all(fd, bytes.at, bytes.len) == 0;
}

static bool
work_on(struct linting *l, const struct lint_target *t, int fd)
{
	CLEANUP(buf_release) struct buf record = BUF_INIT;
	char key[SHA256_HEX + 1];
	struct linted linted;
	bool sent;

	if (strcmp(t->path, "-") == 0)
		return send_answer(fd, ANSWER_YOURSELF, TEXT(""));
	if (!linting_file(l, t, &linted))
		return send_answer(fd, ANSWER_FAILED, TEXT(""));
	lint_cache_key(l, t, linted.src->bytes, key);
	lint_record_write(&linted.outcome, key, &record);
	sent = record.len <= LIMIT_LINT_RECORD_BYTES
		       ? send_answer(fd, ANSWER_RECORD, buf_text(&record))
		       : send_answer(fd, ANSWER_YOURSELF, TEXT(""));
	linted_release(&linted);
	return sent;
}

static _Noreturn void
be_worker(struct linting *l, const struct lint_targets *targets, size_t first,
	  int fd)
{
	bool ok = true;

	for (size_t i = first; i < targets->n && ok; i += l->n_jobs)
		ok = work_on(l, &targets->at[i], fd);
	_exit(ok ? 0 : 1);
}

static void
start(struct worker *workers, size_t i, struct linting *l,
      const struct lint_targets *targets)
{
	int ends[2];

	workers[i] = (struct worker){ -1, -1 };
	if (fd_pipe(ends) < 0)
		return;
	workers[i].pid = fork();
	if (workers[i].pid == 0) {
		/* a pipe ends only when nobody else could write to it */
		for (size_t k = 0; k < i; k++)
			fd_close(&workers[k].fd);
		fd_close(&ends[0]);
		be_worker(l, targets, i, ends[1]);
	}
	fd_close(&ends[1]);
	if (workers[i].pid < 0)
		fd_close(&ends[0]);
	workers[i].fd = ends[0];
}

/* ---- in the parent ---------------------------------------------------------
 */

static bool
read_exactly(int fd, size_t n, struct buf *b)
{
	size_t end = b->len + n;

	while (b->len < end) {
		ssize_t got =
			read(fd, buf_reserve(b, end - b->len), end - b->len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		b->len += (size_t)got;
	}
	buf_reserve(b, 1)[0] = '\0';
	return true;
}

/* The next answer of W; one that has died leaves the rest to us. */
static enum answer
receive(struct worker *w, struct buf *record)
{
	CLEANUP(buf_release) struct buf head = BUF_INIT;
	unsigned long len;
	char kind;

	if (w->fd < 0 || !read_exactly(w->fd, HEAD_BYTES, &head))
		goto dead;
	kind = head.bytes[0];
	len = strtoul(head.bytes + 1, NULL, 16);
	if (len > LIMIT_LINT_RECORD_BYTES || !read_exactly(w->fd, len, record))
		goto dead;
	return (enum answer)kind;
dead:
	fd_close(&w->fd);
	return ANSWER_YOURSELF;
}

static bool
read_record(struct linting *l, const struct lint_target *t, struct text record,
	    struct linted *ret)
{
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	char key[SHA256_HEX + 1];
	size_t len;

	*ret = (struct linted){ 0 };
	if (!linting_read(l, t, &bytes))
		return false;
	lint_cache_key(l, t, buf_text(&bytes), key);
	len = bytes.len;
	ret->own = source_new(t->path, buf_detach(&bytes, NULL), len);
	ret->src = ret->own;
	if (lint_record_read(record, ret->src, key, l->options.today,
			     &ret->outcome))
		return true;
	/* the file has changed meanwhile */
	linted_release(ret);
	return linting_file(l, t, ret);
}

static bool
take(struct linting *l, const struct lint_target *t, struct worker *w,
     struct linted *ret)
{
	CLEANUP(buf_release) struct buf record = BUF_INIT;

	switch (receive(w, &record)) {
	case ANSWER_RECORD:
		return read_record(l, t, buf_text(&record), ret);
	case ANSWER_FAILED:
		return false;
	case ANSWER_YOURSELF:
		break;
	}
	return linting_file(l, t, ret);
}

size_t
lint_jobs_run(struct linting *l, const struct lint_targets *targets,
	      linted_fn *fn, void *ctx)
{
	size_t n = l->n_jobs ? l->n_jobs : 1, n_failed = 0;
	struct worker *workers = xreallocarray(NULL, n, sizeof(*workers));

	for (size_t i = 0; i < n; i++)
		start(workers, i, l, targets);
	for (size_t i = 0; i < targets->n; i++) {
		const struct lint_target *t = &targets->at[i];
		struct linted linted;

		if (!take(l, t, &workers[i % n], &linted)) {
			n_failed++;
			continue;
		}
		fn(t, &linted, ctx);
		linted_release(&linted);
	}
	for (size_t i = 0; i < n; i++) {
		fd_close(&workers[i].fd);
		while (workers[i].pid > 0 &&
		       waitpid(workers[i].pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	free(workers);
	return n_failed;
}
