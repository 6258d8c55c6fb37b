/* The loop: what is expected soon is found, and what does not come does not
 * keep it from waiting. */
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "exec/loop.h"
#include "lib/unit.h"

struct seen {
	int fd;
	bool any;
};

static void
on_byte(void *ctx, short revents UNUSED)
{
	struct seen *s = ctx;
	char byte;

	s->any = read(s->fd, &byte, 1) == 1;
}

static void
on_time(void *ctx)
{
	bool *over = ctx;

	*over = true;
}

static void
test_expected(void **state UNUSED)
{
	struct loop *l = loop_new(&clock_system);
	struct seen s = { -1, false };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	s.fd = ends[0];
	assert_non_null(loop_watch(l, ends[0], POLLIN, on_byte, &s));
	assert_int_equal(write(ends[1], "x", 1), 1);
	loop_expect(l);
	assert_true(loop_step(l, -1));
	assert_true(s.any);

	/* nothing came: it says so at once, and has not forgotten to wait */
	s.any = false;
	loop_expect(l);
	assert_true(loop_step(l, 0));
	assert_false(s.any);
	loop_expect(l);
	assert_true(loop_step(l, 1));
	assert_false(s.any);
	close(ends[0]);
	close(ends[1]);
	loop_free(l);
}

/* A timer is waited for, however often there was nothing else to see. */
static void
test_expected_in_vain(void **state UNUSED)
{
	struct loop *l = loop_new(&clock_system);
	bool over = false;

	assert_non_null(loop_after(l, 5, on_time, &over));
	loop_expect(l);
	loop_run(l, &over);
	assert_true(over);
	loop_free(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expected),
		cmocka_unit_test(test_expected_in_vain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
