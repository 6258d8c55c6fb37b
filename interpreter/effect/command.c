/* One command: what the table says of it, and what it runs. */
#include "base/limits.h"
#include "effect/verdict.h"
#include "effect/walk.h"

static void
tell_rules(const struct walk *w, const struct place *place,
	   const struct verdict *v)
{
	if (!w->visitor || !w->visitor->on_rule)
		return;
	for (uint32_t i = 0; i < v->n_fits; i++)
		w->visitor->on_rule(w->visitor->ctx, v->fits[i].rule,
				    place->hop);
}

/* ---- what is found
 * ----------------------------------------------------------- */

static bool
has_unknown_operand(const struct args *a, uint32_t n_verb)
{
	for (uint32_t i = n_verb; i < a->n_operands; i++)
		if (a->v[a->operands[i]].opaque)
			return true;
	return false;
}

/* The author switched the tool's own question off. */
static bool
answers_itself(const struct args *a)
{
	return args_option(a, "-y --yes -f --force --no-input --noinput "
			      "--noconfirm --no-confirm --auto-approve "
			      "-auto-approve --assume-yes --assumeyes "
			      "--non-interactive --no-interactive") != NULL;
}

/* What A writes into, where its operands are also what is read: the database
 * that is restored, the last operand of a copy. */
static struct text
target_of(const struct args *a)
{
	static const char *const copies[] = { "rsync", "scp", "cp", "mv",
					      "install" };
	struct text name = text_of(a->program->name);
	const struct arg *last =
		a->n_operands ? &a->v[a->operands[a->n_operands - 1]] : NULL;
	bool copy = text_is(name, "docker") && last &&
		    text_is(a->v[a->operands[0]].text, "cp");

	if (text_is(name, "pg_restore"))
		return args_which(a, 0, "-d");
	for (size_t i = 0; i < ARRAY_LEN(copies); i++)
		copy |= text_is(name, copies[i]);
	if (!copy || a->n_operands < 2 || args_option(a, "-t") || last->opaque)
		return (struct text){ NULL, 0 };
	return last->text;
}

static struct finding
finding_of(struct walk *w, const struct verdict *v, const struct fitting *best)
{
	const struct effect_rule *rule = best->rule;
	struct finding f = { .level = rule->level,
			     .rule = rule->id,
			     .said = best->said,
			     .why = rule->why,
			     .undo = rule->undo,
			     .check = rule->check };
	uint32_t n_verb;

	for (uint32_t i = 0; i < v->n_fits; i++) {
		f.tags |= v->fits[i].rule->tags;
		if (v->fits[i].rule->io > f.io)
			f.io = v->fits[i].rule->io;
	}
	n_verb = best->fit.n_verb > best->args->n_named ? best->fit.n_verb
							: best->args->n_named;
	f.verb = said_verb(w->arena, best->args, n_verb);
	f.object = said_object(w->arena, best->args, n_verb);
	f.into = target_of(best->args);
	f.open = said_is_open(best->args, n_verb);
	f.relative = said_is_relative(best->args, n_verb);
	if (f.level > EFFECT_READS && !rule_wraps(rule) &&
	    has_unknown_operand(best->args, best->fit.n_verb))
		f.tags |= EFFECT_TAG_UNRESOLVED_TARGET;
	if (effect_level_stops(f.level) && answers_itself(best->args))
		f.tags |= EFFECT_TAG_NO_CONFIRM;
	return f;
}

/* Words such as "wipe" raise what is not known. */
static void
raise_by_words(struct walk *w, struct finding *f, const struct arg *v,
	       uint32_t n, bool with_name)
{
	struct text word;
	enum effect_level level = suspect(v, n, with_name, &word);

	if (level <= f->level)
		return;
	f->level = level;
	f->tags |= EFFECT_TAG_SUSPECTED;
	f->rule = "suspect";
	f->why =
		arena_printf(w->arena, "looks as if it %s: it says '%.*s'",
			     level == EFFECT_DESTROYS ? "destroys" : "disrupts",
			     TEXT_ARG(word));
}

static struct wrapped
wrapped_of(const struct place *place, const struct fitting *f)
{
	return (struct wrapped){ place, f->args, f->rule, f->fit.n_verb,
				 spot_of_args(f->args->v, f->fit.last) };
}

