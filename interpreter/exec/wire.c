/* libssh behind exec/wire.h. It is loaded, not linked: with its own libraries
 * it would add 0.5 ms to the start of every command, and few commands leave
 * this machine. Its callbacks come in the middle of its own work, so that they
 * only take notes here, which wire_pump turns into events afterwards. */
#include "exec/wire.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <poll.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "exec/wire_inbox.h"

static struct {
	bool loaded;
#define FUNCTION(name) __typeof__(name) *(name);
#include "exec/libssh.def"
#undef FUNCTION
} lib;

static const char libssh_soname[] = "libssh.so.4";

enum {
	PUMP_BYTES = 512 * 1024 /* then others get their turn */
};

struct wire_channel {
	struct wire *wire;
	struct wire_channel *next;
	ssh_channel channel;
	struct ssh_channel_callbacks_struct callbacks; /* libssh keeps it */
	struct wire_inbox inbox;
};

struct wire {
	ssh_session session;
	ssh_event event; /* once there are channels */
	int fd;
	char *banner;
	struct wire_channel *channels;
	struct ssh_counter_struct in, out; /* of the socket and of packets */
	bool pumping, broken;
};

/* ---- loading ------------------------------------------------------------- */

/* POSIX dlsym(3) prescribes this way from a data to a function pointer. */
static bool
look_up(void *library, const char *name, void *ret_function, struct buf *reterr)
{
	void *symbol = dlsym(library, name);

	if (!symbol) {
		buf_addf(reterr, "cannot use %s: it has no '%s'", libssh_soname,
			 name);
		return false;
	}
	memcpy(ret_function, &symbol, sizeof(symbol));
	return true;
}

