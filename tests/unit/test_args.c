/* Specifications of options, the words of commands, and kinds of operands. */
#include "effect/args.h"
#include "effect/class.h"
#include "effect/match.h"
#include "lib/unit.h"

/* ---- specifications --------------------------------------------------------
 */

static void
options_are_found_by_each_name(void **state)
{
	static const char spec[] =
		"+ -d,--detach -e,--env= --color? -exec; -c=!";
	struct spec_option o;

	(void)state;
	assert_true(spec_find(spec, TEXT("-d"), &o));
	assert_int_equal(o.value, SPEC_FLAG);
	assert_text(o.names, "-d,--detach");
	assert_true(spec_find(spec, TEXT("--env"), &o));
	assert_int_equal(o.value, SPEC_VALUE);
	assert_false(o.last);
	assert_true(spec_find(spec, TEXT("--color"), &o));
	assert_int_equal(o.value, SPEC_ATTACHED);
	assert_true(spec_find(spec, TEXT("-exec"), &o));
	assert_int_equal(o.value, SPEC_BLOCK);
	assert_true(spec_find(spec, TEXT("-c"), &o));
	assert_true(o.last);
	assert_false(spec_find(spec, TEXT("--en"), &o));
	assert_false(spec_find(spec, TEXT("-ex"), &o));
	assert_false(spec_find(spec, TEXT("detach"), &o));
	assert_false(spec_find(NULL, TEXT("-d"), &o));
	assert_false(o.writes);
	assert_int_equal(spec_style(spec), SPEC_STOPS);
	assert_int_equal(spec_style("@single @old -x"), SPEC_SINGLE | SPEC_OLD);
}

static void
options_that_write_files_are_told(void **state)
{
	static const char spec[] = "-o,--output> -a,--append>> -C,--at=>>";
	struct spec_option o;

	(void)state;
	assert_true(spec_find(spec, TEXT("--output"), &o));
	assert_int_equal(o.value, SPEC_VALUE);
	assert_text(o.names, "-o,--output");
	assert_true(o.writes && !o.adds);
	assert_true(spec_find(spec, TEXT("-a"), &o));
	assert_int_equal(o.value, SPEC_FLAG);
	assert_text(o.names, "-a,--append");
	assert_true(o.adds && !o.writes);
	assert_true(spec_find(spec, TEXT("--at"), &o));
	assert_int_equal(o.value, SPEC_VALUE);
	assert_true(o.adds && !o.writes);
}

static void
long_names_may_be_cut_short_when_only_one_is_meant(void **state)
{
	static const char spec[] = "--recursive --reverse --force -r";
	struct spec_option o;

	(void)state;
	assert_true(spec_find_abbreviated(spec, TEXT("--rec"), &o));
	assert_text(o.names, "--recursive");
	assert_false(spec_find_abbreviated(spec, TEXT("--re"), &o));
	assert_false(spec_find_abbreviated(spec, TEXT("--"), &o));
	assert_false(spec_find_abbreviated(spec, TEXT("-r"), &o));
	assert_true(spec_find_abbreviated(spec, TEXT("--f"), &o));
}

static void
malformed_specifications_are_told(void **state)
{
	(void)state;
	assert_null(spec_check("+ -d --env= +x"));
	assert_non_null(spec_check("-d + -e"));
	assert_non_null(spec_check("-d env="));
	assert_non_null(spec_check("-d,env"));
}

/* ---- words
 * ------------------------------------------------------------------- */

struct parsed {
	struct arena arena;
	struct arg v[24];
	struct args args;
};

/* Words between blanks; "?" is one that is not known. */
static void
parse(struct parsed *p, const struct effect_program *program, const char *words,
      bool greedy)
{
	struct text rest = text_of(words), one;
	uint32_t n = 0;

	memset(p, 0, sizeof(*p));
	while (text_next_field(&rest, ' ', &one)) {
		struct arg *a = &p->v[n++];

		a->text = text_is(one, "?") ? TEXT("\0") : one;
		a->opaque = text_is(one, "?");
		a->exact = !a->opaque;
	}
	args_parse(&p->arena, program, p->v, n, greedy, &p->args);
}

/* "opt=value opt | operand operand", as they were read. */
static void
assert_parsed(const struct effect_program *program, const char *words,
	      const char *want)
{
	struct parsed p;
	struct buf got = BUF_INIT;

	parse(&p, program, words, false);
	for (uint32_t i = 0; i < p.args.n_options; i++) {
		const struct option_use *use = &p.args.options[i];

		buf_addf(&got, "%s%.*s", i ? " " : "", TEXT_ARG(use->name));
		if (use->has_value)
			buf_addf(&got, "=%.*s", TEXT_ARG(use->value));
		if (use->n_args)
			buf_addf(&got, "[%u]", use->n_args);
	}
	buf_adds(&got, " |");
	for (uint32_t i = 0; i < p.args.n_operands; i++) {
		buf_addf(&got, " %.*s", TEXT_ARG(args_operand(&p.args, i)));
		if (i + 1 == p.args.n_before_dashes &&
		    i + 1 < p.args.n_operands)
			buf_adds(&got, " --");
	}
	assert_string_equal(buf_cstr(&got), want);
	buf_release(&got);
	arena_release(&p.arena);
}

