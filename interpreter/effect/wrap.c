/* Commands inside commands: what a rule's "runs" says is looked at here, each
 * way by one function. */
#include "effect/environment.h"
#include "effect/expand.h"
#include "effect/feed.h"
#include "shell/parse.h"

/* ---- hops -------------------------------------------------------------------
 */

static struct text
base_name(struct text path)
{
	size_t at = path.len;

	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return text_sub(path, at, path.len);
}

static const char *
hop_name(struct walk *w, const struct wrapped *c)
{
	const char *name = c->rule->runs->hop;
	struct text called = base_name(c->args->v[0].text);

	if (!name)
		return NULL;
	if (strcmp(name, "@name") == 0)
		return arena_memdup0(w->arena, called.at, called.len);
	return name;
}

/* What C runs is run in the folder that C is called in. */
static bool
stays(const struct wrapped *c, const char *name)
{
	static const char *const stay[] = {
		"sudo",    "doas",   "su",      "runuser", "setpriv", "env",
		"nohup",   "nice",   "ionice",  "chrt",    "time",    "timeout",
		"stdbuf",  "setsid", "taskset", "xargs",   "watch",   "sh",
		"bash",    "dash",   "eval",    "command", "builtin", "exec",
		"busybox", "strace", "awk",     "sed"
	};
	bool known = !name;

	for (size_t i = 0; i < ARRAY_LEN(stay) && !known; i++)
		known = strcmp(name, stay[i]) == 0;
	for (uint32_t i = 1; i < c->args->n; i++)
		known = known && !text_is(c->args->v[i].text, "-");
	return known && !args_option(c->args, "-i --login -D -C --chdir -l");
}

struct hop
walk_hop(struct walk *w, const struct wrapped *c)
{
	const struct effect_runs *runs = c->rule->runs;
	struct hop hop = { .name = hop_name(w, c),
			   .program = base_name(c->args->v[0].text),
			   .ends = runs->ends };

	hop.stays = stays(c, hop.name);
	hop.target = args_which(c->args, c->n_verb, runs->target);
	hop.user = args_which(c->args, c->n_verb, runs->user);
	hop.tty = runs->tty && args_option(c->args, runs->tty);
	hop.stdin_open = !runs->input || args_option(c->args, runs->input);
	hop.tags = c->rule->tags & (EFFECT_TAG_PRIVILEGED | EFFECT_TAG_REMOTE);
	hop.elsewhere = runs->target || (hop.tags & EFFECT_TAG_REMOTE) ||
			runs->how == EFFECT_RUNS_SSH;
	return hop;
}

bool
walk_inside(struct walk *w, const struct wrapped *c, struct place *ret)
{
	struct hop hop = walk_hop(w, c);

	if (hop.name)
		return walk_enter(w, c->place, c->spot, &hop, ret);
	*ret = *c->place;
	ret->shell = false;
	return true;
}

struct excerpt
option_text(struct walk *w, const struct args *a, const struct option_use *u)
{
	struct excerpt all = a->v[u->value_arg].raw.text;

	if (u->value.len >= all.text.len)
		return all;
	return excerpt_sub(w->arena, all, all.text.len - u->value.len,
			   all.text.len);
}

struct arg
option_arg(struct walk *w, const struct args *a, const struct option_use *u)
{
	struct arg arg = a->v[u->value_arg];

	arg.raw.text = option_text(w, a, u);
	arg.text = u->value;
	arg.exact = u->exact;
	arg.opaque = text_chr(u->value, '\0', 0) < u->value.len;
	arg.word = NULL;
	return arg;
}

/* RULE is for commands with something behind "--". */
static bool
is_behind_dashes(const struct effect_rule *rule)
{
	for (unsigned i = 0; i < rule->n_conditions; i++)
		if (rule->conditions[i].kind == EFFECT_IF_AFTER_DASHES &&
		    !rule->conditions[i].negated)
			return true;
	return false;
}

