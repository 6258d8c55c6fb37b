/* The way to a host: configuration, host keys, authentication, proxies. Where
 * ssh would refuse, so do we, and before a byte of authentication. */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "exec/proc.h"
#include "lib/child.h"
#include "lib/hosts.h"
#include "lib/session.h"

static struct sshd *server;

static int
start_server(void **state)
{
	(void)state;
	server = sshd_new(NULL);
	return 0;
}

static int
stop_server(void **state)
{
	(void)state;
	server = sshd_free(server);
	return 0;
}

static int
set_up(void **state)
{
	if (!server)
		skip();
	*state = hosts_new(server);
	return 0;
}

static int
tear_down(void **state)
{
	hosts_free(*state);
	return 0;
}

/* How often the server was asked to authenticate somebody. */
static int
count_attempts(const struct sshd *s)
{
	CLEANUP(free_ptr) char *log = sshd_read(s->log);
	int n = 0;

	for (const char *at = log; (at = strstr(at, "userauth-request")); at++)
		n++;
	return n;
}

/* Host NAME with LINES works: it runs a command. */
static void
assert_works(struct hosts *h, const char *name, const char *lines)
{
	sshd_host(server, name, lines);
	hosts_open(h, name);
	assert_ran(h->target, "echo in", 0, "in\n");
}

/* It does not, and the message has MESSAGE in it. */
static void
assert_fails(struct hosts *h, const char *name, const char *message)
{
	struct ran r;

	hosts_open(h, name);
	ran_text(&r, h->target, "echo in");
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_true(r.outcome.unreachable);
	assert_false(r.dispatched);
	if (!strstr(r.outcome.message, message))
		fail_msg("'%s' is not in '%s'", message, r.outcome.message);
	ran_release(&r);
}

/* Likewise, and the server has not been asked to authenticate us. */
static void
assert_refuses(struct hosts *h, const char *name, const char *message)
{
	int before = count_attempts(server);

	assert_fails(h, name, message);
	assert_int_equal(count_attempts(server), before);
}

/* "NAME FILE": a line of configuration with a file of the server's folder. */
static char *
with_file(const char *key, const char *name)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s %s/%s\n", key, server->dir, name);
	return buf_detach(&b, NULL);
}

/* A known_hosts file NAME of FMT, in which %s is "TYPE BASE64" of the host
 * key, and %d the port; returns the line that uses it. */
static char *
known_hosts(const char *name, const char *before, const char *after)
{
	CLEANUP(buf_release) struct buf pub = BUF_INIT;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(free_ptr) char *key = NULL;
	char *end;

	buf_addf(&pub, "%s.pub", server->host_key);
	key = sshd_read(pub.bytes);
	end = strchr(strchr(key, ' ') + 1, ' ');
	if (end)
		*end = '\0';
	key[strcspn(key, "\n")] = '\0';
	for (const char *c = before; *c; c++) {
		if (*c == '@' && c[1] == '@') {
			buf_addf(&text, "[127.0.0.1]:%d", server->port);
			c++;
		} else {
			buf_addc(&text, *c);
		}
	}
	buf_addf(&text, "%s%s", key, after);
	free(sshd_write(server, name, text.bytes));
	return with_file("UserKnownHostsFile", name);
}

/* ---- configuration ------------------------------------------------------- */

static void
test_names(void **state)
{
	static const char *const bad[] = { "",        "-oProxyCommand=x",
					   "a b",     "a;b",
					   "a$(x)",   "user@",
					   "@host",   "h/x",
					   "us er@h", "a\nb",
					   "h@-oX=y", "1.2.3.4:22",
					   "%h",      "a`b`",
					   "\xc3\xa4" };
	struct hosts *h = *state;

	hosts_open(h, "web1");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		CLEANUP(buf_release) struct buf reterr = BUF_INIT;

		assert_null(target_new_ssh(h->pool, bad[i], &reterr));
		assert_true(reterr.len > 0);
	}
}

static void
test_bad_option(void **state)
{
	sshd_host(server, "odd", "NoSuchOption yes");
	assert_fails(*state, "odd", "Bad configuration option: nosuchoption");
	/* It would spoil the others. */
	free(sshd_write(server, "ssh_config", ""));
	sshd_host(server, "web1", "");
}

