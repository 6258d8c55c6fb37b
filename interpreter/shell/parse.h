/* From shell text to a script: bash's grammar, with every doubt kept as an
 * error. Nothing is ever executed or expanded here. */
#ifndef SHELL_PARSE_H
#define SHELL_PARSE_H

#include "base/arena.h"
#include "shell/ast.h"

/* Parse SOURCE (bash, extglob on, as `bash -O extglob -n` reads it), in linear
 * time. Always returns a script: what cannot be read is a NODE_ERROR with an
 * entry in errors, and reading goes on at the next line outside quotes and
 * here-documents. Past LIMIT_SHELL_BYTES, LIMIT_SHELL_NODES or
 * LIMIT_SHELL_DEPTH the whole is one NODE_ERROR that says so. SOURCE's text
 * must outlive the script; no CR before LF (the document layer removes it).
 * Placeholders are looked for first and become parts of words. A NUL byte is
 * one unknown part of a word, as the text of a struct value has it.
 *
 * Some errors fail no statement, because bash reads on as well: a
 * here-document without an end, text in backquotes or in a here-document that
 * cannot be read. They are in errors, and has_error says where. */
struct script *shell_parse(struct arena *arena, struct excerpt source);

/* The same without placeholders, for text in which "<x>" is what it says:
 * a resolved command. */
struct script *shell_parse_resolved(struct arena *arena, struct excerpt source);

/* The smallest run of top-level statements around statement I that can be run
 * alone: more than one when here-documents interleave ("cat <<A; cat <<B").
 * [*RET_FIRST, *RET_LAST] are indices into script->body. */
void shell_unit(const struct script *s, uint32_t i, uint32_t *ret_first,
		uint32_t *ret_last);

#endif
