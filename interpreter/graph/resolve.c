/* Putting values into steps. */
#include "graph/resolve.h"

#include "base/sha256.h"
#include "shell/parse.h"
#include "shell/word.h"

struct resolver {
	struct arena *arena;
	const struct step *step;
	value_fn *lookup;
	void *ctx;
	struct resolved *r;
};

static void fail(struct resolver *v, const struct param_use *use,
		 const char *fmt, ...) PRINTF_LIKE(3, 4);

static void
fail(struct resolver *v, const struct param_use *use, const char *fmt, ...)
{
	va_list ap;

	if (v->r->error)
		return;
	va_start(ap, fmt);
	v->r->error = arena_vprintf(v->arena, fmt, ap);
	va_end(ap);
	v->r->error_where = use->where;
}

static void
add_missing(struct resolver *v, struct param *p)
{
	for (uint32_t i = 0; i < v->r->n_missing; i++) {
		if (v->r->missing[i] == p)
			return;
	}
	ARENA_PUSH(v->arena, v->r->missing, v->r->n_missing, p);
}

/* VALUE, for the words that the innermost shell is to see. */
static bool
encode_words(struct resolver *v, const struct param_use *use, struct text value,
	     struct buf *out)
{
	struct quote_place place = use->levels[use->n_levels - 1];
	uint32_t n;
	struct text *words = value_words(v->arena, value, &n);

	if (!words || (n > 1 && place.context != QUOTE_BARE))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ' ');
		if (!quote_add(out, place, words[i]))
			return false;
	}
	return true;
}

/* VALUE as it must stand where the shells FIRST and deeper will read it. The
 * level that cannot hold it, or NULL. */
static const struct quote_place *
encode(struct resolver *v, const struct param_use *use, uint32_t first,
       struct text value, struct buf *out)
{
	CLEANUP(buf_release) struct buf now = BUF_INIT;
	CLEANUP(buf_release) struct buf next = BUF_INIT;
	uint32_t i = use->n_levels;

	if (param_type(use->param) == PARAM_WORDS && i > first) {
		i--;
		if (!encode_words(v, use, value, &now))
			return &use->levels[i];
	} else {
		buf_addt(&now, value);
	}
	for (; i > first; i--) {
		buf_clear(&next);
		if (!quote_add(&next, use->levels[i - 1], buf_text(&now)))
			return &use->levels[i - 1];
		buf_clear(&now);
		buf_addt(&now, buf_text(&next));
	}
	buf_addt(out, buf_text(&now));
	return NULL;
}

static bool
check_use(struct resolver *v, const struct param_use *use)
{
	if (use->refused) {
		fail(v, use, "no value can be put %s", use->refused);
		return false;
	}
	if (use->n_levels == 0) {
		fail(v, use, "it is not clear which shell reads this place");
		return false;
	}
	return true;
}

static void
encode_or_fail(struct resolver *v, const struct param_use *use, uint32_t first,
	       struct text value, struct buf *out)
{
	const struct quote_place *place = encode(v, use, first, value, out);

	if (!place)
		return;
	if (param_type(use->param) == PARAM_WORDS) {
		fail(v, use,
		     place->context == QUOTE_BARE
			     ? "the value of %.*s is no list of plain words"
			     : "several words cannot stand in the quotes "
			       "around %.*s",
		     TEXT_ARG(use->param->text));
		return;
	}
	if (place->context == QUOTE_INT_ONLY)
		fail(v, use,
		     "only a whole number can stand in the place of %.*s, for "
		     "the shell evaluates it",
		     TEXT_ARG(use->param->text));
	else if (place->heredoc)
		fail(v, use,
		     "a line of this value might end the here-document around "
		     "%.*s (it ends at '%.*s')",
		     TEXT_ARG(use->param->text),
		     TEXT_ARG(place->heredoc->delimiter));
	else
		fail(v, use,
		     "this value cannot be quoted for the place of %.*s",
		     TEXT_ARG(use->param->text));
}

