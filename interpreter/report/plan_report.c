/* A plan for people. */
#include "report/plan_report.h"

#include "base/width.h"
#include "report/why.h"
#include "shell/quote.h"
#include "want/want.h"

void
plan_say_folder(struct buf *b, const struct plan *plan,
		const struct plan_item *item)
{
	const char *cwd = plan->options->cwd;
	struct text path = { NULL, 0 };

	switch (plan_folder(item, &path)) {
	case PLAN_FOLDER_NONE:
		return;
	case PLAN_FOLDER_OPEN:
		buf_adds(b, "in a folder that is not known");
		return;
	case PLAN_FOLDER_CERTAIN:
		buf_addf(b, "in %.*s", TEXT_ARG(path));
		return;
	case PLAN_FOLDER_HERE:
		buf_addf(b, "in %s%s%.*s", cwd ? cwd : ".", path.len ? "/" : "",
			 TEXT_ARG(path));
		return;
	case PLAN_FOLDER_LOGIN:
		if (path.len)
			buf_addf(b, "in %.*s below ", TEXT_ARG(path));
		else
			buf_adds(b, "in ");
		buf_addf(b, "the login folder on %.*s",
			 TEXT_ARG(plan_host(item)));
		return;
	}
}

void
plan_say_word(struct buf *b, const struct plan *plan,
	      const struct plan_item *item)
{
	struct plan_word w = plan_word(plan, item);

	if (w.unknown.len)
		buf_addf(b, "What '%.*s' will be is not known. ",
			 TEXT_ARG(w.unknown));
	buf_adds(b, "Type ");
	if (w.is_host)
		buf_adds(b, plan_host(item).len ? "the name of the host "
						: "the name of this machine ");
	buf_addf(b, "'%.*s'", TEXT_ARG(w.word));
}

static bool
has_option(const struct buf *b, struct text option)
{
	struct text all = buf_text(b);
	size_t at = text_find(all, option, 0);

	while (at < all.len) {
		size_t end = at + option.len;

		if ((at == 0 || all.at[at - 1] == ' ') &&
		    (end == all.len || all.at[end] == ' '))
			return true;
		at = text_find(all, option, end);
	}
	return false;
}

static void add_option(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* An option counts once, however many steps ask for it. */
static void
add_option(struct buf *b, const char *fmt, ...)
{
	CLEANUP(buf_release) struct buf option = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&option, fmt, ap);
	va_end(ap);
	if (has_option(b, buf_text(&option)))
		return;
	if (b->len)
		buf_addc(b, ' ');
	buf_addt(b, buf_text(&option));
}

void
plan_option(struct buf *b, struct plan *plan, struct plan_item *item)
{
	if (item->stops & (STOP_CHOICE | STOP_CONDITION))
		add_option(b, "--step %u", item->step->ordinal);
	plan_approval(b, plan, item);
}

bool
plan_approval_at(struct plan *plan, struct plan_item *item, uint32_t i,
		 struct plan_approval *ret)
{
	const struct resolved *r = item->resolved;

	*ret = (struct plan_approval){ .option = NULL };
	if (i < r->n_missing) {
		ret->missing = r->missing[i];
		ret->option = ret->missing->secret ? "--set-file" : "--set";
		ret->value = arena_printf(plan->arena, "%.*s=…",
					  TEXT_ARG(ret->missing->name));
	} else if (i > r->n_missing) {
		return false;
	} else if ((item->stops & (STOP_TYPED | STOP_CONFIRM)) &&
		   item->settled) {
		ret->option = "--confirm";
		ret->value = plan_confirm_id(plan, item);
	} else if ((item->stops & STOP_EFFECT) &&
		   !(item->stops & STOP_CONFIRM)) {
		ret->option = "--allow";
		ret->value = effect_level_name(r->level);
	}
	return ret->option != NULL;
}

void
plan_approval(struct buf *b, struct plan *plan, struct plan_item *item)
{
	struct plan_approval a;

	for (uint32_t i = 0; plan_approval_at(plan, item, i, &a); i++) {
		CLEANUP(buf_release) struct buf value = BUF_INIT;

		if (a.missing)
			buf_addf(&value, "'%s'", a.value);
		else
			quote_add_word(&value, text_of(a.value));
		add_option(b, "%s %s", a.option, buf_cstr(&value));
	}
}

static void
add_line(struct buf *b, unsigned indent, const struct style *style,
	 enum style_role role, const char *label, struct text text)
{
	buf_fill(b, ' ', indent);
	style_adds(b, style, role, label);
	if (text.len == 0) {
		buf_addc(b, '\n');
		return;
	}
	buf_addc(b, ' ');
	style_add_wrapped(b, style, text_sub(text, 0, text_chr(text, '\n', 0)),
			  indent + (unsigned)strlen(label) + 1, indent + 2);
}