static void
test_match_and_include(void **state)
{
	CLEANUP(free_ptr) char *include = with_file("Include", "more");

	free(sshd_write(server, "more",
			"Match host inc exec \"true\"\nHostName 127.0.0.1\n"));
	sshd_host(server, "inc", "");
	assert_works(*state, "inc2", include);
}

static void
test_user_in_name(void **state)
{
	/* The name's user wins over the configuration's. */
	assert_fails(*state, "nobody_@web1",
		     "cannot log in to nobody_@web1 as "
		     "nobody_: tried: ");
}

static void
test_environment(void **state)
{
	struct hosts *h = *state;

	setenv("RB_SENT", "sent", 1);
	setenv("OTHER_SENT", "no", 1);
	sshd_host(server, "env",
		  "SendEnv RB_* OTHER_*\nSetEnv RB_SET=\"a b\" NO_SET=x");
	hosts_open(h, "env");
	for (int i = 0; i < 3; i++)
		assert_ran(h->target,
			   "echo $RB_SENT $RB_SET ${NO_SET-none} "
			   "${OTHER_SENT-none}",
			   0, "sent a b none none\n");
	unsetenv("RB_SENT");
	unsetenv("OTHER_SENT");
}

/* ---- the way ------------------------------------------------------------- */

static void
test_refused(void **state)
{
	sshd_host(server, "shut", "Port 1");
	assert_fails(*state, "shut",
		     "cannot connect to 127.0.0.1 port 1: Connection refused");
}

static void
test_no_address(void **state)
{
	sshd_host(server, "nowhere", "HostName nowhere.invalid");
	assert_fails(*state, "nowhere",
		     "cannot find the address of 'nowhere.invalid': ");
}

/* The first address refuses, the second one answers. */
static void
test_second_address(void **state)
{
	/* localhost is ::1 and 127.0.0.1; the server has only the latter. */
	CLEANUP(free_ptr)
	char *known = known_hosts("kh_localhost", "localhost_ ", "\n");
	CLEANUP(buf_release) struct buf lines = BUF_INIT;

	buf_addf(&lines, "HostName localhost\nHostKeyAlias localhost_\n%s",
		 known);
	assert_works(*state, "two", lines.bytes);
}

static int
listen_somewhere(int *ret_port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*ret_port = ntohs(a.sin_port);
	return fd;
}

/* Somebody who accepts and never says anything. */
static void
test_tarpit(void **state)
{
	struct hosts *h = *state;
	char lines[32];
	int port;
	CLEANUP(fd_close_ptr) int fd = listen_somewhere(&port);

	snprintf(lines, sizeof(lines), "Port %d", port);
	sshd_host(server, "tarpit", lines);
	h->settings.connect_ms = 300;
	assert_fails(h, "tarpit",
		     "cannot exchange keys with tarpit: it does not answer in "
		     "time");
}

static void
test_babble(void **state)
{
	struct hosts *h = *state;
	char lines[512];

	snprintf(lines, sizeof(lines), "ProxyCommand %s child:babble",
		 child_path());
	sshd_host(server, "babble", lines);
	h->settings.connect_ms = 2000;
	assert_fails(h, "babble", "cannot ");
}

static void
test_proxy_command(void **state)
{
	char lines[512];

	snprintf(lines, sizeof(lines), "ProxyCommand %s child:connect %%h %%p",
		 child_path());
	assert_works(*state, "proxied", lines);
}

static void
test_failing_proxy(void **state)
{
	sshd_host(server, "badproxy",
		  "ProxyCommand sh -c 'echo no way >&2; exit 1'");
	assert_fails(*state, "badproxy",
		     "cannot reach badproxy through its proxy: no way");
}

static void
test_proxy_jump(void **state)
{
	struct sshd *jump = sshd_new("AllowTcpForwarding yes");
	CLEANUP(buf_release) struct buf lines = BUF_INIT;

	buf_addf(&lines,
		 "HostName 127.0.0.1\nPort %d\nIdentityFile %s\n"
		 "UserKnownHostsFile %s\n",
		 jump->port, jump->user_key, jump->known_hosts);
	sshd_host(server, "hop", lines.bytes);
	assert_works(*state, "far", "ProxyJump hop");
	/* Two hops: through one and the same. */
	hosts_free(*state);
	*state = hosts_new(server);
	sshd_host(server, "hop2", "ProxyJump none");
	assert_works(*state, "farther", "ProxyJump hop,hop2");
	hosts_free(*state);
	*state = hosts_new(server);
	sshd_free(jump);
	assert_fails(*state, "far", "cannot reach far through its proxy: ");
}

