/* Commands that take root, in a document that shows that its login is not. */
#include <string.h>

#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"

/* Programs that do nothing for others than root, whatever they are told. */
static const char *const roots[] = { "ddclient", "useradd",  "userdel",
				     "usermod",  "groupadd", "groupdel",
				     "modprobe", "rmmod",    "visudo",
				     "chpasswd", NULL };

/* Programs that need it with one of these words, as the first operand; without
 * a terminal polkit(8) cannot ask for a password either. */
static const struct {
	const char *program;
	const char *verbs[12];
} verbs[] = {
	{ "systemctl",
	  { "start", "stop", "restart", "reload", "enable", "disable", "mask",
	    "unmask", "daemon-reload", "try-restart", "reload-or-restart" } },
	{ "apt-get",
	  { "install", "remove", "purge", "update", "upgrade", "dist-upgrade",
	    "autoremove" } },
	{ "apt",
	  { "install", "remove", "purge", "update", "upgrade", "full-upgrade",
	    "autoremove" } },
	{ "ufw", { "allow", "deny", "enable", "disable", "delete", "reload" } },
};

/* The first operand of C: the first argument that is no option. */
static struct text
first_operand(const struct command *c)
{
	for (uint32_t i = 1; i < c->argc; i++) {
		struct text t = command_arg(c, i);

		if (t.len && t.at[0] != '-')
			return t;
	}
	return (struct text){ NULL, 0 };
}

static bool
takes_root(const struct command *c)
{
	struct text verb = first_operand(c);

	if (command_has(c, "--help", 'h', 0) ||
	    command_has(c, "--version", 'V', 0) ||
	    command_has(c, "--user", 0, 0))
		return false;
	if (text_is_any(command_program(c), roots))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (command_is(c, verbs[i].program) &&
		    text_is_any(verb, verbs[i].verbs))
			return true;
	}
	return false;
}

/* ---- as whom ---------------------------------------------------------------
 */

static bool
is_sudo(const struct hop *hop)
{
	return strcmp(hop->name, "sudo") == 0 || strcmp(hop->name, "doas") == 0;
}

/* Where ONE runs; false: in a container, or as somebody that is not known. */
static bool
find_host(const struct lint_command *one, struct text *ret_host, bool *ret_sudo)
{
	const struct ynode *host =
		annotation_get(one->step->annotation, KEY_HOST);

	*ret_host = host ? host->text : (struct text){ NULL, 0 };
	*ret_sudo = false;
	for (const struct hop *hop = one->c.hop; hop; hop = hop->outer) {
		if (is_sudo(hop)) {
			*ret_sudo = true;
		} else if (strcmp(hop->name, "ssh") == 0) {
			if (hop->outer && !hop->outer->stays)
				return false;
			*ret_host = hop->target;
			if (text_is(hop->user, "root"))
				return false;
		} else if (!hop->stays) {
			return false;
		}
	}
	return true;
}

/* The lines of a shell that another one opens, and those behind "# ". */
static bool
may_be_root(const struct step *s)
{
	uint32_t at = s->where.start;
	struct text all = s->where.src->bytes;

	return s->context_line || s->whole ||
	       (s->prompted && at >= 2 && all.at[at - 2] == '#');
}

/* ---- the rule --------------------------------------------------------------
 */

/* A host, this machine being "", and the first command of it under sudo. */
struct login {
	struct text host;
	const struct lint_command *sudo;
	bool becomes_root;
};

enum {
	LOGINS_MAX = 32 /* of one document; of further hosts nothing is said */
};

struct logins {
	struct login at[LOGINS_MAX];
	uint32_t n;
};

static const struct login *
find_login(const struct logins *l, struct text host)
{
	for (uint32_t i = 0; i < l->n; i++) {
		if (text_eq(l->at[i].host, host))
			return &l->at[i];
	}
	return NULL;
}

/* The entry of HOST, new or known; NULL when there are too many. */
static struct login *
add_login(struct logins *l, struct text host)
{
	const struct login *known = find_login(l, host);

	if (known)
		return &l->at[known - l->at];
	if (l->n == LOGINS_MAX)
		return NULL;
	l->at[l->n].host = host;
	return &l->at[l->n++];
}

/* "sudo -i", "su -": what follows may run as root. */
static bool
opens_root(const struct command *c)
{
	return command_is(c, "su") ||
	       (command_is(c, "sudo") &&
		(command_find(c, "su") || command_find(c, "bash") ||
		 command_find(c, "-i") || command_find(c, "-s")));
}

static void
learn(const struct lint_pass *pass, struct logins *l)
{
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		const struct lint_command *one = &pass->commands[i];
		bool opens = opens_root(&one->c), sudo;
		struct login *login;
		struct text host;

		if ((!opens && !takes_root(&one->c)) ||
		    !find_host(one, &host, &sudo) || (!opens && !sudo))
			continue;
		login = add_login(l, host);
		if (login && opens)
			login->becomes_root = true;
		else if (login && !login->sudo)
			login->sudo = one;
	}
}

/* The document says who is to do it. */
static bool
speaks_of_root(const struct document *doc)
{
	static const char *const words[] = { "as root", "root shell",
					     "root user", "root access", NULL };

	return text_has_word(doc->src->bytes, words);
}

/* Where ONE, which takes root, is called by somebody who is not: the entry. */
static const struct login *
login_without_root(const struct logins *l, const struct lint_command *one)
{
	const struct login *login;
	struct text host;
	bool sudo;

	if (!takes_root(&one->c) || may_be_root(one->step) ||
	    !find_host(one, &host, &sudo) || sudo)
		return NULL;
	login = find_login(l, host);
	return login && login->sudo && !login->becomes_root ? login : NULL;
}

static void
check(struct lint_pass *pass)
{
	struct logins l = { .n = 0 };
	bool asked = false;

	learn(pass, &l);
	for (uint32_t i = 0; l.n && i < pass->n_commands; i++) {
		const struct lint_command *one = &pass->commands[i];
		const struct login *login = login_without_root(&l, one);
		struct diag *d;

		if (!login)
			continue;
		if (!asked && speaks_of_root(pass->doc))
			return;
		asked = true;
		d = lint_report(pass, DIAG_ROOT_NEEDED, command_span(&one->c),
				"'%.*s' takes root, and the login is not root",
				TEXT_ARG(command_program(&one->c)));
		if (!d)
			continue;
		diag_note(d, command_span(&login->sudo->c),
			  "here it goes through sudo");
		diag_help(d, "put sudo in front, with -n where nobody can type "
			     "a password");
	}
}

const struct lint_family lint_family_root = { "root", check };
