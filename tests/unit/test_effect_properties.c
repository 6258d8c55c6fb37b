/* What must hold for every command: wrapping, quoting and adding words never
 * makes it look like less. */
#include "lib/judge.h"
#include "lib/unit.h"
#include "shell/quote.h"

/* Simple commands of every level, without redirections. */
static const char *const commands[] = {
	"ls -la /srv",
	"docker ps",
	"git status",
	"psql -c 'SELECT 1'",
	"touch /srv/x",
	"git commit -m 'rm -rf /'",
	"psql -c 'CREATE TABLE t (a int)'",
	"frobctl status",
	"bash migrate.sh",
	"psql -c 'SELECT nightly()'",
	"systemctl restart nginx",
	"docker compose down",
	"kubectl drain n1",
	"git checkout 3f2a91c",
	"rm -rf /srv/x",
	"docker volume rm pgdata",
	"psql -U postgres -c 'DROP DATABASE app'",
	"redis-cli FLUSHALL",
	"dd if=a of=/dev/sda",
	"find /srv -name '*.log' -delete",
	"kubectl delete ns x",
	"terraform destroy",
	"frobctl wipe-everything --yes",
	"mongosh app --eval 'db.dropDatabase()'",
};

struct wrapper {
	const char *name;
	const char *before;
	bool quotes; /* the command becomes one word */
};

static const struct wrapper wrappers[] = {
	{ "sudo", "sudo -u root", false },
	{ "env", "env LANG=C", false },
	{ "timeout", "timeout 5", false },
	{ "sh", "bash -c", true },
	{ "ssh", "ssh -p 22 web1", true },
	{ "docker", "docker exec -u root app", false },
	{ "kubectl", "kubectl exec pod -c main --", false },
	{ "eval", "eval", true },
};

enum {
	WRAPPERS = ARRAY_LEN(wrappers)
};

static void
wrap(struct buf *b, const struct wrapper *w)
{
	struct buf inner = BUF_INIT;

	buf_addt(&inner, buf_text(b));
	buf_clear(b);
	buf_addf(b, "%s ", w->before);
	if (w->quotes)
		quote_add_word(b, buf_text(&inner));
	else
		buf_addt(b, buf_text(&inner));
	buf_release(&inner);
}

/* Wrap COMMAND in the wrappers whose numbers are digits of PATH to the base of
 * their number, innermost first; level and chain are as they must be. */
static void
check_wrapped(const char *command, unsigned path, unsigned depth)
{
	struct buf text = BUF_INIT, chain = BUF_INIT;
	struct judged plain, wrapped;
	const char *names[4];

	judged_init(&plain, command, NULL);
	buf_adds(&text, command);
	for (unsigned i = 0; i < depth; i++, path /= WRAPPERS) {
		wrap(&text, &wrappers[path % WRAPPERS]);
		names[depth - 1 - i] = wrappers[path % WRAPPERS].name;
	}
	judged_init(&wrapped, buf_cstr(&text), NULL);
	for (unsigned i = 0; i < depth; i++)
		buf_addf(&chain, "%s%s", i ? ">" : "", names[i]);
	if (plain.chain.len)
		buf_addf(&chain, ">%s", buf_cstr(&plain.chain));
	if (wrapped.effect->level != plain.effect->level ||
	    strcmp(buf_cstr(&wrapped.chain), buf_cstr(&chain)) != 0)
		fail_msg("'%s' is %s in '%s', not %s in '%s'", buf_cstr(&text),
			 effect_level_name(wrapped.effect->level),
			 buf_cstr(&wrapped.chain),
			 effect_level_name(plain.effect->level),
			 buf_cstr(&chain));
	judged_release(&plain);
	judged_release(&wrapped);
	buf_release(&text);
	buf_release(&chain);
}

static void
wrapping_never_lowers_and_extends_the_chain(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		for (unsigned path = 0; path < WRAPPERS; path++)
			check_wrapped(commands[i], path, 1);
		for (unsigned path = 0; path < WRAPPERS * WRAPPERS; path++)
			check_wrapped(commands[i], path, 2);
		/* every third word of the deeper ones, by a step that is prime
		 * to their number */
		for (unsigned path = (unsigned)i; path < 4096; path += 61)
			check_wrapped(commands[i], path, 4);
	}
}