/* ---- the three texts
 * --------------------------------------------------------- */

typedef void put_fn(struct resolver *v, const struct param_use *use,
		    struct text value, struct buf *out);

/* A text in the making, with its way back to the document. */
struct making {
	struct buf text;
	struct map *map; /* NULL: the step has none */
};

/* What was appended since BEFORE comes from [START, END) of the step. */
static void
map_made(struct resolver *v, struct making *m, size_t before, uint32_t start,
	 uint32_t end, enum map_kind kind)
{
	if (m->map && m->text.len > before)
		map_add_from(v->arena, m->map, (uint32_t)(m->text.len - before),
			     v->step->text.map, start, end, kind);
}

static void
make_copy(struct resolver *v, struct making *m, uint32_t start, uint32_t end)
{
	size_t before = m->text.len;

	buf_addt(&m->text, text_sub(v->step->text.text, start, end));
	map_made(v, m, before, start, end, MAP_COPIED);
}

static void
make_value(struct resolver *v, struct making *m, const struct param_use *use,
	   put_fn *put)
{
	struct text value = v->lookup(v->ctx, use->param);
	size_t before = m->text.len;

	if (!value.at) {
		make_copy(v, m, use->start, use->end);
		return;
	}
	put(v, use, value, &m->text);
	map_made(v, m, before, use->start, use->end, MAP_DECODED);
}

/* The step's text with every use replaced by what PUT makes of its value. */
static struct excerpt
replace(struct resolver *v, put_fn *put)
{
	const struct step *s = v->step;
	struct making m = { BUF_INIT, NULL };
	struct excerpt made;
	uint32_t at = 0;

	if (s->text.map)
		m.map = map_new(v->arena, s->text.map->src);
	for (uint32_t i = 0; i < s->n_uses; i++) {
		make_copy(v, &m, at, s->uses[i].start);
		make_value(v, &m, &s->uses[i], put);
		at = s->uses[i].end;
	}
	make_copy(v, &m, at, (uint32_t)s->text.text.len);
	made = (struct excerpt){ arena_text(v->arena, buf_text(&m.text)),
				 m.map };
	buf_release(&m.text);
	return made;
}

static void
put_shown(struct resolver *v UNUSED, const struct param_use *use,
	  struct text value, struct buf *out)
{
	if (use->param->secret)
		buf_adds(out, "***");
	else
		buf_addt(out, value);
}

static void
put_literal(struct resolver *v, const struct param_use *use, struct text value,
	    struct buf *out)
{
	encode_or_fail(v, use, 0, value, out);
}

static void
put_masked(struct resolver *v, const struct param_use *use, struct text value,
	   struct buf *out)
{
	encode_or_fail(v, use, 0, use->param->secret ? TEXT("***") : value,
		       out);
}

/* One reference for each word, where the local bash is the only shell. */
static void
put_words(struct resolver *v, const struct param_use *use, struct text value,
	  struct buf *out)
{
	enum quote_context context = use->levels[0].context;
	uint32_t n;
	struct text *words = value_words(v->arena, value, &n);

	if (!words || (n > 1 && context != QUOTE_BARE)) {
		encode_or_fail(v, use, 0, value, out);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		struct binding bind = { .value = words[i] };

		if (i)
			buf_addc(out, ' ');
		bind.name =
			arena_printf(v->arena, "RB_Q%u", v->r->n_bindings + 1);
		if (!quote_add_reference(out, context, bind.name)) {
			encode_or_fail(v, use, 0, value, out);
			return;
		}
		ARENA_PUSH(v->arena, v->r->bindings, v->r->n_bindings, bind);
	}
}

/* `${RB_Qn}`: whatever the value is, bash takes it for a word and no text.
 * Where nothing is expanded, or evaluated when it is, the value itself. */
