/* Scanners for what changes between two runs of the same command. Each gets
 * the rest of a line and returns how many bytes it takes, 0 for none; that a
 * word must end there is checked once, for all of them. */
#include "want/scan.h"

#include "base/limits.h"

size_t
shape_character(struct text line, size_t at)
{
	uint32_t code;
	size_t n = text_utf8(text_sub(line, at, line.len), &code);

	return n ? n : 1;
}

/* Punctuation and drawing beyond ASCII: U+2000 to U+206F, U+2190 to U+27BF
 * (arrows, box drawing, blocks, dingbats). */
static bool
is_word_code(uint32_t code)
{
	if (code < 0x80)
		return byte_is_alnum((char)code);
	return !(code >= 0x2000 && code <= 0x206f) &&
	       !(code >= 0x2190 && code <= 0x27bf);
}

size_t
shape_word(struct text line, size_t at)
{
	size_t start = at, n;
	uint32_t code;

	while ((n = text_utf8(text_sub(line, at, line.len), &code)) &&
	       is_word_code(code))
		at += n;
	return at - start;
}

static char
byte_at(struct text t, size_t at)
{
	if (at < t.len)
		return t.at[at];
	return '\0';
}

static size_t
digits(struct text t, size_t at)
{
	size_t n = 0;

	while (byte_is_digit(byte_at(t, at + n)))
		n++;
	return n;
}

