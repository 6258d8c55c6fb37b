/* Bars of reading a document: time beside cmark's own, time of twice the
 * bytes, memory of the largest document. */
#define CMARK_NO_SHORT_NAMES
#include <cmark.h>
#include <malloc.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "doc/document.h"

enum {
	ROUNDS = 10,
	MORE_ROUNDS = 100, /* when a bar is not met: something else had the
			    * processor */
	RUNBOOK_BYTES = 18 * 1024,
	LINEAR_BYTES = 512 * 1024,
	BAR_SPEED = 200, /* percent of cmark's time */
	BAR_LINEAR =
		300, /* percent of the time of half the bytes; 400: squared */
	BAR_MEMORY_KIB = 16 * 1024
};

static int64_t
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* One section of a document as operators write them, with one block for 145
 * bytes; others have one for 115, and take 2 MiB more for 4. */
static const char section[] =
	"### Restart the queue on db%zu\n\n"
	"The queue **must** drain first, see [the notes](notes.md#queue), or "
	"else the workers\nstart again from the last checkpoint. It takes five "
	"minutes at most; ask in the\nchannel of the team if it does not, and "
	"tell those who wait for results.\n\n"
	"```bash\n# Drain it, five minutes at most\n"
	"ssh db1 \"cd ~/apps/queue && docker compose exec -T worker queue "
	"drain "
	"--wait 300\"\n\n"
	"# Restart and look whether it came back\n"
	"ssh db1 \"sudo systemctl restart queue\"\n"
	"ssh db1 \"systemctl is-active queue && journalctl -u queue -n 20\"\n\n"
	"# Workers that do not come back by themselves\n"
	"ssh db1 \"cd ~/apps/queue && docker compose up -d --force-recreate "
	"worker\"\n"
	"ssh db1 \"cd ~/apps/queue && docker compose logs --tail 50 worker\"\n"
	"```\n\n"
	"Manual steps:\n\n"
	"1. Look at the dashboard until all four workers are shown again:\n\n"
	"   ```console\n   $ queue status --workers --since today\n"
	"   drained: yes\n   workers: 4\n   ```\n\n"
	"> [!WARNING]\n> Never restart the store while it is draining: what is "
	"in flight is lost.\n\n";

static void
make_runbook(struct buf *b, size_t bytes)
{
	buf_adds(b,
		 "---\ntype: runbook\ntitle: \"Queue\"\nstatus: active\n"
		 "owners: \"ops\"\ncreated: 2026-01-31\n---\n\n## Queue\n\n");
	for (size_t i = 0; b->len < bytes; i++)
		buf_addf(b, section, i);
	if (b->len > bytes)
		buf_cut(b, bytes);
}

static int64_t
time_document(const struct buf *b)
{
	struct diag_sink sink = DIAG_SINK_INIT;
	char *bytes = xmemdup0(b->bytes, b->len);
	int64_t start = cpu_ns(), took;
	struct document *doc =
		document_parse("x.md", bytes, b->len, &clock_system, &sink);

	took = cpu_ns() - start;
	document_free(doc);
	diag_sink_release(&sink);
	return took;
}

static int64_t
time_cmark(const struct buf *b)
{
	int64_t start = cpu_ns(), took;
	cmark_node *root =
		cmark_parse_document(b->bytes, b->len, CMARK_OPT_DEFAULT);

	took = cpu_ns() - start;
	cmark_node_free(root);
	return took;
}

struct timed {
	int64_t (*time)(const struct buf *);
	const struct buf *of;
	int64_t least;
};

/* The least times of A and B, in rounds that take both, one behind the other,
 * so that a slow time of the machine is one of both. Returns whether A takes
 * at most PERCENT of B. */
static bool
is_within(struct timed *a, struct timed *b, int percent)
{
	bool within = false;

	a->least = b->least = INT64_MAX;
	for (int i = 0; i < ROUNDS || (i < MORE_ROUNDS && !within); i++) {
		int64_t one = a->time(a->of), other = b->time(b->of);

		a->least = one < a->least ? one : a->least;
		b->least = other < b->least ? other : b->least;
		within = a->least * 100 <= b->least * percent;
	}
	return within;
}

