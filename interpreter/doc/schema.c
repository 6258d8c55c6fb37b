/* Writing the JSON schema of front matter. */
#include "doc/schema.h"

#include "base/json.h"
#include "base/limits.h"
#include "doc/frontmatter.h"
#include "doc/keys.h"

/* Texts that stand for other scalars: a reader of text sees no difference. */
static const char true_false[] = "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$";
static const char exit_status[] =
	"^(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])$";
static const char count[] = "^([1-9][0-9]{0,5}|1000000)$";
static const char duration[] =
	"^(?=.*[1-9])([0-9]+|(?=[0-9])([0-9]+h)?([0-9]+m)?([0-9]+s)?"
	"([0-9]+ms)?)$";
static const char delay[] =
	"^([0-9]+|(?=[0-9])([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$";
static const char date[] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
static const char variable_name[] = "^[A-Za-z_][A-Za-z0-9_]*$";
static const char param_name[] = "^[^\\u0000-\\u001f\\u007f=<>]+$";

enum {
	DURATION_MAX = 30 * 24 * 3600,
	COUNT_MAX = 1000000
};

/* ---- pieces ------------------------------------------------------------- */

static void
set_string(struct jval *object, const char *key, const char *s)
{
	jval_set(object, key, jval_string(s));
}

static struct jval *
of_type(const char *type)
{
	struct jval *v = jval_object();

	set_string(v, "type", type);
	return v;
}

static struct jval *
ref(const char *definition)
{
	struct jval *v = jval_object();
	struct buf path = BUF_INIT;

	buf_addf(&path, "#/definitions/%s", definition);
	set_string(v, "$ref", buf_cstr(&path));
	buf_release(&path);
	return v;
}

static struct jval *
pattern(const char *regex)
{
	struct jval *v = of_type("string");

	set_string(v, "pattern", regex);
	return v;
}

static struct jval *
one_of_words(const char *const *words)
{
	struct jval *v = jval_object(), *all = jval_array();

	for (; *words; words++)
		jval_push(all, jval_string(*words));
	jval_set(v, "enum", all);
	return v;
}

/* Both are taken over. */
static struct jval *
either(struct jval *a, struct jval *b)
{
	struct jval *v = jval_object(), *all = jval_array();

	jval_push(all, a);
	jval_push(all, b);
	jval_set(v, "anyOf", all);
	return v;
}

/* Any scalar but null: unquoted numbers and truths are texts to us. */
static struct jval *
scalar(bool may_be_empty)
{
	static const char *const names[] = { "string", "number", "boolean" };
	struct jval *v = jval_object(), *types = jval_array();

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		jval_push(types, jval_string(names[i]));
	jval_set(v, "type", types);
	if (!may_be_empty)
		jval_set(v, "minLength", jval_int(1));
	return v;
}

static struct jval *
integer(int64_t least, int64_t most, const char *as_text)
{
	struct jval *v = of_type("integer");

	jval_set(v, "minimum", jval_int(least));
	jval_set(v, "maximum", jval_int(most));
	return either(v, pattern(as_text));
}

/* ITEM, or a list of at least LEAST of them. */
static struct jval *
list(struct jval *(*item)(void), int64_t least)
{
	struct jval *v = of_type("array");

	jval_set(v, "items", item());
	if (least)
		jval_set(v, "minItems", jval_int(least));
	return either(item(), v);
}

static struct jval *
item_text(void)
{
	return scalar(false);
}

static struct jval *
item_string(void)
{
	return scalar(true);
}

static struct jval *
item_exit(void)
{
	return integer(0, 255, exit_status);
}

static struct jval *
item_option(void)
{
	return one_of_words(key_words(KEY_TYPE_SHELL_OPTIONS));
}

/* A mapping of names to VALUE, which is taken over. */
static struct jval *
names_to(const char *name_pattern, struct jval *value)
{
	struct jval *v = of_type("object");

	if (name_pattern)
		jval_set(v, "propertyNames", pattern(name_pattern));
	jval_set(v, "additionalProperties", value);
	jval_set(v, "minProperties", jval_int(1));
	return v;
}

static struct jval *
anything(void)
{
	struct jval *v = jval_object();

	jval_set(v, "not", of_type("null"));
	return v;
}