/* Index into v of the word at which the command inside begins, or n. */
static uint32_t
first_word(const struct wrapped *c)
{
	const struct args *a = c->args;
	uint32_t i = c->n_verb + c->rule->runs->from - 1, at;

	if (c->rule->runs->from == 0 && is_behind_dashes(c->rule))
		i = a->n_before_dashes;

	if (i >= a->n_operands)
		return a->n;
	at = a->operands[i];
	return text_is(a->v[at].text, "--") ? at + 1 : at;
}

/* ---- words that are run as they are
 * ------------------------------------------ */

static bool
is_assignment(const struct arg *a)
{
	size_t equals = text_chr(a->text, '=', 0);

	if (equals == 0 || equals == a->text.len ||
	    byte_is_digit(a->text.at[0]))
		return false;
	for (size_t i = 0; i < equals; i++)
		if (!byte_is_alnum(a->text.at[i]) && a->text.at[i] != '_')
			return false;
	return true;
}

/* A copy of the words from FIRST on, with room for two more. */
static struct arg *
copy_words(struct walk *w, const struct args *a, uint32_t first, uint32_t n)
{
	struct arg *v = arena_alloc(w->arena, (n + 2) * sizeof(*v));

	memcpy(v, a->v + first, n * sizeof(*v));
	return v;
}

/* The value of the option that names the program: "--entrypoint rm". */
static bool
named_program(struct walk *w, const struct wrapped *c, struct arg *ret)
{
	const struct effect_runs *runs = c->rule->runs;
	const struct option_use *use =
		runs->program ? args_option(c->args, runs->program) : NULL;

	if (!use || !use->has_value || use->value.len == 0)
		return false;
	*ret = option_arg(w, c->args, use);
	return true;
}

/* The words V that xargs runs, with those that it is fed. */
static struct arg *
feed_words(struct walk *w, const struct wrapped *c, const struct arg *words,
	   uint32_t n_words, uint32_t *ret_n)
{
	struct feed feed = feed_of_xargs(w, c);
	uint32_t n;
	struct arg *v = feed_fill(w, &feed, words, n_words, &n);
	struct arg own = v[n - 1]; /* the last one that is written there */

	for (uint32_t i = 0; feed.mark.len == 0 && i < feed.n; i++)
		ARENA_PUSH(w->arena, v, n,
			   feed_behind(w, &own, &feed.words[i]));
	if (feed.mark.len == 0 && !feed.is_known)
		ARENA_PUSH(w->arena, v, n, feed_unknown(w, &own));
	*ret_n = n;
	return v;
}

static void
walk_argv(struct walk *w, const struct wrapped *c)
{
	const struct effect_runs *runs = c->rule->runs;
	const struct args *a = c->args;
	uint32_t first = first_word(c), n;
	struct place inside;
	struct arg *v, program;
	bool named = named_program(w, c, &program);

	for (; runs->assigns && first < a->n && is_assignment(&a->v[first]);
	     first++)
		walk_given_setting(w, c->place, &a->v[first]);
	if ((first >= a->n && !named) || !walk_inside(w, c, &inside))
		return;
	n = a->n - first;
	v = copy_words(w, a, first, n);
	if (named) {
		memmove(v + 1, v, n * sizeof(*v));
		v[0] = program;
		n++;
	}
	if (runs->adds) {
		v = feed_words(w, c, v, n, &n);
		inside.input = NULL;
	}
	inside.shell = text_is(a->v[0].text, "builtin") ||
		       text_is(a->v[0].text, "command");
	if (inside.shell)
		inside.scope = NULL; /* functions are passed over */
	walk_command(w, &inside, v, n);
}

/* find -exec … ; */
static void
walk_blocks(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;

	for (uint32_t i = 0; i < a->n_options; i++) {
		const struct option_use *use = &a->options[i];
		struct feed feed = feed_of_find();
		struct place inside;
		struct arg *v;
		uint32_t n;

		if (use->n_args == 0 || !walk_inside(w, c, &inside))
			continue;
		v = feed_fill(w, &feed, a->v + use->block, use->n_args, &n);
		walk_command(w, &inside, v, n);
	}
}

