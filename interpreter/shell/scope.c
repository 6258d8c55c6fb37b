/* What is known of variables and functions at one point of a procedure. */
#include "shell/scope.h"

#include "base/buf.h"
#include "base/limits.h"
#include "shell/value.h"

enum {
	BUCKETS = 16 /* each step copies them */
};

/* What a name may stand for besides the command of that name. */
enum definition {
	DEFINED_NOT,   /* nothing: it was a function and is none any more */
	DEFINED_MAYBE, /* a function or an alias, or nothing */
	DEFINED_AS     /* a function: body */
};

struct binding {
	struct text name;
	struct value value; /* of a variable */
	bool is_odd;    /* declared -i, -u, -a …: never what was assigned */
	bool exported;  /* processes that are started from here have it */
	bool is_number; /* whatever it holds, it is one */
	enum definition definition;  /* of a function */
	const struct node *body;     /* DEFINED_AS */
	const struct script *script; /* that holds it */
	struct binding *next;
};

/* How much has been made of constants, in all copies of a scope. */
struct spent {
	size_t bytes;
};

struct scope {
	struct arena *arena;
	struct spent *spent;
	struct binding *variables[BUCKETS];
	struct binding *functions[BUCKETS];
	struct value folder;
	bool ifs_changed;
	bool hopeless;   /* a nameref: any assignment may change any variable */
	bool names_lost; /* any name may be that of a function */
	bool exports;    /* set -a: whatever is set is exported */
	bool is_armed;   /* see scope_is_armed */
	bool lastpipe;   /* the last command of a pipe may run in this shell */
	bool strangers;  /* names that are not here may have been set */
	bool mounts;     /* see scope_mount */
};

struct scope *
scope_new(struct arena *arena)
{
	struct scope *scope = ARENA_NEW(arena, struct scope);

	scope->arena = arena;
	scope->spent = ARENA_NEW(arena, struct spent);
	scope->folder.state = VALUE_EXACT;
	return scope;
}

static void
copy_bindings(struct arena *arena, struct binding **to,
	      struct binding *const *from)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		struct binding **end = &to[i];

		for (const struct binding *b = from[i]; b; b = b->next) {
			*end = ARENA_NEW(arena, struct binding);
			**end = *b;
			(*end)->next = NULL;
			end = &(*end)->next;
		}
	}
}

struct scope *
scope_copy(struct arena *arena, const struct scope *from)
{
	struct scope *scope = ARENA_NEW(arena, struct scope);

	*scope = *from;
	scope->arena = arena;
	memset(scope->variables, 0, sizeof(scope->variables));
	memset(scope->functions, 0, sizeof(scope->functions));
	copy_bindings(arena, scope->variables, from->variables);
	copy_bindings(arena, scope->functions, from->functions);
	return scope;
}

/* FNV-1a: enough for names of a runbook. */
static size_t
bucket_of(struct text name)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.at[i]) * 16777619u;
	return hash % BUCKETS;
}

static struct binding *
find(struct binding *const *table, struct text name)
{
	struct binding *b = table[bucket_of(name)];

	while (b && !text_eq(b->name, name))
		b = b->next;
	return b;
}

static struct binding *
find_or_add(struct scope *scope, struct binding **table, struct text name)
{
	struct binding *b = find(table, name);
	size_t i = bucket_of(name);

	if (b)
		return b;
	b = ARENA_NEW(scope->arena, struct binding);
	b->name = arena_text(scope->arena, name);
	b->next = table[i];
	table[i] = b;
	return b;
}

/* Variables that bash gives values of its own (manual, 5.2). */
static bool
is_dynamic(struct text name)
{
	static const char *const names[] = {
		"RANDOM",   "SECONDS",      "SRANDOM",       "LINENO",
		"BASHPID",  "EPOCHSECONDS", "EPOCHREALTIME", "_",
		"BASHOPTS", "BASH_COMMAND", "SHELLOPTS",     "HISTCMD",
		"UID",      "EUID",         "PPID",          "FUNCNAME",
		"GROUPS",   "DIRSTACK",     "PIPESTATUS",    "OPTIND",
		"OPTARG",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_is(name, names[i]))
			return true;
	}
	return false;
}

bool
scope_spend(const struct scope *scope, size_t n)
{
	if (!scope)
		return true;
	scope->spent->bytes += n;
	return scope->spent->bytes <= LIMIT_SCOPE_WORK;
}

