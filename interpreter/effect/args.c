/* Telling options from operands (POSIX 12.2, getopt_long(3), pflag). */
#include "effect/args.h"

struct parser {
	struct arena *arena;
	struct args *out;
	unsigned styles[ARGS_SPECS]; /* of out->specs */
	uint32_t at;
	bool ended;
	bool greedy;
};

static void
enter(struct parser *p, const char *spec)
{
	if (p->out->n_specs == ARGS_SPECS)
		return;
	p->out->specs[p->out->n_specs] = spec;
	p->styles[p->out->n_specs++] = spec_style(spec);
}

static bool
has_style(const struct parser *p, enum spec_style style)
{
	return p->styles[p->out->n_specs - 1] & style;
}

/* NAME in the specifications that hold here, the innermost first. */
static bool
find_exactly(const struct parser *p, struct text name, bool abbreviated,
	     struct spec_option *ret)
{
	for (unsigned i = p->out->n_specs; i-- > 0;) {
		if (i != p->out->n_specs - 1 && (p->styles[i] & SPEC_OWN))
			continue;
		if (abbreviated
			    ? spec_find_abbreviated(p->out->specs[i], name, ret)
			    : spec_find(p->out->specs[i], name, ret))
			return true;
	}
	return false;
}

static bool
find(const struct parser *p, struct text name, struct spec_option *ret)
{
	return find_exactly(p, name, false, ret) ||
	       find_exactly(p, name, true, ret);
}

static struct option_use *
add(struct parser *p, struct text name, const struct spec_option *known)
{
	struct option_use use = { .name = name, .arg = p->at };

	use.value_arg = p->at;
	use.exact = true;
	if (known) {
		use.names = known->names;
		use.writes = known->writes;
		p->out->adds = p->out->adds || known->adds;
		p->ended = p->ended || known->last;
	}
	ARENA_PUSH(p->arena, p->out->options, p->out->n_options, use);
	return &p->out->options[p->out->n_options - 1];
}

static bool
is_known(struct text t)
{
	return text_chr(t, '\0', 0) == t.len;
}

static void
take_attached(struct option_use *use, struct text value)
{
	use->value = value;
	use->has_value = true;
	use->exact = is_known(value);
}

/* The next word is the value of USE. */
static void
take_next(struct parser *p, struct option_use *use)
{
	const struct arg *next;

	if (p->at + 1 >= p->out->n)
		return;
	next = &p->out->v[++p->at];
	use->value = next->text;
	use->has_value = true;
	use->exact = next->exact;
	use->value_arg = p->at;
}

/* The words up to ";" or, behind "{}", "+" (find(1), ACTIONS). */
static void
take_block(struct parser *p, struct option_use *use)
{
	const struct arg *v = p->out->v;
	uint32_t i;

	use->block = p->at + 1;
	for (i = use->block; i < p->out->n; i++) {
		if (text_is(v[i].text, ";"))
			break;
		if (text_is(v[i].text, "+") && text_is(v[i - 1].text, "{}"))
			break;
	}
	use->n_args = i - use->block;
	p->at = i < p->out->n ? i : p->out->n - 1;
	use->value_arg = p->at;
}

static void
take_value(struct parser *p, struct option_use *use, enum spec_value kind)
{
	if (kind == SPEC_VALUE)
		take_next(p, use);
	else if (kind == SPEC_BLOCK)
		take_block(p, use);
}

static void
note_unknown(struct parser *p, struct option_use *use)
{
	if (p->out->n_operands)
		return;
	p->out->unsure = true;
	if (p->greedy)
		take_next(p, use);
}

/* "--name", "--name=value"; with SPEC_SINGLE "-name" as well. */
static void
long_option(struct parser *p, struct text t)
{
	size_t equals = text_chr(t, '=', 0);
	struct text name = text_sub(t, 0, equals);
	struct spec_option known = { 0 };
	struct option_use *use;
	bool found = find(p, name, &known);

	if (!found && has_style(p, SPEC_SINGLE) && text_starts(name, "--"))
		found = find(p, text_sub(name, 1, name.len), &known);
	use = add(p, name, found ? &known : NULL);
	if (equals < t.len)
		take_attached(use, text_sub(t, equals + 1, t.len));
	else if (found)
		take_value(p, use, known.value);
	else
		note_unknown(p, use);
}

