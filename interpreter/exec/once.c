/* The scripts of fences, and reading what they say. */
#include "exec/once.h"

#include "base/base64.h"

/* POSIX sh in one line; no single quotes, no backslashes, no "!", which csh
 * would take for history. Each part ends where the next may begin. `s` says
 * something; rb_i is the id, rb_d the place of all fences, rb_f this one, rb_b
 * what identifies the start of the machine, rb_u the umask that the command
 * gets. A shorter name may be exported there, and the command would see what
 * becomes of it. */

static const char place[] =
	"rb_u=$(umask); umask 077; rb_i=$1; s() { echo \"RB1 $rb_i $1\" >&2; "
	"}; "
	"rb_d=\"${XDG_STATE_HOME:-$HOME/.local/state}/runbook/fence\"; "
	"rb_f=\"$rb_d/$rb_i\"; rb_b=; "
	"{ read rb_b </proc/sys/kernel/random/boot_id; } 2>/dev/null; "
	"mkdir -p \"$rb_d\" 2>/dev/null; ";

/* The command is read before anything is claimed: what came short was not
 * asked for. */
static const char from_argument[] =
	"rb_c=$(printf %s \"$2\" | base64 -d 2>/dev/null && echo x) || "
	"{ s code; exit 94; }; rb_c=${rb_c%x}; ";

/* dd reads no further than it is told, so that the rest is the command's. */
static const char from_input[] =
	"read rb_m rb_j rb_n; test \"$rb_m $rb_j\" = \"RB1 $rb_i\" || { s "
	"short; exit 97; }; "
	"rb_c=$(dd bs=1 count=$rb_n 2>/dev/null; echo x); rb_c=${rb_c%x}; "
	"test $(printf %s \"$rb_c\" | wc -c) -eq $rb_n || { s short; exit 97; "
	"}; ";

static const char claim[] =
	"if mkdir \"$rb_f\" 2>/dev/null; then :; "
	"elif test -f \"$rb_f/rc\"; then read rb_r <\"$rb_f/rc\"; s \"again "
	"$rb_r\"; "
	"exit 98; "
	"elif test -d \"$rb_f\"; then s \"again -\"; exit 98; "
	"else s nowhere; exit 96; fi; ";

/* The wrapper outlives what ends the command, to tell how it ended. */
static const char begin[] = "trap : INT TERM HUP QUIT; "
			    "echo \"$$ $rb_b\" >\"$rb_f/started\" || "
			    "{ rm -rf \"$rb_f\"; s nowhere; exit 96; }; ";

/* It has begun, whether somebody hears it or not. */
static const char tell_begin[] = "trap \"\" PIPE; s \"started $$\"; "
				 "trap - PIPE; ";

/* What sh itself has to say of a command that a signal ended is not its. */
static const char quiet[] = "exec 4>&2 2>/dev/null; ";

/* A lost connection leaves a pipe that nobody reads: what writes to it ends,
 * in the middle of a list or a pipeline that hides it, and the status is well
 * all the same. So others read the output, and hand it on. When that fails and
 * sshd is gone, they read on for nobody, and the command comes to its end. When
 * sshd is still there, whoever listened has left: the command is to know. */
static const char listen[] =
	"rb_h=$PPID; y() { "
	"cat || { sleep 1; kill -0 $rb_h || exec cat >/dev/null; }; }; "
	"if type cat >/dev/null && mkfifo \"$rb_f/o\" \"$rb_f/e\"; then "
	"trap \"\" INT TERM HUP QUIT PIPE; "
	"y <\"$rb_f/o\" 3<&- 4>&- & y <\"$rb_f/e\" >&4 3<&- 4>&- & "
	"trap : INT TERM HUP QUIT; trap - PIPE; "
	"exec >\"$rb_f/o\" 4>\"$rb_f/e\"; fi; ";

static const char run_argument[] =
	"umask $rb_u; \"${SHELL:-/bin/sh}\" -c \"$rb_c\" 2>&4 4>&-; rb_r=$?; "
	"umask 077; ";

/* Out of a file that has no name any more: a command line can be seen. */
static const char keep_file[] =
	"printf %s \"$rb_c\" >\"$rb_f/cmd\" && exec 3<\"$rb_f/cmd\" || "
	"{ rm -rf \"$rb_f\"; s nowhere; exit 96; }; rm -f \"$rb_f/cmd\"; "
	"rb_c=; ";

static const char run_file[] =
	"umask $rb_u; \"${SHELL:-/bin/sh}\" /dev/fd/3 2>&4 4>&-; rb_r=$?; "
	"umask 077; ";

/* Whole or not at all, and on the disk where that can be asked for. */
static const char keep_status[] =
	"echo $rb_r >\"$rb_f/new\" && { sync \"$rb_f/new\" 2>/dev/null; "
	"mv -f \"$rb_f/new\" \"$rb_f/rc\"; }; ";

static const char sweep_old[] =
	"find \"$rb_d\" -mindepth 1 -maxdepth 1 -type d -mtime +7 "
	"-exec rm -rf {} + 2>/dev/null </dev/null; ";

