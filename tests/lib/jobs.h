/* Running one job of a target to its end and looking at what came of it. */
#ifndef LIB_JOBS_H
#define LIB_JOBS_H

#include "exec/loop.h"
#include "exec/target.h"
#include "lib/unit.h"

struct ran {
	struct buf out, err, tty;
	bool dispatched, over;
	struct job_outcome outcome; /* its strings are copies */
	struct job *job;            /* while it is under way */
	size_t n_bytes;             /* of output, kept or not */
	bool discard;               /* do not keep output */
};

/* Start; the caller steps the loop. */
void ran_start(struct ran *r, struct target *t, const struct job_spec *spec);

/* Start and run the loop until it is over. */
void ran_run(struct ran *r, struct target *t, const struct job_spec *spec);

/* The same for a batch job of TEXT. */
void ran_text(struct ran *r, struct target *t, const char *text);

void ran_release(struct ran *r);

/* Run TEXT and fail unless it ends with STATUS and prints OUT. */
#define assert_ran(t, text, status, stdout_)                                   \
	do {                                                                   \
		struct ran ran_;                                               \
		ran_text(&ran_, (t), (text));                                  \
		if (ran_.outcome.end != JOB_EXITED)                            \
			print_error("%s\n", ran_.outcome.message);             \
		assert_string_equal(buf_cstr(&ran_.out), (stdout_));           \
		assert_int_equal(ran_.outcome.end, JOB_EXITED);                \
		assert_int_equal(ran_.outcome.code, (status));                 \
		ran_release(&ran_);                                            \
	} while (0)

/* Step the loop until *WHAT or for MS milliseconds; the value of *WHAT. */
bool wait_for(struct loop *l, const bool *what, int64_t ms);

/* Step the loop until B holds TEXT, or fail after 10 s. */
void wait_for_text(struct loop *l, const struct buf *b, const char *text);

#endif
