/* What a command reads: here-documents, files, and what stands before a pipe.
 * Only what is written in the text is ever known. */
#include "effect/walk.h"

/* ---- making texts ----------------------------------------------------------
 */

struct builder {
	struct walk *w;
	struct buf text;
	struct map *map;
	bool exact;
};

static void
begin(struct builder *b, struct walk *w, const struct place *place)
{
	*b = (struct builder){ w, BUF_INIT, NULL, true };
	if (place->script->source.map)
		b->map = map_new(w->arena, place->script->source.map->src);
}

static void
add_value(struct builder *b, const struct value *value)
{
	struct text t = value->text.text;

	b->exact = b->exact && value->state == VALUE_EXACT;
	buf_addt(&b->text, t);
	if (b->map && t.len)
		map_add_from(b->w->arena, b->map, (uint32_t)t.len,
			     value->text.map, 0, (uint32_t)t.len, MAP_COPIED);
}

static void
add_byte(struct builder *b, char c)
{
	buf_addc(&b->text, c);
	if (b->map)
		map_add(b->w->arena, b->map, 1, 0, 0, MAP_INSERTED);
}

/* C, for which bytes [START, END) of FROM stand. */
static void
add_char(struct builder *b, char c, const struct value *from, size_t start,
	 size_t end)
{
	buf_addc(&b->text, c);
	if (b->map)
		map_add_from(b->w->arena, b->map, 1, from->text.map,
			     (uint32_t)start, (uint32_t)end,
			     end - start == 1 ? MAP_COPIED : MAP_DECODED);
}

/* The escape at *AT of FROM, which is moved to its last byte; false when it is
 * none of the few that are common. */
static bool
add_escape(struct builder *b, const struct value *from, size_t *at)
{
	struct text t = from->text.text;
	char c;

	if (*at + 1 >= t.len)
		return false;
	switch (t.at[*at + 1]) {
	case 'n':
		c = '\n';
		break;
	case 't':
		c = '\t';
		break;
	case '\\':
		c = '\\';
		break;
	default:
		return false;
	}
	add_char(b, c, from, *at, *at + 2);
	(*at)++;
	return true;
}

static struct value
finish(struct builder *b)
{
	struct value value = { .state = b->exact ? VALUE_EXACT : VALUE_PARTIAL,
			       .one_field = true };

	value.text.text = arena_text(b->w->arena, buf_text(&b->text));
	value.text.map = b->map;
	buf_release(&b->text);
	return value;
}

static const struct input *
text_input(struct walk *w, const struct place *place, struct value value)
{
	static const char *const answers[] = { "y", "yes", "Y", "YES", "Yes" };
	struct input *input = ARENA_NEW(w->arena, struct input);
	struct text trimmed = text_trim(value.text.text);

	input->kind = INPUT_TEXT;
	input->text = value;
	input->shells = place->shells;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		if (text_is(trimmed, answers[i]))
			input->answers = true;
	return input;
}

static struct input *
unread_input(struct walk *w, const struct place *place, uint32_t start,
	     uint32_t end)
{
	struct input *input = ARENA_NEW(w->arena, struct input);

	input->kind = INPUT_UNREAD;
	input->name = script_text(place->script, start, end);
	input->open = true;
	input->where = script_span(place->script, start, end);
	return input;
}

/* ---- files
 * ------------------------------------------------------------------- */

struct file_look
look_from(const struct walk *w, const struct place *place)
{
	struct file_look look = { w->files, walk_folder(place), w->mounted };

	for (const struct hop *hop = place->hop; hop; hop = hop->outer)
		if (hop->elsewhere)
			look.files = NULL;
	return look;
}

static void
note_input(struct walk *w, struct text path, struct text bytes)
{
	struct effect_input input = { arena_text(w->arena, path), "" };

	sha256_hex(bytes, input.sha256);
	for (uint32_t i = 0; i < w->n_inputs; i++)
		if (text_eq(w->inputs[i].path, path) &&
		    strcmp(w->inputs[i].sha256, input.sha256) == 0)
			return;
	ARENA_PUSH(w->arena, w->inputs, w->n_inputs, input);
}

/* All of TEXT stands for SPOT. */
static struct value
value_of_file(struct walk *w, struct text text, struct spot spot)
{
	const struct map *all = spot.source ? spot.source->map : NULL;
	struct value value = { .state = VALUE_EXACT, .one_field = true };
	struct map *map = all ? map_new(w->arena, all->src) : NULL;

	value.text.text = arena_text(w->arena, text);
	if (map && text.len)
		map_add_from(w->arena, map, (uint32_t)text.len, all, spot.start,
			     spot.end, MAP_DECODED);
	value.text.map = map;
	return value;
}

const struct input *
input_of_file(struct walk *w, const struct place *place, struct text path,
	      bool exact, struct spot spot)
{
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	struct file_look look = look_from(w, place);

	if (!exact || w->within || !look_read(&look, path, &bytes))
		return NULL;
	note_input(w, path, buf_text(&bytes));
	return text_input(w, place, value_of_file(w, buf_text(&bytes), spot));
}

