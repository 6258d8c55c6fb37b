/* The script of the local session, and reading its answers. */
#include "exec/shell_script.h"

#include "base/alloc.h"

/* Stands for the quoted path of the folder, with its slash. */
#define DIR "\1"

/* Where descriptors are once close_all has taken them away, and what the
 * session itself says outside of steps. */
#define BASE "10"
#define ORDERS "11"
#define STATUS "12"

/* Of an order: its letter, its argument, a blank and a newline. */
#define ORDER_BYTES "19"

/* Of the names that a step can see only __rb… are ours, and nothing may depend
 * on what a step can change: builtins are called through `builtin`, every
 * expansion is quoted, and nothing may fail but conditions (a step may
 * `set -e`). */

/* What the author traces with `set -x` is his step and not this session, so the
 * option is off outside of steps: the step's own file switches it on again
 * (shell_session.c), and this is the first that comes behind one. Whatever is
 * traced of it, on either descriptor, goes nowhere. */
#define UNTRACED_BEGIN "{ "
#define UNTRACED_END "; } >/dev/null 2>&1"

#define UNTRACED_REST " __rb_flags=$-; builtin set +x" UNTRACED_END
#define UNTRACE UNTRACED_BEGIN "__rb_last=$?" UNTRACED_REST
#define UNTRACE_JUMP UNTRACED_BEGIN "__rb_last=0" UNTRACED_REST

static const char behind[] = UNTRACE "\n";

/* The trap on EXIT: the rest of what it does is in a file. */
#define EXIT_TRAP UNTRACE "; builtin . \"$__rb_exit\""

/* A status that is not 0 stops nothing to the left of `&&`. */
const char shell_script_trace[] =
	UNTRACED_BEGIN "builtin set -x; __rb_set \"$__rb_last\"" UNTRACED_END
		       " && " UNTRACED_BEGIN "builtin :" UNTRACED_END "; ";

/* The step ends at its first failing top-level statement. Functions and
 * sourced files of the author go on, as they would for one who types. */
static const char on_err[] =
	"__rb_status=$?; "
	"[[ -z ${FUNCNAME[0]-} && "
	"${BASH_SOURCE[0]-} == " DIR "step ]] && "
	"{ __rb_line=$LINENO __rb_pipe=(\"${PIPESTATUS[@]}\"); "
	"builtin return \"$__rb_status\"; }";

/* PIPESTATUS is gone as soon as `.` returns; this is the last moment. */
static const char on_return[] = "__rb_pipe=(\"${PIPESTATUS[@]}\")";

/* `$?` of the step before is handed on. A condition is the one place where a
 * status can be set without `set -e` looking at it. */
static const char run[] = "if __rb_set \"$__rb_last\"; "
			  "then builtin . " DIR "step; "
			  "else builtin . " DIR "step; fi";

static const char begin[] = "builtin printf '%s ' S \"$__rb_arg\" . >&" STATUS;

/* All there is stands in these. What they redirect bash keeps, in the first
 * free numbers from 10 on, and closes it in every program that it starts: they
 * become ORDERS, STATUS and BASE. So no step has to be kept from them one by
 * one, and an author may have 9 for himself. */
static const char open_all[] = "{\n";
static const char close_all[] = "} 9<&- 10>&- 2>&1\n";

/* Let go of the pipes that order r left open. */
static const char back_to_base[] =
	"[[ -z $__rb_open ]] || { command exec >&" BASE " 2>&" BASE
	"; __rb_open=; }\n";

/* In a UTF-8 locale `read` looks for the rest of a character that a value
 * breaks off in, and takes the NUL behind the value for it: the next values
 * would be lost in this one. Hence the locale C for all that is read so. */
