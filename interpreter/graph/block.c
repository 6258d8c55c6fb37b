/* From one block of the document to its steps. */
#include "base/limits.h"
#include "graph/infer.h"
#include "graph/line_suffix.h"
#include "shell/check.h"
#include "shell/parse.h"

struct step *
new_step(struct builder *b, enum step_kind kind, const struct block *block,
	 struct excerpt text)
{
	struct step *s = ARENA_NEW(b->arena, struct step);

	s->kind = kind;
	s->procedure = b->p;
	s->block = block;
	s->block_end = block->ordinal + 1;
	s->text = text;
	s->where = map_span(text.map, 0, (uint32_t)text.text.len);
	s->line = span_line(s->where);
	s->retry.attempts = 1;
	s->annotation = block->annotation;
	return s;
}

static struct step *
add_step(struct builder *b, enum step_kind kind, const struct block *block,
	 struct excerpt text)
{
	struct step *s = new_step(b, kind, block, text);
	struct procedure *p = b->p;

	ARENA_PUSH(b->arena, p->steps, p->n_steps, s);
	s->ordinal = p->n_steps;
	return s;
}

/* The end of statement ST's text, with the "&" of a background command. */
static uint32_t
statement_end(const struct script *s, const struct statement *st)
{
	uint32_t at = st->end;

	if (!st->background)
		return at;
	while (at < s->source.text.len && s->source.text.at[at] != '&')
		at++;
	return at < s->source.text.len ? at + 1 : st->end;
}

static void
add_want(struct builder *b, struct step *s, struct want *w,
	 enum infer_rule rule, const char *why)
{
	ARENA_PUSH(b->arena, s->wants, s->n_wants, w);
	reason_add(b->arena, &s->reasons, rule, "want", w->where, "%s", why);
}

static void
add_noted_want(struct builder *b, struct step *s, const struct noted_want *n)
{
	struct excerpt text = { n->text, n->map };

	add_want(b, s,
		 want_inferred(b->arena, n->kind, text, n->where,
			       infer_rule_name(INFER_WANT_COMMENT)),
		 INFER_WANT_COMMENT,
		 n->kind == WANT_EXAMPLE ? "the comment shows such an output"
					 : "the comment says what comes");
}

static void
add_noted_wants(struct builder *b, struct step *s,
		const struct statement_note *n)
{
	for (uint32_t i = 0; i < n->n_wants; i++)
		add_noted_want(b, s, &n->wants[i]);
}

/* "[1]" alone on the last line of an output whose lines are marked as cram's:
 * the status that the command ends with. Cut off *OUTPUT. */
static void
take_status(struct builder *b, struct step *s, struct excerpt *output)
{
	struct text t = text_trim(output->text);
	size_t open = t.len;
	uint64_t code;
	int *codes;

	while (open > 0 && t.at[open - 1] != '\n')
		open--;
	t = text_sub(t, open, t.len);
	if (!text_starts(t, "[") || !text_ends(t, "]") ||
	    !text_to_uint(text_sub(t, 1, t.len - 1), 255, &code))
		return;
	codes = arena_alloc(b->arena, sizeof(*codes));
	*codes = (int)code;
	s->exit_codes = codes;
	s->n_exit_codes = 1;
	*output = excerpt_sub(b->arena, *output, 0,
			      (size_t)(t.at - output->text.at));
}

/* What the document shows below S, whose line is MARKED by a prompt or not. */
static void
add_shown_want(struct builder *b, struct step *s, struct excerpt output,
	       bool marked)
{
	enum infer_rule rule = marked ? INFER_WANT_PROMPT : INFER_WANT_LINES;
	struct want *w;

	if (text_trim(output.text).len == 0 || !want_fits(output.text))
		return;
	if (line_suffix_in(output.text))
		take_status(b, s, &output);
	w = want_shown(b->arena, output,
		       map_span(output.map, 0, (uint32_t)output.text.len),
		       infer_rule_name(rule));
	w->of_all = s->shown_with != s;
	add_want(b, s, w, rule,
		 w->inferred ? "the document shows this output as an example"
			     : "its lines are marked (re), (glob), (esc) or "
			       "(no-eol)");
}

static void
title_behind(struct builder *b, struct step *s, const struct statement_note *n)
{
	s->title = n->trailing;
	reason_add(b->arena, &s->reasons, INFER_TITLE_TRAILING, "title",
		   s->where, "%.*s", TEXT_ARG(n->trailing));
}

static void
note_step(struct builder *b, struct step *s, const struct statement_note *n)
{
	s->title = n->title;
	s->title_where = n->title_where;
	s->remark = n->trailing;
	s->comment_group = b->group + n->group;
	if (n->title.len)
		reason_add(b->arena, &s->reasons, INFER_TITLE_COMMENT, "title",
			   n->title_where, "%.*s", TEXT_ARG(n->title));
	else if (n->trailing.len)
		title_behind(b, s, n);
	add_noted_wants(b, s, n);
}

