/* Passwords and keys that everybody can read. */
#include <string.h>

#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"

/* ---- arguments -------------------------------------------------------------
 */

/* "--password", "--actor-password", "--api-token". */
static bool
is_secret_option(struct text t)
{
	static const char *const ends[] = { "password", "passwd",
					    "-secret",  "passphrase",
					    "api-key",  "api-token",
					    NULL };

	static const char *const flags[] = { "--no-",       "--disabled-",
					     "--ask-",      "--prompt-",
					     "--generate-", "--show-",
					     "--reset-",    "--change-" };

	if (!text_starts(t, "--"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		if (text_starts(t, flags[i]))
			return false;
	}
	for (const char *const *end = ends; *end; end++) {
		if (text_ends(t, *end))
			return true;
	}
	return false;
}

/* A value that is one: no variable, no file, no placeholder in brackets, which
 * a run asks for and hides. */
static bool
is_written_out(const struct value *v)
{
	struct text t = v->text.text;

	if (t.len < 3 || text_chr(t, '$', 0) < t.len ||
	    text_chr(t, '\0', 0) < t.len || text_chr(t, '`', 0) < t.len ||
	    strchr("<{[@/-.", t.at[0]))
		return false;
	return v->state == VALUE_EXACT ||
	       (v->traits & VALUE_HAS_PLACEHOLDER) != 0;
}

static bool
names_secret_file(const struct command *c, struct text option)
{
	static const char *const programs[] = { "docker", "podman",
						"docker-compose", "buildctl",
						NULL };

	return text_is(option, "--secret") &&
	       text_is_any(command_program(c), programs);
}

/* The password of "mysql -pPASSWORD" and "curl -u USER:PASSWORD" at argument
 * *I, which is moved to it; false: none stands there. */
static bool
attached_password(const struct command *c, uint32_t *i, struct value *v)
{
	static const char *const clients[] = { "mysql",         "mysqldump",
					       "mysqladmin",    "mysqlimport",
					       "mariadb",       "mariadb-dump",
					       "mariadb-admin", NULL };
	struct text t = command_arg(c, *i);
	size_t colon;

	if (text_is_any(command_program(c), clients) && text_starts(t, "-p") &&
	    t.len > 2) {
		v->text.text = text_sub(t, 2, t.len);
		return true;
	}
	if (!command_is(c, "curl") || *i + 1 >= c->argc ||
	    (!text_is(t, "-u") && !text_is(t, "--user")))
		return false;
	*v = c->argv[++*i];
	t = v->text.text;
	colon = text_chr(t, ':', 0);
	if (colon == t.len)
		return false;
	v->text.text = text_sub(t, colon + 1, t.len);
	return true;
}

static void
check_arguments(struct lint_pass *pass, const struct command *c)
{
	for (uint32_t i = 1; i < c->argc; i++) {
		struct text t = command_arg(c, i);
		size_t eq = text_chr(t, '=', 0);
		struct value v = c->argv[i];

		/* docker's secrets are names of files */
		if (names_secret_file(c, text_sub(t, 0, eq)))
			continue;
		if (eq < t.len && is_secret_option(text_sub(t, 0, eq))) {
			v.text.text = text_sub(t, eq + 1, t.len);
			t = text_sub(t, 0, eq);
		} else if (is_secret_option(t) && i + 1 < c->argc) {
			v = c->argv[++i];
		} else if (i == 1 && text_is(t, "-p") && i + 1 < c->argc &&
			   command_is(c, "sshpass")) {
			v = c->argv[++i];
		} else if (attached_password(c, &i, &v)) {
			/* never the password itself */
			t = text_sub(t, 0, 2);
		} else {
			continue;
		}
		if (is_written_out(&v))
			LINT_HELP(lint_report(pass, DIAG_SECRET_ARGUMENT,
					      command_arg_span(c, i),
					      "the value of '%.*s' is seen by "
					      "all users of the host",
					      TEXT_ARG(t)),
				  "hand it over by the environment, a file or "
				  "a question");
	}
}

/* ---- secrets in ssh ---------------------------------------------------------
 */

/* A secret value at WHERE would stand in the arguments of C. */
static bool
is_in_arguments(const struct command *c, struct span where)
{
	for (uint32_t i = 1; i < c->argc; i++) {
		struct span arg = command_arg_span(c, i);

		if (arg.src && arg.src == where.src &&
		    where.start >= arg.start && where.end <= arg.end)
			return true;
	}
	return false;
}

static void
report_ssh(struct lint_pass *pass, const struct param *p, struct span where)
{
	LINT_HELP(lint_report(pass, DIAG_SECRET_IN_SSH, where,
			      "the value of '%.*s' would be an argument of ssh "
			      "on this machine",
			      TEXT_ARG(p->name)),
		  "hand it over by the input of ssh, or make the ssh a line of "
		  "its own: a run sends it as input then");
}

/* An ssh that is the whole of its step is the run's own. One within another
 * command is a process of this machine, with all that stands in its command
 * line. */
static void
check_ssh(struct lint_pass *pass, const struct lint_command *one)
{
	const struct step *s = one->step;
	const struct command *c = &one->c;

	if (s->dispatch != DISPATCH_LOCAL || hop_ssh(c->hop) ||
	    !command_is(c, "ssh"))
		return;
	for (uint32_t i = 0; i < s->n_uses; i++) {
		if (s->uses[i].param->secret &&
		    is_in_arguments(c, s->uses[i].where))
			report_ssh(pass, s->uses[i].param, s->uses[i].where);
	}
	for (uint32_t i = 0; i < s->n_variables; i++) {
		const struct variable_use *v = &s->variables[i];

		if (v->param && v->param->secret &&
		    is_in_arguments(c, v->where))
			report_ssh(pass, v->param, v->where);
	}
}

/* ---- keys ------------------------------------------------------------------
 */

struct key_form {
	const char *prefix;
	size_t len; /* of what follows; at least */
	bool exact; /* and no more */
};

static const struct key_form forms[] = {
	{ "AKIA", 16, true },    { "ASIA", 16, true },
	{ "ghp_", 36, true },    { "gho_", 36, true },
	{ "ghs_", 36, true },    { "github_pat_", 60, false },
	{ "glpat-", 20, false }, { "xoxb-", 24, false },
	{ "xoxp-", 24, false },  { "sk_live_", 24, false },
};

static bool
is_key_byte(char c)
{
	return byte_is_alnum(c) || c == '_' || c == '-';
}

/* An example repeats itself: "xxxxxxxx", "EXAMPLE", "1234567890abcdef". */
static bool
is_example(struct text key)
{
	static const char *const words[] = { "EXAMPLE", "example",  "xxxx",
					     "XXXX",    "12345678", "your",
					     "YOUR",    "...",      "aaaa",
					     "ABCDEF",  "abcdef",   "0000" };
	bool seen[256] = { false };
	unsigned n = 0;

	for (size_t i = 0; i < key.len; i++) {
		n += !seen[(unsigned char)key.at[i]];
		seen[(unsigned char)key.at[i]] = true;
	}
	if (n < 8)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_find(key, text_of(words[i]), 0) < key.len)
			return true;
	}
	return false;
}