/* What the N words of V name. */
static const struct input *
named_input(struct walk *w, const struct place *place, const struct arg *v,
	    uint32_t n)
{
	struct input *input = unread_input(w, place, v[0].start, v[n - 1].end);

	input->name = said_words(w->arena, v, n);
	input->open = false;
	for (uint32_t i = 0; i < n; i++)
		input->open |= v[i].opaque;
	return input;
}

/* ---- programs that print what they are given
 * ---------------------------------- */

static bool
has_backslash(struct text t)
{
	return text_chr(t, '\\', 0) < t.len;
}

/* "-n", "-e", "-neE": what bash's echo takes for options. */
static bool
is_echo_option(const struct arg *a)
{
	if (!a->exact || a->text.len < 2 || a->text.at[0] != '-')
		return false;
	for (size_t i = 1; i < a->text.len; i++)
		if (!strchr("neE", a->text.at[i]))
			return false;
	return true;
}

/* What `echo -e` makes of a word; false when it is not understood. */
static bool
add_escaped(struct builder *b, const struct value *word)
{
	struct text t = word->text.text;

	if (word->state != VALUE_EXACT)
		return false;
	for (size_t at = 0; at < t.len; at++) {
		if (t.at[at] != '\\')
			add_char(b, t.at[at], word, at, at + 1);
		else if (!add_escape(b, word, &at))
			return false;
	}
	return true;
}

/* echo: options only in front. */
static const struct input *
echo_input(struct walk *w, const struct place *place, const struct arg *v,
	   uint32_t n)
{
	struct builder b;
	bool escapes = false, understood = true;
	uint32_t i = 1;

	for (; i < n && is_echo_option(&v[i]); i++)
		escapes =
			escapes || text_chr(v[i].text, 'e', 0) < v[i].text.len;
	begin(&b, w, place);
	for (uint32_t first = i; i < n; i++) {
		if (i > first)
			add_byte(&b, ' ');
		if (!escapes)
			add_value(&b, &v[i].raw);
		else
			understood = understood && add_escaped(&b, &v[i].raw);
	}
	add_byte(&b, '\n');
	if (understood)
		return text_input(w, place, finish(&b));
	buf_release(&b.text);
	return unread_input(w, place, v[0].start, v[n - 1].end);
}

/* One turn through FORMAT; false when something in it is not understood. */
static bool
add_format(struct builder *b, const struct value *format, const struct arg *v,
	   uint32_t n, uint32_t *i)
{
	struct text t = format->text.text;

	for (size_t at = 0; at < t.len; at++) {
		char next = at + 1 < t.len ? t.at[at + 1] : '\0';

		if (t.at[at] == '\\') {
			if (!add_escape(b, format, &at))
				return false;
			continue;
		}
		if (t.at[at] != '%') {
			add_char(b, t.at[at], format, at, at + 1);
			continue;
		}
		if (next == '%') {
			add_char(b, '%', format, at, at + 2);
		} else if (next && strchr("sdiub", next)) {
			if (*i < n && next == 'b' && has_backslash(v[*i].text))
				return false;
			if (*i < n)
				add_value(b, &v[(*i)++].raw);
		} else {
			return false;
		}
		at++;
	}
	return true;
}

static const struct input *
printf_input(struct walk *w, const struct place *place, const struct arg *v,
	     uint32_t n)
{
	struct builder b;
	uint32_t i = n > 1 && text_is(v[1].text, "--") ? 2 : 1, before;
	const struct value *format;
	bool understood = i < n && v[i].exact && v[i].text.at[0] != '-';

	begin(&b, w, place);
	if (understood) {
		format = &v[i++].raw;
		do {
			before = i;
			understood = add_format(&b, format, v, n, &i);
		} while (understood && i < n && i > before);
	}
	if (understood)
		return text_input(w, place, finish(&b));
	buf_release(&b.text);
	return unread_input(w, place, v[0].start, v[n - 1].end);
}

/* cat and tee hand on their own input, or files. */
static const struct input *
cat_input(struct walk *w, const struct place *place, const struct arg *v,
	  uint32_t n)
{
	const struct input *input = NULL;
	uint32_t first = 1;

	while (first < n && v[first].exact && v[first].text.len > 1 &&
	       v[first].text.at[0] == '-')
		first++;
	if (first == n || (n - first == 1 && text_is(v[first].text, "-")))
		return place->input;
	if (first == 1 && n == 2)
		input = input_of_file(w, place, v[1].text, v[1].exact,
				      spot_of_args(v + 1, 0));
	return input ? input : named_input(w, place, v + first, n - first);
}

static const struct input *
tee_input(struct walk *w, const struct place *place, const struct arg *v,
	  uint32_t n)
{
	(void)w, (void)v, (void)n;
	return place->input;
}

static const struct input *
yes_input(struct walk *w, const struct place *place, const struct arg *v,
	  uint32_t n)
{
	struct input *input = ARENA_NEW(w->arena, struct input);

	(void)v;
	input->kind = INPUT_UNREAD;
	input->answers = n == 1;
	input->name = script_text(place->script, v[0].start, v[n - 1].end);
	return input;
}

