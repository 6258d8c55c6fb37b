/* Makes C tables of the YAML files in this folder; runs while building.
 *
 *   schema-compile codes FILE…      rows DIAG(number, name, level, alias,
 *                                   summary) for diag/codes.def
 *   schema-compile explain FILE…    rows WHY(name, why, bad, good) for
 *                                   diag/explain.def
 *   schema-compile effects FILE…    tables for effect/rules.inc
 *   schema-compile examples FILE…   their examples for effect/examples.inc
 */
#include "compile.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *program_file;

_Noreturn void
die(const yaml_node_t *node, const char *fmt, ...)
{
	va_list ap;

	if (node)
		fprintf(stderr, "%s:%zu:%zu: ", program_file,
			node->start_mark.line + 1, node->start_mark.column + 1);
	else
		fprintf(stderr, "%s: ", program_file);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

void
load(const char *path, yaml_document_t *document)
{
	yaml_parser_t parser;
	FILE *file = fopen(path, "rb");

	program_file = path;
	if (!file)
		die(NULL, "%s", strerror(errno));
	yaml_parser_initialize(&parser);
	yaml_parser_set_input_file(&parser, file);
	if (!yaml_parser_load(&parser, document))
		die(NULL, "line %zu: %s", parser.problem_mark.line + 1,
		    parser.problem ? parser.problem : "malformed");
	yaml_parser_delete(&parser);
	fclose(file);
}

yaml_node_t *
get(yaml_document_t *document, yaml_node_t *mapping, const char *key)
{
	yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;

	if (mapping->type != YAML_MAPPING_NODE)
		die(mapping, "a mapping is wanted");
	for (; pair < mapping->data.mapping.pairs.top; pair++) {
		yaml_node_t *name = yaml_document_get_node(document, pair->key);

		if (name->type == YAML_SCALAR_NODE &&
		    strcmp((char *)name->data.scalar.value, key) == 0)
			return yaml_document_get_node(document, pair->value);
	}
	return NULL;
}

const char *
get_text(yaml_document_t *document, yaml_node_t *mapping, const char *key)
{
	yaml_node_t *node = get(document, mapping, key);

	if (!node)
		return NULL;
	if (node->type != YAML_SCALAR_NODE)
		die(node, "'%s' wants a text", key);
	return (char *)node->data.scalar.value;
}

const char *
need_text(yaml_document_t *document, yaml_node_t *mapping, const char *key)
{
	const char *text = get_text(document, mapping, key);

	if (!text || !*text)
		die(mapping, "'%s' is missing", key);
	return text;
}

void
print_c_string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c == '\n')
			fputs("\\n", stdout);
		else if (c < 0x20 || c >= 0x7f)
			printf("\\%03o", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void
print_upper(const char *s)
{
	for (; *s; s++)
		putchar(toupper((unsigned char)*s));
}

/* Every value of a column stands once, over all files. */
static void
need_unique(const yaml_node_t *row, const char *value)
{
	static const char *seen[4096];
	static size_t n;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(seen[i], value) == 0)
			die(row, "'%s' stands twice", value);
	}
	if (n == sizeof(seen) / sizeof(seen[0]))
		die(row, "too many codes");
	seen[n++] = strdup(value);
}

/* How comments may switch it off: an error of reading says "never". */
static const char *
silence_of(yaml_document_t *document, yaml_node_t *row)
{
	const char *silence = get_text(document, row, "silence");

	if (!silence)
		return "comment";
	if (strcmp(silence, "reason") != 0 && strcmp(silence, "never") != 0)
		die(row, "'%s' is no way to silence", silence);
	return silence;
}

