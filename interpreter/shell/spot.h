/* One byte of a command at which a placeholder may begin, and what it looks
 * like there. Private to shell/. */
#ifndef SHELL_SPOT_H
#define SHELL_SPOT_H

#include "shell/placeholder.h"

struct spot {
	struct text t;  /* the whole shell text */
	size_t at;      /* where to look */
	char quote;     /* open around it: ', " or NUL */
	bool in_body;   /* of a here-document */
	size_t last_at; /* of the last "@" of T: behind it is no address */
};

/* The placeholder that begins at SPOT; false: none does. Its certainty is
 * what it would be outside a here-document. */
bool spot_look(const struct spot *spot, struct placeholder *ret);

/* Each recogniser, at a byte that may begin its kind. */

/* spot_angle.c: <name>; and <<NAME>>, where it is no here-document. */
bool spot_angle(const struct spot *spot, struct placeholder *ret);
bool spot_double_angle(const struct spot *spot, struct placeholder *ret);

/* spot_braces.c: {{name}}, {name}; [NAME]; "..." as an argument. */
bool spot_curly(const struct spot *spot, struct placeholder *ret);
bool spot_bracket(const struct spot *spot, struct placeholder *ret);
bool spot_ellipsis(const struct spot *spot, struct placeholder *ret);

/* spot_word.c: YOUR_X, CHANGE_ME, YYYYMMDD, xxx, a@example.com; /dev/sdX,
 * /path/to/x. spot_dummy.c: 'PASSWORD' as a value. */
bool spot_word(const struct spot *spot, struct placeholder *ret);
bool spot_device(const struct spot *spot, struct placeholder *ret);
bool spot_path(const struct spot *spot, struct placeholder *ret);
bool spot_dummy(const struct spot *spot, struct placeholder *ret);

/* spot_capitals.c: NAMESPACE as an operand. */
bool spot_capitals(const struct spot *spot, struct placeholder *ret);

/* spot_changed.c: the value in front of a comment, which begins at SPOT, such
 * as "# CHANGEME". */
bool spot_changed(const struct spot *spot, struct placeholder *ret);

/* The byte N behind (or before, when negative) the spot; NUL outside. */
char spot_byte(const struct spot *spot, long n);

/* The byte before offset AT, or at AT, of the whole text; NUL outside. */
char text_before(struct text t, size_t at);
char text_at(struct text t, size_t at);

/* False for letters, digits and bytes of other scripts: what would make a
 * placeholder the middle of a longer word. NUL, the text's end, bounds. */
bool byte_bounds(char c);

/* Fill RET: KIND over [START, END). Always true. */
bool spot_found(struct placeholder *ret, enum placeholder_kind kind,
		enum placeholder_certainty certainty, size_t start, size_t end,
		struct text name);

#endif
