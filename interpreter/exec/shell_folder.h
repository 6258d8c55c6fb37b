/* The files through which a local session and its bash speak to each other, in
 * the private folder of the run: the texts that bash reads, and what a shell
 * that ends leaves for the next one. */
#ifndef EXEC_SHELL_FOLDER_H
#define EXEC_SHELL_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/text.h"

/* The path of NAME in DIR; the caller frees. */
char *shell_folder_entry(const char *dir, const char *name);

/* Write SKIP newlines, HEAD, TEXT and a newline to the file NAME (0600). 0, or
 * -1 with a message. */
int shell_folder_write(const char *dir, const char *name, size_t skip,
		       const char *head, struct text text, struct buf *reterr);

void shell_folder_remove(const char *dir, const char *name);

/* Has a shell left a state, and can the next one begin with it? */
bool shell_folder_has_state(const char *dir);

/* What the last shell left becomes what the next one reads. False: nothing to
 * be read. */
bool shell_folder_take_state(const char *dir);

#endif