static const struct effect_rule some_verb[] = {
	{ .id = "x", .verb = "stop | compose up | volume rm", .why = "x" },
};

static const struct effect_program gnu = {
	.name = "gnu",
	.options = "-r,--recursive -f,--force -o,--output= -n= --color? -1",
};

static const struct effect_program stopping = {
	.name = "sudo",
	.options = "+ -u,--user= -n -i",
};

static const struct effect_program single = {
	.name = "find",
	.options = "@single -name= -delete -exec; -auto-approve -target=",
};

static const struct effect_program old = {
	.name = "tar",
	.options = "@old -c -x -f= -C= -z --exclude=",
};

static const struct effect_verb verbs[] = {
	{ "compose", "-f,--file=", 0 },
	{ "compose up", "-d -f", 0 },
	{ "exec | container exec", "+ -i -t -u=", 0 },
};

static const struct effect_program tree = {
	.name = "docker",
	.options = "-H,--host= -D",
	.verbs = verbs,
	.n_verbs = ARRAY_LEN(verbs),
	.rules = some_verb,
	.n_rules = 1,
};

static const struct effect_program own = {
	.name = "git",
	.options = "@own -C= -c=",
	.rules = some_verb,
	.n_rules = 1,
};

static void
words_are_told_apart(void **state)
{
	(void)state;
	assert_parsed(&gnu, "x -rf a b", "-r -f | a b");
	assert_parsed(&gnu, "x a -fo out b", "-f -o=out | a b");
	assert_parsed(&gnu, "x -oout a", "-o=out | a");
	assert_parsed(&gnu, "x --output=out --out o2",
		      "--output=out --out=o2 |");
	assert_parsed(&gnu, "x --color a --color=no", "--color --color=no | a");
	assert_parsed(&gnu, "x -r -- -f b", "-r | -f b");
	assert_parsed(&gnu, "x a -- b", " | a -- b");
	assert_parsed(&gnu, "x - -z", "-z | -");
	assert_parsed(&gnu, "x -n", "-n |");
	assert_parsed(&gnu, "x --unknown a", "--unknown | a");
	assert_parsed(&gnu, "x --unknown=v a", "--unknown=v | a");
	assert_parsed(&stopping, "sudo -nu root ls -l -n",
		      "-n -u=root | ls -l -n");
	assert_parsed(&single, "find . -name -delete -delete",
		      "-name=-delete -delete | .");
	assert_parsed(&single, "find . -exec rm {} ; -delete",
		      "-exec[2] -delete | .");
	assert_parsed(&single, "find . -exec rm {} + -delete",
		      "-exec[2] -delete | .");
	assert_parsed(&single, "find . -exec rm", "-exec[1] | .");
	assert_parsed(&single, "tf --auto-approve -target=x",
		      "--auto-approve -target=x |");
	assert_parsed(&old, "tar xzf a.tgz -C d m", "-x -z -f=a.tgz -C=d | m");
	assert_parsed(&old, "tar -xf a.tgz", "-x -f=a.tgz |");
	assert_parsed(&old, "tar xfC a d", "-x -f=a -C=d |");
}

static void
verbs_bring_their_own_options(void **state)
{
	(void)state;
	assert_parsed(&tree, "docker -H h stop c", "-H=h | stop c");
	assert_parsed(&tree, "docker stop -H h c", "-H=h | stop c");
	assert_parsed(&tree, "docker compose -f a up -f -d web",
		      "-f=a -f -d | compose up web");
	assert_parsed(&tree, "docker exec -it c sh -c x",
		      "-i -t | exec c sh -c x");
	assert_parsed(&tree, "docker container exec -u r c ls -t",
		      "-u=r | container exec c ls -t");
	assert_parsed(&own, "git -c a stop -c b", "-c=a -c | stop b");
}

static void
an_option_that_is_not_listed_may_take_the_verb(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, &tree, "docker --frob stop ps", false);
	assert_true(p.args.unsure);
	assert_text(args_operand(&p.args, 0), "stop");
	arena_release(&p.arena);
	parse(&p, &tree, "docker --frob stop ps", true);
	assert_text(args_operand(&p.args, 0), "ps");
	arena_release(&p.arena);
	parse(&p, &tree, "docker stop --frob ps", false);
	assert_false(p.args.unsure);
	arena_release(&p.arena);
}

