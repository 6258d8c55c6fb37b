/* The table of rules: built in, and added to. */
#include "effect/table.h"

#include "effect/match.h"
#include "effect/rules.inc"

struct effect_rules {
	struct arena *arena; /* NULL: the built-in ones alone */
	const struct extra_program *extra;
	const struct effect_files *files;
	const struct effect_function *functions; /* sorted by name */
	uint32_t n_functions;
};

const struct effect_rules *
effect_rules_builtin(void)
{
	static const struct effect_rules builtin = { .arena = NULL };

	return &builtin;
}

struct effect_rules *
effect_rules_new(struct arena *arena, const struct effect_rules *base)
{
	struct effect_rules *rules = ARENA_NEW(arena, struct effect_rules);

	rules->arena = arena;
	rules->extra = base ? base->extra : NULL;
	rules->files = base ? base->files : NULL;
	rules->functions = base ? base->functions : NULL;
	rules->n_functions = base ? base->n_functions : 0;
	return rules;
}

void
effect_rules_set_files(struct effect_rules *rules,
		       const struct effect_files *files)
{
	rules->files = files;
}

const struct effect_files *
table_files(const struct effect_rules *rules)
{
	return rules->files;
}

void
effect_rules_set_functions(struct effect_rules *rules,
			   const struct effect_function *functions, uint32_t n)
{
	rules->functions = functions;
	rules->n_functions = n;
}

