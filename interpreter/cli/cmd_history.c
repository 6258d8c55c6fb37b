/* runbook history: the runs of this machine's journal. */
#include "base/alloc.h"
#include "base/json.h"
#include "base/width.h"
#include "cli/cmd.h"
#include "run/progress.h"

static const struct opt options[] = {
	{ "json", 0, OPT_FLAG, NULL, "one JSON document", false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

static const char *const state_names[] = { "pending", "succeeded", "failed",
					   "skipped", "unknown" };

static const char *
ending(const struct progress *p)
{
	return p->closed ? run_status_name(p->status) : "not ended";
}

static struct jval *
json_run(const char *id, const struct progress *p)
{
	struct jval *o = jval_object(), *steps = jval_array();

	jval_set(o, "run", jval_string(id));
	jval_set(o, "started", jval_text(p->started));
	jval_set(o, "file", jval_text(p->file));
	jval_set(o, "procedure", jval_text(p->procedure));
	jval_set(o, "status", p->closed ? jval_string(ending(p)) : jval_null());
	jval_set(o, "exit", p->closed ? jval_int(p->exit) : jval_null());
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct step_progress *s = &p->steps[i];
		struct jval *one = jval_object();

		jval_set(one, "step", jval_text(s->id));
		jval_set(one, "state", jval_string(state_names[s->state]));
		jval_set(one, "host", jval_text(s->host));
		jval_set(one, "started", jval_text(s->started));
		jval_set(one, "attempts", jval_int(s->attempts));
		jval_push(steps, one);
	}
	jval_set(o, "steps", steps);
	return o;
}

static void
add_run(struct buf *b, const char *id, const struct progress *p,
	const struct style *style)
{
	style_add(b, style, STYLE_STEP, text_sub(text_of(id), 0, 8), 0);
	buf_adds(b, "  ");
	width_print(b, text_sub(p->started, 0, 19), 0);
	buf_addf(b, "  %-11s  ", ending(p));
	width_print(b, p->file, 0);
	buf_addc(b, '#');
	width_print(b, p->procedure, 0);
	buf_addc(b, '\n');
}

static void
add_steps(struct buf *b, const struct progress *p)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct step_progress *s = &p->steps[i];

		buf_addf(b, "  %-9s  ", state_names[s->state]);
		width_print(b, s->id, 0);
		buf_adds(b, "  on ");
		width_print(b, s->host, 0);
		buf_adds(b, "  ");
		width_print(b, text_sub(s->started, 0, 19), 0);
		buf_addc(b, '\n');
	}
}

struct report {
	struct buf text;
	struct jval *json; /* NULL: text */
};

static bool
add_one(struct cli *cli, struct report *r, const char *runs, const char *id,
	bool steps)
{
	CLEANUP(progress_release) struct progress p = { .steps = NULL };
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (!progress_read(runs, id, &p, &error)) {
		cli_error(cli, NULL, "%s", buf_cstr(&error));
		return false;
	}
	if (r->json) {
		jval_push(r->json, json_run(id, &p));
	} else {
		add_run(&r->text, id, &p, &cli->out);
		if (steps)
			add_steps(&r->text, &p);
	}
	if (!p.records.damage)
		return true;
	cli_error(cli, "what is shown is what stands before the damage", "%s",
		  p.records.damage);
	return false;
}

static bool
add_all(struct cli *cli, struct report *r, const char *runs)
{
	size_t n;
	char **ids = progress_list(runs, &n);
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		ok &= add_one(cli, r, runs, ids[i], false);
		free(ids[i]);
	}
	free(ids);
	return ok;
}

static bool
collect(struct cli *cli, struct report *r)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(free_ptr) char *runs = runs_folder(false, &error);
	CLEANUP(free_ptr) char *id = NULL;

	if (runs && cli->opts.n_operands == 0)
		return add_all(cli, r, runs);
	if (runs)
		id = progress_find(runs, cli->opts.operands[0], &error);
	if (id)
		return add_one(cli, r, runs, id, true);
	cli_error(cli, NULL, "%s", buf_cstr(&error));
	return false;
}

static enum exit_status
run(struct cli *cli)
{
	struct report r = { .text = BUF_INIT };
	bool ok;

	if (opts_flag(&cli->opts, "json"))
		r.json = jval_array();
	ok = collect(cli, &r);
	if (r.json) {
		struct jval *o = jval_object();

		jval_set(o, "format_version", jval_string("1.0"));
		jval_set(o, "runs", r.json);
		jval_write(o, true, &r.text);
		buf_addc(&r.text, '\n');
		jval_free(o);
	}
	cli_output(&r.text);
	buf_release(&r.text);
	return ok ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}

const struct cmd cmd_history = {
	.name = "history",
	.operands = "[RUN]",
	.summary = "the runs so far, or one of them step by step",
	.about = "Lists the runs that this user has made, newest first; with "
		 "RUN, the state of each of its steps.",
	.options = options,
	.run = run,
};
