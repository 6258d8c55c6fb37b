/* Names of headings as GitHub makes them for its anchors. */
#ifndef DOC_SLUG_H
#define DOC_SLUG_H

#include <stdint.h>

#include "base/arena.h"

/* The slugs that a document has used, so that each is given out once: the
 * second "setup" becomes "setup-1". In time linear in their number. */
struct slugger {
	struct slug_entry *entries; /* owned; open addressing */
	uint32_t n, cap;
};

#define SLUGGER_INIT                                                           \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

void slugger_release(struct slugger *s);

/* The slug of HEADING that has not been used, in ARENA. */
struct text slugger_add(struct slugger *s, struct arena *arena,
			struct text heading);

#endif