int
wire_load(struct buf *reterr)
{
	void *library;

	if (lib.loaded)
		return 0;
	library = dlopen(libssh_soname, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		buf_addf(reterr, "cannot load %s (Debian: libssh-4): %s",
			 libssh_soname, dlerror());
		return -1;
	}
#define FUNCTION(name)                                                         \
	if (!look_up(library, #name, &lib.name, reterr))                       \
		return -1;
#include "exec/libssh.def"
#undef FUNCTION
	lib.ssh_set_log_level(SSH_LOG_NOLOG);
	lib.loaded = true;
	return 0;
}

/* ---- the connection ------------------------------------------------------ */

static int
set_options(struct wire *w, const struct wire_options *o, struct buf *reterr)
{
	/* Everything comes from `ssh -G`: libssh would read ssh_config in its
	 * own way, which leaves much of it out and runs what it finds. */
	const bool no = false;
	const struct {
		enum ssh_options_e option;
		const void *value;
		const char *name;
	} all[] = {
		{ SSH_OPTIONS_PROCESS_CONFIG, &no, "configuration" },
		{ SSH_OPTIONS_HOST, o->host, "host" },
		{ SSH_OPTIONS_USER, o->user, "user" },
		{ SSH_OPTIONS_FD, &w->fd, "descriptor" },
		{ SSH_OPTIONS_HOSTKEYS, o->host_keys, "host key" },
		{ SSH_OPTIONS_CIPHERS_C_S, o->ciphers, "cipher" },
		{ SSH_OPTIONS_CIPHERS_S_C, o->ciphers, "cipher" },
		{ SSH_OPTIONS_HMAC_C_S, o->macs, "mac" },
		{ SSH_OPTIONS_HMAC_S_C, o->macs, "mac" },
		{ SSH_OPTIONS_KEY_EXCHANGE, o->kex, "key exchange" },
		{ SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, o->public_keys,
		  "public key" },
		{ SSH_OPTIONS_COMPRESSION, o->compression ? "yes" : "no",
		  "compression" },
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (!all[i].value)
			continue;
		if (lib.ssh_options_set(w->session, all[i].option,
					all[i].value) == 0)
			continue;
		buf_addf(reterr, "cannot use any %s of the configuration",
			 all[i].name);
		return -1;
	}
	return 0;
}

struct wire *
wire_new(int fd, const struct wire_options *options, struct buf *reterr)
{
	struct wire *w = xcalloc(1, sizeof(*w));

	w->fd = fd;
	w->session = lib.ssh_new();
	if (!w->session)
		BUG("libssh cannot make a session");
	lib.ssh_set_blocking(w->session, 0);
	lib.ssh_set_counters(w->session, &w->in, &w->out);
	if (set_options(w, options, reterr) == 0)
		return w;
	return wire_free(w);
}

struct wire *
wire_free(struct wire *w)
{
	if (!w)
		return NULL;
	if (w->pumping)
		BUG("a connection is freed by its own event");
	while (w->channels)
		wire_channel_free(w->channels);
	if (w->event) {
		lib.ssh_event_remove_session(w->event, w->session);
		lib.ssh_event_free(w->event);
	}
	/* Tells the server, if the socket takes it; does not wait. */
	lib.ssh_disconnect(w->session);
	lib.ssh_free(w->session);
	/* Versions of libssh differ in whether the descriptor was theirs. */
	if (fcntl(w->fd, F_GETFD) >= 0)
		close(w->fd);
	free(w->banner);
	free(w);
	return NULL;
}

int
wire_fd(const struct wire *w)
{
	return w->fd;
}

short
wire_events(const struct wire *w)
{
	int flags = lib.ssh_get_poll_flags(w->session);

	return (short)(POLLIN | (flags & SSH_WRITE_PENDING ? POLLOUT : 0));
}

const char *
wire_error(const struct wire *w)
{
	return lib.ssh_get_error(w->session);
}

bool
wire_is_broken(const struct wire *w)
{
	return w->broken || !lib.ssh_is_connected(w->session) ||
	       (lib.ssh_get_status(w->session) &
		(SSH_CLOSED | SSH_CLOSED_ERROR));
}

uint64_t
wire_bytes_in(const struct wire *w)
{
	return w->in.in_bytes;
}

/* Only the server's own word is a denial. A connection that ends while one is
 * waited for is an error likewise, and often not known as broken yet. */
static enum wire_result
result_of(struct wire *w, int rc)
{
	if (rc == SSH_OK)
		return WIRE_DONE;
	if (rc == SSH_AGAIN)
		return WIRE_AGAIN;
	if (!wire_is_broken(w) &&
	    lib.ssh_get_error_code(w->session) == SSH_REQUEST_DENIED)
		return WIRE_DENIED;
	w->broken = true;
	return WIRE_FAILED;
}

enum wire_result
wire_handshake(struct wire *w)
{
	int rc = lib.ssh_connect(w->session);

	if (rc == SSH_OK)
		return WIRE_DONE;
	return rc == SSH_AGAIN ? WIRE_AGAIN : WIRE_FAILED;
}

static const char *
key_type_name(ssh_key key)
{
	enum ssh_keytypes_e type = lib.ssh_key_type(key);

	return type == SSH_KEYTYPE_ECDSA ? lib.ssh_pki_key_ecdsa_name(key)
					 : lib.ssh_key_type_to_char(type);
}

int
wire_server_key(struct wire *w, struct buf *type, struct buf *base64,
		struct buf *fingerprint)
{
	ssh_key key = NULL;
	unsigned char *hash = NULL;
	char *text = NULL, *print = NULL;
	size_t len = 0;
	int rc = -1;

	if (lib.ssh_get_server_publickey(w->session, &key) != SSH_OK)
		return -1;
	if (lib.ssh_pki_export_pubkey_base64(key, &text) == SSH_OK &&
	    lib.ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash,
				       &len) == 0)
		print = lib.ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256,
						     hash, len);
	if (print) {
		buf_adds(type, key_type_name(key));
		buf_adds(base64, text);
		buf_adds(fingerprint, print);
		rc = 0;
	}
	lib.ssh_string_free_char(text);
	lib.ssh_string_free_char(print);
	lib.ssh_clean_pubkey_hash(&hash);
	lib.ssh_key_free(key);
	return rc;
}

/* ---- authentication ------------------------------------------------------ */

static enum wire_result
auth_result(struct wire *w, int rc)
{
	switch (rc) {
	case SSH_AUTH_SUCCESS:
		return WIRE_DONE;
	case SSH_AUTH_AGAIN:
		return WIRE_AGAIN;
	case SSH_AUTH_DENIED:
		return WIRE_DENIED;
	case SSH_AUTH_PARTIAL:
		return WIRE_PARTIAL;
	case SSH_AUTH_INFO:
		return WIRE_ASK;
	default:
		/* A key that libssh cannot use, or the end. */
		return wire_is_broken(w) ? WIRE_FAILED : WIRE_DENIED;
	}
}

