/* Ten thousand random patterns on random outputs, of every kind of want, half
 * of them as a document shows them (so that they are looked for in several
 * places): none may take longer than LIMIT_MATCH_MS and half as much again, to
 * compile or to judge. Prints the worst of each kind. Processor time decides,
 * since a busy machine can stop this process for as long as it likes; the time
 * on the wall is shown beside it.
 *
 *   want_clock [COUNT [SEED]] */
#include <inttypes.h>
#include <time.h>

#include "base/limits.h"
#include "lib/random.h"
#include "want/want.h"

enum {
	COUNT = 10000,
	SEED = 20261123,
	MOST_MS = LIMIT_MATCH_MS * 3 / 2
};

static uint64_t seed;

static uint32_t
draw(uint32_t below)
{
	return (uint32_t)random_below(&seed, below);
}

static const char *
draw_of(const char *const *words, size_t n)
{
	return words[draw((uint32_t)n)];
}

#define DRAW(words) draw_of((words), ARRAY_LEN(words))

static const char *const atoms[] = {
	"a",    "b",   "x",   "\\w", "\\d",    ".",        "[a-z]", "[^a]",
	"å",    "\\s", "\\X", "\\h", "\\p{L}", "(?:a|ab)", "\\1",   "\\2",
	"(?1)", "\\R", "aa",  " ",   "(a)",    "(a*)"
};
/* what cannot be repeated */
static const char *const assertions[] = { "\\b",   "^",      "$", "(?=a)",
					  "(?!b)", "(?<=a)", "|" };
static const char *const quantifiers[] = { "",     "",       "",    "*",
					   "+",    "?",      "*?",  "+?",
					   "{2,}", "{0,20}", "{3}", "{0,500}" };

static void
add_regex(struct buf *b, unsigned depth)
{
	uint32_t n = 1 + draw(4);

	for (uint32_t i = 0; i < n; i++) {
		if (depth && draw(3) == 0) {
			buf_adds(b, draw(4) ? "(" : "(?:");
			add_regex(b, depth - 1);
			if (draw(3) == 0) {
				buf_addc(b, '|');
				add_regex(b, depth - 1);
			}
			buf_addc(b, ')');
		} else if (draw(8) == 0) {
			buf_adds(b, DRAW(assertions));
			continue;
		} else {
			buf_adds(b, DRAW(atoms));
		}
		buf_adds(b, DRAW(quantifiers));
	}
}

static void
add_glob(struct buf *b)
{
	static const char *const parts[] = { "*", "*",    "?", "a",   "ab",
					     "b", "aaaa", "å", "\\*", " " };
	uint32_t n = 1 + draw(draw(20) ? 30 : 1000);

	for (uint32_t i = 0; i < n; i++)
		buf_adds(b, DRAW(parts));
}

static void
add_line(struct buf *b)
{
	static const char *const plain[] = { "a",   "b", "ab",  "",
					     "...", "…", "a 1", "aaaa" };
	static const char *const suffixes[] = {
		"", "", "", "", " (*)", " (+)", " (?)", " (eq*)"
	};
	static const char *const marks[] = { "", "+", "*", "?" };

	switch (draw(6)) {
	case 0:
		add_glob(b);
		buf_addf(b, " (glob%s)\n", DRAW(marks));
		break;
	case 1:
		add_regex(b, 2);
		buf_addf(b, " (re%s)\n", DRAW(marks));
		break;
	default:
		buf_adds(b, DRAW(plain));
		buf_addf(b, "%s\n", DRAW(suffixes));
	}
}

static void
add_example(struct buf *b)
{
	static const char *const parts[] = {
		"a",    "node", "3",     "12:30",   "2026-11-23",  "5m",
		"...",  "…",    "<any>", "1.2.3.4", "3f9a1c20b7d", "4K",
		"----", " | ",  "  ",    "x2k4p",   "0",           "error"
	};
	uint32_t n = 1 + draw(10);

	for (uint32_t i = 0; i < n; i++) {
		buf_adds(b, DRAW(parts));
		buf_addc(b, ' ');
	}
	buf_addc(b, '\n');
}

static void
add_json(struct buf *b, unsigned depth)
{
	uint32_t n = draw(5), what = depth ? draw(4) : 3;

	if (what == 3) {
		buf_addf(b, "%" PRIu32, draw(5));
		return;
	}
	buf_addc(b, what ? '[' : '{');
	for (uint32_t i = 0; i < n; i++) {
		buf_adds(b, i ? "," : "");
		if (what == 0)
			buf_addf(b, "\"k%" PRIu32 "\":", i + draw(2) * 10);
		add_json(b, depth - 1);
	}
	buf_addc(b, what ? ']' : '}');
}

