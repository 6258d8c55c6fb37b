/* Writing what journals hold. */
#include "report/history.h"

#include "base/clock.h"
#include "base/width.h"
#include "report/item.h"

enum {
	STATE_COLUMNS = 14,
	COMMAND_COLUMNS = 72
};

static const char *
state_name(enum step_state state)
{
	static const char *const names[] = { "not begun", "succeeded",
					     "failed",    "passed over",
					     "skipped",   "unknown" };

	return names[state];
}

static const char *
ending(const struct progress *p)
{
	return p->closed ? run_status_name(p->status) : "not ended";
}

static void
add_time(struct buf *b, struct text utc)
{
	CLEANUP(buf_release) struct buf local = BUF_INIT;

	clock_format_local(utc, &local);
	width_print(b, buf_text(&local), 0);
}

void
history_line(struct buf *b, const char *id, const struct progress *p,
	     const struct style *style)
{
	style_add(b, style, STYLE_STEP, text_sub(text_of(id), 0, 8), 0);
	buf_adds(b, "  ");
	add_time(b, p->started);
	buf_addf(b, "  %-11s  ", ending(p));
	width_print(b, p->file, 0);
	buf_addc(b, '#');
	width_print(b, p->procedure, 0);
	buf_addc(b, '\n');
}

/* What is known of a step: its journal's records, its place in the plan, or
 * both. */
struct line {
	struct text id, title;
	uint32_t number;                   /* 0: in no plan */
	const struct step_progress *known; /* NULL: nothing */
	const struct plan_item *item;      /* NULL: in no plan */
};

static enum step_state
state_of(const struct line *l)
{
	return l->known ? l->known->state : STATE_PENDING;
}

/* "failed 3", "timeout": the state, with the word for how it ended. */
static void
add_state(struct buf *b, const struct line *l)
{
	CLEANUP(buf_release) struct buf state = BUF_INIT;
	const struct step_progress *s = l->known;

	if (s && s->state == STATE_FAILED && s->status.len)
		buf_addt(&state, s->status);
	else
		buf_adds(&state, state_name(state_of(l)));
	if (s && s->state == STATE_FAILED && s->exit > 0)
		buf_addf(&state, " %d", (int)s->exit);
	buf_addt(b, buf_text(&state));
	if (state.len < STATE_COLUMNS)
		buf_fill(b, ' ', STATE_COLUMNS - state.len);
}

static void
add_file(struct buf *b, const char *folder, struct text name)
{
	if (name.len == 0)
		return;
	buf_adds(b, "       ");
	width_print(b, text_of(folder), 0);
	buf_addc(b, '/');
	width_print(b, name, 0);
	buf_addc(b, '\n');
}

static void
add_command(struct buf *b, const struct plan_item *item,
	    const struct style *style)
{
	CLEANUP(buf_release) struct buf command = BUF_INIT;

	if (!item || !item_add_command(&command, item, COMMAND_COLUMNS))
		return;
	buf_adds(b, "       ");
	style_adds(b, style, STYLE_COMMAND, command.bytes);
	buf_addc(b, '\n');
}

static void
add_line(struct buf *b, const struct line *l, const char *folder,
	 const struct style *style)
{
	const struct step_progress *s = l->known;

	if (l->number)
		buf_addf(b, "%4u  ", l->number);
	else
		buf_adds(b, "      ");
	add_state(b, l);
	buf_addc(b, ' ');
	style_add(b, style, STYLE_STEP, l->title.len ? l->title : l->id, 0);
	if (s && s->started.len) {
		buf_adds(b, "  on ");
		width_print(b, s->host, 0);
		buf_adds(b, "  ");
		add_time(b, s->started);
		if (s->attempts > 1)
			buf_addf(b, "  %d times", (int)s->attempts);
	}
	buf_addc(b, '\n');
	add_command(b, l->item, style);
	if (s) {
		add_file(b, folder, s->out);
		add_file(b, folder, s->err);
	}
}

typedef void line_fn(void *ctx, const struct line *l);

static bool
is_planned(const struct plan *plan, struct text id)
{
	for (uint32_t i = 0; plan && i < plan->n_items; i++) {
		if (text_is(id, plan->items[i].step->id))
			return true;
	}
	return false;
}

/* The steps of the plan, then what only the journal knows. */
static void
each_line(const struct progress *p, const struct plan *plan, line_fn *fn,
	  void *ctx)
{
	for (uint32_t i = 0; plan && i < plan->n_items; i++) {
		const struct plan_item *item = &plan->items[i];
		struct line l = { text_of(item->step->id), item->step->label,
				  plan_number(plan, item).at,
				  progress_step(p, item->step->id), item };

		fn(ctx, &l);
	}
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct step_progress *s = &p->steps[i];
		struct line l = { s->id, s->title, 0, s, NULL };

		if (!is_planned(plan, s->id))
			fn(ctx, &l);
	}
}

struct text_out {
	struct buf *b;
	const char *folder;
	const struct style *style;
};

static void
text_line(void *ctx, const struct line *l)
{
	struct text_out *out = ctx;

	add_line(out->b, l, out->folder, out->style);
}

void
history_steps(struct buf *b, const struct progress *p, const struct plan *plan,
	      const char *folder, const struct style *style)
{
	struct text_out out = { b, folder, style };

	for (size_t i = 0; i < p->n_values; i++) {
		const struct progress_value *v = &p->values[i];

		buf_adds(b, i ? ", " : "       with ");
		width_print(b, v->name, 0);
		buf_addc(b, '=');
		width_print(b, v->value.at ? v->value : TEXT("***"), 0);
	}
	if (p->n_values)
		buf_addc(b, '\n');
	each_line(p, plan, text_line, &out);
}

static struct jval *
text_or_null(struct text t)
{
	return t.len ? jval_text(t) : jval_null();
}

static void
json_line(void *ctx, const struct line *l)
{
	struct jval *o = jval_object();
	const struct step_progress *s = l->known;
	struct text none = { NULL, 0 };

	jval_set(o, "step", jval_text(l->id));
	jval_set(o, "title", text_or_null(l->title));
	jval_set(o, "command",
		 l->item && l->item->step->kind == STEP_COMMAND
			 ? jval_text(l->item->resolved->shown)
			 : jval_null());
	jval_set(o, "state", jval_string(state_name(state_of(l))));
	jval_set(o, "status", text_or_null(s ? s->status : none));
	jval_set(o, "exit",
		 s && s->exit >= 0 ? jval_int(s->exit) : jval_null());
	jval_set(o, "host", text_or_null(s ? s->host : none));
	jval_set(o, "started", text_or_null(s ? s->started : none));
	jval_set(o, "attempts", jval_int(s ? s->attempts : 0));
	jval_set(o, "out", text_or_null(s ? s->out : none));
	jval_set(o, "err", text_or_null(s ? s->err : none));
	jval_push(ctx, o);
}

struct jval *
history_json(const char *id, const struct progress *p, const struct plan *plan,
	     const char *folder)
{
	struct jval *o = jval_object(), *steps = jval_array();

	jval_set(o, "run", jval_string(id));
	jval_set(o, "started", jval_text(p->started));
	jval_set(o, "file", jval_text(p->file));
	jval_set(o, "procedure", jval_text(p->procedure));
	jval_set(o, "folder", jval_string(folder));
	jval_set(o, "status", p->closed ? jval_string(ending(p)) : jval_null());
	jval_set(o, "exit", p->closed ? jval_int(p->exit) : jval_null());
	each_line(p, plan, json_line, steps);
	jval_set(o, "steps", steps);
	return o;
}
