/* Reading commands as rules do: by program, options, operands. */
#ifndef LINT_WORDS_H
#define LINT_WORDS_H

#include "lint/rule.h"

/* The program without its folder; empty when it is not known. */
struct text command_program(const struct command *c);
bool command_is(const struct command *c, const char *name);

/* Argument I as written, without quotes; empty past the last. */
struct text command_arg(const struct command *c, uint32_t i);

/* Index of the first argument that is WORD, from 1; 0: none. */
uint32_t command_find(const struct command *c, const char *word);

/* True when an option "--name", "--name=…" or the letter (0: none) in a bundle
 * of letters stands before the argument UNTIL (0: anywhere). */
bool command_has(const struct command *c, const char *name, char letter,
		 uint32_t until);

/* Index of "exec" in `docker exec`, `docker compose -f x exec`,
 * `docker-compose exec` and podman's; 0: something else. COMPOSE tells
 * which. */
uint32_t command_container_verb(const struct command *c, const char *verb,
				bool *ret_compose);

/* Places in the document. */
struct span command_span(const struct command *c);
struct span command_arg_span(const struct command *c, uint32_t i);
struct span step_span(const struct step *step); /* first line of its text */

/* The hop through ssh around HOP, or NULL. */
const struct hop *hop_ssh(const struct hop *hop);

/* True when T holds any of WORDS (ended by NULL) as a whole word, in any case.
 */
bool text_has_word(struct text t, const char *const *words);

/* The last part of a path, without slashes. */
struct text path_name(struct text path);

/* The last `cd` before ONE in the same shell text, or NULL. */
const struct lint_command *lint_cd_before(const struct lint_pass *pass,
					  const struct lint_command *one);

/* True when T is one of WORDS (ended by NULL). */
bool text_is_any(struct text t, const char *const *words);

#endif