enum wire_result
wire_auth_none(struct wire *w)
{
	return auth_result(w, lib.ssh_userauth_none(w->session, NULL));
}

void
wire_auth_methods(struct wire *w, struct buf *methods)
{
	static const struct {
		int flag;
		const char *name;
	} names[] = {
		{ SSH_AUTH_METHOD_PUBLICKEY, "publickey" },
		{ SSH_AUTH_METHOD_PASSWORD, "password" },
		{ SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive" },
		{ SSH_AUTH_METHOD_HOSTBASED, "hostbased" },
		{ SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi-with-mic" },
	};
	int flags = lib.ssh_userauth_list(w->session, NULL);
	const char *comma = "";

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!(flags & names[i].flag))
			continue;
		buf_addf(methods, "%s%s", comma, names[i].name);
		comma = ",";
	}
}

const char *
wire_banner(struct wire *w)
{
	char *text;

	if (w->banner)
		return w->banner;
	text = lib.ssh_get_issue_banner(w->session);
	if (text) {
		size_t len = strlen(text);

		w->banner = xmemdup0(text, len < LIMIT_BANNER_BYTES
						   ? len
						   : LIMIT_BANNER_BYTES);
		lib.ssh_string_free_char(text);
	}
	return w->banner;
}

void
wire_set_agent(struct wire *w, int fd)
{
	lib.ssh_set_agent_socket(w->session, fd);
}

enum wire_result
wire_auth_agent(struct wire *w)
{
	return auth_result(w, lib.ssh_userauth_agent(w->session, NULL));
}

enum wire_result
wire_try_public(struct wire *w, const char *type, const char *base64)
{
	enum ssh_keytypes_e t = lib.ssh_key_type_from_name(type);
	enum wire_result r;
	ssh_key key = NULL;

	if (lib.ssh_pki_import_pubkey_base64(base64, t, &key) != SSH_OK)
		return WIRE_DENIED;
	r = auth_result(w,
			lib.ssh_userauth_try_publickey(w->session, NULL, key));
	lib.ssh_key_free(key);
	return r;
}

/* libssh asks for a passphrase only of a key that needs one. */
static int
note_question(const char *prompt UNUSED, char *buf UNUSED, size_t len UNUSED,
	      int echo UNUSED, int verify UNUSED, void *asked)
{
	*(bool *)asked = true;
	return -1;
}

static struct wire_key *
wrap(ssh_key key)
{
	return (struct wire_key *)key;
}

static ssh_key
unwrap(const struct wire_key *k)
{
	return (ssh_key)(uintptr_t)k;
}

struct wire_key *
wire_key_read(const char *path, const char *passphrase, const char *certificate,
	      bool *ret_encrypted, struct buf *reterr)
{
	ssh_key key = NULL, cert = NULL;
	bool asked = false;
	int rc = lib.ssh_pki_import_privkey_file(path, passphrase,
						 note_question, &asked, &key);

	/* With a wrong passphrase it cannot tell that from a broken file. */
	*ret_encrypted = rc != SSH_OK && (asked || passphrase);
	if (rc != SSH_OK) {
		buf_addf(reterr, "cannot read the key '%s'", path);
		return NULL;
	}
	if (!certificate)
		return wrap(key);
	if (lib.ssh_pki_import_cert_file(certificate, &cert) != SSH_OK ||
	    lib.ssh_pki_copy_cert_to_privkey(cert, key) != SSH_OK) {
		buf_addf(reterr, "cannot use the certificate '%s'",
			 certificate);
		lib.ssh_key_free(key);
		key = NULL;
	}
	lib.ssh_key_free(cert);
	return wrap(key);
}

struct wire_key *
wire_key_free(struct wire_key *k)
{
	if (k)
		lib.ssh_key_free(unwrap(k));
	return NULL;
}

enum wire_result
wire_auth_key(struct wire *w, const struct wire_key *k)
{
	return auth_result(
		w, lib.ssh_userauth_publickey(w->session, NULL, unwrap(k)));
}