static void
nine_wrappers_are_too_many(void **state)
{
	struct judged j;

	(void)state;
	judged_init(&j,
		    "sudo env nice nohup setsid timeout 5 stdbuf -oL time ls",
		    NULL);
	assert_int_equal(j.effect->level, EFFECT_READS);
	judged_release(&j);
	judged_init(&j,
		    "sudo env nice nohup setsid timeout 5 stdbuf -oL "
		    "command sudo ls",
		    NULL);
	assert_int_equal(j.effect->level, EFFECT_UNKNOWN);
	judged_release(&j);
}

/* ---- spelling
 * ----------------------------------------------------------------- */

/* The ways to write the byte C inside a word that mean the same. */
static void
respell(struct buf *b, char c, unsigned how)
{
	switch (how) {
	case 0:
		buf_addf(b, "\\%c", c);
		break;
	case 1:
		buf_addf(b, "'%c'", c);
		break;
	case 2:
		buf_addf(b, "\"%c\"", c);
		break;
	case 3:
		buf_addf(b, "$'\\x%02x'", (unsigned)(unsigned char)c);
		break;
	case 4:
		buf_addf(b, "\"\"%c", c);
		break;
	default:
		buf_addf(b, "\\\n%c", c);
		break;
	}
}

static const char *const spelled[] = {
	"rm -rf /srv/x",          "docker volume rm pgdata",
	"git reset --hard",       "systemctl stop nginx",
	"kubectl delete ns x",    "redis-cli FLUSHALL",
	"docker compose down -v", "touch /srv/x",
};

static void
quoting_keeps_level_and_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(spelled); i++) {
		struct judged plain, other;

		judged_init(&plain, spelled[i], NULL);
		for (size_t at = 0; spelled[i][at]; at++) {
			if (spelled[i][at] == ' ')
				continue;
			for (unsigned how = 0; how < 6; how++) {
				struct buf b = BUF_INIT;

				buf_add(&b, spelled[i], at);
				respell(&b, spelled[i][at], how);
				buf_adds(&b, spelled[i] + at + 1);
				judged_init(&other, buf_cstr(&b), NULL);
				if (strcmp(judged_rule(&plain),
					   judged_rule(&other)) != 0)
					fail_msg("'%s' is %s, not %s",
						 buf_cstr(&b),
						 judged_rule(&other),
						 judged_rule(&plain));
				judged_release(&other);
				buf_release(&b);
			}
		}
		judged_release(&plain);
	}
}

