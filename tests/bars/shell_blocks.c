/* What our parser makes of shell texts, one line each, for comparing it with
 * bash and shfmt.
 *
 * Reads texts that end in a NUL byte from standard input. Answers each with
 * "good" or "bad" (some error), how many placeholders it has, the number of
 * top-level statements and the offset of each; bad ones end with
 * "# MESSAGE @OFFSET". Placeholders are counted, but the text is parsed for
 * what it says, as bash and shfmt do. */
#include <unistd.h>

#include "base/buf.h"
#include "shell/parse.h"
#include "shell/placeholder.h"

static void
read_all(struct buf *b)
{
	ssize_t n;

	do {
		char *room = buf_reserve(b, 65536);

		n = read(STDIN_FILENO, room, 65536);
		if (n > 0) {
			b->len += (size_t)n;
			b->bytes[b->len] = '\0';
		}
	} while (n > 0);
}

/* A message may quote a newline of the text. */
static void
put_line(const char *message)
{
	for (; *message; message++)
		putchar(*message == '\n' ? ' ' : *message);
}

/* Those that are not only possible. */
static uint32_t
count_placeholders(struct arena *arena, struct text t)
{
	const struct placeholder *found;
	uint32_t n, count = 0;

	found = placeholder_scan(arena, t, &n);
	for (uint32_t i = 0; i < n; i++)
		count += found[i].certainty != PLACEHOLDER_POSSIBLE;
	return count;
}

static void
answer(struct text t)
{
	struct arena arena = ARENA_INIT;
	const struct script *s =
		shell_parse_resolved(&arena, (struct excerpt){ t, NULL });

	printf("%s %u %u", s->n_errors ? "bad" : "good",
	       count_placeholders(&arena, t), s->body->n_items);
	for (uint32_t i = 0; i < s->body->n_items; i++)
		printf(" %u", s->body->items[i]->start);
	if (s->n_errors) {
		printf(" # ");
		put_line(s->errors[0].message);
		printf(" @%u", s->errors[0].start);
	}
	putchar('\n');
	arena_release(&arena);
}

int
main(void)
{
	struct buf CLEANUP(buf_release) all = BUF_INIT;
	struct text rest, block;

	read_all(&all);
	rest = buf_text(&all);
	while (text_next_field(&rest, '\0', &block))
		answer(block);
	return fflush(stdout) == 0 ? 0 : 1;
}