static const char head[] =
	"BASH_ARGV0=bash\n"
	"__rb_read=0 __rb_gone=0 __rb_traced= __rb_flags=\n"
	/* What belongs to this process and not to its predecessor stands where
	 * `declare -p` does not put anything. */
	"__rb_dropped=() __rb_secrets=()\n"
	/* From here on bash's own list of arguments is what it was: what is
	 * put among them next would stay in it, and is a secret. */
	"__rb_all=(\"${BASH_ARGV[@]-}\")\n"
	"builtin set -- \"${RUNBOOK_SSH_SOCKET-}\" "
	"\"${RUNBOOK_SSH_TOKEN-}\" \"${SSH_AUTH_SOCK-}\"\n"
	"if [[ -r " DIR "before ]]; then\n"
	"	builtin . " DIR "before 2>/dev/null\n"
	"	if [[ -n ${RUNBOOK_SSH_SOCKET-} ]]; then\n"
	"		RUNBOOK_SSH_SOCKET=$1 RUNBOOK_SSH_TOKEN=$2\n"
	"	fi\n"
	"	if [[ -n ${SSH_AUTH_SOCK-} && ! -S $SSH_AUTH_SOCK ]]; then\n"
	"		SSH_AUTH_SOCK=$3\n"
	"	fi\n"
	"	PATH=${PATH//\"${__rb_bin-}\"/" DIR "bin}\n"
	"fi\n"
	"if [[ $__rb_gone == 1 ]]; then __rb_read=2; fi\n"
	/* What comes next relies on it: nothing is to run without. */
	"if [[ -e " DIR "before && $__rb_read != 1 ]]; then\n"
	"	builtin printf '%s ' R \"$__rb_read\" . >&" STATUS "\n"
	"	builtin exit 1\n"
	"fi\n"
	"builtin set --\n"
	"__rb_bin=" DIR "bin\n"
	"__rb_last=0 __rb_action= __rb_pwd= __rb_names=() __rb_env=()\n"
	"__rb_armed= __rb_open=\n"
	"__rb_set() { builtin return \"$1\"; }\n"
	"builtin trap '" EXIT_TRAP "' EXIT\n"
	"__rb_exit=" DIR "exit\n"
	"builtin printf '%s ' R \"$__rb_read\" . >&" STATUS "\n";

/* A step's `continue` and `break` reach the loops around it: behind them comes
 * what follows any step. `break 9` leaves them all, and they begin anew from a
 * file of their own. Not from the beginning: where the loops were sourced, bash
 * takes back a step's redirections before its `exit` runs the author's trap. */
static const char enter[] = "__rb_step= __rb_over=\n";
static const char again[] = "[[ -n $__rb_over ]] || builtin . " DIR "turn\n";
static const char loop[] = "while [[ -z $__rb_over ]]; do\n"
			   "while if [[ -n $__rb_step ]]; then\n";

/* An order has a fixed length, so that bash reads it at once: it looks for the
 * end of a line byte by byte. The test after `read` ends the loop, where it
 * would spin, when something keeps `read` from reading. */
static const char orders[] =
	"      fi\n"
	"      __rb_step= __rb_order=\n"
	"      builtin read -r -N " ORDER_BYTES " -u " ORDERS " "
	"__rb_order\n"
	"      [[ -n $__rb_order ]]; do\n";

