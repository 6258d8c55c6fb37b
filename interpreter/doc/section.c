/* Sections: the tree that headings make of a flat list of blocks. */
#include "doc/section.h"

#include "base/limits.h"

void
sectioner_init(struct sectioner *s, struct document *doc,
	       struct diag_sink *sink)
{
	*s = (struct sectioner){ .doc = doc, .sink = sink };
	doc->root = ARENA_NEW(doc->arena, struct section);
	doc->root->title = doc->root->slug = doc->root->path = TEXT("");
	s->current = doc->root;
}

void
sectioner_release(struct sectioner *s)
{
	slugger_release(&s->slugs);
}

/* End the sections from the current one up to, not including, OUTER. */
static void
end_until(struct sectioner *s, const struct section *outer)
{
	uint32_t end = s->doc->n_blocks;

	while (s->current != outer) {
		if (s->current->n_children == 0)
			s->current->own_end = end;
		s->current->end = end;
		s->current = s->current->parent;
	}
}

void
sectioner_end(struct sectioner *s)
{
	end_until(s, NULL);
}

/* The part of a path that comes before "/SLUG" in sections below PARENT. */
static struct text
prefix(const struct sectioner *s, const struct section *parent)
{
	return parent == s->title ? TEXT("") : parent->path;
}

static struct text
join(struct sectioner *s, const struct section *parent, struct text slug,
     struct span where)
{
	struct text before = prefix(s, parent);

	if (before.len + 1 + slug.len > LIMIT_SECTION_PATH) {
		diag_report(s->sink, DIAG_DOCUMENT_LIMIT, where,
			    "the path of this section has more than %d bytes",
			    LIMIT_SECTION_PATH);
		return slug;
	}
	if (before.len == 0)
		return slug;
	return text_of(arena_printf(s->doc->arena, "%.*s/%.*s",
				    TEXT_ARG(before), TEXT_ARG(slug)));
}

/* A heading that only holds signs has no slug, and no two sections the same. */
static struct text
new_slug(struct sectioner *s, struct text title)
{
	struct text slug = slugger_add(&s->slugs, s->doc->arena, title);

	return slug.len
		       ? slug
		       : slugger_add(&s->slugs, s->doc->arena, TEXT("section"));
}

void
sectioner_skip(struct sectioner *s, const struct block *heading)
{
	new_slug(s, heading->text);
}

void
sectioner_open(struct sectioner *s, const struct block *heading)
{
	struct document *doc = s->doc;
	struct section *section = ARENA_NEW(doc->arena, struct section);
	struct section *parent = s->current;

	while (parent->level >= heading->level)
		parent = parent->parent;
	end_until(s, parent);
	if (parent->n_children == 0)
		parent->own_end = doc->n_blocks;
	section->parent = parent;
	section->heading = heading;
	section->level = heading->level;
	section->title = heading->text;
	section->slug = new_slug(s, heading->text);
	section->path = join(s, parent, section->slug, heading->where);
	section->first = section->own_end = section->end = doc->n_blocks;
	if (doc->n_sections == 0 && heading->level == 1)
		s->title = section;
	ARENA_PUSH(doc->arena, parent->children, parent->n_children, section);
	ARENA_PUSH(doc->arena, doc->sections, doc->n_sections, section);
	s->current = section;
}
