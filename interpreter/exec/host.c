/* The life of a connection: configuration, way, keys, authentication, channels,
 * loss. */
#include "exec/host.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/width.h"
#include "exec/auth.h"
#include "exec/channels.h"
#include "exec/hostkey.h"
#include "exec/loop.h"
#include "exec/proc.h"
#include "exec/reach.h"
#include "exec/sshconfig.h"
#include "exec/wire.h"

enum state {
	IDLE,
	CONFIGURING, /* ssh -G */
	APPROACHING, /* known hosts, and the way */
	SHAKING,     /* exchanging keys */
	AUTHENTICATING,
	READY,
	NEEDS_SSH /* for good */
};

struct host {
	struct loop *loop;
	struct host_settings settings;
	char *name;
	char **options;
	size_t n_options;
	enum state state;

	/* Of the connection. */
	struct arena arena;
	struct sshconfig *config;
	struct proc_run *configuring;
	struct hostkey_search *search;
	struct hostkeys keys;
	bool keys_known;
	struct reach *reach;
	int fd; /* until the wire has it */
	struct wire *wire;
	struct loop_watch *watch;
	struct auth *auth;
	struct loop_timer *limit, *soon, *alive;
	uint64_t alive_bytes;
	unsigned alive_missed;

	struct channels *channels;

	/* What is remembered. */
	char *identity, *fingerprint, *banner, *shell;
};

static void go_on(struct host *h);

/* ---- life ---------------------------------------------------------------- */

struct host *
host_new(struct loop *l, const struct host_settings *settings, const char *name,
	 const char *const *options)
{
	struct host *h = xcalloc(1, sizeof(*h));

	h->loop = l;
	h->settings = *settings;
	h->name = xstrdup(name);
	h->fd = -1;
	h->channels = channels_new();
	for (; options && *options; options++) {
		h->options = xreallocarray(h->options, h->n_options + 1,
					   sizeof(char *));
		h->options[h->n_options++] = xstrdup(*options);
	}
	arena_init(&h->arena);
	return h;
}

bool
host_is(const struct host *h, const char *name, const char *const *options)
{
	size_t i = 0;

	if (strcmp(h->name, name) != 0)
		return false;
	for (; options && *options; options++, i++) {
		if (i == h->n_options || strcmp(h->options[i], *options) != 0)
			return false;
	}
	return i == h->n_options;
}

static void
remember(struct host *h, const char *identity, const char *fingerprint)
{
	free(h->identity);
	free(h->fingerprint);
	h->identity = xstrdup(identity);
	h->fingerprint = xstrdup(fingerprint);
}

void
host_expect(struct host *h, const char *identity, const char *fingerprint)
{
	if (!h->identity)
		remember(h, identity, fingerprint);
}

const char *
host_name(const struct host *h)
{
	return h->name;
}

/* To IDLE. Whoever has a channel is told MESSAGE; those who wait go on
 * waiting. */
static void
disconnect(struct host *h, const char *message)
{
	h->configuring = proc_run_free(h->configuring);
	h->search = hostkey_search_free(h->search);
	h->keys = (struct hostkeys){ NULL, 0 };
	h->keys_known = false;
	h->auth = auth_free(h->auth);
	h->watch = loop_unwatch(h->watch);
	h->limit = loop_cancel(h->limit);
	h->soon = loop_cancel(h->soon);
	h->alive = loop_cancel(h->alive);
	h->state = IDLE;
	channels_close(h->channels, message);
	h->wire = wire_free(h->wire);
	fd_close(&h->fd);
	h->reach = reach_free(h->reach);
	h->config = NULL;
	arena_release(&h->arena);
	arena_init(&h->arena);
}

struct host *
host_free(struct host *h)
{
	if (!h)
		return NULL;
	disconnect(h, NULL);
	channels_free(h->channels);
	arena_release(&h->arena);
	for (size_t i = 0; i < h->n_options; i++)
		free(h->options[i]);
	free(h->options);
	free(h->name);
	free(h->identity);
	free(h->fingerprint);
	free(h->banner);
	free(h->shell);
	free(h);
	return NULL;
}

/* ---- failing ------------------------------------------------------------- */

