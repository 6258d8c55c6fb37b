/* How many columns text takes on a terminal, and what a letter is. */
#ifndef BASE_WIDTH_H
#define BASE_WIDTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

/* True for what words are made of: letters, marks, decimal digits, letter
 * numbers, connecting punctuation, circled letters (UTS #18, \w without the
 * joiners; Ruby's \p{Word}). */
bool rune_is_word(uint32_t code);

/* The lower-case form of one code point, or itself. */
uint32_t rune_lower(uint32_t code);

/* Columns of one code point: 0 combining, 2 wide, else 1 (UAX #11). */
unsigned width_of_code(uint32_t code);

/* Columns of T as width_print writes it; a tab counts as TAB columns. */
unsigned width_of_text(struct text t, unsigned tab);

/* Append T made safe for a terminal: control bytes as "^X" (tab stays), C1 and
 * bidirectional controls as "\u{…}" (CVE-2021-42574), broken UTF-8 as "\xNN".
 * At most MAX columns when MAX is not 0, the cut marked by "…". Returns the
 * columns written, a tab as one. */
unsigned width_print(struct buf *b, struct text t, unsigned max);

#endif
