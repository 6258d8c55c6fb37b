/* Taking a call of ssh apart, and what it runs there (ssh(1), OpenSSH 9). */
#include "effect/walk.h"

static const char with_value[] = "BbcDEeFIiJLlmOoPpQRSWw";
static const char pooled[] = "tTnqxalp"; /* options that a session knows */

struct reader {
	struct arena *arena;
	const char *also; /* letters besides that take a value */
	struct ssh_call *call;
	const struct value *argv;
	uint32_t argc, at;
	bool has_host;
	struct excerpt
		*settings; /* values of -o, in front of the host or not */
	uint32_t n_settings;
	bool loads; /* -I: a library */
};

static struct text
value_text(const struct value *v)
{
	return v->text.text;
}

static void
set_option(struct reader *r, char letter, struct text value)
{
	struct ssh_call *call = r->call;

	if (!strchr(pooled, letter))
		call->plain = false;
	if (letter == 't')
		call->tty = true;
	else if (letter == 'T')
		call->tty = false;
	else if (letter == 'n' || letter == 'f')
		call->no_stdin = true;
	else if (letter == 'l')
		call->user = value;
	else if (letter == 'p')
		call->port = value;
}

/* "-tt", "-p22", "-p 22". */
static void
read_options(struct reader *r, struct text t)
{
	for (uint32_t i = 1; i < t.len; i++) {
		struct text value = text_sub(t, i + 1, t.len);
		struct excerpt e;

		if (!strchr(with_value, t.at[i]) && !strchr(r->also, t.at[i])) {
			set_option(r, t.at[i], (struct text){ NULL, 0 });
			continue;
		}
		if (value.len || r->at + 1 >= r->argc)
			e = excerpt_sub(r->arena, r->argv[r->at].text, i + 1,
					(uint32_t)t.len);
		else
			e = r->argv[++r->at].text;
		if (t.at[i] == 'o')
			ARENA_PUSH(r->arena, r->settings, r->n_settings, e);
		r->loads = r->loads || t.at[i] == 'I';
		set_option(r, t.at[i], e.text);
		return;
	}
}

/* user@host, ssh://user@host:port. */
static void
read_destination(struct reader *r, const struct value *v)
{
	struct text t = value_text(v);
	struct ssh_call *call = r->call;
	size_t at = t.len, colon;

	call->destination = *v;
	call->host_at = r->at;
	r->has_host = true;
	if (v->state != VALUE_EXACT)
		return;
	if (text_starts(t, "ssh://")) {
		t = text_sub(t, 6, t.len);
		colon = text_chr(t, ':', 0);
		if (colon < t.len)
			call->port = text_sub(t, colon + 1, t.len);
		t = text_sub(t, 0, colon);
		at = t.len;
	}
	while (at > 0 && t.at[at - 1] != '@')
		at--;
	if (at > 0)
		call->user = text_sub(t, 0, at - 1);
	call->host = text_sub(t, at, t.len);
}

static bool
is_option(struct text t)
{
	return t.len > 1 && t.at[0] == '-';
}

/* All of VALUE is known but for what is to be filled in. */
static bool
is_known_text(const struct value *value)
{
	return value->state == VALUE_EXACT ||
	       (value->traits &
		~(unsigned)(VALUE_HAS_PLACEHOLDER | VALUE_HAS_TILDE |
			    VALUE_FROM_CONSTANT | VALUE_QUOTED)) == 0;
}

static void
read_call(struct reader *r)
{
	struct value all;

	for (r->at = 1; r->at < r->argc; r->at++) {
		struct text t = value_text(&r->argv[r->at]);

		if (text_is(t, "--") && !r->has_host)
			continue;
		if (is_option(t))
			read_options(r, t);
		else if (!r->has_host)
			read_destination(r, &r->argv[r->at]);
		else
			break;
	}
	if (r->at >= r->argc)
		return;
	all = values_join(r->arena, r->argv + r->at, r->argc - r->at);
	r->call->has_command = true;
	r->call->first = r->at;
	r->call->command = all.text;
	r->call->exact = is_known_text(&all);
}