/* There is no connection, or no more. WHY is for those who are told. */
static void
fail(struct host *h, const char *why)
{
	CLEANUP(buf_release) struct buf message = BUF_INIT;

	if (h->state == READY)
		buf_addf(&message, "lost the connection to %s: ", h->name);
	/* Some of it is what a stranger sent. */
	width_print(&message, text_of(why), 0);
	disconnect(h, message.bytes);
	channels_fail(h->channels, CHANNELS_UNREACHABLE, message.bytes);
}

static void
need_ssh(struct host *h)
{
	disconnect(h, NULL);
	h->state = NEEDS_SSH;
	channels_fail(h->channels, CHANNELS_NEED_SSH, NULL);
}

/* ---- configuration ------------------------------------------------------- */

static void on_keys_found(void *ctx, const struct hostkeys *keys,
			  const char *message);
static void on_reached(void *ctx, int fd, const char *message);

static int64_t
or_default(int64_t value, int64_t otherwise)
{
	return value ? value : otherwise;
}

/* For the way there, and again for the exchange of keys. */
static int64_t
connect_ms(const struct host *h)
{
	return or_default(h->config->connect_timeout_ms,
			  or_default(h->settings.connect_ms, LIMIT_CONNECT_MS));
}

static void
approach(struct host *h)
{
	struct reach_spec way = { h->config, h->settings.ssh,
				  h->settings.config_file, connect_ms(h) };

	h->state = APPROACHING;
	h->search = hostkey_search_start(h->loop, &h->arena, h->config,
					 h->settings.keygen, on_keys_found, h);
	h->reach = reach_start(h->loop, &way, on_reached, h);
}

static void
on_configured(void *ctx, const struct proc_result *r)
{
	struct host *h = ctx;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	bool ok = !r->timed_out && WIFEXITED(r->wait_status) &&
		  WEXITSTATUS(r->wait_status) == 0;
	struct text err = r->err, line = TEXT("");

	h->configuring = NULL;
	if (!ok) {
		text_next_line(&err, &line);
		buf_addf(&reterr,
			 "cannot read the configuration of '%s': "
			 "%.*s",
			 h->name,
			 TEXT_ARG(line.len ? line : TEXT("'ssh -G' failed")));
		fail(h, reterr.bytes);
		return;
	}
	h->config = sshconfig_read(&h->arena, h->name, r->out,
				   getenv("SSH_AUTH_SOCK"), &reterr);
	if (!h->config) {
		fail(h, reterr.bytes);
		return;
	}
	if (h->config->needs_ssh || wire_load(&reterr) < 0) {
		need_ssh(h);
		return;
	}
	approach(h);
}

static void
add_options(const struct host *h, const char **argv, size_t *n)
{
	if (h->settings.config_file) {
		argv[(*n)++] = "-F";
		argv[(*n)++] = h->settings.config_file;
	}
	for (size_t i = 0; i < h->n_options; i++)
		argv[(*n)++] = h->options[i];
}

static void
configure(struct host *h)
{
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	CLEANUP(free_ptr)
	const char **argv = xcalloc(h->n_options + 8, sizeof(char *));
	struct proc_spec spec = PROC_SPEC_INIT;
	size_t n = 0;

	h->state = CONFIGURING;
	argv[n++] = h->settings.ssh;
	add_options(h, argv, &n);
	argv[n++] = "-T";
	argv[n++] = "-G";
	argv[n++] = "--";
	argv[n++] = h->name;
	spec.argv = argv;
	h->configuring =
		proc_run_start(h->loop, &spec, LIMIT_SSH_OUTPUT_BYTES,
			       LIMIT_SSH_HELPER_MS, on_configured, h, &reterr);
	if (!h->configuring)
		fail(h, reterr.bytes);
}

/* ---- handshake ----------------------------------------------------------- */

static void
on_limit(void *ctx)
{
	struct host *h = ctx;
	CLEANUP(buf_release) struct buf message = BUF_INIT;
	bool shaking = h->state == SHAKING;

	h->limit = NULL;
	buf_addf(&message, "cannot %s %s: it does not answer in time",
		 shaking ? "exchange keys with" : "log in to", h->name);
	fail(h, message.bytes);
}

static void
set_limit(struct host *h, int64_t ms)
{
	loop_cancel(h->limit);
	h->limit = loop_after(h->loop, ms, on_limit, h);
}

static void
on_wire(void *ctx, short revents UNUSED)
{
	go_on(ctx);
}