static const char ask[] =
	"rb_u=; { read rb_u rb_z </proc/uptime; } 2>/dev/null; "
	"a() { echo \"RB1 $rb_i $1\"; }; "
	/* who remembers no other step of the run may have forgotten this */
	"rb_k=blank; for rb_e in \"$rb_d/${rb_i%.*.*}\".*; do "
	"test -d \"$rb_e\" && rb_k=\"never ${rb_u%%.*}\"; done; "
	"if mkdir \"$rb_f\" 2>/dev/null; then a \"$rb_k\"; "
	"elif test -f \"$rb_f/rc\"; then read rb_r <\"$rb_f/rc\"; a \"status "
	"$rb_r\"; "
	"elif test -f \"$rb_f/started\"; then read rb_p rb_o "
	"<\"$rb_f/started\"; "
	/* a zombie that nobody reaps takes signals for ever */
	"rb_l=; { read rb_l </proc/$rb_p/stat; } 2>/dev/null; "
	"case \"${rb_l##*) }\" in [ZX]*) rb_g=0 ;; *) rb_g= ;; esac; "
	"if test -z \"$rb_g\" && test \"$rb_o\" = \"$rb_b\" && "
	"kill -0 $rb_p 2>/dev/null; then a \"runs $rb_p\"; "
	/* it may have ended since */
	"elif test -f \"$rb_f/rc\"; then read rb_r <\"$rb_f/rc\"; a \"status "
	"$rb_r\"; "
	"elif test \"$rb_o\" = \"$rb_b\"; then a \"died $rb_p\"; else a "
	"reboot; fi; "
	"elif test -d \"$rb_f\"; then a claimed; else a nowhere; fi";

static void
open_script(struct buf *b)
{
	buf_addf(b, "exec sh -c '%s", place);
}

static void
close_script(struct buf *b, const char *id)
{
	buf_addf(b, "' rb %s", id);
}

void
once_mark(struct buf *b, const char *id)
{
	buf_addf(b, "RB1 %s ", id);
}

void
once_input(struct buf *b, const char *id, struct text command)
{
	once_mark(b, id);
	buf_addf(b, "%zu\n", command.len);
	buf_addt(b, command);
}

void
once_command(struct buf *b, const char *id, enum once_form form, bool sweep,
	     struct text command)
{
	bool by_input = form == ONCE_INPUT;

	open_script(b);
	buf_adds(b, by_input ? from_input : from_argument);
	buf_adds(b, claim);
	buf_adds(b, begin);
	if (form != ONCE_QUIET)
		buf_adds(b, tell_begin);
	if (by_input)
		buf_adds(b, keep_file);
	buf_adds(b, quiet);
	if (form != ONCE_QUIET)
		buf_adds(b, listen);
	buf_adds(b, by_input ? run_file : run_argument);
	buf_adds(b, keep_status);
	if (sweep)
		buf_adds(b, sweep_old);
	buf_adds(b, "exit $rb_r");
	close_script(b, id);
	if (by_input)
		return;
	buf_addc(b, ' ');
	base64_add(b, command);
}

void
once_probe(struct buf *b, const char *id)
{
	open_script(b);
	buf_adds(b, ask);
	close_script(b, id);
}

/* ---- answers ------------------------------------------------------------- */

static const struct {
	const char *name;
	enum once_word word;
	enum {
		NO_NUMBER,
		STATUS,
		STATUS_OR_DASH,
		PID,
		SECONDS
	} number;
} words[] = {
	{ "started", ONCE_STARTED, PID },
	{ "again", ONCE_AGAIN, STATUS_OR_DASH },
	{ "nowhere", ONCE_NOWHERE, NO_NUMBER },
	{ "short", ONCE_SHORT, NO_NUMBER },
	{ "code", ONCE_CODE, NO_NUMBER },
	{ "status", ONCE_STATUS, STATUS },
	{ "runs", ONCE_RUNS, PID },
	{ "died", ONCE_DIED, PID },
	{ "reboot", ONCE_REBOOT, NO_NUMBER },
	{ "claimed", ONCE_CLAIMED, NO_NUMBER },
	{ "never", ONCE_NEVER, SECONDS },
	{ "blank", ONCE_BLANK, NO_NUMBER },
};

static bool
read_number(size_t i, struct text t, struct once_answer *ret)
{
	uint64_t n = 0;
	uint64_t most = words[i].number == PID       ? INT32_MAX
			: words[i].number == SECONDS ? INT32_MAX
						     : 255;

	if (words[i].number == NO_NUMBER)
		return t.len == 0;
	/* A machine may not say how long it is up. */
	if (words[i].number == SECONDS && t.len == 0)
		return true;
	if (words[i].number == STATUS_OR_DASH && text_is(t, "-"))
		return true;
	if (!text_to_uint(t, most, &n))
		return false;
	if (words[i].number == PID)
		ret->pid = (int64_t)n;
	else if (words[i].number == SECONDS)
		ret->up_s = (int64_t)n;
	else
		ret->status = (int)n;
	return true;
}

bool
once_read(struct text line, const char *id, struct once_answer *ret)
{
	CLEANUP(buf_release) struct buf mark = BUF_INIT;
	struct text rest, word;

	once_mark(&mark, id);
	if (text_find(line, buf_text(&mark), 0) != 0)
		return false;
	rest = text_sub(line, mark.len, line.len);
	if (!text_next_field(&rest, ' ', &word))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!text_is(word, words[i].name))
			continue;
		*ret = (struct once_answer){ words[i].word, -1, 0, 0 };
		return read_number(i, rest, ret);
	}
	return false;
}
