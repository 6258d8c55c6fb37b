/* What deletes, and what is forgotten about it. */
#include <string.h>

#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"
#include "shell/walk.h"

/* ---- backups ---------------------------------------------------------------
 */

/* Findings by which data is lost for good: databases and their volumes. */
static bool
loses_data(const struct finding *f)
{
	static const char *const rules[] = { ":sql.drops-data", "dropdb.drops",
					     "docker.volume-rm",
					     "docker.compose-down-volumes",
					     NULL };

	if (f->level != EFFECT_DESTROYS)
		return false;
	if (text_is_any(text_of(f->rule), rules))
		return true;
	/* a restore over what is there; words such as clear-all --yes */
	return strcmp(f->rule, "sql.unread") == 0 ||
	       (strcmp(f->rule, "suspect") == 0 &&
		(f->tags & EFFECT_TAG_NO_CONFIRM));
}

/* A word about a backup in the procedure: its headings, prose, titles. The
 * commands count as well: a dump is one. */
static bool
speaks_of_backup(const struct lint_pass *pass, const struct procedure *p,
		 const struct step *step)
{
	static const char *const words[] = {
		"backup",     "backups",     "back up",   "backed up",
		"snapshot",   "dump",        "pg_dump",   "mysqldump",
		"pg_dumpall", "test",        "staging",   "disposable",
		"scratch",    "development", "snapshots", "dumps",
		"copy",       NULL
	};
	const struct section *s = p->section;

	if (p->n_needs || p->n_rollback || step->undo.len)
		return true;
	/* of a restore the file that is read does not count */
	for (uint32_t i = s->first; i < s->own_end; i++) {
		const struct block *b = pass->doc->blocks[i];

		if (b->kind == BLOCK_HEADING && i == s->first &&
		    step->level == EFFECT_DESTROYS &&
		    text_has_word(b->text,
				  (const char *const[]){ "restore", NULL }))
			continue;
		if (b->kind != BLOCK_CODE && text_has_word(b->text, words))
			return true;
	}
	for (uint32_t i = 0; i < p->n_steps; i++) {
		/* a title that was made of the command says nothing new */
		bool own = p->steps[i] == step &&
			   text_find(step->text.text, step->title, 0) <
				   step->text.text.len;

		if ((!own && text_has_word(p->steps[i]->title, words)) ||
		    text_has_word(p->steps[i]->condition, words))
			return true;
		if (p->steps[i] != step &&
		    p->steps[i]->ordinal < step->ordinal &&
		    text_has_word(p->steps[i]->text.text, words))
			return true;
	}
	for (s = s->parent; s && s->heading; s = s->parent) {
		if (s->level > 1 && text_has_word(s->title, words))
			return true;
	}
	return false;
}

static void
check_backup(struct lint_pass *pass, const struct procedure *p,
	     const struct step *s)
{
	for (uint32_t i = 0; i < s->effect->n_findings; i++) {
		const struct finding *f = &s->effect->findings[i];

		if (!loses_data(f) || speaks_of_backup(pass, p, s))
			continue;
		LINT_HELP(lint_report(pass, DIAG_NO_BACKUP, step_span(s),
				      "data goes here, and nothing says where "
				      "a backup is"),
			  "name the backup, or the procedure that makes one "
			  "in 'needs'");
		return;
	}
}

/* ---- questions -------------------------------------------------------------
 */

static bool
switches_off(const struct command *c)
{
	static const char *const options[] = { "--yes",
					       "-y",
					       "--assume-yes",
					       "--no-confirm",
					       "--noinput",
					       "--no-input",
					       "--auto-approve",
					       "-auto-approve",
					       "--force-yes",
					       "--noconfirm",
					       NULL };

	for (uint32_t i = 1; i < c->argc; i++) {
		if (text_is_any(command_arg(c, i), options))
			return true;
	}
	return command_find(c, "prune") &&
	       (command_is(c, "docker") || command_is(c, "podman")) &&
	       command_has(c, "--force", 'f', 0);
}

static void
check_question(struct lint_pass *pass, const struct lint_command *one)
{
	const struct step *s = one->step;

	if (!s->effect || s->effect->level != EFFECT_DESTROYS ||
	    !(s->effect->tags & EFFECT_TAG_NO_CONFIRM) ||
	    command_is(&one->c, "rm") || !switches_off(&one->c))
		return;
	LINT_HELP(lint_report(pass, DIAG_QUESTION_SWITCHED_OFF, step_span(s),
			      "the program's own question is switched off"),
		  "keep the question, or show first what would go");
}