/* ---- host keys ----------------------------------------------------------- */

static void
test_unknown_key(void **state)
{
	CLEANUP(free_ptr) char *empty = with_file("UserKnownHostsFile", "kh0");

	free(sshd_write(server, "kh0", ""));
	sshd_host(server, "new", empty);
	assert_refuses(*state, "new",
		       "cannot trust new: its host key is not "
		       "known (ssh-ed25519 SHA256:");
}

static void
test_message_names_command(void **state)
{
	CLEANUP(buf_release) struct buf want = BUF_INIT;

	buf_addf(&want, "connect once with 'ssh -F %s new'", server->config);
	assert_refuses(*state, "new", want.bytes);
}

static void
test_missing_known_hosts(void **state)
{
	sshd_host(server, "nofile", "UserKnownHostsFile /no/such/file");
	assert_refuses(*state, "nofile", "its host key is not known");
}

/* accept-new is for those who sit before ssh. */
static void
test_accept_new(void **state)
{
	CLEANUP(free_ptr) char *empty = with_file("UserKnownHostsFile", "kh0");
	CLEANUP(buf_release) struct buf lines = BUF_INIT;
	CLEANUP(free_ptr) char *path = sshd_path(server, "kh0");
	CLEANUP(free_ptr) char *after = NULL;

	buf_addf(&lines, "%sStrictHostKeyChecking accept-new", empty);
	sshd_host(server, "accept", lines.bytes);
	assert_refuses(*state, "accept", "its host key is not known");
	after = sshd_read(path);
	assert_string_equal(after, "");
}

static void
test_changed_key(void **state)
{
	CLEANUP(free_ptr)
	char *other = sshd_key(server, "other", "ed25519", "");
	CLEANUP(buf_release) struct buf pub = BUF_INIT;
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	CLEANUP(free_ptr) char *key = NULL;
	CLEANUP(free_ptr) char *use = with_file("UserKnownHostsFile", "kh1");

	buf_addf(&pub, "%s.pub", other);
	key = sshd_read(pub.bytes);
	buf_addf(&line, "# nothing\n[127.0.0.1]:%d %s", server->port, key);
	free(sshd_write(server, "kh1", line.bytes));
	sshd_host(server, "changed", use);
	assert_refuses(*state, "changed", "is not the known one in ");
	assert_int_equal(unlink(other), 0);
	assert_int_equal(unlink(pub.bytes), 0);
}

/* Only a key of a type is known that the server does not have. */
/* A server that finds no common method hangs up, which may come before we have
 * read why: asked again then. */
static void
test_other_type(void **state)
{
	CLEANUP(free_ptr) char *other = sshd_key(server, "rsa", "rsa", "");
	CLEANUP(buf_release) struct buf pub = BUF_INIT;
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	CLEANUP(free_ptr) char *key = NULL;
	CLEANUP(free_ptr) char *use = with_file("UserKnownHostsFile", "kh2");
	struct hosts *h = *state;
	int before = count_attempts(server), tries = 0;
	bool told;

	buf_addf(&pub, "%s.pub", other);
	key = sshd_read(pub.bytes);
	buf_addf(&line, "[127.0.0.1]:%d %s", server->port, key);
	free(sshd_write(server, "kh2", line.bytes));
	sshd_host(server, "othertype", use);
	do {
		struct ran r;

		hosts_open(h, "othertype");
		ran_text(&r, h->target, "echo in");
		assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
		assert_true(r.outcome.unreachable);
		told = strstr(r.outcome.message,
			      "it has host keys of other types only");
		if (!told)
			assert_non_null(
				strstr(r.outcome.message, ": Socket error: "));
		ran_release(&r);
	} while (!told && ++tries < 20);
	assert_true(told);
	assert_int_equal(count_attempts(server), before);
}

