/* Asking bash -n and shellcheck, and leading what they say back into the
 * document. */
#include "lint/programs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/limits.h"
#include "diag/source.h"
#include "exec/loop.h"
#include "exec/proc.h"
#include "lint/rule.h"
#include "lint/words.h"

enum {
	FIRST_FD = 10,
	FDS = 32 /* texts for one call of shellcheck */
};

struct lint_programs {
	char *bash, *shellcheck; /* owned; NULL: not asked for */
	struct loop *loop;       /* owned; of the process that uses it */
};

struct lint_programs *
lint_programs_free(struct lint_programs *p)
{
	if (!p)
		return NULL;
	loop_free(p->loop);
	free(p->bash);
	free(p->shellcheck);
	free(p);
	return NULL;
}

static bool
find(const char *name, char **ret, struct buf *reterr)
{
	const char *path = getenv("PATH");

	*ret = proc_find(name, path ? path : "/usr/bin:/bin");
	if (!*ret)
		buf_addf(reterr, "no program '%s' in PATH", name);
	return *ret != NULL;
}

bool
lint_programs_has(const char *name)
{
	CLEANUP(buf_release) struct buf ignored = BUF_INIT;
	CLEANUP(free_ptr) char *path = NULL;

	return find(name, &path, &ignored);
}

struct lint_programs *
lint_programs_new(bool bash, bool shellcheck, struct buf *reterr)
{
	struct lint_programs *p = xcalloc(1, sizeof(*p));

	if ((bash && !find("bash", &p->bash, reterr)) ||
	    (shellcheck && !find("shellcheck", &p->shellcheck, reterr)))
		return lint_programs_free(p);
	return p;
}

static void
identify(const char *path, struct buf *b)
{
	struct stat st;

	if (path && stat(path, &st) == 0)
		buf_addf(b, "%s %lld %lld\n", path, (long long)st.st_size,
			 (long long)st.st_mtime);
}

void
lint_programs_identify(const struct lint_programs *p, struct buf *b)
{
	identify(p->bash, b);
	identify(p->shellcheck, b);
}

/* ---- running ---------------------------------------------------------------
 */

/* One call. */
struct call {
	struct buf out, err;
	int wait_status;
	bool done, cut;
};

static void
on_result(void *ctx, const struct proc_result *result)
{
	struct call *c = ctx;

	buf_addt(&c->out, result->out);
	buf_addt(&c->err, result->err);
	c->wait_status = result->wait_status;
	c->cut = result->timed_out || result->too_long;
	c->done = true;
}

/* Run ARGV with nothing else than it needs; false: it gave no answer. */
static bool
run(struct lint_programs *p, const char *const *argv, int in,
    const struct proc_fd *fds, size_t n_fds, struct call *c)
{
	/* with SHELL and HOME bash asks no name service who it is */
	static const char *const env[] = { "PATH=/usr/bin:/bin",
					   "LC_ALL=C.UTF-8",
					   "HOME=/nonexistent", "SHELL=/bin/sh",
					   NULL };
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;

	spec.argv = argv;
	spec.env = env;
	spec.cwd = "/";
	spec.in = in;
	spec.fds = fds;
	spec.n_fds = n_fds;
	*c = (struct call){ .out = BUF_INIT, .err = BUF_INIT };
	if (!p->loop)
		p->loop = loop_new(&clock_system);
	if (!proc_run_start(p->loop, &spec, LIMIT_LINT_OUTPUT_BYTES,
			    LIMIT_LINT_PROGRAM_MS, on_result, c, &error))
		return false;
	loop_run(p->loop, &c->done);
	return !c->cut && WIFEXITED(c->wait_status);
}

static void
call_release(struct call *c)
{
	buf_release(&c->out);
	buf_release(&c->err);
}

