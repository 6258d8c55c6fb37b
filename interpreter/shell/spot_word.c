/* Words that stand for something else: YOUR_X, CHANGE_ME, YYYYMMDD, xxx,
 * 'PASSWORD', admin@example.com, /dev/sdX. */
#include "base/limits.h"
#include "shell/spot.h"

static bool
is_word_byte(char c)
{
	return byte_is_alnum(c) || c == '_';
}

/* $NAME and ${NAME} are variables, NAME= and NAME() define something. */
static bool
is_name_of_shell(const struct spot *spot, size_t end)
{
	char before = spot_byte(spot, -1);
	struct text behind = text_sub(spot->t, end, end + 2);

	if (before == '$' || (before == '{' && spot_byte(spot, -2) == '$'))
		return true;
	return text_starts(behind, "=") || text_starts(behind, "+=") ||
	       text_starts(behind, "()");
}

/* ---- your-x, CHANGE_ME -------------------------------------------------- */

/* YOUR_X: capitals; your-x, your_x: small letters, with dots between them. */
static bool
look_your(const struct spot *spot, struct placeholder *ret)
{
	struct text rest = text_sub(spot->t, spot->at, spot->t.len);
	bool upper = text_starts(rest, "YOUR_") || text_starts(rest, "YOUR-");
	size_t end = 5;

	if (!upper && !text_starts(rest, "your-") &&
	    !text_starts(rest, "your_"))
		return false;
	if (!upper && spot_byte(spot, -1) == '-')
		return false; /* an option */
	while (end < rest.len && end < LIMIT_PLACEHOLDER_BYTES) {
		char c = rest.at[end];
		bool inner = c == '_' || c == '-' || (!upper && c == '.');

		if (!byte_is_alnum(c) &&
		    !(inner && byte_is_alnum(text_at(rest, end + 1))))
			break;
		end++;
	}
	if (end == 5 || is_name_of_shell(spot, spot->at + end))
		return false;
	return spot_found(ret, PLACEHOLDER_YOUR, PLACEHOLDER_CERTAIN, spot->at,
			  spot->at + end, text_sub(rest, 0, end));
}

static bool
look_change(const struct spot *spot, struct placeholder *ret)
{
	static const char *const heads[] = { "CHANGE_ME",    "CHANGE-ME",
					     "CHANGEME",     "CHANGE_THIS",
					     "REPLACE_ME",   "REPLACE_WITH",
					     "REPLACE_THIS", "REPLACEME" };
	struct text rest = text_sub(spot->t, spot->at, spot->t.len);
	size_t end = 0;

	for (size_t i = 0; i < ARRAY_LEN(heads) && end == 0; i++) {
		if (text_starts(rest, heads[i]) ||
		    (text_starts_nocase(rest, heads[i]) &&
		     byte_lower(rest.at[1]) == rest.at[1]))
			end = strlen(heads[i]);
	}
	if (end == 0)
		return false;
	while (end < LIMIT_PLACEHOLDER_BYTES &&
	       (is_word_byte(text_at(rest, end)) ||
		(text_at(rest, end) == '-' &&
		 is_word_byte(text_at(rest, end + 1)))))
		end++;
	if (is_name_of_shell(spot, spot->at + end))
		return false;
	return spot_found(ret, PLACEHOLDER_CHANGE, PLACEHOLDER_CERTAIN,
			  spot->at, spot->at + end, text_sub(rest, 0, end));
}

/* ---- dates, xxx, devices ------------------------------------------------ */

/* Length of UNIT at AT of T, after at most one separator when AT is not 0. */
static size_t
unit_length(struct text t, size_t at, const char *unit)
{
	size_t skip = at && text_at(t, at) && strchr("-_/.:T", text_at(t, at));

	return text_starts(text_sub(t, at + skip, t.len), unit)
		       ? skip + strlen(unit)
		       : 0;
}

static bool
look_date(const struct spot *spot, struct placeholder *ret)
{
	static const char *const orders[][7] = {
		{ "YYYY", "MM", "DD", "HH", "MM", "SS", NULL },
		{ "DD", "MM", "YYYY", NULL },
		{ "MM", "DD", "YYYY", NULL },
	};
	struct text rest = text_sub(spot->t, spot->at, spot->at + 32);

	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		size_t end = 0, n, k;

		for (k = 0; orders[i][k]; k++) {
			n = unit_length(rest, end, orders[i][k]);
			if (n == 0)
				break;
			end += n;
		}
		/* the year may stand alone, the other orders not */
		if (end == 0 || (i > 0 && orders[i][k]) ||
		    !byte_bounds(text_at(rest, end)) ||
		    is_name_of_shell(spot, spot->at + end))
			continue;
		return spot_found(ret, PLACEHOLDER_DATE, PLACEHOLDER_CERTAIN,
				  spot->at, spot->at + end,
				  text_sub(rest, 0, end));
	}
	return false;
}

/* The line up to the spot holds a word that makes X mean something: the
 * template of mktemp. */
static bool
is_template(const struct spot *spot)
{
	size_t start = spot->at;

	while (start > 0 && spot->at - start < 256 &&
	       spot->t.at[start - 1] != '\n')
		start--;
	return text_find(text_sub(spot->t, start, spot->at), TEXT("mktemp"),
			 0) < spot->at - start;
}