enum wire_result
wire_auth_password(struct wire *w, const char *password)
{
	return auth_result(
		w, lib.ssh_userauth_password(w->session, NULL, password));
}

enum wire_result
wire_auth_keyboard(struct wire *w)
{
	return auth_result(w, lib.ssh_userauth_kbdint(w->session, NULL, NULL));
}

unsigned
wire_n_questions(struct wire *w)
{
	int n = lib.ssh_userauth_kbdint_getnprompts(w->session);

	return n > 0 ? (unsigned)n : 0;
}

const char *
wire_question(struct wire *w, unsigned i, bool *ret_echo)
{
	char echo = 0;
	const char *text =
		lib.ssh_userauth_kbdint_getprompt(w->session, i, &echo);

	*ret_echo = echo;
	return text ? text : "";
}

void
wire_answer(struct wire *w, unsigned i, const char *answer)
{
	lib.ssh_userauth_kbdint_setanswer(w->session, i, answer);
}

void
wire_ping(struct wire *w)
{
	lib.ssh_send_keepalive(w->session);
}

/* ---- what libssh calls --------------------------------------------------- */

static int
note_data(ssh_session session UNUSED, ssh_channel channel UNUSED, void *data,
	  uint32_t len, int is_stderr, void *ctx)
{
	struct wire_channel *c = ctx;

	return (int)wire_inbox_add(&c->inbox, is_stderr,
				   (struct text){ data, len });
}

static void
note_eof(ssh_session session UNUSED, ssh_channel channel UNUSED, void *ctx)
{
	wire_inbox_note(&((struct wire_channel *)ctx)->inbox, WIRE_NOTE_EOF);
}

static void
note_close(ssh_session session UNUSED, ssh_channel channel UNUSED, void *ctx)
{
	wire_inbox_note(&((struct wire_channel *)ctx)->inbox, WIRE_NOTE_CLOSE);
}

static void
note_status(ssh_session session UNUSED, ssh_channel channel UNUSED, int status,
	    void *ctx)
{
	struct wire_channel *c = ctx;

	c->inbox.status = status;
	wire_inbox_note(&c->inbox, WIRE_NOTE_STATUS);
}

static void
note_signal(ssh_session session UNUSED, ssh_channel channel UNUSED,
	    const char *signal, int core UNUSED, const char *message UNUSED,
	    const char *language UNUSED, void *ctx)
{
	struct wire_channel *c = ctx;

	snprintf(c->inbox.signal, sizeof(c->inbox.signal), "%s", signal);
	wire_inbox_note(&c->inbox, WIRE_NOTE_SIGNAL);
}

/* What libssh kept back while nobody took anything. */
static void
fetch(void *ctx, bool is_stderr, struct buf *b)
{
	struct wire_channel *c = ctx;
	char chunk[16 * 1024];
	int n;

	while ((n = lib.ssh_channel_read_nonblocking(
			c->channel, chunk, sizeof(chunk), is_stderr)) > 0)
		buf_add(b, chunk, (size_t)n);
}

/* libssh lets a window grow to 1.28 MB on its own, which is slow over a long
 * way; asking for more than is there makes it larger (ssh_channel_read_timeout
 * does so before it looks for data). */
static void
grow(void *ctx, struct buf *b)
{
	static char room[LIMIT_CHANNEL_WINDOW];
	struct wire_channel *c = ctx;
	int n = lib.ssh_channel_read_timeout(c->channel, room, sizeof(room), 0,
					     0);

	if (n > 0)
		buf_add(b, room, (size_t)n);
}

/* ---- moving -------------------------------------------------------------- */

static void
sweep(struct wire *w)
{
	struct wire_channel *next;

	for (struct wire_channel *c = w->channels; c; c = next) {
		next = c->next;
		if (c->inbox.dead)
			wire_channel_free(c);
	}
}

void
wire_pump(struct wire *w)
{
	uint64_t begun = w->in.in_bytes, before;

	if (w->pumping)
		BUG("an event pumps its own connection");
	w->pumping = true;
	do {
		before = w->in.in_bytes;
		if (w->event && lib.ssh_event_dopoll(w->event, 0) == SSH_ERROR)
			w->broken = true;
		for (struct wire_channel *c = w->channels; c; c = c->next) {
			if (!c->inbox.dead)
				wire_inbox_deliver(&c->inbox);
		}
	} while (!w->broken && w->in.in_bytes != before &&
		 w->in.in_bytes - begun < PUMP_BYTES);
	w->pumping = false;
	sweep(w);
}