/* ---- dumps -----------------------------------------------------------------
 */

static bool
is_dump(struct text statement)
{
	static const char *const programs[] = { "pg_dump",      "pg_dumpall",
						"mysqldump",    "mongodump",
						"mariadb-dump", NULL };

	return text_has_word(statement, programs);
}

/* A name with the day in it, but not the time. */
static bool
has_day_only(struct text name)
{
	static const char *const times[] = { "%H", "%s", "%T", "%M",
					     "%N", "%R", "-I", NULL };
	size_t at = text_find(name, TEXT("date +"), 0);

	if (at == name.len || (text_find(name, TEXT("%d"), 0) == name.len &&
			       text_find(name, TEXT("%F"), 0) == name.len))
		return false;
	for (const char *const *t = times; *t; t++) {
		if (text_find(name, text_of(*t), 0) < name.len)
			return false;
	}
	return true;
}

static bool
on_dump(void *ctx, const struct script *s, const struct redirect *r)
{
	struct lint_pass *pass = ctx;
	struct text target, line;
	struct span where;

	if (r->op != REDIRECT_OUT || !r->target)
		return true;
	target = script_text(s, r->target->start, r->target->end);
	where = script_span(s, r->start, r->end);
	if (!where.src)
		return true;
	line = source_line_text(where.src, span_line(where));
	/* what the local shell puts in stands in the document only */
	if (!is_dump(line) ||
	    (!has_day_only(target) && !has_day_only(span_text(where))))
		return true;
	LINT_HELP(lint_report(pass, DIAG_BACKUP_OVERWRITTEN, where,
			      "a second dump of the day empties the first one "
			      "before it has succeeded"),
		  "add the time to the name: %%H%%M");
	return true;
}

/* ---- folders ---------------------------------------------------------------
 */

/* "~/reports" of "~/reports/disk.txt"; empty for what every home has. */
static struct text
own_folder(struct text path)
{
	static const char *const usual[] = { "~/Downloads", "~/Desktop",
					     "~/Documents", "~/bin",
					     "~/tmp",       NULL };
	struct text folder = { NULL, 0 };
	size_t slash;

	if (!text_starts(path, "~/") || path.len < 4 || path.at[2] == '.')
		return folder;
	slash = text_chr(path, '/', 2);
	if (slash == path.len)
		return folder;
	folder = text_sub(path, 0, slash);
	return text_is_any(folder, usual) ? (struct text){ NULL, 0 } : folder;
}

struct folders {
	struct lint_pass *pass;
	unsigned n_used; /* redirections to `folder`, while counting */
	struct text folder;
	bool report;
};

/* How often FOLDER is spoken of in the whole document. */
static unsigned
count(struct text all, struct text folder)
{
	unsigned n = 0;

	for (size_t at = 0; (at = text_find(all, folder, at)) < all.len;
	     at += folder.len)
		n++;
	return n;
}

static bool
on_target(void *ctx, const struct script *s, const struct redirect *r)
{
	struct folders *f = ctx;
	struct text folder;

	if (!r->target || (r->op != REDIRECT_OUT && r->op != REDIRECT_APPEND &&
			   r->op != REDIRECT_IN))
		return true;
	folder = own_folder(script_text(s, r->target->start, r->target->end));
	if (!folder.len)
		return true;
	if (!f->report && text_eq(folder, f->folder)) {
		f->n_used++;
	} else if (f->report && text_eq(folder, f->folder)) {
		LINT_HELP(lint_report(f->pass, DIAG_FOLDER_NEVER_MADE,
				      script_span(s, r->start, r->end),
				      "the document never makes '%.*s'",
				      TEXT_ARG(folder)),
			  "write 'mkdir -p %.*s' first", TEXT_ARG(folder));
	}
	return true;
}

static void
visit_redirects(struct lint_pass *pass, const struct shell_visitor *v)
{
	/* the steps of a block follow each other and share its script */
	const struct script *last = NULL;

	for (uint32_t i = 0; i < pass->n_scripts; i++) {
		const struct script *s = pass->scripts[i].script;

		if (pass->scripts[i].depth == 0 && s == last)
			continue;
		if (pass->scripts[i].depth == 0)
			last = s;
		shell_walk_list(s, s->body, v);
	}
}

struct first_write {
	struct lint_pass *pass;
	struct text *folders; /* written to, each once */
	uint32_t n;
};