/* A descriptor from which T can be read; -1: none is left. */
static int
in_memory(struct text t)
{
	int fd = memfd_create("script", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if (fd_write_all(fd, t.at, t.len) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		fd_close(&fd);
	return fd;
}

/* ---- texts -----------------------------------------------------------------
 */

/* S as a shell can read it: placeholders, which look like redirections, are
 * words of the same length. */
static void
prepare(const struct script *s, struct buf *b)
{
	buf_addt(b, s->source.text);
	for (uint32_t i = 0; i < s->n_placeholders; i++) {
		const struct placeholder *p = &s->placeholders[i];

		if (p->certainty != PLACEHOLDER_POSSIBLE)
			memset(b->bytes + p->start, 'x', p->end - p->start);
	}
}

/* A text that can be handed over and has a place in the document. Where we
 * have found a mistake in it already, others would find it again. */
static bool
is_whole(const struct script *s)
{
	struct text t = s->source.text;

	return s->source.map && s->n_errors == 0 && t.len &&
	       text_chr(t, '\0', 0) == t.len;
}

/* The texts of the pass that can be handed over. */
static const struct script **
scripts_of(struct lint_pass *pass, uint32_t *ret_n)
{
	const struct script **list = NULL;

	*ret_n = 0;
	for (uint32_t i = 0; i < pass->n_texts; i++) {
		if (is_whole(pass->texts[i]))
			ARENA_PUSH(pass->arena, list, *ret_n, pass->texts[i]);
	}
	return list;
}

/* The offset of column COLUMN (1-based, in characters) of line LINE. */
static uint32_t
offset_of(struct text t, int64_t line, int64_t column)
{
	size_t at = 0, end;

	while (--line > 0 && at < t.len)
		at = text_chr(t, '\n', at) + 1;
	end = text_chr(t, '\n', at);
	while (--column > 0 && at < end) {
		uint32_t code;
		size_t n = text_utf8(text_sub(t, at, end), &code);

		at += n ? n : 1;
	}
	return (uint32_t)(at < t.len ? at : t.len);
}

/* ---- bash ------------------------------------------------------------------
 */

/* "bash: line 3: syntax error near …": the line, and what follows. */
static int64_t
read_message(struct text *message)
{
	static const char mark[] = "line ";
	struct text line, rest = *message;
	uint64_t number = 1;
	size_t at, colon;

	text_next_line(&rest, &line);
	colon = text_find(line, TEXT(": "), 0);
	line = text_sub(line, colon + 2, line.len);
	if (text_starts(line, mark)) {
		at = sizeof(mark) - 1;
		colon = text_find(line, TEXT(": "), at);
		text_to_uint(text_sub(line, at, colon), UINT32_MAX, &number);
		line = text_sub(line, colon + 2, line.len);
	}
	*message = line;
	return (int64_t)number;
}

/* bash -n does not carry `shopt` out, but reads "!(…)" only where it was. */
static bool
sets_extglob(const struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct command *c = &pass->commands[i].c;

		if (command_is(c, "shopt") && command_find(c, "extglob"))
			return true;
	}
	return false;
}

static void
ask_bash(struct lint_pass *pass, struct lint_programs *p,
	 const struct script *s, bool extglob)
{
	const char *const argv[] = {
		p->bash,   "--norc", "--noprofile", "-n", extglob ? "-O" : NULL,
		"extglob", NULL
	};
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(fd_close_ptr) int in = -1;
	CLEANUP(call_release) struct call c;

	prepare(s, &text);
	in = in_memory(buf_text(&text));
	if (run(p, argv, in, NULL, 0, &c) && WEXITSTATUS(c.wait_status) != 0) {
		struct text message = buf_text(&c.err);
		int64_t line = read_message(&message);
		uint32_t start = offset_of(s->source.text, line, 1);

		lint_report(
			pass, DIAG_BASH_SYNTAX,
			script_span(s, start,
				    offset_of(s->source.text, line, INT32_MAX)),
			"bash -n: %.*s", TEXT_ARG(message));
	}
}

/* ---- shellcheck ------------------------------------------------------------
 */

/* Not asked about: variables of other blocks (2034, 2154), a cd that a person
 * watches (2164), code behind an exit that may be in another block (2317),
 * files that are not here (1090, 1091), the missing first line (2148). */
static const char excluded[] =
	"--exclude=SC2034,SC2154,SC2164,SC2317,SC1090,SC1091,SC2148";

static enum diag_level
level_of(struct text name)
{
	static const char *const names[] = { "error", "warning", "info",
					     "style" };

	for (int i = 0; i < LEVEL_HINT; i++) {
		if (text_is(name, names[i]))
			return (enum diag_level)i;
	}
	return LEVEL_HINT;
}

static void
report_comment(struct lint_pass *pass, const struct script *s,
	       const struct jval *o)
{
	struct text t = s->source.text, message = jval_get_text(o, "message");
	uint32_t start = offset_of(t, jval_get_int(o, "line", 1),
				   jval_get_int(o, "column", 1));
	uint32_t end = offset_of(t, jval_get_int(o, "endLine", 1),
				 jval_get_int(o, "endColumn", 1));
	long long number = jval_get_int(o, "code", 0);
	struct diag *d;

	if (end < start)
		end = start;
	d = lint_report(pass, DIAG_SHELLCHECK, script_span(s, start, end),
			"SC%lld: %.*s", number, TEXT_ARG(message));
	if (!d)
		return;
	diag_sink_relevel(pass->sink, d, level_of(jval_get_text(o, "level")));
	diag_help(d,
		  "https://www.shellcheck.net/wiki/SC%lld; '# shellcheck "
		  "disable=SC%lld' above the command switches it off",
		  number, number);
}

static void
read_comments(struct lint_pass *pass, const struct script *const *scripts,
	      uint32_t n, struct text json)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(jval_free_ptr) struct jval *all = jval_parse(json, &error);
	const struct jval *list = jval_get(all, "comments");

	for (size_t i = 0; i < jval_count(list); i++) {
		const struct jval *o = jval_at(list, i);
		struct text file = jval_get_text(o, "file");
		uint64_t fd;

		if (!text_starts(file, "/dev/fd/") ||
		    !text_to_uint(text_sub(file, 8, file.len), FIRST_FD + FDS,
				  &fd) ||
		    fd < FIRST_FD || fd - FIRST_FD >= n)
			continue;
		report_comment(pass, scripts[fd - FIRST_FD], o);
	}
}

