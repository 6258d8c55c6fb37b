/* Pictures as SVG, drawn by Graphviz's dot where that is installed. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "exec/loop.h"
#include "exec/proc.h"
#include "report/graph.h"

struct drawing {
	struct buf *svg, *reterr;
	bool over, ok;
};

/* What dot said, its first line. */
static void
add_complaint(struct buf *b, struct text err)
{
	struct text line;

	if (text_next_line(&err, &line))
		buf_addf(b, ": %.*s", TEXT_ARG(line));
}

static void
on_result(void *ctx, const struct proc_result *result)
{
	struct drawing *d = ctx;

	d->over = true;
	if (result->timed_out) {
		buf_addf(d->reterr, "dot did not end within %d s",
			 LIMIT_DRAWING_MS / 1000);
	} else if (result->too_long) {
		buf_addf(d->reterr, "dot printed more than %d bytes",
			 LIMIT_DRAWING_BYTES);
	} else if (result->wait_status != 0) {
		buf_adds(d->reterr, "dot failed");
		add_complaint(d->reterr, result->err);
	} else {
		buf_addt(d->svg, result->out);
		d->ok = true;
	}
}

/* TEXT as a file without a name, to be read from its beginning. */
static int
file_of(struct text text, struct buf *reterr)
{
	int fd = memfd_create("graph", MFD_CLOEXEC);

	if (fd >= 0 && fd_write_all(fd, text.at, text.len) == 0 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	buf_addf(reterr, "cannot hand the picture to dot: %s", strerror(errno));
	fd_close(&fd);
	return -1;
}

static bool
run_dot(const char *path, int in, struct drawing *d)
{
	const char *const argv[] = { path, "-Tsvg", NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct loop *loop = loop_new(&clock_system);
	struct proc_run *run;

	spec.argv = argv;
	spec.in = in;
	run = proc_run_start(loop, &spec, LIMIT_DRAWING_BYTES, LIMIT_DRAWING_MS,
			     on_result, d, d->reterr);
	if (run)
		loop_run(loop, &d->over);
	loop_free(loop);
	return d->ok;
}

int
picture_svg(const struct picture *p, struct buf *b, struct buf *reterr)
{
	CLEANUP(free_ptr) char *path = proc_find("dot", getenv("PATH"));
	CLEANUP(buf_release) struct buf dot = BUF_INIT;
	CLEANUP(fd_close_ptr) int in = -1;
	struct drawing d = { .svg = b, .reterr = reterr };

	if (!path) {
		buf_adds(reterr, "svg is drawn by dot, which is not installed\n"
				 "help: install the package 'graphviz', or use "
				 "--format dot or mermaid");
		return -1;
	}
	picture_dot(p, &dot, reterr);
	in = file_of(buf_text(&dot), reterr);
	return in >= 0 && run_dot(path, in, &d) ? 0 : -1;
}
