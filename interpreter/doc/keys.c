/* Checking values of annotations. */
#include "doc/keys.h"

#include "base/limits.h"

static const struct subkey_info subkeys[] = {
#define SUBKEY(group, symbol, name, type, help)                                \
	{ name, help, GROUP_##group, KEY_TYPE_##type },
#include "doc/subkeys.def"
#undef SUBKEY
};

enum {
	NAME_DISTANCE = 2,
	EXIT_MAX = 255,
	COUNT_MAX = 1000000
};

const struct subkey_info *
subkey_at(size_t i)
{
	return i < ARRAY_LEN(subkeys) ? &subkeys[i] : NULL;
}

void
nearest_try(struct nearest *n, struct text name, const char *candidate)
{
	unsigned distance =
		text_distance(name, text_of(candidate), NAME_DISTANCE);

	/* a word of two letters is two edits from any other */
	if (distance > NAME_DISTANCE || distance >= strlen(candidate) ||
	    (n->best && distance >= n->distance))
		return;
	n->best = candidate;
	n->distance = distance;
}

/* ---- words -------------------------------------------------------------- */

const char *const *
key_words(enum key_type type)
{
	static const char *const modes[] = { "sequence", "menu", NULL };
	static const char *const ios[] = { "batch", "follow", "interactive",
					   NULL };
	static const char *const levels[] = { "reads", "changes", "disrupts",
					      "destroys", NULL };
	static const char *const param_types[] = { "string", "int",    "bool",
						   "date",   "choice", "path",
						   "host",   "user",   "port",
						   "words",  NULL };
	static const char *const options[] = { "errexit", "noclobber", "noglob",
					       "nounset", "pipefail",  NULL };

	switch (type) {
	case KEY_TYPE_MODE:
		return modes;
	case KEY_TYPE_IO:
		return ios;
	case KEY_TYPE_LEVEL:
		return levels;
	case KEY_TYPE_PARAM_TYPE:
		return param_types;
	case KEY_TYPE_SHELL_OPTIONS:
		return options;
	default:
		return NULL;
	}
}

int
key_word_index(enum key_type type, struct text t)
{
	const char *const *words = key_words(type);

	for (int i = 0; words && words[i]; i++) {
		if (text_is(t, words[i]))
			return i;
	}
	return -1;
}

/* ---- simple values ------------------------------------------------------ */

static bool
is_string(const struct ynode *v)
{
	return v->kind == Y_SCALAR && !ytree_is_null(v);
}

static bool
is_text(const struct ynode *v)
{
	return is_string(v) && v->text.len > 0;
}

static bool
is_int_up_to(const struct ynode *v, int64_t least, int64_t most)
{
	int64_t n;

	return ytree_int(v, &n) && n >= least && n <= most;
}

static bool
is_exit_status(const struct ynode *v)
{
	return is_int_up_to(v, 0, EXIT_MAX);
}

static bool
is_shell_option(const struct ynode *v)
{
	return v->kind == Y_SCALAR &&
	       key_word_index(KEY_TYPE_SHELL_OPTIONS, v->text) >= 0;
}

/* One value that passes TEST, or a list of at least one such value. */
static bool
is_one_or_more(const struct ynode *v, bool (*test)(const struct ynode *v))
{
	if (v->kind != Y_SEQUENCE)
		return test(v);
	for (uint32_t i = 0; i < v->n_items; i++) {
		if (!test(v->items[i]))
			return false;
	}
	return v->n_items > 0;
}

static bool
is_duration(const struct ynode *v, int64_t least_ms)
{
	int64_t ms;

	return ytree_duration_ms(v, &ms) && ms >= least_ms;
}

/* A value without structure of TYPE; KEY_TYPEs with structure are not asked. */
static bool
is_simple(enum key_type type, const struct ynode *v)
{
	bool b;

	switch (type) {
	case KEY_TYPE_ANY:
		return !ytree_is_null(v);
	case KEY_TYPE_TEXT:
		return is_text(v);
	case KEY_TYPE_STRING:
		return is_string(v);
	case KEY_TYPE_BOOL:
		return ytree_bool(v, &b);
	case KEY_TYPE_CONFIRM:
		return ytree_bool(v, &b) || is_text(v);
	case KEY_TYPE_DURATION:
		return is_duration(v, 1);
	case KEY_TYPE_DELAY:
		return is_duration(v, 0);
	case KEY_TYPE_COUNT:
		return is_int_up_to(v, 1, COUNT_MAX);
	case KEY_TYPE_INTS:
		return is_one_or_more(v, is_exit_status);
	case KEY_TYPE_LIST:
		return is_one_or_more(v, is_text);
	case KEY_TYPE_STRINGS:
		return is_one_or_more(v, is_string);
	case KEY_TYPE_SHELL_OPTIONS:
		return is_one_or_more(v, is_shell_option);
	default:
		return v->kind == Y_SCALAR &&
		       key_word_index(type, v->text) >= 0;
	}
}

const char *
key_type_wants(enum key_type type)
{
	static const char param_types[] =
		"string, int, bool, date, choice, path, host, user, port or "
		"words";
	static const char shell_options[] =
		"one or more of errexit, noclobber, noglob, nounset and "
		"pipefail";
	static const char expectations[] =
		"a text, a mapping of kinds to texts or a list of such";
	static const char *const wants[] = {
		[KEY_TYPE_TEXT] = "a text",
		[KEY_TYPE_STRING] = "a text",
		[KEY_TYPE_ANY] = "a value",
		[KEY_TYPE_BOOL] = "true or false",
		[KEY_TYPE_DURATION] =
			"a duration such as 30s, 5m or 1h30m, up to 30 days",
		[KEY_TYPE_DELAY] =
			"a duration such as 500ms or 10s, up to 30 days",
		[KEY_TYPE_COUNT] = "a number from 1 on",
		[KEY_TYPE_INTS] = "one or more exit statuses, 0 to 255",
		[KEY_TYPE_LIST] = "a text or a list of texts",
		[KEY_TYPE_STRINGS] = "a text or a list of texts",
		[KEY_TYPE_MAP] = "a mapping of variable names to texts",
		[KEY_TYPE_MODE] = "sequence or menu",
		[KEY_TYPE_IO] = "batch, follow or interactive",
		[KEY_TYPE_LEVEL] = "reads, changes, disrupts or destroys",
		[KEY_TYPE_CONFIRM] = "true, false or the words of the question",
		[KEY_TYPE_EXPECT] = expectations,
		[KEY_TYPE_RETRY] = "a mapping of attempts, delay and until",
		[KEY_TYPE_CAPTURE] = "a mapping of parameters to patterns",
		[KEY_TYPE_PARAMS] = "a mapping of names to definitions",
		[KEY_TYPE_PARAM_TYPE] = param_types,
		[KEY_TYPE_SHELL_OPTIONS] = shell_options,
		[KEY_TYPE_DEFAULTS] = "a mapping of timeout and shell",
		[KEY_TYPE_EFFECTS] = "a mapping of words of commands to levels",
		[KEY_TYPE_PROCEDURES] =
			"a mapping of section paths to mappings",
	};

	return wants[type];
}

/* ---- values that are mappings ------------------------------------------- */

static bool
report_value(const char *key, enum key_type type, const struct ynode *v,
	     struct diag_sink *sink)
{
	if (ytree_is_null(v))
		diag_report(sink, DIAG_BAD_VALUE, v->where,
			    "'%s' has no value: it wants %s", key,
			    key_type_wants(type));
	else
		diag_report(sink, DIAG_BAD_VALUE, v->where, "'%s' wants %s",
			    key, key_type_wants(type));
	return false;
}

static void
report_unknown(enum key_group group, const char *key, const struct ynode *name,
	       struct diag_sink *sink)
{
	struct nearest n = { NULL, 0 };
	struct diag *d = diag_report(sink, DIAG_UNKNOWN_KEY, name->where,
				     "unknown key '%.*s' in '%s'",
				     TEXT_ARG(name->text), key);

	for (size_t i = 0; i < ARRAY_LEN(subkeys); i++) {
		if (subkeys[i].group == group)
			nearest_try(&n, name->text, subkeys[i].name);
	}
	if (n.best)
		diag_help(d, "did you mean '%s'?", n.best);
}

static const struct subkey_info *
find_subkey(enum key_group group, struct text name)
{
	for (size_t i = 0; i < ARRAY_LEN(subkeys); i++) {
		if (subkeys[i].group == group && text_is(name, subkeys[i].name))
			return &subkeys[i];
	}
	return NULL;
}

/* Check each key of the mapping V, the value of KEY, against GROUP. */
static bool
check_group(enum key_group group, const char *key, const struct ynode *v,
	    struct diag_sink *sink)
{
	bool good = true;

	for (uint32_t i = 0; i < v->n_items; i++) {
		const struct subkey_info *sub =
			find_subkey(group, v->keys[i]->text);

		if (sub) {
			good &= key_check(sub->name, sub->type, v->items[i],
					  sink);
		} else if (!text_starts(v->keys[i]->text, "x-")) {
			report_unknown(group, key, v->keys[i], sink);
			good = false;
		}
	}
	return good;
}

static bool
is_variable_name(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] != '_' && !byte_is_alnum(t.at[i]))
			return false;
	}
	return t.len > 0 && !byte_is_digit(t.at[0]);
}

