/* Programs of other languages inside a command: never read as harmless, but a
 * call that plainly deletes or runs something is found, by the rows of ":code"
 * and, for MongoDB, ":mongo". */
#include "effect/code_lex.h"
#include "effect/walk.h"

struct program {
	struct walk *w;
	const struct place *place;
	const struct excerpt *e;
	struct code_token *t;
	uint32_t n;
};

static void
read_tokens(struct program *p, struct walk *w, const struct place *place,
	    struct excerpt text, unsigned styles)
{
	struct excerpt *e = ARENA_NEW(w->arena, struct excerpt);
	struct code_lexer lx = { .text = text.text, .styles = styles };
	struct code_token t;

	*e = text;
	*p = (struct program){ w, place, e, NULL, 0 };
	if (!walk_spend(w, place, text.text.len))
		return;
	while (code_next(&lx, &t))
		ARENA_PUSH(w->arena, p->t, p->n, t);
}

static bool
is(const struct program *p, uint32_t i, const char *s)
{
	return i < p->n && code_is(p->e->text, &p->t[i], s);
}

static struct text
inner_text(const struct program *p, uint32_t i)
{
	return text_sub(p->e->text, p->t[i].inner, p->t[i].inner_end);
}

/* The words of a call for the rows of PROGRAM: the function's name and, when
 * HAS_ARG, what it is given. */
static bool
judge_call(const struct program *p, const char *rows, uint32_t name,
	   const struct arg *given, uint32_t last, enum effect_level level)
{
	uint32_t operands[] = { 1, 2 };
	struct arg v[3];
	struct args a = { .program = table_need(rows),
			  .v = v,
			  .n = given ? 3 : 2,
			  .operands = operands,
			  .n_operands = given ? 2 : 1 };
	struct finding least = { .level = level };
	struct spot spot = { p->e, p->t[name].start, p->t[last].end };

	a.n_before_dashes = a.n_operands;
	v[0] = walk_made_arg(p->e, p->t[name].start, p->t[name].start,
			     (struct text){ NULL, 0 });
	v[1] = walk_made_arg(p->e, p->t[name].start, p->t[name].end,
			     inner_text(p, name));
	if (given)
		v[2] = *given;
	least.verb = inner_text(p, name);
	return walk_words(p->w, p->place, &a, spot, &least);
}

/* ---- python, node, perl …
 * ------------------------------------------------------- */

/* The text that a call is given, when it is written out: a string, or a list
 * of strings, whose words are joined. Returns the index behind it, or 0. */
static uint32_t
literal_at(const struct program *p, uint32_t i, struct arg *ret)
{
	struct buf CLEANUP(buf_release) b = BUF_INIT;
	uint32_t first = i;

	if (is(p, i, "["))
		i++;
	if (i >= p->n || p->t[i].kind != CODE_STRING)
		return 0;
	*ret = walk_made_arg(p->e, p->t[i].start, p->t[i].end,
			     inner_text(p, i));
	ret->raw.text = excerpt_sub(p->w->arena, *p->e, p->t[i].inner,
				    p->t[i].inner_end);
	if (first == i) {
		if (!is(p, i + 1, ")") && !is(p, i + 1, ",") && i + 1 < p->n)
			ret->raw.text =
				excerpt_open(p->w->arena, ret->raw.text);
		return i + 1;
	}
	for (; i < p->n && p->t[i].kind == CODE_STRING; i += 2) {
		if (b.len)
			buf_addc(&b, ' ');
		buf_addt(&b, inner_text(p, i));
		if (!is(p, i + 1, ","))
			break;
	}
	ret->text = arena_text(p->w->arena, buf_text(&b));
	ret->raw.text = (struct excerpt){ ret->text, NULL };
	return i + 1;
}

static void
judge_code(const struct program *p)
{
	for (uint32_t i = 0; i < p->n; i++) {
		struct arg given;
		uint32_t from = is(p, i + 1, "(") ? i + 2 : i + 1, end;

		if (p->t[i].kind == CODE_COMMAND) {
			walk_text(p->w, p->place,
				  excerpt_sub(p->w->arena, *p->e, p->t[i].inner,
					      p->t[i].inner_end),
				  false);
			continue;
		}
		if (p->t[i].kind != CODE_NAME || from >= p->n)
			continue;
		end = literal_at(p, from, &given);
		if (end)
			judge_call(p, ":code", i, &given, end - 1,
				   EFFECT_DISRUPTS);
		else if (from == i + 1 && p->t[from].kind == CODE_NAME)
			judge_call(p, ":code", i, NULL, i, EFFECT_DISRUPTS);
	}
}

