/* Filters that can do more than filter: awk and sed write files and run
 * commands when their programs say so. */
#include "effect/code_lex.h"
#include "effect/walk.h"

/* TARGET is written from its beginning, by a program at PLACE. */
static void
walk_write(struct walk *w, const struct place *place, const struct excerpt *e,
	   uint32_t start, uint32_t end, bool append, bool known)
{
	uint32_t operands[] = { 1, 2 };
	struct arg v[3];
	struct args a = { .program = table_need(":redirect"),
			  .v = v,
			  .n = 3,
			  .operands = operands,
			  .n_operands = 2,
			  .look = look_from(w, place),
			  .n_before_dashes = 2 };
	struct finding least = { .level = EFFECT_READS };
	struct spot spot = { e, start, end };

	v[0] = walk_made_arg(e, start, start, (struct text){ NULL, 0 });
	v[1] = walk_made_arg(e, start, start,
			     text_of(append ? "append" : "write"));
	v[2] = walk_made_arg(e, start, end, text_sub(e->text, start, end));
	v[2].exact = known;
	v[2].opaque = !known;
	least.verb = text_of(append ? ">>" : ">");
	least.object = v[2].text;
	least.open = !known;
	walk_words(w, place, &a, spot, &least);
}

/* A part of a program, or all of it, and what may be put there. */
static void
tell(const struct walk *w, const struct place *place, const char *language,
     struct excerpt part, enum foreign_takes takes)
{
	struct foreign foreign = { language, part, place->hop, takes };

	if (w->visitor && w->visitor->on_foreign)
		w->visitor->on_foreign(w->visitor->ctx, &foreign);
}

/* The program: the values of OPTIONS, else the first operand; NULL when it
 * stands in a file. */
struct program_text {
	const struct option_use *use; /* NULL: the operand */
	uint32_t operand;
};

static bool
next_text(const struct args *a, const char *options, uint32_t *at,
	  struct program_text *ret)
{
	for (; *at < a->n_options; (*at)++) {
		const struct option_use *use = &a->options[*at];
		struct text rest = text_of(options), one;

		while (text_next_field(&rest, ' ', &one)) {
			if (!use->has_value || !spec_has_name(use->names, one))
				continue;
			(*at)++;
			*ret = (struct program_text){ use, 0 };
			return true;
		}
	}
	return false;
}

static void
walk_filter(struct walk *w, const struct wrapped *c,
	    void (*read)(struct walk *w, const struct place *place,
			 const struct excerpt *e))
{
	const struct args *a = c->args;
	const struct effect_runs *runs = c->rule->runs;
	struct program_text text;
	struct place inside;
	struct excerpt *e;
	uint32_t at = 0;
	bool given = false;

	if (!walk_inside(w, c, &inside) || !walk_spend(w, c->place, a->n))
		return;
	if (args_option(a, runs->file))
		walk_unread(w, c->place, c->spot, EFFECT_TAG_EXEC,
			    "its program is not in the document");
	while (next_text(a, runs->option, &at, &text)) {
		e = ARENA_NEW(w->arena, struct excerpt);
		*e = option_text(w, a, text.use);
		read(w, &inside, e);
		given = true;
	}
	if (!given && !args_option(a, runs->file) && a->n_operands) {
		e = ARENA_NEW(w->arena, struct excerpt);
		*e = a->v[a->operands[0]].raw.text;
		read(w, &inside, e);
	}
}

/* ---- awk
 * -------------------------------------------------------------------------- */

struct awk {
	struct walk *w;
	const struct place *place;
	const struct excerpt *e;
	struct code_token *t;
	uint32_t n;
};

static bool
awk_is(const struct awk *awk, uint32_t i, const char *s)
{
	return i < awk->n && code_is(awk->e->text, &awk->t[i], s);
}

/* The text that begins with the string I: what is joined to it before the
 * bracket or the end of the statement is not known. */