/* Names of parameters stand before "=" on the command line and between angle
 * brackets in a document. */
static bool
is_param_name(struct text t)
{
	if (t.len == 0 || t.len > LIMIT_PLACEHOLDER_BYTES)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		unsigned char c = (unsigned char)t.at[i];

		if (c < ' ' || c == 0x7f || c == '=' || c == '<' || c == '>')
			return false;
	}
	return true;
}

static bool
report_name(const char *key, const struct ynode *name, const char *what,
	    struct diag_sink *sink)
{
	diag_report(sink, DIAG_BAD_VALUE, name->where,
		    "'%.*s' in '%s' is no name of a %s", TEXT_ARG(name->text),
		    key, what);
	return false;
}

/* The mapping V of names to texts. */
static bool
check_names(const char *key, enum key_type type, const struct ynode *v,
	    struct diag_sink *sink)
{
	bool env = type == KEY_TYPE_MAP, good = true;

	for (uint32_t i = 0; i < v->n_items; i++) {
		const struct ynode *name = v->keys[i];

		if (env && !is_variable_name(name->text))
			good = report_name(key, name, "variable", sink);
		else if (!env && !is_param_name(name->text))
			good = report_name(key, name, "parameter", sink);
		else if (!(env ? is_string : is_text)(v->items[i]))
			good = report_value(name->text.at,
					    env ? KEY_TYPE_STRING
						: KEY_TYPE_TEXT,
					    v->items[i], sink);
	}
	return good;
}