bool
sshcall_parse(struct arena *arena, const struct script *s,
	      const struct value *argv, uint32_t argc, struct ssh_call *ret)
{
	struct reader r = { .arena = arena,
			    .also = "",
			    .call = ret,
			    .argv = argv,
			    .argc = argc };
	struct text name;

	(void)s;
	*ret = (struct ssh_call){ .plain = true, .exact = true };
	if (argc == 0 || argv[0].state != VALUE_EXACT)
		return false;
	name = value_text(&argv[0]);
	if (!text_is(name, "ssh") && !text_ends(name, "/ssh"))
		return false;
	read_call(&r);
	return true;
}

/* ---- judging
 * ------------------------------------------------------------------- */

/* Settings that name what runs here (ssh_config(5)); of the others only a
 * program of their own knows what they run. */
static const struct local_setting {
	const char *key;
	bool is_command;
} local_settings[] = {
	{ "proxycommand", true },      { "localcommand", true },
	{ "knownhostscommand", true }, { "match", false },
	{ "include", false },          { "pkcs11provider", false },
	{ "xauthlocation", false },    { "securitykeyprovider", false },
};

static const char loads_something[] =
	"an option makes ssh run or load something here";

/* "Key=value", "key value"; blanks in front do not count. */
static void
walk_local_setting(struct walk *w, const struct wrapped *c, struct excerpt e)
{
	uint32_t len = (uint32_t)e.text.len, start = 0;

	while (start < len && byte_is_space(e.text.at[start]))
		start++;
	e = excerpt_sub(w->arena, e, start, len);
	for (size_t k = 0; k < ARRAY_LEN(local_settings); k++) {
		const struct local_setting *s = &local_settings[k];
		uint32_t n = (uint32_t)strlen(s->key);
		struct excerpt value;

		if (!text_starts_nocase(e.text, s->key) ||
		    e.text.len <= n + 1 || byte_is_alnum(e.text.at[n]))
			continue;
		value = excerpt_sub(w->arena, e, n + 1, (uint32_t)e.text.len);
		if (text_is(text_trim(value.text), "none"))
			return;
		if (s->is_command)
			walk_text(w, c->place, value, false);
		else
			walk_unread(w, c->place, c->spot, EFFECT_TAG_EXEC,
				    loads_something);
		return;
	}
}

void
walk_ssh_options(struct walk *w, const struct wrapped *c)
{
	for (uint32_t i = 0; i < c->args->n_options; i++) {
		const struct option_use *use = &c->args->options[i];

		if (text_is(use->name, "-o") && use->has_value)
			walk_local_setting(w, c, option_text(w, c->args, use));
	}
}

void
walk_ssh(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;
	struct ssh_call call = { .plain = true, .exact = true };
	struct value *argv = arena_alloc(w->arena, a->n * sizeof(*argv));
	struct reader r = { .arena = w->arena,
			    .also = "",
			    .call = &call,
			    .argv = argv,
			    .argc = a->n };
	struct hop hop = walk_hop(w, c);
	struct place inside;

	for (uint32_t i = 0; i < a->n; i++)
		argv[i] = a->v[i].raw;
	if (text_is(text_of(a->program->name), "autossh"))
		r.also = "M"; /* its monitoring port, autossh(1) */
	read_call(&r);
	for (uint32_t i = 0; i < r.n_settings; i++)
		walk_local_setting(w, c, r.settings[i]);
	if (r.loads)
		walk_unread(w, c->place, c->spot, EFFECT_TAG_EXEC,
			    loads_something);
	if (!r.has_host)
		return;
	hop.target = call.host;
	hop.user = call.user;
	hop.tty = call.tty;
	hop.stdin_open = !call.no_stdin;
	if (!walk_enter(w, c->place, c->spot, &hop, &inside))
		return;
	if (call.no_stdin)
		inside.input = NULL;
	if (call.has_command)
		walk_text(w, &inside, call.command, false);
	else
		walk_input_as_shell(w, &inside, c->spot);
}
