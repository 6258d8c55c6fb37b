/* The parser's time grows as its text does, whatever is repeated. Prints each
 * family that does not, and one line of figures. */
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "shell/parse.h"

enum {
	TIMES = 10000,
	ROUNDS = 5,
	MOST_MS = 50
};

/* Below this, page faults of fresh memory count for more than the parser. */
static const double LEAST_MS = 2;

/* What is repeated. */
static const char *const families[] = {
	"a|",
	"a;",
	"a\n",
	"a&&",
	"a ",
	"!",
	"(",
	"((",
	"{ ",
	"{",
	"$(",
	"$((",
	"${",
	"$[",
	"`",
	"\\`",
	"\"",
	"'",
	"$'",
	"$",
	"\\",
	"\\\n",
	"#",
	"# a\n",
	"<<A ",
	"<<A\n",
	"<<'A' ",
	"<<A;",
	">",
	"> a ",
	"2>",
	"{fd}>",
	"<(",
	">(",
	"[[ ",
	"[[ a ]];",
	"[",
	"[a",
	"[[:",
	"*",
	"~",
	":~",
	"@(",
	"!(a",
	"{a,",
	"{a,b}",
	"}",
	"{1..2}",
	"a=",
	"a=(",
	"a[",
	"a=1 ",
	"x=(1) ",
	"if ",
	"if a;then ",
	"while ",
	"for x in ",
	"case x in ",
	"a)",
	";;",
	"f(){ ",
	"function f ",
	"coproc ",
	"time ",
	"done\n",
	"a )\n",
	"\"\n",
	"it's\n",
	"$(\n",
	"((a);(b));",
	"$((a);(b)) ",
	"((a) ",
	"<a> ",
	"<a",
	"<<A>> ",
	"{{a}} ",
	"{{a",
	"[NAME] ",
	"YOUR_",
	"your-",
	"xxx-",
	"a-",
	"YYYY",
	"... ",
	"a@",
	"a@example.com ",
	"--p 'PASSWORD' ",
	"--",
	"A_",
	"<p></p>",
	"\"<b>",
	"a\\\n",
	"\xff",
	"e\xcc\x81",
};

/* CPU time of parsing PIECE, N times. */
static double
parse_ms(const char *piece, unsigned n)
{
	struct buf CLEANUP(buf_release) text = BUF_INIT;
	double best = 1e9;

	for (unsigned i = 0; i < n; i++)
		buf_adds(&text, piece);
	for (int i = 0; i < ROUNDS; i++) {
		struct arena arena = ARENA_INIT;
		struct timespec from, to;
		double ms;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		shell_parse(&arena, (struct excerpt){ buf_text(&text), NULL });
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		arena_release(&arena);
		ms = (double)(to.tv_sec - from.tv_sec) * 1e3 +
		     (double)(to.tv_nsec - from.tv_nsec) / 1e6;
		if (ms < best)
			best = ms;
	}
	return best;
}

int
main(void)
{
	double worst = 0, worst_ratio = 0;
	int missed = 0;

	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		double one = parse_ms(families[i], TIMES);
		double two = parse_ms(families[i], 2 * TIMES);
		double ratio = two / (one > LEAST_MS ? one : LEAST_MS);

		if (one > worst)
			worst = one;
		if (ratio > worst_ratio)
			worst_ratio = ratio;
		if (one > MOST_MS || ratio > 3) {
			missed++;
			printf("  %s: %.1f ms, twice as much %.1f ms\n",
			       families[i], one, two);
		}
	}
	printf("shell-linear: %zu families x %d, slowest %.1f ms (want %d), "
	       "ratio of twice the text %.2f (want 3)\n",
	       ARRAY_LEN(families), TIMES, worst, MOST_MS, worst_ratio);
	return missed ? 1 : 0;
}
