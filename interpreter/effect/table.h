/* Finding what is known of a program. */
#ifndef EFFECT_TABLE_H
#define EFFECT_TABLE_H

#include "effect/judge.h"
#include "effect/rule.h"

/* What a name stands for: the built-in program, and the rows of a team, which
 * stand behind each other in MORE. */
struct known {
	const struct effect_program *program; /* NULL: not built in */
	struct text prefix; /* the verb that the name stands for; or empty */
	const struct extra_program *more;
};

/* One program that the operator or a document added rows for. */
struct extra_program {
	struct effect_program program;
	enum effect_origin origin;
	struct span where;
	const struct extra_program *next; /* of the same name */
};

/* Look NAME up, exactly as it is. */
bool table_find(const struct effect_rules *rules, struct text name,
		struct known *ret);

/* What WORD, the first of a command, calls: a path to a system folder counts
 * by its last part; another path only for what lies in a project. */
bool table_find_command(const struct effect_rules *rules, struct text word,
			struct known *ret);

/* The built-in program NAME, which must be there: ":sql". */
const struct effect_program *table_need(const char *name);

/* How files are looked at, or NULL. */
const struct effect_files *table_files(const struct effect_rules *rules);

/* The function NAME that the document defines somewhere, or NULL. */
const struct effect_function *table_function(const struct effect_rules *rules,
					     struct text name);

/* All built-in programs; for tests. */
const struct effect_program *table_programs(unsigned *ret_n);

/* What is wrong with the rule, as a phrase, or NULL. */
const char *rule_check(const struct effect_program *program,
		       const struct effect_rule *rule);

#endif
