/* What commands run inside them, as the graph layer sees it; calls of ssh. */
#include "effect/unwrap.h"
#include "lib/judge.h"
#include "lib/unit.h"
#include "shell/parse.h"

/* ---- ssh
 * ---------------------------------------------------------------------- */

struct called {
	struct arena arena;
	struct ssh_call call;
	bool is_ssh;
};

static void
call_ssh(struct called *c, const char *command)
{
	struct excerpt e = { text_of(command), NULL };
	struct script *s;
	const struct node *node;
	const struct value *argv;
	uint32_t argc;

	*c = (struct called){ .arena = ARENA_INIT };
	s = shell_parse(&c->arena, e);
	node = s->body->items[0]->node;
	argv = words_expand(&c->arena, s, node->words, node->n_words, NULL,
			    &argc);
	c->is_ssh = sshcall_parse(&c->arena, s, argv, argc, &c->call);
}

static const struct {
	const char *command;
	const char *host, *user, *port, *remote;
	bool exact, tty, no_stdin, plain;
} calls[] = {
	{ "ssh web1", "web1", "", "", NULL, true, false, false, true },
	{ "ssh app@web1 uptime", "web1", "app", "", "uptime", true, false,
	  false, true },
	{ "ssh -p 2222 -l app web1 ls -l", "web1", "app", "2222", "ls -l", true,
	  false, false, true },
	{ "ssh -p2222 web1 'a b'  c", "web1", "", "2222", "a b c", true, false,
	  false, true },
	{ "ssh -tt web1 top", "web1", "", "", "top", true, true, false, true },
	{ "ssh web1 -t top", "web1", "", "", "top", true, true, false, true },
	{ "ssh -nqT web1 ls", "web1", "", "", "ls", true, false, true, true },
	{ "ssh -o BatchMode=yes web1 ls", "web1", "", "", "ls", true, false,
	  false, false },
	{ "ssh -J hop web1 ls", "web1", "", "", "ls", true, false, false,
	  false },
	{ "ssh -- web1 ls", "web1", "", "", "ls", true, false, false, true },
	{ "ssh ssh://app@web1:2222 ls", "web1", "app", "2222", "ls", true,
	  false, false, true },
	{ "ssh a@b@web1 ls", "web1", "a@b", "", "ls", true, false, false,
	  true },
	{ "/usr/bin/ssh web1 ls", "web1", "", "", "ls", true, false, false,
	  true },
	{ "ssh web1 ls -t", "web1", "", "", "ls -t", true, false, false, true },
	{ "ssh \"$h\" ls", "", "", "", "ls", true, false, false, true },
	{ "ssh web1 ls \"$d\"", "web1", "", "", NULL, false, false, false,
	  true },
};

static void
calls_of_ssh_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		struct called c;

		call_ssh(&c, calls[i].command);
		assert_true(c.is_ssh);
		assert_text(c.call.host, calls[i].host);
		assert_text(c.call.user, calls[i].user);
		assert_text(c.call.port, calls[i].port);
		if (calls[i].remote)
			assert_text(c.call.command.text, calls[i].remote);
		assert_int_equal(c.call.has_command,
				 calls[i].remote || !calls[i].exact);
		assert_int_equal(c.call.exact, calls[i].exact);
		assert_int_equal(c.call.tty, calls[i].tty);
		assert_int_equal(c.call.no_stdin, calls[i].no_stdin);
		assert_int_equal(c.call.plain, calls[i].plain);
		arena_release(&c.arena);
	}
}

static void
other_programs_are_no_call_of_ssh(void **state)
{
	static const char *const others[] = { "scp a b", "sshd -t", "\"$x\" h",
					      "ssh-keygen -l" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct called c;

		call_ssh(&c, others[i]);
		assert_false(c.is_ssh);
		arena_release(&c.arena);
	}
}

/* ---- visiting
 * -------------------------------------------------------------------- */

static void
add_hop(struct buf *b, const struct hop *hop)
{
	buf_addc(b, '[');
	effect_chain(b, hop);
	if (hop && hop->target.len)
		buf_addf(b, " %.*s", TEXT_ARG(hop->target));
	if (hop && hop->user.len)
		buf_addf(b, " as %.*s", TEXT_ARG(hop->user));
	if (hop && hop->tty)
		buf_adds(b, " tty");
	buf_adds(b, "] ");
}

