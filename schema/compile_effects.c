/* Makes the tables of effect/table.c, and the examples of their test, of
 * effects.yaml and effects/. What a row may say stands in effects.yaml. */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"

enum {
	NAMES_MAX = 4096
};

struct name_row {
	const char *name, *prefix;
	unsigned program;
};

static struct name_row names[NAMES_MAX];
static unsigned n_names, n_programs, n_rules;

static const char *const levels[] = { "reads", "changes", "unknown", "disrupts",
				      "destroys" };
static const char *const ios[] = { "batch", "follow", "interactive" };
static const char *const tags[] = {
#define EFFECT_TAG(bit, name, symbol) name,
#include "effect/tags.def"
#undef EFFECT_TAG
};
static const char *const conditions[] = {
#define EFFECT_CONDITION(key, symbol) key,
#include "effect/conditions.def"
#undef EFFECT_CONDITION
};
static const char *const hows[] = {
#define EFFECT_RUNS(name, symbol) name,
#include "effect/runs.def"
#undef EFFECT_RUNS
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The index of T, of N bytes, in LIST; dies at NODE when it is not there. */
static unsigned
index_of(const yaml_node_t *node, const char *t, size_t n,
	 const char *const *list, size_t count)
{
	for (unsigned i = 0; i < count; i++)
		if (strlen(list[i]) == n && memcmp(list[i], t, n) == 0)
			return i;
	die(node, "'%.*s' is not known here", (int)n, t);
}

#define INDEX_OF(node, text, list)                                             \
	index_of((node), (text), strlen(text), (list), COUNT(list))

static const char *
scalar(const yaml_node_t *node)
{
	if (!node || node->type != YAML_SCALAR_NODE)
		die(node, "a text is wanted");
	return (const char *)node->data.scalar.value;
}

/* Die at the first key of MAPPING that is not in LIST. */
static void
check_keys(yaml_document_t *d, yaml_node_t *mapping, const char *const *list,
	   size_t count)
{
	yaml_node_pair_t *pair;

	if (mapping->type != YAML_MAPPING_NODE)
		die(mapping, "a mapping is wanted");
	for (pair = mapping->data.mapping.pairs.start;
	     pair < mapping->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = yaml_document_get_node(d, pair->key);

		index_of(key, scalar(key), strlen(scalar(key)), list, count);
	}
}

/* Call FN for NODE, or for each item when it is a sequence. */
static void
each(yaml_document_t *d, yaml_node_t *node,
     void (*fn)(yaml_document_t *d, yaml_node_t *item, void *ctx), void *ctx)
{
	if (!node)
		return;
	if (node->type != YAML_SEQUENCE_NODE) {
		fn(d, node, ctx);
		return;
	}
	for (yaml_node_item_t *item = node->data.sequence.items.start;
	     item < node->data.sequence.items.top; item++)
		fn(d, yaml_document_get_node(d, *item), ctx);
}

static unsigned
count_items(const yaml_node_t *node)
{
	if (!node)
		return 0;
	if (node->type != YAML_SEQUENCE_NODE)
		return 1;
	return (unsigned)(node->data.sequence.items.top -
			  node->data.sequence.items.start);
}

static void
print_text(const char *field, const char *s)
{
	if (!s)
		return;
	printf("\t.%s = ", field);
	print_c_string(s);
	puts(",");
}

static bool
is_true(yaml_document_t *d, yaml_node_t *mapping, const char *key)
{
	const char *value = get_text(d, mapping, key);

	if (value && strcmp(value, "true") != 0)
		die(mapping, "'%s' is 'true' or left away", key);
	return value != NULL;
}

static void
print_flag(yaml_document_t *d, yaml_node_t *mapping, const char *key)
{
	if (is_true(d, mapping, key))
		printf("\t.%s = true,\n", key);
}

/* ---- one rule ---------------------------------------------------------- */

struct condition_key {
	unsigned kind;
	bool negated;
	unsigned count;
};

static void
print_condition(yaml_document_t *d, yaml_node_t *item, void *ctx)
{
	struct condition_key *key = ctx;

	(void)d;
	printf("\t{ (enum effect_condition_kind)%u, %s, ", key->kind,
	       key->negated ? "true" : "false");
	print_c_string(scalar(item));
	puts(" },");
	key->count++;
}

static unsigned
print_condition_group(yaml_document_t *d, yaml_node_t *group, bool negated)
{
	unsigned count = 0;

	if (!group)
		return 0;
	if (group->type != YAML_MAPPING_NODE)
		die(group, "a mapping of conditions is wanted");
	for (yaml_node_pair_t *pair = group->data.mapping.pairs.start;
	     pair < group->data.mapping.pairs.top; pair++) {
		yaml_node_t *name = yaml_document_get_node(d, pair->key);
		struct condition_key key = { 0, negated, 0 };

		key.kind = INDEX_OF(name, scalar(name), conditions);
		each(d, yaml_document_get_node(d, pair->value), print_condition,
		     &key);
		count += key.count;
	}
	return count;
}

static unsigned
print_conditions(yaml_document_t *d, yaml_node_t *rule)
{
	yaml_node_t *wanted = get(d, rule, "if");
	yaml_node_t *unwanted = get(d, rule, "unless");
	unsigned count;

	if (!wanted && !unwanted)
		return 0;
	printf("static const struct effect_condition conditions_%u[] = {\n",
	       n_rules);
	count = print_condition_group(d, wanted, false);
	count += print_condition_group(d, unwanted, true);
	puts("};");
	return count;
}

static void
print_runs(yaml_document_t *d, yaml_node_t *runs)
{
	static const char *const keys[] = { "how",     "hop",     "from",
					    "option",  "file",    "user",
					    "program", "target",  "tty",
					    "input",   "adds",    "ends",
					    "assigns", "language" };
	static const char *const texts[] = { "hop",     "option", "file",
					     "program", "target", "user",
					     "tty",     "input",  "language" };
	const char *from;

	if (!runs)
		return;
	check_keys(d, runs, keys, COUNT(keys));
	from = get_text(d, runs, "from");
	printf("static const struct effect_runs runs_%u = {\n", n_rules);
	printf("\t.how = (enum effect_runs_how)%u,\n",
	       INDEX_OF(runs, need_text(d, runs, "how"), hows));
	printf("\t.from = %s,\n", from ? from : "1");
	for (size_t i = 0; i < COUNT(texts); i++)
		print_text(texts[i], get_text(d, runs, texts[i]));
	print_flag(d, runs, "adds");
	print_flag(d, runs, "ends");
	print_flag(d, runs, "assigns");
	puts("};");
}

static void
check_rule(yaml_document_t *d, yaml_node_t *rule)
{
	static const char *const keys[] = {
		"id",   "verb",    "if",       "unless", "level", "tags",
		"io",   "settles", "suspects", "renews", "runs",  "why",
		"undo", "check",   "hits",     "misses", "onto",  "mounts"
	};

	check_keys(d, rule, keys, COUNT(keys));
	if (count_items(get(d, rule, "hits")) == 0 ||
	    count_items(get(d, rule, "misses")) == 0)
		die(rule, "a rule has an example that hits and one that "
			  "misses");
}

static unsigned
tag_bits(const yaml_node_t *rule, const char *list)
{
	unsigned bits = 0;

	while (list && *list) {
		size_t n = strcspn(list, " ");

		bits |= 1u << index_of(rule, list, n, tags, COUNT(tags));
		list += n + strspn(list + n, " ");
	}
	return bits;
}

/* What stands in front of the array of rules: what they point to. */
static void
print_parts(yaml_document_t *d, yaml_node_t *rule, void *ctx)
{
	unsigned **n_conditions = ctx;

	check_rule(d, rule);
	*(*n_conditions)++ = print_conditions(d, rule);
	print_runs(d, get(d, rule, "runs"));
	n_rules++;
}

/* A bit for the first byte of each alternative of VERB (effect/rule.h). */
static unsigned
first_bytes(const char *verb)
{
	unsigned bits = 0;

	for (const char *c = verb; c && *c; c++) {
		c += strspn(c, " |");
		if (*c == '*' || *c == '?' || *c == '@')
			return ~0u;
		bits |= 1u << (*c & 31);
		c += strcspn(c, "|");
		if (!*c)
			break;
	}
	return bits;
}

struct rules_place {
	const char *program;
	unsigned rule;
	const unsigned *n_conditions;
};

static void
print_rule(yaml_document_t *d, yaml_node_t *rule, void *ctx)
{
	struct rules_place *at = ctx;
	const char *level = need_text(d, rule, "level");
	const char *io = get_text(d, rule, "io");

	puts("\t{");
	printf("\t.id = \"%s.%s\",\n", at->program, need_text(d, rule, "id"));
	print_text("verb", get_text(d, rule, "verb"));
	printf("\t.verb_begins = 0x%xu,\n",
	       first_bytes(get_text(d, rule, "verb")));
	if (*at->n_conditions)
		printf("\t.conditions = conditions_%u,\n"
		       "\t.n_conditions = %u,\n",
		       at->rule, *at->n_conditions);
	printf("\t.level = (enum effect_level)%u,\n",
	       INDEX_OF(rule, level, levels));
	printf("\t.tags = %uu,\n", tag_bits(rule, get_text(d, rule, "tags")));
	printf("\t.io = (enum effect_io)%u,\n",
	       io ? INDEX_OF(rule, io, ios) : 0);
	print_flag(d, rule, "settles");
	print_flag(d, rule, "suspects");
	print_flag(d, rule, "renews");
	print_flag(d, rule, "mounts");
	print_text("onto", get_text(d, rule, "onto"));
	if (get(d, rule, "runs"))
		printf("\t.runs = &runs_%u,\n", at->rule);
	print_text("why", need_text(d, rule, "why"));
	print_text("undo", get_text(d, rule, "undo"));
	print_text("check", get_text(d, rule, "check"));
	puts("\t},");
	at->rule++;
	at->n_conditions++;
}

/* ---- one program ------------------------------------------------------- */

static void
add_name(const yaml_node_t *node, const char *name, const char *prefix)
{
	if (n_names == NAMES_MAX)
		die(node, "more than %d names", NAMES_MAX);
	names[n_names++] =
		(struct name_row){ strdup(name), prefix ? strdup(prefix) : NULL,
				   n_programs };
}

/* "podman", or "docker-compose: compose" for a name that stands for a verb. */
static void
add_name_item(yaml_document_t *d, yaml_node_t *item, void *ctx)
{
	(void)ctx;
	if (item->type != YAML_MAPPING_NODE) {
		add_name(item, scalar(item), NULL);
		return;
	}
	for (yaml_node_pair_t *pair = item->data.mapping.pairs.start;
	     pair < item->data.mapping.pairs.top; pair++)
		add_name(item, scalar(yaml_document_get_node(d, pair->key)),
			 scalar(yaml_document_get_node(d, pair->value)));
}

static unsigned
print_verbs(yaml_document_t *d, yaml_node_t *verbs)
{
	unsigned count = 0;

	if (!verbs)
		return 0;
	if (verbs->type != YAML_MAPPING_NODE)
		die(verbs, "a mapping of verbs to options is wanted");
	printf("static const struct effect_verb verbs_%u[] = {\n", n_programs);
	for (yaml_node_pair_t *pair = verbs->data.mapping.pairs.start;
	     pair < verbs->data.mapping.pairs.top; pair++, count++) {
		fputs("\t{ ", stdout);
		print_c_string(scalar(yaml_document_get_node(d, pair->key)));
		fputs(", ", stdout);
		print_c_string(scalar(yaml_document_get_node(d, pair->value)));
		printf(", 0x%xu },\n",
		       first_bytes(
			       scalar(yaml_document_get_node(d, pair->key))));
	}
	puts("};");
	return count;
}

static void
print_program_row(yaml_document_t *d, yaml_node_t *program, FILE *rows,
		  unsigned n_verbs, unsigned n)
{
	const char *options = get_text(d, program, "options");

	fprintf(rows, "\t{ program_%u_name, ", n_programs);
	printf("static const char program_%u_name[] = ", n_programs);
	print_c_string(need_text(d, program, "program"));
	puts(";");
	printf("static const char program_%u_options[] = ", n_programs);
	print_c_string(options ? options : "");
	puts(";");
	fprintf(rows, "program_%u_options, ", n_programs);
	if (n_verbs)
		fprintf(rows, "verbs_%u, %u, ", n_programs, n_verbs);
	else
		fputs("NULL, 0, ", rows);
	fprintf(rows, "rules_%u, %u, %s, %s },\n", n_programs, n,
		is_true(d, program, "nocase") ? "true" : "false",
		is_true(d, program, "project") ? "true" : "false");
}

static void
print_program(yaml_document_t *d, yaml_node_t *program, void *ctx)
{
	static const char *const keys[] = { "program", "names",  "options",
					    "verbs",   "nocase", "project",
					    "rules" };
	yaml_node_t *rules = get(d, program, "rules");
	unsigned n = count_items(rules), n_verbs;
	unsigned *n_conditions = calloc(n + 1, sizeof(*n_conditions));
	unsigned *next = n_conditions;
	struct rules_place at = { NULL, n_rules, n_conditions };

	check_keys(d, program, keys, COUNT(keys));
	if (n == 0 || !n_conditions)
		die(program, "a program has rules");
	at.program = need_text(d, program, "program");
	add_name(program, at.program, NULL);
	each(d, get(d, program, "names"), add_name_item, NULL);
	each(d, rules, print_parts, &next);
	printf("static const struct effect_rule rules_%u[] = {\n", n_programs);
	each(d, rules, print_rule, &at);
	puts("};");
	n_verbs = print_verbs(d, get(d, program, "verbs"));
	print_program_row(d, program, ctx, n_verbs, n);
	free(n_conditions);
	n_programs++;
}

/* ---- all of it --------------------------------------------------------- */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(((const struct name_row *)a)->name,
		      ((const struct name_row *)b)->name);
}

