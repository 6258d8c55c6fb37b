/* Putting values into steps. */
#include "graph/resolve.h"

#include "graph/ssh_step.h"
#include "shell/parse.h"
#include "shell/word.h"

struct resolver {
	struct arena *arena;
	const struct step *step;
	const struct resolve_place *place;
	struct resolved *r;
};

static struct text
value_of(const struct resolver *v, const struct param *p)
{
	return v->place->lookup(v->place->ctx, p);
}

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
	if (place->context == QUOTE_PLAIN_ONLY)
		fail(v, use,
		     "only letters, digits and _.:@%%+,=- can stand in the "
		     "place of %.*s, for a program of another language is "
		     "made of it",
		     TEXT_ARG(use->param->text));
	else if (place->context == QUOTE_INT_ONLY && use->foreign)
		fail(v, use,
		     "only a whole number can stand in the place of %.*s, for "
		     "a program of another language is made of it",
		     TEXT_ARG(use->param->text));
	else if (place->context == QUOTE_INT_ONLY)
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
	struct text value = value_of(v, use->param);
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

/* For people: a word that needs no quotes has none. */
static bool
needs_no_quotes(const struct param_use *use, struct text value)
{
	uint32_t shells = use->n_levels - (use->foreign ? 1 : 0);

	return quote_is_plain(value) && shells > 0 &&
	       use->levels[shells - 1].context == QUOTE_BARE;
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

/* As the shell will see it, so that nobody agrees to another command. */
static void
put_shown(struct resolver *v, const struct param_use *use, struct text value,
	  struct buf *out)
{
	if (use->param->secret)
		buf_adds(out, "***");
	else if (use->refused || use->n_levels == 0 ||
		 needs_no_quotes(use, value))
		buf_addt(out, value);
	else
		encode_or_fail(v, use, 0, value, out);
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
		bind.value = value_of(v, s->variables[i].param);
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
		bind.value = value_of(v, use->param);
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
		struct text value = value_of(v, p);

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
make_run_text(struct resolver *v, const struct ssh_call *ssh,
	      struct text literal)
{
	const struct step *s = v->step;

	if (v->r->dispatch == DISPATCH_LOCAL && s->whole)
		v->r->run = whole_text(v);
	else if (v->r->dispatch == DISPATCH_LOCAL)
		v->r->run = with_arguments(v, replace(v, put_reference).text);
	else if (s->context.text.len)
		v->r->run = context_text(v, literal);
	else if (ssh)
		v->r->run = ssh->command.text;
	else
		v->r->run = literal;
}

/* ---- effects with the values in
 * ------------------------------------------------ */

/* The folder and the variables that an annotation gives to this step alone. */
static void
apply_annotated(const struct step *s, struct scope *scope)
{
	if (s->cwd)
		scope_enter(scope, text_of(s->cwd));
	for (const char *const *e = s->env; e && *e; e++) {
		struct text t = text_of(*e);
		size_t equals = text_chr(t, '=', 0);
		struct value value = { .state = VALUE_EXACT,
				       .one_field = true };

		value.bytes.text = text_sub(t, equals + 1, t.len);
		value.text = value.bytes;
		scope_set(scope, text_sub(t, 0, equals), value);
	}
}

/* Annotated or implied: a shell of that host reads the text itself. */
static bool
is_read_there(const struct step *s)
{
	return s->dispatch == DISPATCH_REMOTE && !s->ssh;
}

/* What bash will know of the variables that are parameters: of secrets only
 * that they are set. */
static void
know_variables(const struct resolver *v, struct scope *scope)
{
	const struct step *s = v->step;

	for (uint32_t i = 0; i < s->n_variables; i++) {
		const struct param *p = s->variables[i].param;
		struct text value = value_of(v, p);
		struct value known = { .state = VALUE_EXACT,
				       .traits = VALUE_FROM_CONSTANT,
				       .one_field = true,
				       .bytes = { value, NULL },
				       .text = { value, NULL } };

		if (value.at && !p->secret && !s->variables[i].argument)
			scope_set(scope, s->variables[i].name, known);
	}
}

/* What the shell that reads the step holds then; to be changed. */
static struct scope *
scope_before(const struct resolver *v)
{
	struct scope *scope = is_read_there(v->step)
				      ? scope_new(v->arena)
				      : scope_copy(v->arena, v->place->scope);

	know_variables(v, scope);
	apply_annotated(v->step, scope);
	return scope;
}

static const struct effect *
judge(struct resolver *v, const struct script *script, uint32_t first,
      uint32_t last)
{
	const struct step *s = v->step;
	struct effect_state state = { .rules = v->place->rules,
				      .scope = scope_before(v),
				      .elsewhere = step_is_elsewhere(s) };

	return effect_judge_range(v->arena, script, first, last,
				  !s->whole && !is_read_there(s), &state);
}

/* What the script does that R runs; of lines for another shell what these do,
 * where all of them read. */
static const struct effect *
judge_all(struct resolver *v, const struct script *script, uint32_t first,
	  uint32_t last)
{
	const struct effect *lines;

	if (v->step->context.text.len) {
		lines = judge(v, script, first + 1, last);
		if (context_only_reads(v->step, lines))
			return lines;
	}
	return judge(v, script, first, last);
}

/* The level is that of the text as it will run. Findings quote what they
 * judge, and are shown: they are made of the text without its secrets. */
static void
judge_again(struct resolver *v)
{
	const struct step *s = v->step;
	struct resolved *r = v->r;

	r->effect = judge_all(v, r->script, r->first, r->last);
	r->level = r->effect->level;
	if (r->secret) {
		r->effect = judge_all(
			v,
			shell_parse_resolved(v->arena, replace(v, put_masked)),
			0, UINT32_MAX);
		if (r->effect->level > r->level)
			r->level = r->effect->level;
	}
	if (s->raised && s->level > r->level)
		r->level = s->level;
	if (s->context.text.len && r->level < EFFECT_UNKNOWN &&
	    !context_only_reads(s, r->effect))
		r->level = EFFECT_UNKNOWN;
	if (!annotation_get(s->annotation, KEY_IO) && !s->until &&
	    !s->context.text.len)
		r->io = r->effect->io;
}

static void
find_missing(struct resolver *v)
{
	for (uint32_t i = 0; i < v->step->n_uses; i++) {
		const struct param_use *use = &v->step->uses[i];

		check_use(v, use);
		v->r->secret |= use->param->secret;
		if (!value_of(v, use->param).at)
			add_missing(v, use->param);
	}
	for (uint32_t i = 0; i < v->step->n_variables; i++) {
		struct param *p = v->step->variables[i].param;

		if (!value_of(v, p).at)
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
		struct text value = value_of(v, s->uses[i].param);

		if ((s->dispatch == DISPATCH_REMOTE ||
		     s->uses[i].n_levels > 1) &&
		    value.at && !quote_is_plain(value))
			return true;
	}
	return false;
}

/* ---- where it runs ------------------------------------------------------- */

/* A file has no text of its own that names its host. */
static void
take_host_of_file(struct resolver *v)
{
	const struct step *of = v->step->host_of;
	struct resolved *r = v->r;
	const struct resolved *other;

	if (!r->host_open || !of)
		return;
	other = step_resolve(v->arena, of, v->place);
	r->host = other->host;
	r->host_open = other->host_open;
	r->missing = other->missing;
	r->n_missing = other->n_missing;
	if (!r->host_open || r->n_missing)
		return;
	r->error = arena_printf(v->arena,
				"on which host this file belongs cannot be "
				"told from '%.*s'",
				TEXT_ARG(r->host));
	r->error_where = v->step->where;
}

/* Where a call of ssh leads depends on values, and on what the shell holds.
 * With a value in it the local shell makes its words. */
static const struct ssh_call *
find_call(struct resolver *v)
{
	const struct step *s = v->step;
	struct ssh_step *ssh;

	if (is_read_there(s) || s->context.text.len ||
	    s->dispatch == DISPATCH_NONE ||
	    annotation_get(s->annotation, KEY_HOST))
		return NULL;
	ssh = ARENA_NEW(v->arena, struct ssh_step);
	v->r->dispatch = DISPATCH_LOCAL;
	v->r->host = (struct text){ NULL, 0 };
	v->r->host_open = false;
	if (!sshstep_read(v->arena, v->r->script, v->r->first, v->r->last,
			  scope_before(v), ssh))
		return NULL;
	v->r->host = ssh->host;
	v->r->host_open = ssh->open;
	if (!ssh->whole || s->n_variables)
		return NULL;
	v->r->dispatch = DISPATCH_REMOTE;
	return &ssh->call;
}

/* A variable that is a parameter has a value. */
static bool
knows_a_variable(const struct resolver *v)
{
	const struct step *s = v->step;

	for (uint32_t i = 0; i < s->n_variables; i++) {
		if (value_of(v, s->variables[i].param).at)
			return true;
	}
	return false;
}

/* What was found when the document was read holds: no value has come in. */
static bool
is_as_read(const struct resolver *v)
{
	const struct step *s = v->step;

	return v->place->as_read && v->r->script == s->script &&
	       !knows_a_variable(v) && !s->cwd && !s->env && !is_read_there(s);
}

static void
resolve_command(struct resolver *v)
{
	const struct step *s = v->step;
	struct resolved *r = v->r;
	struct excerpt literal = s->text;
	struct excerpt shown;
	const struct ssh_call *ssh = s->ssh;

	find_missing(v);
	shown = replace(v, put_shown);
	r->shown = shown.text;
	r->shown_map = shown.map;
	r->with = show_variables(v);
	r->script = s->script;
	r->first = s->first;
	r->last = s->last;
	if (s->n_uses && !r->n_missing && !r->error) {
		literal = replace(v, put_literal);
		r->script = shell_parse_resolved(v->arena, literal);
		r->first = 0;
		r->last = UINT32_MAX;
		if (r->script->body->n_items)
			r->last = r->script->body->n_items - 1;
	}
	if (!is_as_read(v)) {
		ssh = find_call(v);
		judge_again(v);
	}
	if (r->n_missing && !r->error)
		r->level = step_reach(v->arena, s, r, v->place);
	if (r->n_missing || r->error)
		return;
	bind_variables(v);
	make_run_text(v, ssh, literal.text);
	r->posix = s->context.text.len || meets_other_shells(v);
}

struct resolved *
step_resolve(struct arena *arena, const struct step *s,
	     const struct resolve_place *place)
{
	struct resolved *r = ARENA_NEW(arena, struct resolved);
	struct resolver v = { arena, s, place, r };

	r->effect = s->effect;
	r->level = s->level;
	r->io = s->io;
	r->host = s->host;
	r->host_open = s->host_open;
	r->dispatch = s->dispatch;
	r->shown = s->text.text;
	r->shown_map = s->text.map;
	r->run = s->text.text;
	if (s->kind == STEP_COMMAND) {
		r->run = (struct text){ NULL, 0 };
		resolve_command(&v);
	} else if (s->kind == STEP_FILE) {
		take_host_of_file(&v);
	}
	return r;
}

const char *
resolved_host_name(const struct resolved *r, struct buf *scratch)
{
	if (r->host.len == 0)
		return "local";
	buf_clear(scratch);
	buf_addt(scratch, r->host);
	return buf_cstr(scratch);
}

/* ---- what it leaves ------------------------------------------------------ */

bool
step_shares_shell(const struct step *s, const struct resolved *r)
{
	return s->kind == STEP_COMMAND && r->dispatch == DISPATCH_LOCAL &&
	       !s->whole;
}

/* One that takes a value, or is run aside, does not. */
bool
step_leaves_as_read(const struct step *s, const struct resolved *r)
{
	return !step_shares_shell(s, r) ||
	       (s->n_uses == 0 && s->n_variables == 0 &&
		r->io != EFFECT_IO_FOLLOW && !s->cwd && !s->env);
}

/* A variable that is a parameter stays set behind the step that needs it. */
static void
keep_binding(const struct binding *bind, struct scope *scope)
{
	struct value value = { .state = VALUE_EXACT, .one_field = true };

	if (!bind->lasts)
		return;
	value.bytes.text = bind->value;
	value.text = value.bytes;
	scope_set(scope, text_of(bind->name), value);
}

/* A step that follows runs in a shell of its own (exec/shell_session.h); what
 * is secret is not to be found in what others show. */
void
step_pass(const struct step *s, const struct resolved *r, bool well,
	  struct scope *scope)
{
	struct statement **items;
	struct list list;

	if (r->effect && r->effect->mounts)
		scope_mount(scope);
	if (!step_shares_shell(s, r) || r->script->body->n_items == 0)
		return;
	for (uint32_t i = 0; i < r->n_bindings; i++)
		keep_binding(&r->bindings[i], scope);
	items = &r->script->body->items[r->first];
	list = (struct list){ items, r->last - r->first + 1 };
	if (well && !r->secret && r->io != EFFECT_IO_FOLLOW && !s->cwd &&
	    !s->env) {
		for (uint32_t i = 0; i < list.n_items; i++)
			scope_succeed(scope, r->script, items[i], NULL);
		return;
	}
	scope_forget_list(scope, r->script, &list);
}