static const char order_parts[] =
	"__rb_op=${__rb_order:0:1} __rb_arg=${__rb_order:2:16}\n"
	"if [[ $__rb_op == [vkex] ]]; then\n"
	"	if [[ ( -v LC_ALL || $- != *u* ) && ${LC_ALL@a} == *r* ]]; "
	"then\n"
	"		builtin printf '%s\\n' 'LC_ALL is read-only: no value "
	"can be read' >&2\n"
	"		builtin exit 1\n"
	"	fi\n"
	"	IFS= LC_ALL=C builtin read -r -d '' -u " ORDERS " __rb_arg\n"
	"fi\n"
	"case $__rb_op in\n"
	"c)\n"
	"	if ( builtin . " DIR "check ) </dev/null >/dev/null 2>|" DIR
	"error\n"
	"	then __rb_status=0; else __rb_status=$?; fi\n"
	"	builtin printf '%s ' C \"$__rb_arg\" \"$__rb_status\" . "
	">&" STATUS "\n"
	"	;;\n"
	"d)\n"
	"	IFS= LC_ALL=C builtin read -r -d '' -u " ORDERS " __rb_value\n"
	"	__rb_pwd=$PWD __rb_oldpwd=${OLDPWD-}\n"
	"	if builtin cd -- \"$__rb_value\" >/dev/null 2>|" DIR "error\n"
	"	then __rb_status=0; else __rb_status=1 __rb_pwd=; fi\n"
	"	builtin printf '%s ' D \"$__rb_arg\" \"$__rb_status\" . "
	">&" STATUS "\n"
	"	;;\n"
	"v)\n"
	"	IFS= LC_ALL=C builtin read -r -d '' -u " ORDERS
	" \"$__rb_arg\"\n"
	"	__rb_names+=(\"$__rb_arg\")\n"
	"	;;\n"
	"k)\n"
	"	IFS= LC_ALL=C builtin read -r -d '' -u " ORDERS
	" \"$__rb_arg\"\n"
	"	;;\n"
	"x)\n"
	"	for __rb_value in \"${__rb_secrets[@]}\"; do\n"
	"		if [[ $__rb_value == \"${!__rb_arg}\" ]]; then "
	"__rb_arg=\n"
	"			builtin break\n"
	"		fi\n"
	"	done\n"
	"	if [[ -n $__rb_arg ]]; then\n"
	"		__rb_secrets+=(\"${!__rb_arg}\")\n"
	"	fi\n"
	"	__rb_value=\n"
	"	;;\n"
	"e)\n"
	"	IFS= LC_ALL=C builtin read -r -d '' -u " ORDERS " __rb_value\n"
	"	if [[ -v $__rb_arg ]]; then\n"
	"		__rb_env+=(\"$__rb_arg\" set \"${!__rb_arg}\""
	" \"${!__rb_arg@a}\")\n"
	"	else\n"
	"		__rb_env+=(\"$__rb_arg\" '' '' '')\n"
	"	fi\n"
	"	builtin export \"$__rb_arg=$__rb_value\"\n"
	"	;;\n"
	"t)\n"
	"	IFS= LC_ALL=C builtin read -r -d '' -u " ORDERS " __rb_action\n"
	"	builtin trap '" EXIT_TRAP "' EXIT\n"
	"	;;\n"
	"s)\n"
	"	__rb_arg=${__rb_arg%% *}\n"
	"	__rb_to=" DIR "kept.$((__rb_arg % 2))\n"
	"	if builtin . " DIR "save; then builtin :; fi\n"
	"	;;\n"
	"p)\n"
	"	if builtin . " DIR "probe; then __rb_status=0\n"
	"	else __rb_status=1; fi\n"
	"	builtin printf '%s ' P \"$__rb_arg\" \"$__rb_status\" . "
	">&" STATUS "\n"
	"	;;\n"
	"b | i | f)\n"
	"	__rb_line=0 __rb_pipe=() __rb_step=1\n";

/* A step of which nothing stays, in a shell that is as we made it: no function
 * has the name of a builtin, no trap or option of the author's is in between.
 * So the traps may stay, nothing has to be put back, and its pipes may be
 * opened by `exec`, each once to read and write, which waits for nobody, and
 * then to write only. Its `continue` leads to what follows any step. One of
 * order r has no pipeline whose statuses could be of use. */
