/* What a command really starts: the inside of ssh, sudo, sh -c and so on, as
 * scripts with their place in the document. The graph layer finds hosts,
 * terminals and quoting levels with it; effect_judge is built on it. */
#ifndef EFFECT_UNWRAP_H
#define EFFECT_UNWRAP_H

#include "effect/judge.h"

/* One simple command after expansion, wrapped or not. */
struct command {
	const struct script *script; /* the text that holds it */
	const struct node *node; /* NODE_SIMPLE; argv wrappers: the outer one */
	struct value *argv;      /* argv[0] is the program */
	uint32_t argc;
	const struct hop *hop; /* innermost hop around it, or NULL */
};

/* A text of another language found inside: SQL in psql -c, a -e program. */
struct foreign {
	const char *language; /* "sql", "awk", "python", "redis" … */
	struct excerpt text;
	const struct hop *hop;
	enum foreign_takes {
		FOREIGN_NOTHING, /* any value could become a program */
		FOREIGN_INT,     /* a whole number cannot */
		FOREIGN_PLAIN    /* nor a word of plain bytes */
	} takes;
};

struct unwrap_visitor {
	/* A shell text inside (also the first one, with HOP NULL); DEPTH counts
	 * the shells that read it before: 0 for the step itself, 1 for the
	 * text in ssh "…" or sh -c "…". */
	void (*on_script)(void *ctx, const struct script *s,
			  const struct hop *hop, unsigned depth);
	void (*on_command)(void *ctx, const struct command *c);
	void (*on_foreign)(void *ctx, const struct foreign *f);
	/* Each rule of the table that counts for a command. */
	void (*on_rule)(void *ctx, const struct effect_rule *rule,
			const struct hop *hop);
	void *ctx;
};

/* Visit everything in STATEMENT, outermost first, in source order. NULL
 * callbacks are skipped. Depth is at most LIMIT_WRAPPER_DEPTH. What is in
 * other files is not visited. */
void effect_unwrap(struct arena *arena, const struct script *s,
		   const struct statement *statement,
		   const struct effect_state *state,
		   const struct unwrap_visitor *visitor);

/* effect_judge_range, which tells VISITOR (NULL: none) of all that it goes
 * through, what other files hold included. */
struct effect *effect_judge_visited(struct arena *arena, const struct script *s,
				    uint32_t first, uint32_t last,
				    bool one_by_one, struct effect_state *state,
				    const struct unwrap_visitor *visitor);

/* A call of ssh, taken apart (ssh(1), OpenSSH 9). */
struct ssh_call {
	struct text host; /* without user; empty: not known */
	struct text user; /* empty: not given */
	struct value destination;
	uint32_t host_at; /* index of the destination in argv; 0: none */
	bool has_command;
	uint32_t first;         /* index of the command's first word */
	struct excerpt command; /* what the remote shell gets: the remaining
				 * words joined by one blank */
	bool exact;             /* all of it is known but for placeholders */
	bool tty;               /* -t */
	bool no_stdin;          /* -n */
	bool plain;             /* no option but -t, -T, -n, -q, -x, -a, -l, -p:
				 * a pooled session can serve it */
	struct text port;       /* -p; empty: not given */
};

/* True when ARGV calls ssh; fills RET. */
bool sshcall_parse(struct arena *arena, const struct script *s,
		   const struct value *argv, uint32_t argc,
		   struct ssh_call *ret);

#endif
