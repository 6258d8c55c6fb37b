/* What a person is told to look at before a step destroys. */
#include "run/plan.h"

enum {
	WORD_MOST = 64 /* what anybody can be asked to type */
};

/* The finding that made ITEM a destroying one, or NULL. */
static const struct finding *
destroyer(const struct plan_item *item)
{
	const struct effect *e = item->resolved->effect;

	return e && e->worst && e->worst->level == EFFECT_DESTROYS ? e->worst
								   : NULL;
}

static bool
can_be_typed(struct text t)
{
	return t.len > 0 && t.len <= WORD_MOST &&
	       text_chr(t, '\n', 0) == t.len && text_chr(t, '\0', 0) == t.len;
}

/* The innermost call of ssh that F happens in, or NULL. */
static const struct hop *
host_of(const struct finding *f)
{
	const struct hop *hop = f->hop;

	while (hop && strcmp(hop->name, "ssh") != 0)
		hop = hop->outer;
	return hop;
}

/* The part of T in front of the colon that makes it a place on another host or
 * in a container ("web1" of "web1:/srv", rsync(1)); empty: it is none. */
static struct text
far_side(struct text t)
{
	size_t colon = text_chr(t, ':', 0);

	return colon < text_chr(t, '/', 0) ? text_sub(t, 0, colon)
					   : (struct text){ NULL, 0 };
}

static bool
is_rule_of(const struct finding *f, const char *const *prefixes)
{
	for (size_t i = 0; prefixes[i]; i++) {
		if (text_starts(text_of(f->rule), prefixes[i]))
			return true;
	}
	return false;
}

/* Where F is called does not matter to it: its objects have names and are no
 * files, though a name could be taken for a path. Others may take the names
 * from a file ("kubectl delete -f app.yaml"). */
static bool
is_placeless(const struct finding *f)
{
	static const char *const always[] = { "docker.volume", "docker.removes",
					      "docker.prunes", "docker.system",
					      "docker.swarm",  ":redis.",
					      "crontab.",      "userdel.",
					      "groupdel.",     "aws.",
					      "az.",           "gcloud.",
					      "gsutil.",       "doctl.",
					      "cf.",           "gh.deletes",
					      "knife.",        "tsh.",
					      "velero.",       "cloudflared.",
					      "pgbackrest.",   "curl.deletes",
					      "vacuumdb.",     "dropdb.",
					      "dropuser.",     "zfs.",
					      "zpool.",        "lvremove.",
					      "vgremove.",     "pvremove.",
					      "diskutil.",     "fdisk.",
					      "pg_restore.",   NULL };
	static const char *const named[] = { "kubectl.", "helm.", "kubeadm.",
					     NULL };

	return is_rule_of(f, always) || (f->object.len && is_rule_of(f, named));
}

enum plan_folder
plan_folder(const struct plan_item *item, struct text *ret_path)
{
	const struct finding *f = destroyer(item);
	bool there = item->resolved->dispatch == DISPATCH_REMOTE;

	if (!f || item->lack || !finding_has_folder(f) || is_placeless(f) ||
	    far_side(f->into).len)
		return PLAN_FOLDER_NONE;
	if (f->folder.state != VALUE_EXACT)
		return PLAN_FOLDER_OPEN;
	*ret_path = f->folder.bytes.text;
	/* An annotated folder is entered over there. */
	if (there && item->step->cwd && item->step->ssh) {
		if (ret_path->len)
			return PLAN_FOLDER_OPEN;
		*ret_path = text_of(item->step->cwd);
	}
	if (text_starts(*ret_path, "/") || text_starts(*ret_path, "~"))
		return PLAN_FOLDER_CERTAIN;
	return there || host_of(f) ? PLAN_FOLDER_LOGIN : PLAN_FOLDER_HERE;
}

/* ---- the word ------------------------------------------------------------ */

/* Its object is what is read; what goes is the database that it is read into.
 */
static bool
is_restore(const struct finding *f)
{
	return strcmp(f->rule, "sql.unread") == 0 ||
	       strcmp(f->rule, "pg_restore.replaces") == 0;
}

/* The name in what a client of PostgreSQL takes for a database (libpq,
 * "Connection Strings"): "app", "postgresql://user:password@db1/app?x=y",
 * "host=db1 dbname=app". Empty: none is in it, or it is not known. */
static struct text
database_name(struct text t)
{
	size_t scheme = text_find(t, TEXT("://"), 0), slash, equals;
	struct text field, name = { NULL, 0 };

	if (text_chr(t, '\0', 0) < t.len)
		return name;
	if (scheme < t.len) {
		t = text_sub(t, scheme + 3, text_chr(t, '?', 0));
		slash = text_chr(t, '/', 0);
		return slash < t.len ? text_sub(t, slash + 1, t.len) : name;
	}
	equals = text_chr(t, '=', 0);
	if (equals == t.len)
		return t;
	while (text_next_field(&t, ' ', &field)) {
		if (text_starts(field, "dbname="))
			name = text_sub(field, strlen("dbname="), field.len);
	}
	return name;
}

/* The innermost of what F happens in: database, container, host. Empty: this
 * machine. */
static struct text
innermost(const struct finding *f)
{
	struct text name = database_name(f->into);

	for (const struct hop *hop = f->hop; hop && !name.len; hop = hop->outer)
		name = database_name(hop->target);
	return name;
}

