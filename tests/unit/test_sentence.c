/* Sentences: what they make of the commands below them. */
#include "base/compiler.h"
#include "graph/sentence.h"
#include "lib/unit.h"

static void
sentences_end_where_readers_stop(void **state UNUSED)
{
	struct text t = TEXT("Use e.g. curl 7.1 here. Then wait (5 min. or "
			     "so)! Done?");
	struct text rest, before;

	assert_true(
		text_is(sentence_first(t, &rest), "Use e.g. curl 7.1 here."));
	assert_true(text_is(rest, "Then wait (5 min. or so)! Done?"));
	assert_true(text_is(sentence_last(t, &before), "Done?"));
	assert_true(text_is(sentence_last(TEXT("One:"), &before), "One:"));
	assert_int_equal(before.len, 0);
	assert_int_equal(sentence_first(TEXT(""), &rest).len, 0);
}

static void
conditions_are_found(void **state UNUSED)
{
	static const struct {
		const char *text, *condition;
	} cases[] = {
		{ "If it is down:", "If it is down:" },
		{ "Then, if it is down, restart it:",
		  "Then, if it is down, restart it:" },
		{ "Late: When it is down, restart it",
		  "When it is down, restart it" },
		{ "If it is down, it is late. To list all:", "" },
		{ "If it is down, contact the team.", "" },
		{ "If not, go back to step 1.", "" },
		{ "Use -p if it was set so", "Use -p if it was set so" },
		{ "Read the log if needed:", "Read the log if needed:" },
		{ "First log in (if you do not, then all of it will surely "
		  "fail later on)",
		  "" },
		{ "It may hang. If it does, kill it:", "If it does, kill it:" },
		{ "If it hangs, kill it. Use this command:",
		  "If it hangs, kill it." },
		{ "It hangs if it is full. Use the following:", "" },
		{ "Otherwise:", "Otherwise:" },
		{ "Warm the cache (optional):", "(optional)" },
		{ "Restart (if needed)", "(if needed)" },
		{ "Read it (read only)", "" },
		{ "Kill the pod if it is stuck:",
		  "Kill the pod if it is stuck:" },
		{ "Check if the pod is stuck:", "" },
		{ "To see if it works, run:", "" },
		{ "Even if it works:", "" },
		{ "Kill the pod if it is stuck.", "" },
		{ "In the event of a fire:", "In the event of a fire:" },
		{ "Iffy things:", "" },
		{ "When it comes to restoring, there are two ways:", "" },
		{ "Update it (slowly, if that is set, and all of it in turn, "
		  "one by one):",
		  "" },
		{ "It fetches and (optionally) unpacks it:", "" },
		{ "(optionally) Unpack it:", "(optionally)" },
		{ "Only on the standby:", "Only on the standby:" },
		{ "Then, only for the primary:",
		  "Then, only for the primary:" },
		{ "CRITICAL: Only after the backup!",
		  "Only after the backup!" },
		{ "Only run this on the primary.",
		  "Only run this on the primary." },
		{ "Execute only after the backup:",
		  "Execute only after the backup:" },
		{ "Run this on the standby only.",
		  "Run this on the standby only." },
		{ "Do this only if the deploy failed.",
		  "Do this only if the deploy failed." },
		{ "Skip this unless you are on the primary.",
		  "Skip this unless you are on the primary." },
		{ "Do not run this until it is down.",
		  "Do not run this until it is down." },
		{ "Only works on Linux:", "" },
		{ "Run this only once.", "" },
		{ "Skip to the end.", "" },
		{ "Do not run this if it is up:", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct text got = paragraph_condition(text_of(cases[i].text));

		if (!text_is(got, cases[i].condition))
			fail_msg("'%s': '%.*s'", cases[i].text, TEXT_ARG(got));
	}
}

static void
what_is_forbidden_is_found(void **state UNUSED)
{
	static const char *const yes[] = {
		"Do NOT run this in production:",
		"Never do this:",
		"Example of what not to do:",
		"Don't execute these commands.",
		"Don\xe2\x80\x99t do it!",
		"Note: you should never run that on a live system:",
		"Never run in production. It deletes all rows.",
		"If you are on the primary, skip this step.",
		"Do not run this if it is up:",
		"Not for production:",
		"Wrong:",
	};
	static const char *const no[] = {
		"Do not forget to run this:",
		"Do not run this. Instead, use the following:",
		"Don't start with the primary.",
		"Skip this unless you are on the primary.",
		"Read it and skip the next step:",
		"Never mind the warning:",
		"Wrong passwords are found with:",
		"It is not run by cron:",
		"",
	};

	for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
		if (!paragraph_forbids(text_of(yes[i])))
			fail_msg("'%s' forbids nothing", yes[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(no); i++) {
		if (paragraph_forbids(text_of(no[i])))
			fail_msg("'%s' forbids", no[i]);
	}
}

static void
choices_are_found(void **state UNUSED)
{
	static const char *const labels[] = { "Option A: here", "method 2",
					      "Alternative #1", "Option one",
					      "Approach B - fast" };
	static const char *const others[] = {
		"Options",           "Option",   "Optional",
		"Method of payment", "option a", "Alternative routes"
	};

	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		assert_true(option_label(text_of(labels[i])).len);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(option_label(text_of(others[i])).len);
	assert_true(offers_choice(TEXT("Do one of the following:")));
	assert_false(offers_choice(TEXT("Do one of the following")));
	assert_true(offers_choice(TEXT("It is slow. You can either:")));
	assert_true(offers_choice(TEXT("There are multiple ways to do it:")));
	assert_false(offers_choice(TEXT("You can do that either way:")));
	assert_false(offers_choice(TEXT("Do the following:")));
	assert_true(sentence_says_or(TEXT("Or, with make:")));
	assert_false(sentence_says_or(TEXT("Order it:")));
}

static void
instructions_are_found(void **state UNUSED)
{
	static const char *const yes[] = {
		"Restart the pod.",
		"Then add a DNS record for it.",
		"2) Please wait for the alert",
		"Step 3: Open the console",
		"(Optional) Delete the branch",
		"You should check the logs",
		"If it is down, restart it",
		"In the console, under Users, click Add",
		"Access the console",
		"Log in to the box",
		"Log into `web1`",
		"Backup the database",
		"To begin, stop /etc/init.d/x",
		"Scale down",
		"Have another SRE review the files to be removed.",
		"Have a second person look at it",
		"Someone else should check the list.",
		"Get somebody from the team to approve it",
	};
	static const char *const no[] = {
		"Another way to check the logs",
		"Someone may check it later",
		"Have a token",
		"Access tokens expire after a day",
		"The pod is restarted.",
		"Backup is taken each night",
		"Check has failed",
		"A new host",
		"If it is down, it is down",
		"Log files",
		"Access to the console",
		"ASLR enabled",
		"",
		"Restarting the pod",
	};

	for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
		if (!sentence_is_imperative(text_of(yes[i])))
			fail_msg("no instruction: %s", yes[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(no); i++) {
		if (sentence_is_imperative(text_of(no[i])))
			fail_msg("an instruction: %s", no[i]);
	}
}

/* They are looked for by halving. */
static void
verbs_stand_in_order(void **state UNUSED)
{
	static const char *const verbs[] = {
#define VERB(word) word,
#define NOUN(word) word,
#include "graph/verbs.def"
#undef VERB
#undef NOUN
	};

	for (size_t i = 1; i < ARRAY_LEN(verbs); i++) {
		if (strcmp(verbs[i - 1], verbs[i]) >= 0)
			fail_msg("%s stands behind %s", verbs[i - 1], verbs[i]);
	}
}

static void
options_are_numbered(void **state UNUSED)
{
	assert_int_equal(option_number(TEXT("Option B: slowly")), 2);
	assert_int_equal(option_number(TEXT("Method #12")), 12);
	assert_int_equal(option_number(TEXT("Approach two")), 2);
	assert_int_equal(option_number(TEXT("Option")), 0);
}

static void
words_lead_on_from_options(void **state UNUSED)
{
	static const struct {
		const char *text;
		enum after_options after;
	} cases[] = {
		{ "Then tell everybody:", AFTER_LAST },
		{ "It takes a while. Afterwards, look:", AFTER_LAST },
		{ "Once done, look", AFTER_LAST },
		{ "In both cases, look", AFTER_ALL },
		{ "After either of them:", AFTER_ALL },
		{ "Thenceforth it is up:", AFTER_NONE },
		{ "Look, and then go on. It is up:", AFTER_NONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(sentence_after_options(text_of(cases[i].text)),
				 cases[i].after);
}

static void
statements_are_no_instructions(void **state UNUSED)
{
	static const char *const yes[] = {
		"Is it well?",
		"Primary: the node that writes",
		"Primary \xe2\x80\x94 the node that writes",
		"The first thing",
		"You should see it",
		"Memory is low now",
	};
	static const char *const no[] = {
		"Increase memory in the console",
		"Failover to the replica",
		"Then, frobnicate the cache",
		"Console: click the button",
	};

	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		assert_true(sentence_is_statement(text_of(yes[i])));
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		assert_false(sentence_is_statement(text_of(no[i])));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_end_where_readers_stop),
		cmocka_unit_test(statements_are_no_instructions),
		cmocka_unit_test(options_are_numbered),
		cmocka_unit_test(words_lead_on_from_options),
		cmocka_unit_test(conditions_are_found),
		cmocka_unit_test(what_is_forbidden_is_found),
		cmocka_unit_test(choices_are_found),
		cmocka_unit_test(instructions_are_found),
		cmocka_unit_test(verbs_stand_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
