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

/* A file that is written again and again, before every step: it stays open, as
 * making it anew costs more than the step. FD -1: not yet made. */
struct shell_file {
	char *path;
	int fd;
};

void shell_file_init(struct shell_file *f, const char *dir, const char *name);
void shell_file_release(struct shell_file *f);

/* As shell_folder_write. Whoever read it has read all of it by now. */
int shell_file_write(struct shell_file *f, size_t skip, const char *head,
		     struct text text, struct buf *reterr);

void shell_folder_remove(const char *dir, const char *name);

/* A state is what a shell was, as text that another one reads: "state" is of a
 * shell that has ended, "kept.0" and "kept.1", in turn, are of one that goes
 * on. Each kept one has a number. */

/* Is the state in the file PATH all there? Its number into *RET_NUMBER. */
bool shell_folder_is_whole(const char *path, unsigned *ret_number);

/* Append the names that were left out of STATE, as they held a secret, with
 * commas. */
void shell_folder_list_dropped(struct text state, struct buf *names);

/* Did the steps of STATE's shell run with `set -x`? */
bool shell_folder_is_traced(struct text state);

/* The path of the kept state NUMBER (not 0) when it is there and whole; the
 * caller frees. */
char *shell_folder_kept(const char *dir, unsigned number);

/* Is there something that the next shell can begin with: what the last one
 * left, or else the kept state NUMBER (0: none)? */
bool shell_folder_has_state(const char *dir, unsigned number);

/* Let it be what the next shell reads. False: nothing to be read. */
bool shell_folder_take_state(const char *dir, unsigned number);

/* Make what the last shell left the kept state NUMBER as well. */
void shell_folder_keep_left(const char *dir, unsigned number);

#endif
