/* Blocks that are tagged as shell and hold something else. What they hold is
 * shown and never run: to bash every line of them would be a command. */
#include "graph/infer.h"

/* The first line of T that is neither blank nor a comment; *REST is what
 * stands behind it. */
static bool
first_line(struct text *rest, struct text *ret)
{
	while (text_next_line(rest, ret)) {
		struct text t = text_trim(*ret);

		if (t.len && t.at[0] != '#')
			return true;
	}
	return false;
}

static bool
is_name_byte(char c)
{
	return byte_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

static size_t
name_length(struct text t)
{
	size_t n = 0;

	while (n < t.len && is_name_byte(t.at[n]))
		n++;
	return n;
}

/* "app=# ", "app=> ", "app-# " of psql, "mysql> ", ">>> " of Python,
 * "irb(main):001:0> ". */
static bool
begins_with_foreign_prompt(struct text t)
{
	static const char *const prompts[] = {
		"mysql>", "mariadb>", "sqlite>", "redis>",
		"mongo>", "cqlsh>",   "SQL>",    ">>>",
	};
	size_t n = name_length(t);

	for (size_t i = 0; i < ARRAY_LEN(prompts); i++) {
		if (text_starts_nocase(t, prompts[i]))
			return true;
	}
	if (text_starts(t, "irb(") || text_starts(t, "MariaDB ["))
		return true;
	/* "-" of a continuation prompt is a byte of a name */
	if (n && n + 1 < t.len && t.at[n] == '=')
		n++;
	else if (n < 2 || t.at[n - 1] != '-')
		return false;
	return n + 1 < t.len && (t.at[n] == '#' || t.at[n] == '>') &&
	       t.at[n + 1] == ' ';
}

/* "key:", "key: value", "- item": what YAML is made of. */
static bool
is_yaml_line(struct text t)
{
	size_t n;

	if (text_starts(t, "- "))
		t = text_trim(text_sub(t, 2, t.len));
	n = name_length(t);
	while (n < t.len && (is_name_byte(t.at[n]) || t.at[n] == '/'))
		n++;
	return n > 0 && n < t.len && t.at[n] == ':' &&
	       (n + 1 == t.len || t.at[n + 1] == ' ');
}

/* Two lines or more, of which the first is YAML and no other can be anything
 * else: a command such as "npm: install" would be alone. */
static bool
is_yaml(struct text content)
{
	struct text line;
	uint32_t keys = 0, others = 0;

	while (first_line(&content, &line)) {
		struct text t = text_trim(line);

		if (is_yaml_line(t))
			keys++;
		else if (keys == 0)
			return false;
		else if (!text_starts(t, "- ") && !text_is(t, "---"))
			others++;
	}
	return keys > 1 && keys > others;
}

/* "sum by (job) (", "rate(x{code=~\"5..\"}[5m])", "up{job=\"x\"}": the language
 * of Prometheus, which asks and runs nothing. */
static bool
is_query(struct text t)
{
	static const char *const functions[] = {
		"sum",
		"rate",
		"irate",
		"topk",
		"bottomk",
		"avg",
		"max",
		"min",
		"count",
		"increase",
		"histogram_quantile",
		"label_replace",
		"absent",
		"delta",
		"avg_over_time",
		"max_over_time",
		"sort_desc",
		"vector",
	};
	size_t n = 0;

	while (t.len && t.at[0] == '(')
		t = text_trim(text_sub(t, 1, t.len));
	while (n < t.len && (is_name_byte(t.at[n]) || t.at[n] == ':'))
		n++;
	if (n == 0 || n == t.len)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
		struct text behind = text_trim(text_sub(t, n, t.len));

		if (text_is(text_sub(t, 0, n), functions[i]))
			return text_starts(behind, "(") ||
			       begins_with_word(behind, "by") ||
			       begins_with_word(behind, "without");
	}
	return t.at[n] == '{' && (text_find(t, TEXT("=\""), n) < t.len ||
				  text_find(t, TEXT("=~\""), n) < t.len);
}