static void
what_is_not_known_is_an_operand_without_a_value(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, &gnu, "x ? -o ?", false);
	assert_int_equal(p.args.n_operands, 1);
	assert_true(p.v[p.args.operands[0]].opaque);
	assert_false(args_option(&p.args, "-o")->exact);
	assert_null(args_option(&p.args, "-r --force"));
	assert_text(args_which(&p.args, 0, "2"), "");
	assert_text(args_which(&p.args, 0, NULL), "");
	arena_release(&p.arena);
}

/* ---- conditions
 * ---------------------------------------------------------------- */

static bool
holds(const struct effect_program *program, const char *words,
      enum effect_condition_kind kind, const char *arg)
{
	struct effect_condition condition = { kind, false, arg };
	struct effect_rule rule = { .conditions = &condition,
				    .n_conditions = 1 };
	struct parsed p;
	struct fit fit;
	bool yes, no;

	parse(&p, program, words, false);
	yes = rule_fits(&rule, &p.args, &fit);
	condition.negated = true;
	no = rule_fits(&rule, &p.args, &fit);
	assert_true(yes != no);
	arena_release(&p.arena);
	return yes;
}

static void
conditions_ask_options_and_operands(void **state)
{
	(void)state;
	assert_true(holds(&gnu, "x --rec a", EFFECT_IF_WITH, "-r"));
	assert_true(holds(&gnu, "x -f a", EFFECT_IF_WITH, "-r -f"));
	assert_false(holds(&gnu, "x a -- -r", EFFECT_IF_WITH, "-r"));
	assert_true(holds(&gnu, "x -o out", EFFECT_IF_WITH, "-o=o*"));
	assert_false(holds(&gnu, "x -o out", EFFECT_IF_WITH, "-o=in"));
	assert_true(holds(&gnu, "x --color", EFFECT_IF_WITH, "--color="));
	assert_true(holds(&gnu, "x a b", EFFECT_IF_OPERANDS, "1-2"));
	assert_false(holds(&gnu, "x a b c", EFFECT_IF_OPERANDS, "1-2"));
	assert_true(holds(&gnu, "x a b c", EFFECT_IF_OPERANDS, "2+"));
	assert_true(holds(&gnu, "x", EFFECT_IF_OPERANDS, "0"));
	assert_true(
		holds(&gnu, "x a /tmp/b", EFFECT_IF_OPERAND, "@disposable"));
	assert_false(holds(&gnu, "x a /tmp/b", EFFECT_IF_EVERY_OPERAND,
			   "@disposable"));
	assert_true(holds(&gnu, "x /tmp/a /tmp/b", EFFECT_IF_EVERY_OPERAND,
			  "@disposable"));
	assert_false(holds(&gnu, "x", EFFECT_IF_EVERY_OPERAND, "*"));
	assert_true(holds(&gnu, "x a b", EFFECT_IF_LAST_OPERAND, "b"));
	assert_true(holds(&gnu, "x a b", EFFECT_IF_OPERAND_2, "b"));
	assert_false(holds(&gnu, "x a", EFFECT_IF_OPERAND_2, "*"));
	assert_true(holds(&gnu, "x a -- b", EFFECT_IF_AFTER_DASHES, "1+"));
	assert_false(holds(&gnu, "x a b", EFFECT_IF_AFTER_DASHES, "1+"));
	assert_false(holds(&gnu, "x ?", EFFECT_IF_OPERAND, "*"));
	assert_true(holds(&gnu, "x ?", EFFECT_IF_OPERAND, "@unknown"));
}

