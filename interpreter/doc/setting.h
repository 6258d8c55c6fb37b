/* Annotations as typed values. All of them take an annotation or NULL, and
 * give what the caller says, or nothing, where a key is not set: what
 * annotation_read let through is of the right type. */
#ifndef DOC_SETTING_H
#define DOC_SETTING_H

#include "doc/annotation.h"
#include "effect/judge.h"

/* The text of KEY (NAME, HOST, CWD, WHEN, UNDO), or "". */
struct text setting_text(const struct annotation *a, enum key key);

bool setting_bool(const struct annotation *a, enum key key, bool otherwise);
int64_t setting_ms(const struct annotation *a, enum key key, int64_t otherwise);

/* How many values a LIST, INTS or mapping has, and the I-th of them; for a
 * mapping also its name. One value alone counts as a list of one. */
uint32_t setting_count(const struct ynode *value);
const struct ynode *setting_at(const struct ynode *value, uint32_t i);
struct text setting_name_at(const struct ynode *value, uint32_t i);

/* What the key says; false when it is not set. */
bool setting_level(const struct annotation *a, enum effect_level *ret);
bool setting_io(const struct annotation *a, enum effect_io *ret);

enum setting_mode {
	MODE_INFERRED, /* the key is not set */
	MODE_SEQUENCE,
	MODE_MENU
};

enum setting_mode setting_mode(const struct annotation *a);

/* True when the step is to be confirmed; *RET is then the question's words, or
 * "". */
bool setting_confirm(const struct annotation *a, struct text *ret);

struct retry {
	uint32_t attempts;         /* at least 1 */
	int64_t delay_ms;          /* 0: none */
	const struct ynode *until; /* as the value of expect, or NULL */
};

/* False when the step is run once. */
bool setting_retry(const struct annotation *a, struct retry *ret);

/* Options of set -o for the shells of the steps, or NULL, and the time that a
 * step may take where it says nothing itself. A is the document's. */
const struct ynode *setting_shell_options(const struct annotation *a);
int64_t setting_default_timeout_ms(const struct annotation *a,
				   int64_t otherwise);

/* One row per word of KEY_TYPE_PARAM_TYPE, in its order. */
enum param_type {
	PARAM_STRING,
	PARAM_INT,
	PARAM_BOOL,
	PARAM_DATE,
	PARAM_CHOICE,
	PARAM_PATH,
	PARAM_HOST,
	PARAM_USER,
	PARAM_PORT,
	PARAM_WORDS /* several words, each quoted by itself */
};

struct param_definition {
	struct text name;
	struct span where; /* of the name */
	enum param_type type;
	const struct ynode *value;   /* the default, or NULL */
	const struct ynode *pattern; /* or NULL */
	const struct ynode *choices; /* setting_at reads them; or NULL */
	struct text help;            /* or "" */
	uint32_t max;                /* bytes; 0: only the program's limit */
	bool secret;
	bool dash; /* a value may begin with "-" */
};

/* The definitions of `params`, in ARENA; NULL when there are none. */
const struct param_definition *setting_params(struct arena *arena,
					      const struct annotation *a,
					      uint32_t *ret_n);

const char *param_type_name(enum param_type type);

#endif
