/* The SSH protocol over one connected descriptor, as libssh speaks it. Nothing
 * here blocks or decides: who may be trusted, which key is tried and how long
 * is waited is for the layers above. libssh is loaded with the first use.
 *
 * Every call that needs an answer of the server is repeated while it returns
 * WIRE_AGAIN, whenever the descriptor has something (wire_fd, wire_events). */
#ifndef EXEC_WIRE_H
#define EXEC_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

struct wire;         /* one connection */
struct wire_channel; /* one command in it */
struct wire_key;     /* a private key, with its certificate if there is one */

enum wire_result {
	WIRE_DONE,
	WIRE_AGAIN,
	WIRE_DENIED,  /* the server will not */
	WIRE_PARTIAL, /* authentication: this was right, more is needed */
	WIRE_ASK,     /* keyboard-interactive: it has questions */
	WIRE_FAILED   /* the connection is of no use any more */
};

/* Preferences, each a comma list as ssh_config(5) has it; NULL: libssh's. */
struct wire_options {
	const char *host; /* for messages */
	const char *user;
	const char *host_keys, *ciphers, *macs, *kex, *public_keys;
	bool compression;
};

/* Load libssh; 0, or -1 with a message that names what to install. */
int wire_load(struct buf *reterr);

/* A connection over FD, which is taken over. NULL with a message when libssh
 * has none of the preferred algorithms. */
struct wire *wire_new(int fd, const struct wire_options *options,
		      struct buf *reterr);
struct wire *wire_free(struct wire *w); /* with its channels; NULL to NULL */

int wire_fd(const struct wire *w);
short wire_events(const struct wire *w); /* POLLIN, POLLOUT: wait for these */

/* What went wrong, in libssh's words. */
const char *wire_error(const struct wire *w);
bool wire_is_broken(const struct wire *w);
uint64_t wire_bytes_in(const struct wire *w);

/* Read what has come and call the channels' events. Not to be called from one
 * of these: events may do everything else, but free W. */
void wire_pump(struct wire *w);

/* ---- before there are channels ---- */

/* Up to and with the exchange of keys. */
enum wire_result wire_handshake(struct wire *w);

/* The server's key: "ssh-ed25519", its base64 as in known_hosts, and
 * "SHA256:…". After the handshake. */
int wire_server_key(struct wire *w, struct buf *type, struct buf *base64,
		    struct buf *fingerprint);

/* Learn the methods (a comma list in METHODS) and the banner, at most
 * LIMIT_BANNER_BYTES of it; DONE when none is needed, DENIED otherwise. */
enum wire_result wire_auth_none(struct wire *w);
void wire_auth_methods(struct wire *w, struct buf *methods);
const char *wire_banner(struct wire *w); /* or NULL; lives with W */

/* Every key of the agent behind the connected socket FD (taken over). */
void wire_set_agent(struct wire *w, int fd);
enum wire_result wire_auth_agent(struct wire *w);

/* Would the server take this public key? Base64 as in a .pub file. */
enum wire_result wire_try_public(struct wire *w, const char *type,
				 const char *base64);

/* Read the private key PATH. NULL with a message; *RET_ENCRYPTED then tells
 * that the passphrase is missing or wrong. CERTIFICATE: path, or NULL. */
struct wire_key *wire_key_read(const char *path, const char *passphrase,
			       const char *certificate, bool *ret_encrypted,
			       struct buf *reterr);
struct wire_key *wire_key_free(struct wire_key *k);

enum wire_result wire_auth_key(struct wire *w, const struct wire_key *k);
enum wire_result wire_auth_password(struct wire *w, const char *password);

/* WIRE_ASK: answer every question, then call it again. */
enum wire_result wire_auth_keyboard(struct wire *w);
unsigned wire_n_questions(struct wire *w);
const char *wire_question(struct wire *w, unsigned i, bool *ret_echo);
void wire_answer(struct wire *w, unsigned i, const char *answer);

/* Have the server answer something, to see that it is there. */
void wire_ping(struct wire *w);

/* ---- channels ---- */

/* Each may be NULL; data is thrown away then. */
struct wire_events {
	/* Returns how much of BYTES it took; the rest is kept, and with it the
	 * window shut, until wire_channel_resume. */
	size_t (*on_data)(void *ctx, bool is_stderr, struct text bytes);
	void (*on_eof)(void *ctx);
	void (*on_status)(void *ctx, int status);
	void (*on_signal)(void *ctx, const char *name); /* "TERM" */
	void (*on_close)(void *ctx); /* by the server; the last one */
	void *ctx;
};

struct wire_channel *wire_channel_new(struct wire *w,
				      const struct wire_events *on);
struct wire_channel *wire_channel_free(struct wire_channel *c);

/* Hand it to another owner. */
void wire_channel_events(struct wire_channel *c, const struct wire_events *on);

/* Each may be WIRE_AGAIN; one at a time. */
enum wire_result wire_channel_open(struct wire_channel *c);
enum wire_result wire_channel_env(struct wire_channel *c, const char *name,
				  const char *value);
enum wire_result wire_channel_tty(struct wire_channel *c, const char *term,
				  unsigned rows, unsigned columns);
enum wire_result wire_channel_exec(struct wire_channel *c, const char *command);
enum wire_result wire_channel_subsystem(struct wire_channel *c,
					const char *name);

/* Without an answer. */
void wire_channel_resize(struct wire_channel *c, unsigned rows,
			 unsigned columns);
void wire_channel_signal(struct wire_channel *c, const char *name);
void wire_channel_eof(struct wire_channel *c);
void wire_channel_close(struct wire_channel *c);

/* How many bytes the server takes now, and giving them to it; how many went,
 * or -1. */
size_t wire_channel_room(const struct wire_channel *c);
long wire_channel_write(struct wire_channel *c, struct text bytes);

/* Offer again what on_data did not take. */
void wire_channel_resume(struct wire_channel *c);

#endif