/* The step of the statements [FIRST, LAST] of S. */
static void
statement_step(struct builder *b, const struct block *block,
	       const struct script *s, uint32_t first, uint32_t last,
	       const struct statement_note *notes)
{
	struct step *step = add_step(
		b, STEP_COMMAND, block,
		excerpt_sub(b->arena, s->source, s->body->items[first]->start,
			    statement_end(s, s->body->items[last])));

	step->script = s;
	step->first = first;
	step->last = last;
	note_step(b, step, &notes[first]);
	for (uint32_t j = first + 1; j <= last; j++)
		add_noted_wants(b, step, &notes[j]);
}

/* "#!" in front: all of it is one script, which has options of its own. */
static void
whole_step(struct builder *b, const struct block *block, const struct script *s,
	   const struct statement_note *notes)
{
	struct step *step;

	statement_step(b, block, s, 0, s->body->n_items - 1, notes);
	step = b->p->steps[b->p->n_steps - 1];
	step->whole = true;
	reason_add(b->arena, &step->reasons, INFER_SCRIPT_WHOLE, "text",
		   script_span(s, 0, 2), "it begins with #!");
}

/* One step per unit of statements of S. */
static void
script_steps(struct builder *b, const struct block *block,
	     const struct script *s)
{
	struct statement_note *notes = comments_read(b->arena, s);

	if (s->body->n_items && text_starts(s->source.text, "#!")) {
		whole_step(b, block, s, notes);
		return;
	}
	for (uint32_t i = 0; i < s->body->n_items;) {
		uint32_t first, last;

		shell_unit(s, i, &first, &last);
		statement_step(b, block, s, first, last, notes);
		i = last + 1;
	}
	if (s->body->n_items)
		b->group += notes[s->body->n_items - 1].group + 1;
}

/* The end of the word or of the mark that begins at AT. */
static uint32_t
token_end(const struct script *s, uint32_t at)
{
	struct text t = s->source.text;
	uint32_t end = at;

	while (end < t.len && byte_is_alnum(t.at[end]))
		end++;
	return end > at ? end : (uint32_t)(at + (at < t.len));
}

static void
report_syntax(struct builder *b, const struct script *s)
{
	for (uint32_t i = 0; i < s->n_errors; i++) {
		const struct shell_error *e = &s->errors[i];
		struct span at = script_span(s, e->start, e->end);
		struct span opened =
			script_span(s, e->opened, token_end(s, e->opened));
		struct diag *d;

		/* That the text ends is seen at once; what is missing its end
		 * is not. */
		if (e->wants_more) {
			d = diag_report(b->sink, DIAG_SHELL_SYNTAX, opened,
					"%s", e->message);
			if (e->start > e->opened)
				diag_note(d, at, "the text ends here");
			continue;
		}
		d = diag_report(b->sink, DIAG_SHELL_SYNTAX, at, "%s",
				e->message);
		if (e->opened != e->start)
			diag_note(d, opened, "opened here");
	}
}

/* Nothing that could be run: "# systemctl restart x" with the prompt of root,
 * "# TODO". That it did nothing must not pass for success, so a human does
 * it. */
static void
comment_block(struct builder *b, const struct block *block,
	      const struct script *s)
{
	uint32_t start = s->comments[0].start;
	uint32_t end = s->comments[s->n_comments - 1].end;
	struct step *step =
		add_step(b, STEP_MANUAL, block,
			 excerpt_sub(b->arena, s->source, start, end));

	step->title = script_text(s, start, s->comments[0].end);
	reason_add(b->arena, &step->reasons, INFER_MANUAL_COMMENT, "kind",
		   step->where, "no line of it is a command");
	diag_report(b->sink, DIAG_COMMENT_ONLY_BLOCK, block->where,
		    "this block holds only comments: nothing would be done");
}

static void
script_block(struct builder *b, const struct block *block,
	     struct excerpt content)
{
	struct script *s = shell_parse(b->arena, content);
	uint32_t before = b->p->n_steps;

	report_syntax(b, s);
	shell_check(b->sink, s);
	if (s->body->n_items == 0 && s->n_comments > 0)
		comment_block(b, block, s);
	script_steps(b, block, s);
	for (uint32_t i = before; i < b->p->n_steps; i++)
		b->p->steps[i]->shown_with = b->p->steps[before];
}

/* The steps from FIRST on are those behind the prompt of E. */
static void
prompted_steps(struct builder *b, uint32_t first, const struct console_entry *e)
{
	for (uint32_t i = first; i < b->p->n_steps; i++) {
		struct step *s = b->p->steps[i];

		s->prompted = true;
		s->comment_group = e->group;
		if (s->title.len || !e->title.len)
			continue;
		s->title = e->title;
		s->title_where = e->title_where;
		reason_add(b->arena, &s->reasons, INFER_TITLE_COMMENT, "title",
			   e->title_where, "%.*s", TEXT_ARG(e->title));
	}
}