static void
print_names(void)
{
	qsort(names, n_names, sizeof(names[0]), compare_names);
	puts("static const struct effect_name names[] = {");
	for (unsigned i = 0; i < n_names; i++) {
		if (i && strcmp(names[i].name, names[i - 1].name) == 0)
			die(NULL, "'%s' is called twice", names[i].name);
		fputs("\t{ ", stdout);
		print_c_string(names[i].name);
		printf(", &programs[%u], ", names[i].program);
		if (names[i].prefix)
			print_c_string(names[i].prefix);
		else
			fputs("NULL", stdout);
		puts(" },");
	}
	puts("};");
}

static void
for_programs(const char *path,
	     void (*fn)(yaml_document_t *, yaml_node_t *, void *), void *ctx)
{
	yaml_document_t document;
	yaml_node_t *root;

	load(path, &document);
	root = yaml_document_get_root_node(&document);
	if (!root || root->type != YAML_SEQUENCE_NODE)
		die(root, "a list of programs is wanted");
	each(&document, root, fn, ctx);
	yaml_document_delete(&document);
}

void
compile_effects(char **paths, int n)
{
	FILE *rows = tmpfile();
	int c;

	if (!rows)
		die(NULL, "no temporary file: %s", strerror(errno));
	puts("/* generated by schema-compile from schema/effects */");
	for (int i = 0; i < n; i++)
		for_programs(paths[i], print_program, rows);
	puts("static const struct effect_program programs[] = {");
	rewind(rows);
	while ((c = getc(rows)) != EOF)
		putchar(c);
	fclose(rows);
	puts("};");
	print_names();
}

struct example_place {
	const char *program, *rule;
	bool hits;
};

static void
print_example(yaml_document_t *d, yaml_node_t *item, void *ctx)
{
	const struct example_place *at = ctx;

	(void)d;
	printf("\t{ \"%s.%s\", %s, ", at->program, at->rule,
	       at->hits ? "true" : "false");
	print_c_string(scalar(item));
	puts(" },");
}

static void
print_rule_examples(yaml_document_t *d, yaml_node_t *rule, void *ctx)
{
	struct example_place at = { ctx, need_text(d, rule, "id"), true };

	each(d, get(d, rule, "hits"), print_example, &at);
	at.hits = false;
	each(d, get(d, rule, "misses"), print_example, &at);
}

static void
print_program_examples(yaml_document_t *d, yaml_node_t *program, void *ctx)
{
	(void)ctx;
	each(d, get(d, program, "rules"), print_rule_examples,
	     (void *)need_text(d, program, "program"));
}

void
compile_effect_examples(char **paths, int n)
{
	puts("/* generated by schema-compile from schema/effects */");
	for (int i = 0; i < n; i++)
		for_programs(paths[i], print_program_examples, NULL);
}
