/* Finding and loading runbooks. */
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "cli/cmd.h"
#include "want/want.h"

enum {
	FOLDER_DEPTH_MAX = 32
};

void
loaded_release(struct loaded *l)
{
	for (uint32_t i = 0; l->rb && i < l->rb->n_procedures; i++) {
		struct procedure *p = l->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++)
			want_close_step(p->steps[k]);
	}
	l->doc = document_free(l->doc);
	l->rb = NULL;
	diag_sink_release(&l->sink);
}

/* ---- folders ---------------------------------------------------------------
 */

struct walk {
	struct cli *cli;
	bool (*fn)(struct cli *cli, const char *path, void *ctx);
	void *ctx;
};

static bool
is_markdown(const char *name)
{
	return text_ends(text_of(name), ".md") ||
	       text_ends(text_of(name), ".markdown");
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool
is_ignored(const struct cli *cli, const char *path)
{
	const struct config *c = cli->config;

	return c && config_fits(c, c->ignored, c->n_ignored, path);
}

static bool
walk_file(const struct walk *w, const char *path)
{
	if (!is_markdown(path))
		w->cli->n_other++;
	else if (is_ignored(w->cli, path))
		w->cli->n_ignored++;
	else
		return w->fn(w->cli, path, w->ctx);
	return true;
}

static bool
walk_folder(const struct walk *w, const char *path, unsigned depth)
{
	struct dirent **entries;
	int n = scandir(path, &entries, is_visible, by_name);
	bool ok = true;

	if (n < 0)
		return true;
	for (int i = 0; i < n; i++) {
		CLEANUP(buf_release) struct buf child = BUF_INIT;
		struct stat st;

		if (strcmp(path, ".") != 0)
			buf_addf(&child, "%s/", path);
		buf_adds(&child, entries[i]->d_name);
		free(entries[i]);
		if (!ok || lstat(buf_cstr(&child), &st) < 0)
			continue;
		if (S_ISREG(st.st_mode))
			ok = walk_file(w, buf_cstr(&child));
		else if (S_ISDIR(st.st_mode) && depth < FOLDER_DEPTH_MAX &&
			 !is_ignored(w->cli, buf_cstr(&child)))
			ok = walk_folder(w, buf_cstr(&child), depth + 1);
	}
	free(entries);
	return ok;
}

bool
cli_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
each_in_folders(struct cli *cli, const struct walk *w)
{
	const struct config *c = cli->config;

	for (size_t i = 0; i < c->n_folders; i++) {
		if (c->named && !cli_is_folder(c->folders[i])) {
			cli_error(cli, "make it, or take it out of 'folders'",
				  "no folder '%s', which %s names",
				  c->folders[i], c->path);
			return false;
		}
		if (!walk_folder(w, c->folders[i], 0))
			return false;
	}
	return true;
}

bool
cli_in_folders(const struct cli *cli, const char *path)
{
	return config_holds(cli->config, path) ||
	       text_starts(text_of(path), "runbooks/") ||
	       text_find(text_of(path), TEXT("/runbooks/"), 0) < strlen(path);
}

/* ---- names -----------------------------------------------------------------
 */

/* A runbook that is looked for by id or stem. */
struct lookup {
	struct text name;
	char *found; /* owned */
	unsigned hits;
};

static struct text
stem_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text t = text_of(slash ? slash + 1 : path);

	return text_sub(t, 0, text_chr(t, '.', 0));
}

static bool
has_id(const char *path, struct text id)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	struct document *doc = document_load(path, &sink, &error);
	bool same = doc && text_eq(frontmatter_text(&doc->front, FRONT_ID), id);

	document_free(doc);
	return same;
}

static bool
look_at(struct cli *cli UNUSED, const char *path, void *ctx)
{
	struct lookup *l = ctx;

	if (!text_eq(stem_of(path), l->name) && !has_id(path, l->name))
		return true;
	l->hits++;
	if (!l->found)
		l->found = xstrdup(path);
	return true;
}

/* The path that NAME means; the caller frees. NULL after an error. */
static char *
find_path(struct cli *cli, const char *name)
{
	struct lookup l = { .name = text_of(name) };
	const struct walk all = { cli, look_at, &l };

	if (access(name, F_OK) == 0 || strchr(name, '/') || is_markdown(name) ||
	    strcmp(name, "-") == 0)
		return xstrdup(name);
	if (!each_in_folders(cli, &all)) {
		free(l.found);
		return NULL;
	}
	if (l.hits == 1)
		return l.found;
	if (l.hits > 1)
		cli_error(cli, "give the path of the one that is meant",
			  "%u runbooks are called '%s'", l.hits, name);
	else
		cli_error(cli, "'runbook list' shows what there is",
			  "no file and no runbook '%s'", name);
	free(l.found);
	return NULL;
}

bool
cli_each_runbook(struct cli *cli, const char *path,
		 bool (*fn)(struct cli *cli, const char *path, void *ctx),
		 void *ctx)
{
	struct walk w = { cli, fn, ctx };
	char *found;
	bool ok;

	if (!path)
		return each_in_folders(cli, &w);
	if (cli_is_folder(path))
		return walk_folder(&w, path, 0);
	found = find_path(cli, path);
	ok = found && fn(cli, found, ctx);
	free(found);
	return ok;
}

