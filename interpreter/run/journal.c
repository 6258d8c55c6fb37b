/* The journal of a run on disk. */
#include "run/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "run/journal_mark.h"

enum {
	PREALLOCATED_BYTES = 1024 * 1024,
	RESERVED_BYTES = LIMIT_JOURNAL_RECORD_BYTES /* for the end of a step */
};

struct journal {
	char *folder;
	int fd, folder_fd, lock_fd, mark_fd;
	const struct clock *clock;
	uint64_t seq; /* of the next record */
	uint32_t last_crc;
	uint64_t size, allocated; /* of the file; allocated 0: not known */
	bool broken;              /* a write or sync failed */
	bool fresh;               /* begun by us */
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

/* What is there at PATH, and what it leads to, is ours, and nobody else makes
 * files in it: whoever can do that decides what is gone on with. */
static int
check_place(const char *path, struct buf *reterr)
{
	struct stat link, st;

	if (lstat(path, &link) < 0 || stat(path, &st) < 0) {
		if (errno == ENOENT)
			return 0;
		buf_addf(reterr, "cannot use folder '%s': %s", path,
			 strerror(errno));
	} else if (!S_ISDIR(st.st_mode)) {
		buf_addf(reterr, "cannot use '%s': it is no folder", path);
	} else if (link.st_uid != geteuid() || st.st_uid != geteuid()) {
		buf_addf(reterr,
			 "cannot use folder '%s': it belongs to user %u", path,
			 (unsigned)(link.st_uid != geteuid() ? link.st_uid
							     : st.st_uid));
	} else if (st.st_mode & 022) {
		buf_addf(reterr,
			 "cannot use folder '%s': others can write into it "
			 "(mode %04o)",
			 path, (unsigned)st.st_mode & 07777);
	} else {
		return 0;
	}
	return -1;
}

/* RUNS and the folder in which it stands. */
static int
check_places(struct text runs, struct buf *reterr)
{
	CLEANUP(buf_release) struct buf parent = BUF_INIT;

	buf_addt(&parent, text_sub(runs, 0, runs.len - strlen("/runs")));
	return check_place(buf_cstr(&parent), reterr) < 0 ||
			       check_place(runs.at, reterr) < 0
		       ? -1
		       : 0;
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
	if ((make && dir_make(buf_cstr(&path), reterr) < 0) ||
	    check_places(buf_text(&path), reterr) < 0) {
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
	j->fd = j->folder_fd = j->lock_fd = j->mark_fd = -1;
	j->clock = clock;
	j->seq = 1;
	return j;
}

/* A run that was refused before it began leaves nothing behind. */
static void
discard_empty(const struct journal *j)
{
	struct stat st;

	if (!j->fresh || j->fd < 0 || fstat(j->fd, &st) < 0 || st.st_size > 0)
		return;
	unlinkat(j->folder_fd, "journal.jsonl", 0);
	unlinkat(j->folder_fd, "mark", 0);
	unlinkat(j->folder_fd, "document.md", 0);
	unlinkat(j->folder_fd, "lock", 0);
	rmdir(j->folder);
}

/* The room that was made for records that never came. */
static void
give_back(const struct journal *j)
{
	if (j->fd >= 0 && j->allocated && j->allocated != UINT64_MAX &&
	    ftruncate(j->fd, (off_t)j->size) < 0)
		return; /* it is only room */
}

struct journal *
journal_free(struct journal *j)
{
	if (j) {
		discard_empty(j);
		give_back(j);
		fd_close(&j->fd);
		fd_close(&j->folder_fd);
		fd_close(&j->lock_fd);
		fd_close(&j->mark_fd);
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

/* Who has the lock, as he wrote into it. */
static void
name_holder(struct journal *j, struct buf *b)
{
	CLEANUP(buf_release) struct buf pid = BUF_INIT;
	uint64_t n;

	if (fd_read_all(j->lock_fd, 32, &pid) == 0 &&
	    text_to_uint(text_trim(buf_text(&pid)), INT32_MAX, &n))
		buf_addf(b, " (process %u)", (unsigned)n);
}

/* Nobody else goes on with this run. */
static int
take_lock(struct journal *j, struct buf *reterr)
{
	char pid[32];
	int len = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());

	j->lock_fd = openat(j->folder_fd, "lock",
			    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (j->lock_fd < 0)
		return fail(reterr, "open the lock of", j->folder);
	if (flock(j->lock_fd, LOCK_EX | LOCK_NB) == 0) {
		/* Only for people; a disk that is full fails elsewhere. */
		if (ftruncate(j->lock_fd, 0) < 0 ||
		    pwrite(j->lock_fd, pid, (size_t)len, 0) != len)
			return 0;
		return 0;
	}
	if (errno != EWOULDBLOCK)
		return fail(reterr, "lock", j->folder);
	buf_addf(reterr, "the run in '%s' is still going on", j->folder);
	name_holder(j, reterr);
	return -1;
}

/* Room for SIZE bytes and more, so that a disk that fills up meanwhile does
 * not keep the end of a step from being told. Where the file system cannot do
 * it, nothing is lost. */
static int
make_room(struct journal *j, uint64_t size)
{
	if (size <= j->allocated)
		return 0;
	if (fallocate(j->fd, FALLOC_FL_KEEP_SIZE, (off_t)j->size,
		      PREALLOCATED_BYTES) == 0)
		j->allocated = j->size + PREALLOCATED_BYTES;
	else if (errno == EOPNOTSUPP || errno == ENOSYS)
		j->allocated = UINT64_MAX;
	else
		return -1;
	return 0;
}

static int
open_file(struct journal *j, int flags, struct buf *reterr)
{
	struct stat st;

	j->fd = openat(j->folder_fd, "journal.jsonl",
		       O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags,
		       0600);
	j->mark_fd = openat(j->folder_fd, "mark",
			    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (j->fd < 0 || j->mark_fd < 0 || fstat(j->fd, &st) < 0)
		return fail(reterr, "open the journal in", j->folder);
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return fail(reterr, "open the journal in", j->folder);
	}
	j->size = (uint64_t)st.st_size;
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
	j->fresh = true;
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
	j->size = r->whole_bytes;
	return 0;
}

/* Take up where the records of J end. */
static int
take_up(struct journal *j, const char *runs, const char *id, struct buf *reterr)
{
	CLEANUP(journal_records_release) struct journal_records r = { 0 };

	if (!journal_read(runs, id, &r, reterr))
		return -1;
	if (r.damage) {
		buf_adds(reterr, r.damage);
		return -1;
	}
	j->seq = r.n_items + 1;
	j->last_crc = r.last_crc;
	return cut_torn(j, &r, reterr);
}

struct journal *
journal_continue(const char *runs, const char *id, const struct clock *clock,
		 struct buf *reterr)
{
	struct journal *j = new_journal(runs, id, clock);

	if (open_folder(j, reterr) < 0 || take_lock(j, reterr) < 0 ||
	    open_file(j, 0, reterr) < 0 || take_up(j, runs, id, reterr) < 0)
		return journal_free(j);
	return j;
}

/* ---- writing
 * ------------------------------------------------------------------- */

struct record *
journal_record(struct journal *j, const char *type)
{
	struct record *r = record_new(j->seq, j->last_crc, type);
	CLEANUP(buf_release) struct buf wall = BUF_INIT;

	clock_format_utc(clock_wall_ms(j->clock), &wall);
	record_text(r, "wall", buf_text(&wall));
	record_int(r, "mono_ms", clock_mono_ms(j->clock));
	return r;
}

/* Append LINE in one write(2). */
static int
append(struct journal *j, struct text line, enum journal_need need,
       struct buf *reterr)
{
	ssize_t n;

	if (j->size + line.len > LIMIT_JOURNAL_BYTES) {
		buf_addf(reterr, "the journal in '%s' is larger than %d bytes",
			 j->folder, LIMIT_JOURNAL_BYTES);
		return -1;
	}
	if (need == JOURNAL_FIRST &&
	    make_room(j, j->size + line.len + RESERVED_BYTES) < 0)
		return fail(reterr, "make room for the journal in", j->folder);
	n = write(j->fd, line.at, line.len);
	if (n >= 0 && (size_t)n < line.len)
		errno = ENOSPC;
	if (n < 0 || (size_t)n < line.len)
		return fail(reterr, "write to the journal in", j->folder);
	j->size += line.len;
	return 0;
}

static int
make_durable(struct journal *j, uint32_t crc, struct buf *reterr)
{
	struct journal_mark mark = { j->seq, crc };
	char bytes[JOURNAL_MARK_BYTES + 1];

	if (fdatasync(j->fd) < 0)
		return fail(reterr, "make durable the journal in", j->folder);
	journal_mark_write(&mark, bytes);
	if (pwrite(j->mark_fd, bytes, JOURNAL_MARK_BYTES, 0) !=
	    JOURNAL_MARK_BYTES)
		return fail(reterr, "mark the journal in", j->folder);
	return 0;
}

int
journal_add(struct journal *j, struct record *record, enum journal_need need,
	    struct buf *reterr)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	uint32_t crc;
	bool fits = record_end(record, &line, &crc);

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
	if (append(j, buf_text(&line), need, reterr) < 0)
		return -1;
	if (need != JOURNAL_LAZY && make_durable(j, crc, reterr) < 0)
		return -1;
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

void
journal_remove(struct journal *j, const char *name)
{
	unlinkat(j->folder_fd, name, 0);
}

/* ---- reading
 * -------------------------------------------------------------------- */

void
journal_records_release(struct journal_records *r)
{
	for (size_t i = 0; i < r->n_items; i++)
		jval_free(r->items[i]);
	free(r->items);
	free(r->damage);
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

static void damage(struct journal_records *r, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

static void
damage(struct journal_records *r, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	r->damage = buf_detach(&b, NULL);
}

/* MARK: how far it was durable. */
static void
read_records(struct text bytes, const char *path,
	     const struct journal_mark *mark, struct journal_records *ret)
{
	struct text rest = bytes;

	while (rest.len && !ret->torn) {
		struct text line = take_line(&rest);
		struct jval *record;
		uint32_t crc;
		enum record_fault fault = record_read(
			line, ret->n_items + 1, ret->last_crc, &record, &crc);

		if (fault == RECORD_TORN) {
			ret->torn = true;
			break;
		}
		if (fault != RECORD_OK) {
			damage(ret, "'%s': record %zu is %s", path,
			       ret->n_items + 1, record_fault_name(fault));
			return;
		}
		push_record(ret, record);
		ret->last_crc = crc;
		ret->whole_bytes += line.len;
		if (ret->n_items == mark->seq && crc != mark->crc) {
			damage(ret,
			       "'%s': record %zu is not the one that was "
			       "written",
			       path, ret->n_items);
			return;
		}
	}
	if (ret->n_items < mark->seq)
		damage(ret,
		       "'%s': it ends with record %zu, and had %" PRIu64
		       " or more",
		       path, ret->n_items, mark->seq);
}

/* A journal without a mark is of a crash before the first record was durable,
 * or older than marks. */
static void
read_mark(const char *runs, const char *id, struct journal_mark *ret)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	buf_addf(&path, "%s/%s/mark", runs, id);
	if (file_read_stored(buf_cstr(&path), JOURNAL_MARK_BYTES, &bytes,
			     &error) < 0 ||
	    !journal_mark_read(buf_text(&bytes), ret))
		*ret = (struct journal_mark){ 0, 0 };
}

bool
journal_read(const char *runs, const char *id, struct journal_records *ret,
	     struct buf *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	struct journal_mark mark;

	*ret = (struct journal_records){ 0 };
	/* Before the journal, which may grow meanwhile. */
	read_mark(runs, id, &mark);
	buf_addf(&path, "%s/%s/journal.jsonl", runs, id);
	if (file_read_stored(buf_cstr(&path), LIMIT_JOURNAL_BYTES, &bytes,
			     reterr) < 0)
		return false;
	read_records(buf_text(&bytes), buf_cstr(&path), &mark, ret);
	return true;
}