/* At most FDS texts in one call. */
static void
ask_shellcheck(struct lint_pass *pass, struct lint_programs *p,
	       const struct script *const *scripts, uint32_t n)
{
	const char *argv[FDS + 6] = { p->shellcheck, "--norc", "--format=json1",
				      "--shell=bash", excluded };
	struct proc_fd fds[FDS];
	CLEANUP(call_release) struct call c;

	for (uint32_t i = 0; i < n; i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT;

		prepare(scripts[i], &text);
		buf_addc(&text, '\n');
		fds[i].ours = in_memory(buf_text(&text));
		fds[i].theirs = FIRST_FD + (int)i;
		argv[5 + i] =
			arena_printf(pass->arena, "/dev/fd/%d", fds[i].theirs);
	}
	argv[5 + n] = NULL;
	/* status 1: it has something to say */
	if (run(p, argv, -1, fds, n, &c) && WEXITSTATUS(c.wait_status) <= 2)
		read_comments(pass, scripts, n, buf_text(&c.out));
	for (uint32_t i = 0; i < n; i++)
		fd_close(&fds[i].ours);
}

static void
check(struct lint_pass *pass)
{
	struct lint_programs *p = pass->programs;
	const struct script **scripts;
	bool extglob;
	uint32_t n;

	if (!p)
		return;
	extglob = sets_extglob(pass);
	scripts = scripts_of(pass, &n);
	for (uint32_t i = 0; p->bash && i < n; i++)
		ask_bash(pass, p, scripts[i], extglob);
	for (uint32_t i = 0; p->shellcheck && i < n; i += FDS)
		ask_shellcheck(pass, p, scripts + i, n - i < FDS ? n - i : FDS);
}

const struct lint_family lint_family_programs = { "programs", check };
