/* Asking the operator. Every question flushes what was typed ahead (people
 * paste several lines), spells its letters out, and has no default yes. */
#include "cli/prompter.h"

#include <errno.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/width.h"
#include "diag/snippet.h"
#include "exec/terminal.h"
#include "report/plan_report.h"
#include "report/why.h"

struct prompter {
	struct asker asker;
	struct ask ask; /* for who authenticates */
	struct loop *loop;
	struct style style;
	struct loop_watch *watch; /* while a line is read */
	struct termios before;    /* the terminal's modes, when HIDDEN */
	bool hidden;
	struct buf line;       /* bytes of the answer so far */
	bool whole;            /* its newline has come */
	bool ended;            /* end of input, or a signal */
	ask_answer_fn *answer; /* who gets the line, when nobody waits */
	void *to;
};

/* ---- one line ----------------------------------------------------------- */

static void
say(const char *s)
{
	fd_write_heeding(STDERR_FILENO, s, strlen(s));
}

/* Stop the echo for a secret. */
static void
hide_echo(struct prompter *a)
{
	struct termios now;

	if (tcgetattr(STDIN_FILENO, &a->before) < 0)
		return;
	now = a->before;
	now.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
	now.c_lflag |= ECHONL;
	terminal_guard_modes(STDIN_FILENO, &a->before);
	a->hidden = tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
}

static void
end_line(struct prompter *a)
{
	a->watch = loop_unwatch(a->watch);
	if (a->hidden)
		tcsetattr(STDIN_FILENO, TCSANOW, &a->before);
	a->hidden = false;
	terminal_guard_modes(STDIN_FILENO, NULL);
	if (!a->whole)
		say("\n");
}

/* Wipe what was typed; it may be a password. */
static void
forget_line(struct prompter *a)
{
	if (a->line.cap)
		explicit_bzero(a->line.bytes, a->line.cap);
	buf_clear(&a->line);
}

/* Hand the line, or that there is none, to who asked for it. */
static void
deliver(struct prompter *a)
{
	ask_answer_fn *answer = a->answer;

	end_line(a);
	a->answer = NULL;
	if (a->whole) {
		a->line.len = text_chr(buf_text(&a->line), '\n', 0);
		answer(a->to, buf_cstr(&a->line));
	} else {
		answer(a->to, NULL);
	}
	forget_line(a);
}

static void
on_readable(void *ctx, short revents UNUSED)
{
	struct prompter *a = ctx;
	char bytes[512];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0) {
		buf_add(&a->line, bytes, (size_t)n);
		explicit_bzero(bytes, sizeof(bytes));
		a->whole = memchr(a->line.bytes, '\n', a->line.len) != NULL;
	} else {
		a->ended = true;
	}
	if (a->answer && (a->whole || a->ended))
		deliver(a);
}

static void
begin_line(struct prompter *a, const char *prompt, bool secret)
{
	forget_line(a);
	a->whole = a->ended = false;
	tcflush(STDIN_FILENO, TCIFLUSH);
	if (secret)
		hide_echo(a);
	say(prompt);
	a->watch = loop_watch(a->loop, STDIN_FILENO, POLLIN, on_readable, a);
}

bool
prompter_line(struct prompter *a, const char *prompt, bool secret,
	      struct buf *ret)
{
	begin_line(a, prompt, secret);
	while (!a->whole && !a->ended && loop_step(a->loop, -1))
		;
	end_line(a);
	if (a->whole)
		buf_add(ret, a->line.bytes,
			text_chr(buf_text(&a->line), '\n', 0));
	forget_line(a);
	return a->whole;
}

void
prompter_interrupt(struct prompter *a)
{
	a->ended = true;
	if (a->answer)
		deliver(a);
}

/* ---- who authenticates -------------------------------------------------- */

static void
ask_question(void *ctx, const char *prompt, bool echo, ask_answer_fn *answer,
	     void *to)
{
	struct prompter *a = ctx;
	CLEANUP(buf_release) struct buf safe = BUF_INIT;

	width_print(&safe, text_of(prompt), 0);
	a->answer = answer;
	a->to = to;
	begin_line(a, buf_cstr(&safe), !echo);
}

static void
ask_withdraw(void *ctx)
{
	struct prompter *a = ctx;

	a->answer = NULL;
	a->whole = false;
	end_line(a);
	forget_line(a);
}

/* ---- letters
 * ------------------------------------------------------------------- */

struct letter {
	char letter;
	enum answer answer;
};

