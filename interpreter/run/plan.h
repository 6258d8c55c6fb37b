/* What would happen: every selected step in order, with its values, its effect
 * and what would stop it. Making a plan executes nothing and connects to
 * nothing.
 *
 * Life cycle: plan_make in the runbook's arena; it dies with the document. */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include "base/exit.h"
#include "base/hmac.h"
#include "run/values.h"

struct progress; /* run/progress.h */

/* What stands before a step; bits. */
enum plan_stop {
	STOP_VALUE = 1 << 0,     /* a parameter has no value */
	STOP_CHOICE = 1 << 1,    /* one of several is to be chosen */
	STOP_CONDITION = 1 << 2, /* a condition is to be judged */
	STOP_CONFIRM = 1 << 3,   /* the author or --step-by-step asks */
	STOP_EFFECT = 1 << 4,    /* disrupts or unknown: y/n */
	STOP_TYPED = 1 << 5,     /* destroys: the name is typed */
	STOP_TERMINAL = 1 << 6,  /* it wants a terminal */
	STOP_HUMAN = 1 << 7,     /* a human does it */
	STOP_REFUSED = 1 << 8    /* it cannot be run at all, whatever is said */
};

struct plan_item {
	const struct step *step;
	uint32_t number; /* in the plan, from 1 */
	struct resolved *resolved;
	unsigned stops;    /* after options: what still asks */
	bool named;        /* picked by --step */
	bool confirmed;    /* by --confirm with the right hash */
	bool dropped;      /* it was decided against, or left out */
	bool shown;        /* with its title and command */
	uint32_t attempts; /* of this run */
	bool begun, done;  /* handed over; ended well; in this run or before */
	bool passed;       /* it did not end well, and was passed over */
	enum effect_level begun_as; /* its level when it was handed over */
	bool lost;           /* done, and what it left in its shell is gone */
	const char *refusal; /* STOP_REFUSED: why */
	const char *lack;    /* what it takes from its shell is not there … */
	const struct step *lack_by; /* … for this step is not run */
	char hash[13]; /* of all that decides what it does: approvals are
			* bound to it */
	bool settled;  /* nothing that counts for it is open */
	struct value folder_after; /* in which its shell is then */
};

/* What the steps before one do to their shell, as far as that was gone
 * through. */
struct plan_chain {
	char hex[65];
	bool settled;
};

struct plan_options {
	const char *const *steps; /* --step, n of them */
	size_t n_steps;
	const char *from;           /* --from, or NULL */
	unsigned allow;             /* bit per enum effect_level */
	const char *const *confirm; /* --confirm */
	size_t n_confirm;
	bool read_only, step_by_step;
	const char *cwd;     /* where the call is made, or NULL */
	const char *who;     /* for whom: what HOME and USER hold */
	const char *hosts;   /* the digest of the ssh_config that was given, or
			      * NULL */
	const char *machine; /* its name, or NULL */
	const struct progress *resumed; /* the run that is gone on with, or
					 * NULL; and of its steps … */
	const char *const *takes; /* those that say which branches are taken
				   * and that conditions hold … */
	size_t n_takes;
	const char *const *leaves; /* … and that conditions do not, where they
				    * stand under one that is open */
	size_t n_leaves;
};

struct plan {
	struct arena *arena;
	struct runbook *runbook;
	struct procedure *procedure;
	const struct effect_rules *rules;
	const struct plan_options *options; /* borrowed */
	struct values *values;              /* borrowed */
	struct plan_item *items;
	uint32_t n_items;
	bool mixed; /* not all of them are steps of the procedure */
	enum effect_level worst;
	const struct branch **taken; /* of each choice that was made */
	uint32_t n_taken;
	struct judged *judged; /* conditions that were judged */
	uint32_t n_judged;
	uint32_t at;         /* items behind us */
	struct scope *scope; /* what the shell of this machine holds after
			      * them */
	struct plan_chain chain;
	bool has_key; /* for what a secret counts as, once one does */
	unsigned char key[HMAC_KEY_BYTES];
};

