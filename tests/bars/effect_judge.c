/* What we make of commands, one line each, for the bars of the effect layer.
 *
 * Reads commands that end in a NUL byte from standard input. Answers each with
 * level, io, chain of the worst finding, its rule and its explanation,
 * separated by tabs. */
#include <unistd.h>

#include "effect/judge.h"
#include "shell/parse.h"

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

static void
put_field(struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		putchar(t.at[i] == '\n' || t.at[i] == '\t' ? ' ' : t.at[i]);
}

static void
answer(struct text command)
{
	struct arena arena = ARENA_INIT;
	struct effect_state state = { .scope = NULL };
	struct excerpt source = { command, NULL };
	struct script *s = shell_parse(&arena, source);
	struct effect *e = effect_judge_script(&arena, s, &state);
	struct buf b = BUF_INIT;

	printf("%s\t%s\t", effect_level_name(e->level), effect_io_name(e->io));
	if (e->worst)
		effect_chain(&b, e->worst->hop);
	put_field(buf_text(&b));
	printf("\t%s\t", e->worst ? e->worst->rule : "-");
	buf_clear(&b);
	if (e->worst)
		effect_explain(&b, e->worst);
	put_field(buf_text(&b));
	putchar('\n');
	buf_release(&b);
	arena_release(&arena);
}

int
main(void)
{
	struct buf all = BUF_INIT;
	struct text rest, command;

	read_all(&all);
	rest = buf_text(&all);
	while (text_next_field(&rest, '\0', &command))
		answer(command);
	buf_release(&all);
	return fflush(stdout) == 0 ? 0 : 1;
}