static void
awk_command(const struct awk *awk, uint32_t i)
{
	struct excerpt text;
	bool alone;

	if (i >= awk->n || awk->t[i].kind != CODE_STRING) {
		walk_unread(awk->w, awk->place,
			    (struct spot){ awk->e, awk->t[i - 1].start,
					   awk->t[i - 1].end },
			    EFFECT_TAG_EXEC, "runs a command that it makes");
		return;
	}
	alone = i + 1 >= awk->n || awk_is(awk, i + 1, ")") ||
		awk_is(awk, i + 1, ";") || awk_is(awk, i + 1, "}") ||
		awk_is(awk, i + 1, "|");
	text = excerpt_sub(awk->w->arena, *awk->e, awk->t[i].inner,
			   awk->t[i].inner_end);
	walk_text(awk->w, awk->place,
		  alone ? text : excerpt_open(awk->w->arena, text), false);
}

/* print … > FILE: a string, or something that is not known. */
static void
awk_write(const struct awk *awk, uint32_t i)
{
	bool append = awk_is(awk, i, ">");
	const struct code_token *t;

	i += append ? 1 : 0;
	if (i >= awk->n)
		return;
	t = &awk->t[i];
	walk_write(awk->w, awk->place, awk->e, t->inner, t->inner_end, append,
		   t->kind == CODE_STRING);
}

/* From "print" at I to the end of its statement; a ">" inside parentheses
 * compares. */
static uint32_t
awk_print(const struct awk *awk, uint32_t i)
{
	unsigned depth = 0;

	for (i++; i < awk->n; i++) {
		if (awk_is(awk, i, "("))
			depth++;
		else if (awk_is(awk, i, ")") && depth)
			depth--;
		else if (awk_is(awk, i, ";") || awk_is(awk, i, "}"))
			break;
		else if (awk_is(awk, i, "|") && !awk_is(awk, i + 1, "|"))
			awk_command(awk, i + 1);
		else if (awk_is(awk, i, ">") && depth == 0) {
			awk_write(awk, i + 1);
			break;
		}
	}
	return i;
}

/* A program of which nothing is known may do anything. One with a gap is taken
 * for what it says around it: "/$name/ { print }". */
static bool
is_unknown(const struct excerpt *e)
{
	for (size_t i = 0; i < e->text.len; i++)
		if (e->text.at[i])
			return false;
	return e->text.len > 0;
}

static void
read_awk(struct walk *w, const struct place *place, const struct excerpt *e)
{
	struct awk awk = { .w = w, .place = place, .e = e };
	struct code_lexer lx = { .text = e->text,
				 .styles = CODE_HASH | CODE_REGEX };
	struct code_token t;

	tell(w, place, "awk", *e, FOREIGN_NOTHING);
	if (is_unknown(e))
		walk_unread(w, place,
			    (struct spot){ e, 0, (uint32_t)e->text.len },
			    EFFECT_TAG_EXEC,
			    "which program it follows is not known");
	while (code_next(&lx, &t))
		ARENA_PUSH(w->arena, awk.t, awk.n, t);
	for (uint32_t i = 0; i < awk.n; i++) {
		if (awk_is(&awk, i, "print") || awk_is(&awk, i, "printf"))
			i = awk_print(&awk, i);
		else if (awk_is(&awk, i, "system") && awk_is(&awk, i + 1, "("))
			awk_command(&awk, i + 2);
		else if (awk_is(&awk, i, "|") && awk_is(&awk, i + 1, "getline"))
			awk_command(&awk, i ? i - 1 : awk.n);
		else if (awk_is(&awk, i, "@"))
			walk_unread(w, place,
				    (struct spot){ e, awk.t[i].start,
						   awk.t[i].end },
				    EFFECT_TAG_EXEC,
				    "calls or loads something by name");
	}
}

void
walk_awk(struct walk *w, const struct wrapped *c)
{
	walk_filter(w, c, read_awk);
}

/* ---- sed
 * -------------------------------------------------------------------------- */

struct sed {
	struct walk *w;
	const struct place *place;
	const struct excerpt *e;
	uint32_t at;
};

static char
look(const struct sed *s)
{
	return s->at < s->e->text.len ? s->e->text.at[s->at] : '\n';
}

static bool
at_end(const struct sed *s)
{
	return s->at >= s->e->text.len;
}

static void
skip_any(struct sed *s, const char *bytes)
{
	while (!at_end(s) && look(s) && strchr(bytes, look(s)))
		s->at++;
}