/* ---- channels ------------------------------------------------------------ */

struct wire_channel *
wire_channel_new(struct wire *w, const struct wire_events *on)
{
	struct wire_channel *c = xcalloc(1, sizeof(*c));

	if (!w->event) {
		w->event = lib.ssh_event_new();
		if (!w->event)
			BUG("libssh cannot make an event");
		lib.ssh_event_add_session(w->event, w->session);
	}
	c->wire = w;
	wire_inbox_init(&c->inbox, on, fetch, grow, c);
	c->channel = lib.ssh_channel_new(w->session);
	c->next = w->channels;
	w->channels = c;
	c->callbacks = (struct ssh_channel_callbacks_struct){
		.size = sizeof(c->callbacks),
		.userdata = c,
		.channel_data_function = note_data,
		.channel_eof_function = note_eof,
		.channel_close_function = note_close,
		.channel_exit_status_function = note_status,
		.channel_exit_signal_function = note_signal,
	};
	if (c->channel)
		lib.ssh_set_channel_callbacks(c->channel, &c->callbacks);
	return c;
}

struct wire_channel *
wire_channel_free(struct wire_channel *c)
{
	struct wire_channel **at;

	if (!c)
		return NULL;
	c->inbox.dead = true;
	if (c->wire->pumping)
		return NULL;
	at = &c->wire->channels;
	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	/* libssh may keep the channel until the server closes it, and goes on
	 * calling back. */
	if (c->channel) {
		lib.ssh_remove_channel_callbacks(c->channel, &c->callbacks);
		lib.ssh_channel_free(c->channel);
	}
	wire_inbox_release(&c->inbox);
	free(c);
	return NULL;
}

void
wire_channel_events(struct wire_channel *c, const struct wire_events *on)
{
	c->inbox.on = *on;
}

enum wire_result
wire_channel_open(struct wire_channel *c)
{
	if (!c->channel)
		return WIRE_FAILED;
	return result_of(c->wire, lib.ssh_channel_open_session(c->channel));
}

enum wire_result
wire_channel_env(struct wire_channel *c, const char *name, const char *value)
{
	return result_of(c->wire,
			 lib.ssh_channel_request_env(c->channel, name, value));
}

enum wire_result
wire_channel_tty(struct wire_channel *c, const char *term, unsigned rows,
		 unsigned columns)
{
	return result_of(c->wire,
			 lib.ssh_channel_request_pty_size(
				 c->channel, term, (int)columns, (int)rows));
}

enum wire_result
wire_channel_exec(struct wire_channel *c, const char *command)
{
	return result_of(c->wire,
			 lib.ssh_channel_request_exec(c->channel, command));
}

enum wire_result
wire_channel_subsystem(struct wire_channel *c, const char *name)
{
	return result_of(c->wire,
			 lib.ssh_channel_request_subsystem(c->channel, name));
}

void
wire_channel_resize(struct wire_channel *c, unsigned rows, unsigned columns)
{
	lib.ssh_channel_change_pty_size(c->channel, (int)columns, (int)rows);
}

void
wire_channel_signal(struct wire_channel *c, const char *name)
{
	lib.ssh_channel_request_send_signal(c->channel, name);
}

void
wire_channel_eof(struct wire_channel *c)
{
	lib.ssh_channel_send_eof(c->channel);
}

void
wire_channel_close(struct wire_channel *c)
{
	lib.ssh_channel_close(c->channel);
}

size_t
wire_channel_room(const struct wire_channel *c)
{
	return lib.ssh_channel_window_size(c->channel);
}

long
wire_channel_write(struct wire_channel *c, struct text bytes)
{
	size_t room = wire_channel_room(c);

	if (bytes.len > room)
		bytes.len = room;
	if (bytes.len == 0)
		return 0;
	return lib.ssh_channel_write(c->channel, bytes.at, (uint32_t)bytes.len);
}

void
wire_channel_resume(struct wire_channel *c)
{
	wire_inbox_resume(&c->inbox);
}
