/* A local target with all it needs, for tests. */
#ifndef LIB_SESSION_H
#define LIB_SESSION_H

#include "exec/rundir.h"
#include "exec/terminal.h"
#include "lib/jobs.h"

struct session {
	struct loop *loop;
	struct rundir *dir;
	struct target *target;
	struct buf late;           /* what came when its step was over */
	uint32_t late_label;       /* the label of that step */
	struct terminal *terminal; /* the operator's, or NULL */
	int operator_fd;           /* the other end of it, or -1 */
};

/* For cmocka_unit_test_setup_teardown; *STATE is a struct session. Steps find
 * the test binary in $SELF (lib/child.h) and may write into $DIR. */
int session_set_up(void **state);
int session_set_up_with_operator(void **state);
int session_tear_down(void **state);

/* The target of the session that STATE of a test points to. */
struct target *session_target(void **state);

/* Is there a file NAME in its folder? */
bool session_has(void **state, const char *name);

/* Write TEXT to the pipe NAME in its folder, which somebody reads. */
void session_write(void **state, const char *name, const char *text);

#define session_test(f)                                                        \
	cmocka_unit_test_setup_teardown(f, session_set_up, session_tear_down)
#define session_operator_test(f)                                               \
	cmocka_unit_test_setup_teardown(f, session_set_up_with_operator,       \
					session_tear_down)

/* How much later the session's clock is than the machine's. */
extern int64_t session_clock_ahead_ms;

/* The time according to it. */
extern const struct clock session_clock;

#endif