static unsigned
styles_of(const char *language)
{
	static const struct {
		const char *name;
		unsigned styles;
	} languages[] = {
		{ "python", CODE_HASH | CODE_TRIPLE },
		{ "js", CODE_SLASHES },
		{ "perl", CODE_HASH | CODE_BACKTICK },
		{ "ruby", CODE_HASH | CODE_BACKTICK },
		{ "php", CODE_HASH | CODE_SLASHES | CODE_BACKTICK },
	};

	for (size_t i = 0; i < ARRAY_LEN(languages); i++)
		if (strcmp(languages[i].name, language) == 0)
			return languages[i].styles;
	return CODE_HASH;
}

static void
walk_program_text(struct walk *w, const struct wrapped *c, struct excerpt text,
		  const struct place *inside)
{
	const char *language = c->rule->runs->language;
	struct foreign foreign = { language, text, inside->hop,
				   FOREIGN_NOTHING };
	struct program p;

	if (w->visitor && w->visitor->on_foreign)
		w->visitor->on_foreign(w->visitor->ctx, &foreign);
	walk_unread(w, inside, c->spot, EFFECT_TAG_EXEC,
		    "runs a program of another language, which is not read");
	read_tokens(&p, w, inside, text, styles_of(language));
	judge_code(&p);
}

static bool
has_name(const struct option_use *use, const char *names)
{
	struct text rest = text_of(names), one;

	while (text_next_field(&rest, ' ', &one))
		if (text_eq(use->name, one) || spec_has_name(use->names, one))
			return true;
	return false;
}

/* -c TEXT; true when there was one. */
static bool
walk_code_options(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;
	struct place inside;
	bool found = false;

	for (uint32_t i = 0; i < a->n_options; i++) {
		const struct option_use *use = &a->options[i];

		if (!has_name(use, c->rule->runs->option) || !use->has_value)
			continue;
		found = true;
		if (walk_inside(w, c, &inside))
			walk_program_text(w, c, option_text(w, a, use),
					  &inside);
	}
	return found;
}

/* python -m MODULE … is a command of its own. */
static bool
walk_module(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;
	const struct option_use *use = args_option(a, "-m");
	struct known known;
	struct arg *v;
	uint32_t n;
	char *name;

	if (!use || !use->has_value ||
	    strcmp(c->rule->runs->language, "python") != 0)
		return false;
	n = a->n - use->value_arg;
	v = arena_alloc(w->arena, n * sizeof(*v));
	memcpy(v, a->v + use->value_arg, n * sizeof(*v));
	v[0].text = use->value;
	name = arena_printf(w->arena, "-m %.*s", TEXT_ARG(use->value));
	if (use->exact && table_find(w->rules, text_of(name), &known))
		walk_known(w, c->place, &known, v, n);
	else
		walk_unlisted(w, c->place, v, n);
	return true;
}

/* A file of the project that is known by name: "python manage.py". */
static bool
walk_project_file(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;
	uint32_t at = a->operands[0];
	struct known known;

	if (!a->v[at].exact ||
	    !table_find_command(w->rules, a->v[at].text, &known) ||
	    !known.program || !known.program->project)
		return false;
	walk_known(w, c->place, &known, a->v + at, a->n - at);
	return true;
}

void
walk_code(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;
	const struct input *input = c->place->input;
	struct place inside;

	if (walk_code_options(w, c) || walk_module(w, c))
		return;
	if (a->n_operands && !text_is(args_operand(a, 0), "-")) {
		if (!walk_project_file(w, c))
			walk_unread(w, c->place, c->spot, EFFECT_TAG_EXEC,
				    "runs a program that is not in the "
				    "document");
		return;
	}
	if (!input) {
		walk_unread(w, c->place, c->spot, EFFECT_TAG_INTERACTIVE,
			    "opens a session, in which somebody types");
	} else if (walk_inside(w, c, &inside)) {
		if (input->kind == INPUT_TEXT)
			walk_program_text(w, c, input->text.text, &inside);
		else
			walk_unread(w, &inside, c->spot,
				    EFFECT_TAG_EXEC | EFFECT_TAG_UNREAD_INPUT,
				    "runs what it is fed, which is not in the "
				    "document");
	}
}

