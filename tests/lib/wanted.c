/* Judging one output by one want. */
#include "lib/wanted.h"

#include "diag/source.h"
#include "lib/unit.h"

bool
judge_begin(struct judge *j, enum want_kind kind, const char *text)
{
	size_t len = strlen(text);
	struct map *m;

	*j = (struct judge){ .sink = DIAG_SINK_INIT,
			     .result = WANT_RESULT_INIT };
	arena_init(&j->arena);
	j->src = source_new("x.md", xmemdup0(text, len), len);
	m = map_new(&j->arena, j->src);
	map_add(&j->arena, m, (uint32_t)len, 0, (uint32_t)len, MAP_COPIED);
	j->want = want_inferred(
		&j->arena, kind, (struct excerpt){ j->src->bytes, m },
		(struct span){ j->src, 0, (uint32_t)len }, NULL);
	return want_compile(j->want, &j->sink);
}

void
judge_end(struct judge *j)
{
	want_close(j->want);
	want_result_release(&j->result);
	diag_sink_release(&j->sink);
	j->src = source_free(j->src);
	arena_release(&j->arena);
}

const struct want_result *
judge_output(struct judge *j, struct text output)
{
	struct want_input input = { .out = output };

	want_check(j->want, &input, &clock_system, &j->result);
	return &j->result;
}

char
judge_message(enum want_kind kind, const char *text, const char *output,
	      struct buf *message)
{
	struct judge j;
	char verdict = 'x';

	if (judge_begin(&j, kind, text)) {
		judge_output(&j, text_of(output));
		verdict = j.result.met ? 'm' : j.result.broken ? 'b' : 'u';
		buf_addt(message, buf_text(&j.result.message));
	} else if (j.sink.n_items) {
		buf_adds(message, j.sink.items[0]->message);
	}
	judge_end(&j);
	return verdict;
}

char
judge(enum want_kind kind, const char *text, const char *output)
{
	CLEANUP(buf_release) struct buf ignored = BUF_INIT;

	return judge_message(kind, text, output, &ignored);
}

static int64_t
read_fake(void *ctx)
{
	struct fake_clock *c = ctx;

	c->now_ns += c->step_ns;
	return c->now_ns;
}

static int64_t
read_fake_wall(void *ctx)
{
	return read_fake(ctx) / 1000000;
}

void
fake_clock_init(struct fake_clock *c, int64_t step_ns)
{
	c->clock = (struct clock){ read_fake, read_fake_wall, c };
	c->now_ns = 0;
	c->step_ns = step_ns;
}
