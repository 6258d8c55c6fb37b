/* Comparing a plan with the journal that it goes on. */
#include "run/resumed.h"

#include "base/sha256.h"

static bool
was_done(const struct progress *p, const struct plan_item *item)
{
	switch (progress_state(p, item->step->id)) {
	case STATE_SUCCEEDED:
	case STATE_UNKNOWN:
	case STATE_PASSED:
		return true;
	case STATE_PENDING:
	case STATE_FAILED:
	case STATE_SKIPPED:
		break;
	}
	return false;
}

bool
resumed_takes(const struct progress *p, struct journal *j,
	      const struct plan *plan, const struct param *param,
	      struct text value, struct buf *reterr)
{
	const struct progress_value *then = progress_value(p, param->name);
	char hex[SHA256_HEX + 1];

	if (!param->secret || !then || then->hmac.len == 0)
		return true;
	for (uint32_t i = 0; i < plan->n_items; i++) {
		const struct plan_item *item = &plan->items[i];

		if (!step_uses(item->step, param) || !was_done(p, item))
			continue;
		if (journal_secret(j, param->name, value, hex, reterr) < 0)
			return false;
		if (text_is(then->hmac, hex))
			return true;
		buf_addf(reterr,
			 "'%.*s' is not what it was when step '%s' was run",
			 TEXT_ARG(param->name), item->step->id);
		return false;
	}
	return true;
}

static bool
reads_as_it_did(const struct progress *p, const struct plan_item *item,
		struct buf *reterr)
{
	const struct step_progress *then = progress_step(p, item->step->id);
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	const char *host = resolved_host_name(item->resolved, &scratch);
	char hex[SHA256_HEX + 1];

	/* What a human did has no text, and a file step's was its content. */
	if (!then || then->cmd.len == 0 || item->step->kind != STEP_COMMAND)
		return true;
	if (!text_is(then->host, host)) {
		buf_addf(reterr, "step '%s' was run on %.*s, and is for %s now",
			 item->step->id, TEXT_ARG(then->host), host);
		return false;
	}
	/* A secret is not kept, and what is done does not need it again. */
	if (item->resolved->n_missing)
		return true;
	sha256_hex(item->resolved->shown, hex);
	if (text_is(then->cmd, hex))
		return true;
	buf_addf(reterr, "step '%s' is not what was run: its values are others",
		 item->step->id);
	return false;
}

bool
resumed_fits(const struct progress *p, struct journal *j,
	     const struct plan *plan, struct buf *reterr)
{
	for (uint32_t i = 0; i < plan->n_items; i++) {
		const struct plan_item *item = &plan->items[i];

		if (was_done(p, item) && !reads_as_it_did(p, item, reterr))
			return false;
		for (uint32_t k = 0; k < item->step->n_uses; k++) {
			const struct param *param = item->step->uses[k].param;
			struct text value = values_lookup(plan->values, param);

			if (value.at &&
			    !resumed_takes(p, j, plan, param, value, reterr))
				return false;
		}
	}
	return true;
}
