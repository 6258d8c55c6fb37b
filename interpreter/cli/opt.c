/* Parsing options. */
#include "cli/opt.h"

#include "base/alloc.h"

struct opt_value {
	const struct opt *opt;
	const char *value; /* NULL: the flag was switched off */
};

struct scanner {
	struct opts *o;
	int argc, at;
	char **argv;
	struct buf *reterr;
};

static const struct opt *
find_by_name(const struct opts *o, struct text name)
{
	for (size_t t = 0; t < ARRAY_LEN(o->tables); t++) {
		for (const struct opt *p = o->tables[t]; p && p->name; p++) {
			if (text_is(name, p->name))
				return p;
		}
	}
	return NULL;
}

static const struct opt *
find_by_letter(const struct opts *o, char letter)
{
	for (size_t t = 0; t < ARRAY_LEN(o->tables); t++) {
		for (const struct opt *p = o->tables[t]; p && p->name; p++) {
			if (p->letter == letter)
				return p;
		}
	}
	return NULL;
}

static const struct opt *
nearest(const struct opts *o, struct text name)
{
	enum {
		SHORT = 6 /* two mistakes in so few letters are another word */
	};
	const struct opt *best = NULL;
	unsigned limit = name.len < SHORT ? 1 : text_nearness(name);
	unsigned least = limit + 1;

	for (size_t t = 0; t < ARRAY_LEN(o->tables); t++) {
		for (const struct opt *p = o->tables[t]; p && p->name; p++) {
			unsigned d =
				text_distance(name, text_of(p->name), limit);

			if (d < least) {
				least = d;
				best = p;
			}
		}
	}
	return best;
}

static void
add_value(struct opts *o, const struct opt *opt, const char *value)
{
	struct opt_value v = { opt, value };

	o->values = xreallocarray(o->values, o->n_values + 1, sizeof(v));
	o->values[o->n_values++] = v;
}

static int
unknown(struct scanner *s, struct text name)
{
	const struct opt *near = nearest(s->o, name);

	s->o->unknown = name;
	buf_addf(s->reterr, "unknown option '--%.*s'", TEXT_ARG(name));
	if (near)
		buf_addf(s->reterr, "\nhelp: did you mean '--%s'?", near->name);
	return -1;
}

static int
take_value(struct scanner *s, const struct opt *opt, const char *attached)
{
	if (!attached && s->at >= s->argc) {
		buf_addf(s->reterr, "option '--%s' wants a value: --%s %s",
			 opt->name, opt->name, opt->value);
		return -1;
	}
	add_value(s->o, opt, attached ? attached : s->argv[s->at++]);
	return 0;
}

static int
long_option(struct scanner *s, const char *arg)
{
	struct text whole = text_of(arg);
	size_t equals = text_chr(whole, '=', 0);
	struct text name = text_sub(whole, 0, equals);
	const char *attached = equals < whole.len ? arg + equals + 1 : NULL;
	const struct opt *opt = find_by_name(s->o, name);

	if (!opt && text_starts(name, "no-")) {
		opt = find_by_name(s->o, text_sub(name, 3, name.len));
		if (opt && opt->kind == OPT_FLAG && !attached) {
			add_value(s->o, opt, NULL);
			return 0;
		}
		opt = NULL;
	}
	if (!opt)
		return unknown(s, name);
	if (opt->kind != OPT_FLAG)
		return take_value(s, opt, attached);
	if (attached) {
		buf_addf(s->reterr, "option '--%s' takes no value", opt->name);
		return -1;
	}
	add_value(s->o, opt, "");
	return 0;
}

static int
short_options(struct scanner *s, const char *letters)
{
	for (; *letters; letters++) {
		const struct opt *opt = find_by_letter(s->o, *letters);

		if (!opt) {
			buf_addf(s->reterr, "unknown option '-%c'", *letters);
			return -1;
		}
		if (opt->kind != OPT_FLAG)
			return take_value(s, opt,
					  letters[1] ? letters + 1 : NULL);
		add_value(s->o, opt, "");
	}
	return 0;
}