static const char quick[] =
	"	__rb_line=0 __rb_pipe=()\n"
	"	if [[ -n $__rb_open && $__rb_order == r* ]] || "
	"command exec 1<>" DIR "out 1>" DIR "out 2<>" DIR "err 2>" DIR
	"err; then\n"
	"		__rb_step=1 __rb_open=1\n"
	"		builtin . " DIR "step\n"
	"		__rb_last=$? __rb_step=\n"
	"		if [[ $__rb_order == q* ]]; then\n"
	"			command exec >&" BASE " 2>&" BASE "\n"
	"			__rb_open=\n"
	"		fi\n"
	"		builtin printf '%s ' E \"${__rb_order:2:16}\" "
	"\"$__rb_last\" \"$__rb_line\" 0 1 \"${__rb_pipe[@]}\" . >&" STATUS
	" || builtin exit 1\n"
	"	else\n"
	"		command exec >&" BASE " 2>&" BASE "\n"
	"		__rb_open=\n"
	"		builtin printf '%s ' N \"${__rb_order:2:16}\" . "
	">&" STATUS " || builtin exit 1\n"
	"	fi\n"
	"	builtin continue\n"
	"fi\n";

static const char loop_end[] = "	__rb_step=2\n"
			       "	;;\n"
			       "esac\n"
			       "done\n"
			       "[[ -n $__rb_step ]] || __rb_over=1\n"
			       "done\n";

/* What follows a step. Builtins that it has switched off are ours as well. */
static const char foot[] =
	/* its `continue` or `break` led here */
	"	if [[ $__rb_step == 1 ]]; then " UNTRACE_JUMP "; fi\n"
	"	builtin enable . : alias cd compgen continue declare eval exit "
	"export mapfile printf read return set shopt trap umask unset\n"
	/* What an author traps would come in between two quick steps; DEBUG,
	 * in between any two commands, of which ours are some. */
	"	__rb_armed= __rb_own= __rb_changed=0 __rb_plain=0\n"
	"	builtin trap -p DEBUG ALRM CHLD CONT HUP INT PIPE QUIT TERM "
	"URG USR1 USR2 WINCH >|" DIR "traps || builtin :\n"
	"	if [[ -s " DIR "traps ]]; then\n"
	"		builtin trap -p DEBUG >|" DIR "traps || builtin :\n"
	"		builtin trap - DEBUG\n"
	/* in POSIX mode bash lists what nobody has set, too */
	"		__rb_value=\n"
	"		IFS= builtin read -r __rb_value <" DIR "traps || "
	"builtin :\n"
	"		if [[ -n $__rb_value && "
	"$__rb_value != 'trap -- - DEBUG' ]]; then\n"
	"			__rb_changed=2\n"
	"		fi\n"
	"	elif [[ $__rb_flags != *[mnrtvxET]* ]]; then __rb_plain=1; fi\n"
	"	__rb_traced=\n"
	"	if [[ $__rb_flags == *x* ]]; then __rb_traced=1 __rb_plain=2; "
	"fi\n"
	"	builtin trap - ERR RETURN\n"
	"	if [[ $__rb_order == i* ]]; then TERM=$__rb_term; fi\n"
	"	if [[ ${#__rb_names[@]} -gt 0 ]]; then\n"
	"		builtin unset -v \"${__rb_names[@]}\" || builtin :\n"
	"		__rb_names=()\n"
	"	fi\n"
	"	while [[ ${#__rb_env[@]} -gt 0 ]]; do\n"
	"		__rb_i=$((${#__rb_env[@]} - 4))\n"
	"		__rb_name=${__rb_env[__rb_i]}\n"
	"		if [[ -z ${__rb_env[__rb_i + 1]} ]]; then\n"
	"			builtin unset -v \"$__rb_name\" || builtin :\n"
	"		else\n"
	"			builtin export"
	" \"$__rb_name=${__rb_env[__rb_i + 2]}\" || builtin :\n"
	"			[[ ${__rb_env[__rb_i + 3]} == *x* ]] ||\n"
	"				builtin export -n \"$__rb_name\"\n"
	"		fi\n"
	"		__rb_env=(\"${__rb_env[@]:0:__rb_i}\")\n"
	"	done\n"
	"	if [[ -n $__rb_pwd ]]; then\n"
	"		builtin cd -- \"$__rb_pwd\" >/dev/null || builtin :\n"
	"		OLDPWD=$__rb_oldpwd __rb_pwd=\n"
	"	fi\n"
	/* A function named `builtin` would break the next step. Assigning
	 * POSIXLY_CORRECT is syntax, which no function can shadow, and makes
	 * `unset` come before functions (bash(1), POSIX mode). */
	"	builtin eval '__rb_own=1'\n"
	"	if [[ -z $__rb_own ]]; then\n"
	"		POSIXLY_CORRECT=1\n"
	"		unset -f builtin\n"
	"		unset POSIXLY_CORRECT\n"
	"		builtin shopt -u inherit_errexit\n"
	"		builtin trap - DEBUG ERR RETURN\n"
	"		__rb_changed=1 __rb_plain=0\n"
	"	fi\n"
	"	{ builtin trap -p EXIT\n"
	"	builtin printf '%s ' '' E \"${__rb_order:2:16}\" \"$__rb_last\""
	" \"$__rb_line\" \"$__rb_changed\" \"$__rb_plain\" \"${__rb_pipe[@]}\" "
	".; } >&" STATUS " ||\n"
	"		builtin exit 1\n";