/* Both the way and the known keys are there. */
static void
shake(struct host *h)
{
	const struct sshconfig *c = h->config;
	CLEANUP(buf_release) struct buf algorithms = BUF_INIT;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	struct wire_options options = {
		.host = c->hostname,
		.user = c->user,
		.ciphers = c->ciphers,
		.macs = c->macs,
		.kex = c->kex,
		.public_keys = c->public_keys,
		.compression = c->compression,
	};
	int fd = h->fd;

	if (c->host_keys)
		hostkeys_algorithms(&h->keys, c->host_keys, &algorithms);
	if (algorithms.len)
		options.host_keys = algorithms.bytes;
	h->fd = -1;
	h->wire = wire_new(fd, &options, &reterr);
	if (!h->wire) {
		/* Other algorithms than libssh has were asked for. */
		need_ssh(h);
		return;
	}
	h->state = SHAKING;
	h->watch = loop_watch(h->loop, wire_fd(h->wire), POLLIN, on_wire, h);
	set_limit(h, connect_ms(h));
	go_on(h);
}

static void
on_keys_found(void *ctx, const struct hostkeys *keys, const char *message)
{
	struct host *h = ctx;
	CLEANUP(buf_release) struct buf why = BUF_INIT;

	if (message) {
		buf_adds(&why, message);
		fail(h, why.bytes);
		return;
	}
	h->keys = *keys; /* the lines are in our arena */
	h->keys_known = true;
	h->search = hostkey_search_free(h->search);
	if (h->fd >= 0)
		shake(h);
}

static void
on_reached(void *ctx, int fd, const char *message)
{
	struct host *h = ctx;
	CLEANUP(buf_release) struct buf why = BUF_INIT;

	if (fd < 0) {
		buf_adds(&why, message);
		fail(h, why.bytes);
		return;
	}
	h->fd = fd;
	if (h->keys_known)
		shake(h);
}

/* How an operator gets there by hand. */
static void
add_ssh_command(const struct host *h, struct buf *b)
{
	buf_adds(b, "ssh");
	if (h->settings.config_file)
		buf_addf(b, " -F %s", h->settings.config_file);
	for (size_t i = 0; i < h->n_options; i++)
		buf_addf(b, " %s", h->options[i]);
	buf_addf(b, " %s", h->name);
}

/* What to say of a key that is not the one we know; NULL: it is. */
static void
explain_verdict(struct host *h, enum hostkey_verdict verdict,
		const struct hostkey_line *line, const char *type,
		const char *fingerprint, struct buf *b)
{
	if (verdict == HOSTKEY_UNKNOWN) {
		buf_addf(b,
			 "cannot trust %s: its host key is not known (%s "
			 "%s); compare it and connect once with '",
			 h->name, type, fingerprint);
		add_ssh_command(h, b);
		buf_addc(b, '\'');
	} else if (verdict == HOSTKEY_IS_REVOKED) {
		buf_addf(b,
			 "cannot trust %s: its host key (%s %s) is revoked "
			 "in %s:%u",
			 h->name, type, fingerprint, line->file, line->line);
	} else {
		buf_addf(b,
			 "cannot trust %s: its host key (%s %s) is not the "
			 "known one in %s:%u; find out why before you "
			 "change that line",
			 h->name, type, fingerprint, line->file, line->line);
	}
}

/* A host of this run has to stay the one it was. */
static bool
is_same_host(struct host *h, const char *identity, const char *fingerprint,
	     struct buf *why)
{
	if (!h->identity || (strcmp(h->identity, identity) == 0 &&
			     strcmp(h->fingerprint, fingerprint) == 0))
		return true;
	buf_addf(why,
		 "cannot trust %s: it is %s with %s now, and was %s with "
		 "%s in this run",
		 h->name, identity, fingerprint, h->identity, h->fingerprint);
	return false;
}

static void on_answer(void *ctx);