void
scope_set(struct scope *scope, struct text name, struct value value)
{
	struct binding *b = find_or_add(scope, scope->variables, name);

	if (text_is(name, "IFS"))
		scope->ifs_changed = true;
	if (value.state != VALUE_EXACT || b->is_odd || scope->hopeless ||
	    is_dynamic(name) || value.bytes.text.len > LIMIT_CONSTANT_BYTES)
		value = (struct value){ .state = VALUE_UNKNOWN };
	b->value = value;
	b->is_number = false;
	b->exported = b->exported || scope->exports;
}

void
scope_set_number(struct scope *scope, struct text name)
{
	struct binding *b = find_or_add(scope, scope->variables, name);

	b->value.state = VALUE_UNKNOWN;
	b->is_number = !b->is_odd && !scope->hopeless;
	b->exported = b->exported || scope->exports;
}

/* Digits, and a sign in front of them. */
static bool
is_number(struct text t)
{
	uint64_t n;

	t = text_sub(t, text_starts(t, "-") ? 1 : 0, t.len);
	return text_to_uint(t, UINT64_MAX / 16, &n);
}

bool
scope_is_number(const struct scope *scope, struct text name)
{
	const struct binding *b = find(scope->variables, name);

	if (!b)
		return !scope->strangers;
	return b->is_number || (b->value.state == VALUE_EXACT &&
				is_number(b->value.bytes.text));
}

void
scope_forget(struct scope *scope, struct text name)
{
	struct binding *b = find_or_add(scope, scope->variables, name);

	if (text_is(name, "IFS"))
		scope->ifs_changed = true;
	b->value.state = VALUE_UNKNOWN;
	b->is_number = false;
}

void
scope_forget_variables(struct scope *scope)
{
	scope->strangers = true;
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct binding *b = scope->variables[i]; b; b = b->next) {
			b->value.state = VALUE_UNKNOWN;
			b->is_number = false;
		}
	}
}

void
scope_forget_all(struct scope *scope)
{
	scope_forget_variables(scope);
	scope->folder.state = VALUE_UNKNOWN;
}

void
scope_distrust(struct scope *scope, struct text name)
{
	struct binding *b = find_or_add(scope, scope->variables, name);

	b->value.state = VALUE_UNKNOWN;
	b->is_number = false;
	b->is_odd = true;
}

void
scope_fix(struct scope *scope, struct text name)
{
	find_or_add(scope, scope->variables, name)->is_odd = true;
}

void
scope_give_up(struct scope *scope)
{
	scope_forget_all(scope);
	scope->hopeless = true;
}

void
scope_open_pipes(struct scope *scope)
{
	scope->lastpipe = true;
}

bool
scope_has_open_pipes(const struct scope *scope)
{
	return scope->lastpipe;
}

/* ---- the folder ---------------------------------------------------------- */

struct value
scope_folder(const struct scope *scope)
{
	return scope->folder;
}

void
scope_set_folder(struct scope *scope, struct value folder)
{
	scope->folder = folder;
	if (scope->hopeless)
		scope->folder.state = VALUE_UNKNOWN;
	scope->folder.bytes.text = arena_text(scope->arena, folder.bytes.text);
}

void
scope_mount(struct scope *scope)
{
	scope->mounts = true;
}

bool
scope_has_mounts(const struct scope *scope)
{
	return scope->mounts;
}

/* One part of a path behind what B holds. False for a ".." above the folder
 * from which everything is counted. */
static bool
add_part(struct buf *b, struct text part)
{
	size_t end = b->len;

	if (part.len == 0 || text_is(part, "."))
		return true;
	if (!text_is(part, "..")) {
		if (b->len && b->bytes[b->len - 1] != '/')
			buf_addc(b, '/');
		buf_addt(b, part);
		return true;
	}
	if (text_is(buf_text(b), "/"))
		return true;
	while (end > 0 && b->bytes[end - 1] != '/')
		end--;
	if (b->len == 0 || (end == 0 && b->bytes[0] == '~'))
		return false;
	buf_cut(b, end > 1 ? end - 1 : end);
	return true;
}

static bool
add_path(struct buf *b, struct text path)
{
	struct text part;

	if (text_starts(path, "/")) {
		buf_clear(b);
		buf_addc(b, '/');
	} else if (text_starts(path, "~")) {
		buf_clear(b);
	}
	while (text_next_field(&path, '/', &part)) {
		if (!add_part(b, part))
			return false;
	}
	return true;
}

