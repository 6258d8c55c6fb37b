/* Going through everything that a statement runs, in source order, with what
 * is known at each place: the hops around it, its input, its constants. Shared
 * by the files of effect/; others use effect/judge.h and effect/unwrap.h. */
#ifndef EFFECT_WALK_H
#define EFFECT_WALK_H

#include "effect/args.h"
#include "effect/match.h"
#include "effect/sql_lex.h"
#include "effect/table.h"
#include "effect/unwrap.h"

/* What a command reads from its standard input. */
struct input {
	enum input_kind {
		INPUT_TEXT,  /* TEXT, a NUL where not known */
		INPUT_UNREAD /* a file, or what another program prints */
	} kind;
	struct value text;
	struct span where; /* UNREAD: the words that name it */
	struct text name;  /* UNREAD: what they mean */
	bool open;         /* that is not all known */
	bool answers;      /* only "y" or "yes" */
	bool network;      /* it comes from another machine */
	unsigned shells;   /* TEXT: that have read it before its reader */
};

/* A function that is being gone through. */
struct call {
	struct call *outer;
	const struct node *body;
	unsigned depth;
	bool again; /* it calls itself */
};

/* Where a command stands. Copied and changed on the way inwards. */
struct place {
	const struct script *script;
	const struct node *node; /* the simple command */
	const struct hop *hop;
	const struct input *input; /* NULL: a terminal */
	struct scope *scope;       /* NULL: nothing is known */
	const struct hop *home;    /* the shell whose scope that is; NULL: the
				    * first one */
	struct call *call;         /* the function that it is in, or NULL */
	unsigned shells;           /* that have read the text before */
	bool shell;    /* a shell looks the name up: functions, aliases */
	bool turns;    /* in a loop */
	bool replayed; /* in a function or a loop that is gone through again */
};

struct walk {
	struct arena *arena;
	struct arena *scratch; /* for scopes; gone after the statement */
	const struct effect_rules *rules;
	const struct unwrap_visitor *visitor; /* NULL: none */
	bool within; /* the document: no other file is read for the visitor */
	const struct effect_files *files; /* NULL: none is looked at */
	struct effect_input *inputs;      /* that were read */
	uint32_t n_inputs;
	struct finding *findings;
	uint32_t n_findings;
	size_t work;        /* bytes of words and texts that were looked at */
	size_t replayed;    /* of them, in functions and loops */
	unsigned expanding; /* texts that are expanded in each other */
	bool renewed;
	bool mounted; /* see scope_mount */
	bool weary;   /* a limit of work was passed, and said so */
};

/* The part of a text that a finding is about. */
struct spot {
	const struct excerpt *source; /* NULL: no place */
	uint32_t start, end;
};

/* ---- walk.c ------------------------------------------------------------- */

void walk_list(struct walk *w, const struct place *place,
	       const struct list *list);
void walk_node(struct walk *w, const struct place *place,
	       const struct node *node);

/* PLACE as it is whenever BODY has run some times. */
struct place walk_in_turn(struct walk *w, const struct place *place,
			  const struct node *body);

/* Bring PLACE's scope, which it has, forward past STATEMENT; ENDED_WELL: which
 * is known to have done so. */
void walk_run(struct walk *w, const struct place *place,
	      const struct statement *statement, bool ended_well);

/* N bytes more are looked at. False, the first time with a finding, when that
 * is too much for one statement: constants and functions can make a short text
 * stand for a long one. */
bool walk_spend(struct walk *w, const struct place *place, size_t n);

/* Judge all substitutions of NODE and of WORD (each may be NULL), and what is
 * expanded twice in them. */
void walk_substitutions(struct walk *w, const struct place *place,
			const struct node *node, const struct word *word);

/* ---- simple.c ----------------------------------------------------------- */

void walk_simple(struct walk *w, const struct place *place,
		 const struct node *node);

/* The arguments that WORDS become. */
struct arg *walk_expand(struct walk *w, const struct place *place,
			struct word *const *words, uint32_t n_words,
			uint32_t *ret_n);

