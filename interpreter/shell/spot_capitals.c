/* NAMESPACE, NODE_NAME, root@HOST: an operand in capitals that names what
 * belongs there. Only words for what commands are given count: HEAD, SIGTERM
 * and POST are meant as they stand. */
#include "base/limits.h"
#include "shell/spot.h"

static const char *const nouns[] = {
	"ACCOUNT",     "ADDRESS",      "APP",       "APPLICATION", "BRANCH",
	"BUCKET",      "CLUSTER",      "COMMIT",    "CONTAINER",   "COUNT",
	"DATABASE",    "DEPLOYMENT",   "DIRECTORY", "DOMAIN",      "EMAIL",
	"ENVIRONMENT", "FILE",         "FILENAME",  "FOLDER",      "HASH",
	"HOST",        "HOSTNAME",     "ID",        "IDENTIFIER",  "INSTANCE",
	"IP",          "KEY",          "LOCATION",  "NAME",        "NAMESPACE",
	"NODE",        "NUMBER",       "ORG",       "PASSWORD",    "PATH",
	"POD",         "PORT",         "PROJECT",   "REGION",      "RELEASE",
	"REPO",        "REPOSITORY",   "SECRET",    "SERVER",      "SERVICE",
	"SIZE",        "SUBSCRIPTION", "TAG",       "TENANT",      "TOKEN",
	"URL",         "USER",         "USERNAME",  "UUID",        "VERSION",
	"VOLUME",      "WORKSPACE",    "ZONE",
};

static bool
is_noun(struct text t)
{
	for (size_t i = 0; i < ARRAY_LEN(nouns); i++) {
		if (text_is(t, nouns[i]))
			return true;
	}
	/* APPNAME, DBUSER */
	return t.len > 5 && (text_ends(t, "NAME") || text_ends(t, "HOST") ||
			     text_ends(t, "USER"));
}

/* One of the words that "_" and "-" part is such a noun. */
static bool
holds_noun(struct text token)
{
	size_t start = 0;

	for (size_t i = 0; i <= token.len; i++) {
		if (i < token.len && token.at[i] != '_' && token.at[i] != '-')
			continue;
		if (is_noun(text_sub(token, start, i)))
			return true;
		start = i + 1;
	}
	return false;
}

static bool
is_inner(char c)
{
	return (c >= 'A' && c <= 'Z') || byte_is_digit(c) || c == '_' ||
	       c == '-';
}

/* The word before the one that holds AT, on the same line; empty: none. */
static struct text
word_before(struct text t, size_t at)
{
	size_t end, start;

	while (at > 0 && !byte_is_space(t.at[at - 1]))
		at--;
	while (at > 0 && byte_is_blank(t.at[at - 1]))
		at--;
	end = start = at;
	while (start > 0 && end - start < LIMIT_PLACEHOLDER_BYTES &&
	       !byte_is_space(t.at[start - 1]))
		start--;
	return text_sub(t, start, end);
}

/* NAME=value, in front of a command. */
static bool
is_assignment(struct text word)
{
	size_t n = 0;

	while (n < word.len && (byte_is_alnum(word.at[n]) || word.at[n] == '_'))
		n++;
	return n > 0 && n < word.len && word.at[n] == '=';
}

/* The word that holds the spot is no operand: it is the command itself, or
 * what this one takes is the name of a variable, or a header to leave out. */
static bool
is_itself(const struct spot *spot, struct text token)
{
	static const char *const takers[] = {
		"export",   "unset",    "read",        "local",   "declare",
		"for",      "readonly", "typeset",     "-e",      "--env",
		"-E",       "printenv", "--build-arg", "getopts", "mapfile",
		"-o",       "--output", "--sort",      "--order", "--columns",
		"--fields", "--format", "-k",          "grep",    "egrep",
		"fgrep",    "rg",
	};
	struct text before = word_before(spot->t, spot->at);

	if (before.len == 0 || strchr(";|&({", before.at[before.len - 1]) ||
	    is_assignment(before))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(takers); i++) {
		if (text_is(before, takers[i]))
			return true;
	}
	return text_is(before, "-v") && text_is(token, "NAME");
}

/* TOKEN is a name that a longer one begins with: FOLDERNAME of
 * "FOLDERNAME_postgres_1". Short ones are names of their own: "ID_rsa". */
static bool
begins_name(struct text token, struct text behind)
{
	enum {
		LEAST = 8
	};
	size_t start = token.len;

	while (start > 0 && token.at[start - 1] != '_')
		start--;
	return token.len >= LEAST && text_at(behind, 0) == '_' &&
	       text_at(behind, 1) >= 'a' && text_at(behind, 1) <= 'z' &&
	       is_noun(text_sub(token, start, token.len));
}

/* What may stand behind: blanks, and what parts addresses, paths and names. In
 * "NAME:.metadata" it is the title of a column. */
static bool
ends_well(struct text behind)
{
	char c = text_at(behind, 0);

	if (c == ':')
		return text_at(behind, 1) != '.' && text_at(behind, 1) != '{';
	if (c == '-')
		return byte_is_alpha(text_at(behind, 1));
	return !c || strchr(" \t\n/@;)|&>", c);
}

bool
spot_capitals(const struct spot *spot, struct placeholder *ret)
{
	char before = spot_byte(spot, -1);
	size_t end = spot->at;
	struct text token, behind;

	if (spot->t.at[end] < 'A' || spot->t.at[end] > 'Z' || spot->quote ||
	    spot->in_body || (before && !strchr(" \t/=:@-", before)) ||
	    (before == '-' && !byte_is_alnum(spot_byte(spot, -2))))
		return false;
	while (end - spot->at < LIMIT_PLACEHOLDER_BYTES &&
	       is_inner(text_at(spot->t, end)))
		end++;
	while (end > spot->at && strchr("_-", spot->t.at[end - 1]))
		end--;
	token = text_sub(spot->t, spot->at, end);
	behind = text_sub(spot->t, end, spot->t.len);
	if (token.len < 2 || !holds_noun(token) ||
	    (!ends_well(behind) && !begins_name(token, behind)) ||
	    is_itself(spot, token))
		return false;
	return spot_found(ret, PLACEHOLDER_CAPITALS, PLACEHOLDER_LIKELY,
			  spot->at, end, token);
}