/* ---- crontabs ---------------------------------------------------------------
 */

/* "0", "*", "1-5", "MON": a field of a crontab's time (crontab(5)). */
static bool
is_cron_field(struct text t)
{
	static const char *const names[] = {
		"jan", "feb", "mar", "apr", "may", "jun", "jul",
		"aug", "sep", "oct", "nov", "dec", "mon", "tue",
		"wed", "thu", "fri", "sat", "sun",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_starts_nocase(t, names[i]))
			t = text_sub(t, 3, t.len);
	}
	for (size_t i = 0; i < t.len; i++) {
		if (!byte_is_digit(t.at[i]) && !strchr("*/,-", t.at[i]))
			return false;
	}
	return true;
}

/* "0 3 * * * backup", "@daily backup". */
static bool
is_cron_line(struct text t)
{
	static const char *const times[] = {
		"@reboot", "@yearly", "@annually", "@monthly",
		"@weekly", "@daily",  "@midnight", "@hourly",
	};
	enum {
		FIELDS = 5
	};

	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		if (text_starts(t, times[i]))
			return text_chr(t, ' ', 0) < t.len;
	}
	for (unsigned i = 0; i < FIELDS; i++) {
		size_t end = 0;

		while (end < t.len && !byte_is_space(t.at[end]))
			end++;
		if (end == 0 || !is_cron_field(text_sub(t, 0, end)))
			return false;
		t = text_trim(text_sub(t, end, t.len));
	}
	return t.len > 0;
}

/* Nothing but entries and settings of a crontab. */
static bool
is_crontab(struct text content)
{
	struct text line;
	bool any = false;

	while (first_line(&content, &line)) {
		struct text t = text_trim(line);
		size_t n = name_length(t);

		if (is_cron_line(t))
			any = true;
		else if (n == 0 || n == t.len || t.at[n] != '=')
			return false;
	}
	return any;
}

const char *
foreign_language(struct text content)
{
	struct text rest = content, line;

	if (first_line(&rest, &line)) {
		if (begins_with_foreign_prompt(text_trim(line)))
			return "a session of another program";
		if (is_query(text_trim(line)))
			return "a query of Prometheus";
	}
	if (is_crontab(content))
		return "lines of a crontab";
	return is_yaml(content) ? "YAML" : NULL;
}

/* ---- scripts to be installed ------------------------------------------------
 */

static bool
is_script_path(struct text t)
{
	return t.len > 1 && text_chr(t, ' ', 0) == t.len &&
	       (text_starts(t, "~/") || text_starts(t, "/") ||
		text_starts(t, "./") || text_ends(t, ".sh"));
}

static bool
says_install(struct text t)
{
	static const char *const words[] = {
		"install", "create", "save", "write", "put",
		"place",   "add",    "copy", "edit",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (begins_with_word(t, words[i]) || has_word(t, words[i]))
			return true;
	}
	return false;
}

static bool
names_a_file(const struct block *block)
{
	if (!says_install(block->text))
		return false;
	for (uint32_t i = 0; i < block->n_runs; i++) {
		if (block->runs[i].kind == INLINE_CODE &&
		    is_script_path(block->runs[i].text))
			return true;
	}
	return false;
}

/* "`delete-lock.sh`" as a whole paragraph. */
static bool
is_file_name(const struct block *block)
{
	return block->n_runs == 1 && block->runs[0].kind == INLINE_CODE &&
	       is_script_path(block->runs[0].text);
}

bool
foreign_is_installed(const struct document *doc, const struct block *block)
{
	bool named = false;

	for (uint32_t i = block->ordinal; i > block->section->first; i--) {
		const struct block *above = doc->blocks[i - 1];

		if (above->kind == BLOCK_CODE)
			return false;
		if (above->kind != BLOCK_PARAGRAPH)
			continue;
		if (names_a_file(above) || (named && says_install(above->text)))
			return true;
		named = is_file_name(above);
	}
	return false;
}
