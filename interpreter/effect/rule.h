/* The rows of the effect table: what is known of each program. The built-in
 * ones are made of schema/effects.yaml and schema/effects/ at build time; the
 * same structs carry the rows of a team (judge.h, effect_rules_add).
 *
 * All strings are borrowed and outlive the table. Lists inside a string are
 * separated by blanks, alternatives of verbs by " | ". */
#ifndef EFFECT_RULE_H
#define EFFECT_RULE_H

#include "diag/span.h"
#include "effect/level.h"

enum effect_condition_kind {
#define EFFECT_CONDITION(key, symbol) EFFECT_IF_##symbol,
#include "effect/conditions.def"
#undef EFFECT_CONDITION
};

struct effect_condition {
	enum effect_condition_kind kind;
	bool negated; /* stood under "unless" */
	const char *arg;
};

enum effect_runs_how {
#define EFFECT_RUNS(name, symbol) EFFECT_RUNS_##symbol,
#include "effect/runs.def"
#undef EFFECT_RUNS
};

/* A command inside the command. NULL and 0: not so. */
struct effect_runs {
	enum effect_runs_how how;
	const char *hop;      /* element of the chain; "@name": the program as
			       * it is called; NULL adds none */
	unsigned from;        /* the operand that it begins with, from 1;
			       * 0: operands do not count; where the rule asks
			       * for some behind "--", the first of those */
	const char *option;   /* options whose value it is */
	const char *file;     /* options that name a file of it */
	const char *program;  /* options whose value is its first word */
	const char *target;   /* options, operand number: where it runs */
	const char *user;     /* options: as whom */
	const char *tty;      /* options: on a terminal */
	const char *input;    /* options: standard input is handed on */
	const char *language; /* of a client or interpreter */
	bool adds;            /* operands that nobody knows are added */
	bool assigns;         /* NAME=VALUE may stand in front of it */
	bool ends;            /* it is ended after a time */
};

struct effect_rule {
	const char *id;       /* "docker.volume-rm" */
	const char *verb;     /* "volume rm | volume remove"; NULL: any */
	uint32_t verb_begins; /* a bit for the low five of each first byte of
			       * VERB, so of a letter in any case; all ones:
			       * any. 0: not worked out (rows of a team) */
	const struct effect_condition *conditions;
	unsigned n_conditions;
	enum effect_level level;
	unsigned tags;
	enum effect_io io;
	bool settles;  /* where it fits, rules that do not settle are void */
	bool suspects; /* destructive words among the operands raise it */
	bool renews;   /* what stands there is another version afterwards */
	bool mounts;   /* what lies below /tmp may be kept elsewhere from then
			* on */
	const char *onto; /* the file that is written over: "2", "last", an
			   * operand, or what is in front of it in a folder
			   * of that name; "here", each operand's last part;
			   * "-f", the value of an option; NULL: none */
	const struct effect_runs *runs;
	const char *why;   /* one sentence without a full stop */
	const char *undo;  /* NULL: nothing known */
	const char *check; /* NULL: nothing to look at first */
};

/* Options of one verb path ("compose up"), in the notation of spec.h. */
struct effect_verb {
	const char *verb;
	const char *options;
	uint32_t begins; /* as verb_begins of a rule */
};

struct effect_program {
	const char *name;
	const char *options;
	const struct effect_verb *verbs;
	unsigned n_verbs;
	const struct effect_rule *rules;
	unsigned n_rules;
	bool nocase;  /* verbs in any case: SQL, redis */
	bool project; /* lies in the project: "bin/rails", "python manage.py" */
};

/* A name under which a program is called; PREFIX is the verb that the name
 * stands for ("docker-compose": "compose"), or NULL. */
struct effect_name {
	const char *name;
	const struct effect_program *program;
	const char *prefix;
};

#endif