/* The mapping V of words to levels. */
static bool
check_levels(const struct ynode *v, struct diag_sink *sink)
{
	bool good = true;

	for (uint32_t i = 0; i < v->n_items; i++)
		good &= is_simple(KEY_TYPE_LEVEL, v->items[i]) ||
			report_value(v->keys[i]->text.at, KEY_TYPE_LEVEL,
				     v->items[i], sink);
	return good;
}

static bool
check_secret(const struct ynode *definition, struct diag_sink *sink)
{
	const struct ynode *value = ytree_get(definition, "default");
	bool secret = false;

	if (!value || !ytree_bool(ytree_get(definition, "secret"), &secret) ||
	    !secret)
		return true;
	diag_report(sink, DIAG_BAD_VALUE, value->where,
		    "a secret has no default: it would stand in the document");
	return false;
}

static bool
check_choices(const struct ynode *definition, struct diag_sink *sink)
{
	const struct ynode *type = ytree_get(definition, "type");
	const struct ynode *choices = ytree_get(definition, "choices");
	bool choice = type && text_is(type->text, "choice");

	if (choice && !choices)
		diag_report(sink, DIAG_BAD_VALUE, type->where,
			    "a parameter of type choice wants 'choices'");
	else if (choices && type && !choice)
		diag_report(sink, DIAG_BAD_VALUE, choices->where,
			    "'choices' are for parameters of type choice");
	else
		return true;
	return false;
}