void
scope_enter(struct scope *scope, struct text path)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct value folder = { .state = VALUE_UNKNOWN };
	bool absolute = text_starts(path, "/") || text_starts(path, "~");

	if (scope->folder.state == VALUE_EXACT)
		buf_addt(&b, scope->folder.bytes.text);
	if ((absolute || scope->folder.state == VALUE_EXACT) &&
	    add_path(&b, path)) {
		folder.state = VALUE_EXACT;
		folder.bytes.text = buf_text(&b);
	}
	scope_set_folder(scope, folder);
}

struct arena *
scope_arena(const struct scope *scope)
{
	return scope->arena;
}

bool
scope_splits(const struct scope *scope)
{
	return !scope || !scope->ifs_changed;
}

bool
scope_is_odd(const struct scope *scope, struct text name)
{
	const struct binding *b = find(scope->variables, name);

	return b && b->is_odd;
}

struct value
scope_variable(const struct scope *scope, struct text name)
{
	const struct binding *b = find(scope->variables, name);

	return b ? b->value : (struct value){ .state = VALUE_UNKNOWN };
}

bool
scope_is_set(const struct scope *scope, struct text name)
{
	return scope->hopeless || find(scope->variables, name);
}

/* ---- functions ---------------------------------------------------------- */

void
scope_define(struct scope *scope, struct text name, const struct node *body,
	     const struct script *script)
{
	struct binding *b = find(scope->functions, name);
	bool sure = body && !scope->names_lost &&
		    (!b || b->definition == DEFINED_NOT);

	if (!b)
		b = find_or_add(scope, scope->functions, name);
	b->definition = sure ? DEFINED_AS : DEFINED_MAYBE;
	b->body = sure ? body : NULL;
	b->script = script;
	b->exported = b->exported || scope->exports;
}

void
scope_undefine(struct scope *scope, struct text name, bool certain)
{
	struct binding *b = find_or_add(scope, scope->functions, name);

	if (certain)
		b->definition = DEFINED_NOT;
	else if (b->definition != DEFINED_NOT)
		b->definition = DEFINED_MAYBE;
}

void
scope_doubt_functions(struct scope *scope)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct binding *b = scope->functions[i]; b; b = b->next)
			b->definition = DEFINED_MAYBE;
	}
}

void
scope_lose_names(struct scope *scope)
{
	scope_give_up(scope);
	scope_doubt_functions(scope);
	scope->names_lost = true;
}

const struct node *
scope_function(const struct scope *scope, struct text name,
	       const struct script **ret_script)
{
	const struct binding *b = find(scope->functions, name);

	if (!b || b->definition != DEFINED_AS)
		return NULL;
	*ret_script = b->script;
	return b->body;
}

bool
scope_shadows(const struct scope *scope, struct text name)
{
	const struct binding *b = find(scope->functions, name);

	return b ? b->definition != DEFINED_NOT : scope->names_lost;
}

/* ---- what other shells are given ---------------------------------------- */

void
scope_export(struct scope *scope, struct text name, bool function)
{
	struct binding **table = function ? scope->functions : scope->variables;
	struct binding *b = find(table, name);

	if (b)
		b->exported = true;
	else if (!function)
		find_or_add(scope, table, name)->exported = true;
}

void
scope_export_all(struct scope *scope)
{
	scope->exports = true;
}

static void
copy_exported(struct scope *to, struct binding **table,
	      struct binding *const *from)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		for (const struct binding *b = from[i]; b; b = b->next) {
			struct binding *copy;

			if (!b->exported)
				continue;
			copy = ARENA_NEW(to->arena, struct binding);
			*copy = *b;
			copy->next = table[i];
			table[i] = copy;
		}
	}
}

struct scope *
scope_inherited(struct arena *arena, const struct scope *from, bool variables)
{
	struct scope *scope = scope_new(arena);

	scope->spent = from->spent;
	scope->names_lost = from->names_lost;
	scope->is_armed = from->is_armed;
	scope->strangers = true;
	scope->mounts = from->mounts;
	scope->folder = from->folder;
	copy_exported(scope, scope->functions, from->functions);
	if (variables && !from->hopeless)
		copy_exported(scope, scope->variables, from->variables);
	return scope;
}

/* ---- texts that do something when they are expanded again ---------------- */

void
scope_arm(struct scope *scope)
{
	scope->is_armed = true;
}

bool
scope_is_armed(const struct scope *scope)
{
	return scope && scope->is_armed;
}