static void
run_inside(struct walk *w, const struct place *place, const struct verdict *v)
{
	for (uint32_t i = 0; i < v->n_fits; i++) {
		struct wrapped c = wrapped_of(place, &v->fits[i]);

		if (c.rule->runs)
			walk_runs(w, &c);
	}
}

/* Files that are written over, where that is more than SAID already. */
static void
write_files(struct walk *w, const struct place *place, const struct verdict *v,
	    const struct args *a, enum effect_level said)
{
	walk_output_options(w, place, a, said + 1);
	for (uint32_t i = 0; i < v->n_fits; i++) {
		struct wrapped c = wrapped_of(place, &v->fits[i]);

		if (c.rule->onto)
			walk_output_of_rule(w, &c, said + 1);
	}
}

/* The finding of BEST itself; that of a session stands inside of it. */
static void
report_own(struct walk *w, const struct place *place,
	   const struct fitting *best, struct finding f)
{
	struct wrapped c = wrapped_of(place, best);
	struct place inside = *place;

	if (best->rule->runs && best->rule->runs->how == EFFECT_RUNS_SESSION &&
	    !walk_inside(w, &c, &inside))
		return;
	walk_find(w, &inside, c.spot, f);
}

static void
report(struct walk *w, const struct place *place, const struct verdict *v,
       const struct fitting *best)
{
	const struct args *a = best->args;
	struct finding f = finding_of(w, v, best);
	bool speaks;

	tell_rules(w, place, v);
	speaks = f.level > EFFECT_READS || !rule_wraps(best->rule) ||
		 f.io != EFFECT_IO_BATCH;

	if (best->rule->suspects)
		raise_by_words(w, &f, a->v, a->n, false);
	if (speaks)
		report_own(w, place, best, f);
	for (uint32_t i = 0; i < v->n_fits; i++) {
		w->renewed = w->renewed || v->fits[i].rule->renews;
		w->mounted = w->mounted || v->fits[i].rule->mounts;
	}
	write_files(w, place, v, a, f.level);
	run_inside(w, place, v);
}

/* ---- what is not in the table
 * ------------------------------------------------- */

/* KNOWN: the table has the program. LEAST is established already. */
static void
report_unknown(struct walk *w, const struct place *place, const struct arg *v,
	       uint32_t n, bool known, enum effect_level least)
{
	struct finding f = { .level = EFFECT_UNKNOWN, .rule = "unlisted" };
	const char *why = known ? "this form of it is not in the table"
				: "nothing is known of this program";

	f.verb = said_program(v[0].text);
	f.why = why;
	if (v[0].exact)
		raise_by_words(w, &f, v, n, !known);
	if (f.level <= least)
		return;
	for (uint32_t i = 1; i < n; i++)
		if (text_is(v[i].text, "--yes") || text_is(v[i].text, "-y") ||
		    text_is(v[i].text, "--force") ||
		    text_is(v[i].text, "--no-input"))
			f.tags |= EFFECT_TAG_NO_CONFIRM;
	walk_find(w, place, spot_of_args(v, n - 1), f);
}

void
walk_unlisted(struct walk *w, const struct place *place, const struct arg *v,
	      uint32_t n)
{
	report_unknown(w, place, v, n, false, EFFECT_READS);
}

/* The verb that A has goes on, in the table, with a word that is not known
 * here: "docker compose $x". One with a slash is a path, whatever else is in
 * it: "sops secrets/$x". */
static bool
is_verb_open(const struct args *a, uint32_t n_verb)
{
	const struct arg *word =
		n_verb < a->n_operands ? &a->v[a->operands[n_verb]] : NULL;

	return word && word->opaque &&
	       !memchr(word->text.at, '/', word->text.len) &&
	       verb_goes_on(a, n_verb);
}

/* "git remote frob": the verb that fits goes on with words of its own in the
 * table, and this is none of them. */
static bool
is_verb_unlisted(const struct fitting *best)
{
	const struct args *a = best->args;
	uint32_t n = best->fit.n_verb;

	return n > 0 && n < a->n_before_dashes && !fitting_has_if(best) &&
	       best->from == FROM_TABLE &&
	       best->rule->level <= EFFECT_CHANGES && !rule_wraps(best->rule) &&
	       verb_goes_on(a, n);
}

/* ---- options that are not known
 * ------------------------------------------------------ */

/* ARG may be an option, or begin with one: nothing of it is known, and it is
 * not in quotes. One that is quoted is taken for what everybody means by it, a
 * name. */