/* ---- types -------------------------------------------------------------- */

static struct jval *
simple_type(enum key_type type)
{
	switch (type) {
	case KEY_TYPE_TEXT:
		return scalar(false);
	case KEY_TYPE_STRING:
		return scalar(true);
	case KEY_TYPE_BOOL:
		return either(of_type("boolean"), pattern(true_false));
	case KEY_TYPE_CONFIRM:
		return scalar(false);
	case KEY_TYPE_DURATION:
		return integer(1, DURATION_MAX, duration);
	case KEY_TYPE_DELAY:
		return integer(0, DURATION_MAX, delay);
	case KEY_TYPE_COUNT:
		return integer(1, COUNT_MAX, count);
	case KEY_TYPE_INTS:
		return list(item_exit, 1);
	case KEY_TYPE_LIST:
		return list(item_text, 1);
	case KEY_TYPE_STRINGS:
		return list(item_string, 1);
	case KEY_TYPE_SHELL_OPTIONS:
		return list(item_option, 1);
	default:
		return one_of_words(key_words(type));
	}
}

static struct jval *
type_of(enum key_type type)
{
	switch (type) {
	case KEY_TYPE_ANY:
		return anything();
	case KEY_TYPE_EXPECT:
		return ref("expect");
	case KEY_TYPE_RETRY:
		return ref("retry");
	case KEY_TYPE_DEFAULTS:
		return ref("defaults");
	case KEY_TYPE_PARAMS:
		return names_to(param_name,
				either(ref("param"), of_type("null")));
	case KEY_TYPE_MAP:
		return names_to(variable_name, scalar(true));
	case KEY_TYPE_CAPTURE:
		return names_to(param_name, scalar(false));
	case KEY_TYPE_EFFECTS:
		return names_to(NULL, simple_type(KEY_TYPE_LEVEL));
	case KEY_TYPE_PROCEDURES:
		return names_to(NULL, ref("procedure"));
	default:
		return simple_type(type);
	}
}

/* ---- mappings ----------------------------------------------------------- */

/* An object of PROPERTIES, which are taken over, and of keys of one's own. */
static struct jval *
object_of(struct jval *properties)
{
	struct jval *v = of_type("object"), *own = jval_object();

	jval_set(v, "properties", properties);
	jval_set(own, "^x-", jval_object());
	jval_set(v, "patternProperties", own);
	jval_set(v, "additionalProperties", jval_bool(false));
	return v;
}

static void
add_property(struct jval *properties, const char *name, enum key_type type,
	     const char *help)
{
	struct jval *v = type_of(type);

	/* beside "$ref" draft-07 reads nothing else */
	if (!jval_get(v, "$ref"))
		set_string(v, "description", help);
	jval_set(properties, name, v);
}

static struct jval *
scope_object(unsigned scope)
{
	struct jval *properties = jval_object();

	for (int i = 0; i < KEY_COUNT; i++) {
		const struct key_info *key = key_info((enum key)i);

		if (key->scopes & scope)
			add_property(properties, key->name, key->type,
				     key->help);
	}
	return object_of(properties);
}

/* The keys of GROUP; for the inside of `stderr` only those that mean something
 * there. */
static struct jval *
group_object(enum key_group group, bool inner)
{
	struct jval *properties = jval_object();

	for (size_t i = 0; subkey_at(i); i++) {
		const struct subkey_info *sub = subkey_at(i);

		if (sub->group != group)
			continue;
		if (group == GROUP_EXPECT && strcmp(sub->name, "stderr") == 0) {
			if (!inner)
				jval_set(properties, sub->name, ref("stderr"));
		} else if (!inner || (strcmp(sub->name, "exit") != 0 &&
				      strcmp(sub->name, "within") != 0)) {
			add_property(properties, sub->name, sub->type,
				     sub->help);
		}
	}
	return object_of(properties);
}

static struct jval *
not_empty(struct jval *object)
{
	jval_set(object, "minProperties", jval_int(1));
	return object;
}

/* { "required": [NAME] } */
static struct jval *requires(const char *name)
{
	struct jval *v = jval_object(), *names = jval_array();

	jval_push(names, jval_string(name));
	jval_set(v, "required", names);
	return v;
}