static void
print_code(yaml_document_t *document, yaml_node_t *row)
{
	static const char *const wanted[] = { "why", "bad", "good" };
	const char *code = need_text(document, row, "code");
	const char *level = need_text(document, row, "level");

	if (strncmp(code, "RB", 2) != 0 || strlen(code) != 6)
		die(row, "'%s' is no code such as RB1101", code);
	if (strcmp(level, "error") != 0 && strcmp(level, "warning") != 0 &&
	    strcmp(level, "info") != 0 && strcmp(level, "hint") != 0)
		die(row, "'%s' is no level", level);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		need_text(document, row, wanted[i]);
	need_unique(row, code);
	need_unique(row, need_text(document, row, "name"));
	need_unique(row, need_text(document, row, "alias"));
	printf("DIAG(%s, %s, ", code, need_text(document, row, "name"));
	print_upper(level);
	fputs(", ", stdout);
	print_upper(silence_of(document, row));
	fputs(", ", stdout);
	print_c_string(need_text(document, row, "alias"));
	fputs(", ", stdout);
	print_c_string(need_text(document, row, "summary"));
	puts(")");
}

static void
print_explanation(yaml_document_t *document, yaml_node_t *row)
{
	static const char *const parts[] = { "why", "bad", "good" };

	printf("WHY(%s", need_text(document, row, "name"));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		fputs(", ", stdout);
		print_c_string(need_text(document, row, parts[i]));
	}
	puts(")");
}

typedef void row_fn(yaml_document_t *document, yaml_node_t *row);

static void
each_row(const char *path, row_fn *fn)
{
	yaml_document_t document;
	yaml_node_t *root;

	load(path, &document);
	root = yaml_document_get_root_node(&document);
	if (!root || root->type != YAML_SEQUENCE_NODE)
		die(root, "a list of codes is wanted");
	for (yaml_node_item_t *item = root->data.sequence.items.start;
	     item < root->data.sequence.items.top; item++)
		fn(&document, yaml_document_get_node(&document, *item));
	yaml_document_delete(&document);
}

static void
each_row_of(char **paths, int n, row_fn *fn)
{
	puts("/* generated from schema/diagnostics/ */");
	for (int i = 0; i < n; i++)
		each_row(paths[i], fn);
}

static void
compile_codes(char **paths, int n)
{
	each_row_of(paths, n, print_code);
}

static void
compile_explanations(char **paths, int n)
{
	each_row_of(paths, n, print_explanation);
}

/* ---- schema/diagnostics/README.md ------------------------------------------
 */

static void
print_index_row(yaml_document_t *document, yaml_node_t *row)
{
	const char *silence = silence_of(document, row);

	printf("| %s | `%s` | %s | %s | %s |\n",
	       need_text(document, row, "code"),
	       need_text(document, row, "alias"),
	       need_text(document, row, "level"), silence,
	       need_text(document, row, "summary"));
}

static void
compile_index(char **paths, int n)
{
	puts("# Diagnostics\n\n"
	     "<!-- written by 'make bless' from the tables beside it -->\n\n"
	     "Every code that `runbook` reports. `runbook explain CODE` says "
	     "more: why it\nmatters, a document that gets it, the same "
	     "document without it, and how to silence\nit. *Silence*: "
	     "`comment`, a comment switches it off; `reason`, only one that "
	     "says\nwhy; `never`, nothing does.");
	for (int i = 0; i < n; i++) {
		const char *slash = strrchr(paths[i], '/');
		const char *name = slash ? slash + 1 : paths[i];

		printf("\n## [%s](%s)\n\n"
		       "| Code | Name | Level | Silence | Summary |\n"
		       "| --- | --- | --- | --- | --- |\n",
		       name, name);
		each_row(paths[i], print_index_row);
	}
}

static const struct {
	const char *name;
	void (*compile)(char **paths, int n);
} tables[] = {
	{ "codes", compile_codes },
	{ "explain", compile_explanations },
	{ "index", compile_index },
	{ "effects", compile_effects },
	{ "examples", compile_effect_examples },
};

int
main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: schema-compile TABLE FILE...\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (strcmp(argv[1], tables[i].name) != 0)
			continue;
		tables[i].compile(argv + 2, argc - 2);
		return fflush(stdout) == 0 ? 0 : 1;
	}
	fprintf(stderr, "schema-compile: no table '%s'\n", argv[1]);
	return 2;
}
