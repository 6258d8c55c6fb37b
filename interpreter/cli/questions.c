/* Asking what a run wants to know. */
#include "cli/questions.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/width.h"
#include "cli/letters.h"
#include "cli/value.h"
#include "report/plan_report.h"
#include "report/why.h"

struct questions {
	struct asker asker;
	struct prompter *prompter;
	struct style style;
	bool alone;
	const struct plan_item *shown;     /* with its title, when alone */
	const struct plan_item *explained; /* what it does … */
	struct text command;               /* … and how it read then */
};

static void
show(const struct buf *b)
{
	fd_write_heeding(STDERR_FILENO, buf_cstr(b), b->len);
}

/* ---- what is asked about --------------------------------------------------
 */

static void
add_title(struct buf *b, const struct questions *q, const struct plan *plan,
	  const struct plan_item *item)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	struct plan_number number = plan_number(plan, item);
	const struct step *s = item->step;

	buf_addf(b, "\n[%u/%u] ", number.at, number.of);
	style_add(b, &q->style, STYLE_STEP, s->label, 0);
	buf_adds(b, "  ");
	style_adds(b, &q->style, STYLE_HOST,
		   resolved_host_name(item->resolved, &scratch));
	buf_addf(b, "  (%s:%u)\n", plan->runbook->doc->src->path, s->line);
	why_command(b, item, 4, &q->style);
}

static void
add_fact(struct buf *b, const struct questions *q, const char *label,
	 struct text text)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	if (text.len == 0)
		return;
	buf_addf(&line, "%s%.*s", label, TEXT_ARG(text));
	buf_adds(b, "    ");
	style_add_wrapped(b, &q->style, buf_text(&line), 4, 6);
}

/* What the step does and what is known about it; once, unless its values have
 * changed. */
static void
show_item(struct questions *q, struct plan *plan, struct plan_item *item)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf where = BUF_INIT;

	if (q->alone && q->shown != item)
		add_title(&b, q, plan, item);
	q->shown = item;
	if (q->explained != item ||
	    !text_eq(q->command, item->resolved->shown)) {
		add_fact(&b, q, "with ", item->resolved->with);
		if (item->resolved->level > EFFECT_READS)
			why_lines(&b, plan, item, 4, NULL, &q->style);
		plan_say_folder(&where, plan, item);
		add_fact(&b, q, "", buf_text(&where));
		add_fact(&b, q, "undo: ", item->step->undo);
	}
	q->explained = item;
	q->command = item->resolved->shown;
	show(&b);
}

static void
add_where(struct buf *b, const struct plan_item *item)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;

	buf_adds(b, " on ");
	width_print(b, text_of(plan_host_name(item, &scratch)), 0);
}

/* ---- may it run? ----------------------------------------------------------
 */

static void
add_run_question(struct buf *b, const struct plan *plan,
		 const struct plan_item *item)
{
	struct plan_number number = plan_number(plan, item);

	if (item->step->confirm.len) {
		width_print(b, item->step->confirm, 0);
	} else if (item->step->kind == STEP_FILE) {
		buf_adds(b, "Write this file");
		add_where(b, item);
		buf_addc(b, '?');
	} else {
		buf_addf(b, "Run step %u of %u", number.at, number.of);
		add_where(b, item);
		buf_addc(b, '?');
	}
}

static enum answer
ask_confirm(void *ctx, struct plan *plan, struct plan_item *item)
{
	static const struct letter letters[] = {
		{ 'y', ANSWER_YES, "[y]es", "run it" },
		{ 'n', ANSWER_NO, "[N]o, stop here",
		  "end the run before it; 'runbook resume' goes on with it" },
		{ 's', ANSWER_SKIP, "[s]kip it",
		  "leave it out and go on behind it" },
		{ 'q', ANSWER_NO, NULL, NULL },
		{ 'a', ANSWER_ALL, "[a]ll below \"disrupts\"",
		  "run it, and every later one that only reads or changes, "
		  "without asking, unless its author asks" },
	};
	struct questions *q = ctx;
	CLEANUP(buf_release) struct buf question = BUF_INIT;
	bool all = item->resolved->level < EFFECT_UNKNOWN &&
		   item->step->confirm.len == 0;

	show_item(q, plan, item);
	add_run_question(&question, plan, item);
	return (enum answer)letters_ask(
		q->prompter, &q->style, buf_cstr(&question), letters,
		ARRAY_LEN(letters) - (all ? 0 : 1), ANSWER_NO, ANSWER_NO);
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

/* "This destroys data on web1. Type 'app' to run it, [?] explains, nothing to
 * stop: "; the second time only the end of it. */
static void
add_word_prompt(struct buf *prompt, const struct questions *q,
		const struct plan *plan, const struct plan_item *item,
		bool again)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;

	if (!again) {
		buf_adds(&text, "This destroys data");
		add_where(&text, item);
		buf_adds(&text, ". ");
	}
	plan_say_word(&text, plan, item);
	buf_adds(&text, again ? " to run it, nothing to stop: "
			      : " to run it, [?], nothing to "
				"stop: ");
	style_add_prompt(prompt, &q->style, buf_text(&text));
}