/* An object that has NAME, with a value that is VALUE (taken over). */
static struct jval *
has(const char *name, struct jval *value)
{
	struct jval *v = requires(name), *properties = jval_object();

	jval_set(properties, name, value);
	jval_set(v, "properties", properties);
	return v;
}

/* { "if": IF, "then": THEN }, both taken over. */
static struct jval *
implies(struct jval *premise, struct jval *conclusion)
{
	struct jval *v = jval_object();

	jval_set(v, "if", premise);
	jval_set(v, "then", conclusion);
	return v;
}

static struct jval *
is_true(void)
{
	struct jval *v = jval_object(), *values = jval_array();

	jval_push(values, jval_bool(true));
	jval_push(values, jval_string("true"));
	jval_set(v, "enum", values);
	return v;
}

static struct jval *
is_word(const char *word)
{
	struct jval *v = jval_object();

	set_string(v, "const", word);
	return v;
}

static struct jval *
param_object(void)
{
	struct jval *v = group_object(GROUP_PARAM, false);
	struct jval *no_default = jval_object(), *rules = jval_array();
	struct jval *typed_choices = requires("choices");

	jval_set(no_default, "not", requires("default"));
	jval_push(rules, implies(has("secret", is_true()), no_default));
	jval_push(rules,
		  implies(has("type", is_word("choice")), requires("choices")));
	jval_push(jval_get(typed_choices, "required"), jval_string("type"));
	jval_push(rules,
		  implies(typed_choices, has("type", is_word("choice"))));
	jval_set(v, "allOf", rules);
	return v;
}

static struct jval *
item_expect(void)
{
	return ref("expectation");
}

static struct jval *
item_stderr(void)
{
	return ref("stderr-expectation");
}

static struct jval *
definitions(void)
{
	struct jval *all = jval_object();

	jval_set(all, "document", scope_object(SCOPE_DOCUMENT));
	jval_set(all, "procedure", scope_object(SCOPE_PROCEDURE));
	jval_set(all, "step", scope_object(SCOPE_STEP));
	jval_set(all, "param", param_object());
	jval_set(all, "retry", not_empty(group_object(GROUP_RETRY, false)));
	jval_set(all, "defaults",
		 not_empty(group_object(GROUP_DEFAULTS, false)));
	jval_set(all, "expectation",
		 either(scalar(false),
			not_empty(group_object(GROUP_EXPECT, false))));
	jval_set(all, "stderr-expectation",
		 either(scalar(false),
			not_empty(group_object(GROUP_EXPECT, true))));
	jval_set(all, "expect", list(item_expect, 1));
	jval_set(all, "stderr", list(item_stderr, 1));
	return all;
}

/* ---- front matter ------------------------------------------------------- */

static struct jval *
field_type(enum front_field field)
{
	switch (frontmatter_field_type(field)) {
	case FIELD_TYPE_TEXT:
		return scalar(true);
	case FIELD_TYPE_STATUS:
		return one_of_words(frontmatter_statuses());
	case FIELD_TYPE_LIST:
		return list(item_string, 0);
	case FIELD_TYPE_DATE:
		return pattern(date);
	case FIELD_TYPE_ANY:
		break;
	}
	return jval_object();
}

static struct jval *
contract(void)
{
	struct jval *v = jval_object(), *properties = jval_object();

	for (int i = 0; i < FRONT_COUNT; i++)
		jval_set(properties,
			 frontmatter_field_name((enum front_field)i),
			 field_type((enum front_field)i));
	jval_set(v, "properties", properties);
	return v;
}

void
schema_write(struct buf *b)
{
	struct jval *root = jval_object(), *properties = jval_object();
	struct jval *runbook = pattern("^[Rr][Uu][Nn][Bb][Oo][Oo][Kk]$");

	set_string(root, "$schema", "http://json-schema.org/draft-07/schema#");
	set_string(root, "$id", "urn:runbook:schema:frontmatter");
	set_string(root, "title", "Front matter of a runbook");
	set_string(root, "type", "object");
	jval_set(properties, "runbook", ref("document"));
	jval_set(root, "properties", properties);
	jval_set(root, "if", has("type", runbook));
	jval_set(root, "then", contract());
	jval_set(root, "definitions", definitions());
	jval_write(root, true, b);
	buf_addc(b, '\n');
	jval_free(root);
}
