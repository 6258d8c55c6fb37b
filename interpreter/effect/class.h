/* Kinds of operands that rules speak of by name: "@device", "@precious". */
#ifndef EFFECT_CLASS_H
#define EFFECT_CLASS_H

#include "effect/files.h"

/* A word or value whose kind is asked. */
struct subject {
	struct text text;             /* a NUL where not known */
	bool exact;                   /* known, and no pattern of file names */
	bool opaque;                  /* something in it is not known */
	bool many;                    /* it may be any number of words */
	bool each;                    /* another name each time it is run */
	const struct file_look *look; /* NULL: no file is looked at */
};

/* True when S surely is what NAME ("device", without "@") stands for. */
bool class_has(struct text name, const struct subject *s);

/* True when there is a class NAME. */
bool class_exists(struct text name);

/* True when T matches PATTERN, in which "*" stands for any bytes and "?" for
 * one; NOCASE: ASCII letters in either case. */
bool glob_matches(struct text pattern, struct text t, bool nocase);

#endif
