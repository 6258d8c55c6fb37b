/* Annotations as typed values. */
#include "doc/setting.h"

#include "doc/keys.h"

static struct text
scalar(const struct ynode *node)
{
	if (!node || node->kind != Y_SCALAR)
		return (struct text){ "", 0 };
	return node->text;
}

struct text
setting_text(const struct annotation *a, enum key key)
{
	return scalar(annotation_get(a, key));
}

bool
setting_bool(const struct annotation *a, enum key key, bool otherwise)
{
	bool b = otherwise;

	ytree_bool(annotation_get(a, key), &b);
	return b;
}

static int64_t
duration_ms(const struct ynode *node, int64_t otherwise)
{
	int64_t ms = otherwise;

	ytree_duration_ms(node, &ms);
	return ms;
}

int64_t
setting_ms(const struct annotation *a, enum key key, int64_t otherwise)
{
	return duration_ms(annotation_get(a, key), otherwise);
}

uint32_t
setting_count(const struct ynode *value)
{
	if (!value)
		return 0;
	return value->kind == Y_SCALAR ? 1 : value->n_items;
}

const struct ynode *
setting_at(const struct ynode *value, uint32_t i)
{
	if (i >= setting_count(value))
		return NULL;
	return value->kind == Y_SCALAR ? value : value->items[i];
}

struct text
setting_name_at(const struct ynode *value, uint32_t i)
{
	if (!value || value->kind != Y_MAPPING || i >= value->n_items)
		return (struct text){ "", 0 };
	return value->keys[i]->text;
}

/* ---- words -------------------------------------------------------------- */

static int
word_of(const struct annotation *a, enum key key)
{
	const struct ynode *value = annotation_get(a, key);

	return value ? key_word_index(key_info(key)->type, value->text) : -1;
}

bool
setting_level(const struct annotation *a, enum effect_level *ret)
{
	/* in the order of the words; "unknown" is nothing that one declares */
	static const enum effect_level levels[] = {
		EFFECT_READS, EFFECT_CHANGES, EFFECT_DISRUPTS, EFFECT_DESTROYS
	};
	int word = word_of(a, KEY_EFFECT);

	if (word >= 0)
		*ret = levels[word];
	return word >= 0;
}

bool
setting_io(const struct annotation *a, enum effect_io *ret)
{
	static const enum effect_io ios[] = { EFFECT_IO_BATCH, EFFECT_IO_FOLLOW,
					      EFFECT_IO_INTERACTIVE };
	int word = word_of(a, KEY_IO);

	if (word >= 0)
		*ret = ios[word];
	return word >= 0;
}

enum setting_mode
setting_mode(const struct annotation *a)
{
	static const enum setting_mode modes[] = { MODE_SEQUENCE, MODE_MENU };
	int word = word_of(a, KEY_MODE);

	return word < 0 ? MODE_INFERRED : modes[word];
}

/* ---- mappings ----------------------------------------------------------- */

bool
setting_confirm(const struct annotation *a, struct text *ret)
{
	const struct ynode *value = annotation_get(a, KEY_CONFIRM);
	bool yes = value != NULL;

	*ret = (struct text){ "", 0 };
	if (yes && !ytree_bool(value, &yes))
		*ret = value->text;
	return yes;
}

static uint32_t
count_of(const struct ynode *mapping, const char *key, uint32_t otherwise)
{
	int64_t n;

	return ytree_int(ytree_get(mapping, key), &n) ? (uint32_t)n : otherwise;
}

bool
setting_retry(const struct annotation *a, struct retry *ret)
{
	enum {
		ATTEMPTS = 3 /* when only a delay or a condition is given */
	};
	const struct ynode *value = annotation_get(a, KEY_RETRY);

	*ret = (struct retry){ 1, 0, NULL };
	if (!value)
		return false;
	ret->attempts = count_of(value, "attempts", ATTEMPTS);
	ret->delay_ms = duration_ms(ytree_get(value, "delay"), 0);
	ret->until = ytree_get(value, "until");
	return true;
}

const struct ynode *
setting_shell_options(const struct annotation *a)
{
	return ytree_get(annotation_get(a, KEY_DEFAULTS), "shell");
}

int64_t
setting_default_timeout_ms(const struct annotation *a, int64_t otherwise)
{
	return duration_ms(
		ytree_get(annotation_get(a, KEY_DEFAULTS), "timeout"),
		otherwise);
}

static struct param_definition
read_param(const struct ynode *name, const struct ynode *value)
{
	struct param_definition p = { .name = name->text,
				      .where = name->where };
	int type = key_word_index(KEY_TYPE_PARAM_TYPE,
				  scalar(ytree_get(value, "type")));

	p.value = ytree_get(value, "default");
	p.pattern = ytree_get(value, "pattern");
	p.choices = ytree_get(value, "choices");
	p.help = scalar(ytree_get(value, "help"));
	p.max = count_of(value, "max", 0);
	p.type = p.choices ? PARAM_CHOICE : PARAM_STRING;
	if (type >= 0)
		p.type = (enum param_type)type;
	ytree_bool(ytree_get(value, "secret"), &p.secret);
	ytree_bool(ytree_get(value, "dash"), &p.dash);
	return p;
}

const struct param_definition *
setting_params(struct arena *arena, const struct annotation *a, uint32_t *ret_n)
{
	const struct ynode *params = annotation_get(a, KEY_PARAMS);
	struct param_definition *all;

	*ret_n = setting_count(params);
	if (*ret_n == 0)
		return NULL;
	all = arena_alloc(arena, *ret_n * sizeof(*all));
	for (uint32_t i = 0; i < *ret_n; i++)
		all[i] = read_param(params->keys[i], params->items[i]);
	return all;
}

const char *
param_type_name(enum param_type type)
{
	return key_words(KEY_TYPE_PARAM_TYPE)[type];
}
