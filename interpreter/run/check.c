/* Which values a parameter takes. */
#include "base/clock.h"
#include "base/limits.h"
#include "run/values.h"
#include "want/regex.h"

static bool
is_int(struct text t)
{
	uint64_t n;

	if (text_starts(t, "-"))
		t = text_sub(t, 1, t.len);
	return t.len <= 18 && text_to_uint(t, UINT64_MAX, &n);
}

/* YYYY-MM-DD or YYYYMMDD, months and days in range. */
static bool
is_date(struct text t)
{
	bool dashes = t.len == 10;
	uint64_t month, day, year;
	size_t m = dashes ? 5 : 4;

	if (t.len != 8 && !(dashes && t.at[4] == '-' && t.at[7] == '-'))
		return false;
	return text_to_uint(text_sub(t, 0, 4), 9999, &year) &&
	       text_to_uint(text_sub(t, m, m + 2), 12, &month) &&
	       text_to_uint(text_sub(t, t.len - 2, t.len), 31, &day) &&
	       clock_has_day(year, month, day);
}

/* "..", alone or between slashes: a path that leads out of its folder. */
static bool
climbs(struct text t)
{
	struct text part;

	while (text_next_field(&t, '/', &part)) {
		if (text_is(part, ".."))
			return true;
	}
	return false;
}

static bool
check_choice(const struct param *p, struct text value, struct buf *reterr)
{
	const struct ynode *choices = p->defined ? p->defined->choices : NULL;
	uint32_t n = choices ? setting_count(choices) : 0;

	for (uint32_t i = 0; i < n; i++) {
		if (text_eq(setting_at(choices, i)->text, value))
			return true;
	}
	buf_addf(reterr, "'%.*s' is none of", TEXT_ARG(value));
	for (uint32_t i = 0; i < n; i++)
		buf_addf(reterr, "%s '%.*s'", i ? "," : "",
			 TEXT_ARG(setting_at(choices, i)->text));
	return false;
}

/* One host or user name as ssh may be given it (CVE-2023-51385: a name with
 * shell metacharacters reached ProxyCommand). */
static bool
is_name(struct text t, const char *others, size_t max)
{
	if (t.len == 0 || t.len > max || !byte_is_alnum(t.at[0]))
		return false;
	for (size_t i = 0; i < t.len; i++) {
		if (!byte_is_alnum(t.at[i]) && !strchr(others, t.at[i]))
			return false;
	}
	return true;
}

static bool
is_port(struct text t)
{
	uint64_t n;

	return text_to_uint(t, 65535, &n) && n > 0;
}

static bool
is_word_list(struct text value)
{
	struct arena arena = ARENA_INIT;
	uint32_t n;
	bool is = value_words(&arena, value, &n) != NULL;

	arena_release(&arena);
	return is;
}

static bool
fits(enum param_type type, struct text value)
{
	switch (type) {
	case PARAM_INT:
		return is_int(value);
	case PARAM_BOOL:
		return text_is(value, "true") || text_is(value, "false");
	case PARAM_DATE:
		return is_date(value);
	case PARAM_PATH:
		return !climbs(value);
	case PARAM_HOST:
		return is_name(value, ".-_", 253);
	case PARAM_USER:
		return is_name(value, "-_", 32);
	case PARAM_PORT:
		return is_port(value);
	case PARAM_WORDS:
		return is_word_list(value);
	case PARAM_STRING:
	case PARAM_CHOICE:
		break;
	}
	return true;
}

static const char *
wanted(enum param_type type)
{
	switch (type) {
	case PARAM_INT:
		return "no whole number";
	case PARAM_BOOL:
		return "neither true nor false";
	case PARAM_DATE:
		return "no date such as 2026-11-23 or 20261123";
	case PARAM_PATH:
		return "no path without '..'";
	case PARAM_HOST:
		return "no host name";
	case PARAM_USER:
		return "no user name";
	case PARAM_PORT:
		return "no port between 1 and 65535";
	case PARAM_WORDS:
		return "no list of plain words: nothing in it would be "
		       "expanded";
	case PARAM_STRING:
	case PARAM_CHOICE:
		break;
	}
	return "not accepted";
}

