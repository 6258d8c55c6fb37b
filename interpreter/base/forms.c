/* Encoders. Each row of the table writes one form into a buffer that has room
 * enough, so that no copy of a secret is left behind by a growing one. */
#include "base/forms.h"

#include "base/buf.h"
#include "base/compiler.h"
#include "base/limits.h"

enum {
	GROWTH = 6 /* no form is longer by more: "\u001f", "&quot;" */
};

static unsigned char
byte_at(struct text t, size_t i)
{
	return (unsigned char)t.at[i];
}

/* Text in which only some bytes are escaped: ESCAPE appends what stands for C
 * and returns true, or returns false when C stands for itself. */
typedef bool (*escape_fn)(struct buf *b, char c);

static void
add_escaped(struct buf *b, struct text t, escape_fn escape)
{
	for (size_t i = 0; i < t.len; i++) {
		if (!escape(b, t.at[i]))
			buf_addc(b, t.at[i]);
	}
}

/* ---- hexadecimal and percent -------------------------------------------- */

static void
hex_lower(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		buf_addf(b, "%02x", byte_at(t, i));
}

static void
hex_upper(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		buf_addf(b, "%02X", byte_at(t, i));
}

/* RFC 3986, 2.3. */
static bool
is_unreserved(char c)
{
	return byte_is_alnum(c) || (c && strchr("-._~", c));
}

static bool
percent(struct buf *b, char c)
{
	if (is_unreserved(c))
		return false;
	buf_addf(b, "%%%02X", (unsigned char)c);
	return true;
}

static bool
percent_lower(struct buf *b, char c)
{
	if (is_unreserved(c))
		return false;
	buf_addf(b, "%%%02x", (unsigned char)c);
	return true;
}

/* Python's quote() and others leave the slash. */
static bool
percent_path(struct buf *b, char c)
{
	return c != '/' && percent(b, c);
}

/* ECMAScript's encodeURIComponent() and encodeURI(). */
static bool
percent_component(struct buf *b, char c)
{
	return (!c || !strchr("!'()*", c)) && percent(b, c);
}

static bool
percent_uri(struct buf *b, char c)
{
	return (!c || !strchr(";,/?:@&=+$#", c)) && percent_component(b, c);
}

/* Python's quote_plus(). */
static bool
percent_plus(struct buf *b, char c)
{
	if (c != ' ')
		return percent(b, c);
	buf_addc(b, '+');
	return true;
}

/* application/x-www-form-urlencoded (URL standard, 5.2). */
static bool
percent_form(struct buf *b, char c)
{
	if (c == '~') {
		buf_adds(b, "%7E");
		return true;
	}
	return c != '*' && percent_plus(b, c);
}

/* ---- JSON (RFC 8259, 7) and XML ----------------------------------------- */

static bool
json(struct buf *b, char c)
{
	static const char shorts[] = "\b\f\n\r\t\"\\", names[] = "bfnrt\"\\";
	const char *hit = c ? strchr(shorts, c) : NULL;

	if (hit) {
		buf_addc(b, '\\');
		buf_addc(b, names[hit - shorts]);
	} else if ((unsigned char)c < 0x20) {
		buf_addf(b, "\\u%04x", (unsigned char)c);
	} else {
		return false;
	}
	return true;
}

/* PHP escapes the slash. */
static bool
json_slash(struct buf *b, char c)
{
	if (c == '/') {
		buf_adds(b, "\\/");
		return true;
	}
	return json(b, c);
}

/* Go escapes what means something in HTML. */
static bool
json_html(struct buf *b, char c)
{
	if (c == '<' || c == '>' || c == '&') {
		buf_addf(b, "\\u%04x", (unsigned char)c);
		return true;
	}
	return json(b, c);
}

/* jq and Python escape DEL, too. */
static bool
json_delete(struct buf *b, char c)
{
	if (c == 0x7f) {
		buf_adds(b, "\\u007f");
		return true;
	}
	return json(b, c);
}

