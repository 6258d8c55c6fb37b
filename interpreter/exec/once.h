/* A command that a host runs at most once, and whose status it remembers: the
 * text around it that does so there, and what that text says. Pure text;
 * whoever runs commands is exec/remote.h.
 *
 * A fence is a folder of the host, $XDG_STATE_HOME/runbook/fence/ID (default
 * ~/.local/state). Making it is the permission to run, which nobody gets twice;
 * "started" in it holds the process and what identifies the start of the
 * machine, "rc" the status. So that a command whose connection was lost can be
 * asked about, by another connection, at any time.
 *
 * The text is for every login shell, csh and fish too: one line, single quotes
 * around it and none in it, and data never a part of it. It says of itself, on
 * stderr, one line "RB1 ID WORD …" before the command can say anything. */
#ifndef EXEC_ONCE_H
#define EXEC_ONCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

enum {
	ONCE_ID_BYTES = 64, /* of letters, digits, "." and "-" */
	/* A command up to this size goes in the command line, in base64, and
	 * takes no further round trip. */
	ONCE_ARGUMENT_BYTES = 64 * 1024
};

/* How the command gets there, and what is said of it. */
enum once_form {
	ONCE_ARGUMENT, /* in the command line: for everybody there to see */
	ONCE_QUIET,    /* likewise; and nothing is said when it begins, for
			* its terminal would show it */
	ONCE_INPUT     /* in front of its input, see once_input */
};

/* What ONCE_INPUT sends before anything else. */
void once_input(struct buf *b, const char *id, struct text command);

/* The text for the login shell. SWEEP: fences of a week ago are removed there
 * when the command has ended. COMMAND is not looked at for ONCE_INPUT. */
void once_command(struct buf *b, const char *id, enum once_form form,
		  bool sweep, struct text command);

/* The text that asks about ID, answered on stdout. When ID was never begun,
 * it never will be: the fence is taken. A host whose memory is empty may have
 * lost it: it does not say that ID was never begun. */
void once_probe(struct buf *b, const char *id);

enum once_word {
	ONCE_STARTED, /* the command begins now: pid */
	ONCE_AGAIN,   /* it was given before, and is not begun: status or -1 */
	ONCE_NOWHERE, /* there is no place for a fence; nothing ran */
	ONCE_SHORT,   /* not all of it came; nothing ran */
	ONCE_CODE,    /* there is no base64; nothing ran */
	/* of a probe */
	ONCE_STATUS,  /* it has ended: status */
	ONCE_RUNS,    /* pid */
	ONCE_DIED,    /* it has begun, is gone, and left no status: pid */
	ONCE_REBOOT,  /* it has begun before the machine did, and left none */
	ONCE_CLAIMED, /* its fence is taken, and it has not begun */
	ONCE_NEVER,   /* it has not begun, and will not: up_s. Only from who
		       * remembers another command with the same beginning of
		       * its id, up to the last dot but one */
	ONCE_BLANK    /* nothing of it is there, nor of any such; it will not
		       * begin */
};

struct once_answer {
	enum once_word word;
	int status;   /* or -1 */
	int64_t pid;  /* or 0 */
	int64_t up_s; /* how long the machine is up, or 0 */
};

/* One line without its newline. False when it is none about ID. */
bool once_read(struct text line, const char *id, struct once_answer *ret);

/* The beginning of every such line: "RB1 ID ". */
void once_mark(struct buf *b, const char *id);

#endif
