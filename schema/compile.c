/* Makes C tables of the YAML files in this folder; runs while building.
 *
 *   schema-compile codes FILE…      rows DIAG(number, name, level, alias,
 *                                   summary) for diag/codes.def
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
	printf("DIAG(%s, %s, ", code, need_text(document, row, "name"));
	print_upper(level);
	fputs(", ", stdout);
	print_c_string(need_text(document, row, "alias"));
	fputs(", ", stdout);
	print_c_string(need_text(document, row, "summary"));
	puts(")");
}

static void
compile_codes(const char *path)
{
	yaml_document_t document;
	yaml_node_t *root;

	load(path, &document);
	root = yaml_document_get_root_node(&document);
	if (!root || root->type != YAML_SEQUENCE_NODE)
		die(root, "a list of codes is wanted");
	for (yaml_node_item_t *item = root->data.sequence.items.start;
	     item < root->data.sequence.items.top; item++)
		print_code(&document, yaml_document_get_node(&document, *item));
	yaml_document_delete(&document);
}

int
main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: schema-compile codes FILE...\n", stderr);
		return 2;
	}
	if (strcmp(argv[1], "codes") == 0) {
		puts("/* generated from schema/diagnostics/ */");
		for (int i = 2; i < argc; i++)
			compile_codes(argv[i]);
	} else {
		fprintf(stderr, "schema-compile: no table '%s'\n", argv[1]);
		return 2;
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
