/* For check-fault: reads, transforms and replaces a file through base/ and
 * diag/. Usage: target_base FILE [digest]; FILE holds a JSON object whose "n"
 * grows. The digest is apart: loading libcrypto takes 4,000 allocations. */
#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/compiler.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/mask.h"
#include "base/sha256.h"
#include "base/termfilter.h"
#include "diag/snippet.h"
#include "diag/source.h"

static int
tell(const struct buf *err)
{
	fprintf(stderr, "target: %s\n", buf_cstr(err));
	return 2;
}

/* Through the gates of output: masked, then made safe to show. */
static int
show(struct text t, struct buf *err)
{
	CLEANUP(buf_release) struct buf masked = BUF_INIT;
	CLEANUP(buf_release) struct buf shown = BUF_INIT;
	CLEANUP(mask_free_ptr) struct mask *m = mask_new();
	CLEANUP(termfilter_free_ptr)
	struct termfilter *f =
		termfilter_new((struct termfilter_options){ .color = true });

	if (mask_add(m, TEXT("swordfish"), err) < 0)
		return tell(err);
	mask_text(m, t, &masked);
	termfilter_write(f, buf_text(&masked), &shown);
	termfilter_end(f, &shown);
	if (fd_write_all(STDOUT_FILENO, shown.bytes, shown.len) < 0) {
		buf_addf(err, "cannot write output: %s", strerror(errno));
		return tell(err);
	}
	return 0;
}

static int
report(const char *path, struct text content, struct buf *err)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	CLEANUP(source_free_ptr)
	struct source *src = source_new(path, xmemdup0(content.at, content.len),
					content.len);

	diag_help(diag_report(&sink, DIAG_UNKNOWN_KEY,
			      (struct span){ src, 0, 3 }, "pass swordfish"),
		  "none");
	diag_sink_sort(&sink);
	snippet_print_all(&b, &sink, (struct snippet_style){ .color = true });
	return show(buf_text(&b), err);
}

static int
replace(const char *path, struct jval *v, struct buf *err)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	jval_set(v, "n", jval_int(jval_get_int(v, "n", 0) + 1));
	jval_write(v, true, &b);
	buf_addc(&b, '\n');
	if (file_replace(path, b.bytes, b.len, 0600, err) < 0)
		return tell(err);
	return 0;
}

int
main(int argc, char **argv)
{
	CLEANUP(buf_release) struct buf content = BUF_INIT;
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	CLEANUP(jval_free_ptr) struct jval *v = NULL;
	char digest[SHA256_HEX + 1];
	int rc;

	if (argc < 2)
		return 2;
	if (file_read(argv[1], 1024, &content, &err) < 0)
		return tell(&err);
	if (argc > 2) {
		sha256_hex(buf_text(&content), digest);
		return show(text_of(digest), &err);
	}
	v = jval_parse(buf_text(&content), &err);
	if (!v)
		return tell(&err);
	rc = report(argv[1], buf_text(&content), &err);
	return rc ? rc : replace(argv[1], v, &err);
}