/* What the head sets, as `trap -p` shows it. */
static const char own_trap[] = "trap -- '" EXIT_TRAP "' EXIT\n";

/* What another session can begin with, into $__rb_to. Its last line tells that
 * it is all there, and which one it is. Variables that hold a secret stay out
 * of it, in whatever folder it is; their names are told. `_` may hold whatever
 * came last. */
static const char save[] =
	"builtin trap - ERR RETURN\n"
	"__rb_armed= __rb_all=(\"${__rb_dropped[@]}\") __rb_dropped=()\n"
	"for __rb_name in \"${__rb_all[@]}\"; do\n"
	"	if [[ ! -v $__rb_name ]]; then __rb_dropped+=(\"$__rb_name\"); "
	"fi\n"
	"done\n"
	"{\n"
	"	builtin shopt -p\n"
	"	if [[ ${#__rb_secrets[@]} -eq 0 ]]; then builtin declare -p\n"
	"	else\n"
	"		builtin mapfile -t __rb_all < <(builtin compgen -v)\n"
	"		for __rb_name in \"${__rb_all[@]}\"; do\n"
	"			case $__rb_name in\n"
	"			_ | __rb_secret* | __rb_ref | __rb_dropped | "
	"__rb_all | __rb_value)\n"
	"				builtin continue ;;\n"
	"			esac\n"
	"			builtin declare -n \"__rb_ref=$__rb_name\"\n"
	"			for __rb_secret in \"${__rb_secrets[@]}\"; do\n"
	"				if [[ ${__rb_ref[*]-} == "
	"*\"$__rb_secret\"* ]]; then\n"
	"					"
	"__rb_dropped+=(\"$__rb_name\")\n"
	"					builtin continue 2\n"
	"				fi\n"
	"			done\n"
	"			builtin declare -p \"$__rb_name\" || builtin "
	":\n"
	"		done\n"
	"		builtin unset -n __rb_ref\n"
	"		__rb_secret=\n"
	"		builtin declare -p __rb_dropped\n"
	"	fi\n"
	"	builtin declare -f\n"
	"	builtin alias -p\n"
	"	builtin umask -p\n"
	"	builtin trap -p\n"
	"	builtin printf 'builtin cd -- %q || __rb_gone=1\\n' \"$PWD\"\n"
	"	builtin printf '__rb_read=1\\n'\n"
	"	builtin set +o\n"
	"	if [[ ${#__rb_dropped[@]} -gt 0 ]]; then\n"
	"		builtin printf '" SHELL_STATE_DROPPED "%s\\n'"
	" \"${__rb_dropped[@]}\"\n"
	"	fi\n"
	"	if [[ -n $__rb_traced ]]; then\n"
	"		builtin printf '%s\\n' '" SHELL_STATE_TRACED "'\n"
	"	fi\n"
	"	builtin printf '%s\\n' \"" SHELL_STATE_END "$__rb_arg\"\n"
	"} >|\"$__rb_to\" 2>/dev/null\n";

