/* The process tree from /proc (proc(5)). */
#include "exec/ptree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/limits.h"

/* "PID (NAME) STATE PPID …"; NAME may hold blanks and parentheses, so it ends
 * at the last ')'. */
bool
ptree_parse(struct text line, struct ptree_process *ret)
{
	size_t open = text_chr(line, '(', 0), close = line.len;
	struct text rest, state, parent, field;
	uint64_t pid, ppid, started = 0;
	size_t len;

	while (close > open && line.at[close - 1] != ')')
		close--;
	if (close <= open + 1)
		return false;
	rest = text_sub(line, close, line.len);
	if (rest.len == 0 || rest.at[0] != ' ')
		return false;
	rest = text_sub(rest, 1, rest.len);
	if (!text_next_field(&rest, ' ', &state) || state.len != 1 ||
	    !text_next_field(&rest, ' ', &parent) ||
	    !text_to_uint(parent, INT32_MAX, &ppid) ||
	    !text_to_uint(text_trim(text_sub(line, 0, open)), INT32_MAX, &pid))
		return false;
	/* Fields 5 to 21 stand before the one that counts (proc(5)). */
	for (int i = 5; i <= 22; i++) {
		if (!text_next_field(&rest, ' ', &field))
			return false;
	}
	if (!text_to_uint(field, UINT64_MAX, &started))
		return false;
	*ret = (struct ptree_process){ .pid = (pid_t)pid,
				       .parent = (pid_t)ppid,
				       .started = started };
	ret->dead = state.at[0] == 'Z' || state.at[0] == 'X';
	len = close - 1 - (open + 1);
	if (len >= sizeof(ret->name))
		len = sizeof(ret->name) - 1;
	memcpy(ret->name, line.at + open + 1, len);
	return true;
}

uint64_t
ptree_now(void)
{
	uint64_t per_second = (uint64_t)sysconf(_SC_CLK_TCK);
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * per_second +
	       (uint64_t)t.tv_nsec * per_second / 1000000000;
}

static bool
read_process(pid_t pid, struct ptree_process *ret)
{
	char path[64], line[512];
	CLEANUP(fd_close_ptr) int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, line, sizeof(line));
	return n > 0 && ptree_parse((struct text){ line, (size_t)n }, ret);
}

bool
ptree_look(pid_t pid, struct ptree_process *ret)
{
	return read_process(pid, ret) && !ret->dead;
}

void
ptree_boot_id(char ret[PTREE_BOOT_ID + 1])
{
	CLEANUP(fd_close_ptr)
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, ret, PTREE_BOOT_ID);

	ret[n == PTREE_BOOT_ID ? PTREE_BOOT_ID : 0] = '\0';
}

struct list {
	pid_t *at;
	size_t n, max;
};

/* Call FN with the number of each entry of the folder PATH that is one. False
 * when it cannot be read. */
static bool
each_number(const char *path, void (*fn)(void *ctx, pid_t number), void *ctx)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	uint64_t number;

	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		if (text_to_uint(text_of(entry->d_name), INT32_MAX, &number))
			fn(ctx, (pid_t)number);
	}
	closedir(dir);
	return true;
}

static void
append(struct list *l, pid_t pid)
{
	if (l->n < l->max)
		l->at[l->n++] = pid;
}

struct scan {
	struct list *list;
	pid_t parent;
	bool unknown; /* the kernel does not tell */
};

static int
open_children(pid_t pid, pid_t tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
		 (int)tid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Read what open_children() opened, from its beginning. */
static bool
read_children(int fd, struct list *list)
{
	CLEANUP(buf_release) struct buf all = BUF_INIT;
	struct text rest, number;
	char chunk[1024];
	uint64_t pid;
	ssize_t n = -1;

	/* The kernel fills a read with whole numbers as long as one fits. */
	while (fd >= 0 &&
	       (n = pread(fd, chunk, sizeof(chunk), (off_t)all.len)) > 0) {
		buf_add(&all, chunk, (size_t)n);
		if ((size_t)n < sizeof(chunk) / 2)
			break;
	}
	if (n < 0)
		return false;
	rest = buf_text(&all);
	while (text_next_field(&rest, ' ', &number)) {
		if (text_to_uint(number, INT32_MAX, &pid))
			append(list, (pid_t)pid);
	}
	return true;
}

/* The children that the thread TID started. */
static void
add_children_of_thread(void *ctx, pid_t tid)
{
	struct scan *s = ctx;
	CLEANUP(fd_close_ptr) int fd = open_children(s->parent, tid);

	if (!read_children(fd, s->list))
		s->unknown = true;
}

size_t
ptree_parent_children(struct ptree_parent *p, pid_t pid, pid_t *ret, size_t max)
{
	struct list list = { ret, 0, max };

	if (p->pid != pid) {
		ptree_parent_release(p);
		p->fd = open_children(pid, pid);
		p->pid = pid;
	}
	return read_children(p->fd, &list) ? list.n
					   : ptree_children(pid, ret, max);
}

void
ptree_parent_release(struct ptree_parent *p)
{
	fd_close(&p->fd);
	p->pid = 0;
}

static void
add_if_child(void *ctx, pid_t pid)
{
	struct scan *s = ctx;
	struct ptree_process p;

	if (read_process(pid, &p) && p.parent == s->parent)
		append(s->list, pid);
}

/* This is asked after every step, and most processes have one thread: the
 * folder of them has a link for each, and the two of any folder. */
static bool
add_children_of_threads(struct scan *s)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)s->parent);
	if (stat(path, &st) == 0 && st.st_nlink == 3) {
		add_children_of_thread(s, s->parent);
		return true;
	}
	return each_number(path, add_children_of_thread, s);
}

size_t
ptree_children(pid_t pid, pid_t *ret, size_t max)
{
	struct list list = { ret, 0, max };
	struct scan s = { &list, pid, false };

	if (add_children_of_threads(&s) && !s.unknown)
		return list.n;
	/* A kernel without CONFIG_PROC_CHILDREN: look at every process. */
	list.n = 0;
	each_number("/proc", add_if_child, &s);
	return list.n;
}

void
ptree_release(struct ptree *t)
{
	free(t->at);
	*t = (struct ptree){ NULL, 0 };
}

/* Breadth first: what has been added and not yet looked into is the queue. */
void
ptree_add(struct ptree *t, pid_t pid)
{
	pid_t *queue = xcalloc(LIMIT_PROCESSES, sizeof(*queue));
	size_t n = 1;

	queue[0] = pid;
	for (size_t i = 0; i < n; i++) {
		struct ptree_process p;

		n += ptree_children(queue[i], queue + n, LIMIT_PROCESSES - n);
		if (!read_process(queue[i], &p) || p.dead ||
		    t->n == LIMIT_PROCESSES)
			continue;
		t->at = xreallocarray(t->at, t->n + 1, sizeof(*t->at));
		t->at[t->n++] = p;
	}
	free(queue);
}