static void
missing_line(struct buf *b, const struct plan_item *item, unsigned indent,
	     const struct style *style)
{
	for (uint32_t i = 0; i < item->resolved->n_missing; i++) {
		const struct param *p = item->resolved->missing[i];
		CLEANUP(buf_release) struct buf line = BUF_INIT;

		buf_addf(&line, "%.*s%s: give it with --set%s %.*s=…",
			 TEXT_ARG(p->name), p->secret ? " (secret)" : "",
			 p->secret ? "-file" : "", TEXT_ARG(p->name));
		if (p->set_where.src)
			buf_addf(&line, "; line %u sets it",
				 span_line(p->set_where));
		if (p->elsewhere.len)
			buf_addf(&line, " to '%.*s'", TEXT_ARG(p->elsewhere));
		add_line(b, indent, style, STYLE_WARN, "value",
			 buf_text(&line));
	}
}

/* A confirmation that will not fit is no help. */
static void
add_way(struct buf *b, struct plan *plan, struct plan_item *item)
{
	if (item->settled)
		buf_addf(b, "without a terminal: --confirm %s",
			 plan_confirm_id(plan, item));
	else
		buf_adds(b, "without a terminal: --confirm, as a plan with all "
			    "values and choices prints it");
}

static void
add_typed(struct buf *b, const struct plan *plan, const struct plan_item *item)
{
	struct plan_word w = plan_word(plan, item);

	if (item->resolved->n_missing)
		buf_adds(b, "what it destroys must be typed; ");
	else
		buf_addf(b, "'%.*s' must be typed%s; ", TEXT_ARG(w.word),
			 w.unknown.len ? ", for what it destroys is not all "
					 "known"
				       : "");
}

/* "asks first; ", with the question of the author. */
static void
add_asks(struct buf *b, const struct plan_item *item)
{
	struct text question = text_trim(item->step->confirm);

	buf_adds(b, item->step->kind == STEP_FILE ? "asks if the file differs"
						  : "asks first");
	if (question.len == 0 || !(item->stops & STOP_CONFIRM)) {
		buf_adds(b, "; ");
		return;
	}
	buf_addf(b, ": \"%.*s\"; ",
		 TEXT_ARG(text_sub(question, 0, text_chr(question, '\n', 0))));
}

static void
approval_line(struct buf *b, struct plan *plan, struct plan_item *item,
	      unsigned indent, const struct style *style)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	if (item->stops & STOP_TYPED) {
		if ((item->stops & STOP_CONFIRM) && item->step->confirm.len)
			add_asks(&line, item);
		add_typed(&line, plan, item);
		add_way(&line, plan, item);
		add_line(b, indent, style, STYLE_BAD,
			 "stops:", buf_text(&line));
	} else if (item->stops & STOP_CONFIRM) {
		add_asks(&line, item);
		add_way(&line, plan, item);
		add_line(b, indent, style, STYLE_WARN,
			 "stops:", buf_text(&line));
	} else if (item->stops & STOP_EFFECT) {
		buf_addf(&line, "asks first; without a terminal: --allow %s",
			 effect_level_name(item->resolved->level));
		add_line(b, indent, style, STYLE_WARN,
			 "stops:", buf_text(&line));
	} else if (item->step->kind == STEP_FILE && !item->confirmed &&
		   !(item->stops & STOP_REFUSED)) {
		add_asks(&line, item);
		add_way(&line, plan, item);
		add_line(b, indent, style, STYLE_WARN, "compares,",
			 buf_text(&line));
	}
}

static void
choice_line(struct buf *b, const struct plan *plan,
	    const struct plan_item *item, unsigned indent,
	    const struct style *style)
{
	const struct choice *choice = plan_open_choice(plan, item);
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	buf_addf(&line,
		 "one of group %s is chosen; without a terminal: --step %u",
		 choice->name, item->step->ordinal);
	add_line(b, indent, style, STYLE_WARN, "choice:", buf_text(&line));
}

static void
condition_line(struct buf *b, const struct plan *plan,
	       const struct plan_item *item, unsigned indent,
	       const struct style *style)
{
	struct text words = plan_open_condition(plan, item)->words;
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	if (text_ends(words, ":"))
		words.len--;
	buf_addf(&line, "%.*s (without a terminal: --step %u)", TEXT_ARG(words),
		 item->step->ordinal);
	add_line(b, indent, style, STYLE_WARN, "condition:", buf_text(&line));
}

void
plan_stop_lines(struct buf *b, struct plan *plan, struct plan_item *item,
		unsigned indent, const struct style *style)
{
	if (item->stops & STOP_REFUSED)
		add_line(b, indent, style, STYLE_BAD,
			 "cannot run:", text_of(item->refusal));
	if (item->stops & STOP_VALUE)
		missing_line(b, item, indent, style);
	if (item->stops & STOP_CHOICE)
		choice_line(b, plan, item, indent, style);
	if (item->stops & STOP_CONDITION)
		condition_line(b, plan, item, indent, style);
	if (item->stops & STOP_HUMAN)
		add_line(b, indent, style, STYLE_WARN, "done by hand",
			 (struct text){ NULL, 0 });
	if (item->stops & STOP_TERMINAL)
		add_line(b, indent, style, STYLE_WARN, "wants a terminal",
			 (struct text){ NULL, 0 });
	approval_line(b, plan, item, indent, style);
}

