/* The bash side of a local session: the script that bash runs, and what it
 * says back.
 *
 * Descriptor 9 brings orders, "ORDER ARGUMENT" in a line of fixed length, some
 * followed by a name and a value that each end with a NUL byte; descriptor 10
 * takes the answers. SEQ is a number that nobody can guess, so that what
 * strays there is never an answer.
 *
 *   order        value     answer
 *   c SEQ                  C SEQ STATUS   parse DIR/check, run nothing
 *   d SEQ        folder    D SEQ STATUS   enter it until the step is over
 *   v            name value               assign it until the step is over
 *   k            name value               assign it for good
 *   e            name value               export it until the step is over
 *   x            name                     its value is a secret
 *   b|i|f SEQ              S SEQ          DIR/step begins, redirections stand
 *                          E SEQ STATUS LINE CHANGED PLAIN PIPESTATUS…
 *                                       it is over
 *   q SEQ                  the same E   DIR/step, which leaves nothing, in a
 *                          or N SEQ     shell whose last E was PLAIN; N: its
 *                                       pipes cannot be opened
 *   r SEQ                  as q         and its pipes stay open until an order
 *                                       comes that is not r
 *   t            action                   what the author traps EXIT with
 *   p SEQ                  P SEQ STATUS   source DIR/probe: can it still?
 *   s NUMBER                              write DIR/kept.0 or .1, in turn
 *
 * A blank ends each field of an answer and "." is the last: bash writes it at
 * once, where it would write lines one by one. What `trap -p EXIT`
 * prints stands between S and E. The first answer is "R STATUS": DIR/before,
 * which is what a session before this one left, is not there or could not be
 * read (0), has been read (1), or was read and its folder is gone (2). */
#ifndef EXEC_SHELL_SCRIPT_H
#define EXEC_SHELL_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"
#include "exec/target.h"

/* The session's script; the part of it that takes the orders, again; its trap
 * on EXIT, which writes DIR/state; what all source to write down the state.
 * TERM is what interactive steps have in that variable. */
void shell_script_loop(struct buf *b, const char *dir, const char *term);
void shell_script_turn(struct buf *b, const char *dir, const char *term);
void shell_script_exit(struct buf *b, const char *dir);
void shell_script_save(struct buf *b, const char *dir);

/* Append the order WHAT with ARGUMENT, at most SHELL_SEQ_HEX bytes. Names and
 * values are for the caller to add. */
void shell_script_order(struct buf *b, char what, const char *argument);

/* The last line of a state that is whole; its number follows. */
#define SHELL_STATE_END "# whole "

/* A line of a state for each variable that is not in it, because it held a
 * secret; its name follows. */
#define SHELL_STATE_DROPPED "# dropped "

/* What the text of a step begins with that is to be traced: it sees `$?` as it
 * was. */
extern const char shell_script_trace[];

/* A line of a state in whose shell steps are traced. */
#define SHELL_STATE_TRACED "# traced"

enum {
	SHELL_SEQ_HEX = 16,
	SHELL_LISTING_BYTES = 64 * 1024 /* of an author's trap */
};

struct shell_answer {
	char kind;     /* R C D S E P N */
	int status;    /* R C D E P */
	uint32_t line; /* E: of the statement that stopped the step, or 0 */
	bool told_pipes;
	int hidden; /* E: status of a failed member of the last pipeline that
		     * the whole does not show; 141 (SIGPIPE) is none */
	struct pipe_status pipe; /* E */
	struct text trap;        /* E: what `trap -p EXIT` printed; borrowed */
	bool shadowed;           /* E: the step had redefined `builtin` */
	bool debugged;           /* E: it had trapped DEBUG */
	bool plain;              /* E: the order q may follow */
	bool traced;             /* E: the next is to begin with `set -x` */
};

/* Read the first answer in BYTES that belongs to SEQ (or an R). Returns how
 * many bytes it takes, 0 when it is not complete, or -1 when BYTES cannot be
 * the beginning of one. */
long shell_answer_read(struct text bytes, const char *seq,
		       struct shell_answer *ret);

/* Is LISTING (shell_answer.trap) the trap that the script itself set? */
bool shell_trap_is_own(struct text listing);

/* The action of the trap on EXIT in LISTING, unquoted, into B; none when
 * LISTING is empty. False when it is something else. */
bool shell_trap_action(struct text listing, struct buf *b);

/* Append T in single quotes for a shell. */
void shell_script_quote(struct buf *b, struct text t);

#endif
