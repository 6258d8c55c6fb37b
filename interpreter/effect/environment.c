/* Variables by which programs run, load or read something else. */
#include "effect/environment.h"

#include "effect/class.h"
#include "effect/expand.h"

enum use {
	USE_LOADS, /* names what is loaded or run, or says that something is */
	USE_COMMAND, /* a command that a shell runs when a program needs it */
	USE_SHOWN,   /* the same, where somebody looks: pagers, editors */
	USE_PROMPT,  /* bash expands it */
	USE_FOLDERS  /* where programs or libraries are looked for */
};

/* MARKS: only a value with one of these in it does it; "!x": one that is not
 * x. A name that ends with "*" stands for all that begin so. */
static const struct row {
	const char *name;
	enum use use;
	const char *marks;
} rows[] = {
	{ "LD_PRELOAD", USE_LOADS, NULL },
	{ "LD_AUDIT", USE_LOADS, NULL },
	{ "DYLD_INSERT_LIBRARIES", USE_LOADS, NULL },
	{ "GCONV_PATH", USE_LOADS, NULL },
	{ "OPENSSL_CONF", USE_LOADS, "!/dev/null" },
	{ "OPENSSL_ENGINES", USE_LOADS, NULL },
	{ "OPENSSL_MODULES", USE_LOADS, NULL },
	{ "BASH_ENV", USE_LOADS, "!/dev/null" },
	{ "BASH_FUNC_*", USE_LOADS, NULL },
	{ "BASH_CMDS", USE_LOADS, NULL },
	{ "BASH_ALIASES", USE_LOADS, NULL },
	{ "SHELLOPTS", USE_LOADS, NULL },
	{ "PROMPT_COMMAND", USE_LOADS, NULL },
	{ "ENV", USE_LOADS, "./ /tmp $( `" }, /* sh -i; often a name */
	{ "ZDOTDIR", USE_LOADS, NULL },
	{ "PSQLRC", USE_LOADS, "!/dev/null" },
	{ "PYTHONSTARTUP", USE_LOADS, "!/dev/null" },
	{ "PYTHONINSPECT", USE_LOADS, NULL },
	{ "WGETRC", USE_LOADS, "!/dev/null" },
	{ "GIT_CONFIG", USE_LOADS, "!/dev/null" },
	{ "GIT_CONFIG_GLOBAL", USE_LOADS, "!/dev/null" },
	{ "GIT_CONFIG_SYSTEM", USE_LOADS, "!/dev/null" },
	{ "GIT_CONFIG_COUNT", USE_LOADS, "!0" },
	{ "GIT_CONFIG_KEY_*", USE_LOADS, NULL },
	{ "GIT_CONFIG_VALUE_*", USE_LOADS, NULL },
	{ "GIT_CONFIG_PARAMETERS", USE_LOADS, NULL },
	{ "GIT_ALLOW_PROTOCOL", USE_LOADS, "ext" },
	{ "GIT_EXEC_PATH", USE_LOADS, NULL },
	{ "GIT_TEMPLATE_DIR", USE_LOADS, NULL },
	{ "TAR_OPTIONS", USE_LOADS, NULL },
	{ "APT_CONFIG", USE_LOADS, "!/dev/null" },
	{ "CURL_HOME", USE_LOADS, NULL },
	{ "MYSQL_HOME", USE_LOADS, NULL },
	{ "HELM_PLUGINS", USE_LOADS, NULL },
	{ "BORG_REMOTE_PATH", USE_LOADS, "/ ./" },
	{ "PERL5OPT", USE_LOADS, NULL },
	{ "PERL5DB", USE_LOADS, NULL },
	{ "RUBYOPT", USE_LOADS, NULL },
	{ "NODE_OPTIONS", USE_LOADS, "require import loader eval -r" },
	{ "MAKEFLAGS", USE_LOADS, "eval file SHELL -f" },
	{ "MFLAGS", USE_LOADS, "eval file SHELL -f" },
	{ "JAVA_TOOL_OPTIONS", USE_LOADS, "agent OnOutOfMemoryError OnError" },
	{ "_JAVA_OPTIONS", USE_LOADS, "agent OnOutOfMemoryError OnError" },
	{ "JDK_JAVA_OPTIONS", USE_LOADS, "agent OnOutOfMemoryError OnError" },
	{ "GIT_SSH", USE_COMMAND, NULL },
	{ "GIT_SSH_COMMAND", USE_COMMAND, NULL },
	{ "GIT_EXTERNAL_DIFF", USE_COMMAND, NULL },
	{ "GIT_PROXY_COMMAND", USE_COMMAND, NULL },
	{ "GIT_ASKPASS", USE_COMMAND, NULL },
	{ "SSH_ASKPASS", USE_COMMAND, NULL },
	{ "SUDO_ASKPASS", USE_COMMAND, NULL },
	{ "RSYNC_RSH", USE_COMMAND, NULL },
	{ "RSYNC_CONNECT_PROG", USE_COMMAND, NULL },
	{ "CVS_RSH", USE_COMMAND, NULL },
	{ "TAR_RSH", USE_COMMAND, NULL },
	{ "BORG_RSH", USE_COMMAND, NULL },
	{ "BORG_PASSCOMMAND", USE_COMMAND, NULL },
	{ "RESTIC_PASSWORD_COMMAND", USE_COMMAND, NULL },
	{ "RCLONE_PASSWORD_COMMAND", USE_COMMAND, NULL },
	{ "LESSOPEN", USE_COMMAND, NULL },
	{ "LESSCLOSE", USE_COMMAND, NULL },
	{ "GIT_EDITOR", USE_SHOWN, NULL },
	{ "GIT_SEQUENCE_EDITOR", USE_SHOWN, NULL },
	{ "GIT_PAGER", USE_SHOWN, NULL },
	{ "PAGER", USE_SHOWN, NULL },
	{ "MANPAGER", USE_SHOWN, NULL },
	{ "PSQL_PAGER", USE_SHOWN, NULL },
	{ "PSQL_EDITOR", USE_SHOWN, NULL },
	{ "SYSTEMD_PAGER", USE_SHOWN, NULL },
	{ "SYSTEMD_EDITOR", USE_SHOWN, NULL },
	{ "AWS_PAGER", USE_SHOWN, NULL },
	{ "BAT_PAGER", USE_SHOWN, NULL },
	{ "EDITOR", USE_SHOWN, NULL },
	{ "VISUAL", USE_SHOWN, NULL },
	{ "SUDO_EDITOR", USE_SHOWN, NULL },
	{ "KUBE_EDITOR", USE_SHOWN, NULL },
	{ "FCEDIT", USE_SHOWN, NULL },
	{ "BROWSER", USE_SHOWN, NULL },
	{ "PS0", USE_PROMPT, NULL },
	{ "PS1", USE_PROMPT, NULL },
	{ "PS2", USE_PROMPT, NULL },
	{ "PS4", USE_PROMPT, NULL },
	{ "PATH", USE_FOLDERS, NULL },
	{ "LD_LIBRARY_PATH", USE_FOLDERS, NULL },
	{ "DYLD_LIBRARY_PATH", USE_FOLDERS, NULL },
};

