/* The script that finds a command on its host and ends it. */
#include "exec/remote_kill.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "exec/remote_exec.h"

struct remote_kill {
	struct remote_exec *exec;
	struct buf err;
	void (*fn)(void *ctx, const char *message);
	void *ctx;
};

/* POSIX sh, whatever the login shell is: no quotes but the outer ones, and
 * nothing of ours in it but numbers. `exec` keeps this shell a child of sshd,
 * whose other children are our commands; its own name tells those apart that
 * end commands, however far they have got. What is left is sorted by when it
 * began, then by number. (`kill -15 -PID`: dash takes no "--" here.) */
#define MARK "runbook-ends-a-command"

static const char script[] =
	"exec sh -c '"
	"up=$PPID want=%u all=%u sig=%d; "
	"list() { "
	"if test -r /proc/self/stat; then "
	"for d in /proc/[0-9]*; do "
	"{ read -r l <$d/stat; } 2>/dev/null || continue; "
	"set -- ${l##*) }; "
	"test $2 = $up || continue; "
	"grep -q " MARK " $d/cmdline 2>/dev/null && continue; "
	"echo ${20} ${d#/proc/}; "
	"done; "
	"else ps -A -o ppid= -o pid= -o args= | "
	"while read -r p c a; do "
	"test $p = $up || continue; "
	"case $a in *" MARK "*) ;; *) echo 0 $c ;; esac; "
	"done; "
	"fi; }; "
	"n=0 found=; "
	"for p in $(list | sort -n -k1,1 -k2,2 | sed \"s/.* //\"); do "
	"test $n = $want && found=$p; "
	"n=$((n + 1)); "
	"done; "
	"test $n = $all && test $found || { echo $n commands there >&2; "
	"exit 3; }; "
	"kill -$sig -$found' " MARK;

struct remote_kill *
remote_kill_free(struct remote_kill *k)
{
	if (!k)
		return NULL;
	remote_exec_free(k->exec);
	buf_release(&k->err);
	free(k);
	return NULL;
}

static size_t
on_output(void *ctx, enum job_stream stream, struct text bytes)
{
	struct remote_kill *k = ctx;

	if (stream == JOB_STDERR && k->err.len < 256)
		buf_addt(&k->err, bytes);
	return bytes.len;
}

static void
on_end(void *ctx, enum remote_end end, int code, bool left_open UNUSED,
       const char *message)
{
	struct remote_kill *k = ctx;
	bool sent = end == REMOTE_EXITED && code == 0;

	k->exec = NULL;
	if (!message)
		message = buf_cstr(&k->err);
	k->fn(k->ctx, sent ? NULL : message);
	remote_kill_free(k);
}

struct remote_kill *
remote_kill_start(struct loop *l, struct host *host, unsigned place,
		  unsigned all, int signal,
		  void (*fn)(void *ctx, const char *message), void *ctx)
{
	struct remote_kill *k = xcalloc(1, sizeof(*k));
	struct remote_exec_events on = { .on_output = on_output,
					 .on_end = on_end,
					 .ctx = k };
	CLEANUP(buf_release) struct buf command = BUF_INIT;
	struct remote_exec_spec spec = { 0 };

	k->fn = fn;
	k->ctx = ctx;
	buf_addf(&command, script, place, all, signal);
	spec.command = buf_text(&command);
	k->exec = remote_exec_start(l, host, &spec, &on);
	return k;
}