/* The file or device that dd writes to, of its operands T. */
static struct text
written_by_dd(struct text t)
{
	struct text rest = t, field;

	while (text_next_field(&rest, ' ', &field)) {
		if (text_starts(field, "of="))
			return text_sub(field, strlen("of="), field.len);
	}
	return t;
}

/* How much of the path T names something: "a/b" of "a/b/[*].log", nothing of
 * "*"; all of it when it has no pattern. */
static size_t
named_part(struct text t)
{
	size_t slash = 0;

	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] == '/')
			slash = i;
		else if (strchr("*?[", t.at[i]))
			return slash;
	}
	return t.len;
}

static struct text
without_slashes(struct text t)
{
	while (t.len > 1 && t.at[t.len - 1] == '/')
		t.len--;
	return t;
}

/* Says T nothing of what goes, so that typing it would confirm nothing? */
static bool
names_nothing(struct text t)
{
	struct text bare = without_slashes(t);

	return named_part(t) < t.len || text_starts(t, "-") ||
	       text_is(bare, ".") || text_is(bare, "..");
}

/* The folder in which ITEM destroys as an absolute path, or empty. */
static struct text
absolute_folder(const struct plan *plan, const struct plan_item *item)
{
	const char *cwd = plan->options->cwd;
	struct text none = { NULL, 0 }, path = none;

	switch (plan_folder(item, &path)) {
	case PLAN_FOLDER_CERTAIN:
		return path;
	case PLAN_FOLDER_HERE:
		if (!cwd)
			return none;
		return text_of(arena_printf(plan->arena, "%s%s%.*s", cwd,
					    path.len ? "/" : "",
					    TEXT_ARG(path)));
	case PLAN_FOLDER_NONE:
	case PLAN_FOLDER_OPEN:
	case PLAN_FOLDER_LOGIN:
		break;
	}
	return none;
}

static struct text
parent(struct text folder)
{
	size_t slash = folder.len;

	while (slash && folder.at[slash - 1] != '/')
		slash--;
	return slash > 1 ? text_sub(folder, 0, slash - 1) : TEXT("/");
}

/* The folder that a pattern, "." or ".." stands for, or empty. */
static struct text
folder_of(const struct plan *plan, const struct plan_item *item, struct text t)
{
	size_t end = named_part(t);
	struct text folder = absolute_folder(plan, item);
	struct text named;

	if (end < t.len && end == 0 && text_starts(t, "/"))
		return TEXT("/");
	named = without_slashes(text_sub(t, 0, end));
	while (text_starts(named, "./"))
		named = text_sub(named, 2, named.len);
	if (named.len == 0 || text_is(named, ".") || text_starts(named, "-"))
		return folder;
	for (; folder.len && text_starts(named, "../");
	     named = text_sub(named, 3, named.len))
		folder = parent(folder);
	if (folder.len && text_is(named, ".."))
		return parent(folder);
	if (text_starts(named, "/") || folder.len == 0)
		return named;
	return text_of(arena_printf(plan->arena, "%.*s/%.*s", TEXT_ARG(folder),
				    TEXT_ARG(named)));
}

/* What goes, where that can be said and typed; else empty. */
static struct text
object_of(const struct plan *plan, const struct plan_item *item,
	  const struct finding *f)
{
	struct text word = f->object;

	if (text_starts(text_of(f->rule), "dd."))
		word = written_by_dd(word);
	if (is_restore(f))
		word = innermost(f);
	else if (f->into.len)
		word = f->into;
	if (!is_restore(f) && names_nothing(word))
		word = folder_of(plan, item, word);
	return can_be_typed(word) ? word : (struct text){ NULL, 0 };
}

struct text
plan_host(const struct plan_item *item)
{
	static const char *const copies[] = { "rsync.", "scp.", NULL };
	const struct finding *f = destroyer(item);
	const struct hop *hop = f ? host_of(f) : NULL;
	struct text host = { NULL, 0 };
	size_t at;

	if (hop)
		host = hop->target;
	else if (f && is_rule_of(f, copies))
		host = far_side(f->into);
	at = text_chr(host, '@', 0);
	if (at < host.len)
		host = text_sub(host, at + 1, host.len);
	return can_be_typed(host) ? host : item->resolved->host;
}

const char *
plan_host_name(const struct plan_item *item, struct buf *scratch)
{
	const char *from = resolved_host_name(item->resolved, scratch);
	CLEANUP(buf_release) struct buf both = BUF_INIT;
	struct text host = plan_host(item);

	if (text_eq(host, item->resolved->host))
		return from;
	buf_addf(&both, "%.*s (from %s)", TEXT_ARG(host), from);
	buf_clear(scratch);
	buf_addt(scratch, buf_text(&both));
	return buf_cstr(scratch);
}

struct plan_word
plan_word(const struct plan *plan, const struct plan_item *item)
{
	const struct finding *f = destroyer(item);
	const char *machine = plan->options->machine;
	struct plan_word w = { .is_host = true };

	if (f && (is_restore(f) || !f->open))
		w.word = object_of(plan, item, f);
	if (w.word.len) {
		w.is_host = false;
		return w;
	}
	if (f && f->open)
		w.unknown = f->object;
	w.word = plan_host(item);
	if (w.word.len == 0)
		w.word = machine ? text_of(machine) : TEXT("local");
	return w;
}
