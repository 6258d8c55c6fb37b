/* What a word means once quotes are gone, as far as that can be known. */
#ifndef SHELL_WORD_H
#define SHELL_WORD_H

#include <stdbool.h>

#include "base/arena.h"
#include "shell/ast.h"

enum value_state {
	VALUE_EXACT,   /* bytes are the word's value */
	VALUE_PARTIAL, /* bytes are the known beginning (maybe none of it), the
			* rest is not all known */
	VALUE_UNKNOWN  /* nothing is known */
};

/* Why a value is not exact, or what it went through. */
enum value_trait {
	VALUE_HAS_PARAM = 1 << 0,       /* an unknown variable */
	VALUE_HAS_COMMAND = 1 << 1,     /* a substitution */
	VALUE_HAS_GLOB = 1 << 2,        /* an unquoted pattern: PARTIAL; the
					 * pattern as written is in text */
	VALUE_HAS_PLACEHOLDER = 1 << 3, /* still to be filled in */
	VALUE_HAS_TILDE = 1 << 4,       /* "~" kept as written: EXACT */
	VALUE_FROM_CONSTANT = 1 << 5,   /* a variable with one known value */
	VALUE_QUOTED = 1 << 6,          /* some quoting was removed */
	VALUE_HAS_ARITH = 1 << 7,       /* $((…)): one unknown number */
	VALUE_HAS_OPAQUE = 1 << 8       /* unknown already to the outer shell */
};

struct value {
	enum value_state state;
	unsigned traits;
	bool one_field;       /* exactly one argument, whatever the unknowns */
	struct excerpt bytes; /* what is known for certain, from the beginning,
			       * with its way back to the document */
	struct excerpt text;  /* all of it, for a shell that reads it again
			       * (ssh, sh -c, eval): placeholders and patterns
			       * as written, each other unknown stretch as one
			       * NUL byte, which shell_parse reads as
			       * PART_OPAQUE; EXACT: the same as bytes */
};

/* Constants: variables whose value at this point is certain. */
struct scope;

struct scope *scope_new(struct arena *arena);
struct scope *scope_copy(struct arena *arena, const struct scope *from);

/* The scope of a shell that is started from one with FROM: its exported
 * functions and, with VARIABLES, its exported constants. */
struct scope *scope_inherited(struct arena *arena, const struct scope *from,
			      bool variables);

/* Whoever knows what files and pipes hold (effect/) tells it here. */
enum scope_source {
	SCOPE_SOURCE_TEXT,   /* this text */
	SCOPE_SOURCE_UNREAD, /* nobody knows, and the command is judged so */
	SCOPE_SOURCE_LOST    /* it may be known elsewhere, but not here */
};

struct scope_reader {
	/* What NODE of S, a "." or "source" of FILE, reads. */
	enum scope_source (*source)(void *ctx, const struct script *s,
				    const struct node *node,
				    const struct value *file,
				    struct scope *scope, struct excerpt *ret);
	void *ctx;
};

/* Take note of what STATEMENT of S does to variables, functions and the folder:
 * literal assignments are kept, everything doubtful (branches, loops, read,
 * unread code, unset, IFS …) forgets. Texts of eval and trap, and of "." as far
 * as READER (NULL: nobody) knows them, are gone through, and bodies of
 * functions that are called. Call in order of execution. */
void scope_run(struct scope *scope, const struct script *s,
	       const struct statement *statement,
	       const struct scope_reader *reader);

/* The same when it is known to have ended with status 0, so that `cd DIR` and
 * all of a && b were done. */
void scope_succeed(struct scope *scope, const struct script *s,
		   const struct statement *statement,
		   const struct scope_reader *reader);

/* Forget what LIST may change, whenever and however often it is run: for the
 * body of a loop or a function before it is looked at. */
void scope_forget_list(struct scope *scope, const struct script *s,
		       const struct list *list);

/* The body of the function NAME when exactly one definition is known, with
 * the script that holds it; NULL otherwise. */
const struct node *scope_function(const struct scope *scope, struct text name,
				  const struct script **ret_script);

/* True when NAME is or may be a function or an alias of this text. */
bool scope_shadows(const struct scope *scope, struct text name);

/* Look through STATEMENT of S, before it runs, for a subscript that is quoted
 * and holds a substitution, such as 'a[$(date)]': bash runs that when it
 * evaluates a variable with this value. From then on a variable whose value is
 * not known may do so, and scope_is_armed holds. SCOPE may be NULL there. */
void scope_look(struct scope *scope, const struct script *s,
		const struct statement *statement);
bool scope_is_armed(const struct scope *scope);

/* NAME is declared -i, -u … or readonly, so that what is assigned is not what
 * it becomes: for -i, the value is evaluated. */
bool scope_is_odd(const struct scope *scope, struct text name);

/* The value of variable NAME, or UNKNOWN. */
struct value scope_variable(const struct scope *scope, struct text name);
void scope_set(struct scope *scope, struct text name, struct value value);

/* The folder that the shell is in: EXACT, with an absolute path, one below a
 * home ("~/app", as written) or one below the folder in which the shell began
 * (empty: there itself); else UNKNOWN. */
struct value scope_folder(const struct scope *scope);
void scope_set_folder(struct scope *scope, struct value folder);

/* What stands below /tmp may be what is kept elsewhere from here on: something
 * was mounted there, or a link made. */
void scope_mount(struct scope *scope);
bool scope_has_mounts(const struct scope *scope);

/* Go to PATH, as cd does without looking (bash(1), cd without -P). */
void scope_enter(struct scope *scope, struct text path);

/* The value of one word as ONE field (brace expansion not applied). SCOPE may
 * be NULL. */
struct value word_value(struct arena *arena, const struct script *s,
			const struct word *w, const struct scope *scope);

/* The text of a here-document as the command reads it: line continuations and
 * the tabs of <<- gone, expansions as in double quotes. Always one field. */
struct value heredoc_value(struct arena *arena, const struct script *s,
			   const struct heredoc *heredoc,
			   const struct scope *scope);

/* The arguments that the words of a simple command become: brace expansion
 * applied, constants split at blanks in place of their variables, an unquoted
 * unknown kept as one value whose one_field is false. A word of which
 * too much would become (LIMIT_BRACE_ITEMS, LIMIT_BRACE_BYTES of the arena) is
 * one UNKNOWN value. */
const struct value *words_expand(struct arena *arena, const struct script *s,
				 struct word *const *words, uint32_t n_words,
				 const struct scope *scope, uint32_t *ret_n);

/* The texts of N values with one blank between them, as ssh and eval make one
 * command of their words; a blank's place is the gap between the words. EXACT
 * when all are, UNKNOWN and PARTIAL likewise; one field. */
struct value values_join(struct arena *arena, const struct value *values,
			 uint32_t n);

#endif
