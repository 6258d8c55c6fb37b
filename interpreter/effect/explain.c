/* Saying what a finding means: "DROP DATABASE app — SQL inside psql inside
 * container db on web1 (via ssh). Deletes it. Undo: … Check: …" */
#include "effect/judge.h"

void
effect_chain(struct buf *b, const struct hop *innermost)
{
	if (!innermost)
		return;
	effect_chain(b, innermost->outer);
	if (innermost->outer)
		buf_addc(b, '>');
	buf_adds(b, innermost->name);
}

/* TEXT with "…" where it is not known, on one line. */
static void
add_shown(struct buf *b, struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\0')
			buf_adds(b, "…");
		else
			buf_addc(b, text.at[i] == '\n' ? ' ' : text.at[i]);
	}
}

enum hop_kind {
	HOP_MODIFIER, /* said in parentheses: sudo, timeout */
	HOP_HOST,
	HOP_CONTAINER,
	HOP_SERVICE,
	HOP_POD,
	HOP_SQL,
	HOP_PROGRAM /* "in python" */
};

static const struct {
	const char *name;
	enum hop_kind kind;
} kinds[] = {
	{ "ssh", HOP_HOST },
	{ "vagrant", HOP_HOST },
	{ "multipass", HOP_HOST },
	{ "ansible", HOP_HOST },
	{ "knife", HOP_HOST },
	{ "az", HOP_HOST },
	{ "docker", HOP_CONTAINER },
	{ "lxc", HOP_CONTAINER },
	{ "pct", HOP_CONTAINER },
	{ "crictl", HOP_CONTAINER },
	{ "docker compose", HOP_SERVICE },
	{ "kubectl", HOP_POD },
	{ "psql", HOP_SQL },
	{ "mysql", HOP_SQL },
	{ "sqlite3", HOP_SQL },
	{ "redis-cli", HOP_PROGRAM },
	{ "mongosh", HOP_PROGRAM },
	{ "python", HOP_PROGRAM },
	{ "node", HOP_PROGRAM },
	{ "perl", HOP_PROGRAM },
	{ "ruby", HOP_PROGRAM },
	{ "awk", HOP_PROGRAM },
	{ "sed", HOP_PROGRAM },
};

static enum hop_kind
kind_of(const struct hop *hop)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].name, hop->name) == 0)
			return kinds[i].kind;
	return HOP_MODIFIER;
}

static void
add_target(struct buf *b, const char *what, const struct hop *hop)
{
	buf_addf(b, "inside %s", what);
	if (hop->target.len)
		buf_addc(b, ' ');
	add_shown(b, hop->target);
}

static void
add_place(struct buf *b, const struct hop *hop, enum hop_kind kind)
{
	switch (kind) {
	case HOP_HOST:
		if (hop->target.len)
			buf_adds(b, "on ");
		else
			buf_adds(b, "on another machine");
		add_shown(b, hop->target);
		break;
	case HOP_CONTAINER:
		add_target(b, "container", hop);
		break;
	case HOP_SERVICE:
		add_target(b, "service", hop);
		break;
	case HOP_POD:
		add_target(b, "pod", hop);
		break;
	case HOP_SQL:
		buf_addf(b, "SQL inside %s", hop->name);
		break;
	case HOP_PROGRAM:
	case HOP_MODIFIER:
		buf_addf(b, "inside %s", hop->name);
		break;
	}
	if (hop->user.len)
		buf_addf(b, " (user %.*s)", TEXT_ARG(hop->user));
}

bool
finding_has_folder(const struct finding *f)
{
	for (const struct hop *hop = f->hop; hop; hop = hop->outer) {
		enum hop_kind kind = kind_of(hop);

		if (kind == HOP_HOST)
			break;
		if (kind != HOP_MODIFIER && kind != HOP_PROGRAM)
			return false;
	}
	return f->relative;
}

/* The hops that only change how it is run, and those to other machines,
 * outermost first. */
static void
add_ways(struct buf *b, const struct hop *hop)
{
	enum hop_kind kind;

	if (!hop)
		return;
	add_ways(b, hop->outer);
	kind = kind_of(hop);
	if (kind != HOP_MODIFIER && kind != HOP_HOST)
		return;
	buf_adds(b, b->len ? ", " : "");
	buf_adds(b,
		 strcmp(hop->name, "$()") == 0 ? "a substitution" : hop->name);
	if (kind == HOP_MODIFIER && hop->user.len)
		buf_addf(b, " as %.*s", TEXT_ARG(hop->user));
}

/* Everything that it is inside of, innermost first; the ways there come last,
 * in parentheses. */
void
effect_place(struct buf *b, const struct hop *innermost)
{
	struct buf CLEANUP(buf_release) ways = BUF_INIT;
	const char *gap = "";

	for (const struct hop *hop = innermost; hop; hop = hop->outer) {
		enum hop_kind kind = kind_of(hop);

		if (kind == HOP_MODIFIER)
			continue;
		buf_adds(b, gap);
		add_place(b, hop, kind);
		gap = " ";
	}
	add_ways(&ways, innermost);
	if (ways.len && *gap)
		buf_addf(b, " (via %s)", ways.bytes);
	else if (ways.len)
		buf_addf(b, "via %s", ways.bytes);
}

/* TEXT and REMARK as a sentence: first letter large, a full stop. */
static void
add_sentence(struct buf *b, const char *label, const char *text,
	     const char *remark)
{
	size_t at;

	buf_addf(b, " %s", label);
	at = b->len;
	buf_adds(b, text);
	if (remark)
		buf_addf(b, "; %s", remark);
	if (!*label && b->bytes[at] >= 'a' && b->bytes[at] <= 'z')
		b->bytes[at] = (char)(b->bytes[at] - 'a' + 'A');
	if (!text_ends(buf_text(b), "."))
		buf_addc(b, '.');
}

/* F is the session that its innermost hop opens: sudo -i, oc rsh POD. */
static bool
is_session(const struct finding *f)
{
	return f->hop && (f->tags & EFFECT_TAG_INTERACTIVE) &&
	       f->hop->program.len && text_starts(f->verb, f->hop->name) &&
	       f->level == EFFECT_UNKNOWN;
}

void
effect_explain(struct buf *b, const struct finding *f)
{
	effect_explain_with(b, f, NULL);
}

void
effect_explain_with(struct buf *b, const struct finding *f, const char *remark)
{
	const struct hop *hop;

	if (f->level == EFFECT_UNKNOWN && !(f->tags & EFFECT_TAG_INTERACTIVE) &&
	    f->matched.len) {
		buf_adds(b, "could not establish: ");
		add_shown(b, f->matched);
	} else if (f->verb.len) {
		add_shown(b, f->verb);
		if (f->object.len)
			buf_addc(b, ' ');
		add_shown(b, f->object);
	} else {
		add_shown(b, f->matched);
	}
	hop = f->hop;
	if (is_session(f))
		hop = hop->outer; /* "sudo", not "sudo — via sudo" */
	if (hop) {
		buf_adds(b, " — ");
		effect_place(b, hop);
	}
	if (f->not_in) {
		buf_adds(b, hop ? ", not " : " — here, not ");
		add_place(b, f->not_in, kind_of(f->not_in));
	}
	buf_addc(b, '.');
	add_sentence(b, "", f->why, NULL);
	if (f->undo)
		add_sentence(b, "Undo: ", f->undo, remark);
	if (f->check)
		add_sentence(b, "Check: ", f->check, NULL);
}
