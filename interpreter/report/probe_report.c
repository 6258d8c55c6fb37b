/* What a probe has found. */
#include "report/probe_report.h"

#include "base/width.h"

/* ---- for people
 * ---------------------------------------------------------------- */

enum {
	INDENT = 5
};

static void
begin_line(struct buf *b, const struct style *style, enum style_role role,
	   const char *label)
{
	buf_fill(b, ' ', INDENT);
	style_adds(b, style, role, label);
	buf_addc(b, ' ');
}

/* All of KIND that are there, on one line. */
static void
add_there(struct buf *b, const struct probe_host *h, enum probe_kind kind,
	  const char *label, const struct style *style)
{
	bool any = false;

	for (uint32_t i = 0; i < h->n_items; i++) {
		const struct probe_item *item = &h->items[i];

		if (item->kind != kind || item->found != PROBE_THERE)
			continue;
		if (any)
			buf_adds(b, ", ");
		else
			begin_line(b, style, STYLE_GOOD, label);
		width_print(b, item->name, 0);
		any = true;
	}
	if (any)
		buf_addc(b, '\n');
}

/* By the number that the plan shows. */
static void
add_step(struct buf *b, const struct probe *probe,
	 const struct probe_item *item)
{
	const struct step *s = item->item->step;

	buf_addf(b, ", for step %u (line %u)\n",
		 s->procedure == probe->plan->procedure ? s->ordinal
							: item->item->number,
		 s->line);
}

/* What is not as it should be, each with the step that needs it. */
static void
add_lacking(struct buf *b, const struct probe *probe,
	    const struct probe_item *item, const struct style *style)
{
	bool content = item->kind == PROBE_CONTENT;

	if (item->found == PROBE_THERE)
		return;
	if (item->found == PROBE_DIFFERENT)
		begin_line(b, style, STYLE_WARN, "differs:");
	else if (item->found == PROBE_UNKNOWN)
		begin_line(b, style, STYLE_WARN, "cannot be looked at:");
	else
		begin_line(b, style, content ? STYLE_WARN : STYLE_BAD,
			   content ? "not there yet:" : "missing:");
	if (!content)
		buf_addf(b, "%s ", probe_kind_name(item->kind));
	width_print(b, item->name, 0);
	add_step(b, probe, item);
	style_add_lines(b, style, STYLE_DIM, item->difference, INDENT + 2);
}

static void
add_host(struct buf *b, const struct probe *probe, const struct probe_host *h,
	 const struct style *style)
{
	buf_adds(b, "\nfound on ");
	style_add(b, style, STYLE_HOST,
		  h->name.len ? h->name : TEXT("this machine"), 0);
	buf_addc(b, '\n');
	if (!h->reached) {
		begin_line(b, style, STYLE_BAD, "not reached:");
		width_print(b, text_of(h->message), 0);
		buf_addc(b, '\n');
		return;
	}
	if (h->n_items == 0)
		begin_line(b, style, STYLE_GOOD, "it is there\n");
	add_there(b, h, PROBE_PROGRAM, "programs:", style);
	add_there(b, h, PROBE_FOLDER, "folders:", style);
	add_there(b, h, PROBE_FILE, "files:", style);
	add_there(b, h, PROBE_CONTENT, "as the document says:", style);
	for (uint32_t i = 0; i < h->n_items; i++)
		add_lacking(b, probe, &h->items[i], style);
}

void
probe_text(struct buf *b, const struct probe *probe, const struct style *style)
{
	for (uint32_t i = 0; i < probe->n_hosts; i++)
		add_host(b, probe, &probe->hosts[i], style);
}

/* ---- for machines
 * -------------------------------------------------------------- */

static struct jval *
json_item(const struct probe_item *item)
{
	struct jval *o = jval_object();

	jval_set(o, "kind", jval_string(probe_kind_name(item->kind)));
	jval_set(o, "name", jval_text(item->name));
	jval_set(o, "found", jval_string(probe_found_name(item->found)));
	jval_set(o, "step", jval_string(item->item->step->id));
	jval_set(o, "line", jval_int(item->item->step->line));
	jval_set(o, "difference",
		 item->difference.len ? jval_text(item->difference)
				      : jval_null());
	return o;
}

static struct jval *
json_host(const struct probe_host *h)
{
	struct jval *o = jval_object(), *items = jval_array();

	jval_set(o, "host", jval_text(h->name.len ? h->name : TEXT("local")));
	jval_set(o, "reached", jval_bool(h->reached));
	jval_set(o, "message", jval_string(h->message));
	for (uint32_t i = 0; i < h->n_items; i++)
		jval_push(items, json_item(&h->items[i]));
	jval_set(o, "items", items);
	return o;
}

struct jval *
probe_json(const struct probe *probe)
{
	struct jval *list = jval_array();

	for (uint32_t i = 0; i < probe->n_hosts; i++)
		jval_push(list, json_host(&probe->hosts[i]));
	return list;
}