static void
on_script(void *ctx, const struct script *s, const struct hop *hop,
	  unsigned depth)
{
	struct buf *b = ctx;

	buf_addf(b, "script%u ", depth);
	add_hop(b, hop);
	buf_addf(b, "%.*s\n", TEXT_ARG(s->source.text));
}

static void
on_command(void *ctx, const struct command *c)
{
	struct buf *b = ctx;

	buf_adds(b, "command ");
	add_hop(b, c->hop);
	for (uint32_t i = 0; i < c->argc; i++)
		buf_addf(b, "%s%.*s", i ? " " : "",
			 TEXT_ARG(c->argv[i].bytes.text));
	buf_addc(b, '\n');
}

static void
on_foreign(void *ctx, const struct foreign *f)
{
	struct buf *b = ctx;

	buf_addf(b, "%s ", f->language);
	add_hop(b, f->hop);
	buf_addf(b, "%.*s\n", TEXT_ARG(f->text.text));
}

static void
assert_visited(const char *command, const char *want)
{
	struct arena arena = ARENA_INIT;
	struct buf got = BUF_INIT;
	struct effect_state none = { .scope = NULL };
	struct unwrap_visitor v = { .on_script = on_script,
				    .on_command = on_command,
				    .on_foreign = on_foreign,
				    .ctx = &got };
	struct excerpt e = { text_of(command), NULL };
	struct script *s = shell_parse(&arena, e);

	effect_unwrap(&arena, s, s->body->items[0], &none, &v);
	assert_string_equal(buf_cstr(&got), want);
	buf_release(&got);
	arena_release(&arena);
}

static void
everything_inside_is_visited(void **state)
{
	(void)state;
	assert_visited(
		"ssh app@web1 'sudo -u postgres psql -d app -c \"SELECT 1\"'",
		"script0 [] ssh app@web1 'sudo -u postgres psql -d app -c "
		"\"SELECT 1\"'\n"
		"command [] ssh app@web1 sudo -u postgres psql -d app -c "
		"\"SELECT 1\"\n"
		"script1 [ssh web1 as app] sudo -u postgres psql -d app -c "
		"\"SELECT 1\"\n"
		"command [ssh web1 as app] sudo -u postgres psql -d app -c "
		"SELECT 1\n"
		"command [ssh>sudo as postgres] psql -d app -c SELECT 1\n"
		"sql [ssh>sudo>psql app] SELECT 1\n");
	assert_visited("docker exec -it app sh -c 'cd /x && ls'",
		       "script0 [] docker exec -it app sh -c 'cd /x && ls'\n"
		       "command [] docker exec -it app sh -c cd /x && ls\n"
		       "command [docker app tty] sh -c cd /x && ls\n"
		       "script1 [docker>sh] cd /x && ls\n"
		       "command [docker>sh] cd /x\n"
		       "command [docker>sh] ls\n");
	assert_visited("echo $(date) > \"$(pwd)/x\"",
		       "script0 [] echo $(date) > \"$(pwd)/x\"\n"
		       "command [$()] date\n"
		       "command [$()] pwd\n"
		       "command [] echo \n");
}

static void
the_state_is_not_changed(void **state)
{
	struct arena arena = ARENA_INIT;
	struct effect_state s = { .scope = scope_new(&arena) };
	struct unwrap_visitor v = { 0 };
	struct excerpt e = { TEXT("x=1"), NULL };
	struct script *script = shell_parse(&arena, e);

	(void)state;
	effect_unwrap(&arena, script, script->body->items[0], &s, &v);
	assert_int_equal(scope_variable(s.scope, TEXT("x")).state,
			 VALUE_UNKNOWN);
	effect_judge(&arena, script, script->body->items[0], &s);
	assert_int_equal(scope_variable(s.scope, TEXT("x")).state, VALUE_EXACT);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_of_ssh_are_taken_apart),
		cmocka_unit_test(other_programs_are_no_call_of_ssh),
		cmocka_unit_test(everything_inside_is_visited),
		cmocka_unit_test(the_state_is_not_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
