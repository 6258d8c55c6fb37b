/* The journal of a run on disk. */
#include "run/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "run/record.h"

enum {
	PREALLOCATED_BYTES = 1024 * 1024
};

struct journal {
	char *folder;
	int fd, folder_fd, lock_fd;
	const struct clock *clock;
	uint64_t seq; /* of the next record */
	uint32_t last_crc;
	bool broken; /* a write or sync failed */
};

void
run_id_new(char ret_id[RUN_ID_HEX + 1])
{
	unsigned char bytes[RUN_ID_HEX / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		BUG("no random bytes");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(ret_id + 2 * i, 3, "%02x", bytes[i]);
}

char *
runs_folder(bool make, struct buf *reterr)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	struct buf path = BUF_INIT;

	/* A relative value must be ignored (XDG base directories 0.8). */
	if (state && state[0] == '/') {
		buf_addf(&path, "%s/runbook/runs", state);
	} else if (home && home[0] == '/') {
		buf_addf(&path, "%s/.local/state/runbook/runs", home);
	} else {
		buf_adds(reterr, "no place for the journal: neither "
				 "XDG_STATE_HOME nor HOME is set");
		return NULL;
	}
	if (make && dir_make(buf_cstr(&path), reterr) < 0) {
		buf_release(&path);
		return NULL;
	}
	return buf_detach(&path, NULL);
}

static int
fail(struct buf *reterr, const char *what, const char *path)
{
	buf_addf(reterr, "cannot %s '%s': %s", what, path, strerror(errno));
	return -1;
}

/* ---- life cycle
 * ---------------------------------------------------------------- */

static struct journal *
new_journal(const char *runs, const char *id, const struct clock *clock)
{
	struct journal *j = xcalloc(1, sizeof(*j));
	struct buf folder = BUF_INIT;

	buf_addf(&folder, "%s/%s", runs, id);
	j->folder = buf_detach(&folder, NULL);
	j->fd = j->folder_fd = j->lock_fd = -1;
	j->clock = clock;
	j->seq = 1;
	return j;
}

/* A run that was refused before it began leaves nothing behind. */
static void
discard_empty(const struct journal *j)
{
	struct stat st;

	if (j->lock_fd < 0 || fstat(j->fd, &st) < 0 || st.st_size > 0)
		return;
	unlinkat(j->folder_fd, "journal.jsonl", 0);
	unlinkat(j->folder_fd, "lock", 0);
	rmdir(j->folder);
}

struct journal *
journal_free(struct journal *j)
{
	if (j) {
		discard_empty(j);
		fd_close(&j->fd);
		fd_close(&j->folder_fd);
		fd_close(&j->lock_fd);
		free(j->folder);
		free(j);
	}
	return NULL;
}

const char *
journal_folder(const struct journal *j)
{
	return j->folder;
}