/* env -S: the value's words, then the rest of the command. */
static void
walk_split(struct walk *w, const struct wrapped *c)
{
	const struct option_use *use =
		args_option(c->args, c->rule->runs->option);
	struct script *s;
	struct place inside, words;
	const struct node *node;
	uint32_t n, rest = first_word(c);
	struct arg *v;

	if (!use || !walk_inside(w, c, &inside))
		return;
	s = shell_parse(w->arena, option_text(w, c->args, use));
	node = s->body->n_items ? s->body->items[0]->node : NULL;
	if (!node || node->kind != NODE_SIMPLE || s->body->n_items > 1) {
		walk_unread(w, &inside, c->spot, EFFECT_TAG_EXEC,
			    "its words cannot be told apart");
		return;
	}
	words = inside;
	words.script = s;
	walk_environment(w, &words, node);
	v = walk_expand(w, &words, node->words, node->n_words, &n);
	if (c->rule->runs->assigns)
		for (; rest < c->args->n; rest++)
			ARENA_PUSH(w->arena, v, n, c->args->v[rest]);
	if (n)
		walk_command(w, &inside, v, n);
}

/* ---- texts that a shell reads
 * -------------------------------------------------- */

/* ARG is read by a shell, as a part of which names of files would stand. */
static void
check_pasted(struct walk *w, const struct place *place, const struct arg *arg)
{
	if (arg->pasted)
		walk_unread(w, place, spot_of_args(arg, 0), EFFECT_TAG_EXEC,
			    "the names that are put in become part of the "
			    "command: give them as $1 behind it");
}

/* parallel ::: COMMAND …: the words themselves are what it runs. Behind
 * "::::" are names of files with more. */
static void
walk_each_word(struct walk *w, const struct wrapped *c, uint32_t first)
{
	const struct args *a = c->args;
	struct place inside;

	if (first >= a->n || !text_starts(a->v[first].text, ":::") ||
	    !walk_inside(w, c, &inside))
		return;
	inside.input = NULL;
	if (!text_is(a->v[first].text, ":::") || first + 1 == a->n)
		walk_unread(w, &inside, c->spot, EFFECT_TAG_EXEC,
			    "runs commands that are not in the document");
	else
		for (uint32_t i = first + 1; i < a->n; i++)
			walk_text(w, &inside, a->v[i].raw.text, false);
}

static void
walk_joined(struct walk *w, const struct wrapped *c, bool same)
{
	const struct args *a = c->args;
	uint32_t first = first_word(c), end;
	struct value *values = NULL, all;
	uint32_t n = 0;
	struct place inside;

	for (end = first; end < a->n; end++) {
		struct text t = a->v[end].text;

		if (c->rule->runs->adds && text_starts(t, ":::"))
			break;
		check_pasted(w, c->place, &a->v[end]);
		ARENA_PUSH(w->arena, values, n, a->v[end].raw);
	}
	if (n == 0)
		walk_each_word(w, c, first);
	if (n == 0 || !walk_inside(w, c, &inside))
		return;
	if (c->rule->runs->adds)
		ARENA_PUSH(w->arena, values, n,
			   feed_unknown(w, &a->v[end - 1]).raw);
	all = values_join(w->arena, values, n);
	if (c->rule->runs->adds)
		inside.input = NULL;
	walk_text(w, &inside, all.text, same);
}

static void
walk_string(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;

	for (uint32_t i = 0; i < a->n_options; i++) {
		const struct option_use *use = &a->options[i];
		struct place inside;

		if (!use->has_value ||
		    !option_is_named(use, c->rule->runs->option) ||
		    !walk_inside(w, c, &inside))
			continue;
		check_pasted(w, &inside, &a->v[use->value_arg]);
		walk_text(w, &inside, option_text(w, a, use), false);
	}
}

/* -o KEY=TEXT, -o '|TEXT': of the values that the rule asks for, what a shell
 * gets. */