/* The names of letters, so that each has a text of its own: "-a" is at 2 * a.
 */
static struct text
letter_name(struct parser *p, char letter)
{
	char name[2] = { '-', letter };

	return (struct text){ arena_memdup0(p->arena, name, 2), 2 };
}

/* "-abc", "-ofile": letters until one takes a value. */
static void
bundle(struct parser *p, struct text letters)
{
	for (size_t i = 0; i < letters.len; i++) {
		struct text name = letter_name(p, letters.at[i]), rest;
		struct spec_option known = { 0 };
		struct option_use *use;

		if (!find(p, name, &known)) {
			add(p, name, NULL);
			continue;
		}
		use = add(p, name, &known);
		rest = text_sub(letters, i + 1, letters.len);
		if (known.value == SPEC_FLAG)
			continue;
		if (rest.len > 1 && rest.at[0] == '=')
			rest = text_sub(rest, 1, rest.len); /* as pflag does */
		if (rest.len)
			take_attached(use, rest);
		else
			take_value(p, use, known.value);
		return;
	}
}

static void
short_option(struct parser *p, struct text t)
{
	struct spec_option known = { 0 };
	struct option_use *use;

	if (has_style(p, SPEC_SINGLE)) {
		long_option(p, t);
		return;
	}
	if (t.len != 2 && find_exactly(p, t, false, &known)) {
		use = add(p, t, &known);
		take_value(p, use, known.value);
		return;
	}
	bundle(p, text_sub(t, 1, t.len));
}

/* True when ALTERNATIVE ("compose up") says the operands found so far. */
static bool
path_is(const struct args *a, struct text alternative)
{
	struct text word;
	uint32_t i = 0;

	alternative = text_trim(alternative);
	while (text_next_field(&alternative, ' ', &word)) {
		if (i == a->n_operands || !text_eq(args_operand(a, i), word))
			return false;
		i++;
	}
	return i == a->n_operands;
}

static const char *
options_of_path(const struct args *a)
{
	struct text first = args_operand(a, 0);
	uint32_t bit = first.len ? 1u << (first.at[0] & 31) : 0;

	for (unsigned i = 0; i < a->program->n_verbs; i++) {
		const struct effect_verb *verb = &a->program->verbs[i];
		struct text rest, one;

		if (verb->begins && !(verb->begins & bit))
			continue;
		rest = text_of(verb->verb);
		while (text_next_field(&rest, '|', &one))
			if (path_is(a, one))
				return verb->options;
	}
	return NULL;
}

static bool
has_verbs(const struct effect_program *program)
{
	for (unsigned i = 0; i < program->n_rules; i++)
		if (program->rules[i].verb)
			return true;
	return false;
}

/* An operand may be a word of the verb, whose own options follow. */
static void
operand(struct parser *p)
{
	const char *deeper = NULL;

	ARENA_PUSH(p->arena, p->out->operands, p->out->n_operands, p->at);
	if (p->ended)
		return;
	p->out->n_open = p->out->n_operands;
	if (p->out->n_operands < ARGS_SPECS)
		deeper = options_of_path(p->out);
	if (deeper)
		enter(p, deeper);
	else if (has_style(p, SPEC_STOPS))
		p->ended = true;
	else if (p->out->n_specs == 1 && has_style(p, SPEC_OWN) &&
		 has_verbs(p->out->program))
		enter(p, "");
}

/* tar xzf FILE: letters whose values are the next words, in order. */
static void
old_bundle(struct parser *p, struct text letters)
{
	for (size_t i = 0; i < letters.len; i++) {
		struct text name = letter_name(p, letters.at[i]);
		struct spec_option known = { 0 };
		bool found = find(p, name, &known);
		struct option_use *use = add(p, name, found ? &known : NULL);

		if (found && known.value == SPEC_VALUE)
			take_next(p, use);
	}
}