static void
malformed_conditions_are_told(void **state)
{
	static const struct effect_condition bad[] = {
		{ EFFECT_IF_WITH, false, "--frob" },
		{ EFFECT_IF_WITH, false, "" },
		{ EFFECT_IF_OPERANDS, false, "many" },
		{ EFFECT_IF_OPERAND, false, "a @frob" },
		{ EFFECT_IF_INPUT, false, "x" },
		{ EFFECT_IF_AFTER, false, "x" },
	};
	static const struct effect_condition good = { EFFECT_IF_WITH, true,
						      "-r --output=x" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_non_null(condition_check(&gnu, &bad[i]));
	assert_null(condition_check(&gnu, &good));
}

/* ---- kinds of operands
 * ------------------------------------------------------------ */

static const struct {
	const char *class;
	const char *has; /* separated by blanks */
	const char *lacks;
} classes[] = {
	{ "disposable", "/tmp/x /var/tmp/a/b /tmp/* /dev/shm/x",
	  "/tmp /tmp/ /tmp/../etc tmp/x /tmpx /srv/tmp/x" },
	{ "cache", "node_modules ./app/node_modules/ x/__pycache__ a.pyc",
	  "node_modules_x modules ../node_modules" },
	{ "root", "/ /* ~ ~/ ~/* /etc /etc/ /var/* /usr /home",
	  "/etc/x /srv/app . app ~/x etc" },
	{ "precious",
	  "/etc/x /usr/bin/y /var/lib/z /var/log/a .env app.conf .git/config "
	  "./.git/x a/.git/b ~/.ssh/authorized_keys .env.prod",
	  "/srv/x env a.conf.bak /etcx out.txt" },
	{ "device", "/dev/sda /dev/nvme0n1 /dev/mapper/x",
	  "/dev/null /dev/tty sda" },
	{ "null", "/dev/null /dev/stdout /dev/fd/3", "/dev/sda null" },
	{ "backup", "a.bak a.orig a.conf.old x~ a.bak.1", "bak a.backups b" },
	{ "secret", "~/.ssh/id_ed25519 .env server.key a.pem /etc/shadow",
	  ".env.example fullchain.pem id_ed25519.pub key" },
	{ "hash", "3f2a91c 3f2a91c0b7de1234567890abcdef1234567890ab",
	  "3f2a91 feedfac main 3F2A91C deadbeef-x" },
	{ "version", "v1.2.3 release-1.4 HEAD~2 HEAD^ tags/x 2024.01",
	  "main fix/v1.2 release x.y" },
	{ "path", ". ./x ../y /x a/ app.conf src/a.py *.c",
	  "main v1.2.3 feature topic/x" },
	{ "remote", "h:x user@h:/x rsync://h/x", "a/b:c /a:b x :x" },
	{ "url", "http://x ssh://y", "x:y" },
	{ "number", "0 17", "x -1 1x" },
	{ "kernel", "/proc/sys/x /sys/y", "/process x" },
	{ "sysrq", "/proc/sysrq-trigger", "/proc/sysrq" },
	{ "access", "~/.ssh/authorized_keys /etc/sudoers.d/x", "/etc/hosts" },
	{ "assignment", "A=1 a_b=", "=x 1a=b a-b=c" },
	{ "live", "/ /etc/x /srv/app /home/x", "/tmp/x restore x" },
};

static void
assert_class(const char *class, const char *list, bool want)
{
	struct text rest = text_of(list), one;

	while (text_next_field(&rest, ' ', &one)) {
		struct subject s = { .text = one,
				     .exact =
					     text_chr(one, '*', 0) == one.len };

		if (class_has(text_of(class), &s) != want)
			fail_msg("'%.*s' is %sof class %s", TEXT_ARG(one),
				 want ? "not " : "", class);
	}
}

static void
classes_go_by_spelling(void **state)
{
	struct subject variable = { .text = { "\0/x", 3 }, .opaque = true };
	struct subject inside = { .text = { "/tmp/\0", 6 }, .opaque = true };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
		assert_true(class_exists(text_of(classes[i].class)));
		assert_class(classes[i].class, classes[i].has, true);
		assert_class(classes[i].class, classes[i].lacks, false);
	}
	assert_true(class_has(TEXT("variable"), &variable));
	assert_false(class_has(TEXT("variable"), &inside));
	assert_false(class_has(TEXT("disposable"), &inside));
	assert_true(class_has(TEXT("unknown"), &inside));
	assert_false(class_exists(TEXT("frob")));
}

static void
globs_match_whole_words(void **state)
{
	(void)state;
	assert_true(glob_matches(TEXT("a*c*"), TEXT("abbcd"), false));
	assert_true(glob_matches(TEXT("*"), TEXT(""), false));
	assert_true(glob_matches(TEXT("**x"), TEXT("abx"), false));
	assert_true(glob_matches(TEXT("a?c"), TEXT("abc"), false));
	assert_false(glob_matches(TEXT("a?c"), TEXT("ac"), false));
	assert_false(glob_matches(TEXT("a*c"), TEXT("abcd"), false));
	assert_true(glob_matches(TEXT("Drop"), TEXT("dROP"), true));
	assert_false(glob_matches(TEXT("Drop"), TEXT("dROP"), false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_found_by_each_name),
		cmocka_unit_test(options_that_write_files_are_told),
		cmocka_unit_test(
			long_names_may_be_cut_short_when_only_one_is_meant),
		cmocka_unit_test(malformed_specifications_are_told),
		cmocka_unit_test(words_are_told_apart),
		cmocka_unit_test(verbs_bring_their_own_options),
		cmocka_unit_test(
			an_option_that_is_not_listed_may_take_the_verb),
		cmocka_unit_test(
			what_is_not_known_is_an_operand_without_a_value),
		cmocka_unit_test(conditions_ask_options_and_operands),
		cmocka_unit_test(malformed_conditions_are_told),
		cmocka_unit_test(classes_go_by_spelling),
		cmocka_unit_test(globs_match_whole_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
