/* Options of the command line. One table per command drives the parser, its
 * errors, --help, the man page's check and completion.
 *
 * Our own parser, because getopt_long takes every unambiguous abbreviation:
 * with it each new option would break somebody's script. */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum opt_kind {
	OPT_FLAG,
	OPT_TEXT,
	OPT_LIST
};

struct opt {
	const char *name; /* "json"; NULL ends a table */
	char letter;      /* 'q', or 0 */
	enum opt_kind kind;
	const char *value; /* "NAME=VALUE", for help; NULL for flags */
	const char *help;
	bool environment; /* RUNBOOK_<NAME> may give it */
};

/* What was given. */
struct opts {
	const struct opt *tables[2]; /* the command's, the common ones */
	const char **operands;
	size_t n_operands;
	struct opt_value *values; /* in the order given */
	size_t n_values;
	struct text unknown; /* what no table has, or empty */
};

/* Parse ARGV (without the command's own name). --name=value, --name value,
 * -xvalue, -x value, bundled flags, --no-name for flags, options after
 * operands, "--" ends options. Strings are borrowed from ARGV. Returns 0, or
 * -1 with a message of one or two lines in RETERR. */
int opts_parse(struct opts *o, const struct opt *own, const struct opt *common,
	       int argc, char **argv, struct buf *reterr);
void opts_release(struct opts *o);

/* Asking for a name that no table has is our bug. */
bool opts_flag(const struct opts *o, const char *name);
const char *opts_text(const struct opts *o, const char *name); /* or NULL */

/* All values of a list option, NULL at the end; the caller frees the array,
 * not the strings. */
const char **opts_list(const struct opts *o, const char *name, size_t *ret_n);

/* True when ARG is an option of TABLE whose value is the next word. */
bool opts_takes_next(const struct opt *table, const char *arg);

/* Append a help line per option of TABLE. */
void opts_help(struct buf *b, const struct opt *table);

#endif
