/* The files of this machine that commands name: whether something stands where
 * one writes, and what is in those that a shell or a client is fed with.
 * Nothing else is looked at, and nothing is ever written. */
#ifndef EFFECT_FILES_H
#define EFFECT_FILES_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "base/text.h"
#include "shell/word.h"

/* How files are looked at; a test gives its own. PATH is absolute, or relative
 * to the folder in which the commands begin. */
struct effect_files {
	/* A regular file that is not empty. */
	bool (*is_full)(void *ctx, struct text path);
	/* Append its bytes; false when it cannot be read, is no regular file
	 * or is larger than LIMIT_EFFECT_INPUT. */
	bool (*read)(void *ctx, struct text path, struct buf *ret);
	void *ctx;
};

/* The files of this machine, from the folder that we are in. */
const struct effect_files *effect_files_here(void);

/* A file that was read in order to judge: what it holds decides. */
struct effect_input {
	struct text path; /* as it is named */
	char sha256[SHA256_HEX + 1];
};

/* Files as they are seen from one place. */
struct file_look {
	const struct effect_files *files; /* NULL: not at all */
	struct value folder; /* that relative paths are counted from */
	bool mounted;        /* what lies below /tmp may be kept elsewhere */
};

bool look_is_full(const struct file_look *look, struct text path);
bool look_read(const struct file_look *look, struct text path, struct buf *ret);

#endif
