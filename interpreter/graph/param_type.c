/* What values a parameter takes, by its name, where the author says nothing.
 * Only what hardly anybody would mean otherwise: a value that does not fit is
 * refused. */
#include "graph/infer.h"

static const struct nature {
	const char *names; /* separated by blanks; "-" and "_" alike */
	enum param_type type;
	const char *pattern; /* or NULL */
	const char *expects; /* for the one who is asked, or NULL */
} natures[] = {
	{ "command cmd subcommand sub-command args arguments options flags "
	  "extra-args",
	  PARAM_WORDS, NULL, "one or more words" },
	{ "host hostname host-name server server-name ssh-host", PARAM_HOST,
	  NULL, "a host" },
	{ "port local-port remote-port host-port", PARAM_PORT, NULL, "a port" },
	{ "count number replicas n num", PARAM_INT, NULL, "a whole number" },
	{ "commit-hash commit-sha commit-id git-sha git-hash sha sha1",
	  PARAM_STRING, "[0-9a-f]{7,64}", "7 to 64 hexadecimal digits" },
};

static bool
is_among(struct text name, const char *names)
{
	struct text rest = text_of(names), one;

	while (text_next_field(&rest, ' ', &one)) {
		if (names_are_alike(name, one))
			return true;
	}
	return false;
}

void
infer_param_type(struct builder *b, struct step *s, struct param *p,
		 enum placeholder_kind kind)
{
	if (p->defined || p->type != PARAM_STRING || p->pattern)
		return;
	if (kind == PLACEHOLDER_DATE) {
		p->type = PARAM_DATE;
		p->form = p->name;
		p->expects = arena_printf(b->arena, "a date as %.*s",
					  TEXT_ARG(p->name));
	}
	if (kind == PLACEHOLDER_PATH) {
		p->type = PARAM_PATH;
		p->expects = "a path";
	}
	for (size_t i = 0; i < ARRAY_LEN(natures); i++) {
		if (!is_among(p->name, natures[i].names))
			continue;
		p->type = natures[i].type;
		p->pattern = natures[i].pattern;
		p->expects = natures[i].expects;
	}
	if (p->expects)
		reason_add(b->arena, &s->reasons, INFER_PARAMETER_TYPE,
			   "parameter", p->where, "%.*s: %s", TEXT_ARG(p->name),
			   p->expects);
}