static void
entry_steps(struct builder *b, const struct block *block,
	    const struct console_entry *entries, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t before = b->p->n_steps;
		struct step *last;

		script_block(b, block, entries[i].command);
		if (b->p->n_steps == before)
			continue;
		last = b->p->steps[b->p->n_steps - 1];
		if (entries[i].marked)
			prompted_steps(b, before, &entries[i]);
		add_shown_want(b, last, entries[i].output, entries[i].marked);
	}
}

static void
console_block(struct builder *b, const struct block *block, enum prompt prompt)
{
	uint32_t n;
	struct console_entry *entries =
		console_split(b->arena, block->code->content, prompt, &n);

	entry_steps(b, block, entries, n);
}

/* No line has a prompt; some may be output all the same. */
static void
plain_block(struct builder *b, const struct block *block)
{
	uint32_t n;
	struct console_entry *entries =
		unmarked_split(b, block->code->content, &n);

	if (entries)
		entry_steps(b, block, entries, n);
	else
		script_block(b, block, block->code->content);
}

/* The content of a file block is what stands below the line with its path. */
static void
file_block(struct builder *b, const struct block *block)
{
	struct excerpt whole = block->code->content;
	size_t start = text_chr(whole.text, '\n', 0) + 1;
	struct step *s =
		add_step(b, STEP_FILE, block,
			 excerpt_sub(b->arena, whole, start, whole.text.len));

	s->path = block->code->file_path;
	s->line = span_line(map_span(whole.map, 0, 1));
	s->level = EFFECT_CHANGES;
	s->title =
		text_of(arena_printf(b->arena, "file %.*s", TEXT_ARG(s->path)));
	reason_add(b->arena, &s->reasons, INFER_FILE_PATH, "kind",
		   map_span(whole.map, 0, (uint32_t)start), "%.*s",
		   TEXT_ARG(s->path));
}

/* "[ ] do this by hand" in a list. */
static void
task_block(struct builder *b, const struct block *block)
{
	struct map *m = map_new(b->arena, b->doc->src);
	struct text t = block->text;
	struct step *s;

	map_add(b->arena, m, (uint32_t)t.len, block->where.start,
		block->where.end - block->where.start, MAP_DECODED);
	s = add_step(b, STEP_MANUAL, block, (struct excerpt){ t, m });
	s->line = span_line(block->where);
	s->title = text_sub(t, 0, text_chr(t, '\n', 0));
	reason_add(b->arena, &s->reasons, INFER_MANUAL_TASK, "kind",
		   block->where, "task list item");
}

/* The first paragraph of a task item. */
static bool
is_task(const struct document *doc, const struct block *block)
{
	if (!block->in || !block->in->is_task)
		return false;
	return block->ordinal == 0 ||
	       doc->blocks[block->ordinal - 1]->in != block->in;
}

/* A script that the prose above says to install is a file, no step. */
static void
script_or_file(struct builder *b, const struct block *block)
{
	if (!foreign_is_installed(b->doc, block))
		script_block(b, block, block->code->content);
}

static void
report_no_shell(struct builder *b, const struct block *block,
		const char *language)
{
	diag_report(b->sink, DIAG_NO_SHELL, block->where,
		    "this block is tagged '%.*s', but holds %s: it is shown "
		    "and never run",
		    TEXT_ARG(block->code->language), language);
}

static void
shell_block(struct builder *b, const struct block *block)
{
	struct excerpt content = block->code->content;
	bool console = block->code->kind == CODE_CONSOLE;
	enum prompt prompt =
		console_prompt(b->rb->rules, content.text, console);
	const char *language = foreign_language(content.text);

	if (!language && unmarked_is_output(b, content.text))
		language = "output";
	if (prompt != PROMPT_NONE)
		console_block(b, block, prompt);
	else if (console && !unmarked_is_typed(b, content.text))
		return;
	else if (language)
		report_no_shell(b, block, language);
	else if (text_starts(content.text, "#!"))
		script_or_file(b, block);
	else
		plain_block(b, block);
}

void
block_steps(struct builder *b, const struct block *block)
{
	const struct ynode *skip = annotation_get(block->annotation, KEY_SKIP);
	bool skipped = false;

	if (skip && ytree_bool(skip, &skipped) && skipped)
		return;
	b->group = 0;
	if (block->kind == BLOCK_PARAGRAPH && is_task(b->doc, block))
		task_block(b, block);
	if (block->kind != BLOCK_CODE || !block->code->closed)
		return;
	switch (block->code->kind) {
	case CODE_SCRIPT:
	case CODE_CONSOLE:
		shell_block(b, block);
		break;
	case CODE_FILE:
		file_block(b, block);
		break;
	case CODE_OUTPUT:
	case CODE_UNTAGGED:
	case CODE_DIRECTIVE:
	case CODE_OTHER:
		break;
	}
}
