/* What a word means once quotes are gone, as far as that can be known. */
#ifndef SHELL_WORD_H
#define SHELL_WORD_H

#include <stdbool.h>

#include "base/arena.h"
#include "shell/ast.h"

enum value_state {
	VALUE_EXACT,   /* bytes are the word's value */
	VALUE_PARTIAL, /* bytes are the known beginning; the rest is unknown */
	VALUE_UNKNOWN
};

/* Why a value is not exact, or what it went through. */
enum value_trait {
	VALUE_HAS_PARAM = 1 << 0,       /* an unknown variable */
	VALUE_HAS_COMMAND = 1 << 1,     /* a substitution */
	VALUE_HAS_GLOB = 1 << 2,        /* an unquoted pattern */
	VALUE_HAS_PLACEHOLDER = 1 << 3, /* still to be filled in */
	VALUE_HAS_TILDE = 1 << 4,       /* "~" kept as written */
	VALUE_FROM_CONSTANT = 1 << 5,   /* a variable with one known value */
	VALUE_QUOTED = 1 << 6           /* some quoting was removed */
};

struct value {
	enum value_state state;
	unsigned traits;
	bool one_field;       /* exactly one argument, whatever the unknowns */
	struct excerpt bytes; /* with their way back to the document; unknown
			       * stretches of a PARTIAL value inside quotes are
			       * not in it */
};

/* Constants: variables whose value at this point is certain. */
struct scope;

struct scope *scope_new(struct arena *arena);
struct scope *scope_copy(struct arena *arena, const struct scope *from);

/* Take note of what STATEMENT of S does to variables and functions: literal
 * assignments are kept, everything doubtful (branches, loops, read, eval,
 * source, unset, IFS …) forgets. Call in order of execution. */
void scope_run(struct scope *scope, const struct script *s,
	       const struct statement *statement);

/* The body of the function NAME when exactly one definition is known, with
 * the script that holds it; NULL otherwise. */
const struct node *scope_function(const struct scope *scope, struct text name,
				  const struct script **ret_script);

/* True when NAME is or may be a function or an alias of this text. */
bool scope_shadows(const struct scope *scope, struct text name);

/* The value of variable NAME, or UNKNOWN. */
struct value scope_variable(const struct scope *scope, struct text name);
void scope_set(struct scope *scope, struct text name, struct value value);

/* The value of one word as ONE field (brace expansion not applied). SCOPE may
 * be NULL. */
struct value word_value(struct arena *arena, const struct script *s,
			const struct word *w, const struct scope *scope);

/* The arguments that the words of a simple command become: brace expansion
 * applied, a constant without blanks in place of its variable, an unquoted
 * unknown kept as one value whose one_field is false. At most
 * LIMIT_SHELL_NODES of them. */
struct value *words_expand(struct arena *arena, const struct script *s,
			   struct word *const *words, uint32_t n_words,
			   const struct scope *scope, uint32_t *ret_n);

#endif