static bool
on_write(void *ctx, const struct script *s, const struct redirect *r)
{
	struct first_write *w = ctx;
	struct text folder;

	if (!r->target || (r->op != REDIRECT_OUT && r->op != REDIRECT_APPEND))
		return true;
	folder = own_folder(script_text(s, r->target->start, r->target->end));
	for (uint32_t i = 0; i < w->n; i++) {
		if (text_eq(w->folders[i], folder))
			return true;
	}
	if (folder.len)
		ARENA_PUSH(w->pass->arena, w->folders, w->n, folder);
	return true;
}

static void
check_folders(struct lint_pass *pass)
{
	struct first_write w = { .pass = pass };
	struct folders f = { .pass = pass };
	const struct shell_visitor write = { .on_redirect = on_write,
					     .ctx = &w };
	const struct shell_visitor use = { .on_redirect = on_target,
					   .ctx = &f };

	visit_redirects(pass, &write);
	for (uint32_t i = 0; i < w.n; i++) {
		f.folder = w.folders[i];
		f.n_used = 0;
		f.report = false;
		visit_redirects(pass, &use);
		/* spoken of elsewhere: somebody makes it */
		if (count(pass->doc->src->bytes, f.folder) > f.n_used)
			continue;
		f.report = true;
		visit_redirects(pass, &use);
	}
}

/* ---- curl | sh -------------------------------------------------------------
 */

static bool
on_pipeline(void *ctx, const struct script *s, const struct node *n)
{
	static const char *const shells[] = { "sh", "bash", "sudo", NULL };
	static const char *const fetchers[] = { "curl", "wget", NULL };
	struct lint_pass *pass = ctx;
	const struct node *first, *last;
	struct text fetch;

	if (n->kind != NODE_PIPELINE || n->n_items < 2)
		return true;
	first = n->items[0];
	last = n->items[n->n_items - 1];
	if (first->kind != NODE_SIMPLE || last->kind != NODE_SIMPLE ||
	    !first->n_words || !last->n_words ||
	    !text_is_any(script_text(s, first->words[0]->start,
				     first->words[0]->end),
			 fetchers) ||
	    !text_is_any(
		    script_text(s, last->words[0]->start, last->words[0]->end),
		    shells))
		return true;
	if (text_is(script_text(s, last->words[0]->start, last->words[0]->end),
		    "sudo") &&
	    (last->n_words < 2 ||
	     !text_is_any(
		     script_text(s, last->words[1]->start, last->words[1]->end),
		     shells)))
		return true;
	fetch = script_text(s, first->start, first->end);
	if (text_find(fetch, TEXT("http://"), 0) == fetch.len &&
	    text_find(fetch, TEXT(" -k"), 0) == fetch.len &&
	    text_find(fetch, TEXT("--insecure"), 0) == fetch.len &&
	    text_find(fetch, TEXT("--no-check-certificate"), 0) == fetch.len)
		return true;
	LINT_HELP(lint_report(pass, DIAG_PIPE_TO_SHELL,
			      script_span(s, n->start, n->end),
			      "what is fetched without protection is run at "
			      "once"),
		  "use https, and look at the file before it is run");
	return true;
}

/* ---- compose restart -------------------------------------------------------
 */

static void
check_restart(struct lint_pass *pass, const struct lint_command *one)
{
	static const char *const settings[] = { "config",       "configuration",
						"environment",  "env",
						"compose file", NULL };
	static const char *const changed[] = { "change",   "changes", "changed",
					       "changing", "new",     "apply",
					       "edit",     "editing", NULL };
	bool compose;
	uint32_t at = command_container_verb(&one->c, "restart", &compose);

	if (!at || !compose || !text_has_word(one->step->title, settings) ||
	    !text_has_word(one->step->title, changed))
		return;
	LINT_HELP(lint_report(pass, DIAG_RESTART_KEEPS_CONFIGURATION,
			      command_span(&one->c),
			      "restart does not apply a changed "
			      "configuration"),
		  "write 'up -d'");
}

static void
check(struct lint_pass *pass)
{
	const struct shell_visitor v = { .on_node = on_pipeline,
					 .on_redirect = on_dump,
					 .ctx = pass };

	for (uint32_t i = 0; i < pass->rb->n_procedures; i++) {
		const struct procedure *p = pass->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			if (p->steps[k]->effect)
				check_backup(pass, p, p->steps[k]);
		}
	}
	for (uint32_t i = 0; i < pass->n_commands; i++) {
		check_question(pass, &pass->commands[i]);
		check_restart(pass, &pass->commands[i]);
	}
	visit_redirects(pass, &v);
	check_folders(pass);
}

const struct lint_family lint_family_danger = { "danger", check };
