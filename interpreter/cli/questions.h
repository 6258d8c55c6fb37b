/* The questions of a run, asked at the terminal: a struct asker. Each spells
 * its letters out, shows in capitals what an empty line means, explains itself
 * on
 * "?", and has no default yes. */
#ifndef CLI_QUESTIONS_H
#define CLI_QUESTIONS_H

#include "cli/prompter.h"
#include "report/style.h"
#include "run/asker.h"

struct questions;

/* P is borrowed; STYLE is standard error's. ALONE: what a step is stands
 * nowhere else on the terminal (run/observer.h, on_step_show), so that it is
 * shown with the question. */
struct questions *questions_new(struct prompter *p, const struct style *style,
				bool alone);
struct questions *questions_free(struct questions *q); /* NULL to NULL */

const struct asker *questions_asker(struct questions *q);

#endif