static void
test_revoked_key(void **state)
{
	CLEANUP(free_ptr) char *use = known_hosts("kh3", "@revoked * ", "\n");
	CLEANUP(free_ptr)
	char *both = known_hosts("kh4", "@@ ssh-rsa AAAA\n@revoked * ", "\n");
	CLEANUP(buf_release) struct buf lines = BUF_INIT;
	CLEANUP(free_ptr) char *plain = sshd_read(server->known_hosts);

	(void)both;
	sshd_host(server, "revoked", use);
	assert_refuses(*state, "revoked", " is revoked in ");
	hosts_free(*state);
	*state = hosts_new(server);
	/* Even when a line above trusts it, in another file. */
	buf_addf(&lines, "UserKnownHostsFile %s %s/kh3\n", server->known_hosts,
		 server->dir);
	sshd_host(server, "revoked2", lines.bytes);
	assert_refuses(*state, "revoked2", " is revoked in ");
}

static void
test_known_in_many_ways(void **state)
{
	static const struct {
		const char *before, *after;
	} files[] = {
		{ "@@ ", "" }, /* no newline at the end */
		{ "garbage\n\n# comment\n@@ ", " comment\n" },
		{ "other,@@,more ", "\n" },
		{ "@@ ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==\n@@ ", "\n" },
		{ "127.0.0.1 ", "\n" }, /* without the port, as ssh does */
		{ "*.0.0.1 ", "\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		CLEANUP(free_ptr)
		char *use = known_hosts("kh5", files[i].before, files[i].after);
		char name[24];

		snprintf(name, sizeof(name), "many%zu", i);
		hosts_free(*state);
		*state = hosts_new(server);
		assert_works(*state, name, use);
	}
}

static void
test_hashed(void **state)
{
	CLEANUP(free_ptr) char *use = known_hosts("kh6", "@@ ", "\n");
	CLEANUP(free_ptr) char *path = sshd_path(server, "kh6");
	CLEANUP(free_ptr) char *hashed = NULL;
	const char *const argv[] = {
		"/usr/bin/ssh-keygen", "-q", "-H", "-f", path, NULL
	};

	assert_int_equal(sshd_run(argv), 0);
	hashed = sshd_read(path);
	assert_int_equal(strncmp(hashed, "|1|", 3), 0);
	assert_works(*state, "hashed", use);
}

static void
test_alias_and_second_file(void **state)
{
	CLEANUP(free_ptr) char *use = known_hosts("kh7", "prod ", "\n");
	CLEANUP(buf_release) struct buf lines = BUF_INIT;

	(void)use;
	buf_addf(&lines,
		 "HostKeyAlias prod\nUserKnownHostsFile /no/such %s/kh7\n",
		 server->dir);
	assert_works(*state, "alias", lines.bytes);
}

/* ---- authentication ------------------------------------------------------ */

static void
test_wrong_key(void **state)
{
	CLEANUP(free_ptr) char *key = sshd_key(server, "wrong", "ed25519", "");
	CLEANUP(free_ptr) char *use = with_file("IdentityFile", "wrong");

	(void)key;
	/* The right one is tried after it. */
	assert_works(*state, "wrong", use);
	hosts_free(*state);
	*state = hosts_new(server);
	sshd_host(server, "none", "PubkeyAuthentication no");
	assert_fails(*state, "none",
		     "tried: nothing; the server takes: publickey; 'ssh -F ");
}

static void
test_broken_keys_first(void **state)
{
	CLEANUP(free_ptr) char *use = with_file("IdentityFile", "broken");
	CLEANUP(buf_release) struct buf lines = BUF_INIT;

	free(sshd_write(server, "broken", "this is no key\n"));
	buf_addf(&lines, "IdentityFile /no/such/key\n%s", use);
	assert_works(*state, "brokenfirst", lines.bytes);
}

/* Make "locked", a copy of the user's key with a passphrase. */
static char *
make_locked(void)
{
	CLEANUP(free_ptr) char *key = sshd_read(server->user_key);
	char *path = sshd_write(server, "locked", key);
	const char *const argv[] = { "/usr/bin/ssh-keygen",
				     "-q",
				     "-p",
				     "-N",
				     "open sesame",
				     "-P",
				     "",
				     "-f",
				     path,
				     NULL };

	assert_int_equal(sshd_run(argv), 0);
	return path;
}

/* A host whose only key is "locked". */
static void
add_locked_host(void)
{
	CLEANUP(free_ptr) char *locked = make_locked();
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(free_ptr) char *before = sshd_read(server->config);

	buf_addf(&text,
		 "Host locked\nHostName 127.0.0.1\nPort %d\nIdentityFile %s\n"
		 "IdentitiesOnly yes\nIdentityAgent none\n"
		 "UserKnownHostsFile %s\nGlobalKnownHostsFile none\n\n%s",
		 server->port, locked, server->known_hosts, before);
	free(sshd_write(server, "ssh_config", text.bytes));
}

static void
test_passphrase(void **state)
{
	static const char *const answers[] = { "wrong", "open sesame", NULL };
	struct hosts *h = *state;

	add_locked_host();
	hosts_add_answers(h, answers);
	hosts_open(h, "locked");
	assert_ran(h->target, "echo in", 0, "in\n");
	assert_int_equal(h->n_asked, 2);
	assert_non_null(strstr(h->asked.bytes, "/locked: |hidden\n"));
	/* Once for the connection, not once for a job. */
	assert_ran(h->target, "echo in", 0, "in\n");
	assert_int_equal(h->n_asked, 2);
}

static void
test_passphrase_with_nobody(void **state)
{
	assert_fails(*state, "locked", "(no passphrase for ");
}

static void
test_passphrase_not_given(void **state)
{
	static const char *const answers[] = { NULL };
	struct hosts *h = *state;

	hosts_add_answers(h, answers);
	assert_fails(h, "locked", "(no passphrase for ");
	assert_int_equal(h->n_asked, 1);
}

/* ---- agent --------------------------------------------------------------- */

struct agent_process {
	pid_t pid;
	char *socket;
};

static struct agent_process
start_agent(const char *name)
{
	struct agent_process a = { -1, sshd_path(server, name) };
	const char *const argv[] = { "/usr/bin/ssh-agent", "-D", "-a", a.socket,
				     NULL };
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;

	spec.argv = argv;
	a.pid = proc_spawn(&spec, &reterr);
	assert_true(a.pid > 0);
	for (int i = 0; i < 100 && access(a.socket, F_OK) < 0; i++)
		poll(NULL, 0, 20);
	return a;
}

static void
stop_agent(struct agent_process *a)
{
	kill(a->pid, SIGTERM);
	waitpid(a->pid, NULL, 0);
	free(a->socket);
}

static void
add_to_agent(const struct agent_process *a, const char *key)
{
	const char *const argv[] = { "/usr/bin/ssh-add", "-q", key, NULL };

	setenv("SSH_AUTH_SOCK", a->socket, 1);
	assert_int_equal(sshd_run(argv), 0);
	unsetenv("SSH_AUTH_SOCK");
}

/* Host NAME with the agent at SOCKET, and LINES for its keys. */
static void
add_agent_host(const char *name, const char *socket_path, const char *lines)
{
	CLEANUP(free_ptr) char *before = sshd_read(server->config);
	CLEANUP(buf_release) struct buf text = BUF_INIT;

	buf_addf(&text,
		 "Host %s\nHostName 127.0.0.1\nPort %d\n%s\n"
		 "IdentityAgent %s\n"
		 "UserKnownHostsFile %s\nGlobalKnownHostsFile none\n\n%s",
		 name, server->port, lines, socket_path, server->known_hosts,
		 before);
	free(sshd_write(server, "ssh_config", text.bytes));
}

/* The agent holds more keys than the server lets us try. Only the one that the
 * configuration names is offered, or it comes first. */
static void
test_agent(void **state)
{
	static const char *const modes[] = { "IdentitiesOnly yes",
					     "IdentitiesOnly no" };
	struct agent_process a = start_agent("agent");
	CLEANUP(buf_release) struct buf lines = BUF_INIT;
	CLEANUP(free_ptr) char *public = NULL;

	for (int i = 0; i < 8; i++) {
		char name[24];
		CLEANUP(free_ptr) char *key = NULL;

		snprintf(name, sizeof(name), "extra%d", i);
		key = sshd_key(server, name, "ed25519", "");
		add_to_agent(&a, key);
	}
	add_to_agent(&a, server->user_key);
	/* Only the public half as a file: the agent has the other. */
	buf_addf(&lines, "%s.pub", server->user_key);
	public = sshd_read(lines.bytes);
	free(sshd_write(server, "public_only", public));
	for (size_t i = 0; i < 2; i++) {
		char name[24];

		buf_clear(&lines);
		buf_addf(&lines, "%s\nIdentityFile %s/public_only", modes[i],
			 server->dir);
		snprintf(name, sizeof(name), "agent%zu", i);
		add_agent_host(name, a.socket, lines.bytes);
		hosts_free(*state);
		*state = hosts_new(server);
		hosts_open(*state, name);
		assert_ran(((struct hosts *)*state)->target, "echo in", 0,
			   "in\n");
	}
	hosts_free(*state);
	*state = hosts_new(server);
	stop_agent(&a);
}

static void
test_dead_agent(void **state)
{
	add_agent_host("dead", "/no/such/agent",
		       "IdentitiesOnly no\nIdentityFile /no/such/key");
	assert_fails(*state, "dead",
		     "tried: (cannot use the agent '/no/such/agent': No such "
		     "file or directory)");
}

/* ---- certificates -------------------------------------------------------- */

static void
test_certificate(void **state)
{
	CLEANUP(free_ptr) char *ca = sshd_key(server, "ca", "ed25519", "");
	CLEANUP(free_ptr) char *key = sshd_key(server, "cert", "ed25519", "");
	CLEANUP(buf_release) struct buf ca_pub = BUF_INIT;
	CLEANUP(buf_release) struct buf lines = BUF_INIT;
	CLEANUP(buf_release) struct buf pub = BUF_INIT;
	const char *const argv[] = { "/usr/bin/ssh-keygen",
				     "-q",
				     "-s",
				     ca,
				     "-I",
				     "me",
				     "-n",
				     NULL,
				     NULL,
				     NULL };
	const char *who = getenv("USER");
	const char *all[ARRAY_LEN(argv)];
	struct sshd *strict;
	struct hosts *h = *state;

	if (!who)
		who = geteuid() == 0 ? "root" : getenv("LOGNAME");
	memcpy(all, argv, sizeof(argv));
	buf_addf(&pub, "%s.pub", key);
	all[7] = who;
	all[8] = pub.bytes;
	assert_int_equal(sshd_run(all), 0);
	/* A server that takes this authority's certificates only. */
	buf_addf(&ca_pub, "TrustedUserCAKeys %s.pub\nAuthorizedKeysFile none\n",
		 ca);
	strict = sshd_new(ca_pub.bytes);
	buf_addf(&lines, "IdentityFile %s", key);
	sshd_host(strict, "cert", lines.bytes);
	hosts_free(h);
	*state = h = hosts_new(strict);
	hosts_open(h, "cert");
	assert_ran(h->target, "echo in", 0, "in\n");
	hosts_free(h);
	*state = hosts_new(server);
	sshd_free(strict);
}

int
main(int argc, char **argv)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_names),
		TEST(test_bad_option),
		TEST(test_match_and_include),
		TEST(test_user_in_name),
		TEST(test_environment),
		TEST(test_refused),
		TEST(test_no_address),
		TEST(test_second_address),
		TEST(test_tarpit),
		TEST(test_babble),
		TEST(test_proxy_command),
		TEST(test_failing_proxy),
		TEST(test_proxy_jump),
		TEST(test_unknown_key),
		TEST(test_message_names_command),
		TEST(test_missing_known_hosts),
		TEST(test_accept_new),
		TEST(test_changed_key),
		TEST(test_other_type),
		TEST(test_revoked_key),
		TEST(test_known_in_many_ways),
		TEST(test_hashed),
		TEST(test_alias_and_second_file),
		TEST(test_wrong_key),
		TEST(test_broken_keys_first),
		TEST(test_passphrase),
		TEST(test_passphrase_with_nobody),
		TEST(test_passphrase_not_given),
		TEST(test_agent),
		TEST(test_dead_agent),
		TEST(test_certificate),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