static bool
may_be_option(const struct arg *arg)
{
	for (size_t i = 0; i < arg->text.len; i++)
		if (arg->text.at[i])
			return false;
	return arg->opaque && arg->text.len && !arg->raw.one_field;
}

/* How little an option must do to count in place of ARG: of what a variable
 * holds nobody expects an option, where the command already changes something;
 * what xargs is fed is a list of names as good as always. */
static enum effect_level
least_in_place(const struct arg *arg, enum effect_level level)
{
	bool variable = !(arg->raw.traits & VALUE_HAS_COMMAND);

	if (arg->added)
		return EFFECT_DISRUPTS;
	if (level == EFFECT_CHANGES && variable)
		return EFFECT_DESTROYS + 1;
	return level + 1;
}

/* NAME may stand behind the operands of A. */
static bool
holds_behind(const struct args *a, struct text name)
{
	struct spec_option found;

	for (unsigned i = a->n_specs; i-- > 0;) {
		if (i + 1 < a->n_specs && (spec_style(a->specs[i]) & SPEC_OWN))
			continue;
		if (spec_find(a->specs[i], name, &found))
			return true;
	}
	return false;
}

static const char *
option_of(const struct effect_rule *rule, const struct args *a)
{
	for (unsigned i = 0; i < rule->n_conditions; i++) {
		const struct effect_condition *c = &rule->conditions[i];
		struct text rest = text_of(c->arg), one;

		if (c->kind != EFFECT_IF_WITH || c->negated)
			continue;
		while (text_next_field(&rest, ' ', &one))
			if (holds_behind(
				    a, text_sub(one, 0, text_chr(one, '=', 0))))
				return one.at;
	}
	return NULL;
}

/* The option by which A would do LEAST or more, as the table has it: "-o" of
 * sort; or NULL. One that only leaves out the question whether to replace a
 * file (gzip -f) does no more. */
static const char *
option_for_more(const struct args *a, enum effect_level least)
{
	const unsigned forced = EFFECT_TAG_OVERWRITE | EFFECT_TAG_NO_CONFIRM;

	for (unsigned i = 0; i < a->program->n_rules; i++) {
		const struct effect_rule *rule = &a->program->rules[i];
		const char *option;

		if (rule->level < least || (rule->tags & forced) == forced ||
		    !rule_could_fit(rule, a))
			continue;
		option = option_of(rule, a);
		if (option)
			return option;
	}
	return NULL;
}

static void
report_open_options(struct walk *w, const struct place *place,
		    const struct args *a, enum effect_level level)
{
	for (uint32_t i = 0; i < a->n_open; i++) {
		const struct arg *arg = &a->v[a->operands[i]];
		const char *option;

		if (!may_be_option(arg))
			continue;
		option = option_for_more(a, least_in_place(arg, level));
		if (!option)
			continue;
		walk_unread(w, place, spot_of_args(arg, 0), EFFECT_TAG_EXEC,
			    arena_printf(w->arena,
					 "may hold an option by which it does "
					 "more, such as %.*s",
					 (int)strcspn(option, " ="), option));
		return;
	}
}

/* ---- help
 * ---------------------------------------------------------------------- */

static bool
is_interpreter(const struct effect_program *program)
{
	for (unsigned i = 0; i < program->n_rules; i++) {
		const struct effect_runs *runs = program->rules[i].runs;

		if (runs && (runs->how == EFFECT_RUNS_CODE ||
			     runs->how == EFFECT_RUNS_SHELL))
			return true;
	}
	return false;
}

static bool
is_called(const struct option_use *use, const char *name)
{
	return text_is(use->name, name) ||
	       spec_has_name(use->names, text_of(name));
}

/* "rm --help", "docker stop --help", "vault kv -help": only where it is the
 * sole argument behind words of a verb, or that a verb begins with, and really
 * an option. */
static bool
asks_for_help(const struct args *a, uint32_t n_prefix)
{
	const struct option_use *use =
		a->n_options == 1 ? &a->options[0] : NULL;
	bool version;

	if (!use || use->has_value || use->arg != a->n - 1 ||
	    is_interpreter(a->program))
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!a->v[i].exact)
			return false;
	version = is_called(use, "--version");
	if (!version && !is_called(use, "--help") && !is_called(use, "-help"))
		return false;
	return a->n == 2 + n_prefix ||
	       (!version &&
		(verb_words(a) == a->n - 2 || verb_goes_on(a, a->n - 2)));
}

