/* runbook list: runbooks and their procedures. */
#include "base/json.h"
#include "cli/cmd.h"
#include "report/show.h"

static const struct opt options[] = {
	{ "json", 0, OPT_FLAG, NULL, "one JSON document", false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

struct listing {
	struct buf text;
	struct jval *json; /* NULL: text is wanted */
	unsigned n_found, n_failed;
	bool named; /* the file itself was named on the command line */
};

static struct jval *
json_entry(const struct runbook *rb)
{
	struct jval *o = jval_object(), *list = jval_array();

	jval_set(o, "runbook", show_json_runbook(rb));
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];
		CLEANUP(buf_release) struct buf hosts = BUF_INIT;
		struct jval *one = jval_object();

		show_hosts(&hosts, p);
		jval_set(one, "path", jval_text(p->path));
		jval_set(one, "heading", jval_text(p->heading));
		jval_set(one, "line", jval_int(p->line));
		jval_set(one, "mode",
			 jval_string(procedure_mode_name(p->mode)));
		jval_set(one, "steps", jval_int(p->n_steps));
		jval_set(one, "hosts", jval_text(buf_text(&hosts)));
		jval_set(one, "effect",
			 jval_string(effect_level_name(p->level)));
		jval_push(list, one);
	}
	jval_set(o, "procedures", list);
	return o;
}

static bool
add_runbook(struct cli *cli, const char *path, void *ctx)
{
	struct listing *l = ctx;
	struct loaded loaded = { .sink = DIAG_SINK_INIT };
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	loaded.doc = document_load(path, &loaded.sink, &error);
	if (!loaded.doc) {
		cli_error(cli, NULL, "%s", buf_cstr(&error));
		l->n_failed++;
		return true;
	}
	loaded.rb =
		runbook_build(loaded.doc, cli_effect_rules(cli), &loaded.sink);
	if (l->named || document_is_runbook(loaded.doc) ||
	    (loaded.rb->n_procedures && cli_in_folders(cli, path))) {
		if (loaded.sink.n_errors) {
			cli_diagnostics(cli, &loaded.sink);
			l->n_failed++;
		}
		if (l->json) {
			jval_push(l->json, json_entry(loaded.rb));
		} else {
			if (l->n_found)
				buf_addc(&l->text, '\n');
			show_list(&l->text, loaded.rb, &cli->out);
		}
		l->n_found++;
	}
	loaded_release(&loaded);
	return true;
}

static void
print(struct listing *l)
{
	struct jval *all;

	if (l->json) {
		all = jval_object();
		jval_set(all, "format_version", jval_string("1.0"));
		jval_set(all, "runbooks", l->json);
		jval_write(all, true, &l->text);
		buf_addc(&l->text, '\n');
		jval_free(all);
	}
	cli_output(&l->text);
}

static enum exit_status
run(struct cli *cli)
{
	struct listing l = { .text = BUF_INIT };
	const struct opts *o = &cli->opts;
	bool ok = true;

	if (opts_flag(o, "json"))
		l.json = jval_array();
	for (size_t i = 0; i < o->n_operands && ok; i++) {
		l.named = !cli_is_folder(o->operands[i]);
		ok = cli_each_runbook(cli, o->operands[i], add_runbook, &l);
	}
	if (o->n_operands == 0)
		ok = cli_each_runbook(cli, NULL, add_runbook, &l);
	print(&l);
	buf_release(&l.text);
	if (ok && l.n_found == 0 && l.n_failed == 0) {
		cli_no_runbooks(cli);
		return EXIT_STATUS_USAGE;
	}
	return ok && l.n_failed == 0 ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}

const struct cmd cmd_list = {
	.name = "list",
	.operands = "[PATH…]",
	.summary = "runbooks and their procedures",
	.about = "Lists the runbooks in PATH (files or folders; without one, "
		 "in the "
		 "folders that\n.runbook.yaml names, or runbooks/ and "
		 "docs/runbooks/) and their procedures: steps,\nworst effect, "
		 "hosts.",
	.options = options,
	.configured = true,
	.run = run,
};