/* Behind the next MARK that no backslash stands before. */
static bool
skip_delimited(struct sed *s, char mark)
{
	bool class = false;

	while (!at_end(s)) {
		char c = look(s);

		s->at++;
		if (c == '\\')
			s->at++;
		else if (c == '[' && !class)
			class = true;
		else if (c == ']')
			class = false;
		else if (c == mark && (!class || mark != '/'))
			return true;
	}
	return false;
}

/* The two parts of s/…/…/ and y/…/…/. */
static bool
skip_pair(struct sed *s, char mark)
{
	bool first = skip_delimited(s, mark);

	return first && skip_delimited(s, mark);
}

/* Between marks and in text to be put in, a plain word is text. */
static void
sed_takes(const struct sed *s, uint32_t start, uint32_t end)
{
	if (s->w->visitor && s->w->visitor->on_foreign && start < end)
		tell(s->w, s->place, "sed",
		     excerpt_sub(s->w->arena, *s->e, start, end),
		     FOREIGN_PLAIN);
}

/* A mark that is in no plain word. */
static bool
is_safe_mark(char mark)
{
	return mark && strchr("/|#!~;^\"'", mark);
}

static struct text
line_of(struct sed *s, uint32_t *ret_start)
{
	uint32_t end = (uint32_t)text_chr(s->e->text, '\n', s->at);

	while (s->at < end && byte_is_blank(look(s)))
		s->at++;
	*ret_start = s->at;
	s->at = end;
	return text_sub(s->e->text, *ret_start, end);
}

/* 5, $, /re/, \cREc, 1~2, what a variable of the shell holds. */
static bool
skip_address(struct sed *s)
{
	char c = look(s);
	uint32_t start;

	if (c == '/' || c == '\\') {
		s->at++;
		if (c == '\\') {
			c = look(s);
			s->at++;
		}
		start = s->at;
		if (!skip_delimited(s, c))
			return false;
		if (is_safe_mark(c))
			sed_takes(s, start, s->at - 1);
		skip_any(s, "IM");
		return true;
	}
	while (!at_end(s) &&
	       (byte_is_digit(look(s)) || look(s) == '$' || look(s) == '~' ||
		look(s) == '+' || look(s) == '\0'))
		s->at++;
	return true;
}

static bool
skip_addresses(struct sed *s)
{
	if (!skip_address(s))
		return false;
	skip_any(s, " \t");
	if (look(s) == ',') {
		s->at++;
		skip_any(s, " \t");
		if (!skip_address(s))
			return false;
	}
	skip_any(s, " \t!");
	return true;
}

static void
sed_runs(struct sed *s, uint32_t start, uint32_t end)
{
	walk_unread(s->w, s->place, (struct spot){ s->e, start, end },
		    EFFECT_TAG_EXEC, "runs lines that it reads");
}

static void
sed_writes(struct sed *s)
{
	uint32_t start;
	struct text name = line_of(s, &start);

	walk_write(s->w, s->place, s->e, start, start + (uint32_t)name.len,
		   false, text_chr(name, '\0', 0) == name.len);
}

/* s/re/new/flags */
static bool
sed_substitute(struct sed *s)
{
	uint32_t start = s->at - 1;
	char mark = look(s);
	bool runs = false;
	uint32_t end;

	s->at++;
	if (!skip_pair(s, mark))
		return false;
	end = s->at - 1;
	for (; !at_end(s) && look(s) && strchr("gpiImMe0123456789w", look(s));
	     s->at++) {
		if (look(s) == 'e') {
			sed_runs(s, start, s->at + 1);
			runs = true;
		}
		if (look(s) == 'w') {
			s->at++;
			sed_writes(s);
			break;
		}
	}
	if (!runs && is_safe_mark(mark))
		sed_takes(s, start + 2, end);
	return true;
}

static void
sed_execute(struct sed *s)
{
	uint32_t start;
	struct text text = line_of(s, &start);

	if (text.len == 0)
		sed_runs(s, start ? start - 1 : 0, start);
	else
		walk_text(s->w, s->place,
			  excerpt_sub(s->w->arena, *s->e, start,
				      start + text.len),
			  false);
}

