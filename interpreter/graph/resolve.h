/* A step with its values in place: what is handed over, what is judged, what
 * is shown. */
#ifndef GRAPH_RESOLVE_H
#define GRAPH_RESOLVE_H

#include "graph/runbook.h"

/* One shell variable that stands for a value in local bash text. */
struct binding {
	const char *name; /* "RB_Q1"; or one of the document's */
	struct text value;
	bool lasts; /* it stays set behind the step */
};

struct resolved {
	struct param **missing; /* parameters without a value, each once */
	uint32_t n_missing;
	struct text host; /* empty: this machine */
	bool host_open;   /* it is not known: as it is written */
	enum step_dispatch dispatch;
	struct text run; /* local: bash text with references; remote: the
			  * text for the login shell. Empty while
			  * anything is missing */
	struct binding *bindings;
	uint32_t n_bindings;
	struct text shown;           /* the author's text with the values in it,
				      * quoted for the place where they stand,
				      * secrets as "***" */
	const struct map *shown_map; /* from SHOWN back to the document */
	struct text with;            /* what its variables are set to, for
				      * display: "NS=prod"; or empty */
	const struct effect *effect; /* judged with the values in */
	enum effect_level level; /* with a value missing: the worst that it may
				  * come to */
	enum effect_io io;
	bool posix; /* a value in it is quoted for POSIX shells, and read by a
		     * shell of which that is not known: a host's */
	const char *error; /* why a value cannot stand where it would */
	struct span error_where;
	const struct script *script; /* the statements FIRST to LAST of it … */
	uint32_t first, last;        /* … are what is judged */
	bool secret;                 /* a secret is in them */
};

/* The value of P, or a text with at NULL when there is none. */
typedef struct text value_fn(void *ctx, const struct param *p);

/* Where a step is resolved. */
struct resolve_place {
	const struct effect_rules *rules;
	value_fn *lookup;
	void *ctx;
	const struct scope *scope; /* what the shell of this machine holds
				    * before it */
	bool as_read; /* that is what it held when the document was read: all
		       * steps above were run, and no value has come in */
};

/* LINES, what the lines for a shell on another host do that S opens, only read:
 * then it is no matter whether they are meant for that shell. */
bool context_only_reads(const struct step *s, const struct effect *lines);

/* Put the values of PLACE into S. Placeholders are replaced by references or
 * by text encoded for every shell on the way (shell/quote.h); a value is never
 * scanned again. The result lives in ARENA. */
struct resolved *step_resolve(struct arena *arena, const struct step *s,
			      const struct resolve_place *place);

/* reach.c: the worst that S does, resolved as R with values missing, as far as
 * the rules know: with values that stand in for those. At least R->level. */
enum effect_level step_reach(struct arena *arena, const struct step *s,
			     const struct resolved *r,
			     const struct resolve_place *place);

/* The words of VALUE, of a parameter of type words, in ARENA: split at blanks,
 * with quotes and backslashes as in bash. NULL when it is no list of literal
 * words (nothing would be expanded). */
struct text *value_words(struct arena *arena, struct text value,
			 uint32_t *ret_n);

/* "local", or the host. */
const char *resolved_host_name(const struct resolved *r, struct buf *scratch);

/* True when S, resolved as R, is run by the shell of this machine, and not by
 * one of its own. */
bool step_shares_shell(const struct step *s, const struct resolved *r);

/* True when S, resolved as R and surely done, leaves the shell of this machine
 * as it did when the document was read. */
bool step_leaves_as_read(const struct step *s, const struct resolved *r);

/* Bring SCOPE, what the shell of this machine holds, forward over S. WELL: it
 * has ended well; else nobody knows how much of it was done. */
void step_pass(const struct step *s, const struct resolved *r, bool well,
	       struct scope *scope);

#endif
