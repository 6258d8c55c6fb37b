/* Reading `lint:` of .runbook.yaml:
 *
 *   lint:
 *     severity: info             # --severity, --fail-on
 *     fail_on: error
 *     paths: [docs, ops]         # instead of the runbooks' folders
 *     ignore: [docs/drafts]
 *     programs: [bash, shellcheck]
 *     rules:
 *       curl-without-fail: off
 *       RB3104: warning
 *       missing-document: {level: error, ignore: [docs/generated]} */
#include <string.h>

#include "cli/config.h"
#include "doc/keys.h"
#include "doc/ytree.h"
#include "lint/lint.h"
#include "report/lint_format.h"

enum lint_key {
#define KEY(symbol, name) LINT_KEY_##symbol,
#include "cli/config_lint.def"
#undef KEY
	LINT_KEYS
};

static const char *const key_names[LINT_KEYS + 1] = {
#define KEY(symbol, name) name,
#include "cli/config_lint.def"
#undef KEY
};

static const char *const rule_keys[] = { "level", "ignore", NULL };

/* One call of config_read_lint. */
struct lint_reader {
	struct config *config;
	const char *up;
	struct diag_sink *sink;
};

static void
report_value(const struct lint_reader *r, const struct ynode *value,
	     const char *key, const char *wants)
{
	diag_report(r->sink, DIAG_BAD_VALUE, value->where, "'%s' wants %s", key,
		    wants);
}

static int
level_of(const struct ynode *value)
{
	return value->kind == Y_SCALAR && value->text.at
		       ? lint_level_by_name(value->text.at)
		       : -1;
}

/* "off", which YAML 1.1 reads as false. */
static bool
is_off(const struct ynode *value)
{
	bool on;

	return value->kind == Y_SCALAR &&
	       (text_is(value->text, "off") || (ytree_bool(value, &on) && !on));
}

static void
read_level(const struct lint_reader *r, const struct ynode *name,
	   enum diag_code code, const struct ynode *value)
{
	enum lint_setting *of = &r->config->lint.rules.of[code];
	int level = level_of(value);

	if (level < 0 && !is_off(value)) {
		report_value(r, value, "rules",
			     "off, error, warning, info or hint");
		return;
	}
	if (lint_is_fixed(code) &&
	    (level < 0 || level > (int)diag_info(code)->level)) {
		diag_report(r->sink, DIAG_BAD_VALUE, value->where,
			    "'%.*s' cannot be switched off",
			    TEXT_ARG(name->text));
		return;
	}
	*of = level < 0 ? LINT_OFF : (enum lint_setting)(LINT_ERROR + level);
}

static void
read_exceptions(const struct lint_reader *r, enum diag_code code,
		const struct ynode *value)
{
	struct config *c = r->config;
	const char **list;
	size_t n;

	if (!key_check("ignore", KEY_TYPE_LIST, value, r->sink))
		return;
	if (lint_is_fixed(code)) {
		diag_report(r->sink, DIAG_BAD_VALUE, value->where,
			    "'%s' cannot be switched off",
			    diag_info(code)->alias);
		return;
	}
	list = config_strings(c, r->up, false, value, &n);
	for (size_t i = 0; i < n; i++) {
		struct lint_exception e = { code, list[i] };

		ARENA_PUSH(&c->arena, c->lint.rules.exceptions,
			   c->lint.rules.n_exceptions, e);
	}
}

static void
report_no_rule(const struct lint_reader *r, const struct ynode *name)
{
	struct diag *d = diag_report(r->sink, DIAG_UNKNOWN_KEY, name->where,
				     "no rule '%.*s'", TEXT_ARG(name->text));
	struct nearest n = { NULL, 0 };

	for (int i = 0; i < DIAG_CODE_COUNT; i++)
		nearest_try(&n, name->text,
			    diag_info((enum diag_code)i)->alias);
	if (n.best)
		diag_help(d, "did you mean '%s'?", n.best);
	else
		diag_help(d, "'runbook lint --list' names the rules");
}