/* VALUE has figures where FORM has Y, M, D, H or S, and is like it elsewhere.
 */
static bool
has_form(struct text form, struct text value)
{
	if (form.len != value.len)
		return false;
	for (size_t i = 0; i < form.len; i++) {
		if (strchr("YMDHS", form.at[i]) ? !byte_is_digit(value.at[i])
						: form.at[i] != value.at[i])
			return false;
	}
	return true;
}

/* Bytes that no line of a terminal shows; a value that holds them is a trap. */
static bool
has_control(struct text value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];

		if (c < 0x20 || c == 0x7f)
			return true;
	}
	return false;
}

static bool
check_type(const struct param *p, struct text value, struct buf *reterr)
{
	enum param_type type = param_type(p);

	if (type == PARAM_CHOICE)
		return check_choice(p, value, reterr);
	if (!p->defined && p->form.len) {
		if (has_form(p->form, value))
			return true;
		buf_addf(reterr, "'%.*s' is no date as %.*s", TEXT_ARG(value),
			 TEXT_ARG(p->form));
		return false;
	}
	if (fits(type, value))
		return true;
	buf_addf(reterr, "'%.*s' is %s", TEXT_ARG(value), wanted(type));
	return false;
}

static bool
check_pattern(const struct param *p, struct text value, struct buf *reterr)
{
	struct budget budget;
	enum rx_verdict verdict;
	struct text pattern = param_pattern(p);
	struct rx *rx;
	size_t at;

	if (pattern.len == 0)
		return true;
	rx = rx_new(pattern, RX_WHOLE, reterr, &at);
	if (!rx)
		return false;
	budget_start(&budget, &clock_system, LIMIT_MATCH_MS);
	verdict = rx_match(rx, value, 0, &budget, NULL, 0, reterr);
	rx_free(rx);
	if (verdict == RX_NO)
		buf_addf(reterr, "'%.*s' does not match the pattern '%.*s'",
			 TEXT_ARG(value), TEXT_ARG(pattern));
	return verdict == RX_YES;
}

/* Words such as <args> are options as often as not. */
static bool
takes_options(const struct param *p)
{
	static const char *const names[] = { "args", "arguments", "options",
					     "flags", "extra-args" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (param_type(p) == PARAM_WORDS &&
		    param_is_called(p, text_of(names[i])))
			return true;
	}
	return false;
}

static size_t
most_bytes(const struct param *p)
{
	return p->defined && p->defined->max ? p->defined->max
					     : LIMIT_VALUE_BYTES;
}

bool
param_check(const struct param *p, struct text value, struct buf *reterr)
{
	bool dash = p->defined && p->defined->dash;

	if (value.len > most_bytes(p) || value.len > LIMIT_VALUE_BYTES) {
		buf_addf(reterr, "the value is longer than %zu bytes",
			 most_bytes(p));
		return false;
	}
	if (value.len == 0) {
		buf_adds(reterr, "the value is empty");
		return false;
	}
	if (memchr(value.at, '\0', value.len)) {
		buf_adds(reterr, "the value holds a NUL byte");
		return false;
	}
	/* the author's own pattern may allow them */
	if (has_control(value) && !p->secret &&
	    !(p->defined && p->defined->pattern)) {
		buf_adds(reterr, "the value holds control characters");
		return false;
	}
	if (!dash && !takes_options(p) && value.at[0] == '-' &&
	    param_type(p) != PARAM_INT) {
		buf_addf(reterr,
			 "'%.*s' begins with '-' and would be taken for an "
			 "option",
			 TEXT_ARG(value));
		return false;
	}
	return check_type(p, value, reterr) && check_pattern(p, value, reterr);
}
