/* The least that remote commands cost: one libssh session, a channel for each,
 * one after the other.
 *
 *   bench_libssh PORT USER KEY-FILE COUNT COMMAND
 *
 * prints the milliseconds of each command on the average. The host's key is
 * not looked at: only for a server of the bench on the loopback interface. */
#include <libssh/libssh.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
fail(ssh_session s, const char *what)
{
	fprintf(stderr, "bench_libssh: %s: %s\n", what, ssh_get_error(s));
	exit(1);
}

static void
run(ssh_session s, const char *command)
{
	ssh_channel c = ssh_channel_new(s);
	char chunk[4096];

	if (!c || ssh_channel_open_session(c) != SSH_OK ||
	    ssh_channel_request_exec(c, command) != SSH_OK)
		fail(s, "cannot run it");
	while (ssh_channel_read(c, chunk, sizeof(chunk), 0) > 0)
		;
	if (ssh_channel_get_exit_status(c) != 0)
		fail(s, "it failed");
	ssh_channel_close(c);
	ssh_channel_free(c);
}

int
main(int argc, char **argv)
{
	bool off = false;
	int on = 1;
	ssh_session s;
	ssh_key key;
	double began;
	int count;

	if (argc != 6) {
		fprintf(stderr, "usage: bench_libssh PORT USER KEY-FILE COUNT "
				"COMMAND\n");
		return 2;
	}
	count = (int)strtol(argv[4], NULL, 10);
	ssh_init();
	s = ssh_new();
	ssh_options_set(s, SSH_OPTIONS_PROCESS_CONFIG, &off);
	ssh_options_set(s, SSH_OPTIONS_NODELAY, &on);
	ssh_options_set(s, SSH_OPTIONS_HOST, "127.0.0.1");
	ssh_options_set(s, SSH_OPTIONS_PORT_STR, argv[1]);
	ssh_options_set(s, SSH_OPTIONS_USER, argv[2]);
	if (ssh_connect(s) != SSH_OK)
		fail(s, "cannot connect");
	if (ssh_pki_import_privkey_file(argv[3], NULL, NULL, NULL, &key) !=
		    SSH_OK ||
	    ssh_userauth_publickey(s, NULL, key) != SSH_AUTH_SUCCESS)
		fail(s, "cannot log in");
	/* The first channel of a connection takes 40 ms (Nagle, there). */
	run(s, argv[5]);
	began = now_ms();
	for (int i = 0; i < count; i++)
		run(s, argv[5]);
	printf("%.4f\n", (now_ms() - began) / count);
	ssh_key_free(key);
	ssh_disconnect(s);
	ssh_free(s);
	ssh_finalize();
	return 0;
}
