/* Places in a command that a reader is meant to fill in. Found before the
 * shell is parsed, because to bash "<name>" is a redirection. */
#ifndef SHELL_PLACEHOLDER_H
#define SHELL_PLACEHOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

enum placeholder_kind {
	PLACEHOLDER_ANGLE,    /* <name>, also <<NAME>> of some templates */
	PLACEHOLDER_CURLY,    /* {{name}} that is no template expression */
	PLACEHOLDER_YOUR,     /* YOUR_X, your-x-here */
	PLACEHOLDER_CHANGE,   /* CHANGE_ME, CHANGE_THIS_PASSWORD; x of
			       * "NAME=x # CHANGEME" */
	PLACEHOLDER_DATE,     /* YYYYMMDD, YYYY-MM-DD */
	PLACEHOLDER_DUMMY,    /* 'PASSWORD', 'SECURE_PASSWORD' as a value */
	PLACEHOLDER_CAPITALS, /* -n NAMESPACE, root@HOST */
	PLACEHOLDER_EXAMPLE,  /* user@example.com in credentials */
	PLACEHOLDER_BRACKET,  /* [NAME] */
	PLACEHOLDER_BRACE,    /* {name} alone in a word */
	PLACEHOLDER_XXX,      /* xxx, XXXX */
	PLACEHOLDER_DEVICE,   /* /dev/sdX */
	PLACEHOLDER_PATH,     /* /path/to/server.crt */
	PLACEHOLDER_ELLIPSIS  /* ... as an argument */
};

enum placeholder_certainty {
	PLACEHOLDER_CERTAIN,
	PLACEHOLDER_LIKELY,  /* still stops a step until it has a value */
	PLACEHOLDER_POSSIBLE /* reported, never a parameter by itself */
};

struct placeholder {
	uint32_t start, end; /* what a value replaces, e.g. "<commit-hash>" */
	enum placeholder_kind kind;
	enum placeholder_certainty certainty;
	struct text name; /* "commit-hash"; bytes of the text scanned */
	bool secret;      /* the name says password, token, secret, key */
};

/* All placeholders of the shell text T, by offset, in ARENA; T must outlive
 * them. Knows quotes, comments and here-documents (what stands in a body is
 * only POSSIBLE here: when a shell reads the body, its own script has it). To
 * add a kind: the enum, placeholder_kind_name, a recogniser in spot_*.c. */
const struct placeholder *placeholder_scan(struct arena *arena, struct text t,
					   uint32_t *ret_n);

/* The name says that its value is nobody's business (design, section 4):
 * password, token, secret, key. */
bool text_is_secret(struct text name);

const char *placeholder_kind_name(enum placeholder_kind kind);

/* What makes it one, as in "'<name>' is …". */
const char *placeholder_kind_help(enum placeholder_kind kind);

#endif
