/* The program that stands before ssh, scp and sftp in the PATH of local steps:
 * it lets the run's own connection do the work, and is ssh to everybody else.
 */
#ifndef EXEC_SHIM_H
#define EXEC_SHIM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"

/* Is NAME (of the program that was started) one that stands before another:
 * ssh, scp or sftp? */
bool shim_is_name(const char *name);

/* To be called by main when it was started under such a NAME. As ssh: returns
 * its exit status. scp and sftp, which start /usr/bin/ssh and not that of PATH,
 * are told to start the ssh of PATH (-S), and so us. */
int shim_main(const char *name, int argc, char **argv);

/* What goes over the socket (SOCK_SEQPACKET). A call is one message: "RB1",
 * the token, and the words of the command line, each with a NUL behind it; the
 * descriptors 0, 1 and 2 come with it. Then one letter a message:
 *
 *   to the engine    I NUMBER       a signal has come, and ends us
 *   to the shim      E NUMBER       exit with this status
 *                    F WORD NUL …   run the real ssh: its path, then words
 *                                   that come before the command line's */
#define SHIM_MAGIC "RB1"
#define SHIM_SOCKET_VARIABLE "RUNBOOK_SSH_SOCKET"
#define SHIM_TOKEN_VARIABLE "RUNBOOK_SSH_TOKEN"

enum {
	SHIM_TOKEN_HEX = 32,
	SHIM_FAILED = 255,   /* as ssh */
	SHIM_NOT_FOUND = 127 /* as a shell */
};

void shim_request_make(struct buf *b, const char *token, char *const *argv);

/* Split REQUEST into *RET_ARGV (NULL at the end; the caller frees the array,
 * the strings are REQUEST's). False when it is none, or has another token. */
bool shim_request_read(struct text request, const char *token,
		       const char ***ret_argv);

#endif