static void
put_reference(struct resolver *v, const struct param_use *use,
	      struct text value, struct buf *out)
{
	CLEANUP(buf_release) struct buf inner = BUF_INIT;
	enum quote_context context = use->levels[0].context;
	struct binding bind = { .lasts = false };

	if (context == QUOTE_HEREDOC_QUOTED || context == QUOTE_INT_ONLY) {
		encode_or_fail(v, use, 0, value, out);
		return;
	}
	if (use->n_levels == 1 && param_type(use->param) == PARAM_WORDS) {
		put_words(v, use, value, out);
		return;
	}
	encode_or_fail(v, use, 1, value, &inner);
	bind.name = arena_printf(v->arena, "RB_Q%u", v->r->n_bindings + 1);
	bind.value = arena_text(v->arena, buf_text(&inner));
	if (!quote_add_reference(out, context, bind.name)) {
		fail(v, use, "no value can be put in the place of %.*s",
		     TEXT_ARG(use->param->text));
		return;
	}
	ARENA_PUSH(v->arena, v->r->bindings, v->r->n_bindings, bind);
}

static const struct param_use *
use_at(const struct step *s, struct span where)
{
	for (uint32_t i = 0; i < s->n_uses; i++) {
		struct span w = s->uses[i].where;

		if (w.src == where.src && w.start == where.start &&
		    w.end == where.end)
			return &s->uses[i];
	}
	return NULL;
}

/* What the host's login shell gets of `ssh HOST "…"`: the text behind the
 * local shell, which is known byte for byte, with the values encoded for the
 * shells from there on. */
static struct text
remote_text(struct resolver *v)
{
	struct excerpt command = v->step->ssh->command;
	const struct script *s = shell_parse(v->arena, command);
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	uint32_t at = 0;

	for (uint32_t i = 0; i < s->n_placeholders; i++) {
		const struct placeholder *ph = &s->placeholders[i];
		const struct param_use *use =
			use_at(v->step, script_span(s, ph->start, ph->end));

		if (!use)
			continue;
		buf_addt(&b, text_sub(command.text, at, ph->start));
		encode_or_fail(v, use, 1, v->lookup(v->ctx, use->param), &b);
		at = ph->end;
	}
	buf_addt(&b, text_sub(command.text, at, command.text.len));
	return arena_text(v->arena, buf_text(&b));
}

/* The lines below a bare ssh, as one text for one remote shell: its own bash,
 * so that the first failing line ends it and nothing is read from stdin. */
static struct text
context_text(struct resolver *v, struct text whole)
{
	CLEANUP(buf_release) struct buf script = BUF_INIT;
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	size_t skip = v->step->text.text.len - v->step->context.text.len;

	buf_adds(&script, "trap 'exit $?' ERR\n");
	buf_addt(&script, text_sub(whole, skip, whole.len));
	buf_adds(&b, "exec bash -l -c ");
	quote_add_word(&b, buf_text(&script));
	return arena_text(v->arena, buf_text(&b));
}

static uint32_t
last_argument(const struct step *s)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < s->n_variables; i++) {
		if (s->variables[i].argument > last)
			last = s->variables[i].argument;
	}
	return last;
}

/* A variable of bash for argument N, or the empty word. */
static void
add_argument(struct resolver *v, uint32_t n, struct buf *b)
{
	const struct step *s = v->step;

	for (uint32_t i = 0; i < s->n_variables; i++) {
		struct binding bind = { .lasts = false };

		if (s->variables[i].argument != n)
			continue;
		bind.name =
			arena_printf(v->arena, "RB_Q%u", v->r->n_bindings + 1);
		bind.value = v->lookup(v->ctx, s->variables[i].param);
		buf_addf(b, " \"${%s}\"", bind.name);
		ARENA_PUSH(v->arena, v->r->bindings, v->r->n_bindings, bind);
		return;
	}
	buf_adds(b, " ''");
}