/* Before a byte of authentication is sent: is it the host that we know? */
static void
verify(struct host *h)
{
	CLEANUP(buf_release) struct buf type = BUF_INIT;
	CLEANUP(buf_release) struct buf base64 = BUF_INIT;
	CLEANUP(buf_release) struct buf print = BUF_INIT;
	CLEANUP(buf_release) struct buf why = BUF_INIT;
	CLEANUP(buf_release) struct buf identity = BUF_INIT;
	const struct hostkey_line *line = NULL;
	enum hostkey_verdict verdict;

	if (wire_server_key(h->wire, &type, &base64, &print) < 0) {
		fail(h, "the server has shown no host key");
		return;
	}
	verdict = hostkeys_judge(&h->keys, type.bytes, base64.bytes, &line);
	if (verdict == HOSTKEY_NEEDS_CA) {
		need_ssh(h);
		return;
	}
	buf_addf(&identity, "%s@%s port %s", h->config->user,
		 h->config->hostname, h->config->port);
	if (verdict != HOSTKEY_KNOWN)
		explain_verdict(h, verdict, line, type.bytes, print.bytes,
				&why);
	else
		is_same_host(h, identity.bytes, print.bytes, &why);
	if (why.len) {
		fail(h, why.bytes);
		return;
	}
	remember(h, identity.bytes, print.bytes);
	h->state = AUTHENTICATING;
	h->auth = auth_new(h->loop, h->wire, h->config, h->settings.ask,
			   on_answer, h);
	set_limit(h, or_default(h->settings.auth_ms, LIMIT_AUTH_MS));
}

/* A kex that fails for lack of a common algorithm says which kind. */
static void
shaking_failed(struct host *h)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT;
	struct text error = text_of(wire_error(h->wire));
	const char *proxy = reach_proxy_error(h->reach);
	bool no_match =
		text_find(error, TEXT("no match for method"), 0) < error.len;

	if (no_match && text_find(error, TEXT("host key"), 0) < error.len &&
	    h->keys.n) {
		buf_addf(&why,
			 "cannot trust %s: it has host keys of other "
			 "types only than the known ones in %s:%u",
			 h->name, h->keys.lines[0].file, h->keys.lines[0].line);
	} else if (no_match) {
		need_ssh(h);
		return;
	} else if (proxy[0]) {
		buf_addf(&why, "cannot reach %s through its proxy: %.*s",
			 h->name, TEXT_ARG(text_trim(text_of(proxy))));
	} else {
		buf_addf(&why, "cannot exchange keys with %s: %.*s", h->name,
			 TEXT_ARG(error));
	}
	fail(h, why.bytes);
}

/* ---- authentication ------------------------------------------------------ */

static void
on_answer(void *ctx)
{
	struct host *h = ctx;

	set_limit(h, or_default(h->settings.auth_ms, LIMIT_AUTH_MS));
	go_on(h);
}

static void
auth_failed(struct host *h)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT;

	buf_addf(&why, "cannot log in to %s as %s: ", h->name, h->config->user);
	auth_explain(h->auth, &why);
	buf_adds(&why, "; '");
	add_ssh_command(h, &why);
	buf_adds(&why, "' shows more");
	fail(h, why.bytes);
}

static void on_alive(void *ctx);

/* The operator's configuration counts, and ours where it says nothing. */
static int64_t
alive_ms(const struct host *h)
{
	return or_default(h->settings.alive_ms,
			  or_default(h->config->alive_ms, LIMIT_KEEPALIVE_MS));
}

static unsigned
alive_most(const struct host *h)
{
	if (h->settings.alive_missed)
		return h->settings.alive_missed;
	return h->config->alive_ms && h->config->alive_count
		       ? h->config->alive_count
		       : LIMIT_KEEPALIVE_MISSED;
}

static void
become_ready(struct host *h)
{
	const char *banner = wire_banner(h->wire);

	h->auth = auth_free(h->auth);
	h->limit = loop_cancel(h->limit);
	h->state = READY;
	free(h->banner);
	h->banner = banner ? xstrdup(banner) : NULL;
	h->alive_missed = 0;
	h->alive_bytes = wire_bytes_in(h->wire);
	h->alive = loop_after(h->loop, alive_ms(h), on_alive, h);
	channels_open(h->channels, h->wire, h->config);
}

static void
go_on_authenticating(struct host *h)
{
	switch (auth_go_on(h->auth)) {
	case AUTH_WAIT:
		if (auth_asks(h->auth))
			set_limit(h, or_default(h->settings.auth_ms,
						LIMIT_AUTH_PROMPT_MS));
		break;
	case AUTH_DONE:
		become_ready(h);
		break;
	case AUTH_NEEDS_SSH:
		need_ssh(h);
		break;
	case AUTH_FAILED:
		auth_failed(h);
		break;
	}
}

/* ---- a connection that is there ------------------------------------------ */

/* Our own, because libssh has none: any byte of the server's counts as an
 * answer. */