static void
read_rule(const struct lint_reader *r, const struct ynode *name,
	  const struct ynode *value)
{
	int code = name->text.at ? diag_code_by_name(name->text.at) : -1;

	if (code < 0 || !lint_has_code((enum diag_code)code)) {
		report_no_rule(r, name);
		return;
	}
	if (value->kind != Y_MAPPING) {
		read_level(r, name, (enum diag_code)code, value);
		return;
	}
	for (uint32_t i = 0; i < value->n_items; i++) {
		if (text_is(value->keys[i]->text, "level"))
			read_level(r, name, (enum diag_code)code,
				   value->items[i]);
		else if (text_is(value->keys[i]->text, "ignore"))
			read_exceptions(r, (enum diag_code)code,
					value->items[i]);
		else
			config_unknown_key(value->keys[i], rule_keys, r->sink);
	}
}

static void
read_rules(const struct lint_reader *r, const struct ynode *value)
{
	if (value->kind != Y_MAPPING) {
		report_value(r, value, "rules", "a mapping of rules to levels");
		return;
	}
	for (uint32_t i = 0; i < value->n_items; i++)
		read_rule(r, value->keys[i], value->items[i]);
}

static void
read_programs(const struct lint_reader *r, const struct ynode *value)
{
	struct config_lint *lint = &r->config->lint;
	const char **list;
	size_t n;

	if (!key_check("programs", KEY_TYPE_LIST, value, r->sink))
		return;
	list = config_strings(r->config, r->up, false, value, &n);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i], "bash") == 0)
			lint->bash = true;
		else if (strcmp(list[i], "shellcheck") == 0)
			lint->shellcheck = true;
		else if (strcmp(list[i], "present") == 0)
			lint->present = true;
		else
			report_value(r, value, "programs",
				     "bash, shellcheck, both or present");
	}
}

static void
read_limit(const struct lint_reader *r, const struct ynode *value,
	   const char *key, int *ret)
{
	int level = level_of(value);

	if (level < 0)
		report_value(r, value, key, "error, warning, info or hint");
	else
		*ret = level;
}

static void
read_pair(const struct lint_reader *r, enum lint_key key,
	  const struct ynode *value)
{
	struct config_lint *lint = &r->config->lint;
	const char *name = key_names[key];

	switch (key) {
	case LINT_KEY_SEVERITY:
		read_limit(r, value, name, &lint->severity);
		break;
	case LINT_KEY_FAIL_ON:
		if (value->kind == Y_SCALAR && text_is(value->text, "never"))
			lint->never_fails = true;
		else
			read_limit(r, value, name, &lint->fail_on);
		break;
	case LINT_KEY_RULES:
		read_rules(r, value);
		break;
	case LINT_KEY_PATHS:
		if (key_check(name, KEY_TYPE_LIST, value, r->sink))
			lint->paths = config_strings(r->config, r->up, true,
						     value, &lint->n_paths);
		break;
	case LINT_KEY_IGNORE:
		if (key_check(name, KEY_TYPE_LIST, value, r->sink))
			lint->ignored = config_strings(r->config, r->up, false,
						       value, &lint->n_ignored);
		break;
	case LINT_KEY_PROGRAMS:
		read_programs(r, value);
		break;
	case LINT_KEYS:
		break;
	}
}

void
config_read_lint(struct config *config, const char *up,
		 const struct ynode *value, struct diag_sink *sink)
{
	const struct lint_reader r = { config, up, sink };

	if (value->kind != Y_MAPPING) {
		report_value(&r, value, "lint",
			     "a mapping of keys such as rules and fail_on");
		return;
	}
	for (uint32_t i = 0; i < value->n_items; i++) {
		int key = 0;

		while (key < LINT_KEYS &&
		       !text_is(value->keys[i]->text, key_names[key]))
			key++;
		if (key < LINT_KEYS)
			read_pair(&r, (enum lint_key)key, value->items[i]);
		else
			config_unknown_key(value->keys[i], key_names, sink);
	}
}