/* ---- inside.c ----------------------------------------------------------- */

/* TEXT is read by a shell: another one at PLACE, whose hop is that shell, or
 * (SAME) the one that runs PLACE's script, with its variables. */
void walk_text(struct walk *w, const struct place *place, struct excerpt text,
	       bool same);

/* PLACE with HOP (copied) around it; false (with a finding at SPOT) when there
 * are too many around it already. */
bool walk_enter(struct walk *w, const struct place *place, struct spot spot,
		const struct hop *hop, struct place *ret);

/* ---- finding.c ----------------------------------------------------------- */

struct spot spot_of_args(const struct arg *v, uint32_t last);

/* The folder that relative paths at PLACE are counted from: that of its shell,
 * unless a hop on the way from there leads elsewhere. */
struct value walk_folder(const struct place *place);

/* Note FINDING, of which level, tags, io, rule, verb, object, why, undo and
 * check are given, at PLACE and SPOT. */
void walk_find(struct walk *w, const struct place *place, struct spot spot,
	       struct finding finding);

/* The same for what cannot be read: level unknown, rule "unread". */
void walk_unread(struct walk *w, const struct place *place, struct spot spot,
		 unsigned tags, const char *why);

/* ---- said.c --------------------------------------------------------------
 */

/* "rm" of "/bin/rm". */
struct text said_program(struct text path);

/* "docker system prune": A's program and the first N_VERB operands. */
struct text said_verb(struct arena *arena, const struct args *a,
		      uint32_t n_verb);

/* The operands behind them, without quotes: as they are meant, or as they are
 * written where that is not known. */
struct text said_object(struct arena *arena, const struct args *a,
			uint32_t n_verb);

/* True when one of them is not all known. */
bool said_is_open(const struct args *a, uint32_t n_verb);

/* True when one of them, if it is a path, is a relative one, or none is named.
 */
bool said_is_relative(const struct args *a, uint32_t n_verb);

/* The words V, likewise. */
struct text said_words(struct arena *arena, const struct arg *v, uint32_t n);

/* ---- command.c ---------------------------------------------------------- */

/* Judge the command V at PLACE and everything that it runs. */
void walk_command(struct walk *w, const struct place *place,
		  const struct arg *v, uint32_t n);

/* The same when it is settled what its first word stands for: KNOWN, or
 * nothing that is in the table. */
void walk_known(struct walk *w, const struct place *place,
		const struct known *known, const struct arg *v, uint32_t n);
void walk_unlisted(struct walk *w, const struct place *place,
		   const struct arg *v, uint32_t n);

/* Judge words of another language by the rows of ARGS' program; LEAST is what
 * the finding says of them besides. False when no row fits. */
bool walk_words(struct walk *w, const struct place *place,
		const struct args *args, struct spot spot,
		const struct finding *least);

/* An argument that is [START, END) of E, with TEXT as its value. */
struct arg walk_made_arg(const struct excerpt *e, uint32_t start, uint32_t end,
			 struct text text);

/* ---- wrap.c, ssh.c, client.c, code.c, filter.c -------------------------- */

/* A command that fits a rule with a command inside. */
struct wrapped {
	const struct place *place;
	const struct args *args;
	const struct effect_rule *rule;
	uint32_t n_verb;
	struct spot spot; /* of the words that decide */
};

void walk_runs(struct walk *w, const struct wrapped *c);
void walk_ssh(struct walk *w, const struct wrapped *c);

/* REST stands behind the command NAME of psql, at SPOT: judge what it runs by
 * itself. What is returned is the command behind "|", or REST. */
struct excerpt walk_psql_rest(struct walk *w, const struct place *place,
			      struct spot spot, struct text name,
			      struct excerpt rest);

/* The file that [START, END) of E, behind a command of psql or sqlite3, says to
 * write: the last word, or with COPIES (\copy) the one behind "to". */