/* T with the arguments that it reads set in front of it, on the same line. */
static struct text
with_arguments(struct resolver *v, struct text t)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	uint32_t last = last_argument(v->step);

	if (last == 0)
		return t;
	buf_adds(&b, "set --");
	for (uint32_t n = 1; n <= last; n++)
		add_argument(v, n, &b);
	buf_adds(&b, "; ");
	buf_addt(&b, t);
	return arena_text(v->arena, buf_text(&b));
}

/* The variables that it reads: bash sets them, whatever their values are. */
static void
bind_variables(struct resolver *v)
{
	const struct step *s = v->step;

	for (uint32_t i = 0; i < s->n_variables; i++) {
		const struct variable_use *use = &s->variables[i];
		struct binding bind = { .lasts = !use->param->secret };

		if (use->argument)
			continue;
		bind.name = arena_printf(v->arena, "%.*s", TEXT_ARG(use->name));
		bind.value = v->lookup(v->ctx, use->param);
		ARENA_PUSH(v->arena, v->r->bindings, v->r->n_bindings, bind);
	}
}

/* "NS=prod TOKEN=***". */
static struct text
show_variables(struct resolver *v)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const struct step *s = v->step;

	for (uint32_t i = 0; i < s->n_variables; i++) {
		const struct param *p = s->variables[i].param;
		struct text value = v->lookup(v->ctx, p);

		if (!value.at)
			continue;
		buf_addf(&b, "%s%s%.*s=", b.len ? " " : "",
			 s->variables[i].argument ? "$" : "",
			 TEXT_ARG(s->variables[i].name));
		if (p->secret)
			buf_adds(&b, "***");
		else if (quote_is_plain(value))
			buf_addt(&b, value);
		else
			quote_add_word(&b, value);
	}
	return arena_text(v->arena, buf_text(&b));
}

/* A script of its own: its options, its folder and its exit stay its own. */
static struct text
whole_text(struct resolver *v)
{
	struct text t = with_arguments(v, replace(v, put_reference).text);

	return text_of(arena_printf(v->arena, "(\n%.*s\n)", TEXT_ARG(t)));
}

static void
make_run_text(struct resolver *v, struct text literal)
{
	const struct step *s = v->step;

	if (s->dispatch == DISPATCH_LOCAL && s->whole)
		v->r->run = whole_text(v);
	else if (s->dispatch == DISPATCH_LOCAL)
		v->r->run = with_arguments(v, replace(v, put_reference).text);
	else if (s->context.text.len)
		v->r->run = context_text(v, literal);
	else if (s->ssh)
		v->r->run = remote_text(v);
	else
		v->r->run = literal;
}

/* ---- effects with the values in
 * ------------------------------------------------ */

/* What bash will know of the variables: secrets only that they are set. */
static void
know_variables(struct resolver *v, struct effect_state *state)
{
	const struct step *s = v->step;

	for (uint32_t i = 0; i < s->n_variables; i++) {
		const struct param *p = s->variables[i].param;
		struct text value = v->lookup(v->ctx, p);
		struct value known = { .state = VALUE_EXACT,
				       .traits = VALUE_FROM_CONSTANT,
				       .bytes = { value, NULL },
				       .text = { value, NULL } };

		if (value.at && !p->secret && !s->variables[i].argument)
			scope_set(state->scope, s->variables[i].name, known);
	}
}

static const struct effect *
judge(struct resolver *v, const struct effect_rules *rules,
      struct excerpt literal)
{
	const struct step *s = v->step;
	struct effect_state state = { .rules = rules,
				      .elsewhere = step_is_elsewhere(s) };
	const struct script *script = shell_parse_resolved(v->arena, literal);

	state.scope =
		s->scope ? scope_copy(v->arena, s->scope) : scope_new(v->arena);
	know_variables(v, &state);
	return effect_judge_script(v->arena, script, &state);
}

static bool
uses_secrets(const struct step *s)
{
	for (uint32_t i = 0; i < s->n_uses; i++) {
		if (s->uses[i].param->secret)
			return true;
	}
	return false;
}