static void
walk_behind(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;

	for (uint32_t i = 0; i < a->n_options; i++) {
		const struct option_use *use = &a->options[i];
		struct excerpt all;
		struct place inside;
		uint32_t at = 0, n = (uint32_t)use->value.len;

		while (at < n && !strchr("=|!", use->value.at[at]))
			at++;
		if (at >= n || !option_is_named(use, c->rule->runs->option) ||
		    !rule_means(c->rule, a, use) || !walk_inside(w, c, &inside))
			continue;
		all = option_text(w, a, use);
		walk_text(w, &inside, excerpt_sub(w->arena, all, at + 1, n),
			  false);
	}
}

/* git -c alias.NAME='!TEXT' NAME: a shell runs TEXT (git-config(1)). */
static void
walk_alias(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;
	struct text called;

	if (a->n_operands == 0)
		return;
	called = args_operand(a, 0);
	for (uint32_t i = 0; i < a->n_options; i++) {
		const struct option_use *use = &a->options[i];
		size_t equals = text_chr(use->value, '=', 0);
		struct excerpt all;
		struct place inside;

		if (!text_is(use->name, c->rule->runs->option) ||
		    !text_starts_nocase(use->value, "alias.") ||
		    !text_eq_nocase(text_sub(use->value, 6, equals), called) ||
		    equals + 1 >= use->value.len ||
		    use->value.at[equals + 1] != '!' ||
		    !walk_inside(w, c, &inside))
			continue;
		all = option_text(w, a, use);
		walk_text(w, &inside,
			  excerpt_sub(w->arena, all, (uint32_t)equals + 2,
				      (uint32_t)all.text.len),
			  false);
	}
}

static void
walk_trap(struct walk *w, const struct wrapped *c)
{
	uint32_t at = first_word(c);
	struct place inside;

	if (at >= c->args->n || text_is(c->args->v[at].text, "-") ||
	    !walk_inside(w, c, &inside))
		return;
	walk_text(w, &inside, c->args->v[at].raw.text, true);
}

void
walk_input_as_shell(struct walk *w, const struct place *place, struct spot spot)
{
	static const struct input rest = { .kind = INPUT_UNREAD };
	struct place inside = *place;
	unsigned tags = EFFECT_TAG_EXEC | EFFECT_TAG_UNREAD_INPUT;

	if (!place->input) {
		walk_unread(w, place, spot, EFFECT_TAG_INTERACTIVE,
			    "opens a shell, in which the next lines would run");
	} else if (place->input->kind == INPUT_TEXT) {
		inside.input = &rest; /* the lines that follow */
		inside.shells = place->input->shells;
		walk_text(w, &inside, place->input->text.text, false);
	} else {
		if (place->input->network)
			tags |= EFFECT_TAG_NETWORK;
		walk_unread(
			w, place, spot, tags,
			"runs what it is fed, which is not in the document");
	}
}

static void
walk_stdin(struct walk *w, const struct wrapped *c)
{
	struct place inside;

	if (walk_inside(w, c, &inside))
		walk_input_as_shell(w, &inside, c->spot);
}

/* ---- sh
 * -------------------------------------------------------------------------- */

static const struct part *
process_of(const struct arg *a)
{
	const struct part *part =
		a->word && a->word->n_parts == 1 ? a->word->parts[0] : NULL;

	return part && part->kind == PART_PROCESS && part->list ? part : NULL;
}

bool
is_standard_input(struct text file)
{
	return text_is(file, "-") || text_is(file, "/dev/stdin") ||
	       text_is(file, "/dev/fd/0") || text_is(file, "/proc/self/fd/0");
}

/* A script by name: known only when it is standard input, or a substitution. */
static void
walk_script_file(struct walk *w, const struct wrapped *c,
		 const struct arg *file, const char *why)
{
	const struct part *part = process_of(file);
	struct place inside;

	if (!part && !is_standard_input(file->text)) {
		walk_unread(w, c->place, c->spot, EFFECT_TAG_EXEC, why);
		return;
	}
	if (!walk_inside(w, c, &inside))
		return;
	if (part)
		inside.input = input_of_list(w, c->place, part->list);
	walk_input_as_shell(w, &inside, c->spot);
}

