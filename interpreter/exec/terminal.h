/* The operator's terminal: its modes are changed for a while and always given
 * back, whatever way the program ends. */
#ifndef EXEC_TERMINAL_H
#define EXEC_TERMINAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"

struct terminal;

enum terminal_mode {
	TERMINAL_COOKED, /* as we found it */
	TERMINAL_KEYS,   /* each key at once and unechoed; ^C is still a signal
			  */
	TERMINAL_RAW     /* every byte goes to a program */
};

/* The controlling terminal, or NULL with a message when there is none. */
struct terminal *terminal_open(struct buf *reterr);

/* The terminal that FD is open on; FD is duplicated. NULL with a message when
 * it is none. */
struct terminal *terminal_of(int fd, struct buf *reterr);

/* Cook it, then forget it. NULL to NULL. */
struct terminal *terminal_free(struct terminal *t);

int terminal_fd(const struct terminal *t);

/* 24 x 80 when it does not know. */
void terminal_size(const struct terminal *t, unsigned *ret_rows,
		   unsigned *ret_columns);

/* May we read from it? Not as a background job of its shell. */
bool terminal_is_ours(const struct terminal *t);

/* Change the mode. Going back to TERMINAL_COOKED also undoes what programs
 * left behind as far as terminal_saw knows: colours, alternate screen, hidden
 * cursor, mouse and paste modes. Nothing happens while it is not ours. */
void terminal_set(struct terminal *t, enum terminal_mode mode);

/* Set the mode once more, after the program was stopped and continued. */
void terminal_set_again(struct terminal *t);

/* BYTES of a program were written to the terminal: remember which of its
 * modes they changed. */
void terminal_saw(struct terminal *t, struct text bytes);

/* As terminal_set(COOKED) for the terminal that is not cooked, if any; may be
 * called in a signal handler and after fork. */
void terminal_emergency_restore(void);

struct termios; /* <termios.h> */

/* Have the signals of a crash (SIGSEGV, SIGABRT …) restore the terminal before
 * they end us. Once; a handler that is there already stays. */
void terminal_guard(void);

/* FD, whose modes somebody has changed himself, is to get MODES back in an
 * emergency (NULL: not any more). */
void terminal_guard_modes(int fd, const struct termios *modes);

#endif
