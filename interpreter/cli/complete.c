/* Candidates for a word, from the tables from which --help is made. */
#include "cli/complete.h"

#include <string.h>

#include "base/alloc.h"
#include "report/lint_format.h"
#include "run/journal.h"
#include "run/progress.h"

enum {
	WORDS_MAX = 4096
};

/* A call that is being typed. */
struct typing {
	struct cli *cli;
	char **words;      /* words[0] is the program */
	int at;            /* the word of the cursor */
	struct text typed; /* what of it stands there */
	const struct cmd *command;
	struct buf out;
	const char *directive;
};

static void
offer(struct typing *t, struct text word, const char *about)
{
	if (word.len < t->typed.len ||
	    !text_eq(text_sub(word, 0, t->typed.len), t->typed))
		return;
	buf_addt(&t->out, word);
	if (about)
		buf_addf(&t->out, "\t%s", about);
	buf_addc(&t->out, '\n');
}

static void
offer_all(struct typing *t, const char *const *words)
{
	for (; *words; words++)
		offer(t, text_of(*words), NULL);
}

/* ---- options ---------------------------------------------------------------
 */

static void
offer_options(struct typing *t, const struct opt *table)
{
	for (; table->name; table++) {
		CLEANUP(buf_release) struct buf name = BUF_INIT;

		buf_addf(&name, "--%s", table->name);
		offer(t, buf_text(&name), table->help);
	}
}

static bool
takes_next(const struct typing *t, const char *word)
{
	if (word[0] != '-' || !word[1] || strcmp(word, "--") == 0)
		return false;
	return opts_takes_next(common_options, word) ||
	       (t->command && opts_takes_next(t->command->options, word));
}

static void
offer_levels(struct typing *t)
{
	for (int l = LEVEL_ERROR; l <= LEVEL_HINT; l++)
		offer(t, text_of(lint_level_name((enum diag_level)l)), NULL);
}

static void
offer_formats(struct typing *t)
{
	static const char *const pictures[] = { "mermaid", "dot", "svg", NULL };
	static const struct {
		const char *name, *help;
	} formats[] = {
#define FORMAT(name, help) { #name, help },
#include "report/formats.def"
#undef FORMAT
	};

	if (t->command && strcmp(t->command->name, "graph") == 0) {
		offer_all(t, pictures);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		offer(t, text_of(formats[i].name), formats[i].help);
}

/* The value of the option WORD; a file where that is not known. */
static void
offer_values(struct typing *t, const char *word)
{
	static const char *const when[] = { "auto", "always", "never", NULL };

	if (strcmp(word, "--color") == 0) {
		offer_all(t, when);
	} else if (strcmp(word, "--allow") == 0) {
		for (int l = EFFECT_UNKNOWN; l < EFFECT_DESTROYS; l++)
			offer(t,
			      text_of(effect_level_name((enum effect_level)l)),
			      NULL);
	} else if (strcmp(word, "--severity") == 0) {
		offer_levels(t);
	} else if (strcmp(word, "--fail-on") == 0) {
		offer_levels(t);
		offer(t, TEXT("never"), NULL);
	} else if (strcmp(word, "--format") == 0 || strcmp(word, "-f") == 0) {
		offer_formats(t);
	} else {
		t->directive = ":files";
	}
}

/* ---- operands --------------------------------------------------------------
 */

static bool
offer_path(struct cli *cli UNUSED, const char *path, void *ctx)
{
	offer(ctx, text_of(path), NULL);
	return true;
}

static void
offer_documents(struct typing *t)
{
	if (cli_configure(t->cli))
		cli_each_runbook(t->cli, NULL, offer_path, t);
	t->directive = ":files";
}

/* The procedures of DOCUMENT, each behind PREFIX. */
static void
offer_procedures(struct typing *t, const char *document, const char *prefix)
{
	struct loaded l;
	enum exit_status status;

	if (cli_configure(t->cli) &&
	    cli_load(t->cli, document, NULL, &l, &status)) {
		for (uint32_t i = 0; i < l.rb->n_procedures; i++) {
			const struct procedure *p = l.rb->procedures[i];
			CLEANUP(buf_release) struct buf word = BUF_INIT;
			CLEANUP(buf_release) struct buf heading = BUF_INIT;

			buf_addf(&word, "%s%.*s", prefix, TEXT_ARG(p->path));
			buf_addt(&heading, p->heading);
			offer(t, buf_text(&word), buf_cstr(&heading));
		}
		loaded_release(&l);
	}
}

static void
offer_runs(struct typing *t)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(free_ptr) char *runs = runs_folder(false, &error);
	size_t n = 0;
	char **ids = runs ? progress_list(runs, &n) : NULL;

	for (size_t i = 0; i < n; i++) {
		offer(t, text_sub(text_of(ids[i]), 0, 8), NULL);
		free(ids[i]);
	}
	free(ids);
}