static void
report_key(struct lint_pass *pass, size_t at, size_t end)
{
	LINT_HELP(lint_report(pass, DIAG_SECRET_IN_TEXT,
			      (struct span){ pass->doc->src, (uint32_t)at,
					     (uint32_t)end },
			      "this looks like a live credential"),
		  "revoke it first, then take it out of the document");
}

static void
check_form(struct lint_pass *pass, const struct key_form *form)
{
	struct text all = pass->doc->src->bytes, prefix = text_of(form->prefix);

	for (size_t at = 0; (at = text_find(all, prefix, at)) < all.len;) {
		size_t end = at + prefix.len;

		while (end < all.len && is_key_byte(all.at[end]))
			end++;
		if ((at == 0 || !is_key_byte(all.at[at - 1])) &&
		    end - at >= prefix.len + form->len &&
		    (!form->exact || end - at == prefix.len + form->len) &&
		    !is_example(text_sub(all, at + prefix.len, end)))
			report_key(pass, at, end);
		at = end;
	}
}

/* The first line of a private key, when its content follows. */
static void
check_private_keys(struct lint_pass *pass)
{
	static const char begin[] = "-----BEGIN ", mark[] = "PRIVATE KEY-----";
	struct text all = pass->doc->src->bytes;

	for (size_t at = 0; (at = text_find(all, TEXT(begin), at)) < all.len;
	     at++) {
		size_t end = text_chr(all, '\n', at);
		struct text first = text_sub(all, at, end), second;

		second = text_trim(
			text_sub(all, end + 1, text_chr(all, '\n', end + 1)));
		if (text_ends(text_trim(first), mark) && second.len >= 60 &&
		    text_chr(second, ' ', 0) == second.len &&
		    !is_example(second))
			report_key(pass, at, end);
	}
}

static void
check(struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->n_commands; i++)
		check_arguments(pass, &pass->commands[i].c);
	for (uint32_t i = 0; i < pass->n_commands; i++)
		check_ssh(pass, &pass->commands[i]);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		check_form(pass, &forms[i]);
	check_private_keys(pass);
}

const struct lint_family lint_family_secret = { "secret", check };