static bool
is_hex_digit(char c)
{
	return byte_is_digit(c) || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

static size_t
hex_digits(struct text t, size_t at)
{
	size_t n = 0;

	while (is_hex_digit(byte_at(t, at + n)))
		n++;
	return n;
}

bool
shape_is_hex(struct text t, size_t min)
{
	bool lower = false, upper = false;

	for (size_t i = 0; i < t.len; i++) {
		if (!is_hex_digit(t.at[i]))
			return false;
		lower |= t.at[i] >= 'a';
		upper |= t.at[i] >= 'A' && t.at[i] <= 'F';
	}
	return t.len >= min && !(lower && upper);
}

/* Match T at AT with PATTERN: "9" a digit, "x" a hexadecimal digit, else the
 * byte itself. Returns the pattern's length or 0. */
static size_t
picture(struct text t, size_t at, const char *pattern)
{
	size_t i;

	for (i = 0; pattern[i]; i++) {
		char c = byte_at(t, at + i);
		bool fits = pattern[i] == '9'   ? byte_is_digit(c)
			    : pattern[i] == 'x' ? is_hex_digit(c)
						: c == pattern[i];

		if (!fits)
			return 0;
	}
	return i;
}

static size_t
first_picture(struct text t, size_t at, const char *const *pictures)
{
	size_t n = 0;

	while (*pictures && !(n = picture(t, at, *pictures)))
		pictures++;
	return n;
}

static size_t
scan_uuid(struct text t)
{
	return picture(t, 0, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

/* Time of day or a long duration, with fraction, AM/PM and numeric zone. */
static size_t
scan_time(struct text t)
{
	static const char *const clocks[] = { "99:99:99", "9:99:99", "99:99",
					      "9:99", NULL };
	static const char *const zones[] = { "+99:99", "-99:99", "+9999",
					     "-9999",  "Z",      NULL };
	static const char *const halves[] = { " AM", " PM", "AM", "PM", NULL };
	size_t n = first_picture(t, 0, clocks);

	if (n == 0)
		return 0;
	if ((byte_at(t, n) == '.' || byte_at(t, n) == ',') && digits(t, n + 1))
		n += 1 + digits(t, n + 1);
	n += first_picture(t, n, halves);
	if (byte_at(t, n) == ' ' && first_picture(t, n + 1, zones) > 1)
		n++;
	n += first_picture(t, n, zones);
	/* "12:34:56:78" and "aa:bb"-like runs are something else. */
	return byte_at(t, n) == ':' && byte_is_digit(byte_at(t, n + 1)) ? 0 : n;
}

/* A date in figures; together with a time when joined by "T" (RFC 3339). */
static size_t
scan_date(struct text t)
{
	static const char *const dates[] = { "9999-99-99", "9999/99/99",
					     "9999.99.99", "99.99.9999",
					     "99/99/9999", "99-99-9999",
					     NULL };
	size_t n = first_picture(t, 0, dates), time;

	if (n && (byte_at(t, n) == 'T' || byte_at(t, n) == 't')) {
		time = scan_time(text_sub(t, n + 1, t.len));
		n += time ? 1 + time : 0;
	}
	return n;
}

static size_t
scan_ipv4(struct text t)
{
	size_t at = 0;

	for (int part = 0; part < 4; part++) {
		uint64_t value;
		size_t n = digits(t, at);

		if (!text_to_uint(text_sub(t, at, at + n), 255, &value))
			return 0;
		at += n;
		if (part < 3 && byte_at(t, at++) != '.')
			return 0;
	}
	return byte_at(t, at) == '.' && byte_is_digit(byte_at(t, at + 1)) ? 0
									  : at;
}

/* IPv6, MAC addresses and fingerprints: hexadecimal groups between colons. An
 * IPv6 address has eight groups or a "::" (RFC 4291, 2.2), the others have six
 * or more groups of two. */
static size_t
scan_colons(struct text t)
{
	size_t at = 0, groups = 0, pairs = 0;
	bool gap = false;

	while (is_hex_digit(byte_at(t, at)) || byte_at(t, at) == ':') {
		size_t n = hex_digits(t, at);

		if (n > 4)
			return 0;
		groups += n > 0;
		pairs += n == 2;
		at += n;
		if (byte_at(t, at) != ':')
			break;
		gap |= byte_at(t, at + 1) == ':';
		at++;
	}
	if (at && t.at[at - 1] == ':' && !(at > 1 && t.at[at - 2] == ':'))
		at--;
	if (groups >= 6 && pairs == groups)
		return at;
	return (gap && at > 2) || groups == 8 ? at : 0;
}

static size_t
scan_address(struct text t)
{
	size_t n = scan_ipv4(t);

	return n ? n : scan_colons(t);
}

/* "1.25.3", "v1.2", "5.15.0rc1": more dots than a number has, or a "v". */
static size_t
scan_version(struct text t)
{
	size_t at = byte_at(t, 0) == 'v', dots = 0, n = digits(t, at);
	bool marked = at;

	if (n == 0)
		return 0;
	at += n;
	while (byte_at(t, at) == '.' && (n = digits(t, at + 1))) {
		at += 1 + n;
		dots++;
	}
	return dots >= (marked ? 1u : 2u) ? at + shape_word(t, at) : 0;
}

static size_t
scan_number(struct text t)
{
	size_t n = digits(t, 0), more;

	if (n == 0)
		return 0;
	if (n <= 3) {
		while (byte_at(t, n) == ',' && digits(t, n + 1) == 3)
			n += 4;
	}
	if (byte_at(t, n) == '.' && digits(t, n + 1))
		n += 1 + digits(t, n + 1);
	more = byte_at(t, n) == 'e' ? 1 : 0;
	if (more && (byte_at(t, n + 1) == '-' || byte_at(t, n + 1) == '+'))
		more++;
	return more && digits(t, n + more) ? n + more + digits(t, n + more) : n;
}

/* The longest of UNITS that T has at AT as a whole word. */
static size_t
unit_at(struct text t, size_t at, const char *const *units)
{
	size_t n = shape_word(t, at);

	for (; *units; units++) {
		if (text_is(text_sub(t, at, at + n), *units))
			return n;
	}
	return 0;
}

static size_t
scan_size(struct text t)
{
	static const char *const joined[] = {
		"B",  "K",   "M",   "G",   "T",   "P",   "E",  "k",  "Ki",
		"Mi", "Gi",  "Ti",  "Pi",  "kB",  "KB",  "MB", "GB", "TB",
		"PB", "KiB", "MiB", "GiB", "TiB", "PiB", NULL
	};
	static const char *const apart[] = { "B",    "kB",    "KB",  "MB",
					     "GB",   "TB",    "PB",  "KiB",
					     "MiB",  "GiB",   "TiB", "PiB",
					     "byte", "bytes", NULL };
	size_t n = scan_number(t), unit;

	if (n == 0)
		return 0;
	unit = unit_at(t, n, joined);
	if (unit)
		return n + unit;
	unit = byte_at(t, n) == ' ' ? unit_at(t, n + 1, apart) : 0;
	return unit ? n + 1 + unit : 0;
}

/* Length of one unit of time at AT, as it stands right behind a number. */
static size_t
short_unit(struct text t, size_t at)
{
	static const char *const units[] = { "ns",  "us", "µs", "ms",  "min",
					     "sec", "s",  "m",  "hrs", "hr",
					     "h",   "d",  "w",  "y",   NULL };

	for (size_t i = 0; units[i]; i++) {
		if (text_starts(text_sub(t, at, t.len), units[i]))
			return strlen(units[i]);
	}
	return 0;
}

static size_t
long_unit(struct text t, size_t at)
{
	static const char *const units[] = {
		"second", "seconds", "sec",  "secs",  "minute", "minutes",
		"min",    "mins",    "hour", "hours", "hr",     "hrs",
		"day",    "days",    "week", "weeks", "month",  "months",
		"year",   "years",   "msec", "ms",    "s",      NULL
	};

	return byte_at(t, at) == ' ' && unit_at(t, at + 1, units)
		       ? 1 + unit_at(t, at + 1, units)
		       : 0;
}

/* One number with its unit: "3h", "1.5 seconds". */
static size_t
duration_part(struct text t, size_t at)
{
	size_t n = digits(t, at), unit;

	if (n && byte_at(t, at + n) == '.' && digits(t, at + n + 1))
		n += 1 + digits(t, at + n + 1);
	if (n == 0)
		return 0;
	unit = short_unit(t, at + n);
	if (unit == 0)
		unit = long_unit(t, at + n);
	return unit ? n + unit : 0;
}

/* "3h20m", "1min 30s", "2 days", and what Docker says for small ones. */
static size_t
scan_duration(struct text t)
{
	static const char *const phrases[] = { "About a minute",
					       "About an hour",
					       "Less than a second", NULL };
	size_t n = duration_part(t, 0), more;

	if (n == 0)
		return first_picture(t, 0, phrases);
	for (;;) {
		size_t blank = byte_at(t, n) == ' ';

		more = duration_part(t, n + blank);
		if (more == 0)
			return n;
		n += blank + more;
	}
}

static size_t
scan_month(struct text t)
{
	static const char *const months[] = {
		"Jan",     "Feb",      "Mar",      "Apr",      "May",
		"Jun",     "Jul",      "Aug",      "Sep",      "Oct",
		"Nov",     "Dec",      "January",  "February", "March",
		"April",   "June",     "July",     "August",   "September",
		"October", "November", "December", NULL
	};

	return unit_at(t, 0, months);
}

static size_t
scan_weekday(struct text t)
{
	static const char *const days[] = { "Mon",       "Tue",      "Wed",
					    "Thu",       "Fri",      "Sat",
					    "Sun",       "Monday",   "Tuesday",
					    "Wednesday", "Thursday", "Friday",
					    "Saturday",  "Sunday",   NULL };

	return unit_at(t, 0, days);
}

/* Abbreviations that `date` and logs print; no other word in capitals, since
 * a log has ERROR in the same place. */
static size_t
scan_zone(struct text t)
{
	static const char *const zones[] = {
		"UTC",  "GMT", "CET", "CEST", "EET", "EEST", "WET",
		"WEST", "BST", "IST", "MSK",  "EST", "EDT",  "CST",
		"CDT",  "MST", "MDT", "PST",  "PDT", "JST",  NULL
	};

	return unit_at(t, 0, zones);
}

/* Hexadecimal ids (commits, containers, digests), and words in which letters
 * and digits take turns, as generated names do ("x2k4p"). "web1", "utf8" and
 * "sha256" are neither. */
static size_t
scan_id(struct text t)
{
	size_t n = 0, turns = 0, n_digits = 0;

	if (byte_at(t, 0) == '0' && byte_at(t, 1) == 'x')
		return hex_digits(t, 2) ? 2 + hex_digits(t, 2) : 0;
	for (; byte_is_alnum(byte_at(t, n)); n++) {
		bool digit = byte_is_digit(t.at[n]);

		n_digits += digit;
		turns += n && digit != byte_is_digit(t.at[n - 1]);
	}
	if (n_digits == 0 || n_digits == n)
		return 0;
	if (n >= 7 && shape_is_hex(text_sub(t, 0, n), 7))
		return n;
	return n >= 5 && turns >= 2 ? n : 0;
}

static const struct {
	enum shape_class is;
	size_t (*scan)(struct text rest);
} scanners[] = {
	{ SHAPE_UUID, scan_uuid },       { SHAPE_DATE, scan_date },
	{ SHAPE_ADDRESS, scan_address }, { SHAPE_TIME, scan_time },
	{ SHAPE_VERSION, scan_version }, { SHAPE_DURATION, scan_duration },
	{ SHAPE_SIZE, scan_size },       { SHAPE_NUMBER, scan_number },
	{ SHAPE_ID, scan_id },           { SHAPE_MONTH, scan_month },
	{ SHAPE_WEEKDAY, scan_weekday }, { SHAPE_ZONE, scan_zone },
};

static bool
is_joint(char c)
{
	return byte_is_blank(c) || c == ',' || c == '-' || c == '/' || c == '.';
}

/* "May", "Sun" and "IST" are words like any other unless a date or time stands
 * beside them. */
static bool
is_in_date(struct text line, size_t at, size_t end, enum shape_class is)
{
	while (at > 0 && is_joint(line.at[at - 1]))
		at--;
	while (end < line.len && is_joint(line.at[end]))
		end++;
	if (is == SHAPE_ZONE)
		return at > 0 && (byte_is_digit(line.at[at - 1]) ||
				  line.at[at - 1] == 'M');
	if (is == SHAPE_MONTH)
		return (at > 0 && byte_is_digit(line.at[at - 1])) ||
		       byte_is_digit(byte_at(line, end));
	return byte_is_digit(byte_at(line, end)) ||
	       scan_month(text_sub(line, end, end + LIMIT_SHAPE_BYTES));
}

static bool
is_word_at(struct text line, size_t at)
{
	uint32_t code;

	return text_utf8(text_sub(line, at, line.len), &code) &&
	       is_word_code(code);
}

size_t
shape_known(struct text line, size_t at, enum shape_class *ret_class)
{
	struct text rest = text_sub(line, at, at + LIMIT_SHAPE_BYTES);

	for (size_t i = 0; i < ARRAY_LEN(scanners); i++) {
		enum shape_class is = scanners[i].is;
		size_t n = scanners[i].scan(rest);

		if (n == 0 || is_word_at(line, at + n))
			continue;
		if ((is == SHAPE_MONTH || is == SHAPE_WEEKDAY ||
		     is == SHAPE_ZONE) &&
		    !is_in_date(line, at, at + n, is))
			continue;
		*ret_class = is;
		return n;
	}
	return 0;
}
