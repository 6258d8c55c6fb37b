/* The words of one command, and which of them are options, values and
 * operands. */
#ifndef EFFECT_ARGS_H
#define EFFECT_ARGS_H

#include "base/arena.h"
#include "effect/files.h"
#include "effect/rule.h"
#include "effect/spec.h"
#include "shell/word.h"

/* One argument. */
struct arg {
	struct value raw; /* for a shell that reads it again */
	struct text text; /* without quotes; a NUL where not known */
	bool exact;       /* nothing in it is unknown, and no pattern */
	bool opaque;      /* something in it is not known */
	const struct excerpt *source; /* the text that holds it … */
	uint32_t start, end;          /* … here */
	const struct word *word;      /* NULL: no word of a shell */
	const struct script *script;  /* of WORD */
	bool added;  /* by what xargs is fed; it is in no text */
	bool each;   /* it holds a name that find or xargs put in, which is
		      * another one each time */
	bool pasted; /* what find or xargs put in is a part of it: a shell
		      * that reads it runs the names of files */
};

struct option_use {
	struct text names; /* as in the specification; empty: not in it */
	struct text name;  /* "-x", "--name": one letter of a bundle alone */
	struct text value; /* empty: none */
	bool has_value;
	bool exact;             /* the value is known */
	bool writes;            /* it names a file that is written over */
	uint32_t arg;           /* index of the word that holds the option */
	uint32_t value_arg;     /* of the word that holds its value */
	uint32_t block, n_args; /* SPEC_BLOCK: its words */
};

enum {
	ARGS_SPECS = 4 /* of the program, and up to three words of a verb */
};

struct args {
	const struct effect_program *program;
	const char *specs[ARGS_SPECS]; /* that held, outermost first */
	unsigned n_specs;
	const struct arg *v; /* v[0] is the program */
	uint32_t n;
	struct option_use *options;
	uint32_t n_options;
	uint32_t *operands; /* indices into v */
	uint32_t n_operands;
	uint32_t n_before_dashes; /* operands in front of "--" */
	uint32_t n_open; /* operands in whose place an option could stand */
	bool unsure;     /* an option in front of the verb is not in the
			  * specification, and might take a value */
	bool has_input;  /* standard input is no terminal */
	struct text fed; /* all that standard input has, without blanks around
			  * it; empty: nothing, or not known */
	struct file_look look; /* how files look from there */
	bool renewed;     /* a pull or build stands in front, in one step */
	bool adds;        /* files that options name are added to */
	uint32_t n_named; /* SQL: operands that name the statement, at least */
	uint32_t n_objects; /* SQL: operands that it is about; 0: all others */
	struct text words;  /* SQL: " drop table if exists t ", for phrases */
};

/* Sort the words V by the specification of PROGRAM. GREEDY: unknown options
 * in front of the verb take a value. */
void args_parse(struct arena *arena, const struct effect_program *program,
		const struct arg *v, uint32_t n, bool greedy, struct args *ret);

/* The last use of any of NAMES (separated by blanks), or NULL. */
const struct option_use *args_option(const struct args *a, const char *names);

/* USE is one of NAMES (separated by blanks). */
bool option_is_named(const struct option_use *use, const char *names);

/* The text of operand I. */
struct text args_operand(const struct args *a, uint32_t i);

/* The value of the options that WHICH names, else the operand whose number
 * stands there, too (from 1, counted behind N_VERB words): "-d 1"; NULL gives
 * an empty text. */
struct text args_which(const struct args *a, uint32_t n_verb,
		       const char *which);

/* E between two other texts. */
struct excerpt excerpt_between(struct arena *arena, const char *before,
			       struct excerpt e, const char *behind);

/* E with something behind it that is not known. */
struct excerpt excerpt_open(struct arena *arena, struct excerpt e);

#endif