/* ---- MongoDB
 * ----------------------------------------------------------------------- */

/* The first argument between the parentheses that token OPEN begins, without
 * blanks; returns the index of the closing one. */
static uint32_t
given_text(const struct program *p, uint32_t open, struct text *ret,
	   bool *ret_opaque)
{
	struct buf CLEANUP(buf_release) b = BUF_INIT;
	unsigned depth = 1;
	uint32_t i = open + 1;
	bool first = true;

	*ret_opaque = false;
	for (; i < p->n; i++) {
		if (is(p, i, "(") || is(p, i, "[") || is(p, i, "{"))
			depth++;
		else if (is(p, i, ")") || is(p, i, "]") || is(p, i, "}"))
			depth--;
		if (depth == 0)
			break;
		if (depth == 1 && is(p, i, ","))
			first = false;
		if (!first)
			continue;
		buf_addt(&b, text_sub(p->e->text, p->t[i].start, p->t[i].end));
		*ret_opaque = *ret_opaque || p->t[i].kind == CODE_OPAQUE;
	}
	*ret = arena_text(p->w->arena, buf_text(&b));
	return i;
}

static bool
is_js_word(const struct program *p, uint32_t i)
{
	static const char *const names[] = { "if",     "for",    "while",
					     "switch", "catch",  "function",
					     "return", "typeof", "await" };

	for (size_t k = 0; k < ARRAY_LEN(names); k++)
		if (is(p, i, names[k]))
			return true;
	return false;
}

static void
judge_method(const struct program *p, uint32_t i)
{
	struct text given;
	bool opaque;
	uint32_t close = given_text(p, i + 1, &given, &opaque);
	uint32_t last = close < p->n ? close : p->n - 1;
	struct arg arg =
		walk_made_arg(p->e, p->t[i].end, p->t[last].end, given);

	arg.exact = !opaque;
	arg.opaque = opaque;
	if (!judge_call(p, ":mongo", i, given.len ? &arg : NULL, last,
			EFFECT_READS))
		walk_unread(
			p->w, p->place,
			(struct spot){ p->e, p->t[i].start, p->t[last].end },
			EFFECT_TAG_EXEC,
			"calls a method that is not known here");
}

static void
walk_mongo_text(struct walk *w, const struct place *inside, struct excerpt text)
{
	struct foreign foreign = { "mongodb", text, inside->hop,
				   FOREIGN_NOTHING };
	struct program p;

	if (w->visitor && w->visitor->on_foreign)
		w->visitor->on_foreign(w->visitor->ctx, &foreign);
	read_tokens(&p, w, inside, text, CODE_SLASHES);
	for (uint32_t i = 0; i < p.n; i++) {
		if (p.t[i].kind == CODE_OPAQUE && i == 0)
			walk_unread(
				w, inside,
				(struct spot){ p.e, p.t[i].start, p.t[i].end },
				0, "the command is not known");
		if (p.t[i].kind == CODE_NAME && is(&p, i + 1, "(") &&
		    !is_js_word(&p, i))
			judge_method(&p, i);
	}
}

/* "mongosh app clean.js". */
static bool
names_file(const struct args *a)
{
	for (uint32_t i = 0; i < a->n_operands; i++)
		if (text_ends(args_operand(a, i), ".js"))
			return true;
	return false;
}

void
walk_mongo(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;
	const struct input *input = c->place->input;
	bool file = names_file(a) || args_option(a, c->rule->runs->file);
	bool given = false;
	struct place inside;

	if (!walk_inside(w, c, &inside))
		return;
	for (uint32_t i = 0; i < a->n_options; i++) {
		if (!has_name(&a->options[i], c->rule->runs->option) ||
		    !a->options[i].has_value)
			continue;
		given = true;
		walk_mongo_text(w, &inside, option_text(w, a, &a->options[i]));
	}
	if (file || (!given && input && input->kind == INPUT_UNREAD))
		walk_unread(w, &inside, c->spot,
			    EFFECT_TAG_EXEC | EFFECT_TAG_UNREAD_INPUT,
			    "runs commands that are not in the document");
	else if (!given && input)
		walk_mongo_text(w, &inside, input->text.text);
	else if (!given)
		walk_unread(w, c->place, c->spot, EFFECT_TAG_INTERACTIVE,
			    "opens a session, in which somebody types");
}
