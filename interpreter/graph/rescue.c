/* Finding what to do after a failure by its heading. */
#include "graph/rescue.h"

/* How such headings begin. */
static const char *const beginnings[] = {
	"rollback",
	"roll back",
	"rolling back",
	"back out",
	"backout",
	"if it fails",
	"if this fails",
	"if that fails",
	"if something goes wrong",
	"when it fails",
	"when something goes wrong",
	"on failure",
	"in case of failure",
	"troubleshooting",
	"troubleshoot",
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_rescue(struct text heading)
{
	for (size_t i = 0; i < ARRAY_LEN(beginnings); i++) {
		struct text begins = text_of(beginnings[i]);

		if (heading.len >= begins.len &&
		    text_eq_nocase(text_sub(heading, 0, begins.len), begins) &&
		    (heading.len == begins.len ||
		     !is_letter(heading.at[begins.len])))
			return true;
	}
	return false;
}

uint32_t
rescue_find(const struct procedure *p, struct procedure **ret, uint32_t max)
{
	const struct runbook *rb = p->runbook;
	uint32_t n = 0;

	if (is_rescue(p->heading))
		return 0;
	for (uint32_t i = 0; i < rb->n_procedures && n < max; i++) {
		struct procedure *other = rb->procedures[i];
		const struct section *above = other->section->parent;

		if (other != p &&
		    (above == p->section || above == p->section->parent) &&
		    is_rescue(other->heading))
			ret[n++] = other;
	}
	return n;
}