static void
explain_word(void)
{
	static const char text[] =
		"  the word, as it stands between the quotes: run it\n"
		"  an empty line: end the run before it; 'runbook resume' goes "
		"on with it\n"
		"  another word: likewise, after a second try\n";

	fd_write_heeding(STDERR_FILENO, text, sizeof(text) - 1);
}

/* A slip of the finger is not worth the run; whoever does not get it right
 * twice means something else. */
static bool
ask_typed(void *ctx, struct plan *plan, struct plan_item *item)
{
	struct questions *q = ctx;
	struct text word = plan_word(plan, item).word;
	bool again = false;

	show_item(q, plan, item);
	for (;;) {
		CLEANUP(buf_release) struct buf prompt = BUF_INIT;
		CLEANUP(buf_release) struct buf line = BUF_INIT;

		add_word_prompt(&prompt, q, plan, item, again);
		if (!prompter_line(q->prompter, buf_cstr(&prompt), false,
				   &line))
			return false;
		if (is_word(buf_text(&line), word))
			return true;
		if (text_is(text_trim(buf_text(&line)), "?")) {
			explain_word();
			continue;
		}
		if (again || text_trim(buf_text(&line)).len == 0)
			return false;
		again = true;
	}
}

static enum failed
ask_failed(void *ctx, struct plan *plan, struct plan_item *item)
{
	static const struct letter letters[] = {
		{ 'r', FAILED_AGAIN, "[r]etry",
		  "run it once more; what destroys asks again" },
		{ 's', FAILED_SKIP, "[s]kip it",
		  "go on behind it as it is, and never come back to it" },
		{ 'q', FAILED_QUIT, "[Q]uit",
		  "end the run; 'runbook resume' begins with this step, with "
		  "--set NAME=VALUE also with another value" },
		{ 'n', FAILED_QUIT, NULL, NULL },
	};
	struct questions *q = ctx;
	CLEANUP(buf_release) struct buf question = BUF_INIT;
	struct plan_number number = plan_number(plan, item);

	buf_addf(&question, "Step %u of %u did not end well.", number.at,
		 number.of);
	return (enum failed)letters_ask(
		q->prompter, &q->style, buf_cstr(&question), letters,
		ARRAY_LEN(letters), FAILED_QUIT, FAILED_QUIT);
}

/* ---- conditions and choices -------------------------------------------------
 */

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
	static const struct letter letters[] = {
		{ 'y', ANSWER_YES, "[y]es, do it", "it is the case" },
		{ 'n', ANSWER_NO, "[N]o, leave it out",
		  "it is not the case: go on behind what stands under it" },
		{ 'q', ANSWER_QUIT, "[q]uit",
		  "end the run; 'runbook resume' asks again" },
	};
	struct questions *q = ctx;
	CLEANUP(buf_release) struct buf question = BUF_INIT;
	uint32_t n = count_under(plan, condition);

	show_item(q, plan, item);
	width_print(&question, condition->words, 0);
	if (n > 1)
		buf_addf(&question, " (%u steps)", n);
	return (enum answer)letters_ask(
		q->prompter, &q->style, buf_cstr(&question), letters,
		ARRAY_LEN(letters), ANSWER_NO, ANSWER_QUIT);
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

static struct text
branch_name(const struct plan *plan, const struct branch *branch)
{
	const struct plan_item *first = steps_of(plan, branch).first;

	return branch->label.len || !first ? branch->label : first->step->label;
}