static void
options_may_stand_in_any_way(void **state)
{
	static const char *const same[][6] = {
		{ "rm -rf /srv/x", "rm -fr /srv/x", "rm -r -f /srv/x",
		  "rm /srv/x -r -f", "rm --force --recursive /srv/x",
		  "rm --rec /srv/x --fo" },
		{ "git clean -fdx", "git clean -xdf", "git clean -f -d -x",
		  "git clean --force -dx", "git -C x clean -fdx",
		  "git clean -d --fo" },
		{ "docker system prune -af", "docker system prune -a -f",
		  "docker system prune --all --force",
		  "docker --context p system prune -fa",
		  "docker -H x system prune -a", "docker system prune --all" },
		{ "psql -c 'DROP TABLE t'", "psql -Atc 'DROP TABLE t'",
		  "psql --command='DROP TABLE t'", "psql -c'DROP TABLE t'",
		  "psql app -c 'DROP TABLE t'",
		  "psql --command 'DROP TABLE t' app" },
		{ "curl -X DELETE http://x/1", "curl -XDELETE http://x/1",
		  "curl -sXDELETE http://x/1",
		  "curl --request=DELETE http://x/1",
		  "curl http://x/1 -X DELETE",
		  "curl -s --req DELETE http://x/1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		struct judged first, other;

		judged_init(&first, same[i][0], NULL);
		assert_int_equal(first.effect->level, EFFECT_DESTROYS);
		for (size_t k = 1; k < ARRAY_LEN(same[i]); k++) {
			judged_init(&other, same[i][k], NULL);
			if (strcmp(judged_rule(&first), judged_rule(&other)))
				fail_msg("'%s' is %s", same[i][k],
					 judged_rule(&other));
			judged_release(&other);
		}
		judged_release(&first);
	}
}

/* ---- text that is only text
 * ------------------------------------------------------ */

static void
a_command_as_data_is_harmless(void **state)
{
	static const char *const uses[] = { "echo %s", "grep -F -e %s log",
					    "git commit -m %s",
					    "logger -t ops %s",
					    "printf '%%s\\n' %s > note" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		struct buf quoted = BUF_INIT, b = BUF_INIT;

		quote_add_word(&quoted, text_of(commands[i]));
		for (size_t k = 0; k < ARRAY_LEN(uses); k++) {
			const char *hole = strstr(uses[k], " %s");

			buf_clear(&b);
			buf_add(&b, uses[k], (size_t)(hole - uses[k]));
			buf_addf(&b, " %s%s", buf_cstr(&quoted), hole + 3);
			if (effect_level_stops(level_of(buf_cstr(&b))))
				fail_msg("'%s' stops", buf_cstr(&b));
		}
		buf_clear(&b);
		buf_addf(&b, "cat > note <<'EOF'\n%s\nEOF", commands[i]);
		if (effect_level_stops(level_of(buf_cstr(&b))))
			fail_msg("'%s' stops", buf_cstr(&b));
		buf_release(&quoted);
		buf_release(&b);
	}
}

/* ---- what is added
 * ----------------------------------------------------------------- */

static void
what_stands_behind_never_lowers(void **state)
{
	static const char *const behind[] = { "; true",       " # status",
					      " || true",     " && true",
					      " 2>/dev/null", " &",
					      " | cat",       "\ntrue" };
	static const char *const unlisted[] = { "frob", "./deploy.sh",
						"frobctl wipe-cache" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		for (size_t k = 0; k < ARRAY_LEN(behind); k++) {
			struct buf b = BUF_INIT;

			buf_addf(&b, "%s%s", commands[i], behind[k]);
			if (level_of(buf_cstr(&b)) < level_of(commands[i]))
				fail_msg("'%s' is lower", buf_cstr(&b));
			buf_release(&b);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(unlisted); i++) {
		static const char *const options[] = { " --help",  " --dry-run",
						       " -n",      " --version",
						       " --check", " status" };

		for (size_t k = 0; k < ARRAY_LEN(options); k++) {
			struct buf b = BUF_INIT;

			buf_addf(&b, "%s%s", unlisted[i], options[k]);
			if (level_of(buf_cstr(&b)) < level_of(unlisted[i]))
				fail_msg("'%s' is lower", buf_cstr(&b));
			buf_release(&b);
		}
	}
}

static void
a_block_is_as_high_as_its_highest_statement(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		for (size_t k = 0; k < ARRAY_LEN(commands); k++) {
			struct buf b = BUF_INIT;
			enum effect_level one = level_of(commands[i]);
			enum effect_level other = level_of(commands[k]);

			buf_addf(&b, "%s\n%s", commands[i], commands[k]);
			assert_int_equal(level_of(buf_cstr(&b)),
					 one > other ? one : other);
			buf_release(&b);
		}
	}
}

static void
an_unknown_command_word_or_verb_is_at_least_unknown(void **state)
{
	static const char *const open[] = {
		"$X -la /srv",
		"\"$X\" ps",
		"docker $X",
		"docker \"$X\" app",
		"docker volume $X x",
		"docker compose $X",
		"docker compose -f a.yaml \"$X\" web",
		"docker compose --dry-run $X",
		"git $X",
		"git -C /srv \"$X\" -fd",
		"kubectl $X pods",
		"kubectl -n a $X ns b",
		"systemctl $X nginx",
		"service nginx $X",
		"terraform $X",
		"aws s3 $X s3://b",
		"aws $X $Y",
		"gcloud compute instances $X a",
		"helm $X web",
		"redis-cli $X",
		"psql -c \"$X\"",
		"mongosh --eval \"$X\"",
		"<program> -x",
		"docker <verb> app",
		"ssh web1 \"$X\"",
		"ssh web1 \"docker $X app\"",
		"sudo $X",
		"sh -c \"$X\"",
		"xargs $X",
		"python -m $X",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(open); i++)
		if (level_of(open[i]) < EFFECT_UNKNOWN)
			fail_msg("'%s' is %s", open[i],
				 effect_level_name(level_of(open[i])));
}

/* ---- limits
 * ------------------------------------------------------------------------- */

static void
repeat(struct buf *b, const char *before, const char *what, unsigned n,
       const char *behind)
{
	buf_clear(b);
	buf_adds(b, before);
	for (unsigned i = 0; i < n; i++)
		buf_adds(b, what);
	buf_adds(b, behind);
}

static void
what_is_run_again_and_again_is_cut_off(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	/* each function calls the next twice: 2^30 commands */
	for (unsigned i = 0; i < 30; i++)
		buf_addf(&b, "f%u() { f%u; f%u; }\n", i, i + 1, i + 1);
	buf_adds(&b, "f30() { ls; }\nf0");
	assert_int_equal(level_of(buf_cstr(&b)), EFFECT_UNKNOWN);
	repeat(&b, "", "for a in 1 2 3 4 5 6 7 8; do ", 12, "ls");
	for (unsigned i = 0; i < 12; i++)
		buf_adds(&b, "; done");
	assert_int_equal(level_of(buf_cstr(&b)), EFFECT_UNKNOWN);
	buf_clear(&b);
	buf_adds(&b, "f() { f; ls; }; f");
	assert_int_equal(level_of(buf_cstr(&b)), EFFECT_READS);
	buf_release(&b);
}

static void
a_loop_over_few_values_knows_them(void **state)
{
	(void)state;
	assert_int_equal(level_of("for d in /tmp/a /tmp/b; do rm -rf $d; done"),
			 EFFECT_CHANGES);
	assert_int_equal(level_of("for d in /tmp/a /srv/b; do rm -rf $d; done"),
			 EFFECT_DESTROYS);
	assert_int_equal(level_of("for d in /tmp/{1..17}; do rm -rf $d; done"),
			 EFFECT_DESTROYS); /* more than LIMIT_EFFECT_TURNS */
	assert_int_equal(level_of("for d in $x; do rm -rf $d; done"),
			 EFFECT_DESTROYS);
}

static void
long_and_deep_texts_end(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	repeat(&b, "", "a|", 100000, "b");
	assert_int_equal(level_of(buf_cstr(&b)), EFFECT_UNKNOWN);
	repeat(&b, "", "$(", 10000, "");
	assert_int_equal(level_of(buf_cstr(&b)), EFFECT_UNKNOWN);
	repeat(&b, "psql -c '", "(SELECT ", 20000, "'");
	assert_int_equal(level_of(buf_cstr(&b)), EFFECT_UNKNOWN);
	repeat(&b, "psql -c 'DELETE FROM t WHERE ", "(", 20000, "id = 7'");
	assert_int_equal(level_of(buf_cstr(&b)), EFFECT_DESTROYS);
	repeat(&b, "psql -c 'DELETE FROM t WHERE id IN (", "7,", 20000, "8)'");
	assert_int_equal(level_of(buf_cstr(&b)), EFFECT_CHANGES);
	repeat(&b, "", "ls; ", 20000, "rm -rf /srv");
	assert_int_equal(level_of(buf_cstr(&b)), EFFECT_DESTROYS);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrapping_never_lowers_and_extends_the_chain),
		cmocka_unit_test(nine_wrappers_are_too_many),
		cmocka_unit_test(quoting_keeps_level_and_rule),
		cmocka_unit_test(options_may_stand_in_any_way),
		cmocka_unit_test(a_command_as_data_is_harmless),
		cmocka_unit_test(what_stands_behind_never_lowers),
		cmocka_unit_test(a_block_is_as_high_as_its_highest_statement),
		cmocka_unit_test(
			an_unknown_command_word_or_verb_is_at_least_unknown),
		cmocka_unit_test(what_is_run_again_and_again_is_cut_off),
		cmocka_unit_test(a_loop_over_few_values_knows_them),
		cmocka_unit_test(long_and_deep_texts_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