static void
walk_shell(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;
	bool has_text = args_option(a, "-c"), from_stdin = args_option(a, "-s");
	struct place inside;

	if (has_text && a->n_operands == 0) {
		walk_unread(w, c->place, c->spot, EFFECT_TAG_EXEC,
			    "the text that it runs is missing");
	} else if (has_text) {
		if (!walk_inside(w, c, &inside))
			return;
		check_pasted(w, &inside, &a->v[a->operands[0]]);
		walk_text(w, &inside, a->v[a->operands[0]].raw.text, false);
	} else if (a->n_operands && !from_stdin) {
		walk_script_file(w, c, &a->v[a->operands[0]],
				 "runs a script that is not in the document");
	} else if (!c->place->input) {
		walk_input_as_shell(w, c->place, c->spot);
	} else if (walk_inside(w, c, &inside)) {
		walk_input_as_shell(w, &inside, c->spot);
	}
}

static void
walk_source(struct walk *w, const struct wrapped *c)
{
	if (c->args->n_operands)
		walk_script_file(w, c, &c->args->v[c->args->operands[0]],
				 "runs a file that is not in the document, in "
				 "this shell");
}

/* ---- all
 * ----------------------------------------------------------------------------
 */

static void
walk_join(struct walk *w, const struct wrapped *c)
{
	walk_joined(w, c, false);
}

static void
walk_eval(struct walk *w, const struct wrapped *c)
{
	walk_joined(w, c, true);
}

/* Its own finding stands inside, command.c. */
static void
walk_session(struct walk *w UNUSED, const struct wrapped *c UNUSED)
{
}

static void (*const ways[])(struct walk *w, const struct wrapped *c) = {
	[EFFECT_RUNS_ARGV] = walk_argv,
	[EFFECT_RUNS_JOIN] = walk_join,
	[EFFECT_RUNS_EVAL] = walk_eval,
	[EFFECT_RUNS_STRING] = walk_string,
	[EFFECT_RUNS_BEHIND] = walk_behind,
	[EFFECT_RUNS_ALIAS] = walk_alias,
	[EFFECT_RUNS_TRAP] = walk_trap,
	[EFFECT_RUNS_STDIN] = walk_stdin,
	[EFFECT_RUNS_WORDS] = walk_split,
	[EFFECT_RUNS_BLOCKS] = walk_blocks,
	[EFFECT_RUNS_SHELL] = walk_shell,
	[EFFECT_RUNS_SOURCE] = walk_source,
	[EFFECT_RUNS_SSH] = walk_ssh,
	[EFFECT_RUNS_SSH_OPTIONS] = walk_ssh_options,
	[EFFECT_RUNS_SETTING] = walk_kept_command,
	[EFFECT_RUNS_SQL] = walk_sql_client,
	[EFFECT_RUNS_REDIS] = walk_redis,
	[EFFECT_RUNS_MONGO] = walk_mongo,
	[EFFECT_RUNS_CODE] = walk_code,
	[EFFECT_RUNS_AWK] = walk_awk,
	[EFFECT_RUNS_SED] = walk_sed,
	[EFFECT_RUNS_QUERY] = walk_query,
	[EFFECT_RUNS_NAMES] = walk_again,
	[EFFECT_RUNS_SETS] = walk_again,
	[EFFECT_RUNS_DECLARES] = walk_again,
	[EFFECT_RUNS_EVALUATES] = walk_again,
	[EFFECT_RUNS_TESTS] = walk_again,
	[EFFECT_RUNS_EXPANDS] = walk_again,
	[EFFECT_RUNS_SESSION] = walk_session,
};

void
walk_runs(struct walk *w, const struct wrapped *c)
{
	enum effect_runs_how how = c->rule->runs->how;

	if ((size_t)how >= ARRAY_LEN(ways) || !ways[how])
		BUG("no way to run %d", (int)how);
	ways[how](w, c);
}