static const struct row *
find_row(struct text name)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (glob_matches(text_of(rows[i].name), name, false))
			return &rows[i];
	return NULL;
}

bool
is_decisive_setting(struct text name)
{
	const struct row *row = find_row(name);

	return row && row->use != USE_SHOWN;
}

/* ---- values ---------------------------------------------------------------
 */

static bool
has_mark(const char *marks, struct text value)
{
	struct text rest = text_of(marks), one;

	if (!marks)
		return value.len > 0;
	if (marks[0] == '!')
		return value.len > 0 && !text_is(value, marks + 1);
	while (text_next_field(&rest, ' ', &one))
		if (text_find(value, one, 0) < value.len)
			return true;
	return false;
}

/* less hands the name of the file to "|command"; "||" and "-" say more. */
static struct excerpt
without_pipe(struct walk *w, struct excerpt value)
{
	uint32_t at = 0, n = (uint32_t)value.text.len;

	while (at < n && (value.text.at[at] == '|' || value.text.at[at] == '-'))
		at++;
	return at ? excerpt_sub(w->arena, value, at, n) : value;
}

/* A setting that waits until somebody looks says nothing of its own about an
 * editor that is not in the table, or that one types into it. */
static void
walk_shown(struct walk *w, const struct place *place, struct excerpt value)
{
	struct finding *findings = w->findings;
	uint32_t n = w->n_findings, found;

	w->findings = NULL;
	w->n_findings = 0;
	walk_text(w, place, value, false);
	found = w->n_findings;
	for (uint32_t i = 0; i < found; i++) {
		const struct finding *f = &w->findings[i];

		if (f->level < EFFECT_UNKNOWN ||
		    (f->level == EFFECT_UNKNOWN &&
		     (strcmp(f->rule, "unlisted") == 0 ||
		      f->io == EFFECT_IO_INTERACTIVE)))
			continue;
		ARENA_PUSH(w->arena, findings, n, *f);
	}
	w->findings = findings;
	w->n_findings = n;
}

/* ---- folders --------------------------------------------------------------
 */

