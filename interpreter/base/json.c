/* JSON through jansson. A struct jval is jansson's json_t under a name of
 * ours; nothing here ever looks inside. */
#include "base/json.h"

#include <jansson.h>

#include "base/alloc.h"

static json_t *
unwrap(const struct jval *v)
{
	return (json_t *)(uintptr_t)v;
}

static struct jval *
wrap(json_t *j)
{
	return (struct jval *)j;
}

/* jansson takes lack of memory for a mistake in the text that it parses
 * (measured: "string or '}' expected"), so it gets memory that never lacks.
 * This has to happen before it allocates anything. */
__attribute__((constructor)) static void
give_memory(void)
{
	json_set_alloc_funcs(xmalloc, free);
}

/* A value of our own making, which cannot fail. */
static struct jval *
made(json_t *j)
{
	if (!j)
		BUG("jansson cannot make a value");
	return wrap(j);
}

struct jval *
jval_object(void)
{
	return made(json_object());
}

struct jval *
jval_array(void)
{
	return made(json_array());
}

static void
add_valid_utf8(struct buf *b, struct text t)
{
	uint32_t code;

	for (size_t i = 0; i < t.len;) {
		size_t n = text_utf8(text_sub(t, i, t.len), &code);

		if (n)
			buf_add(b, t.at + i, n);
		else
			buf_adds(b, "\xef\xbf\xbd");
		i += n ? n : 1;
	}
}

struct jval *
jval_text(struct text t)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (text_is_utf8(t))
		return made(json_stringn(t.at ? t.at : "", t.len));
	add_valid_utf8(&b, t);
	return made(json_stringn(b.bytes, b.len));
}

struct jval *
jval_string(const char *s)
{
	return s ? jval_text(text_of(s)) : jval_null();
}

struct jval *
jval_int(int64_t n)
{
	return made(json_integer(n));
}

struct jval *
jval_bool(bool b)
{
	return made(json_boolean(b));
}

struct jval *
jval_null(void)
{
	return made(json_null());
}

void
jval_set(struct jval *object, const char *key, struct jval *value)
{
	CLEANUP(buf_release) struct buf valid = BUF_INIT;

	if (!text_is_utf8(text_of(key))) {
		add_valid_utf8(&valid, text_of(key));
		key = valid.bytes;
	}
	if (json_object_set_new(unwrap(object), key, unwrap(value)) < 0)
		BUG("jansson cannot add '%s'", key);
}

void
jval_push(struct jval *array, struct jval *value)
{
	if (json_array_append_new(unwrap(array), unwrap(value)) < 0)
		BUG("jansson cannot append");
}

struct jval *
jval_free(struct jval *v)
{
	json_decref(unwrap(v));
	return NULL;
}

void
jval_free_ptr(struct jval **v)
{
	*v = jval_free(*v);
}

static int
add_dump(const char *bytes, size_t n, void *data)
{
	buf_add(data, bytes, n);
	return 0;
}

void
jval_write(const struct jval *v, bool pretty, struct buf *b)
{
	size_t flags = JSON_ENCODE_ANY;

	flags |= pretty ? JSON_INDENT(2) : JSON_COMPACT;
	if (json_dump_callback(unwrap(v), add_dump, b, flags) < 0)
		BUG("jansson cannot write a value");
}

struct jval *
jval_parse(struct text t, struct buf *reterr)
{
	json_error_t error;
	json_t *j = json_loadb(t.at ? t.at : "", t.len,
			       JSON_REJECT_DUPLICATES | JSON_DECODE_ANY |
				       JSON_ALLOW_NUL,
			       &error);

	if (!j)
		buf_addf(reterr, "malformed JSON at line %d, column %d: %s",
			 error.line, error.column, error.text);
	return wrap(j);
}

struct jval *
jval_get(const struct jval *object, const char *key)
{
	return wrap(json_object_get(unwrap(object), key));
}

struct text
jval_get_text(const struct jval *object, const char *key)
{
	return jval_as_text(jval_get(object, key));
}

int64_t
jval_get_int(const struct jval *object, const char *key, int64_t def)
{
	json_t *j = unwrap(jval_get(object, key));

	return json_is_integer(j) ? json_integer_value(j) : def;
}

bool
jval_get_bool(const struct jval *object, const char *key, bool def)
{
	json_t *j = unwrap(jval_get(object, key));

	return json_is_boolean(j) ? json_is_true(j) : def;
}

bool
jval_is_object(const struct jval *v)
{
	return json_is_object(unwrap(v));
}

bool
jval_is_array(const struct jval *v)
{
	return json_is_array(unwrap(v));
}

bool
jval_is_null(const struct jval *v)
{
	return json_is_null(unwrap(v));
}

struct text
jval_as_text(const struct jval *v)
{
	json_t *j = unwrap(v);

	if (!json_is_string(j))
		return (struct text){ NULL, 0 };
	return (struct text){ json_string_value(j), json_string_length(j) };
}

const char *
jval_next_key(const struct jval *object, const char *key)
{
	json_t *j = unwrap(object);
	void *at = key ? json_object_iter_next(j, json_object_iter_at(j, key))
		       : json_object_iter(j);

	return at ? json_object_iter_key(at) : NULL;
}

size_t
jval_count(const struct jval *array)
{
	return json_array_size(unwrap(array));
}

struct jval *
jval_at(const struct jval *array, size_t i)
{
	return wrap(json_array_get(unwrap(array), i));
}

static bool
equal_arrays(const json_t *a, const json_t *b)
{
	size_t n = json_array_size(a);

	if (json_array_size(b) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!jval_equal(wrap(json_array_get(a, i)),
				wrap(json_array_get(b, i))))
			return false;
	}
	return true;
}

static bool
equal_objects(json_t *a, const json_t *b)
{
	const char *key;
	json_t *value;

	if (json_object_size(a) != json_object_size(b))
		return false;
	json_object_foreach(a, key, value)
	{
		if (!jval_equal(wrap(value), wrap(json_object_get(b, key))))
			return false;
	}
	return true;
}

/* json_equal() takes 1 and 1.0 for different. Depth: as the parser's. */
bool
jval_equal(const struct jval *a, const struct jval *b)
{
	json_t *x = unwrap(a), *y = unwrap(b);

	if (json_is_array(x) && json_is_array(y))
		return equal_arrays(x, y);
	if (json_is_object(x) && json_is_object(y))
		return equal_objects(x, y);
	if (json_is_number(x) && json_is_number(y) &&
	    json_typeof(x) != json_typeof(y))
		return json_number_value(x) == json_number_value(y);
	return json_equal(x, y) == 1;
}
