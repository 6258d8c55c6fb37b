/* Our own operations guide against the document it was written after: every
 * command is there to the byte, on the same host, with the same effect, or as
 * lint would have it; and nothing is wrong with the guide. */
#include <unistd.h>

#include "base/fd.h"
#include "graph/runbook.h"
#include "lib/doc.h"
#include "want/want.h"

struct opened {
	struct diag_sink sink;
	struct document *doc;
	struct runbook *rb;
};

static struct opened
open_runbook(const char *path)
{
	struct opened o = { .sink = DIAG_SINK_INIT };
	struct buf err = BUF_INIT;

	o.doc = document_load(path, &o.sink, &err);
	if (!o.doc)
		fail_msg("%s", buf_cstr(&err));
	o.rb = runbook_open(o.doc, effect_rules_builtin(), &o.sink);
	for (uint32_t i = 0; i < o.rb->n_procedures; i++)
		procedure_understand(o.rb->procedures[i]);
	return o;
}

static void
close_runbook(struct opened *o)
{
	for (uint32_t i = 0; i < o->rb->n_procedures; i++) {
		const struct procedure *p = o->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			for (uint32_t w = 0; w < p->steps[k]->n_wants; w++)
				want_close(p->steps[k]->wants[w]);
		}
	}
	document_free(o->doc);
	diag_sink_release(&o->sink);
}

/* What was mended in the guide, and only there. */
static const struct {
	const char *theirs, *ours;
} mended[] = {
	{ "exec web pdm run db-upgrade", "exec -T web pdm run db-upgrade" },
	{ "ssh hemma \"docker exec -it shared-postgres psql -U postgres -d",
	  "ssh -t hemma \"docker exec -it shared-postgres psql -U postgres "
	  "-d" },
	{ "exec -it shared-postgres psql -U postgres -c",
	  "exec shared-postgres psql -U postgres -c" },
	{ "\"docker exec shared-postgres pg_dump",
	  "\"mkdir -p ~/backups && docker exec shared-postgres pg_dump" },
	{ "$(date +%Y%m%d).sql", "$(date +%Y%m%d-%H%M).sql" },
	{ "psql -U postgres -d skriptoteket <",
	  "psql -v ON_ERROR_STOP=1 -1 -U postgres -d skriptoteket <" },
};

/* The text of S as the guide has it, in its arena; true when it is another. */
static bool
mend(const struct runbook *rb, const struct step *s, struct text *ret)
{
	bool any = false;

	*ret = s->text.text;
	for (size_t i = 0; i < ARRAY_LEN(mended); i++) {
		struct text theirs = text_of(mended[i].theirs);
		size_t at = text_find(*ret, theirs, 0);

		if (at == ret->len)
			continue;
		*ret = text_of(arena_printf(
			rb->doc->arena, "%.*s%s%.*s",
			TEXT_ARG(text_sub(*ret, 0, at)), mended[i].ours,
			TEXT_ARG(text_sub(*ret, at + theirs.len, ret->len))));
		any = true;
	}
	return any;
}

/* How many steps of RB are TEXT; with SAME_EFFECT also do what S does. */
static unsigned
count_like(const struct runbook *rb, const struct step *s, struct text text,
	   bool same_effect)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			const struct step *t = p->steps[k];

			if (t->kind != STEP_COMMAND ||
			    !text_eq(t->text.text, text))
				continue;
			if (!same_effect ||
			    (t->level == s->level && t->io == s->io &&
			     text_eq(t->host, s->host)))
				n++;
		}
	}
	return n;
}

static void
compare(const struct runbook *theirs, const struct runbook *ours)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < theirs->n_procedures; i++) {
		const struct procedure *p = theirs->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			const struct step *s = p->steps[k];
			struct text text;
			bool other;

			if (s->kind != STEP_COMMAND)
				continue;
			n++;
			other = mend(theirs, s, &text);
			if (count_like(theirs, s, s->text.text, false) !=
			    count_like(ours, s, text, false))
				fail_msg("line %u is not there as often: %.*s",
					 s->line, TEXT_ARG(s->text.text));
			if (!other && count_like(theirs, s, text, true) !=
					      count_like(ours, s, text, true))
				fail_msg("line %u does something else: %.*s",
					 s->line, TEXT_ARG(s->text.text));
		}
	}
	assert_int_equal(n, 75);
}

static void
every_command_is_there(void **state UNUSED)
{
	struct buf path = BUF_INIT;
	const char *data = getenv("TEST_DATA");

	buf_addf(&path, "%s/seed/home-server.md", data ? data : "");
	if (access(buf_cstr(&path), R_OK) == 0) {
		struct opened theirs = open_runbook(buf_cstr(&path));
		struct opened ours = open_runbook("runbooks/home-server.md");

		compare(theirs.rb, ours.rb);
		close_runbook(&theirs);
		close_runbook(&ours);
		buf_release(&path);
		return;
	}
	print_message("skipped: there is no %s\n", buf_cstr(&path));
	buf_release(&path);
	skip();
}

static void
nothing_is_wrong_with_it(void **state UNUSED)
{
	struct opened ours = open_runbook("runbooks/home-server.md");

	for (size_t i = 0; i < ours.sink.n_items; i++)
		print_message("%s\n", ours.sink.items[i]->message);
	assert_int_equal(ours.sink.n_items, 0);
	close_runbook(&ours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_there),
		cmocka_unit_test(nothing_is_wrong_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