/* Text of a, i and c: to the end of a line that no backslash ends. */
static void
skip_text(struct sed *s)
{
	uint32_t start = s->at;

	while (!at_end(s) && look(s) != '\n')
		s->at += look(s) == '\\' ? 2 : 1;
	sed_takes(s, start, s->at);
}

static bool
sed_command(struct sed *s)
{
	uint32_t start;
	char c = look(s);

	s->at++;
	switch (c) {
	case 's':
		return sed_substitute(s);
	case 'y':
		c = look(s);
		s->at++;
		return skip_pair(s, c);
	case 'w':
	case 'W':
		sed_writes(s);
		return true;
	case 'e':
		sed_execute(s);
		return true;
	case 'a':
	case 'i':
	case 'c':
		skip_text(s);
		return true;
	case 'r':
	case 'R':
	case 'b':
	case 't':
	case 'T':
	case ':':
	case '#':
		if (c == 'b' || c == 't' || c == 'T') {
			while (!at_end(s) && !strchr(";}\n", look(s)))
				s->at++;
			return true;
		}
		line_of(s, &start);
		return true;
	default:
		skip_any(s, "0123456789");
		return c == '{' || c == '}' || strchr("=dDgGhHlnNpPqQxzF", c);
	}
}

static void
sed_commands(struct sed *s)
{
	for (;;) {
		skip_any(s, " \t\n;");
		if (at_end(s))
			return;
		if (skip_addresses(s) && !at_end(s) && sed_command(s))
			continue;
		walk_unread(s->w, s->place,
			    (struct spot){ s->e, 0, (uint32_t)s->e->text.len },
			    EFFECT_TAG_EXEC, "its program cannot be read");
		return;
	}
}

/* Where it is no text a value may be an address: "<line>p". */
static void
read_sed(struct walk *w, const struct place *place, const struct excerpt *e)
{
	struct sed s = { .w = w, .place = place, .e = e };

	sed_commands(&s);
	tell(w, place, "sed", *e, FOREIGN_INT);
}

void
walk_sed(struct walk *w, const struct wrapped *c)
{
	walk_filter(w, c, read_sed);
}

/* ---- jq and yq
 * -------------------------------------------------------------------------- */

/* How many words option T takes. */
static uint32_t
query_values(struct text t)
{
	static const char *const two[] = { "--arg", "--argjson", "--slurpfile",
					   "--rawfile" };
	static const char *const one[] = { "-L",
					   "--indent",
					   "-o",
					   "-p",
					   "-I",
					   "--output-format",
					   "--library-path",
					   "--input-format" };

	for (size_t i = 0; i < ARRAY_LEN(two); i++)
		if (text_is(t, two[i]))
			return 2;
	for (size_t i = 0; i < ARRAY_LEN(one); i++)
		if (text_is(t, one[i]))
			return 1;
	return 0;
}

static bool
is_query_verb(struct text t)
{
	return text_is(t, "e") || text_is(t, "eval") || text_is(t, "ea") ||
	       text_is(t, "eval-all");
}

/* The value of --expression, which stands in the same word or the next. */
static void
tell_query_option(struct walk *w, const struct place *place,
		  const struct arg *v)
{
	if (text_starts(v->text, "--expression") ||
	    text_starts(v->text, "--split-exp"))
		tell(w, place, "jq", v->raw.text, FOREIGN_NOTHING);
}

/* A query reads and prints; with a value in it it could print all that the
 * environment holds, or load a file. */
void
walk_query(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;
	bool options = true;

	if (!walk_spend(w, c->place, a->n))
		return;
	for (uint32_t i = 1; i < a->n; i++) {
		struct text t = a->v[i].text;

		if (options && text_starts(t, "-") && t.len > 1) {
			tell_query_option(w, c->place, &a->v[i]);
			options = !text_is(t, "--");
			i += query_values(t);
			continue;
		}
		tell(w, c->place, "jq", a->v[i].raw.text, FOREIGN_NOTHING);
		/* these may have taken it */
		if (!is_query_verb(t) &&
		    !(text_starts(a->v[i - 1].text, "-s") ||
		      text_starts(a->v[i - 1].text, "--split-exp") ||
		      text_starts(a->v[i - 1].text, "--expression")))
			return;
	}
}
