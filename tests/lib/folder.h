/* A fresh folder for a test, and what is in it. */
#ifndef LIB_FOLDER_H
#define LIB_FOLDER_H

#include <stddef.h>

/* Make a folder and return its path, which the caller hands back. */
char *folder_new(void);

/* Remove it with all that is in it; for CLEANUP. */
void folder_remove_ptr(char **folder);

/* FOLDER/NAME; valid until the fourth call from now. */
const char *folder_path(const char *folder, const char *name);

/* Write or read a whole file of it. Reading returns a string to be freed. */
void folder_write(const char *folder, const char *name, const char *content);
char *folder_read(const char *folder, const char *name);

/* How many entries it has. */
size_t folder_count(const char *folder);

#endif