static void
offer_codes(struct typing *t)
{
	for (int i = 0; i < DIAG_CODE_COUNT; i++) {
		const struct diag_info *info = diag_info((enum diag_code)i);

		offer(t, text_of(info->number), info->alias);
	}
}

/* "app.md#dep": the document, and the procedures of it. True when T stands in
 * such a word. */
static bool
offer_fragment(struct typing *t)
{
	size_t hash = text_chr(t->typed, '#', 0);
	CLEANUP(free_ptr) char *document = NULL;
	CLEANUP(free_ptr) char *prefix = NULL;

	if (hash == t->typed.len)
		return false;
	document = xmemdup0(t->typed.at, hash);
	prefix = xmemdup0(t->typed.at, hash + 1);
	offer_procedures(t, document, prefix);
	return true;
}

/* The operand number N, from 0, of a command; FIRST is the first of them. */
static void
offer_operand(struct typing *t, unsigned n, const char *first)
{
	const char *operands = t->command->operands;

	if (strstr(operands, "RUN") && n == 0)
		offer_runs(t);
	if (strstr(operands, "CODE") && n == 0)
		offer_codes(t);
	if (strstr(operands, "PATH"))
		offer_documents(t);
	if (strstr(operands, "SHELL") && n == 0)
		offer(t, TEXT("bash"), NULL);
	if (!strstr(operands, "FILE"))
		return;
	if (n == 0 && !offer_fragment(t))
		offer_documents(t);
	else if (n == 1)
		offer_procedures(t, first, "");
}

/* ---- the word --------------------------------------------------------------
 */

static void
offer_commands(struct typing *t)
{
	for (size_t i = 0; cmds[i]; i++)
		offer(t, text_of(cmds[i]->name), cmds[i]->summary);
}

/* bash takes "--format=json" apart at the "=" (COMP_WORDBREAKS). */
static const char *
option_before(struct typing *t)
{
	int at = t->at;

	if (strcmp(t->words[at], "=") == 0)
		t->typed = text_sub(t->typed, 1, 1);
	else if (at > 1 && strcmp(t->words[at - 1], "=") == 0)
		at--;
	return at > 0 ? t->words[at - 1] : "";
}

/* True when the "=" or the word behind it, at AT, belongs to an option. */
static bool
is_behind_option(const struct typing *t, int at)
{
	if (strcmp(t->words[at], "=") == 0)
		return true;
	if (at > 1 && strcmp(t->words[at - 1], "=") == 0)
		return true;
	return takes_next(t, t->words[at - 1]);
}

static void
complete(struct typing *t)
{
	const char *first = NULL, *before = option_before(t);
	unsigned n = 0;

	for (int i = 1; i < t->at; i++) {
		const char *word = t->words[i];

		if (word[0] == '-' || is_behind_option(t, i))
			continue;
		if (!t->command) {
			t->command = cmd_find(word);
			if (!t->command)
				return;
			continue;
		}
		if (n++ == 0)
			first = word;
	}
	if (takes_next(t, before)) {
		offer_values(t, before);
	} else if (text_starts(t->typed, "-")) {
		if (t->command)
			offer_options(t, t->command->options);
		offer_options(t, common_options);
	} else if (!t->command) {
		offer_commands(t);
	} else {
		offer_operand(t, n, first);
	}
}

enum exit_status
complete_words(struct cli *cli, int argc, char **argv)
{
	char behind_all[] = ""; /* no word has been begun there */
	struct typing t = { .cli = cli, .directive = ":none" };
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	uint64_t at;

	if (argc < 3 || strcmp(argv[1], "--") != 0 ||
	    !text_to_uint(text_of(argv[0]), WORDS_MAX, &at) || at == 0 ||
	    at > (uint64_t)argc - 2) {
		cli_error(cli, NULL,
			  "usage: runbook __complete CWORD -- WORD…");
		return EXIT_STATUS_USAGE;
	}
	/* none is given, but they are asked for */
	if (opts_parse(&cli->opts, NULL, common_options, 0, NULL, &error) < 0)
		BUG("%s", buf_cstr(&error));
	t.words = xcalloc((size_t)argc, sizeof(*t.words));
	for (int i = 0; i + 2 < argc; i++)
		t.words[i] = argv[i + 2];
	t.at = (int)at;
	if (!t.words[t.at])
		t.words[t.at] = behind_all;
	t.typed = text_of(t.words[t.at]);
	complete(&t);
	buf_addf(&t.out, "%s\n", t.directive);
	cli_output(&t.out);
	buf_release(&t.out);
	free(t.words);
	return EXIT_STATUS_OK;
}