static void
add_operand(struct opts *o, const char *arg)
{
	o->operands = xreallocarray(o->operands, o->n_operands + 1,
				    sizeof(const char *));
	o->operands[o->n_operands++] = arg;
}

int
opts_parse(struct opts *o, const struct opt *own, const struct opt *common,
	   int argc, char **argv, struct buf *reterr)
{
	struct scanner s = { o, argc, 0, argv, reterr };
	bool options = true;

	*o = (struct opts){ .tables = { own, common } };
	while (s.at < argc) {
		const char *arg = argv[s.at++];
		int rc = 0;

		if (options && strcmp(arg, "--") == 0)
			options = false;
		else if (options && strncmp(arg, "--", 2) == 0)
			rc = long_option(&s, arg + 2);
		else if (options && arg[0] == '-' && arg[1])
			rc = short_options(&s, arg + 1);
		else
			add_operand(o, arg);
		if (rc < 0)
			return -1;
	}
	return 0;
}

void
opts_release(struct opts *o)
{
	free(o->operands);
	free(o->values);
	*o = (struct opts){ .n_operands = 0 };
}

static const struct opt *
declared(const struct opts *o, const char *name)
{
	const struct opt *opt = find_by_name(o, text_of(name));

	if (!opt)
		BUG("option '%s' is in no table", name);
	return opt;
}

static const char *
from_environment(const struct opt *opt)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT;
	const char *value;

	if (!opt->environment)
		return NULL;
	buf_adds(&name, "RUNBOOK_");
	for (const char *p = opt->name; *p; p++)
		buf_addc(&name, *p == '-' ? '_' : (char)(*p - 'a' + 'A'));
	value = getenv(buf_cstr(&name));
	return value && *value ? value : NULL;
}

bool
opts_flag(const struct opts *o, const char *name)
{
	const struct opt *opt = declared(o, name);
	const char *value;

	for (size_t i = o->n_values; i > 0; i--) {
		if (o->values[i - 1].opt == opt)
			return o->values[i - 1].value != NULL;
	}
	value = from_environment(opt);
	return value && strcmp(value, "0") != 0;
}

const char *
opts_text(const struct opts *o, const char *name)
{
	const struct opt *opt = declared(o, name);

	for (size_t i = o->n_values; i > 0; i--) {
		if (o->values[i - 1].opt == opt)
			return o->values[i - 1].value;
	}
	return from_environment(opt);
}

const char **
opts_list(const struct opts *o, const char *name, size_t *ret_n)
{
	const struct opt *opt = declared(o, name);
	const char **list = xcalloc(o->n_values + 1, sizeof(*list));

	*ret_n = 0;
	for (size_t i = 0; i < o->n_values; i++) {
		if (o->values[i].opt == opt)
			list[(*ret_n)++] = o->values[i].value;
	}
	return list;
}

bool
opts_takes_next(const struct opt *table, const char *arg)
{
	struct text name = text_of(arg);
	bool is_long = text_starts(name, "--");

	if (is_long)
		name = text_sub(name, 2, name.len);
	for (; table->name; table++) {
		if (table->kind == OPT_FLAG)
			continue;
		/* "-C", "-qC"; in "-Cdir" and "--color=never" it has it. */
		if (is_long ? text_is(name, table->name)
			    : table->letter &&
				      name.at[name.len - 1] == table->letter)
			return true;
	}
	return false;
}

void
opts_help(struct buf *b, const struct opt *table)
{
	for (; table->name; table++) {
		CLEANUP(buf_release) struct buf left = BUF_INIT;

		if (table->letter)
			buf_addf(&left, "  -%c, ", table->letter);
		else
			buf_adds(&left, "      ");
		buf_addf(&left, "--%s", table->name);
		if (table->value)
			buf_addf(&left, " %s", table->value);
		buf_addt(b, buf_text(&left));
		buf_fill(b, ' ', left.len < 30 ? 30 - left.len : 1);
		buf_addf(b, "%s\n", table->help);
	}
}