static const struct input *
network_input(struct walk *w, const struct place *place, const struct arg *v,
	      uint32_t n)
{
	struct input *input = ARENA_NEW(w->arena, struct input);

	input->kind = INPUT_UNREAD;
	input->network = true;
	input->name = script_text(place->script, v[0].start, v[n - 1].end);
	input->where = script_span(place->script, v[0].start, v[n - 1].end);
	return input;
}

static const struct {
	const char *name;
	const struct input *(*input)(struct walk *w, const struct place *place,
				     const struct arg *v, uint32_t n);
} printers[] = {
	{ "echo", echo_input },    { "printf", printf_input },
	{ "cat", cat_input },      { "tee", tee_input },
	{ "yes", yes_input },      { "curl", network_input },
	{ "wget", network_input },
};

static bool
writes_elsewhere(const struct node *node)
{
	for (uint32_t i = 0; i < node->n_redirects; i++) {
		const struct redirect *r = node->redirects[i];

		if (r->fd != -1 && r->fd != 1)
			continue;
		if (r->op == REDIRECT_OUT || r->op == REDIRECT_APPEND ||
		    r->op == REDIRECT_CLOBBER || r->op == REDIRECT_BOTH ||
		    r->op == REDIRECT_BOTH_APPEND)
			return true;
	}
	return false;
}

const struct input *
input_of_pipe(struct walk *w, const struct place *place,
	      const struct node *node)
{
	struct place here = *place;
	uint32_t n;
	struct arg *v;

	if (node->kind != NODE_SIMPLE || writes_elsewhere(node))
		return unread_input(w, place, node->start, node->end);
	here.input = input_of_redirects(w, place, node->redirects,
					node->n_redirects);
	v = walk_expand(w, &here, node->words, node->n_words, &n);
	if (n == 0 || !v[0].exact ||
	    (place->scope && scope_shadows(place->scope, v[0].text)))
		return unread_input(w, place, node->start, node->end);
	for (size_t i = 0; i < ARRAY_LEN(printers); i++) {
		const struct input *input;

		if (!text_is(v[0].text, printers[i].name))
			continue;
		input = printers[i].input(w, &here, v, n);
		if (input)
			return input;
	}
	return unread_input(w, place, node->start, node->end);
}

const struct input *
input_of_list(struct walk *w, const struct place *place,
	      const struct list *list)
{
	const struct node *node =
		list->n_items == 1 ? list->items[0]->node : NULL;

	if (node && node->kind == NODE_SIMPLE)
		return input_of_pipe(w, place, node);
	if (list->n_items == 0)
		return unread_input(w, place, 0, 0);
	return unread_input(w, place, list->items[0]->start,
			    list->items[list->n_items - 1]->end);
}

/* ---- redirections
 * ------------------------------------------------------------ */

static const struct input *
string_input(struct walk *w, const struct place *place, const struct word *word)
{
	struct value value =
		word_value(w->arena, place->script, word, place->scope);
	struct builder b;

	begin(&b, w, place);
	add_value(&b, &value);
	add_byte(&b, '\n');
	return text_input(w, place, finish(&b));
}

/* < FILE; a process substitution prints what its commands do. The name is what
 * the file is called, without the quotes that a value was put in with. */
static const struct input *
file_input(struct walk *w, const struct place *place, struct word *word)
{
	const struct part *part = word->n_parts == 1 ? word->parts[0] : NULL;
	struct spot spot = { &place->script->source, word->start, word->end };
	const struct input *text;
	struct value value;
	struct arg *v;
	uint32_t n;

	if (part && part->kind == PART_PROCESS && part->list)
		return input_of_list(w, place, part->list);
	value = word_value(w->arena, place->script, word, place->scope);
	text = input_of_file(w, place, value.bytes.text,
			     value.state == VALUE_EXACT, spot);
	if (text)
		return text;
	v = walk_expand(w, place, &word, 1, &n);
	return n ? named_input(w, place, v, n)
		 : unread_input(w, place, word->start, word->end);
}

const struct input *
input_of_redirects(struct walk *w, const struct place *place,
		   struct redirect *const *redirects, uint32_t n)
{
	const struct input *input = place->input;

	for (uint32_t i = 0; i < n; i++) {
		const struct redirect *r = redirects[i];

		if (r->fd > 0 || r->fd_name.len)
			continue;
		switch (r->op) {
		case REDIRECT_IN:
			input = file_input(w, place, r->target);
			break;
		case REDIRECT_HEREDOC:
		case REDIRECT_HEREDOC_TABS:
			input = text_input(
				w, place,
				heredoc_value(w->arena, place->script,
					      r->heredoc, place->scope));
			break;
		case REDIRECT_HERESTRING:
			input = string_input(w, place, r->target);
			break;
		case REDIRECT_DUP_IN:
			input = unread_input(w, place, r->start, r->end);
			break;
		default:
			break;
		}
	}
	return input;
}
