/* Regular expressions (PCRE2) that end in time: every item of a pattern asks
 * the clock. match_limit alone does not do it: it counts anew for each place
 * at which a match may begin, and 4 KiB took 16 s under a limit of 100,000
 * [measured, PCRE2 10.42]. */
#ifndef WANT_REGEX_H
#define WANT_REGEX_H

#include "base/buf.h"
#include "want/budget.h"

struct rx; /* one compiled pattern */

enum rx_mode {
	RX_SEARCH, /* matches anywhere; ^ and $ at every line */
	RX_WHOLE   /* matches the whole subject */
};

enum rx_verdict {
	RX_NO,
	RX_YES,
	RX_BROKEN /* a limit was reached: nothing is known */
};

/* One group: bytes of the subject; start == end == SIZE_MAX: took no part. */
struct rx_group {
	size_t start, end;
};

/* Compile PATTERN (UTF-8; \w, \d and \b know all of Unicode). NULL with the
 * reason in RETERR and its offset in *RETERR_AT when it is malformed or past
 * LIMIT_PATTERN_BYTES or LIMIT_CASELESS_RANGES. */
struct rx *rx_new(struct text pattern, enum rx_mode mode, struct buf *reterr,
		  size_t *reterr_at);
struct rx *rx_free(struct rx *rx); /* takes NULL, returns NULL */

/* At most how many character ranges of PATTERN ignore case; whoever compiles
 * many patterns adds them up. Each costs the compiler a look at every character
 * in it: 3.3 ms for all of Unicode, 433 ms for a pattern of 3 KB [measured,
 * PCRE2 10.42]. */
uint32_t rx_caseless_ranges(struct text pattern);

/* How many capturing groups the pattern has. */
uint32_t rx_n_groups(const struct rx *rx);

/* Look for a match in SUBJECT at or after FROM. On RX_YES the first N groups,
 * of which number 0 is the whole match, go to RET. On RX_BROKEN the limit that
 * was reached is appended to RETERR. SUBJECT need not be UTF-8. */
enum rx_verdict rx_match(const struct rx *rx, struct text subject, size_t from,
			 struct budget *budget, struct rx_group *ret,
			 uint32_t n, struct buf *reterr);

#endif
