/* Statuses that are answers. */
#include "effect/answer.h"
#include "lib/unit.h"

/* What STATUS of LINE, words between blanks, says; NULL: nothing. */
static void
assert_says(const char *line, int status, const char *want)
{
	struct text rest = text_of(line), words[8], word;
	const char *says;
	uint32_t n = 0;

	while (n < ARRAY_LEN(words) && text_next_field(&rest, ' ', &word))
		words[n++] = word;
	says = effect_answer(words, n, status);
	if (!want && says)
		fail_msg("'%s' with %d says '%s'", line, status, says);
	if (want && (!says || strcmp(says, want) != 0))
		fail_msg("'%s' with %d says '%s', not '%s'", line, status,
			 says ? says : "nothing", want);
}

static void
test_answers(void **state)
{
	(void)state;
	assert_says("grep -q x f", 1, "it found nothing");
	assert_says("grep -q x f", 2, NULL);
	assert_says("/usr/bin/grep x", 1, "it found nothing");
	assert_says("sudo lsof -i", 1, "nothing has it open");
	assert_says("test -e f", 1, "it is not the case");
	assert_says("systemctl is-active nginx", 3, "it is not active");
	assert_says("systemctl --user is-active nginx", 3, "it is not active");
	assert_says("systemctl is-active nginx", 4, "there is no such unit");
	assert_says("systemctl restart nginx", 1, NULL);
	assert_says("systemctl", 3, NULL);
	assert_says("cat f", 1, NULL);
	assert_says("sudo", 1, NULL);
	assert_says("", 1, NULL);
}

/* Does any status answer? */
static void
test_questions(void **state)
{
	(void)state;
	assert_says("pgrep x", 0, "there is no such process");
	assert_says("systemctl status x", 0, "it is not running");
	assert_says("systemctl stop x", 0, NULL);
}

static void
test_faults(void **state)
{
	struct text curl[] = { TEXT("sudo"), TEXT("/usr/bin/curl"),
			       TEXT("-fsS") };

	(void)state;
	assert_string_equal(effect_fault(curl, 3, 7), "it could not connect");
	assert_string_equal(effect_fault(curl, 3, 22),
			    "the server answered with an error");
	assert_null(effect_fault(curl, 3, 1));
	assert_null(effect_fault(curl, 3, 0));
	assert_null(effect_fault(curl, 1, 7));
	assert_null(effect_fault(curl, 0, 7));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