/* Runs when the shell ends, also by INT, TERM and HUP: what the next session
 * begins with. The values of a step must not be found in it. No `exit` at the
 * end: it would turn the death by a signal into a status. */
static const char at_exit[] =
	"if [[ $__rb_flags == *x* ]]; then __rb_traced=1; fi\n"
	"builtin trap - EXIT DEBUG ERR RETURN\n"
	"if [[ ${#__rb_names[@]} -gt 0 ]]; then\n"
	"	builtin unset -v \"${__rb_names[@]}\" || builtin :\n"
	"	__rb_names=()\n"
	"fi\n"
	"__rb_to=" DIR "state __rb_arg=0\n"
	"builtin . " DIR "save\n"
	"if [[ -n $__rb_action ]]; then\n"
	"	if __rb_set \"$__rb_last\"\n"
	"	then builtin eval \"$__rb_action\"\n"
	"	else builtin eval \"$__rb_action\"; fi\n"
	"fi\n";

/* Append SCRIPT with its DIR filled in. */
static void
add_script(struct buf *b, const char *script, const char *dir)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	struct text rest = text_of(script), part;

	shell_script_quote(&path, text_of(dir));
	buf_addc(&path, '/');
	while (text_next_field(&rest, *DIR, &part)) {
		buf_addt(b, part);
		if (rest.len)
			buf_addt(b, buf_text(&path));
	}
}

static void
add_trap(struct buf *b, const char *action, const char *signal, const char *dir)
{
	CLEANUP(buf_release) struct buf filled = BUF_INIT;

	add_script(&filled, action, dir);
	buf_adds(b, "builtin trap ");
	shell_script_quote(b, buf_text(&filled));
	buf_addf(b, " %s\n", signal);
}

/* What runs within a step that may be TRACED. */
static void
add_traps(struct buf *b, bool traced, const char *dir)
{
	static const struct {
		const char *action, *signal;
	} traps[] = { { on_err, "ERR" }, { on_return, "RETURN" } };

	for (size_t i = 0; i < ARRAY_LEN(traps); i++) {
		CLEANUP(buf_release) struct buf action = BUF_INIT;

		buf_addf(&action, "%s%s%s", traced ? UNTRACED_BEGIN : "",
			 traps[i].action, traced ? UNTRACED_END : "");
		add_trap(b, buf_cstr(&action), traps[i].signal, dir);
	}
}

/* Opening a pipe to write waits for a reader, for ever when runbook was killed
 * in this very moment. So the shell is one itself until both are open, and no
 * longer: whoever writes on is to learn that nobody reads. (`builtin exec`
 * would open them again afterwards. A function of this name makes the pipes
 * stay open, and nothing else.) */
static const char open_pipes[] = "{ ";
static const char pipes_are_open[] = "command exec 13>&- 14>&-\n";
static const char opened_pipes[] = "; } 13<>" DIR "out 14<>" DIR "err";

/* The step in the session itself, with REDIRECTIONS. */
static void
add_direct(struct buf *b, const char *redirections, bool pipes, const char *dir)
{
	add_traps(b, true, dir);
	if (pipes)
		buf_adds(b, open_pipes);
	buf_addf(b, "{ %s%s\n", pipes ? pipes_are_open : "", begin);
	add_script(b, run, dir);
	buf_adds(b, "\n} ");
	add_script(b, redirections, dir);
	if (pipes)
		add_script(b, opened_pipes, dir);
	buf_addf(b, "\n%s;;\n", behind);
}

/* The step in a subshell: ^C ends what follows a log, and the session stays. */
static void
add_follow(struct buf *b, const char *redirections, const char *dir)
{
	add_script(b, "builtin trap -p INT >|" DIR "trap\n", dir);
	buf_addf(b, "builtin trap : INT\n%s{ %s%s\n( builtin trap - INT\n",
		 open_pipes, pipes_are_open, begin);
	add_traps(b, true, dir);
	add_script(b, run, dir);
	buf_adds(b, "\n)\n} ");
	add_script(b, redirections, dir);
	add_script(b, opened_pipes, dir);
	buf_addf(b, "\n%sbuiltin trap - INT\n", behind);
	add_script(b, "builtin . " DIR "trap\n;;\n", dir);
}

