/* Registering secrets. */
#include "base/mask.h"

#include "base/alloc.h"
#include "base/forms.h"
#include "base/limits.h"
#include "base/needles.h"

struct mask {
	struct needles *needles; /* owned */
	size_t n_values, n_bytes;
};

struct mask *
mask_new(void)
{
	struct mask *m = xcalloc(1, sizeof(*m));

	m->needles = needles_new();
	return m;
}

struct mask *
mask_free(struct mask *m)
{
	if (m) {
		needles_free(m->needles);
		free(m);
	}
	return NULL;
}

void
mask_free_ptr(struct mask **m)
{
	*m = mask_free(*m);
}

bool
mask_is_empty(const struct mask *m)
{
	return m->n_values == 0;
}

struct needles *
mask_needles(const struct mask *m)
{
	return m->needles;
}

static struct text
without_line_end(struct text t)
{
	while (t.len && strchr("\r\n", t.at[t.len - 1]) && t.at[t.len - 1])
		t.len--;
	return t;
}

/* Masking these would hide half of every output and protect nothing. */
static bool
is_trivial(struct text value)
{
	static const char *const words[] = {
		"true", "false", "null", "none",      "root", "admin",
		"user", "test",  "host", "localhost", "http", "https",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_eq_nocase(value, text_of(words[i])))
			return true;
	}
	for (size_t i = 1; i < value.len; i++) {
		if (value.at[i] != value.at[0])
			return false;
	}
	return true;
}

static int
check_value(const struct mask *m, struct text value, struct buf *reterr)
{
	if (value.len < LIMIT_SECRET_LEAST_BYTES)
		buf_addf(reterr,
			 "cannot mask a secret of %zu bytes: "
			 "at least %d are needed",
			 value.len, LIMIT_SECRET_LEAST_BYTES);
	else if (value.len > LIMIT_VALUE_BYTES)
		buf_addf(reterr,
			 "cannot mask a secret of %zu bytes: "
			 "at most %d are possible",
			 value.len, LIMIT_VALUE_BYTES);
	else if (is_trivial(value))
		buf_adds(reterr, "cannot mask a secret that is a common word "
				 "or one byte repeated");
	else if (m->n_values >= LIMIT_SECRETS)
		buf_addf(reterr, "cannot mask more than %d secrets",
			 LIMIT_SECRETS);
	else if (m->n_bytes + value.len > LIMIT_VALUES_BYTES)
		buf_addf(reterr,
			 "cannot mask secrets of more than %d bytes together",
			 LIMIT_VALUES_BYTES);
	else
		return 0;
	return -1;
}

static void
add_form(void *ctx, struct text form)
{
	struct mask *m = ctx;

	if (form.len >= NEEDLE_LEAST)
		needles_add(m->needles, form);
}

/* The lines of VALUE joined by JOINT, in each form. */
static void
add_joined(struct mask *m, struct text value, const char *joint)
{
	CLEANUP(buf_wipe) struct buf joined = BUF_INIT;
	struct text rest = value, line;

	buf_reserve(&joined, 2 * value.len);
	while (text_next_line(&rest, &line)) {
		if (joined.len)
			buf_adds(&joined, joint);
		buf_addt(&joined, line);
	}
	if (joined.len <= LIMIT_VALUE_BYTES)
		forms_each(buf_text(&joined), add_form, m);
}

/* The frame of a PEM file (RFC 7468) is no secret. */
static bool
is_secret_line(struct text line)
{
	return line.len >= LIMIT_SECRET_LINE_BYTES &&
	       !text_starts(line, "-----");
}

static void
add_lines(struct mask *m, struct text value)
{
	struct text rest = value, line;

	add_joined(m, value, "\n");
	add_joined(m, value, "\r\n");
	add_joined(m, value, "");
	while (text_next_line(&rest, &line)) {
		line = text_trim(line);
		if (is_secret_line(line) && !is_trivial(line))
			forms_each(line, add_form, m);
	}
}

int
mask_add(struct mask *m, struct text value, struct buf *reterr)
{
	size_t before = needles_count(m->needles);

	value = without_line_end(value);
	if (check_value(m, value, reterr) < 0)
		return -1;
	forms_each(value, add_form, m);
	if (text_chr(value, '\n', 0) < value.len)
		add_lines(m, value);
	if (needles_count(m->needles) != before) {
		m->n_values++;
		m->n_bytes += value.len;
	}
	return 0;
}

void
mask_text(const struct mask *m, struct text text, struct buf *out)
{
	CLEANUP(mask_stream_free_ptr)
	struct mask_stream *s = mask_stream_new(m);

	mask_write(s, text, out);
	mask_flush(s, out);
}