/* A condition, and whether it holds. */
struct judged {
	const struct condition *condition;
	bool holds;
};

/* Plan PROCEDURE with OPTIONS and VALUES. NULL with one message a line in
 * RETERR and the status to end with: an unknown step, a confirmation that fits
 * no selected step or not any more, a value that is not accepted, `needs` in a
 * circle. */
struct plan *plan_make(struct procedure *procedure,
		       const struct effect_rules *rules,
		       const struct plan_options *options,
		       struct values *values, struct buf *reterr,
		       enum exit_status *reterr_status);

/* The outermost choice before ITEM that has not been made, or NULL; its items
 * need no choice when they are named. */
const struct choice *plan_open_choice(const struct plan *plan,
				      const struct plan_item *item);

/* The outermost condition of ITEM that has not been judged, or NULL. */
const struct condition *plan_open_condition(const struct plan *plan,
					    const struct plan_item *item);

/* True when CHOICE was made, CONDITION judged. */
bool plan_is_made(const struct plan *plan, const struct choice *choice);
bool plan_is_judged(const struct plan *plan, const struct condition *condition);

/* BRANCH is taken: items of the other branches of its choice are dropped.
 * CONDITION holds or not: if not, its items are dropped. Both work out all
 * stops again. */
void plan_take(struct plan *plan, const struct branch *branch);
void plan_judge(struct plan *plan, const struct condition *condition,
		bool holds);

/* The item that NAME means, by number, name or title as of procedure_step, or
 * by its id; NULL: none, or several. */
struct plan_item *plan_find(const struct plan *plan, const char *name);

/* "3 of 7": among the steps of the procedure, as a plan of all of it numbers
 * them, or among those of the plan when others are needed first. */
struct plan_number {
	uint32_t at, of;
};

struct plan_number plan_number(const struct plan *plan,
			       const struct plan_item *item);

/* "path.2@3f9a1c20b7de": what --confirm takes for ITEM. Owned by the arena. */
const char *plan_confirm_id(struct plan *plan, struct plan_item *item);

/* Every parameter of the procedure and of those that it needs, each once. In
 * the arena. */
struct param **plan_params(const struct plan *plan, uint32_t *ret_n);

/* Is what is called NAME a secret in any of these procedures? */
bool plan_is_secret(const struct plan *plan, struct text name);

/* How what ITEM lacks can be had, or what is left to do under --read-only; or
 * NULL. In the arena. */
const char *plan_refusal_help(const struct plan *plan,
			      const struct plan_item *item);

/* What must be typed before a destroying step: the object that goes, or the
 * folder when that is a pattern, "." or an option; of a dump that is restored
 * what it is restored into. Where that is not known, or nothing that could be
 * typed, the name of the host. */
struct plan_word {
	struct text word;
	bool is_host;
	struct text unknown; /* the object, as it is written, or empty */
};

struct plan_word plan_word(const struct plan *plan,
			   const struct plan_item *item);

/* The host on which the worst that ITEM does happens, as its command calls it;
 * empty: this machine. A step that runs here may reach another by ssh. */
struct text plan_host(const struct plan_item *item);

/* The same for people: "web1", "local", "db1 (from local)". In SCRATCH. */
const char *plan_host_name(const struct plan_item *item, struct buf *scratch);

/* Where the worst that ITEM does happens, when that matters to it. */
enum plan_folder {
	PLAN_FOLDER_NONE,   /* it does not matter */
	PLAN_FOLDER_OPEN,   /* it is not known */
	PLAN_FOLDER_HERE,   /* PATH below the folder of the call */
	PLAN_FOLDER_LOGIN,  /* PATH below the one of a login on the host */
	PLAN_FOLDER_CERTAIN /* PATH */
};

enum plan_folder plan_folder(const struct plan_item *item,
			     struct text *ret_path);

/* "confirm", "value" … for machines; one bit at a time. */
const char *plan_stop_name(enum plan_stop stop);

#endif
