/* A runbook as procedures of typed steps.
 *
 * A procedure is a section that itself holds at least one step; sections that
 * only contain others are groups. */
#ifndef GRAPH_RUNBOOK_H
#define GRAPH_RUNBOOK_H

#include "graph/step.h"

enum procedure_mode {
	PROCEDURE_SEQUENCE,
	PROCEDURE_MENU
};

struct procedure {
	struct runbook *runbook;
	const struct section *section;
	struct text path;    /* "deploy/rollback" */
	struct text heading; /* "Rollback" */
	struct text name;    /* annotated, or empty */
	uint32_t line;
	enum procedure_mode mode;
	struct step **steps;
	uint32_t n_steps;
	struct param **params; /* each once, in order of first use */
	uint32_t n_params;
	struct param **slots; /* the same by name (graph/param.c) */
	uint32_t n_slots;     /* a power of two, or 0 */
	const struct param_definition *defined; /* its own `params:` */
	uint32_t n_defined;
	struct text danger; /* the words of warning, or empty */
	struct span danger_where;
	enum effect_level level;  /* the worst of its steps, raised by words */
	struct procedure **needs; /* run before it */
	uint32_t n_needs;
	struct procedure **verify, **rollback, **on_failure;
	uint32_t n_verify, n_rollback, n_on_failure;
	const struct annotation *annotation;
	struct reason *reasons;
	bool understood; /* by procedure_understand */
};

struct settings; /* what its variables are set to */

struct runbook {
	struct document *doc; /* borrowed; its arena holds all of this */
	struct text id, title;
	struct procedure **procedures; /* in document order */
	uint32_t n_procedures;
	uint32_t n_steps;
	const struct param_definition *defined; /* `params:` of the document */
	uint32_t n_defined;
	const struct effect_rules *rules;
	struct diag_sink *sink;
	struct settings *settings; /* graph/settings.c; NULL: not asked yet */
};

/* The procedures of DOC and the texts of their steps, in its arena; nothing
 * else about the steps is known yet. RULES will judge effects
 * (effect_rules_builtin or more). What is wrong is reported to SINK, which
 * must live as long as the runbook. Never NULL. */
struct runbook *runbook_open(struct document *doc,
			     const struct effect_rules *rules,
			     struct diag_sink *sink);

/* All inferences for P and for what it needs. Each procedure is understood
 * alone, so that a command that names one does not pay for the others. */
void procedure_understand(struct procedure *p);

/* Both, for every procedure. */
struct runbook *runbook_build(struct document *doc,
			      const struct effect_rules *rules,
			      struct diag_sink *sink);

const char *procedure_mode_name(enum procedure_mode mode);

/* The procedures whose path, last part of the path, annotated name or heading
 * is NAME, exactly or, when none is, in any case. Appends them to RET in
 * document order. An exact path wins alone. */
void runbook_find(const struct runbook *rb, struct text name,
		  struct procedure **ret, uint32_t max, uint32_t *ret_n);

/* Up to MAX procedures whose names are nearest to NAME, nearest first. */
uint32_t runbook_nearest(const struct runbook *rb, struct text name,
			 struct procedure **ret, uint32_t max);

/* The steps of P that TEXT means: one by its number, its id, its annotated name
 * or a label that says which of several it is, else all with this title in any
 * case. Up to MAX of them into RET;
 * returns how many there are. */
uint32_t procedure_steps(const struct procedure *p, struct text text,
			 struct step **ret, uint32_t max);

/* The only one of them, or NULL. */
struct step *procedure_step(const struct procedure *p, struct text text);

/* The parameter NAME of P, or NULL. */
struct param *procedure_param(const struct procedure *p, struct text name);

/* True when NAME means P: the same letters, "-" and "_" alike. */
bool param_is_called(const struct param *p, struct text name);

#endif
