/* Quote removal and the expansions whose result is known. */
#include "shell/value.h"

#include "base/limits.h"
#include "shell/decode.h"

void
value_begin(struct value_builder *b, struct arena *arena,
	    const struct script *s, const struct scope *scope)
{
	*b = (struct value_builder){ .arena = arena,
				     .s = s,
				     .scope = scope,
				     .text = BUF_INIT,
				     .all_unknown = true };
	if (s->source.map)
		b->map = map_new(arena, s->source.map->src);
}

static void
add_map(struct value_builder *b, size_t n, uint32_t start, uint32_t end,
	enum map_kind kind)
{
	if (b->map)
		map_add_from(b->arena, b->map, (uint32_t)n, b->s->source.map,
			     start, end, kind);
}

/* The bytes [START, END) of the script, unchanged. */
static void
add_copied(struct value_builder *b, uint32_t start, uint32_t end)
{
	if (start == end)
		return;
	b->all_unknown = false;
	buf_addt(&b->text, script_text(b->s, start, end));
	add_map(b, end - start, start, end, MAP_COPIED);
}

void
value_add_made(struct value_builder *b, struct text bytes, uint32_t start,
	       uint32_t end)
{
	if (bytes.len == 0)
		return;
	b->all_unknown = false;
	buf_addt(&b->text, bytes);
	add_map(b, bytes.len, start, end, MAP_DECODED);
}

/* From here on the value is not known. */
static void
begin_unknown(struct value_builder *b, unsigned trait)
{
	if (!b->unknown)
		b->known = b->text.len;
	b->unknown = true;
	b->traits |= trait;
}

static void
add_unknown(struct value_builder *b, const struct part *part, unsigned trait,
	    bool many)
{
	begin_unknown(b, trait);
	buf_addc(&b->text, '\0');
	add_map(b, 1, part->start, part->end, MAP_DECODED);
	b->many |= many;
}

/* ---- literal bytes ------------------------------------------------------ */

static void
add_escape(struct value_builder *b, const struct part *part)
{
	struct text byte = script_text(b->s, part->inner, part->inner_end);

	if (text_is(byte, "\n"))
		return;
	b->traits |= VALUE_QUOTED;
	value_add_made(b, byte, part->start, part->end);
}

/* The bytes [START, END) of $'…'; false when a NUL ended the string. */
static bool
add_ansi_c_bytes(struct value_builder *b, uint32_t start, uint32_t end)
{
	while (start < end) {
		struct text rest = script_text(b->s, start, end);
		size_t plain = text_chr(rest, '\\', 0), n, used;
		char bytes[DECODED_MAX];

		add_copied(b, start, start + (uint32_t)plain);
		start += (uint32_t)plain;
		if (plain + 1 >= rest.len) {
			add_copied(b, start, end);
			return true;
		}
		rest = text_sub(rest, plain, rest.len);
		used = decode_escape(rest, bytes, &n);
		if (memchr(bytes, '\0', n))
			return false;
		value_add_made(b, (struct text){ bytes, n }, start,
			       start + (uint32_t)used);
		start += (uint32_t)used;
	}
	return true;
}

static void
add_ansi_c(struct value_builder *b, const struct part *part)
{
	b->traits |= VALUE_QUOTED;
	if (part->n_parts == 0)
		add_ansi_c_bytes(b, part->inner, part->inner_end);
	for (uint32_t i = 0; i < part->n_parts; i++) {
		const struct part *inner = part->parts[i];

		if (inner->kind != PART_LITERAL)
			value_add_part(b, inner, true);
		else if (!add_ansi_c_bytes(b, inner->start, inner->end))
			return;
	}
}

static void
add_parts(struct value_builder *b, struct part *const *parts, uint32_t n,
	  bool in_double)
{
	for (uint32_t i = 0; i < n; i++)
		value_add_part(b, parts[i], in_double);
}

static void
add_single(struct value_builder *b, const struct part *part)
{
	b->traits |= VALUE_QUOTED;
	if (part->n_parts == 0)
		add_copied(b, part->inner, part->inner_end);
	add_parts(b, part->parts, part->n_parts, true);
}