/* Python and many others write ASCII only, beyond it UTF-16 units. */
static void
json_ascii(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.len;) {
		uint32_t code;
		size_t n = text_utf8(text_sub(t, i, t.len), &code);

		if (n < 2 && !json_delete(b, t.at[i]))
			buf_addc(b, t.at[i]);
		else if (n > 1 && code < 0x10000)
			buf_addf(b, "\\u%04x", code);
		else if (n > 1)
			buf_addf(b, "\\u%04x\\u%04x",
				 0xd800 + ((code - 0x10000) >> 10),
				 0xdc00 + ((code - 0x10000) & 0x3ff));
		i += n ? n : 1;
	}
}

static bool
add_entity(struct buf *b, char c, const char *quote, const char *apostrophe)
{
	const char *entity = NULL;

	if (c == '&')
		entity = "&amp;";
	else if (c == '<')
		entity = "&lt;";
	else if (c == '>')
		entity = "&gt;";
	else if (c == '"')
		entity = quote;
	else if (c == '\'')
		entity = apostrophe;
	if (entity)
		buf_adds(b, entity);
	return entity;
}

static bool
xml_text(struct buf *b, char c)
{
	return add_entity(b, c, NULL, NULL);
}

static bool
xml_attribute(struct buf *b, char c)
{
	return add_entity(b, c, "&quot;", NULL);
}

static bool
xml_named(struct buf *b, char c)
{
	return add_entity(b, c, "&quot;", "&apos;");
}

static bool
xml_decimal(struct buf *b, char c) /* Go */
{
	return add_entity(b, c, "&#34;", "&#39;");
}

static bool
html_decimal(struct buf *b, char c) /* most template engines */
{
	return add_entity(b, c, "&quot;", "&#39;");
}

static bool
html_hexadecimal(struct buf *b, char c) /* Python */
{
	return add_entity(b, c, "&quot;", "&#x27;");
}

/* ---- shells ------------------------------------------------------------- */

/* As bash's `printf %q` writes what is all printable (elsewhere it takes
 * $'…'); found by running bash 5.2 over every byte. */
static void
shell_q(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i], before = i ? t.at[i - 1] : '=';

		if ((c && strchr(" \t\n\"'|&;()<>!{}*[]?^$`\\,", c)) ||
		    (c == '#' && i == 0) ||
		    (c == '~' && (before == '=' || before == ':')))
			buf_addc(b, '\\');
		buf_addc(b, c);
	}
}

/* As `set -x` of bash 5.2 shows what stands quoted behind == in [[ ]]. */
static void
shell_pattern(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.len;) {
		uint32_t code;
		size_t n = text_utf8(text_sub(t, i, t.len), &code);

		n = n ? n : 1;
		buf_addc(b, '\\');
		buf_addt(b, text_sub(t, i, i + n));
		i += n;
	}
}

static bool
single_quotes(struct buf *b, char c)
{
	if (c == '\'')
		buf_adds(b, "'\\''");
	return c == '\'';
}

/* Python's shlex.quote(). */
static bool
single_in_double(struct buf *b, char c)
{
	if (c == '\'')
		buf_adds(b, "'\"'\"'");
	return c == '\'';
}

static bool
double_quotes(struct buf *b, char c)
{
	if (!c || !strchr("\"$`\\", c))
		return false;
	buf_addc(b, '\\');
	buf_addc(b, c);
	return true;
}

/* The inside of $'…' as bash writes it. */
static bool
dollar_quotes(struct buf *b, char c)
{
	static const char controls[] = "\a\b\033\f\n\r\t\v'\\",
			  names[] = "abEfnrtv'\\";
	const char *hit = c ? strchr(controls, c) : NULL;

	if (hit) {
		buf_addc(b, '\\');
		buf_addc(b, names[hit - controls]);
	} else if ((unsigned char)c < 0x20 || c == 0x7f) {
		buf_addf(b, "\\%03o", (unsigned char)c);
	} else {
		return false;
	}
	return true;
}