static int
bar_speed(void)
{
	struct buf b = BUF_INIT;
	struct timed ours = { time_document, &b, 0 };
	struct timed cmark = { time_cmark, &b, 0 };
	bool met;

	make_runbook(&b, RUNBOOK_BYTES);
	met = is_within(&ours, &cmark, BAR_SPEED);
	printf("doc-speed: %zu bytes in %.3f ms, cmark alone %.3f ms: %.0f %% "
	       "(at most %d %%)\n",
	       b.len, (double)ours.least / 1e6, (double)cmark.least / 1e6,
	       100.0 * (double)ours.least / (double)cmark.least, BAR_SPEED);
	buf_release(&b);
	return !met;
}

/* Shapes of which a careless reader makes the square. */
static const char *const shapes[] = {
	"",
	"# same\n",
	"- x\n",
	"> x\n",
	"```sh\na\n```\n",
	"```sh\na\n",
	"- ```sh\n  a\n\n",
	"<!-- runbook: {name: x} -->\n```sh\n```\n",
	"<!-- runbook: {name: x} -->\n",
	"<details>\n\n</details>\n\n",
	"<details><summary></details>\n",
	"`a` *b* [c](d)\n",
	"\tx\n\n",
	"a\r",
	"#\n",
	"*a*\n\n",
	"--- a: b\n",
};

static void
make_shape(struct buf *b, const char *shape, size_t bytes)
{
	if (*shape == '\0') {
		make_runbook(b, bytes);
		return;
	}
	while (b->len < bytes)
		buf_adds(b, shape);
}

/* Memory stays with the process once it has been had, so that what the system
 * takes for it is not measured. */
static int
bar_linear(void)
{
	int missed = 0;

	mallopt(M_MMAP_THRESHOLD, 1 << 30);
	mallopt(M_TRIM_THRESHOLD, 1 << 30);

	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		struct buf one = BUF_INIT, two = BUF_INIT;
		struct timed once = { time_document, &one, 0 };
		struct timed twice = { time_document, &two, 0 };

		make_shape(&one, shapes[i], LINEAR_BYTES);
		make_shape(&two, shapes[i], 2 * LINEAR_BYTES);
		if (!is_within(&twice, &once, BAR_LINEAR))
			missed++;
		printf("doc-linear: %.2f ms for %zu KiB, twice the bytes take "
		       "%.2f times that (at most %.1f): shape %zu\n",
		       (double)once.least / 1e6, one.len / 1024,
		       (double)twice.least / (double)once.least,
		       BAR_LINEAR / 100.0, i);
		buf_release(&one);
		buf_release(&two);
	}
	return missed != 0;
}

static long
resident_kib(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (!f || fscanf(f, "%*d %ld", &pages) != 1)
		BUG("no /proc/self/statm");
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* PATH was written by another process, so that only reading it counts. */
static int
bar_memory(const char *path)
{
	struct diag_sink sink = DIAG_SINK_INIT;
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	long before = resident_kib(), growth;
	struct document *doc = document_load(path, &sink, &err);
	struct rusage usage;

	if (!doc)
		BUG("%s", err.bytes);
	getrusage(RUSAGE_SELF, &usage);
	growth = usage.ru_maxrss - before;
	printf("doc-memory: %zu bytes, %u blocks: %ld KiB more at the most (at "
	       "most %d)\n",
	       doc->src->bytes.len, doc->n_blocks, growth, BAR_MEMORY_KIB);
	document_free(doc);
	return growth > BAR_MEMORY_KIB;
}

int
main(int argc, char **argv)
{
	struct buf b = BUF_INIT;

	if (argc == 2 && strcmp(argv[1], "speed") == 0)
		return bar_speed();
	if (argc == 2 && strcmp(argv[1], "linear") == 0)
		return bar_linear();
	if (argc == 3 && strcmp(argv[1], "memory") == 0)
		return bar_memory(argv[2]);
	if (argc == 2 && strcmp(argv[1], "print") == 0) {
		make_runbook(&b, LIMIT_DOCUMENT_BYTES);
		fwrite(b.bytes, 1, b.len, stdout);
		buf_release(&b);
		return 0;
	}
	fputs("usage: doc_load speed|linear|print|memory FILE\n", stderr);
	return 2;
}