static bool
is_option(const struct parser *p, const struct arg *a)
{
	struct text t = a->text;
	struct spec_option known = { 0 };

	if (p->ended || t.len == 0)
		return false;
	if (t.at[0] == '-' && t.len > 1)
		return true;
	return (t.at[0] == '+' || text_is(t, "-")) &&
	       find_exactly(p, t, false, &known);
}

static void
word(struct parser *p)
{
	const struct arg *a = &p->out->v[p->at];
	struct text t = a->text;

	if (p->at == 1 && has_style(p, SPEC_OLD) && a->exact && t.len &&
	    t.at[0] != '-')
		old_bundle(p, t);
	else if (!is_option(p, a))
		operand(p);
	else if (text_is(t, "--")) {
		p->ended = true;
		p->out->n_before_dashes = p->out->n_operands;
	} else if (text_starts(t, "--"))
		long_option(p, t);
	else
		short_option(p, t);
}

void
args_parse(struct arena *arena, const struct effect_program *program,
	   const struct arg *v, uint32_t n, bool greedy, struct args *ret)
{
	struct parser p = { .arena = arena, .out = ret, .greedy = greedy };

	*ret = (struct args){ .program = program, .v = v, .n = n };
	ret->n_before_dashes = UINT32_MAX;
	enter(&p, program->options);
	for (p.at = 1; p.at < n; p.at++)
		word(&p);
	if (ret->n_before_dashes > ret->n_operands)
		ret->n_before_dashes = ret->n_operands;
}

bool
option_is_named(const struct option_use *use, const char *names)
{
	struct text rest = text_of(names), one;

	while (text_next_field(&rest, ' ', &one))
		if (text_eq(use->name, one) || spec_has_name(use->names, one))
			return true;
	return false;
}

const struct option_use *
args_option(const struct args *a, const char *names)
{
	for (uint32_t i = a->n_options; i-- > 0;)
		if (option_is_named(&a->options[i], names))
			return &a->options[i];
	return NULL;
}

struct text
args_operand(const struct args *a, uint32_t i)
{
	return a->v[a->operands[i]].text;
}

struct text
args_which(const struct args *a, uint32_t n_verb, const char *which)
{
	const struct option_use *use = which ? args_option(a, which) : NULL;
	struct text rest = text_of(which), one;

	if (use)
		return use->value;
	while (text_next_field(&rest, ' ', &one)) {
		uint64_t number;
		uint32_t i;

		if (!text_to_uint(one, UINT32_MAX / 2, &number))
			continue;
		i = n_verb + (uint32_t)number - 1;
		if (i < a->n_operands)
			return args_operand(a, i);
	}
	return (struct text){ NULL, 0 };
}

struct excerpt
excerpt_between(struct arena *arena, const char *before, struct excerpt e,
		const char *behind)
{
	uint32_t n = (uint32_t)strlen(before), m = (uint32_t)strlen(behind);
	uint32_t len = (uint32_t)e.text.len;
	struct buf CLEANUP(buf_release) b = BUF_INIT;
	struct excerpt made = { .map = NULL };
	struct map *map;

	buf_adds(&b, before);
	buf_addt(&b, e.text);
	buf_adds(&b, behind);
	made.text = arena_text(arena, buf_text(&b));
	if (!e.map)
		return made;
	map = map_new(arena, e.map->src);
	map_add_from(arena, map, n, e.map, 0, 0, MAP_DECODED);
	if (len)
		map_add_from(arena, map, len, e.map, 0, len, MAP_COPIED);
	map_add_from(arena, map, m, e.map, len, len, MAP_DECODED);
	made.map = map;
	return made;
}

struct excerpt
excerpt_open(struct arena *arena, struct excerpt e)
{
	uint32_t n = (uint32_t)e.text.len;
	char *bytes = arena_memdup0(arena, e.text.at, n);
	struct excerpt open = { { bytes, n + 1 }, NULL };
	struct map *map;

	if (!e.map)
		return open;
	map = map_new(arena, e.map->src);
	if (n)
		map_add_from(arena, map, n, e.map, 0, n, MAP_COPIED);
	map_add_from(arena, map, 1, e.map, n, n, MAP_DECODED);
	open.map = map;
	return open;
}
