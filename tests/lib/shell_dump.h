/* Trees and words of shell texts as short lines, for comparing in tests. */
#ifndef LIB_SHELL_DUMP_H
#define LIB_SHELL_DUMP_H

#include "base/buf.h"
#include "shell/ast.h"

/* "cmd(A=1, echo, >f)", "pipe(cmd(a) | cmd(b))", "if[…] then[…]" …: words as
 * written, in source order. */
void dump_list(struct buf *b, const struct script *s, const struct list *list);

/* Kinds and texts of W's parts: "lit:a single:b double(param:x)". */
void dump_word(struct buf *b, const struct script *s, const struct word *w);

#endif
