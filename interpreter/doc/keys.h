/* Checking the values of annotations against the tables of keys. */
#ifndef DOC_KEYS_H
#define DOC_KEYS_H

#include "doc/annotation.h"

/* Mappings within values, and their keys (doc/subkeys.def). */
enum key_group {
	GROUP_PARAM,
	GROUP_RETRY,
	GROUP_EXPECT,
	GROUP_DEFAULTS
};

struct subkey_info {
	const char *name;
	const char *help;
	enum key_group group;
	enum key_type type;
};

/* Row I of the table; NULL past its end. */
const struct subkey_info *subkey_at(size_t i);

/* True when VALUE is what TYPE asks for; else it has been reported, with the
 * name of its KEY. */
bool key_check(const char *key, enum key_type type, const struct ynode *value,
	       struct diag_sink *sink);

/* For types that are a choice of words (MODE, IO, LEVEL, PARAM_TYPE,
 * SHELL_OPTIONS): the words, ended by NULL; NULL for other types. */
const char *const *key_words(enum key_type type);

/* Which of the words of TYPE the text is, or -1. */
int key_word_index(enum key_type type, struct text t);

/* What is one of these when values are looked at: "a duration such as 30s". */
const char *key_type_wants(enum key_type type);

/* For help: the name nearest to NAME, at most two edits away, kept in *BEST
 * with its distance. Start with BEST NULL. */
struct nearest {
	const char *best;
	unsigned distance;
};
void nearest_try(struct nearest *n, struct text name, const char *candidate);

#endif
