/* Which ssh command lines are served from a run's own connection: those whose
 * options only say how the host is reached, and that have a command. */
#include "exec/shim_args.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "exec/sshconfig.h"

/* Options without and with a value that make up the connection, and those that
 * change nothing for us. Everything else is the real ssh's. */
static const char with_value[] = "bcFiJlmp";
static const char without_value[] = "46C";
static const char ignored[] = "Tax"; /* no terminal, agent or X11: as we do */

/* What may stand after -o: `ssh -G` works these out. Not those that loosen the
 * check of host keys, share other connections or start something. */
static const char *const known_options[] = {
	"addressfamily",
	"batchmode",
	"bindaddress",
	"checkhostip",
	"ciphers",
	"compression",
	"connectionattempts",
	"connecttimeout",
	"globalknownhostsfile",
	"hostkeyalgorithms",
	"hostkeyalias",
	"hostname",
	"identitiesonly",
	"identityagent",
	"identityfile",
	"certificatefile",
	"kbdinteractiveauthentication",
	"kexalgorithms",
	"loglevel",
	"macs",
	"numberofpasswordprompts",
	"passwordauthentication",
	"port",
	"preferredauthentications",
	"proxycommand",
	"proxyjump",
	"pubkeyacceptedalgorithms",
	"pubkeyauthentication",
	"serveralivecountmax",
	"serveraliveinterval",
	"tcpkeepalive",
	"user",
	"userknownhostsfile",
};

/* What scp and sftp say of every connection: ours has nothing else. */
static const struct {
	const char *name, *value;
} as_it_is[] = {
	{ "clearallforwardings", "yes" },
	{ "forwardagent", "no" },
	{ "forwardx11", "no" },
	{ "permitlocalcommand", "no" },
	{ "protocol", "2" },
	{ "remotecommand", "none" },
	{ "requesttty", "no" },
};

/* Is it one of these, whatever stands between its name and its value? */
static bool
is_as_it_is(const char *option)
{
	size_t len = strcspn(option, "= \t");
	struct text name = { option, len };
	struct text value =
		text_of(option + len + strspn(option + len, "= \t"));

	for (size_t i = 0; i < ARRAY_LEN(as_it_is); i++) {
		if (text_eq_nocase(name, text_of(as_it_is[i].name)))
			return text_eq_nocase(value,
					      text_of(as_it_is[i].value));
	}
	return false;
}

static bool
is_known(const char *option)
{
	struct text name = { option, strcspn(option, "= \t") };

	for (size_t i = 0; i < ARRAY_LEN(known_options); i++) {
		if (text_eq_nocase(name, text_of(known_options[i])))
			return true;
	}
	return text_eq_nocase(text_of(option),
			      TEXT("StrictHostKeyChecking=yes"));
}

static void
add_option(struct shim_args *a, const char *option)
{
	a->options = xreallocarray(a->options, a->n_options + 2,
				   sizeof(*a->options));
	a->options[a->n_options++] = option;
	a->options[a->n_options] = NULL;
}

static const char *
letter_option(char c)
{
	static const char *const names[] = {
		"-b", "-c", "-F", "-i", "-J", "-l",
		"-m", "-p", "-4", "-6", "-C", "-o"
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i][1] == c)
			return names[i];
	}
	BUG("option -%c", c);
}

/* One word of options ("-qp" "2222"); *I is its index in ARGV and moves to the
 * last word that was used. */
static bool
read_word(const char *const *argv, size_t *i, struct shim_args *a)
{
	for (const char *c = argv[*i] + 1; *c; c++) {
		const char *value;

		if (*c == 'n') {
			a->no_input = true;
		} else if (*c == 'q') {
			a->quiet = true;
		} else if (*c == 's') {
			a->subsystem = true;
		} else if (strchr(ignored, *c)) {
			continue;
		} else if (strchr(without_value, *c)) {
			add_option(a, letter_option(*c));
		} else if (strchr(with_value, *c) || *c == 'o') {
			value = c[1] ? c + 1 : argv[++*i];
			if (!value)
				return false;
			if (*c == 'o' && is_as_it_is(value))
				return true;
			if (*c == 'o' && !is_known(value))
				return false;
			add_option(a, letter_option(*c));
			add_option(a, value);
			return true;
		} else {
			return false;
		}
	}
	return true;
}

static bool
read_command(const char *const *argv, size_t i, struct shim_args *a)
{
	for (; argv[i]; i++) {
		if (a->command.len)
			buf_addc(&a->command, ' ');
		buf_adds(&a->command, argv[i]);
	}
	return a->command.len > 0 &&
	       a->command.len <= LIMIT_REMOTE_COMMAND_BYTES;
}

bool
shim_args_read(const char *const *argv, struct shim_args *ret)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT;
	size_t i = 1;

	*ret = (struct shim_args){ 0 };
	for (; argv[i] && argv[i][0] == '-' && argv[i][1]; i++) {
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		if (!read_word(argv, &i, ret))
			return false;
	}
	if (!argv[i] || !sshconfig_is_host(argv[i], &why))
		return false;
	ret->host = argv[i++];
	/* ssh goes on looking for options behind the host. */
	if (argv[i] && argv[i][0] == '-')
		return false;
	return read_command(argv, i, ret);
}

void
shim_args_release(struct shim_args *a)
{
	free(a->options);
	buf_release(&a->command);
	*a = (struct shim_args){ 0 };
}
