/* What is known of variables and functions at one point of a procedure. */
#include "shell/scope.h"

#include "shell/value.h"

enum {
	BUCKETS = 64
};

struct binding {
	struct text name;
	struct value value; /* of a variable */
	bool is_odd; /* declared -i, -u, -a …: never what was assigned */
	const struct node *body;     /* a function's only definition, or NULL */
	const struct script *script; /* that holds it */
	struct binding *next;
};

struct scope {
	struct arena *arena;
	struct binding *variables[BUCKETS];
	struct binding *functions[BUCKETS];
	bool ifs_changed;
	bool moved;    /* there was a cd */
	bool hopeless; /* a nameref: any assignment may change any variable */
};

struct scope *
scope_new(struct arena *arena)
{
	struct scope *scope = ARENA_NEW(arena, struct scope);

	scope->arena = arena;
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
	struct scope *scope = scope_new(arena);

	scope->ifs_changed = from->ifs_changed;
	scope->hopeless = from->hopeless;
	scope->moved = from->moved;
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

void
scope_set(struct scope *scope, struct text name, struct value value)
{
	struct binding *b = find_or_add(scope, scope->variables, name);

	if (text_is(name, "IFS"))
		scope->ifs_changed = true;
	if (value.state != VALUE_EXACT || b->is_odd || scope->hopeless ||
	    is_dynamic(name))
		value = (struct value){ .state = VALUE_UNKNOWN };
	b->value = value;
}

void
scope_forget(struct scope *scope, struct text name)
{
	struct binding *b = find(scope->variables, name);

	if (text_is(name, "IFS"))
		scope->ifs_changed = true;
	if (b)
		b->value.state = VALUE_UNKNOWN;
}

void
scope_forget_all(struct scope *scope)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct binding *b = scope->variables[i]; b; b = b->next)
			b->value.state = VALUE_UNKNOWN;
	}
	scope->moved = true;
}

void
scope_move(struct scope *scope)
{
	scope->moved = true;
}

bool
scope_has_moved(const struct scope *scope)
{
	return scope->moved;
}

void
scope_distrust(struct scope *scope, struct text name)
{
	struct binding *b = find_or_add(scope, scope->variables, name);

	b->value.state = VALUE_UNKNOWN;
	b->is_odd = true;
}

void
scope_give_up(struct scope *scope)
{
	scope_forget_all(scope);
	scope->hopeless = true;
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

struct value
scope_variable(const struct scope *scope, struct text name)
{
	const struct binding *b = find(scope->variables, name);

	return b ? b->value : (struct value){ .state = VALUE_UNKNOWN };
}

void
scope_define(struct scope *scope, struct text name, const struct node *body,
	     const struct script *script)
{
	struct binding *b = find(scope->functions, name);
	bool again = b;

	if (!b)
		b = find_or_add(scope, scope->functions, name);
	b->body = again ? NULL : body;
	b->script = script;
}

const struct node *
scope_function(const struct scope *scope, struct text name,
	       const struct script **ret_script)
{
	const struct binding *b = find(scope->functions, name);

	if (!b || !b->body)
		return NULL;
	*ret_script = b->script;
	return b->body;
}

bool
scope_shadows(const struct scope *scope, struct text name)
{
	return find(scope->functions, name);
}