/* ---- expansions --------------------------------------------------------- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static bool
is_pattern(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (strchr("*?[", t.at[i]))
			return true;
	}
	return false;
}

static void
end_field(struct value_builder *b)
{
	bool split = b->split;
	struct value *fields = b->fields;
	uint32_t n = b->n_fields;
	size_t made = b->made;
	struct value field;

	if (b->text.len == 0 && !(b->traits & VALUE_QUOTED))
		return;
	field = value_finish(b);
	ARENA_PUSH(b->arena, fields, n, field);
	value_begin(b, b->arena, b->s, b->scope);
	b->made = made;
	b->split = split;
	b->fields = fields;
	b->n_fields = n;
}

/* An unquoted constant: cut at blanks, the default of IFS. */
static void
add_split(struct value_builder *b, struct text t, const struct part *part)
{
	size_t at = 0;

	while (at < t.len) {
		size_t end = at;

		while (end < t.len && !is_blank(t.at[end]))
			end++;
		if (end > at) {
			struct text field = text_sub(t, at, end);

			if (is_pattern(field)) {
				begin_unknown(b, VALUE_HAS_GLOB);
				b->many = true;
			}
			value_add_made(b, field, part->start, part->end);
			b->traits |= VALUE_FROM_CONSTANT;
		}
		if (end < t.len)
			end_field(b);
		at = end < t.len ? end + 1 : end;
	}
}

/* "$@", "${a[@]}": any number of fields, quoted too. */
static bool
is_list(const struct script *s, const struct part *part)
{
	const struct word *subscript = part->n_words ? part->words[0] : NULL;

	return text_is(part->name, "@") ||
	       (subscript &&
		text_is(script_text(s, subscript->start, subscript->end), "@"));
}

static void
add_param(struct value_builder *b, const struct part *part, bool in_double)
{
	bool plain = part->name.len && part->op.len == 0 &&
		     part->n_words == 0 && part->n_parts == 0;
	struct value value = { .state = VALUE_UNKNOWN };

	if (plain && b->scope)
		value = scope_variable(b->scope, part->name);
	if (value.state != VALUE_EXACT ||
	    b->made + value.bytes.text.len > LIMIT_CONSTANT_BYTES ||
	    !scope_spend(b->scope, value.bytes.text.len + 16) ||
	    (b->split && !in_double && !scope_splits(b->scope))) {
		add_unknown(b, part, VALUE_HAS_PARAM,
			    !in_double || is_list(b->s, part));
	} else if (b->split && !in_double) {
		b->made += value.bytes.text.len;
		add_split(b, value.bytes.text, part);
	} else {
		b->made += value.bytes.text.len;
		b->traits |= VALUE_FROM_CONSTANT;
		value_add_made(b, value.bytes.text, part->start, part->end);
	}
}

static bool
is_static(const struct part *part)
{
	return part->kind == PART_LITERAL || part->kind == PART_SINGLE ||
	       part->kind == PART_ESCAPE || part->kind == PART_GLOB;
}

/* A pattern stays as written. */
static void
add_pattern(struct value_builder *b, const struct part *part)
{
	begin_unknown(b, VALUE_HAS_GLOB);
	b->many = true;
	for (uint32_t i = 0; i < part->n_words; i++) {
		for (uint32_t k = 0; k < part->words[i]->n_parts; k++) {
			if (!is_static(part->words[i]->parts[k])) {
				add_unknown(b, part, VALUE_HAS_GLOB, true);
				return;
			}
		}
	}
	add_copied(b, part->start, part->end);
}

/* Braces where they are not expanded. */
static void
add_brace(struct value_builder *b, const struct part *part)
{
	uint32_t at = part->start;

	if (part->n_words == 0) {
		add_unknown(b, part, VALUE_HAS_GLOB, true);
		return;
	}
	for (uint32_t i = 0; i < part->n_words; i++) {
		const struct word *w = part->words[i];

		add_copied(b, at, w->start);
		add_parts(b, w->parts, w->n_parts, false);
		at = w->end;
	}
	add_copied(b, at, part->end);
}

