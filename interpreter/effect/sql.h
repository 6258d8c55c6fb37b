/* What statements of SQL do; shared by the files that read SQL. */
#ifndef EFFECT_SQL_H
#define EFFECT_SQL_H

#include "effect/sql_lex.h"

/* True unless the condition TOKENS of a WHERE holds for every row, such as
 * 1 = 1, or any condition with OR true. */
bool sql_where_leaves_out(struct text all, const struct sql_token *tokens,
			  uint32_t n);

#endif