static void
report_help(struct walk *w, const struct place *place, const struct args *a)
{
	struct finding f = { .level = EFFECT_READS,
			     .rule = "help",
			     .why = "only tells how it is used" };

	f.verb = said_verb(w->arena, a, 0);
	walk_find(w, place, spot_of_args(a->v, a->n - 1), f);
}

/* ---- a program
 * ------------------------------------------------------------------ */

/* The words of "docker-compose up" as those of "docker compose up". */
static const struct arg *
with_prefix(struct walk *w, struct text prefix, const struct arg *v,
	    uint32_t *n)
{
	struct arg *all = arena_alloc(w->arena, (*n + 1) * sizeof(*all));

	all[0] = v[0];
	all[1] = v[0];
	all[1].text = prefix;
	all[1].raw.text.text = all[1].text;
	memcpy(all + 2, v + 1, (*n - 1) * sizeof(*all));
	(*n)++;
	return all;
}

static struct args *
read_args(struct walk *w, const struct place *place,
	  const struct effect_program *program, const struct arg *v, uint32_t n,
	  bool greedy)
{
	struct args *a = ARENA_NEW(w->arena, struct args);

	args_parse(w->arena, program, v, n, greedy, a);
	a->has_input = place->input != NULL;
	a->renewed = w->renewed;
	if (place->input && place->input->kind == INPUT_TEXT &&
	    !place->input->open)
		a->fed = text_trim(place->input->text.text.text);
	a->look = look_from(w, place);
	return a;
}

static bool
has_row_of_operator(const struct known *known)
{
	const struct extra_program *extra = known->more;

	for (; extra; extra = extra->next)
		if (strcmp(extra->program.name, known->more->program.name) ==
			    0 &&
		    extra->origin == EFFECT_OPERATOR)
			return true;
	return false;
}

void
walk_known(struct walk *w, const struct place *place, const struct known *known,
	   const struct arg *v, uint32_t n)
{
	const struct effect_program *program =
		known->program ? known->program : &known->more->program;
	const struct args *a;
	const struct fitting *best, *trusted;
	struct verdict verdict;

	if (known->prefix.len)
		v = with_prefix(w, known->prefix, v, &n);
	a = read_args(w, place, program, v, n, false);
	if (known->program && asks_for_help(a, known->prefix.len ? 1 : 0)) {
		report_help(w, place, a);
		return;
	}
	verdict = verdict_of(w->arena, known, a);
	best = verdict_best(&verdict, false);
	if (a->unsure) {
		const struct args *b = read_args(w, place, program, v, n, true);
		struct verdict other = verdict_of(w->arena, known, b);
		const struct fitting *worse = verdict_best(&other, false);

		if (worse &&
		    (!best || worse->rule->level > best->rule->level)) {
			verdict = other;
			best = worse;
			a = b;
		}
	}
	trusted = verdict_best(&verdict, true);
	if (is_verb_open(a, trusted ? trusted->fit.n_verb : 0))
		walk_unread(w, place, spot_of_args(v, n - 1), 0,
			    "which of its verbs is not known");
	else if (!trusted || is_verb_unlisted(trusted))
		report_unknown(w, place, v, n,
			       known->program || has_row_of_operator(known),
			       best ? best->rule->level : EFFECT_READS);
	if (best)
		report(w, place, &verdict, best);
	if (best && known->program && best->rule->level < EFFECT_UNKNOWN)
		report_open_options(w, place, a, best->rule->level);
}

/* ---- functions
 * --------------------------------------------------------------------- */

static struct call *
find_active(struct call *call, const struct node *body)
{
	while (call && call->body != body)
		call = call->outer;
	return call;
}

/* V calls a function or an alias. False: what it is, is not known, and maybe
 * it is none. */
static bool
walk_function(struct walk *w, const struct place *place, const struct arg *v,
	      uint32_t n)
{
	struct place inside = *place;
	struct call call = { .outer = place->call }, *active;

	call.body = scope_function(place->scope, v[0].text, &inside.script);
	call.depth = place->call ? place->call->depth + 1 : 1;
	active = call.body ? find_active(place->call, call.body) : NULL;
	if (active) {
		active->again = true;
		return true;
	}
	if (!call.body || call.depth > LIMIT_EFFECT_CALLS) {
		walk_unread(w, place, spot_of_args(v, n - 1), EFFECT_TAG_EXEC,
			    call.body ? "too many functions call each other"
				      : "a function or alias of this text that "
					"cannot be followed");
		return call.body;
	}
	inside.call = &call;
	inside.replayed = true;
	walk_node(w, &inside, call.body);
	if (call.again) {
		inside = walk_in_turn(w, &inside, call.body);
		walk_node(w, &inside, call.body);
	}
	return true;
}