/* Ask until one of the letters comes; an empty line is the last one's. */
static enum answer
ask_letter(struct prompter *a, const char *prompt, const struct letter *choices,
	   size_t n, enum answer empty)
{
	for (;;) {
		CLEANUP(buf_release) struct buf line = BUF_INIT;
		struct text t;

		if (!prompter_line(a, prompt, false, &line))
			return ANSWER_QUIT;
		t = text_trim(buf_text(&line));
		if (t.len == 0)
			return empty;
		for (size_t i = 0; i < n; i++) {
			if (t.len == 1 &&
			    byte_lower(t.at[0]) == choices[i].letter)
				return choices[i].answer;
		}
		if (text_eq_nocase(t, TEXT("yes")))
			return ANSWER_YES;
		if (text_eq_nocase(t, TEXT("no")))
			return empty;
	}
}

static const struct letter yes_no[] = { { 'y', ANSWER_YES },
					{ 'n', ANSWER_NO },
					{ 'a', ANSWER_ALL },
					{ 'q', ANSWER_QUIT } };

/* ---- what is asked about
 * -------------------------------------------------------- */

/* The step, its command, what it does and what is known about it. */
static void
show_item(struct prompter *a, struct plan *plan, struct plan_item *item)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	CLEANUP(buf_release) struct buf where = BUF_INIT;
	const struct step *s = item->step;

	buf_addf(&b, "\n[%u/%u] ", item->number, plan->n_items);
	style_add(&b, &a->style, STYLE_STEP, s->title, 0);
	buf_adds(&b, "  ");
	style_adds(&b, &a->style, STYLE_HOST,
		   resolved_host_name(item->resolved, &scratch));
	buf_addf(&b, "  (%s:%u)\n", plan->runbook->doc->src->path, s->line);
	why_command(&b, item, 4, &a->style);
	if (item->resolved->with.len) {
		buf_adds(&b, "    with ");
		width_print(&b, item->resolved->with, 0);
		buf_addc(&b, '\n');
	}
	why_lines(&b, item, 4, NULL, &a->style);
	plan_say_folder(&where, plan, item);
	if (where.len) {
		buf_adds(&b, "    ");
		width_print(&b, buf_text(&where), 0);
		buf_addc(&b, '\n');
	}
	if (s->undo.len) {
		buf_adds(&b, "    undo: ");
		width_print(&b, s->undo, 0);
		buf_addc(&b, '\n');
	}
	fd_write_heeding(STDERR_FILENO, b.bytes, b.len);
}

static void
add_where(struct buf *b, const struct plan_item *item)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;

	buf_adds(b, " on ");
	width_print(b, text_of(resolved_host_name(item->resolved, &scratch)),
		    0);
}

static enum answer
ask_confirm(void *ctx, struct plan *plan, struct plan_item *item)
{
	struct prompter *a = ctx;
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;
	const struct step *s = item->step;

	show_item(a, plan, item);
	if (s->confirm.len)
		width_print(&prompt, s->confirm, 0);
	else if (s->kind == STEP_FILE)
		buf_adds(&prompt, "Write this file?");
	else {
		buf_adds(&prompt, "Run this step");
		add_where(&prompt, item);
		buf_addc(&prompt, '?');
	}
	buf_adds(&prompt, " [y]es  [n]o, skip it  ");
	if (item->resolved->level < EFFECT_UNKNOWN)
		buf_adds(&prompt, "[a]ll below \"disrupts\"  ");
	buf_adds(&prompt, "[q]uit: ");
	return ask_letter(a, buf_cstr(&prompt), yes_no,
			  ARRAY_LEN(yes_no) -
				  (item->resolved->level >= EFFECT_UNKNOWN),
			  ANSWER_NO);
}

/* The word, or the word in quotes as the prompt shows it. */
static bool
is_word(struct text typed, struct text word)
{
	typed = text_trim(typed);
	if (text_eq(typed, word))
		return true;
	return typed.len == word.len + 2 && text_starts(typed, "'") &&
	       text_ends(typed, "'") &&
	       text_eq(text_sub(typed, 1, typed.len - 1), word);
}

static bool
ask_typed(void *ctx, struct plan *plan, struct plan_item *item)
{
	struct prompter *a = ctx;
	CLEANUP(buf_release) struct buf words = BUF_INIT;
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	show_item(a, plan, item);
	buf_adds(&prompt, "This destroys data");
	add_where(&prompt, item);
	buf_adds(&prompt, ". ");
	plan_say_word(&words, plan, item);
	width_print(&prompt, buf_text(&words), 0);
	buf_adds(&prompt, " to run it, anything else to stop: ");
	return prompter_line(a, buf_cstr(&prompt), false, &line) &&
	       is_word(buf_text(&line), plan_word(plan, item).word);
}

/* How many steps of the plan stand under CONDITION. */
static uint32_t
count_under(const struct plan *plan, const struct condition *condition)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < plan->n_items; i++)
		n += step_depends_on(plan->items[i].step, condition);
	return n;
}

