/* Linting files, one by one. */
#include "cli/linting.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "diag/source.h"
#include "want/want.h"

void
linted_release(struct linted *l)
{
	lint_outcome_release(&l->outcome);
	l->doc = document_free(l->doc);
	l->own = source_free(l->own);
	l->src = NULL;
}

/* ---- which files -----------------------------------------------------------
 */

struct finder {
	struct linting *l;
	struct lint_targets *targets;
	bool named;
};

static void
add_target(struct lint_targets *t, const char *path, bool named)
{
	if (t->n == 0 || (t->n >= 16 && (t->n & (t->n - 1)) == 0))
		t->at = xreallocarray(t->at, t->n ? 2 * t->n : 16,
				      sizeof(*t->at));
	t->at[t->n].path = xstrdup(path);
	t->at[t->n++].named = named;
}

static bool
add_found(struct cli *cli, const char *path, void *ctx)
{
	struct finder *f = ctx;
	const struct config *c = cli->config;
	bool named = f->named && !f->l->only_runbooks;

	/* what is named outright is wanted; hooks name everything */
	if (named ||
	    (!config_fits(c, c->ignored, c->n_ignored, path) &&
	     !config_fits(c, c->lint.ignored, c->lint.n_ignored, path)))
		add_target(f->targets, path, named);
	else
		cli->n_ignored++;
	return true;
}

static bool
find_below(struct finder *f, const char *path)
{
	f->named = strcmp(path, "-") == 0 || !cli_is_folder(path);
	return cli_each_runbook(f->l->cli, path, add_found, f);
}

bool
lint_targets_find(struct linting *l, struct lint_targets *ret)
{
	const struct opts *o = &l->cli->opts;
	const struct config *c = l->cli->config;
	struct finder f = { l, ret, false };
	bool ok = true;

	*ret = (struct lint_targets){ NULL, 0 };
	for (size_t i = 0; i < o->n_operands && ok; i++)
		ok = find_below(&f, o->operands[i]);
	if (o->n_operands == 0) {
		for (size_t i = 0; i < c->lint.n_paths && ok; i++)
			ok = find_below(&f, c->lint.paths[i]);
		if (c->lint.n_paths == 0)
			ok = cli_each_runbook(l->cli, NULL, add_found, &f);
	}
	return ok;
}

void
lint_targets_release(struct lint_targets *targets)
{
	for (size_t i = 0; i < targets->n; i++)
		free(targets->at[i].path);
	free(targets->at);
	*targets = (struct lint_targets){ NULL, 0 };
}

/* ---- one file --------------------------------------------------------------
 */

static bool
is_stdin(const struct lint_target *t)
{
	return t->named && strcmp(t->path, "-") == 0;
}

/* What T is called in findings. */
static const char *
name_of(const struct linting *l, const struct lint_target *t)
{
	return is_stdin(t) ? l->stdin_name : t->path;
}

bool
linting_read(struct linting *l, const struct lint_target *t, struct buf *b)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (!is_stdin(t)) {
		if (file_read(t->path, LIMIT_DOCUMENT_BYTES, b, &error) == 0)
			return true;
	} else if (fd_read_all(STDIN_FILENO, LIMIT_DOCUMENT_BYTES, b) == 0) {
		return true;
	} else {
		buf_adds(&error, "cannot read standard input");
	}
	cli_error(l->cli, NULL, "%s", buf_cstr(&error));
	return false;
}

static void
close_wants(const struct runbook *rb)
{
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++)
			want_close_step(p->steps[k]);
	}
}

static bool
is_linted(const struct linting *l, const struct lint_target *t,
	  const struct document *doc)
{
	return t->named || document_is_runbook(doc) ||
	       cli_in_folders(l->cli, name_of(l, t));
}

void
linting_text(struct linting *l, const struct lint_target *t, struct text bytes,
	     struct linted *ret)
{
	struct lint_options options = l->options;
	CLEANUP(buf_release) struct buf place = BUF_INIT;
	struct diag_sink *sink = &ret->outcome.sink;
	char *copy = xmalloc(bytes.len + 1);
	struct runbook *rb;

	*ret = (struct linted){ .outcome = { .sink = DIAG_SINK_INIT } };
	if (bytes.len)
		memcpy(copy, bytes.at, bytes.len);
	copy[bytes.len] = '\0';
	ret->doc = document_parse(name_of(l, t), copy, bytes.len, &clock_system,
				  sink);
	ret->src = ret->doc->src;
	ret->outcome.is_runbook = is_linted(l, t, ret->doc);
	if (!ret->outcome.is_runbook) {
		diag_sink_release(sink);
		ret->outcome.result.changes_on = INT64_MAX;
		return;
	}
	rb = runbook_build(ret->doc, cli_effect_rules(l->cli), sink);
	for (uint32_t i = 0; i < rb->n_procedures; i++)
		want_verify(rb->procedures[i], sink);
	if (config_place(l->cli->config, name_of(l, t), &place))
		options.place = buf_text(&place);
	ret->outcome.result = lint_runbook(rb, &options, sink);
	close_wants(rb);
}

bool
linting_file(struct linting *l, const struct lint_target *t, struct linted *ret)
{
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	CLEANUP(buf_release) struct buf record = BUF_INIT;
	char key[SHA256_HEX + 1];
	size_t len;

	if (!linting_read(l, t, &bytes))
		return false;
	if (!l->cache || is_stdin(t)) {
		linting_text(l, t, buf_text(&bytes), ret);
		return true;
	}
	lint_cache_key(l, t, buf_text(&bytes), key);
	if (lint_cache_get(l, t, &record)) {
		*ret = (struct linted){ 0 };
		len = bytes.len;
		ret->own = source_new(t->path, buf_detach(&bytes, NULL), len);
		ret->src = ret->own;
		if (lint_record_read(buf_text(&record), ret->src, key,
				     l->options.today, &ret->outcome))
			return true;
		buf_addt(&bytes, ret->own->bytes);
		linted_release(ret);
		buf_clear(&record);
	}
	linting_text(l, t, buf_text(&bytes), ret);
	lint_record_write(&ret->outcome, key, &record);
	lint_cache_put(l, t, buf_text(&record));
	return true;
}