static void
add_pattern(struct buf *b, enum want_kind kind)
{
	uint32_t n = 1 + draw(draw(20) ? 8 : 400);

	switch (kind) {
	case WANT_REGEX:
		/* groups to refer to, and often an end that never comes */
		buf_adds(b, draw(10) ? "(a?)(b?)" : "(a+)+(b)*");
		add_regex(b, 4);
		buf_adds(b, draw(20) ? "" : "[yz]");
		break;
	case WANT_GLOB:
		add_glob(b);
		break;
	case WANT_LINES:
		for (uint32_t i = 0; i < n; i++)
			add_line(b);
		break;
	case WANT_EXAMPLE:
	case WANT_EXACT:
		for (uint32_t i = 0; i < n; i++)
			add_example(b);
		break;
	case WANT_JSON:
		add_json(b, 5);
		break;
	default:
		buf_fill(b, 'a', 1 + draw(3000));
		buf_adds(b, draw(2) ? "b" : "");
		break;
	}
}

static void
add_output(struct buf *b, enum want_kind kind)
{
	static const char *const parts[] = { "a",    "a",     "a",   "b", "\n",
					     "ab",   "aaaa",  " ",   "å", "1",
					     "\n\n", "12:30", "\xff" };
	size_t size = draw(4) ? draw(2000) : draw(LIMIT_MATCH_BYTES * 2);
	bool one_line = draw(2);
	uint32_t variety = 1 + draw(ARRAY_LEN(parts));

	if (kind == WANT_JSON) {
		buf_addc(b, '[');
		while (b->len < size) {
			add_json(b, 5);
			buf_addc(b, ',');
		}
		buf_adds(b, "0]");
		return;
	}
	while (b->len < size) {
		const char *part = parts[draw(variety)];

		if (kind == WANT_EXAMPLE && draw(3))
			add_example(b);
		else if (!one_line || *part != '\n')
			buf_adds(b, part);
	}
	if (draw(2))
		buf_adds(b, "!\n");
}

struct worst {
	uint32_t n, met, broken, malformed;
	double compile_ms, check_ms, wall_ms;
};

static double
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
raise_to(double *worst, double ms)
{
	if (ms > *worst)
		*worst = ms;
}

/* Compile and check WANT. True when it compiled. */
static bool
run(struct want *want, struct text output, struct worst *worst,
    struct want_result *ret)
{
	struct want_input all = { .out = output, .err = output };
	struct want_input input = { .out = output, .err = output, .all = &all };
	struct diag_sink sink = DIAG_SINK_INIT;
	double start = cpu_ms();
	bool ok = want_compile(want, &sink);
	int64_t wall_ns;

	raise_to(&worst->compile_ms, cpu_ms() - start);
	diag_sink_release(&sink);
	if (!ok)
		return false;
	start = cpu_ms();
	wall_ns = clock_mono_ns(&clock_system);
	want_check(want, &input, &clock_system, ret);
	wall_ns = clock_mono_ns(&clock_system) - wall_ns;
	raise_to(&worst->check_ms, cpu_ms() - start);
	raise_to(&worst->wall_ms, (double)wall_ns / 1e6);
	return true;
}

static void
measure(enum want_kind kind, struct worst *worst)
{
	CLEANUP(buf_release) struct buf pattern = BUF_INIT, output = BUF_INIT;
	struct want want = { .kind = kind,
			     .rule = draw(2) ? "shown" : NULL,
			     .of_all = true };
	struct want_result result = WANT_RESULT_INIT;
	struct worst one = { 0 };

	add_pattern(&pattern, kind);
	add_output(&output, kind);
	want.text = buf_text(&pattern);
	worst->malformed += !run(&want, buf_text(&output), &one, &result);
	worst->n++;
	worst->met += result.met;
	worst->broken += result.broken;
	if (one.check_ms > MOST_MS || one.compile_ms > MOST_MS)
		printf("slow: %zu bytes of output by: %.300s\n", output.len,
		       buf_cstr(&pattern));
	raise_to(&worst->compile_ms, one.compile_ms);
	raise_to(&worst->check_ms, one.check_ms);
	raise_to(&worst->wall_ms, one.wall_ms);
	want_close(&want);
	want_result_release(&result);
}

int
main(int argc, char **argv)
{
	struct worst worst[WANT_KIND_COUNT] = { { 0 } };
	uint32_t count =
		argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : COUNT;
	double most = 0;

	seed = argc > 2 ? strtoull(argv[2], NULL, 10) : SEED;
	for (uint32_t i = 0; i < count; i++) {
		/* half of them where the danger is */
		enum want_kind kind =
			draw(2) ? WANT_REGEX
				: (enum want_kind)draw(WANT_KIND_COUNT);

		measure(kind, &worst[kind]);
	}
	printf("%-9s %6s %6s %7s %9s %11s %9s %9s\n", "kind", "n", "met",
	       "broken", "malformed", "compile ms", "check ms", "wall ms");
	for (int i = 0; i < WANT_KIND_COUNT; i++) {
		const struct worst *w = &worst[i];

		printf("%-9s %6" PRIu32 " %6" PRIu32 " %7" PRIu32 " %9" PRIu32
		       " %11.2f %9.2f %9.2f\n",
		       want_kind_name((enum want_kind)i), w->n, w->met,
		       w->broken, w->malformed, w->compile_ms, w->check_ms,
		       w->wall_ms);
		raise_to(&most, w->compile_ms);
		raise_to(&most, w->check_ms);
	}
	printf("worst: %.1f ms, allowed: %d ms\n", most, MOST_MS);
	return most > MOST_MS;
}
