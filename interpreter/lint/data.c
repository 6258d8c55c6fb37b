/* What holds data, and what is forgotten when it goes. */
#include <stdlib.h>
#include <string.h>

#include "diag/source.h"
#include "lint/rule.h"
#include "lint/words.h"
#include "shell/walk.h"

/* ---- backups ---------------------------------------------------------------
 */

/* Findings by which data is lost for good: databases. Volumes are as often
 * caches of a developer. */
static bool
loses_data(const struct finding *f)
{
	static const char *const rules[] = { ":sql.drops-data", "dropdb.drops",
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
		"backup",     "backups",     "back up",    "backed up",
		"snapshot",   "dump",        "pg_dump",    "mysqldump",
		"pg_dumpall", "test",        "staging",    "disposable",
		"scratch",    "development", "snapshots",  "dumps",
		"copy",       "benchmark",   "benchmarks", "pgbench",
		NULL
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
		    (p->steps[i]->condition &&
		     text_has_word(p->steps[i]->condition->words, words)))
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

/* ---- a word of warning -----------------------------------------------------
 */

/* Words by which a reader knows what is coming. */
static const char *const loss_words[] = {
	"delete",     "deletes",      "deleted",  "deleting",  "deletion",
	"remove",     "removes",      "removed",  "removing",  "removal",
	"drop",       "drops",        "destroy",  "destroys",  "destroyed",
	"destroying", "wipe",         "wipes",    "erase",     "erases",
	"reset",      "resets",       "clean",    "cleans",    "cleanup",
	"prune",      "purge",        "purges",   "uninstall", "teardown",
	"tear down",  "lost",         "lose",     "loses",     "format",
	"overwrite",  "overwrites",   "truncate", "kill",      "discard",
	"discards",   "decommission", "evict",    "drain",     "free up",
	"restore",    "recreate",     "rebuild",  "get rid",   "cancel",
	NULL
};

static bool
says_so(const struct lint_pass *pass, const struct procedure *p,
	const struct step *step)
{
	bool own = text_find(step->text.text, step->title, 0) <
		   step->text.text.len;

	if (p->danger.len || step->raised || step->undo.len ||
	    step->confirm.len ||
	    (!own && text_has_word(step->title, loss_words)) ||
	    (step->condition &&
	     text_has_word(step->condition->words, loss_words)))
		return true;
	for (uint32_t i = p->section->first; i < p->section->own_end; i++) {
		const struct block *b = pass->doc->blocks[i];

		if (b->kind != BLOCK_CODE && text_has_word(b->text, loss_words))
			return true;
	}
	for (const struct section *s = p->section->parent; s && s->heading;
	     s = s->parent) {
		if (text_has_word(s->title, loss_words))
			return true;
	}
	return false;
}

static void
check_warning(struct lint_pass *pass, const struct procedure *p,
	      const struct step *s)
{
	const struct finding *worst = s->effect->worst;

	if (s->kind != STEP_COMMAND || s->effect->level != EFFECT_DESTROYS ||
	    !worst || !(worst->tags & EFFECT_TAG_IRREVERSIBLE) ||
	    (worst->tags & (EFFECT_TAG_OVERWRITE | EFFECT_TAG_DISPOSABLE)) ||
	    says_so(pass, p, s))
		return;
	LINT_HELP(lint_report(pass, DIAG_NO_WARNING, step_span(s),
			      "this destroys, and no word around it says so"),
		  "say what goes for good, in the heading or above the "
		  "command");
}

/* ---- CREATE DATABASE -------------------------------------------------------
 */

/* The SQL of psql's -c, or empty. */
static struct text
sql_of(const struct command *c)
{
	uint32_t at = command_find(c, "-c");

	if (!command_is(c, "psql") || !at)
		return (struct text){ NULL, 0 };
	return command_arg(c, at + 1);
}

/* PostgreSQL 15 and later: only the owner may create tables in "public". */
static void
check_owner(struct lint_pass *pass, const struct command *c)
{
	static const char create[] = "create database ";
	static const char *const owner[] = { "owner", NULL };
	struct text sql = text_trim(sql_of(c));

	if (!text_starts_nocase(sql, create) || text_has_word(sql, owner))
		return;
	LINT_HELP(lint_report(pass, DIAG_DATABASE_OWNER, command_span(c),
			      "the database will belong to whoever runs this, "
			      "and since PostgreSQL 15 nobody else may create "
			      "tables in it"),
		  "add 'OWNER ROLE' when an application uses it as another "
		  "role");
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

/* A redirection to or from a folder of the home. */
struct folder_use {
	struct text folder;
	struct span where;
	bool writes;
};

struct folders {
	struct lint_pass *pass;
	struct folder_use *uses;
	uint32_t n_uses;
	struct text *said; /* each time that "~/x" stands in the document */
	uint32_t n_said;
};

static bool
on_folder(void *ctx, const struct script *s, const struct redirect *r)
{
	struct folders *f = ctx;
	struct folder_use use = { .writes = r->op != REDIRECT_IN };

	if (!r->target || (r->op != REDIRECT_OUT && r->op != REDIRECT_APPEND &&
			   r->op != REDIRECT_IN))
		return true;
	use.folder =
		own_folder(script_text(s, r->target->start, r->target->end));
	use.where = script_span(s, r->start, r->end);
	if (use.folder.len)
		ARENA_PUSH(f->pass->arena, f->uses, f->n_uses, use);
	return true;
}

/* The folders that the document speaks of, wherever. */
static void
collect_said(struct folders *f)
{
	struct text all = f->pass->doc->src->bytes;

	for (size_t at = 0; (at = text_find(all, TEXT("~/"), at)) < all.len;) {
		size_t end = at + 2;

		while (end < all.len && (byte_is_alnum(all.at[end]) ||
					 strchr("-_.", all.at[end])))
			end++;
		ARENA_PUSH(f->pass->arena, f->said, f->n_said,
			   text_sub(all, at, end));
		at = end;
	}
}

static int
by_text(const void *a, const void *b)
{
	return text_cmp(*(const struct text *)a, *(const struct text *)b);
}

static int
by_folder(const void *a, const void *b)
{
	const struct folder_use *l = a, *r = b;
	int order = text_cmp(l->folder, r->folder);

	return order ? order
		     : (l->where.start > r->where.start) -
			       (l->where.start < r->where.start);
}

/* How often FOLDER is in the sorted F->said, from *AT on. */
static uint32_t
count_said(const struct folders *f, struct text folder, uint32_t *at)
{
	uint32_t n = 0;

	while (*at < f->n_said && text_cmp(f->said[*at], folder) < 0)
		(*at)++;
	for (; *at < f->n_said && text_eq(f->said[*at], folder); (*at)++)
		n++;
	return n;
}

static void
report_folder(struct lint_pass *pass, const struct folder_use *uses, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		LINT_HELP(lint_report(pass, DIAG_FOLDER_NEVER_MADE,
				      uses[i].where,
				      "the document never makes '%.*s'",
				      TEXT_ARG(uses[i].folder)),
			  "write 'mkdir -p %.*s' first",
			  TEXT_ARG(uses[i].folder));
}

static void
check_folders(struct lint_pass *pass)
{
	struct folders f = { .pass = pass };
	const struct shell_visitor v = { .on_redirect = on_folder, .ctx = &f };
	uint32_t at = 0, first = 0;
	bool writes = false;

	for (uint32_t i = 0; i < pass->n_texts; i++)
		shell_walk_list(pass->texts[i], pass->texts[i]->body, &v);
	if (f.n_uses == 0)
		return;
	collect_said(&f);
	qsort(f.uses, f.n_uses, sizeof(*f.uses), by_folder);
	if (f.n_said)
		qsort(f.said, f.n_said, sizeof(*f.said), by_text);
	for (uint32_t i = 0; i < f.n_uses; i++) {
		writes |= f.uses[i].writes;
		if (i + 1 < f.n_uses &&
		    text_eq(f.uses[i + 1].folder, f.uses[i].folder))
			continue;
		/* spoken of elsewhere: somebody makes it */
		if (count_said(&f, f.uses[i].folder, &at) <= i + 1 - first &&
		    writes)
			report_folder(pass, f.uses + first, i + 1 - first);
		first = i + 1;
		writes = false;
	}
}

static void
check(struct lint_pass *pass)
{
	const struct shell_visitor v = { .on_redirect = on_dump, .ctx = pass };

	for (uint32_t i = 0; i < pass->rb->n_procedures; i++) {
		const struct procedure *p = pass->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			if (!p->steps[k]->effect)
				continue;
			check_backup(pass, p, p->steps[k]);
			check_warning(pass, p, p->steps[k]);
		}
	}
	for (uint32_t i = 0; i < pass->n_commands; i++)
		check_owner(pass, &pass->commands[i].c);
	for (uint32_t i = 0; i < pass->n_texts; i++)
		shell_walk_list(pass->texts[i], pass->texts[i]->body, &v);
	check_folders(pass);
}

const struct lint_family lint_family_data = { "data", check };
