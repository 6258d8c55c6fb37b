/* Why a step has its level, for people. */
#include "report/why.h"

#include "base/width.h"
#include "diag/source.h"
#include "lint/words.h"

enum {
	FINDINGS_MAX = 4,   /* of one step that are told in full */
	LOOK_BACK_MAX = 100 /* steps in which a copy is looked for: behind more
			     * of them nothing is said of one */
};

/* ---- the command ------------------------------------------------------------
 */

/* Where the words that decide stand in what is shown; false: nowhere. */
static bool
decisive_words(const struct plan_item *item, uint32_t *ret_start,
	       uint32_t *ret_end)
{
	const struct resolved *r = item->resolved;

	return item->step->kind == STEP_COMMAND && r->effect &&
	       r->effect->worst && r->effect->worst->level > EFFECT_CHANGES &&
	       map_derived(r->shown_map, r->effect->worst->where, ret_start,
			   ret_end);
}

/* Carets below bytes [START, END) of LINE; none below all of it. */
static void
add_carets(struct buf *b, struct text line, size_t start, size_t end,
	   unsigned indent, const struct style *style)
{
	CLEANUP(buf_release) struct buf carets = BUF_INIT;
	unsigned width = width_of_text(text_sub(line, start, end), 1);

	if (start >= end || width == 0 ||
	    text_eq(text_trim(line), text_trim(text_sub(line, start, end))))
		return;
	buf_addc(&carets, '^');
	buf_fill(&carets, '~', width - 1);
	buf_fill(b, ' ', indent + width_of_text(text_sub(line, 0, start), 1));
	style_add(b, style, STYLE_WARN, buf_text(&carets), 0);
	buf_addc(b, '\n');
}

void
why_command(struct buf *b, const struct plan_item *item, unsigned indent,
	    const struct style *style)
{
	struct text all = item->step->kind == STEP_FILE ? item->step->path
							: item->resolved->shown;
	struct text rest = all, line;
	uint32_t start, end;
	bool decides = decisive_words(item, &start, &end);

	while (text_next_line(&rest, &line)) {
		size_t at = line.len ? (size_t)(line.at - all.at) : 0;

		buf_fill(b, ' ', indent);
		style_add(b, style, STYLE_COMMAND, line, 0);
		buf_addc(b, '\n');
		if (decides && line.len && start >= at && start < at + line.len)
			add_carets(b, line, start - at, end - at, indent,
				   style);
	}
}

/* ---- the reasons ------------------------------------------------------------
 */

/* A step of which a reader would expect that it keeps a copy of something. No
 * more is claimed than that none of these words stands there. */
static bool
keeps_copy(const struct plan_item *item)
{
	static const char *const words[] = {
		"backup",       "backups",    "back up",       "snapshot",
		"snapshots",    "snap",       "dump",          "dumps",
		"copy",         "copies",     "export",        "archive",
		"bak",          "orig",       "old",           "save",
		"cp",           "tar",        "rsync",         "scp",
		"rclone",       "restic",     "borg",          "borgmatic",
		"zip",          "dd",         "clone",         "stash",
		"pg_dump",      "pg_dumpall", "pg_basebackup", "mysqldump",
		"mariadb-dump", "mongodump",  "xtrabackup",    "mariabackup",
		"bgsave",       "vzdump",     "rsnapshot",     "duplicity",
		"kopia",        "velero",     "barman",        "pgbackrest",
		"wal-g",        "timeshift",  "snapper",       NULL
	};

	return text_has_word(item->step->title, words) ||
	       text_has_word(item->resolved->shown, words);
}

/* What F deletes comes back from a copy only, and no step before ITEM makes
 * one. */
static bool
lacks_copy(const struct plan *plan, const struct plan_item *item,
	   const struct finding *f)
{
	static const char *const words[] = { "dump", "backup", "copy",
					     "snapshot", NULL };

	if (f->level != EFFECT_DESTROYS || !f->undo ||
	    item - plan->items > LOOK_BACK_MAX ||
	    !text_starts(text_of(f->undo), "only from ") ||
	    strchr(f->undo, ';') || !text_has_word(text_of(f->undo), words))
		return false;
	for (const struct plan_item *i = plan->items; i < item; i++)
		if (keeps_copy(i))
			return false;
	return true;
}

struct telling {
	const struct plan *plan;
	const struct plan_item *item;
	struct buf *b;
	unsigned indent;
	const char *label; /* of the next line; NULL: its level */
	const struct style *style;
};

static void
tell(struct telling *t, enum effect_level level, struct text text)
{
	size_t used = t->indent;

	buf_fill(t->b, ' ', t->indent);
	used += strlen(t->label ? t->label : effect_level_name(level));
	if (t->label)
		style_adds(t->b, t->style, STYLE_DIM, t->label);
	else
		style_add_level(t->b, t->style, level, 0);
	buf_adds(t->b, t->label ? " " : ": ");
	used += t->label ? 1 : 2;
	style_add_wrapped(t->b, t->style, text, (unsigned)used, t->indent + 2);
	t->label = NULL;
}