static bool
check_params(const char *key, const struct ynode *v, struct diag_sink *sink)
{
	bool good = true;

	for (uint32_t i = 0; i < v->n_items; i++) {
		const struct ynode *name = v->keys[i], *value = v->items[i];

		if (!is_param_name(name->text)) {
			good = report_name(key, name, "parameter", sink);
		} else if (value->kind == Y_MAPPING) {
			good &= check_group(GROUP_PARAM, name->text.at, value,
					    sink) &&
				check_secret(value, sink) &&
				check_choices(value, sink);
		} else if (!ytree_is_null(value)) {
			diag_report(sink, DIAG_BAD_VALUE, value->where,
				    "parameter '%s' wants a mapping such as "
				    "{type: int, default: 3}",
				    name->text.at);
			good = false;
		}
	}
	return good;
}

/* A collection of KIND whose items are all mappings. */
static bool
check_mappings(const char *key, enum key_type type, const struct ynode *v,
	       struct diag_sink *sink)
{
	for (uint32_t i = 0; i < v->n_items; i++) {
		if (v->items[i]->kind != Y_MAPPING)
			return report_value(key, type, v->items[i], sink);
	}
	return true;
}

/* How many values V is, when a list stands for its items. */
static uint32_t
alone_or_many(const struct ynode *v)
{
	return v->kind == Y_SEQUENCE ? v->n_items : 1;
}

static const struct ynode *
one_of(const struct ynode *v, uint32_t i)
{
	return v->kind == Y_SEQUENCE ? v->items[i] : v;
}

/* The output of the other stream has no status, time or third stream. */
static bool
check_stderr(const struct ynode *expect, struct diag_sink *sink)
{
	static const char *const outer[] = { "stderr", "exit", "within" };
	const struct ynode *err = ytree_get(expect, "stderr");
	uint32_t n = err ? alone_or_many(err) : 0;

	for (uint32_t k = 0; k < n; k++) {
		for (size_t i = 0; i < ARRAY_LEN(outer); i++) {
			const struct ynode *value =
				ytree_get(one_of(err, k), outer[i]);

			if (!value)
				continue;
			diag_report(sink, DIAG_BAD_VALUE, value->where,
				    "'%s' stands beside 'stderr', not in it",
				    outer[i]);
			return false;
		}
	}
	return true;
}

/* A text, a mapping, or a list of such. */
static bool
check_expect(const char *key, const struct ynode *v, struct diag_sink *sink)
{
	bool good = true;

	if (v->kind == Y_SEQUENCE && v->n_items == 0)
		return report_value(key, KEY_TYPE_EXPECT, v, sink);
	for (uint32_t i = 0; i < alone_or_many(v); i++) {
		const struct ynode *item = one_of(v, i);

		if (is_text(item))
			continue;
		if (item->kind == Y_MAPPING && item->n_items)
			good &= check_group(GROUP_EXPECT, key, item, sink) &&
				check_stderr(item, sink);
		else
			good = report_value(key, KEY_TYPE_EXPECT, item, sink);
	}
	return good;
}

/* TYPE when its values are mappings (or lists of them): check V inside. */
static bool
check_inside(const char *key, enum key_type type, const struct ynode *v,
	     struct diag_sink *sink)
{
	switch (type) {
	case KEY_TYPE_RETRY:
		return check_group(GROUP_RETRY, key, v, sink);
	case KEY_TYPE_DEFAULTS:
		return check_group(GROUP_DEFAULTS, key, v, sink);
	case KEY_TYPE_PARAMS:
		return check_params(key, v, sink);
	case KEY_TYPE_MAP:
	case KEY_TYPE_CAPTURE:
		return check_names(key, type, v, sink);
	case KEY_TYPE_EFFECTS:
		return check_levels(v, sink);
	default:
		return check_mappings(key, type, v, sink);
	}
}

bool
key_check(const char *key, enum key_type type, const struct ynode *value,
	  struct diag_sink *sink)
{
	switch (type) {
	case KEY_TYPE_EXPECT:
		return check_expect(key, value, sink);
	case KEY_TYPE_RETRY:
	case KEY_TYPE_DEFAULTS:
	case KEY_TYPE_PARAMS:
	case KEY_TYPE_MAP:
	case KEY_TYPE_CAPTURE:
	case KEY_TYPE_EFFECTS:
	case KEY_TYPE_PROCEDURES:
		break;
	default:
		return is_simple(type, value) ||
		       report_value(key, type, value, sink);
	}
	if (value->kind != Y_MAPPING || value->n_items == 0)
		return report_value(key, type, value, sink);
	return check_inside(key, type, value, sink);
}