/* WORD begins with the working folder: $PWD, $(pwd). */
static bool
begins_here(const struct word *word, const struct script *s)
{
	const struct part *first =
		word && word->n_parts ? word->parts[0] : NULL;

	if (first && first->kind == PART_DOUBLE && first->n_parts)
		first = first->parts[0];
	if (first && first->kind == PART_PARAM)
		return text_is(first->name, "PWD");
	return first &&
	       (first->kind == PART_COMMAND || first->kind == PART_BACKTICK) &&
	       text_find(script_text(s, first->start, first->end), TEXT("pwd"),
			 0) < first->end - first->start;
}

/* What stands in front of the folders of the system: one that anybody may
 * write into, or another one in another place. */
static bool
has_open_folder(struct text value, bool here)
{
	struct text one;
	bool first = true;

	while (text_next_field(&value, ':', &one)) {
		struct subject s = { .text = one, .exact = true };

		if (first && here)
			return true;
		first = false;
		if (one.len && one.at[0] == '\0')
			return false; /* $PATH, or not known */
		if (text_starts(one, "/usr/") || text_starts(one, "/bin") ||
		    text_starts(one, "/sbin"))
			return false;
		if (one.len == 0 ||
		    (one.at[0] != '/' && one.at[0] != '~' &&
		     one.at[0] != '\0') ||
		    class_has(TEXT("disposable"), &s) || text_is(one, "/tmp"))
			return true;
	}
	return false;
}

/* ---- settings --------------------------------------------------------------
 */

void
walk_setting(struct walk *w, const struct place *place, struct spot spot,
	     const struct setting *setting)
{
	const struct row *row = find_row(setting->name);

	if (!row)
		return;
	switch (row->use) {
	case USE_LOADS:
		if (has_mark(row->marks, setting->value.text))
			walk_unread(
				w, place, spot, EFFECT_TAG_EXEC,
				"makes programs run something else besides");
		return;
	case USE_COMMAND:
		walk_text(w, place, without_pipe(w, setting->value), false);
		return;
	case USE_SHOWN:
		if (setting->used)
			walk_text(w, place, setting->value, false);
		else
			walk_shown(w, place, setting->value);
		return;
	case USE_PROMPT:
		if (setting->value.text.len == 1 &&
		    setting->value.text.at[0] == '\0')
			walk_unread(w, place, spot, EFFECT_TAG_EXEC,
				    "bash expands a prompt that is not known");
		else
			walk_expanded(w, place, setting->value);
		return;
	case USE_FOLDERS:
		if (has_open_folder(setting->value.text,
				    begins_here(setting->word, place->script)))
			walk_unread(w, place, spot, EFFECT_TAG_EXEC,
				    "programs of a folder that anybody may "
				    "write into, or that is another one in "
				    "another place, stand before the system's");
		return;
	}
}

void
walk_environment(struct walk *w, const struct place *place,
		 const struct node *node)
{
	for (uint32_t i = 0; i < node->n_assignments; i++) {
		const struct assignment *a = node->assignments[i];
		struct spot spot = { &place->script->source, a->start, a->end };
		struct setting setting = { .name = a->name };

		walk_assigned(w, place, a);
		if (!find_row(a->name))
			continue;
		if (a->value)
			setting.value = word_value(w->arena, place->script,
						   a->value, place->scope)
						.text;
		setting.word = a->value;
		setting.used = i < node->n_prefix && node->n_words;
		if (a->is_array)
			walk_unread(w, place, spot, EFFECT_TAG_EXEC,
				    "makes programs run something else "
				    "besides");
		else
			walk_setting(w, place, spot, &setting);
	}
}

void
walk_given_setting(struct walk *w, const struct place *place,
		   const struct arg *arg)
{
	struct excerpt text = arg->raw.text;
	uint32_t n = (uint32_t)text.text.len;
	uint32_t equals = (uint32_t)text_chr(text.text, '=', 0);
	struct setting setting = { .name = text_sub(text.text, 0, equals),
				   .used = true };

	if (equals == n || !find_row(setting.name))
		return;
	setting.value = excerpt_sub(w->arena, text, equals + 1, n);
	walk_setting(w, place, spot_of_args(arg, 0), &setting);
}

void
walk_kept_command(struct walk *w, const struct wrapped *c)
{
	uint32_t at = c->n_verb + c->rule->runs->from - 1;
	struct excerpt value;

	if (at >= c->args->n_operands)
		return;
	value = c->args->v[c->args->operands[at]].raw.text;
	if (value.text.len && value.text.at[0] == '!')
		value = excerpt_sub(w->arena, value, 1,
				    (uint32_t)value.text.len);
	walk_shown(w, c->place, value);
}
