/* A file of a host beside what the document says should stand there. */
#ifndef RUN_COMPARE_H
#define RUN_COMPARE_H

#include "base/clock.h"
#include "graph/step.h"

enum {
	/* What compare_command ends with when there is no such file. */
	COMPARE_MISSING = 3,
	COMPARE_NO_FILE = 4 /* but a folder, a pipe, a device */
};

/* A text for any shell that prints the file of S and changes nothing. What
 * the user may not read is read by sudo, where that asks for nothing. Owned by
 * ARENA. */
struct text compare_command(struct arena *arena, const struct step *s);

/* Append to B what writing the file of S would change where NOW stands: "-"
 * before lines that go, "+" before those that come. CLOCK bounds the work. */
void compare_show(struct buf *b, const struct step *s, struct text now,
		  const struct clock *clock);

#endif
