/* JSON values (RFC 8259): made, read and written, with keys in the order in
 * which they were set. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

struct jval; /* opaque; an owner frees it, a borrowed one dies with its root */

/* Making. Each returns a value that the caller owns. Bytes of a text that are
 * not UTF-8 become U+FFFD. */
struct jval *jval_object(void);
struct jval *jval_array(void);
struct jval *jval_text(struct text t);
struct jval *jval_string(const char *s); /* NULL gives null */
struct jval *jval_int(int64_t n);
struct jval *jval_bool(bool b);
struct jval *jval_null(void);

/* Both take VALUE over. KEY is made UTF-8 like texts. */
void jval_set(struct jval *object, const char *key, struct jval *value);
void jval_push(struct jval *array, struct jval *value);

struct jval *jval_free(struct jval *v); /* takes NULL, returns NULL */
void jval_free_ptr(struct jval **v);    /* for CLEANUP */

/* Append V on one line, or indented by 2 for people. No newline at the end. */
void jval_write(const struct jval *v, bool pretty, struct buf *b);

/* Parse one value; NULL with a message in RETERR. Nesting is bounded by the
 * library (2,048 levels); a key that stands twice is an error. */
struct jval *jval_parse(struct text t, struct buf *reterr);

/* Reading; results are borrowed. A missing key or another type gives NULL, an
 * empty text, the default, 0. */
struct jval *jval_get(const struct jval *object, const char *key);
struct text jval_get_text(const struct jval *object, const char *key);
int64_t jval_get_int(const struct jval *object, const char *key, int64_t def);
bool jval_get_bool(const struct jval *object, const char *key, bool def);
bool jval_is_object(const struct jval *v);
bool jval_is_array(const struct jval *v);
bool jval_is_null(const struct jval *v);
struct text jval_as_text(const struct jval *v);

/* The key of OBJECT after KEY, its first one after NULL; NULL at the end. */
const char *jval_next_key(const struct jval *object, const char *key);
size_t jval_count(const struct jval *array);
struct jval *jval_at(const struct jval *array, size_t i);

/* Deep equality; numbers by value, objects whatever the order of keys. */
bool jval_equal(const struct jval *a, const struct jval *b);

#endif
