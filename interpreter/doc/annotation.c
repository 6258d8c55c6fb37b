/* Annotations: keys against the table, one over the other. */
#include "doc/annotation.h"

#include "doc/keys.h"

#define D SCOPE_DOCUMENT
#define P SCOPE_PROCEDURE
#define S SCOPE_STEP
static const struct key_info keys[] = {
#define KEY(symbol, name, scopes, type, help)                                  \
	{ name, scopes, KEY_TYPE_##type, help },
#include "doc/keys.def"
#undef KEY
};
#undef D
#undef P
#undef S

const struct key_info *
key_info(enum key key)
{
	return &keys[key];
}

int
key_by_name(struct text name)
{
	for (int i = 0; i < KEY_COUNT; i++) {
		if (text_is(name, keys[i].name))
			return i;
	}
	return -1;
}

/* "a procedure", "a procedure or a step". */
static const char *
scope_words(unsigned scopes)
{
	static const char *const words[] = {
		[SCOPE_DOCUMENT] = "the document",
		[SCOPE_PROCEDURE] = "a procedure",
		[SCOPE_STEP] = "a step",
		[SCOPE_DOCUMENT | SCOPE_PROCEDURE] =
			"the document or a procedure",
		[SCOPE_PROCEDURE | SCOPE_STEP] = "a procedure or a step",
		[SCOPE_DOCUMENT | SCOPE_STEP] = "the document or a step",
		[SCOPE_DOCUMENT | SCOPE_PROCEDURE | SCOPE_STEP] = "anything",
	};

	return words[scopes];
}

static void
report_unknown(const struct ynode *name, struct diag_sink *sink)
{
	struct nearest n = { NULL, 0 };
	struct diag *d =
		diag_report(sink, DIAG_UNKNOWN_KEY, name->where,
			    "unknown key '%.*s'", TEXT_ARG(name->text));

	for (int i = 0; i < KEY_COUNT; i++)
		nearest_try(&n, name->text, keys[i].name);
	if (n.best)
		diag_help(d, "did you mean '%s'?", n.best);
}

static void
report_scope(const struct ynode *name, enum key key, unsigned scope,
	     struct diag_sink *sink)
{
	struct diag *d = diag_report(sink, DIAG_KEY_SCOPE, name->where,
				     "'%s' is no setting of %s", keys[key].name,
				     scope_words(scope));

	diag_help(d, "it is one of %s", scope_words(keys[key].scopes));
}

static void
read_pair(struct annotation *a, const struct ynode *name,
	  const struct ynode *value, unsigned scope, struct diag_sink *sink)
{
	int key = key_by_name(name->text);

	if (key < 0) {
		if (!text_starts(name->text, "x-"))
			report_unknown(name, sink);
	} else if (!(keys[key].scopes & scope)) {
		report_scope(name, (enum key)key, scope, sink);
	} else if (!a->value[key] &&
		   key_check(keys[key].name, keys[key].type, value, sink)) {
		a->value[key] = value;
	}
}

struct annotation *
annotation_read(struct arena *arena, const struct ynode *node, unsigned scope,
		struct diag_sink *sink)
{
	struct annotation *a;

	if (!node)
		return NULL;
	if (node->kind != Y_MAPPING) {
		diag_report(sink, DIAG_BAD_VALUE, node->where,
			    "an annotation is a mapping such as "
			    "{timeout: 30s}");
		return NULL;
	}
	a = ARENA_NEW(arena, struct annotation);
	a->where = node->where;
	for (uint32_t i = 0; i < node->n_items; i++)
		read_pair(a, node->keys[i], node->items[i], scope, sink);
	return a;
}

const struct annotation *
annotation_merge(struct arena *arena, const struct annotation *less,
		 const struct annotation *more)
{
	struct annotation *both;

	if (!less || !more)
		return more ? more : less;
	both = ARENA_NEW(arena, struct annotation);
	*both = *more;
	for (int i = 0; i < KEY_COUNT; i++) {
		if (!both->value[i])
			both->value[i] = less->value[i];
	}
	return both;
}

const struct ynode *
annotation_get(const struct annotation *a, enum key key)
{
	return a ? a->value[key] : NULL;
}
