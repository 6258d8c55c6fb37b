/* Naming a step by its title and its command. */
#include "report/item.h"

#include "base/width.h"

enum {
	COMMAND_COLUMNS = 60
};

/* The first line, with a mark where more follows. */
static void
add_first_line(struct buf *b, struct text command, unsigned columns)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	size_t end = text_chr(command, '\n', 0);

	buf_addt(&line, text_sub(command, 0, end));
	if (end < command.len)
		buf_adds(&line, " …");
	width_print(b, buf_text(&line), columns);
}

bool
item_add_command(struct buf *b, const struct plan_item *item, unsigned columns)
{
	const struct step *s = item->step;
	struct text command = text_trim(item->resolved->shown);

	if (s->kind != STEP_COMMAND || command.len == 0 ||
	    (!s->title_where.src && s->name.len == 0 && s->n_uses == 0) ||
	    text_eq(command, s->title))
		return false;
	add_first_line(b, command, columns);
	return true;
}

void
item_add_name(struct buf *b, const struct plan *plan,
	      const struct plan_item *item)
{
	struct plan_number number = plan_number(plan, item);
	CLEANUP(buf_release) struct buf command = BUF_INIT;

	buf_addf(b, "step %u of %u, '", number.at, number.of);
	width_print(b, item->step->label, 0);
	buf_addc(b, '\'');
	if (item_add_command(&command, item, COMMAND_COLUMNS))
		buf_addf(b, ": '%s'", command.bytes);
}
