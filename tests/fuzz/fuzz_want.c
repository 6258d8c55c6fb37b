/* Any pattern of any kind on any output: wants are read, compiled, judged and
 * described in bounds, and what they say is sound.
 *
 *   byte 0    the kind, or past the last one an `expect:` value in YAML
 *   byte 1    stream (bits 0, 1), stdout cut (2), stderr cut (3)
 *   then      pattern, stdout and stderr, each ended by a NUL */
#include <stdint.h>

#include "base/clock.h"
#include "want/want.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A clock that runs by being read, so that the same input always ends in the
 * same way, and patterns without end do so in a hundredth of the time. */
static int64_t
read_clock(void *ctx)
{
	return *(int64_t *)ctx += 10 * 1000;
}

static int64_t now_ns;
static const struct clock clock_of_fuzzer = { read_clock, read_clock, &now_ns };

static void
check_normal(struct text raw, struct buf *plain)
{
	CLEANUP(buf_release) struct buf twice = BUF_INIT;

	want_normalize(raw, plain);
	want_normalize(buf_text(plain), &twice);
	if (!text_eq(buf_text(plain), buf_text(&twice)))
		BUG("normalised twice is not once");
}

/* A message is one line that no terminal obeys. */
static void
check_message(struct text message)
{
	if (message.len == 0)
		BUG("no message");
	if (!text_is_utf8(message))
		BUG("message is not UTF-8");
	for (size_t i = 0; i < message.len; i++) {
		unsigned char c = (unsigned char)message.at[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			BUG("control byte %d in a message", c);
	}
}

static void
check_result(const struct want *w, const struct want_result *r)
{
	if (r->met) {
		if (r->broken || r->message.len || r->diff.len)
			BUG("met, and yet not");
		return;
	}
	check_message(buf_text(&r->message));
	if (r->where.start > r->where.end || r->where.end > w->where.end)
		BUG("place %u to %u", r->where.start, r->where.end);
	if (r->broken && r->diff.len)
		BUG("a difference to an unknown");
	if (r->diff.len && !text_ends(buf_text(&r->diff), "\n"))
		BUG("half a line of difference");
}

/* What is its own output is met, unless the time is over. */
static void
check_itself(const struct want *w)
{
	CLEANUP(buf_release) struct buf plain = BUF_INIT;
	struct want copy = *w;
	struct want_input input = { .out_cut = false };
	struct want_result r = WANT_RESULT_INIT;

	if (w->kind != WANT_EXACT && w->kind != WANT_EXAMPLE &&
	    w->kind != WANT_CONTAINS && w->kind != WANT_JSON)
		return;
	if (w->kind == WANT_JSON)
		buf_addt(&plain, w->text);
	else
		want_normalize(w->text, &plain);
	copy.stream = WANT_STDOUT;
	input.out = buf_text(&plain);
	want_check(&copy, &input, &clock_of_fuzzer, &r);
	if (!r.met && !r.broken)
		BUG("'%.*s' is not itself: %s", TEXT_ARG(w->text),
		    buf_cstr(&r.message));
	want_result_release(&r);
}

/* Brought up to date with an output, it is met by it. */
static void
check_update(const struct want *w, struct text output)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	struct want_input input = { .out = output };
	struct want_result r = WANT_RESULT_INIT;
	struct arena arena = ARENA_INIT;
	struct want new = { .kind = w->kind };
	struct want_line *lines;
	uint32_t n;

	if (want_update(w, output, &clock_of_fuzzer, &arena, &lines, &n)) {
		for (uint32_t i = 0; i < n; i++) {
			buf_addt(&text, lines[i].text);
			buf_addc(&text, '\n');
		}
		new.text = buf_text(&text);
		new.where.end = (uint32_t)text.len;
		if (want_compile(&new, &sink)) {
			want_check(&new, &input, &clock_of_fuzzer, &r);
			if (!r.met && !r.broken)
				BUG("'%.*s' is not up to date: %s",
				    TEXT_ARG(new.text), buf_cstr(&r.message));
		} else if (sink.items[0]->code != DIAG_WANT_LIMIT) {
			BUG("'%.*s' is malformed", TEXT_ARG(new.text));
		}
		want_close(&new);
	}
	want_result_release(&r);
	arena_release(&arena);
}

static void
check_want(struct want *w, const struct want_input *input)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT;
	struct diag_sink sink = DIAG_SINK_INIT;
	struct want_result r = WANT_RESULT_INIT;

	if (want_compile(w, &sink)) {
		want_check(w, input, &clock_of_fuzzer, &r);
		check_result(w, &r);
		check_itself(w);
		check_update(w, input->out);
		want_describe(w, &shown);
	} else if (sink.n_items != 1) {
		BUG("%zu reports of one mistake", sink.n_items);
	}
	want_close(w);
	want_result_release(&r);
	diag_sink_release(&sink);
}

static void
check_expect(struct text yaml, const struct want_input *input)
{
	struct diag_sink sink = DIAG_SINK_INIT;
	struct arena arena = ARENA_INIT;
	const struct ynode *node =
		ytree_parse(&arena, (struct excerpt){ yaml, NULL }, &sink);
	struct want **wants;
	uint32_t n = 0;

	wants = node ? want_read(&arena, node, &n, &sink) : NULL;
	for (uint32_t i = 0; i < n; i++)
		check_want(wants[i], input);
	diag_sink_release(&sink);
	arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT, err = BUF_INIT;
	struct text rest = { (const char *)data, size };
	struct text pattern = { NULL, 0 }, raw = { NULL, 0 };
	struct want_input input = { .out_cut = false };
	struct want w = { .kind = WANT_CONTAINS };
	unsigned kind;

	if (size < 2)
		return 0;
	kind = data[0] % (WANT_KIND_COUNT + 1);
	w.stream = (enum want_stream)((data[1] & 3) % 3);
	input.out_cut = data[1] & 4;
	input.err_cut = data[1] & 8;
	rest = text_sub(rest, 2, rest.len);
	text_next_field(&rest, '\0', &pattern);
	text_next_field(&rest, '\0', &raw);
	check_normal(raw, &out);
	check_normal(rest, &err);
	input.out = buf_text(&out);
	input.err = buf_text(&err);
	if (kind == WANT_KIND_COUNT) {
		check_expect(pattern, &input);
		return 0;
	}
	w.kind = (enum want_kind)kind;
	w.text = pattern;
	w.where.end = (uint32_t)pattern.len;
	check_want(&w, &input);
	return 0;
}