static void
add_branch(struct buf *b, const struct questions *q, const struct plan *plan,
	   const struct branch *branch)
{
	struct branch_steps s = steps_of(plan, branch);

	style_add(b, &q->style, STYLE_STEP, branch_name(plan, branch), 0);
	buf_adds(b, "  ");
	if (s.n > 1)
		buf_addf(b, "%u steps, ", s.n);
	if (s.n)
		style_add_level(b, &q->style, s.level, 0);
	else
		style_adds(b, &q->style, STYLE_WARN, "by hand");
	buf_addc(b, '\n');
}

/* "A" of "Option A: the left one" and of "A) the left one": what its author
 * calls a branch for short. Empty when it has no such name. */
static struct text
short_name(struct text name)
{
	static const char *const kinds[] = { "option",      "variant", "method",
					     "alternative", "way",     "path",
					     "case",        "choice",  NULL };
	size_t end = text_chr(name, ' ', 0);
	bool marked = false;

	for (size_t i = 0; kinds[i]; i++)
		marked |= text_eq_nocase(text_sub(name, 0, end),
					 text_of(kinds[i]));
	if (marked) {
		name = text_trim(text_sub(name, end, name.len));
		end = text_chr(name, ' ', 0);
	}
	while (end && strchr(":.)", name.at[end - 1])) {
		marked = true;
		end--;
	}
	return marked ? text_sub(name, 0, end) : (struct text){ NULL, 0 };
}

typedef bool fits_fn(struct text name, struct text typed);

static bool
fits_short(struct text name, struct text typed)
{
	return text_eq_nocase(short_name(name), typed);
}

static bool
fits_begin(struct text name, struct text typed)
{
	return name.len >= typed.len &&
	       text_eq_nocase(text_sub(name, 0, typed.len), typed);
}

/* The only branch whose name FITS what was TYPED, or -1. */
static int
find_only(const struct plan *plan, const struct branch *const *branches,
	  uint32_t n, fits_fn *fits, struct text typed)
{
	int found = -1;

	for (uint32_t i = 0; i < n; i++) {
		if (!fits(branch_name(plan, branches[i]), typed))
			continue;
		if (found >= 0)
			return -1;
		found = (int)i;
	}
	return found;
}

/* The branch whose number, letter, name or beginning of a name T is, or -1:
 * none, or several. */
static int
find_branch(const struct plan *plan, const struct branch *const *branches,
	    uint32_t n, struct text t)
{
	static fits_fn *const ways[] = { fits_short, text_eq_nocase,
					 fits_begin };
	uint64_t number;
	int found = -1;

	if (text_to_uint(t, n, &number))
		return (int)number - 1;
	for (size_t i = 0; i < ARRAY_LEN(ways) && found < 0; i++)
		found = find_only(plan, branches, n, ways[i], t);
	return found;
}

static void
explain_choice(void)
{
	static const char text[] =
		"  a number, a name, its letter or the beginning of a name: "
		"run that one\n"
		"  q, or an empty line: end the run; 'runbook resume' asks "
		"again\n";

	fd_write_heeding(STDERR_FILENO, text, sizeof(text) - 1);
}

static int
ask_choose(void *ctx, struct plan *plan, const struct choice *choice,
	   const struct branch *const *branches, uint32_t n)
{
	struct questions *q = ctx;
	CLEANUP(buf_release) struct buf list = BUF_INIT;
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;

	buf_addc(&list, '\n');
	style_add_wrapped(&list, &q->style,
			  choice->question.len ? choice->question
					       : plan->procedure->heading,
			  0, 0);
	for (uint32_t i = 0; i < n; i++) {
		buf_addf(&list, "  %2u  ", i + 1);
		add_branch(&list, q, plan, branches[i]);
	}
	show(&list);
	buf_addf(&prompt, "Which one? 1 to %u, or its name; [?] [Q]uit: ", n);
	for (;;) {
		CLEANUP(buf_release) struct buf line = BUF_INIT;
		struct text t;
		int found;

		if (!prompter_line(q->prompter, buf_cstr(&prompt), false,
				   &line))
			return -1;
		t = text_trim(buf_text(&line));
		if (t.len == 0 || text_is(t, "q") || text_is(t, "quit"))
			return -1;
		found = find_branch(plan, branches, n, t);
		if (found >= 0)
			return found;
		if (text_is(t, "?")) {
			explain_choice();
			continue;
		}
		buf_clear(&list);
		buf_adds(&list, "'");
		width_print(&list, t, 40);
		buf_adds(&list, "' is none of them, or several\n");
		show(&list);
	}
}