static enum answer
ask_condition(void *ctx, struct plan *plan, struct plan_item *item,
	      const struct condition *condition)
{
	struct prompter *a = ctx;
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;
	uint32_t n = count_under(plan, condition);

	show_item(a, plan, item);
	width_print(&prompt, condition->words, 0);
	if (n > 1)
		buf_addf(&prompt, "  (%u steps)", n);
	buf_adds(&prompt, "  Do it? [y]es  [n]o, skip it  [q]uit: ");
	return ask_letter(a, buf_cstr(&prompt), yes_no, ARRAY_LEN(yes_no),
			  ANSWER_NO);
}

/* The steps of BRANCH in the plan, the first of them and the worst level. */
struct branch_steps {
	uint32_t n;
	const struct plan_item *first;
	enum effect_level level;
};

static struct branch_steps
steps_of(const struct plan *plan, const struct branch *branch)
{
	struct branch_steps s = { 0, NULL, EFFECT_READS };

	for (uint32_t i = 0; i < plan->n_items; i++) {
		const struct plan_item *item = &plan->items[i];

		if (!step_is_in(item->step, branch))
			continue;
		if (!s.first)
			s.first = item;
		if (item->resolved->level > s.level)
			s.level = item->resolved->level;
		s.n++;
	}
	return s;
}

static void
add_branch(struct buf *prompt, const struct prompter *a,
	   const struct plan *plan, const struct branch *branch)
{
	struct branch_steps s = steps_of(plan, branch);
	struct text label = branch->label;

	if (label.len == 0 && s.first)
		label = s.first->step->title;
	style_add(prompt, &a->style, STYLE_STEP, label, 0);
	buf_adds(prompt, "  ");
	if (s.n > 1)
		buf_addf(prompt, "%u steps, ", s.n);
	if (s.n)
		style_add_level(prompt, &a->style, s.level, 0);
	else
		style_adds(prompt, &a->style, STYLE_WARN, "by hand");
	buf_addc(prompt, '\n');
}

static int
ask_choose(void *ctx, struct plan *plan, const struct choice *choice,
	   const struct branch *const *branches, uint32_t n)
{
	struct prompter *a = ctx;
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;

	buf_addc(&prompt, '\n');
	width_print(&prompt,
		    choice->question.len ? choice->question
					 : plan->procedure->heading,
		    0);
	buf_addc(&prompt, '\n');
	for (uint32_t i = 0; i < n; i++) {
		buf_addf(&prompt, "  %2u  ", i + 1);
		add_branch(&prompt, a, plan, branches[i]);
	}
	buf_addf(&prompt, "Which one? 1 to %u, [q]uit: ", n);
	for (;;) {
		CLEANUP(buf_release) struct buf line = BUF_INIT;
		uint64_t number;
		struct text t;

		if (!prompter_line(a, buf_cstr(&prompt), false, &line))
			return -1;
		t = text_trim(buf_text(&line));
		if (t.len == 0 || text_is(t, "q"))
			return -1;
		if (text_to_uint(t, n, &number) && number > 0)
			return (int)number - 1;
	}
}

/* To run again what destroys, its name is typed as for the first time. */
static bool
may_run_again(struct prompter *a, const struct plan *plan,
	      const struct plan_item *item)
{
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	struct text name = plan_word(plan, item).word;

	if (item->resolved->level != EFFECT_DESTROYS)
		return true;
	buf_adds(&prompt, "Type '");
	width_print(&prompt, name, 0);
	buf_adds(&prompt, "' to run it again, anything else to stop: ");
	return prompter_line(a, buf_cstr(&prompt), false, &line) &&
	       is_word(buf_text(&line), name);
}

static void
show_facts(const char *facts)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text rest = text_of(facts), line;

	while (text_next_line(&rest, &line)) {
		buf_adds(&b, "    ");
		width_print(&b, line, 0);
		buf_addc(&b, '\n');
	}
	fd_write_heeding(STDERR_FILENO, b.bytes, b.len);
}

static enum settled
ask_unknown(void *ctx, struct plan *plan, struct plan_item *item,
	    const char *facts)
{
	static const char prompt[] =
		"[s] it succeeded  [f] it failed  [r] run it again  [q]uit: ";
	struct prompter *a = ctx;

	show_item(a, plan, item);
	show_facts(facts);
	for (;;) {
		CLEANUP(buf_release) struct buf line = BUF_INIT;
		struct text t;

		if (!prompter_line(a, prompt, false, &line))
			return SETTLED_QUIT;
		t = text_trim(buf_text(&line));
		if (text_is(t, "s"))
			return SETTLED_SUCCEEDED;
		if (text_is(t, "f"))
			return SETTLED_FAILED;
		if (text_is(t, "r"))
			return may_run_again(a, plan, item) ? SETTLED_AGAIN
							    : SETTLED_QUIT;
		if (t.len == 0 || text_is(t, "q"))
			return SETTLED_QUIT;
	}
}