static int
open_folder(struct journal *j, struct buf *reterr)
{
	j->folder_fd = open(j->folder,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return j->folder_fd < 0 ? fail(reterr, "open", j->folder) : 0;
}

/* Nobody else goes on with this run. */
static int
take_lock(struct journal *j, struct buf *reterr)
{
	j->lock_fd = openat(j->folder_fd, "lock",
			    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (j->lock_fd < 0)
		return fail(reterr, "open the lock of", j->folder);
	if (flock(j->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		buf_addf(reterr, "the run in '%s' is still going on",
			 j->folder);
	else
		fail(reterr, "lock", j->folder);
	return -1;
}

static int
open_file(struct journal *j, int flags, struct buf *reterr)
{
	j->fd = openat(j->folder_fd, "journal.jsonl",
		       O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags,
		       0600);
	if (j->fd < 0)
		return fail(reterr, "open the journal in", j->folder);
	/* Room for the ends of steps on a disk that fills up meanwhile; where
	 * the file system cannot do it, nothing is lost. */
	if (flags & O_CREAT)
		(void)fallocate(j->fd, FALLOC_FL_KEEP_SIZE, 0,
				PREALLOCATED_BYTES);
	return 0;
}

static int
sync_parents(struct journal *j, const char *runs, struct buf *reterr)
{
	CLEANUP(fd_close_ptr)
	int parent = open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (parent < 0 || fsync(parent) < 0 || fsync(j->folder_fd) < 0)
		return fail(reterr, "make durable", j->folder);
	return 0;
}

struct journal *
journal_new(const char *runs, const char *id, const struct clock *clock,
	    struct buf *reterr)
{
	struct journal *j = new_journal(runs, id, clock);

	if (mkdir(j->folder, 0700) < 0) {
		fail(reterr, "make the folder", j->folder);
		return journal_free(j);
	}
	if (open_folder(j, reterr) < 0 || take_lock(j, reterr) < 0 ||
	    open_file(j, O_CREAT | O_EXCL, reterr) < 0 ||
	    sync_parents(j, runs, reterr) < 0)
		return journal_free(j);
	return j;
}

/* A line that was cut by a crash: kept aside, then cut off. */
static int
cut_torn(struct journal *j, const struct journal_records *r, struct buf *reterr)
{
	CLEANUP(buf_release) struct buf torn = BUF_INIT;

	if (!r->torn)
		return 0;
	if (lseek(j->fd, (off_t)r->whole_bytes, SEEK_SET) < 0 ||
	    fd_read_all(j->fd, LIMIT_JOURNAL_RECORD_BYTES, &torn) < 0)
		return fail(reterr, "read the end of the journal in",
			    j->folder);
	if (journal_put(j, "journal.torn", buf_text(&torn), reterr) < 0)
		return -1;
	if (ftruncate(j->fd, (off_t)r->whole_bytes) < 0)
		return fail(reterr, "cut the journal in", j->folder);
	return 0;
}

struct journal *
journal_continue(const char *runs, const char *id, const struct clock *clock,
		 struct buf *reterr)
{
	struct journal *j = new_journal(runs, id, clock);
	CLEANUP(journal_records_release) struct journal_records r = { 0 };

	if (open_folder(j, reterr) < 0 || take_lock(j, reterr) < 0 ||
	    open_file(j, 0, reterr) < 0 ||
	    !journal_read(runs, id, &r, reterr) || cut_torn(j, &r, reterr) < 0)
		return journal_free(j);
	j->seq = r.n_items + 1;
	j->last_crc = r.last_crc;
	return j;
}

/* ---- writing
 * ------------------------------------------------------------------- */

struct jval *
journal_record(struct journal *j, const char *type)
{
	struct jval *o = record_new(j->seq, j->last_crc, type);
	CLEANUP(buf_release) struct buf wall = BUF_INIT;

	clock_format_utc(clock_wall_ms(j->clock), &wall);
	jval_set(o, "wall", jval_text(buf_text(&wall)));
	jval_set(o, "mono_ms", jval_int(clock_mono_ms(j->clock)));
	return o;
}

int
journal_add(struct journal *j, struct jval *record, bool durable,
	    struct buf *reterr)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	uint32_t crc;
	bool fits = record_write(record, &line, &crc);
	ssize_t n;

	jval_free(record);
	if (j->broken) {
		buf_addf(reterr, "the journal in '%s' failed before",
			 j->folder);
		return -1;
	}
	j->broken = true;
	if (!fits) {
		buf_addf(reterr, "a record for the journal in '%s' is too long",
			 j->folder);
		return -1;
	}
	n = write(j->fd, line.bytes, line.len);
	if (n >= 0 && (size_t)n < line.len)
		errno = ENOSPC;
	if (n < 0 || (size_t)n < line.len)
		return fail(reterr, "write to the journal in", j->folder);
	if (durable && fdatasync(j->fd) < 0)
		return fail(reterr, "make durable the journal in", j->folder);
	j->broken = false;
	j->seq++;
	j->last_crc = crc;
	return 0;
}

int
journal_open_output(struct journal *j, const char *name, struct buf *reterr)
{
	int fd = openat(j->folder_fd, name,
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
			0600);

	if (fd < 0)
		buf_addf(reterr, "cannot open '%s/%s': %s", j->folder, name,
			 strerror(errno));
	return fd;
}

int
journal_put(struct journal *j, const char *name, struct text bytes,
	    struct buf *reterr)
{
	CLEANUP(fd_close_ptr) int fd = journal_open_output(j, name, reterr);

	if (fd < 0)
		return -1;
	if (fd_write_all(fd, bytes.at, bytes.len) < 0 || fsync(fd) < 0 ||
	    fsync(j->folder_fd) < 0)
		return fail(reterr, "write to", j->folder);
	return 0;
}

/* ---- reading
 * -------------------------------------------------------------------- */

void
journal_records_release(struct journal_records *r)
{
	for (size_t i = 0; i < r->n_items; i++)
		jval_free(r->items[i]);
	free(r->items);
	*r = (struct journal_records){ 0 };
}

static void
push_record(struct journal_records *r, struct jval *record)
{
	if ((r->n_items & (r->n_items - 1)) == 0)
		r->items =
			xreallocarray(r->items, r->n_items ? 2 * r->n_items : 1,
				      sizeof(struct jval *));
	r->items[r->n_items++] = record;
}

/* Line with its newline, and *REST behind it. */
static struct text
take_line(struct text *rest)
{
	size_t end = text_chr(*rest, '\n', 0);
	struct text line = text_sub(*rest, 0, end + 1);

	*rest = text_sub(*rest, line.len, rest->len);
	return line;
}

static bool
read_records(struct text bytes, const char *path, struct journal_records *ret,
	     struct buf *reterr)
{
	struct text rest = bytes;

	while (rest.len) {
		struct text line = take_line(&rest);
		struct jval *record;
		enum record_fault fault =
			record_read(line, ret->n_items + 1, ret->last_crc,
				    &record, &ret->last_crc);

		if (fault == RECORD_TORN) {
			ret->torn = true;
			return true;
		}
		if (fault != RECORD_OK) {
			buf_addf(reterr, "'%s': record %zu is %s", path,
				 ret->n_items + 1, record_fault_name(fault));
			return false;
		}
		push_record(ret, record);
		ret->whole_bytes += line.len;
	}
	return true;
}

bool
journal_read(const char *runs, const char *id, struct journal_records *ret,
	     struct buf *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;

	*ret = (struct journal_records){ 0 };
	buf_addf(&path, "%s/%s/journal.jsonl", runs, id);
	if (file_read(buf_cstr(&path), LIMIT_JOURNAL_BYTES, &bytes, reterr) < 0)
		return false;
	if (read_records(buf_text(&bytes), buf_cstr(&path), ret, reterr))
		return true;
	journal_records_release(ret);
	return false;
}