void
cli_no_runbooks(const struct cli *cli)
{
	CLEANUP(buf_release) struct buf help = BUF_INIT;
	const struct config *c = cli->config;

	buf_adds(&help, "runbooks are looked for in ");
	for (size_t i = 0; i < c->n_folders; i++)
		buf_addf(&help, "%s%s/",
			 i == 0                  ? ""
			 : i + 1 == c->n_folders ? " and "
						 : ", ",
			 c->folders[i]);
	buf_adds(&help, "; other files and folders can be named");
	cli_error(cli, buf_cstr(&help), "no runbooks");
}

/* ---- procedures ------------------------------------------------------------
 */

static void
add_names(struct buf *b, struct procedure *const *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		buf_addf(b, "%s'%.*s'", i ? ", " : "", TEXT_ARG(list[i]->path));
}

static bool
pick_procedure(struct cli *cli, struct loaded *l, const char *name)
{
	enum {
		SHOWN = 6
	};
	CLEANUP(buf_release) struct buf help = BUF_INIT;
	struct procedure *found[SHOWN];
	uint32_t n;

	runbook_find(l->rb, text_of(name), found, SHOWN, &n);
	if (n == 1) {
		l->procedure = found[0];
		return true;
	}
	if (n > 1) {
		buf_adds(&help, "give the path: ");
		add_names(&help, found, n);
		cli_error(cli, buf_cstr(&help),
			  "%s: several procedures are called '%s'",
			  l->doc->src->path, name);
		return false;
	}
	n = runbook_nearest(l->rb, text_of(name), found, 3);
	if (n) {
		buf_adds(&help, "did you mean ");
		add_names(&help, found, n);
		buf_adds(&help, "?");
	} else {
		buf_addf(&help, "'runbook list %s' shows what there is",
			 l->doc->src->path);
	}
	cli_error(cli, buf_cstr(&help), "%s: no procedure '%s'",
		  l->doc->src->path, name);
	return false;
}

static enum exit_status
load_path(struct cli *cli, const char *path, struct loaded *l)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	l->doc = document_load(path, &l->sink, &error);
	if (!l->doc) {
		cli_error(cli, NULL, "%s", buf_cstr(&error));
		return EXIT_STATUS_USAGE;
	}
	l->rb = runbook_open(l->doc, cli_effect_rules_here(cli), &l->sink);
	if (l->doc->refused) {
		cli_diagnostics(cli, &l->sink);
		return EXIT_STATUS_USAGE;
	}
	if (l->rb->n_procedures == 0) {
		cli_diagnostics(cli, &l->sink);
		cli_error(cli,
			  "a procedure is a section with a ```bash block in it",
			  "%s: no procedures", path);
		return EXIT_STATUS_USAGE;
	}
	return EXIT_STATUS_OK;
}

/* Cut "FILE#PROCEDURE" unless a file has the whole name. */
static const char *
split_fragment(char *name)
{
	char *hash = strchr(name, '#');

	if (!hash || access(name, F_OK) == 0)
		return NULL;
	*hash = '\0';
	return hash + 1;
}

bool
cli_load(struct cli *cli, const char *name, const char *procedure,
	 struct loaded *ret, enum exit_status *ret_status)
{
	CLEANUP(free_ptr) char *file = xstrdup(name);
	const char *fragment = split_fragment(file);
	CLEANUP(free_ptr) char *path = find_path(cli, file);

	*ret = (struct loaded){ .sink = DIAG_SINK_INIT };
	*ret_status = EXIT_STATUS_USAGE;
	if (!path)
		return false;
	if (fragment && procedure) {
		cli_error(cli, NULL,
			  "the procedure is named twice: '%s' and '%s'",
			  fragment, procedure);
		return false;
	}
	*ret_status = load_path(cli, path, ret);
	if (*ret_status != EXIT_STATUS_OK)
		return false;
	if (fragment)
		procedure = fragment;
	if (procedure && !pick_procedure(cli, ret, procedure)) {
		*ret_status = EXIT_STATUS_USAGE;
		return false;
	}
	for (uint32_t i = 0; i < ret->rb->n_procedures; i++) {
		if (!procedure || ret->rb->procedures[i] == ret->procedure)
			procedure_understand(ret->rb->procedures[i]);
	}
	for (uint32_t i = 0; i < ret->rb->n_procedures; i++) {
		if (ret->rb->procedures[i]->understood)
			want_verify(ret->rb->procedures[i], &ret->sink);
	}
	return true;
}

bool
cli_configure(struct cli *cli)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;

	if (cli->config)
		return true;
	cli->config = opts_flag(&cli->opts, "no-config")
			      ? config_default()
			      : config_load(opts_text(&cli->opts, "config"),
					    &sink, &error);
	if (!cli->config) {
		cli_error(cli, NULL, "%s", buf_cstr(&error));
		return false;
	}
	cli->config->rules_here =
		effect_rules_new(&cli->config->arena, cli->config->rules);
	effect_rules_set_files(cli->config->rules_here, effect_files_here());
	cli_diagnostics(cli, &sink);
	return sink.n_errors == 0;
}

const struct effect_rules *
cli_effect_rules_here(const struct cli *cli)
{
	return cli->config->rules_here;
}

const struct effect_rules *
cli_effect_rules(const struct cli *cli)
{
	return cli->config->rules;
}