/* xxx, XXXX; with "-" between, as in an UUID. */
static bool
look_xxx(const struct spot *spot, struct placeholder *ret)
{
	char x = spot->t.at[spot->at];
	size_t end = spot->at;

	while (text_at(spot->t, end) == x ||
	       (text_at(spot->t, end) == '-' && text_at(spot->t, end + 1) == x))
		end++;
	if (end - spot->at < 3 || !byte_bounds(text_at(spot->t, end)) ||
	    is_name_of_shell(spot, end) || is_template(spot))
		return false;
	return spot_found(ret, PLACEHOLDER_XXX, PLACEHOLDER_LIKELY, spot->at,
			  end, text_sub(spot->t, spot->at, end));
}

bool
spot_device(const struct spot *spot, struct placeholder *ret)
{
	static const char *const heads[] = { "/dev/sdX",   "/dev/hdX",
					     "/dev/vdX",   "/dev/xvdX",
					     "/dev/nvmeX", "/dev/diskX",
					     "/dev/sdx" };
	struct text rest = text_sub(spot->t, spot->at, spot->at + 16);

	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		size_t n = strlen(heads[i]);

		/* a partition may follow: sdX1, nvmeXn1 */
		if (text_starts(rest, heads[i]) &&
		    (!byte_is_alpha(text_at(rest, n)) ||
		     byte_is_digit(text_at(rest, n + 1))))
			return spot_found(ret, PLACEHOLDER_DEVICE,
					  PLACEHOLDER_CERTAIN, spot->at,
					  spot->at + n, text_sub(rest, 5, n));
	}
	return false;
}

/* "/path/to/server.crt": its name is what stands behind. */
bool
spot_path(const struct spot *spot, struct placeholder *ret)
{
	static const char head[] = "/path/to/";
	char before = spot_byte(spot, -1);
	size_t start = spot->at + strlen(head), end = start;
	bool of_url = before == '/' && spot_byte(spot, -2) == '/';

	if (!text_starts(text_sub(spot->t, spot->at, spot->t.len), head) ||
	    !byte_bounds(before) || (before && strchr("._-~}", before)) ||
	    (before == '/' && !of_url))
		return false;
	while (end - start < LIMIT_PLACEHOLDER_BYTES &&
	       (byte_is_alnum(text_at(spot->t, end)) ||
		(text_at(spot->t, end) &&
		 strchr("._-/", text_at(spot->t, end)))))
		end++;
	while (end > start && strchr("./", spot->t.at[end - 1]))
		end--;
	if (end == start)
		return false;
	spot_found(ret, PLACEHOLDER_PATH, PLACEHOLDER_CERTAIN, spot->at, end,
		   text_sub(spot->t, start, end));
	ret->secret = false; /* where a key is may be known */
	return true;
}

/* ---- addresses ---------------------------------------------------------- */

/* Where letters, digits and the bytes of SIGNS end, from AT on. */
static size_t
run_end(struct text t, size_t at, const char *signs)
{
	size_t end = at;

	while (end - at < LIMIT_PLACEHOLDER_BYTES && end < t.len &&
	       (byte_is_alnum(t.at[end]) || strchr(signs, t.at[end])))
		end++;
	return end;
}

/* A domain set aside for examples (RFC 2606). */
static bool
is_example_domain(struct text domain)
{
	static const char *const names[] = { "example.com", "example.org",
					     "example.net" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t n = strlen(names[i]);

		if (text_is(domain, names[i]) ||
		    (text_ends(domain, names[i]) && domain.len > n &&
		     domain.at[domain.len - n - 1] == '.'))
			return true;
	}
	return false;
}

static bool
look_example(const struct spot *spot, struct placeholder *ret)
{
	char before = spot_byte(spot, -1);
	size_t at, end;

	if (spot->at >= spot->last_at)
		return false;
	at = run_end(spot->t, spot->at, "._+-");
	if (text_at(spot->t, at) != '@' || (before && strchr("._+-@", before)))
		return false;
	end = run_end(spot->t, at + 1, ".-");
	while (end > at && text_before(spot->t, end) == '.')
		end--;
	if (!is_example_domain(text_sub(spot->t, at + 1, end)))
		return false;
	return spot_found(ret, PLACEHOLDER_EXAMPLE, PLACEHOLDER_LIKELY,
			  spot->at, end, text_sub(spot->t, spot->at, end));
}

/* ---- all of them -------------------------------------------------------- */

bool
spot_word(const struct spot *spot, struct placeholder *ret)
{
	char c = spot->t.at[spot->at], before = spot_byte(spot, -1);

	if (!byte_bounds(before))
		return false;
	if ((c == 'Y' || c == 'D' || c == 'M') && look_date(spot, ret))
		return true;
	if ((c == 'x' || c == 'X') && look_xxx(spot, ret))
		return true;
	if (before == '_' || !byte_is_alnum(c))
		return false;
	if ((c == 'y' || c == 'Y') && look_your(spot, ret))
		return true;
	if ((byte_lower(c) == 'c' || byte_lower(c) == 'r') &&
	    look_change(spot, ret))
		return true;
	return spot_dummy(spot, ret) || look_example(spot, ret) ||
	       spot_capitals(spot, ret);
}
