/* File steps: what stands at a path is compared with what the document says.
 * Nothing is written unless the operator says so. */
#include "run/compare.h"
#include "run/log.h"

/* One text for sh, whatever the login shell is. tee keeps owner and mode of a
 * file that is there; sudo only where the user may not write. */
static struct text
write_command(struct run *run, const struct step *s)
{
	CLEANUP(buf_release) struct buf script = BUF_INIT;
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_adds(&script, "p=");
	quote_add_word(&script, s->path);
	buf_adds(&script, "\ns='sudo -n' d=$(dirname -- \"$p\")\n"
			  "if [ -e \"$p\" ]; then [ -w \"$p\" ] && s=; "
			  "else [ -w \"$d\" ] && s=; fi\n"
			  /* sudo would only say that it wants a password */
			  "q=$d\n"
			  "while [ ! -e \"$q\" ]; do q=$(dirname -- \"$q\"); "
			  "done\n"
			  "[ \"$q\" = \"$d\" ] || [ ! -x \"$q\" ] || s=\n"
			  "printf %s ");
	quote_add_word(&script, s->text.text);
	buf_adds(&script, " | $s tee -- \"$p\" >/dev/null\n");
	buf_adds(&b, "sh -c ");
	quote_add_word(&b, buf_text(&script));
	return arena_text(run->plan->arena, buf_text(&b));
}

/* What would change, as output of the step. */
static void
show_difference(struct run *run, const struct plan_item *item, struct text now,
		bool exists)
{
	CLEANUP(buf_release) struct buf diff = BUF_INIT;
	struct text rest = item->step->text.text, line;

	if (exists)
		compare_show(&diff, item->step, now,
			     loop_clock(run->config->loop));
	else
		buf_addf(&diff, "%.*s does not exist yet\n",
			 TEXT_ARG(item->step->path));
	while (!exists && text_next_line(&rest, &line))
		buf_addf(&diff, "+ %.*s\n", TEXT_ARG(line));
	tell_output(run, item, JOB_STDOUT, buf_text(&diff));
}

static bool
may_write(struct run *run, struct plan_item *item, struct step_end *ret)
{
	switch (approve_write(run, item)) {
	case VERDICT_RUN:
		return true;
	case VERDICT_SKIP:
		ret->status = RUN_STATUS_SKIPPED;
		return false;
	case VERDICT_STOP:
		break;
	}
	ret->status = RUN_STATUS_STOPPED;
	ret->code = -1; /* the status was of looking */
	return false;
}

/* Why it failed: the last line that the host said, "tee: PATH: " left out, or
 * the status. */
static void
add_why(struct buf *b, const struct run *run, const struct step *s,
	struct text said, int code)
{
	CLEANUP(buf_release) struct buf masked = BUF_INIT;
	struct text line, last = { NULL, 0 };
	size_t at;

	while (text_next_line(&said, &line)) {
		if (text_trim(line).len)
			last = text_trim(line);
	}
	at = text_find(last, s->path, 0);
	if (text_starts(last, "tee: ") && at < last.len) {
		at = text_find(last, TEXT(": "), at + s->path.len);
		last = text_sub(last, at < last.len ? at + 2 : 0, last.len);
	}
	if (!last.len) {
		buf_addf(b, "status %d", code);
		return;
	}
	mask_text(run->config->mask, last, &masked);
	buf_addt(b, buf_text(&masked));
}

static void
write_file(struct run *run, struct plan_item *item, struct step_end *ret)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT;
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	CLEANUP(buf_release) struct buf why = BUF_INIT;

	if (log_intent(run, item, 1) < 0) {
		ret->status = RUN_STATUS_STOPPED;
		return;
	}
	perform_aside(run, item, write_command(run, item->step), &out, &err,
		      ret);
	if (ret->status == RUN_STATUS_SUCCEEDED) {
		ret->note = "written";
	} else {
		add_why(&why, run, item->step, buf_text(&err), ret->code);
		tell_diag(run, DIAG_FILE_NOT_WRITTEN, item->step->where, NULL,
			  "'%.*s' could not be written: %s",
			  TEXT_ARG(item->step->path), buf_cstr(&why));
	}
	log_end(run, item, 1, ret);
}

/* What stands there now, appended to RET_NOW; nothing where no file is. False
 * when that cannot be told. */
static bool
read_file(struct run *run, struct plan_item *item, struct buf *ret_now,
	  struct step_end *ret)
{
	struct text command = compare_command(run->plan->arena, item->step);
	CLEANUP(buf_release) struct buf err = BUF_INIT;

	perform_aside(run, item, command, ret_now, &err, ret);
	if (ret->status == RUN_STATUS_SUCCEEDED && !ret->truncated)
		return true;
	if (ret->status == RUN_STATUS_SUCCEEDED) {
		ret->status = RUN_STATUS_FAILED;
		tell_diag(run, DIAG_FILE_NOT_READ, item->step->where, NULL,
			  "'%.*s' is there and too large to be compared",
			  TEXT_ARG(item->step->path));
		return false;
	}
	if (ret->status != RUN_STATUS_FAILED)
		tell_diag(run, DIAG_HOST_UNREACHABLE, item->step->where, NULL,
			  "'%.*s' could not be compared",
			  TEXT_ARG(item->step->path));
	else if (ret->code == COMPARE_NO_FILE)
		tell_diag(run, DIAG_FILE_NOT_READ, item->step->where, NULL,
			  "'%.*s' is there and is no file",
			  TEXT_ARG(item->step->path));
	else if (ret->code != COMPARE_MISSING)
		tell_diag(run, DIAG_FILE_NOT_READ, item->step->where, NULL,
			  "'%.*s' is there and could not be read (status %d)",
			  TEXT_ARG(item->step->path), ret->code);
	return ret->status == RUN_STATUS_FAILED && ret->code == COMPARE_MISSING;
}

void
perform_file(struct run *run, struct plan_item *item, struct step_end *ret)
{
	CLEANUP(buf_release) struct buf now = BUF_INIT;
	bool exists;

	tell_step_start(run, item, 1);
	if (!read_file(run, item, &now, ret))
		return;
	exists = ret->status == RUN_STATUS_SUCCEEDED;
	if (exists && text_eq(buf_text(&now), item->step->text.text)) {
		ret->note = "is as the document says";
		return;
	}
	show_difference(run, item, buf_text(&now), exists);
	ret->status = RUN_STATUS_SUCCEEDED;
	ret->code = -1; /* the comparison's status is none of the step's */
	if (may_write(run, item, ret))
		write_file(run, item, ret);
}