struct arg walk_meta_file(const struct excerpt *e, uint32_t start, uint32_t end,
			  bool copies);

/* What settings ("-o ProxyCommand=…") of ssh, scp … run on this machine. */
void walk_ssh_options(struct walk *w, const struct wrapped *c);
void walk_sql_client(struct walk *w, const struct wrapped *c);
void walk_redis(struct walk *w, const struct wrapped *c);
void walk_mongo(struct walk *w, const struct wrapped *c);
void walk_code(struct walk *w, const struct wrapped *c);
void walk_awk(struct walk *w, const struct wrapped *c);
void walk_sed(struct walk *w, const struct wrapped *c);
void walk_query(struct walk *w, const struct wrapped *c);

/* The hop that rule C describes. */
struct hop walk_hop(struct walk *w, const struct wrapped *c);

/* PLACE inside C, or false (with a finding) past LIMIT_WRAPPER_DEPTH. */
bool walk_inside(struct walk *w, const struct wrapped *c, struct place *ret);

/* FILE is how a program calls its standard input. */
bool is_standard_input(struct text file);

/* A shell at PLACE (its hop is that shell) reads INPUT. */
void walk_input_as_shell(struct walk *w, const struct place *place,
			 struct spot spot);

/* The value of U as a word of its own. */
struct arg option_arg(struct walk *w, const struct args *a,
		      const struct option_use *u);

/* The value of option use U, as a text with its way back. */
struct excerpt option_text(struct walk *w, const struct args *a,
			   const struct option_use *u);

/* ---- input.c ------------------------------------------------------------- */

/* What NODE, one command of a pipeline, hands to the next. */
const struct input *input_of_pipe(struct walk *w, const struct place *place,
				  const struct node *node);

/* What redirections make of the input that PLACE has. */
const struct input *input_of_redirects(struct walk *w,
				       const struct place *place,
				       struct redirect *const *redirects,
				       uint32_t n);

/* What the commands of a process substitution print. */
const struct input *input_of_list(struct walk *w, const struct place *place,
				  const struct list *list);

/* What is in the file PATH, named at SPOT, which a shell or a client is fed
 * with; NULL where it cannot be read, or may be another file. */
const struct input *input_of_file(struct walk *w, const struct place *place,
				  struct text path, bool exact,
				  struct spot spot);

/* How files look from PLACE. */
struct file_look look_from(const struct walk *w, const struct place *place);

/* ---- redirect.c -----------------------------------------------------------
 */

/* What goes where a command's output goes. */
enum printed {
	PRINTED_SOMETHING,
	PRINTED_LINE,   /* an empty one */
	PRINTED_NOTHING /* so that ">" only cuts the file */
};

/* Judge where a command that prints PRINTED writes. */
void walk_redirects(struct walk *w, const struct place *place,
		    struct redirect *const *redirects, uint32_t n,
		    enum printed printed);

/* Judge the files that options of A name to be written over, and those that
 * the rule of C writes onto, as ">" onto them; what is below LEVEL is said
 * already. */
void walk_output_options(struct walk *w, const struct place *place,
			 const struct args *a, enum effect_level level);
void walk_output_of_rule(struct walk *w, const struct wrapped *c,
			 enum effect_level level);

/* ---- suspect.c -------------------------------------------------------------
 */

/* What the words of a program that nobody knows, or that does what is written
 * elsewhere, say about it: its level, and the word. */
enum effect_level suspect(const struct arg *v, uint32_t n, bool with_name,
			  struct text *ret_word);

/* ---- sql.c ------------------------------------------------------------------
 */

/* SQL that cannot be read, from what NAME says; OPEN: that is not all known. */
void walk_unread_sql(struct walk *w, const struct place *place,
		     struct spot spot, struct text name, bool open);

/* Judge every statement of TEXT, which the hop of PLACE reads. */
void walk_sql(struct walk *w, const struct place *place, struct excerpt text,
	      enum sql_dialect dialect);

#endif
