/* Keeping, filtering and bringing back the state of a shell. */
#include "run/shell_keep.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "exec/local.h"
#include "exec/shell_folder.h"
#include "exec/shell_script.h"
#include "exec/shim.h"
#include "run/log.h"
#include "run/plan_state.h"
#include "shell/forks.h"
#include "shell/leaves.h"
#include "shell/parse.h"

/* In the journal's folder: after the last step that went well, and when the
 * shell ended. */
static const char kept_name[] = "shell.kept";
static const char left_name[] = "shell.left";

/* ---- what a step leaves -------------------------------------------------- */

static enum shell_leaves
leaves_of(const struct plan_item *item)
{
	const struct resolved *r = item->resolved;

	if (!step_shares_shell(item->step, r))
		return SHELL_LEAVES_NOTHING;
	return shell_leaves(r->script, r->first, r->last);
}

static bool
has_other_commands(const struct run *run)
{
	const struct progress *p = run->config->resumed;

	return run->other_commands || (p && p->kept);
}

bool
shell_keep_forks(const struct plan_item *item)
{
	const struct resolved *r = item->resolved;

	return shell_forks(r->script, r->first, r->last);
}

bool
shell_keep_matters(const struct run *run, const struct plan_item *item)
{
	return has_other_commands(run) ||
	       leaves_of(item) != SHELL_LEAVES_NOTHING;
}

void
shell_keep_note(struct run *run, const struct plan_item *item)
{
	if (item->resolved->dispatch == DISPATCH_LOCAL)
		run->other_commands |= leaves_of(item) == SHELL_LEAVES_COMMANDS;
}

void
shell_keep_after(struct run *run, const struct plan_item *item,
		 struct target *target)
{
	if (item->resolved->dispatch != DISPATCH_LOCAL ||
	    !shell_keep_matters(run, item))
		return;
	run->kept = local_keep(target);
}

/* ---- without secrets ----------------------------------------------------- */

static bool
holds_secret(const struct mask *mask, struct text t)
{
	CLEANUP(buf_release) struct buf masked = BUF_INIT;

	mask_text(mask, t, &masked);
	return !text_eq(buf_text(&masked), t);
}

static void
note_dropped(struct buf *notes, const struct statement *statement)
{
	const struct node *n = statement->node;

	/* of this run alone: the next shell has its own */
	if (n->n_assignments &&
	    text_is(n->assignments[0]->name, SHIM_TOKEN_VARIABLE))
		return;
	buf_adds(notes, SHELL_STATE_DROPPED);
	if (n->n_assignments)
		buf_addt(notes, n->assignments[0]->name);
	else if (n->kind == NODE_FUNCTION)
		buf_addf(notes, "%.*s()", TEXT_ARG(n->name));
	else
		buf_addc(notes, '?');
	buf_addc(notes, '\n');
}

/* STATE without the statements that hold a secret; their names stand before
 * its last line. False when it cannot be taken apart. */
static bool
drop_secrets(const struct mask *mask, struct text state, struct buf *out)
{
	CLEANUP(buf_release) struct buf notes = BUF_INIT;
	struct excerpt e = { .text = state };
	size_t at = 0, end = state.len;
	const struct script *s;
	struct arena arena;

	if (!holds_secret(mask, state)) {
		buf_addt(out, state);
		return true;
	}
	arena_init(&arena);
	s = shell_parse(&arena, e);
	for (uint32_t i = 0; i < s->body->n_items && !s->n_errors; i++) {
		const struct statement *one = s->body->items[i];

		if (!holds_secret(mask, script_text(s, one->start, one->end)))
			continue;
		buf_addt(out, text_sub(state, at, one->start));
		note_dropped(&notes, one);
		at = one->end;
	}
	/* the last line stays the last */
	while (end > 1 && state.at[end - 2] != '\n')
		end--;
	if (at < end)
		buf_addt(out, text_sub(state, at, end - 1));
	buf_addt(out, buf_text(&notes));
	buf_addt(out, text_sub(state, end - 1, state.len));
	at = s->n_errors;
	arena_release(&arena);
	return at == 0 && !holds_secret(mask, buf_text(out));
}

/* ---- storing ------------------------------------------------------------- */

static void
store(struct run *run, const char *path, const char *name)
{
	CLEANUP(buf_release) struct buf state = BUF_INIT;
	CLEANUP(buf_release) struct buf clean = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (file_read_stored(path, LIMIT_SHELL_STATE_BYTES, &state, &error) <
		    0 ||
	    !drop_secrets(run->config->mask, buf_text(&state), &clean) ||
	    journal_put(run->config->journal, name, buf_text(&clean), &error) <
		    0)
		journal_remove(run->config->journal, name);
}