static void
add_wants(struct buf *b, const struct step *s, const struct style *style)
{
	for (uint32_t i = 0; i < s->n_wants; i++) {
		CLEANUP(buf_release) struct buf line = BUF_INIT;
		CLEANUP(buf_release) struct buf pattern = BUF_INIT;
		struct text rest, first = { NULL, 0 };

		want_describe(s->wants[i], &pattern);
		rest = text_trim(buf_text(&pattern));
		text_next_line(&rest, &first);
		if (s->wants[i]->kind == WANT_EXACT && first.len == 0)
			first = TEXT("no output");
		buf_addf(&line, "%s: %.*s%s (line %u)",
			 want_kind_name(s->wants[i]->kind), TEXT_ARG(first),
			 rest.len ? " …" : "", span_line(s->wants[i]->where));
		add_line(b, 5, style, STYLE_DIM, "expects", buf_text(&line));
	}
}

static void
add_item(struct buf *b, struct plan *plan, struct plan_item *item,
	 const struct style *style, bool verbose)
{
	const struct step *s = item->step;
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	CLEANUP(buf_release) struct buf where = BUF_INIT;

	buf_addf(b, "\n%3u  ",
		 s->procedure == plan->procedure ? s->ordinal : item->number);
	style_add(b, style, STYLE_STEP, s->label, 0);
	buf_adds(b, "\n     ");
	if (s->kind == STEP_MANUAL) {
		style_adds(b, style, STYLE_WARN, "by hand");
	} else {
		style_add_level(b, style, item->resolved->level, 0);
		buf_adds(b, " on ");
		style_adds(b, style, STYLE_HOST,
			   plan_host_name(item, &scratch));
		if (item->resolved->io != EFFECT_IO_BATCH)
			buf_addf(b, ", %s", step_io_name(item->resolved->io));
	}
	buf_addf(b, ", line %u\n", s->line);
	why_command(b, item, 7, style);
	if (item->resolved->with.len)
		add_line(b, 5, style, STYLE_DIM, "with:", item->resolved->with);
	if (item->resolved->level > EFFECT_READS || verbose) {
		why_lines(b, plan, item, 5, "why:", style);
		plan_say_folder(&where, plan, item);
		if (where.len)
			add_line(b, 5, style, STYLE_DIM,
				 "where:", buf_text(&where));
	}
	add_wants(b, s, style);
	plan_stop_lines(b, plan, item, 5, style);
}

/* How many steps have a line that begins with "cannot run", with "stops", or
 * only with others. */
struct tally {
	uint32_t refused, asks, waits;
};

static struct tally
count_stops(const struct plan *plan)
{
	struct tally t = { 0, 0, 0 };

	for (uint32_t i = 0; i < plan->n_items; i++) {
		unsigned stops = plan->items[i].stops;

		if (stops & STOP_REFUSED)
			t.refused++;
		else if (stops & (STOP_TYPED | STOP_EFFECT | STOP_CONFIRM))
			t.asks++;
		else if (stops & (STOP_VALUE | STOP_CHOICE | STOP_CONDITION |
				  STOP_HUMAN))
			t.waits++;
	}
	return t;
}

static void
add_summary(struct buf *b, struct plan *plan, const struct style *style)
{
	struct tally t = count_stops(plan);

	buf_addf(b, "\n%u step%s, worst effect ", plan->n_items,
		 plan->n_items == 1 ? "" : "s");
	style_add_level(b, style, plan->worst, 0);
	if (t.refused)
		buf_addf(b, ", %u cannot run", t.refused);
	if (t.asks)
		buf_addf(b, ", %u would stop and ask", t.asks);
	if (t.waits)
		buf_addf(b, ", %u wait%s for a value, a choice or a hand",
			 t.waits, t.waits == 1 ? "s" : "");
	buf_adds(b, "; nothing was executed\n");
}

void
plan_text(struct buf *b, struct plan *plan, const struct style *style,
	  bool verbose)
{
	const struct procedure *p = plan->procedure;

	style_add(b, style, STYLE_HEADING, p->heading, 0);
	buf_adds(b, "  ");
	style_add(b, style, STYLE_DIM, p->path, 0);
	buf_adds(b, p->mode == PROCEDURE_MENU ? "  (menu)\n" : "\n");
	if (p->danger.len)
		add_line(b, 5, style, STYLE_BAD, "danger:", p->danger);
	for (uint32_t i = 0; i < plan->n_items; i++)
		add_item(b, plan, &plan->items[i], style, verbose);
	add_summary(b, plan, style);
}