const struct effect_function *
table_function(const struct effect_rules *rules, struct text name)
{
	uint32_t low = 0, high = rules->n_functions;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = text_cmp(rules->functions[middle].name, name);

		if (order == 0)
			return &rules->functions[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct effect_program *
table_programs(unsigned *ret_n)
{
	*ret_n = ARRAY_LEN(programs);
	return programs;
}

/* ---- looking up --------------------------------------------------------- */

static const struct effect_name *
find_builtin(struct text name)
{
	size_t low = 0, high = ARRAY_LEN(names);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = text_cmp(text_of(names[middle].name), name);

		if (order == 0)
			return &names[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static const struct extra_program *
find_extra(const struct extra_program *from, struct text name)
{
	while (from && !text_is(name, from->program.name))
		from = from->next;
	return from;
}

bool
table_find(const struct effect_rules *rules, struct text name,
	   struct known *ret)
{
	const struct effect_name *found = find_builtin(name);

	*ret = (struct known){ 0 };
	if (found) {
		ret->program = found->program;
		ret->prefix = text_of(found->prefix);
	}
	ret->more = find_extra(rules->extra, name);
	return ret->program || ret->more;
}

static size_t
last_slash(struct text path)
{
	size_t at = path.len;

	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return at;
}

/* "/etc/init.d/nginx stop" is "service nginx stop". */
static bool
find_service(const struct effect_rules *rules, struct text word,
	     struct known *ret)
{
	size_t slash = last_slash(word);
	struct text folder = text_sub(word, 0, slash);

	if (slash == word.len || (!text_is(folder, "/etc/init.d/") &&
				  !text_is(folder, "/etc/rc.d/") &&
				  !text_is(folder, "/usr/local/etc/rc.d/")))
		return false;
	if (!table_find(rules, TEXT("service"), ret))
		return false;
	ret->prefix = text_sub(word, slash, word.len);
	return true;
}

bool
table_find_command(const struct effect_rules *rules, struct text word,
		   struct known *ret)
{
	size_t slash = last_slash(word);

	*ret = (struct known){ 0 };
	if (word.len == 0 || (word.at[0] == ':' && word.len > 1) ||
	    word.at[0] == '-')
		return false;
	if (find_service(rules, word, ret))
		return true;
	if (slash == 0 || word.at[0] != '/') {
		if (table_find(rules, word, ret))
			return true;
	}
	if (slash == 0 || slash == word.len ||
	    !table_find(rules, text_sub(word, slash, word.len), ret))
		return false;
	if (word.at[0] == '/' || (ret->program && ret->program->project))
		return true;
	*ret = (struct known){ 0 };
	return false;
}

const struct effect_program *
table_need(const char *name)
{
	const struct effect_name *found = find_builtin(text_of(name));

	if (!found)
		BUG("no rules for '%s'", name);
	return found->program;
}

/* ---- checking and adding rows -------------------------------------------- */

static const char *
verb_check(const char *verb)
{
	struct text rest = text_of(verb), one, word;

	while (text_next_field(&rest, '|', &one)) {
		one = text_trim(one);
		if (one.len == 0)
			return "a verb is empty";
		while (text_next_field(&one, ' ', &word))
			if (word.len && word.at[0] == '-')
				return "an option stands among the verbs";
	}
	return NULL;
}

const char *
rule_check(const struct effect_program *program, const struct effect_rule *rule)
{
	const char *wrong = NULL;

	if (!rule->id || !*rule->id)
		return "a rule has no id";
	if (!rule->why || !*rule->why)
		return "a rule does not say why";
	if (rule->verb)
		wrong = verb_check(rule->verb);
	for (unsigned i = 0; !wrong && i < rule->n_conditions; i++)
		wrong = condition_check(program, &rule->conditions[i]);
	return wrong;
}

static bool
is_always(const struct effect_rule *rule)
{
	for (unsigned i = 0; i < rule->n_conditions; i++)
		if (!rule->conditions[i].negated)
			return false;
	return !rule->verb;
}

/* Runs what it is given, or is a language of its own. What runs the scripts of
 * a project (make) is not meant: a team knows what they do. */
static bool
is_wrapper(const struct effect_program *program)
{
	for (unsigned i = 0; i < program->n_rules; i++) {
		const struct effect_rule *rule = &program->rules[i];
		bool foreign =
			(rule->tags & EFFECT_TAG_EXEC) && !rule->suspects;
		bool runs = !rule->verb && rule->runs &&
			    rule->runs->how != EFFECT_RUNS_ALIAS;

		if (runs || (is_always(rule) && foreign))
			return true;
	}
	return program->name[0] == ':';
}

static int
refuse(struct buf *reterr, const char *id, const char *what)
{
	buf_addf(reterr, "effect rule '%s' cannot be used: %s", id, what);
	return -1;
}

static int
check_rows(const struct effect_program *program, enum effect_origin origin,
	   struct buf *reterr)
{
	for (unsigned i = 0; i < program->n_rules; i++) {
		const struct effect_rule *rule = &program->rules[i];
		const char *id =
			rule->id && *rule->id ? rule->id : program->name;
		const char *wrong = rule_check(program, rule);

		if (wrong)
			return refuse(reterr, id, wrong);
		if (rule->runs)
			return refuse(reterr, id,
				      "only built-in rules run a command");
		if (rule->settles && origin == EFFECT_DOCUMENT)
			return refuse(reterr, id,
				      "a document cannot lower a level");
	}
	return 0;
}

int
effect_rules_add(struct effect_rules *rules,
		 const struct effect_program *program,
		 enum effect_origin origin, struct span where,
		 struct buf *reterr)
{
	const char *wrong = spec_check(program->options);
	const struct effect_name *builtin =
		find_builtin(text_of(program->name));
	struct extra_program *extra;

	for (unsigned i = 0; !wrong && i < program->n_verbs; i++)
		wrong = spec_check(program->verbs[i].options);
	if (!wrong && (program->name[0] == ':' || program->name[0] == '-'))
		wrong = "that is no name of a program";
	if (!wrong && builtin && is_wrapper(builtin->program))
		wrong = "it is a shell, an interpreter or runs other commands";
	if (!wrong && program->n_rules == 0)
		wrong = "it has no rules";
	if (wrong)
		return refuse(reterr, program->name, wrong);
	if (check_rows(program, origin, reterr))
		return -1;
	extra = ARENA_NEW(rules->arena, struct extra_program);
	*extra =
		(struct extra_program){ *program, origin, where, rules->extra };
	rules->extra = extra;
	return 0;
}