void
shell_keep_store(struct run *run)
{
	const struct run_config *c = run->config;
	CLEANUP(free_ptr) char *left = NULL;
	CLEANUP(free_ptr) char *kept = NULL;
	unsigned any;

	if (!c->journal || !run->logged || !c->dir)
		return;
	if (!run->end.next) {
		journal_remove(c->journal, kept_name);
		journal_remove(c->journal, left_name);
		return;
	}
	kept = shell_folder_kept(c->dir, run->kept);
	if (kept)
		store(run, kept, kept_name);
	left = shell_folder_entry(c->dir, "state");
	if (shell_folder_is_whole(left, &any))
		store(run, left, left_name);
}

/* ---- bringing back ------------------------------------------------------- */

/* Read the whole state NAME of the journal's folder. */
static bool
read_stored(const struct run *run, const char *name, unsigned *ret_number,
	    struct buf *state)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	buf_addf(&path, "%s/%s", journal_folder(run->config->journal), name);
	return shell_folder_is_whole(buf_cstr(&path), ret_number) &&
	       file_read_stored(buf_cstr(&path), LIMIT_SHELL_STATE_BYTES, state,
				&error) == 0;
}

/* The names that were left out of the state in the file PATH. */
static void
look_for_dropped(const char *path, struct buf *names)
{
	CLEANUP(buf_release) struct buf state = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (file_read_stored(path, LIMIT_SHELL_STATE_BYTES, &state, &error) ==
	    0)
		shell_folder_list_dropped(buf_text(&state), names);
}

/* Put the kept state, or the one of the end, where the shell will look. What a
 * run that was killed left there itself is newer. NAMES: what is missing. */
static bool
put_back(struct run *run, bool end, struct buf *names)
{
	const char *dir = run->config->dir;
	unsigned number = run->config->resumed->kept, found;
	CLEANUP(free_ptr) char *here = NULL;
	CLEANUP(buf_release) struct buf state = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (end) {
		here = shell_folder_entry(dir, "state");
		if (shell_folder_is_whole(here, &found)) {
			look_for_dropped(here, names);
			return true;
		}
	} else {
		shell_folder_remove(dir, "state");
		here = shell_folder_kept(dir, number);
		if (here) {
			look_for_dropped(here, names);
			return true;
		}
	}
	if (!read_stored(run, end ? left_name : kept_name, &found, &state) ||
	    (!end && found != number))
		return false;
	shell_folder_list_dropped(buf_text(&state), names);
	buf_cut(&state, state.len - 1); /* the newline comes back */
	return shell_folder_write(dir,
				  end          ? "state"
				  : number % 2 ? "kept.1"
					       : "kept.0",
				  0, "", buf_text(&state), &error) == 0;
}

static enum verdict
ask_for_new(struct run *run, struct plan_item *item, const char *what)
{
	const struct asker *a = run->config->asker;
	bool agreed = run->config->allow_lost_shell;

	tell_diag(run, DIAG_SHELL_GONE, item->step->where,
		  agreed || a ? NULL
			      : "look at what the steps before it leave; "
				"--allow-lost-shell goes on without it",
		  "%s", what);
	if (!agreed && a)
		tell_step_show(run, item);
	if (!agreed && a)
		agreed = a->new_shell(a->ctx, run->plan, item);
	if (!agreed)
		return VERDICT_STOP;
	return log_resolve(run, item, "new shell") == 0 ? VERDICT_RUN
							: VERDICT_STOP;
}

enum verdict
shell_keep_take(struct run *run, struct plan_item *item)
{
	const struct progress *p = run->config->resumed;
	CLEANUP(buf_release) struct buf names = BUF_INIT;
	CLEANUP(buf_release) struct buf what = BUF_INIT;
	enum verdict v;

	if (!p || run->shell_taken || item->step->kind != STEP_COMMAND ||
	    item->resolved->dispatch != DISPATCH_LOCAL)
		return VERDICT_RUN;
	run->shell_taken = true;
	if (!p->kept && !run->take_end) {
		shell_folder_remove(run->config->dir, "state");
		return VERDICT_RUN;
	}
	if (!put_back(run, run->take_end, &names)) {
		buf_adds(&what,
			 "the shell of the steps before this one is gone, with "
			 "its folder, variables and functions");
		v = ask_for_new(run, item, buf_cstr(&what));
		if (v == VERDICT_RUN)
			plan_lose_shell(run->plan);
		return v;
	}
	if (names.len == 0)
		return VERDICT_RUN;
	buf_addf(&what,
		 "what held a secret in the shell of the steps before this "
		 "one was not kept: %s",
		 buf_cstr(&names));
	return ask_for_new(run, item, buf_cstr(&what));
}