/* PLACE is in the shell that the functions of the document belong to. */
static bool
is_in_session(const struct place *place)
{
	const struct hop *hop = place->hop;

	while (hop && strcmp(hop->name, "$()") == 0)
		hop = hop->outer;
	return !hop && place->shell && place->scope;
}

/* V calls by its name a function that the document defines, and nothing before
 * it does. False: it does not, or the program KNOWN of that name destroys. */
static bool
walk_function_elsewhere(struct walk *w, const struct place *place,
			const struct known *known, const struct arg *v,
			uint32_t n)
{
	const struct effect_function *function =
		is_in_session(place) ? table_function(w->rules, v[0].text)
				     : NULL;
	struct walk other = *w;

	if (!function)
		return false;
	other.visitor = NULL;
	if (known)
		walk_known(&other, place, known, v, n);
	for (uint32_t i = w->n_findings; i < other.n_findings; i++) {
		if (other.findings[i].level == EFFECT_DESTROYS)
			return false;
	}
	walk_unread(w, place, spot_of_args(v, n - 1), EFFECT_TAG_EXEC,
		    arena_printf(w->arena,
				 "it is a function that %s defines, and "
				 "nothing before it here does",
				 function->where));
	return true;
}

/* ---- the command
 * --------------------------------------------------------------------- */

static void
tell_visitor(struct walk *w, const struct place *place, const struct arg *v,
	     uint32_t n)
{
	struct command command = { place->script, place->node, NULL, n,
				   place->hop };

	if (!w->visitor || !w->visitor->on_command)
		return;
	command.argv = arena_alloc(w->arena, n * sizeof(*command.argv));
	for (uint32_t i = 0; i < n; i++)
		command.argv[i] = v[i].raw;
	w->visitor->on_command(w->visitor->ctx, &command);
}

void
walk_command(struct walk *w, const struct place *place, const struct arg *v,
	     uint32_t n)
{
	struct known known;
	bool shadowed, found;

	tell_visitor(w, place, v, n);
	if (!v[0].exact) {
		walk_unread(w, place, spot_of_args(v, n - 1), EFFECT_TAG_EXEC,
			    "which command it is, is not known");
		return;
	}
	shadowed = place->shell && place->scope &&
		   scope_shadows(place->scope, v[0].text);
	if (shadowed && walk_function(w, place, v, n))
		return;
	found = table_find_command(w->rules, v[0].text, &known);
	if (!shadowed &&
	    walk_function_elsewhere(w, place, found ? &known : NULL, v, n))
		return;
	if (found)
		walk_known(w, place, &known, v, n);
	else if (!shadowed)
		report_unknown(w, place, v, n, false, EFFECT_READS);
}

struct arg
walk_made_arg(const struct excerpt *e, uint32_t start, uint32_t end,
	      struct text text)
{
	struct arg a = { .text = text,
			 .source = e,
			 .start = start,
			 .end = end,
			 .exact = true };

	a.raw.state = VALUE_EXACT;
	a.raw.one_field = true;
	a.raw.text.text = text;
	a.raw.bytes = a.raw.text;
	return a;
}

bool
walk_words(struct walk *w, const struct place *place, const struct args *args,
	   struct spot spot, const struct finding *least)
{
	struct known known = { .program = args->program };
	struct verdict v = verdict_of(w->arena, &known, args);
	const struct fitting *best;
	struct finding f;

	tell_rules(w, place, &v);
	best = verdict_best(&v, false);
	if (!best)
		return false;
	f = finding_of(w, &v, best);
	if (least->verb.len)
		f.verb = least->verb;
	if (least->object.len)
		f.object = least->object;
	f.open |= least->open;
	f.relative |= least->relative;
	if (f.level >= least->level &&
	    (f.level > EFFECT_READS || !best->rule->runs))
		walk_find(w, place, spot, f);
	write_files(w, place, &v, args, f.level);
	run_inside(w, place, &v);
	return true;
}
