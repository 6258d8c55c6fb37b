/* Helpers of the table compiler: reading YAML, printing C, dying clearly. */
#ifndef SCHEMA_COMPILE_H
#define SCHEMA_COMPILE_H

#include <errno.h>
#include <stdio.h>
#include <yaml.h>

/* Load PATH; its name and NODE's place begin every message of die(). */
void load(const char *path, yaml_document_t *document);
_Noreturn void die(const yaml_node_t *node, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The value of KEY in MAPPING, or NULL; get_text wants a scalar, need_text
 * dies when it is missing or empty. */
yaml_node_t *get(yaml_document_t *document, yaml_node_t *mapping,
		 const char *key);
const char *get_text(yaml_document_t *document, yaml_node_t *mapping,
		     const char *key);
const char *need_text(yaml_document_t *document, yaml_node_t *mapping,
		      const char *key);

void print_c_string(const char *s);

/* The tables of effect/table.c, and rows { id, hits, command } of all their
 * examples (compile_effects.c). */
void compile_effects(char **paths, int n);
void compile_effect_examples(char **paths, int n);

#endif
