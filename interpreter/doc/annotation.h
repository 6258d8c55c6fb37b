/* Settings that an author attached to a document, a procedure or a block:
 * `runbook:` in the front matter, <!-- runbook: {…} --> above a heading or
 * block, braces in the info string. One table (keys.def), one reader. */
#ifndef DOC_ANNOTATION_H
#define DOC_ANNOTATION_H

#include "doc/ytree.h"

enum key {
#define KEY(symbol, name, scopes, type, help) KEY_##symbol,
#include "doc/keys.def"
#undef KEY
	KEY_COUNT
};

/* Where a key may stand; bits. */
enum key_scope {
	SCOPE_DOCUMENT = 1,
	SCOPE_PROCEDURE = 2,
	SCOPE_STEP = 4
};

enum key_type {
	KEY_TYPE_TEXT, /* not empty */
	KEY_TYPE_BOOL,
	KEY_TYPE_DURATION,   /* more than 0 */
	KEY_TYPE_INTS,       /* one integer or a list of them */
	KEY_TYPE_LIST,       /* one text or a list of texts */
	KEY_TYPE_MAP,        /* text to text */
	KEY_TYPE_MODE,       /* sequence | menu */
	KEY_TYPE_IO,         /* batch | follow | interactive */
	KEY_TYPE_LEVEL,      /* reads | changes | disrupts | destroys */
	KEY_TYPE_CONFIRM,    /* bool or text */
	KEY_TYPE_EXPECT,     /* text, or a mapping of want kinds */
	KEY_TYPE_RETRY,      /* {attempts, delay, until} */
	KEY_TYPE_CAPTURE,    /* parameter name to regex */
	KEY_TYPE_PARAMS,     /* parameter name to its definition */
	KEY_TYPE_DEFAULTS,   /* {timeout, shell} */
	KEY_TYPE_EFFECTS,    /* words of a command to its level */
	KEY_TYPE_PROCEDURES, /* section path to procedure keys */

	/* only within values (doc/subkeys.def) */
	KEY_TYPE_ANY,          /* whatever is no null */
	KEY_TYPE_STRING,       /* a text that may be empty */
	KEY_TYPE_STRINGS,      /* one such text or a list of them */
	KEY_TYPE_DELAY,        /* a duration that may be 0 */
	KEY_TYPE_COUNT,        /* an integer from 1 on */
	KEY_TYPE_PARAM_TYPE,   /* string | int | … */
	KEY_TYPE_SHELL_OPTIONS /* names for set -o */
};

struct key_info {
	const char *name;
	unsigned scopes;
	enum key_type type;
	const char *help;
};

const struct key_info *key_info(enum key key);

/* The key called NAME, or -1. */
int key_by_name(struct text name);

/* One annotation: the checked value of each key, NULL where it has none. */
struct annotation {
	struct span where;
	const struct ynode *value[KEY_COUNT];
};

/* Check the mapping NODE against the keys of SCOPE and return it as an
 * annotation in ARENA. Unknown keys (with the nearest known name), keys of
 * another scope and wrong types are reported; they are left out. Keys that
 * begin with "x-" are the author's own. NULL when NODE is no mapping. */
struct annotation *annotation_read(struct arena *arena,
				   const struct ynode *node, unsigned scope,
				   struct diag_sink *sink);

/* MORE over LESS: a key set in MORE wins. Either may be NULL. */
const struct annotation *annotation_merge(struct arena *arena,
					  const struct annotation *less,
					  const struct annotation *more);

/* Value of KEY, or NULL; A may be NULL. */
const struct ynode *annotation_get(const struct annotation *a, enum key key);

#endif