void
shell_script_turn(struct buf *b, const char *dir, const char *term)
{
	static const char files[] = "</dev/null >" DIR "out 2>" DIR "err";

	buf_adds(b, loop);
	buf_adds(b, back_to_base);
	add_script(b, foot, dir);
	add_script(b, orders, dir);
	buf_adds(b, "if [[ $__rb_order == [qr]* ]]; then\n"
		    "	if [[ $__rb_order == r* && -z $__rb_armed ]]; then\n");
	add_trap(b, on_err, "ERR", dir);
	buf_adds(b, "	__rb_armed=r\n"
		    "	elif [[ $__rb_order == q* && $__rb_armed != q ]]; "
		    "then\n");
	add_traps(b, false, dir);
	buf_adds(b, "	__rb_armed=q; fi\n");
	add_script(b, quick, dir);
	buf_adds(b, back_to_base);
	add_script(b, order_parts, dir);
	buf_adds(b, "case $__rb_op in\nb)\n");
	add_direct(b, files, true, dir);
	buf_adds(b, "i)\n__rb_term=${TERM-} TERM=");
	shell_script_quote(b, text_of(term));
	buf_addc(b, '\n');
	add_direct(b, "</dev/tty >/dev/tty 2>&1", false, dir);
	buf_adds(b, "f)\n");
	add_follow(b, files, dir);
	buf_adds(b, "esac\n");
	buf_adds(b, loop_end);
	add_script(b, again, dir);
}

void
shell_script_loop(struct buf *b, const char *dir, const char *term)
{
	buf_adds(b, open_all);
	add_script(b, head, dir);
	buf_adds(b, enter);
	shell_script_turn(b, dir, term);
	buf_adds(b, back_to_base);
	buf_adds(b, close_all);
}

void
shell_script_exit(struct buf *b, const char *dir)
{
	add_script(b, at_exit, dir);
}

void
shell_script_save(struct buf *b, const char *dir)
{
	add_script(b, save, dir);
}

void
shell_script_quote(struct buf *b, struct text t)
{
	buf_addc(b, '\'');
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addc(b, t.at[i]);
	}
	buf_addc(b, '\'');
}

void
shell_script_order(struct buf *b, char what, const char *argument)
{
	buf_addf(b, "%c %-*s\n", what, SHELL_SEQ_HEX, argument);
}

/* ---- answers ------------------------------------------------------------- */

struct fields {
	struct text rest;
	size_t used;
};

/* The next field; false when it is not complete. */
static bool
next(struct fields *f, struct text *ret)
{
	size_t end = text_chr(f->rest, ' ', 0);

	if (end == f->rest.len)
		return false;
	*ret = text_sub(f->rest, 0, end);
	f->rest = text_sub(f->rest, end + 1, f->rest.len);
	f->used += end + 1;
	return true;
}

enum reading {
	READ_WRONG = -1,
	READ_MORE = 0,
	READ_DONE = 1
};

static enum reading
next_number(struct fields *f, uint64_t max, uint64_t *ret)
{
	struct text line;

	if (!next(f, &line))
		return READ_MORE;
	return text_to_uint(line, max, ret) ? READ_DONE : READ_WRONG;
}

static enum reading
next_is(struct fields *f, const char *want)
{
	struct text line;

	if (!next(f, &line))
		return READ_MORE;
	return text_is(line, want) ? READ_DONE : READ_WRONG;
}

