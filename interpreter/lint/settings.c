/* Giving findings the level that a project wants them to have. */
#include "lint/settings.h"

#include "base/pathglob.h"

bool
lint_is_fixed(enum diag_code code)
{
	return diag_info(code)->silence == SILENCE_NEVER;
}

static bool
is_excepted(const struct lint_settings *settings, enum diag_code code,
	    struct text place)
{
	for (uint32_t i = 0; i < settings->n_exceptions; i++) {
		const struct lint_exception *e = &settings->exceptions[i];

		if (e->code == code &&
		    pathglob_fits(text_of(e->pattern), place))
			return true;
	}
	return false;
}

struct settling {
	const struct lint_settings *settings;
	struct text place;
};

static bool
is_kept(const struct diag *d, void *ctx)
{
	const struct settling *s = ctx;

	return s->settings->of[d->code] != LINT_OFF &&
	       !is_excepted(s->settings, d->code, s->place);
}

void
lint_settle(const struct lint_settings *settings, struct text place,
	    struct diag_sink *sink)
{
	struct settling s = { settings, place };

	diag_sink_filter(sink, is_kept, &s);
	for (size_t i = 0; i < sink->n_items; i++) {
		struct diag *d = sink->items[i];
		enum lint_setting of = settings->of[d->code];

		if (of != LINT_AS_IS)
			diag_sink_relevel(sink, d,
					  (enum diag_level)(of - LINT_ERROR));
	}
}