static bool
dollar_quotes_octal(struct buf *b, char c)
{
	if ((unsigned char)c < 0x80)
		return dollar_quotes(b, c);
	buf_addf(b, "\\%03o", (unsigned char)c);
	return true;
}

/* ---- base64 (RFC 4648) -------------------------------------------------- */

static const char base64_std[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64_url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz0123456789-_";

/* The six bits from BIT on of T, zeros behind its end. */
static unsigned
six_bits(struct text t, size_t bit)
{
	size_t i = bit / 8;
	unsigned two = (unsigned)byte_at(t, i) << 8;

	if (i + 1 < t.len)
		two |= byte_at(t, i + 1);
	return two >> (10 - bit % 8) & 0x3f;
}

/* T as it stands in the base64 of a longer text in which SHIFT bytes (modulo
 * 3) precede it: only the characters that T alone decides. AT_END: nothing
 * follows, so that the last one is decided, too, and padded. */
static void
base64(struct buf *b, struct text t, size_t shift, const char *alphabet,
       bool at_end)
{
	size_t bit = (6 - shift * 8 % 6) % 6;

	for (; bit + 6 <= 8 * t.len; bit += 6)
		buf_addc(b, alphabet[six_bits(t, bit)]);
	if (!at_end || bit == 8 * t.len)
		return;
	buf_addc(b, alphabet[six_bits(t, bit)]);
	buf_fill(b, '=', (8 * t.len - bit) == 2 ? 2 : 1);
}

struct encoding {
	form_fn on_form;
	void *ctx;
};

static void
encode_twice(const struct encoding *to, struct text once, const char *alphabet,
	     struct buf *twice)
{
	for (size_t shift = 0; shift < 3; shift++) {
		buf_cut(twice, 0);
		base64(twice, once, shift, alphabet, false);
		to->on_form(to->ctx, buf_text(twice));
	}
}

static void
each_base64(const struct encoding *to, struct text value, const char *alphabet)
{
	CLEANUP(buf_wipe) struct buf once = BUF_INIT;
	CLEANUP(buf_wipe) struct buf twice = BUF_INIT;

	buf_reserve(&once, GROWTH * value.len);
	buf_reserve(&twice, GROWTH * value.len);
	for (size_t shift = 0; shift < 3; shift++) {
		for (int at_end = 0; at_end < 2; at_end++) {
			buf_cut(&once, 0);
			base64(&once, value, shift, alphabet, at_end);
			to->on_form(to->ctx, buf_text(&once));
			encode_twice(to, buf_text(&once), alphabet, &twice);
		}
	}
}

/* ---- all ---------------------------------------------------------------- */

static const escape_fn escapes[] = {
	percent,       percent_lower,       percent_path,     percent_form,
	percent_plus,  percent_component,   percent_uri,      json,
	json_slash,    json_html,           json_delete,      xml_text,
	xml_attribute, xml_named,           xml_decimal,      html_decimal,
	single_quotes, single_in_double,    html_hexadecimal, double_quotes,
	dollar_quotes, dollar_quotes_octal,
};

typedef void (*whole_fn)(struct buf *b, struct text t);

static const whole_fn wholes[] = { hex_lower, hex_upper, json_ascii, shell_q,
				   shell_pattern };

void
forms_each(struct text value, form_fn on_form, void *ctx)
{
	const struct encoding to = { on_form, ctx };
	CLEANUP(buf_wipe) struct buf form = BUF_INIT;

	if (value.len > LIMIT_VALUE_BYTES)
		BUG("a secret of %zu bytes", value.len);
	on_form(ctx, value);
	buf_reserve(&form, GROWTH * value.len);
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++) {
		buf_cut(&form, 0);
		add_escaped(&form, value, escapes[i]);
		on_form(ctx, buf_text(&form));
	}
	for (size_t i = 0; i < ARRAY_LEN(wholes); i++) {
		buf_cut(&form, 0);
		wholes[i](&form, value);
		on_form(ctx, buf_text(&form));
	}
	each_base64(&to, value, base64_std);
	each_base64(&to, value, base64_url);
}
