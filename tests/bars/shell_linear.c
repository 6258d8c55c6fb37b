/* The parser's time grows as its text does, whatever is repeated. Prints each
 * family that does not, and one line of figures. */
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "shell/parse.h"

enum {
	TIMES = 10000,
	ROUNDS = 5,
	MORE_ROUNDS = 60,
	MOST_MS = 50,
	MOST_RATIO = 3
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

/* CPU time of parsing TEXT once. */
static double
parse_ms(struct text text)
{
	struct arena arena = ARENA_INIT;
	struct timespec from, to;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	shell_parse(&arena, (struct excerpt){ text, NULL });
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	arena_release(&arena);
	return (double)(to.tv_sec - from.tv_sec) * 1e3 +
	       (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

static void
repeat(struct buf *b, const char *piece, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_adds(b, piece);
}

struct figures {
	double one, two; /* least of all rounds so far, in ms */
};

static double
ratio_of(const struct figures *f)
{
	return f->two / (f->one > LEAST_MS ? f->one : LEAST_MS);
}

static bool
is_short(const struct figures *f)
{
	return f->one > MOST_MS || ratio_of(f) > MOST_RATIO;
}

/* The least of some rounds, each of which takes both texts, one behind the
 * other: what else the machine does then hits both. A family that falls short
 * gets many more rounds before that counts. */
static struct figures
measure(const char *piece)
{
	struct buf CLEANUP(buf_release) one = BUF_INIT, two = BUF_INIT;
	struct figures f = { 1e9, 1e9 };

	repeat(&one, piece, TIMES);
	repeat(&two, piece, 2 * TIMES);
	for (int i = 0; i < ROUNDS || (i < MORE_ROUNDS && is_short(&f)); i++) {
		double ms = parse_ms(buf_text(&one));

		f.one = ms < f.one ? ms : f.one;
		ms = parse_ms(buf_text(&two));
		f.two = ms < f.two ? ms : f.two;
	}
	return f;
}

/* PIECE as it could stand in a C string. */
static void
print_escaped(const char *piece)
{
	for (const char *c = piece; *c; c++) {
		if (*c == '\n')
			printf("\\n");
		else if (*c == '"' || *c == '\\')
			printf("\\%c", *c);
		else if (*c < ' ' || *c > '~')
			printf("\\x%02x", (unsigned)(unsigned char)*c);
		else
			putchar(*c);
	}
}

int
main(void)
{
	double worst = 0, worst_ratio = 0;
	const char *worst_piece = "";
	int missed = 0;

	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		struct figures f = measure(families[i]);

		if (f.one > worst)
			worst = f.one;
		if (ratio_of(&f) > worst_ratio) {
			worst_ratio = ratio_of(&f);
			worst_piece = families[i];
		}
		if (is_short(&f)) {
			missed++;
			printf("  \"");
			print_escaped(families[i]);
			printf("\": %.1f ms, twice as much %.1f ms\n", f.one,
			       f.two);
		}
	}
	printf("shell-linear: %zu families x %d, slowest %.1f ms (most %d), "
	       "ratio of twice the text %.2f with \"",
	       ARRAY_LEN(families), TIMES, worst, MOST_MS, worst_ratio);
	print_escaped(worst_piece);
	printf("\" (most %d)\n", MOST_RATIO);
	return missed ? 1 : 0;
}