static void
explain(struct buf *b, const struct plan *plan, const struct plan_item *item,
	const struct finding *f)
{
	effect_explain_with(
		b, f,
		lacks_copy(plan, item, f) ? "no earlier step makes one" : NULL);
}

static void
tell_finding(struct telling *t, const struct finding *f)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;

	explain(&text, t->plan, t->item, f);
	tell(t, f->level, buf_text(&text));
}

/* The same thing was told of an earlier finding. */
static bool
is_told(const struct effect *e, uint32_t i)
{
	const struct finding *f = &e->findings[i];

	for (uint32_t k = 0; k < i; k++) {
		const struct finding *other = &e->findings[k];

		if (other->level == f->level && other->rule == f->rule &&
		    other->hop == f->hop && text_eq(other->verb, f->verb) &&
		    text_eq(other->object, f->object))
			return true;
	}
	return false;
}

/* The findings that stop, the worst first. */
static void
tell_stopping(struct telling *t, const struct effect *e)
{
	unsigned told = 0, more = 0;

	for (int level = EFFECT_DESTROYS; level >= EFFECT_UNKNOWN; level--) {
		for (uint32_t i = 0; i < e->n_findings; i++) {
			if ((int)e->findings[i].level != level)
				continue;
			/* a text made of thousands is not worth comparing */
			if (told >= FINDINGS_MAX)
				more++;
			else if (!is_told(e, i)) {
				tell_finding(t, &e->findings[i]);
				told++;
			}
		}
	}
	if (more) {
		buf_fill(t->b, ' ', t->indent);
		buf_addf(t->b, "and %u more\n", more);
	}
}

void
why_worst(struct buf *b, const struct plan *plan, const struct plan_item *item)
{
	const struct effect *e = item->resolved->effect;

	if (e && e->worst)
		explain(b, plan, item, e->worst);
}

void
why_document(struct buf *b, const struct plan_item *item)
{
	const struct step *s = item->step;
	const struct effect *e = item->resolved->effect;
	const struct ynode *node = annotation_get(s->annotation, KEY_EFFECT);
	enum effect_level found = e ? e->level : EFFECT_READS;

	if (node && s->declared != found) {
		buf_addf(b, "declared %s in line %u%s",
			 effect_level_name(s->declared), span_line(node->where),
			 s->declared < found ? "; what was found counts" : "");
		return;
	}
	for (const struct reason *r = s->reasons; r; r = r->next) {
		if (r->rule == INFER_EFFECT_WORDS &&
		    item->resolved->level > found) {
			buf_addf(b, "the document says in line %u: %s",
				 span_line(r->where), r->text);
			return;
		}
	}
}

void
why_reach(struct buf *b, const struct plan_item *item)
{
	const struct resolved *r = item->resolved;

	if (r->effect && r->n_missing && !item->step->raised &&
	    r->level > r->effect->level)
		buf_addf(b, "with some values of %.*s it %s",
			 TEXT_ARG(r->missing[0]->name),
			 effect_level_name(r->level));
}

/* What else there is to say of the level of ITEM. */
static void
tell_besides(struct telling *t, const struct plan_item *item)
{
	CLEANUP(buf_release) struct buf document = BUF_INIT;
	CLEANUP(buf_release) struct buf reach = BUF_INIT;

	why_document(&document, item);
	why_reach(&reach, item);
	if (document.len) {
		t->label = t->label ? t->label : "but:";
		tell(t, item->resolved->level, buf_text(&document));
	}
	if (reach.len)
		tell(t, item->resolved->level, buf_text(&reach));
}

/* What was read in order to judge. */
static void
tell_inputs(struct telling *t, const struct effect *e)
{
	for (uint32_t i = 0; i < e->n_inputs; i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT;

		buf_addf(&text, "%.*s, SHA-256 %.12s…",
			 TEXT_ARG(e->inputs[i].path), e->inputs[i].sha256);
		t->label = "read:";
		tell(t, e->level, buf_text(&text));
	}
}

void
why_lines(struct buf *b, const struct plan *plan, const struct plan_item *item,
	  unsigned indent, const char *label, const struct style *style)
{
	const struct effect *e = item->resolved->effect;
	struct telling t = { plan, item, b, indent, label, style };

	if (!e)
		return;
	if (effect_level_stops(e->level))
		tell_stopping(&t, e);
	else if (e->worst && e->level == item->resolved->level)
		tell_finding(&t, e->worst);
	tell_besides(&t, item);
	tell_inputs(&t, e);
}