/* The level is that of the text as it will run. Findings quote what they
 * judge, and are shown: they are made of the text without its secrets. */
static void
judge_again(struct resolver *v, const struct effect_rules *rules,
	    struct excerpt literal)
{
	const struct step *s = v->step;

	v->r->effect = judge(v, rules, literal);
	v->r->level = v->r->effect->level;
	if (uses_secrets(s)) {
		v->r->effect = judge(v, rules, replace(v, put_masked));
		if (v->r->effect->level > v->r->level)
			v->r->level = v->r->effect->level;
	}
	if (s->raised && s->level > v->r->level)
		v->r->level = s->level;
	if (s->context.text.len && v->r->level < EFFECT_UNKNOWN)
		v->r->level = EFFECT_UNKNOWN;
	if (!annotation_get(s->annotation, KEY_IO) && !s->until &&
	    !s->context.text.len)
		v->r->io = v->r->effect->io;
}

static void
find_missing(struct resolver *v)
{
	for (uint32_t i = 0; i < v->step->n_uses; i++) {
		const struct param_use *use = &v->step->uses[i];

		check_use(v, use);
		if (!v->lookup(v->ctx, use->param).at)
			add_missing(v, use->param);
	}
	for (uint32_t i = 0; i < v->step->n_variables; i++) {
		struct param *p = v->step->variables[i].param;

		if (!v->lookup(v->ctx, p).at)
			add_missing(v, p);
	}
}

/* A value that does not mean itself in every shell stands where a host's login
 * shell, or the one within another command, reads it. */
static bool
meets_other_shells(struct resolver *v)
{
	const struct step *s = v->step;

	for (uint32_t i = 0; i < s->n_uses; i++) {
		struct text value = v->lookup(v->ctx, s->uses[i].param);

		if ((s->dispatch == DISPATCH_REMOTE ||
		     s->uses[i].n_levels > 1) &&
		    value.at && !quote_is_plain(value))
			return true;
	}
	return false;
}

struct resolved *
step_resolve(struct arena *arena, const struct step *s,
	     const struct effect_rules *rules, value_fn *lookup, void *ctx)
{
	struct resolved *r = ARENA_NEW(arena, struct resolved);
	struct resolver v = { arena, s, lookup, ctx, r };
	struct excerpt literal, shown;

	r->effect = s->effect;
	r->level = s->level;
	r->io = s->io;
	r->shown = s->text.text;
	r->shown_map = s->text.map;
	if (s->kind != STEP_COMMAND) {
		r->run = s->text.text;
		return r;
	}
	find_missing(&v);
	shown = replace(&v, put_shown);
	r->shown = shown.text;
	r->shown_map = shown.map;
	r->with = show_variables(&v);
	if (r->n_missing || r->error)
		return r;
	literal = replace(&v, put_literal);
	if (s->n_uses || s->n_variables || s->effect->n_inputs)
		judge_again(&v, rules, literal);
	bind_variables(&v);
	make_run_text(&v, literal.text);
	r->posix = s->context.text.len || meets_other_shells(&v);
	return r;
}

void
resolved_hash(const struct step *s, struct resolved *r)
{
	struct sha256 *h;
	char hex[SHA256_HEX + 1];

	if (r->hash[0])
		return;
	h = sha256_new();
	sha256_add(h, r->shown);
	sha256_add(h, (struct text){ "", 1 });
	if (r->with.len) {
		sha256_add(h, r->with);
		sha256_add(h, (struct text){ "", 1 });
	}
	sha256_add(h, s->host);
	sha256_add(h, (struct text){ "", 1 });
	sha256_add(h, text_of(effect_level_name(r->level)));
	for (uint32_t i = 0; r->effect && i < r->effect->n_inputs; i++)
		sha256_add(h, text_of(r->effect->inputs[i].sha256));
	sha256_end(h, hex);
	memcpy(r->hash, hex, sizeof(r->hash) - 1);
}