static void
on_alive(void *ctx)
{
	struct host *h = ctx;
	uint64_t bytes = wire_bytes_in(h->wire);

	h->alive = NULL;
	h->alive_missed = bytes == h->alive_bytes ? h->alive_missed + 1 : 0;
	h->alive_bytes = bytes;
	if (h->alive_missed >= alive_most(h)) {
		fail(h, "it does not answer any more");
		return;
	}
	wire_ping(h->wire);
	h->alive = loop_after(h->loop, alive_ms(h), on_alive, h);
	host_touch(h);
}

static void
go_on_ready(struct host *h)
{
	wire_pump(h->wire);
	channels_turn(h->channels);
	if (!h->wire || !wire_is_broken(h->wire))
		return;
	fail(h, wire_error(h->wire)[0] ? wire_error(h->wire)
				       : "the server ended it");
}

/* The wire has something for us. */
static void
go_on(struct host *h)
{
	enum wire_result r;

	if (h->state == SHAKING) {
		r = wire_handshake(h->wire);
		if (r == WIRE_FAILED)
			shaking_failed(h);
		else if (r == WIRE_DONE)
			verify(h);
	}
	if (h->state == AUTHENTICATING)
		go_on_authenticating(h);
	if (h->state == READY)
		go_on_ready(h);
	if (h->watch)
		loop_watch_events(h->watch, wire_events(h->wire));
}

static void
on_soon(void *ctx)
{
	struct host *h = ctx;

	h->soon = NULL;
	go_on(h);
}

/* What libssh read while it sent is not in the descriptor any more. */
void
host_touch(struct host *h)
{
	if (!h->watch)
		return;
	loop_watch_events(h->watch, wire_events(h->wire));
	if (!h->soon)
		h->soon = loop_after(h->loop, 0, on_soon, h);
}

/* ---- clients ------------------------------------------------------------- */

static void
on_request(void *ctx)
{
	struct host *h = ctx;

	h->soon = NULL;
	if (h->state == NEEDS_SSH)
		channels_fail(h->channels, CHANNELS_NEED_SSH, NULL);
	else if (h->state == IDLE)
		configure(h);
	else
		go_on(h);
}

void
host_request(struct host *h, struct channels_client *client)
{
	channels_request(h->channels, client);
	if (h->state != IDLE && h->state != NEEDS_SSH)
		host_touch(h);
	else if (!h->soon)
		h->soon = loop_after(h->loop, 0, on_request, h);
}

void
host_release(struct host *h, struct channels_client *client)
{
	channels_release(h->channels, client);
	host_touch(h);
}

unsigned
host_n_active(const struct host *h)
{
	return channels_n_active(h->channels);
}

unsigned
host_place(const struct host *h, const struct channels_client *client)
{
	return channels_place(h->channels, client);
}

bool
host_is_root(const struct host *h)
{
	return h->config && strcmp(h->config->user, "root") == 0;
}

void
host_ping(struct host *h)
{
	if (h->state == READY) {
		wire_ping(h->wire);
		host_touch(h);
	}
}

uint64_t
host_bytes_in(const struct host *h)
{
	return h->wire ? wire_bytes_in(h->wire) : 0;
}

const char *
host_identity(const struct host *h)
{
	return h->identity;
}

const char *
host_fingerprint(const struct host *h)
{
	return h->fingerprint;
}

const char *
host_banner(const struct host *h)
{
	return h->banner;
}

const char *
host_shell(const struct host *h)
{
	return h->shell;
}

void
host_set_shell(struct host *h, const char *name)
{
	free(h->shell);
	h->shell = xstrdup(name);
}

const char **
host_argv(struct host *h, const char *command, bool tty)
{
	const char **argv = xcalloc(h->n_options + 24, sizeof(char *));
	size_t n = 0;

	argv[n++] = h->settings.ssh;
	add_options(h, argv, &n);
	if (!h->settings.ask)
		argv[n++] = "-oBatchMode=yes";
	/* What is not known is not to be learnt on the way. */
	argv[n++] = "-oStrictHostKeyChecking=yes";
	argv[n++] = "-oServerAliveInterval=5";
	argv[n++] = "-oServerAliveCountMax=3";
	argv[n++] = tty ? "-tt" : "-T";
	argv[n++] = "--";
	argv[n++] = h->name;
	argv[n++] = command;
	return argv;
}