/* PIPESTATUS, up to the closing ".". */
static enum reading
read_pipes(struct fields *f, struct shell_answer *ret)
{
	struct text line;

	for (;;) {
		uint64_t status;

		if (!next(f, &line))
			return READ_MORE;
		if (text_is(line, "."))
			break;
		/* 257 is bash's own mark for a syntax error. */
		if (!text_to_uint(line, 257, &status))
			return READ_WRONG;
		ret->told_pipes = true;
		pipe_status_add(&ret->pipe, (int)status);
	}
	ret->hidden = pipe_status_hidden(&ret->pipe, ret->status);
	return READ_DONE;
}

static enum reading
read_end(struct fields *f, struct shell_answer *ret)
{
	uint64_t status, line, changed, plain;
	enum reading r;

	if ((r = next_number(f, 255, &status)) != READ_DONE ||
	    (r = next_number(f, UINT32_MAX, &line)) != READ_DONE ||
	    (r = next_number(f, 2, &changed)) != READ_DONE ||
	    (r = next_number(f, 2, &plain)) != READ_DONE)
		return r;
	ret->status = (int)status;
	ret->line = (uint32_t)line;
	ret->shadowed = changed == 1;
	ret->debugged = changed == 2;
	ret->plain = plain == 1;
	ret->traced = plain == 2;
	return read_pipes(f, ret);
}

static enum reading
read_fields(struct fields *f, const char *seq, struct shell_answer *ret)
{
	uint64_t status;
	struct text kind;
	enum reading r;

	if (!next(f, &kind))
		return READ_MORE;
	if (kind.len != 1 || text_chr(TEXT("RCDSEPN"), kind.at[0], 0) == 7)
		return READ_WRONG;
	ret->kind = kind.at[0];
	if (ret->kind != 'R' && (r = next_is(f, seq)) != READ_DONE)
		return r;
	if (ret->kind == 'E')
		return read_end(f, ret);
	if (ret->kind != 'S' && ret->kind != 'N') {
		if ((r = next_number(f, 255, &status)) != READ_DONE)
			return r;
		ret->status = (int)status;
	}
	return next_is(f, ".");
}

/* Where the answer begins: behind the listing of a trap, which may hold
 * anything but the beginning of the answer itself. */
static enum reading
skip_listing(struct fields *f, const char *seq, struct shell_answer *ret)
{
	CLEANUP(buf_release) struct buf mark = BUF_INIT;
	struct text all = f->rest;
	size_t at;

	buf_addf(&mark, " E %s ", seq);
	at = text_find(all, buf_text(&mark), 0);
	if (at == all.len)
		return all.len > SHELL_LISTING_BYTES ? READ_WRONG : READ_MORE;
	ret->trap = text_sub(all, 0, at);
	f->used = at + 1;
	f->rest = text_sub(all, at + 1, all.len);
	return READ_DONE;
}

long
shell_answer_read(struct text bytes, const char *seq, struct shell_answer *ret)
{
	struct fields f = { bytes, 0 };
	enum reading r;

	*ret = (struct shell_answer){ 0 };
	if (bytes.len == 0)
		return 0;
	if (bytes.at[0] == ' ' || bytes.at[0] == 't') {
		r = skip_listing(&f, seq, ret);
		if (r != READ_DONE)
			return r;
	}
	r = read_fields(&f, seq, ret);
	return r == READ_DONE ? (long)f.used : r;
}

bool
shell_trap_is_own(struct text listing)
{
	return text_is(listing, own_trap);
}

bool
shell_trap_action(struct text listing, struct buf *b)
{
	size_t i = sizeof("trap -- '") - 1;

	if (listing.len == 0)
		return true;
	if (!text_starts(listing, "trap -- '"))
		return false;
	for (; i < listing.len; i++) {
		struct text rest = text_sub(listing, i, listing.len);

		if (text_starts(rest, "'\\''")) {
			buf_addc(b, '\'');
			i += 3;
		} else if (rest.at[0] == '\'') {
			return text_is(rest, "' EXIT") ||
			       text_is(rest, "' EXIT\n");
		} else {
			buf_addc(b, rest.at[0]);
		}
	}
	return false;
}