static bool
ask_new_shell(void *ctx, struct plan *plan, struct plan_item *item)
{
	struct prompter *a = ctx;

	show_item(a, plan, item);
	return ask_letter(a,
			  "Run it in a new shell? [y]es  [n]o, stop: ", yes_no,
			  2, ANSWER_NO) == ANSWER_YES;
}

static enum answer
ask_manual(void *ctx, struct plan *plan UNUSED, struct plan_item *item)
{
	struct prompter *a = ctx;
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;

	style_add_lines(&prompt, &a->style, STYLE_COMMAND,
			item->step->text.text, 4);
	buf_adds(&prompt,
		 "By hand. Is it done? [y]es  [n]o, skip it  [q]uit: ");
	return ask_letter(a, buf_cstr(&prompt), yes_no, ARRAY_LEN(yes_no),
			  ANSWER_QUIT);
}

static void
add_choices(struct buf *prompt, const struct param *param)
{
	const struct ynode *choices =
		param->defined ? param->defined->choices : NULL;
	uint32_t n = choices ? setting_count(choices) : 0;

	for (uint32_t i = 0; i < n; i++) {
		buf_adds(prompt, i ? " | " : " (");
		width_print(prompt, setting_at(choices, i)->text, 0);
	}
	if (n)
		buf_addc(prompt, ')');
}

/* The first place in ITEM where PARAM goes. */
static struct span
place_of(const struct plan_item *item, const struct param *param)
{
	const struct step *s = item->step;

	for (uint32_t i = 0; i < s->n_uses; i++) {
		if (s->uses[i].param == param)
			return s->uses[i].where;
	}
	for (uint32_t i = 0; i < s->n_variables; i++) {
		if (s->variables[i].param == param)
			return s->variables[i].where;
	}
	return param->where;
}

/* What values there are, and the one that an empty answer means. */
static void
add_expected(struct buf *prompt, const struct param *param)
{
	if (param->secret)
		buf_adds(prompt, " (secret, not shown)");
	if (param->defined && param->defined->choices)
		add_choices(prompt, param);
	else if (param_expects(param))
		buf_addf(prompt, " (%s)", param_expects(param));
	if (!param->elsewhere.len)
		return;
	buf_adds(prompt, " [");
	width_print(prompt, param->elsewhere, 0);
	buf_addf(prompt, ", as line %u has it]", span_line(param->set_where));
}

/* The prompt shows where the value goes: in the line of the document, and in
 * the command as it is so far. */
static bool
ask_value(void *ctx, struct plan *plan UNUSED, struct plan_item *item,
	  const struct param *param, struct buf *ret)
{
	struct prompter *a = ctx;
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;
	struct span where = place_of(item, param);
	bool any;

	buf_addc(&prompt, '\n');
	if (where.src)
		snippet_place(&prompt, where, a->style.color);
	if (!text_eq(item->resolved->shown, item->step->text.text))
		style_add_lines(&prompt, &a->style, STYLE_COMMAND,
				item->resolved->shown, 4);
	if (param_help(param).len) {
		buf_adds(&prompt, "    ");
		width_print(&prompt, param_help(param), 0);
		buf_addc(&prompt, '\n');
	}
	buf_adds(&prompt, "Value for ");
	width_print(&prompt, param->name, 0);
	add_expected(&prompt, param);
	buf_adds(&prompt, ": ");
	any = prompter_line(a, buf_cstr(&prompt), param->secret, ret);
	if (any && ret->len == 0)
		buf_addt(ret, param->elsewhere);
	return any;
}

struct prompter *
prompter_new(struct loop *loop, const struct style *style)
{
	struct prompter *a = xcalloc(1, sizeof(*a));

	a->ask = (struct ask){ .question = ask_question,
			       .withdraw = ask_withdraw,
			       .ctx = a };
	a->loop = loop;
	a->style = *style;
	a->asker = (struct asker){
		.confirm = ask_confirm,
		.typed = ask_typed,
		.condition = ask_condition,
		.choose = ask_choose,
		.manual = ask_manual,
		.unknown = ask_unknown,
		.new_shell = ask_new_shell,
		.value = ask_value,
		.ctx = a,
	};
	return a;
}

struct prompter *
prompter_free(struct prompter *a)
{
	if (a) {
		buf_release(&a->line);
		free(a);
	}
	return NULL;
}

const struct asker *
prompter_asker(struct prompter *a)
{
	return &a->asker;
}

const struct ask *
prompter_ask(const struct prompter *a)
{
	return &a->ask;
}