void
value_add_part(struct value_builder *b, const struct part *part, bool in_double)
{
	switch (part->kind) {
	case PART_LITERAL:
		add_copied(b, part->start, part->end);
		break;
	case PART_ESCAPE:
		add_escape(b, part);
		break;
	case PART_SINGLE:
		add_single(b, part);
		break;
	case PART_DOUBLE:
	case PART_LOCALE:
		b->traits |= VALUE_QUOTED;
		add_parts(b, part->parts, part->n_parts, true);
		break;
	case PART_ANSI_C:
		add_ansi_c(b, part);
		break;
	case PART_PARAM:
		add_param(b, part, in_double);
		break;
	case PART_COMMAND:
	case PART_BACKTICK:
		add_unknown(b, part, VALUE_HAS_COMMAND, !in_double);
		break;
	case PART_PROCESS:
		add_unknown(b, part, VALUE_HAS_COMMAND, false);
		break;
	case PART_ARITH:
		add_unknown(b, part, VALUE_HAS_ARITH, false);
		break;
	case PART_TILDE:
		b->traits |= VALUE_HAS_TILDE;
		add_copied(b, part->start, part->end);
		break;
	case PART_GLOB:
	case PART_EXTGLOB:
		add_pattern(b, part);
		break;
	case PART_BRACE:
		add_brace(b, part);
		break;
	case PART_PLACEHOLDER:
		begin_unknown(b, VALUE_HAS_PLACEHOLDER);
		buf_addt(&b->text, script_text(b->s, part->start, part->end));
		add_map(b, part->end - part->start, part->start, part->end,
			MAP_COPIED);
		break;
	case PART_ARRAY:
		add_unknown(b, part, VALUE_HAS_PARAM, false);
		break;
	case PART_OPAQUE:
		add_unknown(b, part, VALUE_HAS_OPAQUE, !in_double);
		break;
	}
}

/* ---- results ------------------------------------------------------------ */

void
value_cut(struct arena *arena, struct value *value, size_t known)
{
	const struct map *all = value->text.map;
	struct map *map;

	value->bytes.text.len = known;
	if (!all)
		return;
	map = map_new(arena, all->src);
	if (known)
		map_add_from(arena, map, (uint32_t)known, all, 0,
			     (uint32_t)known, MAP_COPIED);
	value->bytes.map = map;
}

struct value
value_finish(struct value_builder *b)
{
	struct value value = { .traits = b->traits, .one_field = !b->many };

	value.text.text = arena_text(b->arena, buf_text(&b->text));
	value.text.map = b->map;
	value.bytes = value.text;
	if (b->unknown) {
		value.state = b->all_unknown ? VALUE_UNKNOWN : VALUE_PARTIAL;
		value_cut(b->arena, &value, b->known);
	}
	buf_release(&b->text);
	return value;
}

struct value
word_value(struct arena *arena, const struct script *s, const struct word *w,
	   const struct scope *scope)
{
	struct value_builder b;

	value_begin(&b, arena, s, scope);
	add_parts(&b, w->parts, w->n_parts, false);
	return value_finish(&b);
}

/* ---- here-documents ----------------------------------------------------- */

/* [START, END) of a quoted body: a NUL in it is what another shell puts there.
 */
static void
add_inert(struct value_builder *b, uint32_t start, uint32_t end)
{
	while (start < end) {
		struct text rest = script_text(b->s, start, end);
		uint32_t nul = start + (uint32_t)text_chr(rest, '\0', 0);
		struct part opaque = { .start = nul, .end = nul + 1 };

		add_copied(b, start, nul);
		if (nul < end)
			add_unknown(b, &opaque, VALUE_HAS_OPAQUE, false);
		start = nul + 1;
	}
}

/* [START, END) of a body without the tabs that begin its lines; *AT_LINE says
 * whether START does. */
static void
add_untabbed(struct value_builder *b, uint32_t start, uint32_t end,
	     bool *at_line)
{
	struct text t = b->s->source.text;

	while (start < end) {
		uint32_t stop;

		while (*at_line && start < end && t.at[start] == '\t')
			start++;
		stop = (uint32_t)text_chr(text_sub(t, 0, end), '\n', start);
		*at_line = stop < end;
		if (stop < end)
			stop++;
		add_inert(b, start, stop);
		start = stop;
	}
}

struct value
heredoc_value(struct arena *arena, const struct script *s,
	      const struct heredoc *heredoc, const struct scope *scope)
{
	struct value_builder b;
	bool at_line = true;

	value_begin(&b, arena, s, scope);
	if (heredoc->quoted && heredoc->tabs)
		add_untabbed(&b, heredoc->body, heredoc->body_end, &at_line);
	else if (heredoc->quoted)
		add_inert(&b, heredoc->body, heredoc->body_end);
	for (uint32_t i = 0; i < heredoc->n_parts; i++) {
		const struct part *part = heredoc->parts[i];

		if (heredoc->tabs && part->kind == PART_LITERAL) {
			add_untabbed(&b, part->start, part->end, &at_line);
			continue;
		}
		value_add_part(&b, part, true);
		at_line = false;
	}
	b.many = false;
	return value_finish(&b);
}