/* ---- what is the case? ------------------------------------------------------
 */

/* A line for each. */
static void
show_facts(struct text facts)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text line;

	while (text_next_line(&facts, &line)) {
		buf_adds(&b, "    ");
		width_print(&b, line, 0);
		buf_addc(&b, '\n');
	}
	show(&b);
}

static enum settled
ask_unknown(void *ctx, struct plan *plan, struct plan_item *item,
	    const char *facts)
{
	static const struct letter letters[] = {
		{ 's', SETTLED_SUCCEEDED, "[s]ucceeded",
		  "it was done: go on behind it" },
		{ 'f', SETTLED_FAILED, "[f]ailed",
		  "it was not done, or not well: end the run" },
		{ 'r', SETTLED_AGAIN, "[r]un it again",
		  "as if it had never been begun; what destroys asks again" },
		{ 'q', SETTLED_QUIT, "[Q]uit", "end the run and say nothing" },
	};
	struct questions *q = ctx;

	show_item(q, plan, item);
	show_facts(text_of(facts));
	return (enum settled)letters_ask(
		q->prompter, &q->style, "What is the case?", letters,
		ARRAY_LEN(letters), SETTLED_QUIT, SETTLED_QUIT);
}

static bool
ask_new_shell(void *ctx, struct plan *plan, struct plan_item *item)
{
	static const struct letter letters[] = {
		{ 'y', 1, "[y]es",
		  "go on without it; what takes something of it is refused" },
		{ 'n', 0, "[N]o, stop here", "end the run before the step" },
		{ 'q', 0, NULL, NULL },
	};
	struct questions *q = ctx;

	show_item(q, plan, item);
	return letters_ask(q->prompter, &q->style, "Run it in a new shell?",
			   letters, ARRAY_LEN(letters), 0, 0) == 1;
}

static enum answer
ask_manual(void *ctx, struct plan *plan UNUSED, struct plan_item *item)
{
	static const struct letter letters[] = {
		{ 'y', ANSWER_YES, "[y]es", "it is done: go on" },
		{ 'n', ANSWER_NO, "[N]o, stop here",
		  "end the run before it; 'runbook resume' goes on with it" },
		{ 's', ANSWER_SKIP, "[s]kip it",
		  "leave it out and go on behind it" },
		{ 'q', ANSWER_NO, NULL, NULL },
	};
	struct questions *q = ctx;
	CLEANUP(buf_release) struct buf text = BUF_INIT;

	style_add_lines(&text, &q->style, STYLE_COMMAND, item->step->text.text,
			4);
	show(&text);
	return (enum answer)letters_ask(
		q->prompter, &q->style, "By hand. Is it done?", letters,
		ARRAY_LEN(letters), ANSWER_NO, ANSWER_NO);
}

static bool
ask_value(void *ctx, struct plan *plan, struct plan_item *item,
	  const struct param *param, struct buf *ret)
{
	struct questions *q = ctx;

	return value_ask(q->prompter, &q->style, plan, item, param, ret);
}

/* ---- life cycle -------------------------------------------------------------
 */

struct questions *
questions_new(struct prompter *p, const struct style *style, bool alone)
{
	struct questions *q = xcalloc(1, sizeof(*q));

	q->prompter = p;
	q->style = *style;
	q->alone = alone;
	q->asker = (struct asker){
		.confirm = ask_confirm,
		.typed = ask_typed,
		.failed = ask_failed,
		.condition = ask_condition,
		.choose = ask_choose,
		.manual = ask_manual,
		.unknown = ask_unknown,
		.new_shell = ask_new_shell,
		.value = ask_value,
		.ctx = q,
	};
	return q;
}

struct questions *
questions_free(struct questions *q)
{
	free(q);
	return NULL;
}

const struct asker *
questions_asker(struct questions *q)
{
	return &q->asker;
}
