/* Looking on the hosts for what a plan will need. */
#include <signal.h>

#include "base/exit.h"
#include "base/limits.h"
#include "run/compare.h"
#include "run/probe.h"
#include "shell/quote.h"

struct look {
	struct probe *probe;
	struct loop *loop;
	struct target *target;
	struct job *job;
	struct buf out; /* of the job, at most LIMIT_PROBE_BYTES and one read */
	bool over;
	struct job_outcome outcome;
	struct buf message; /* a copy of the outcome's */
	int signal;         /* that ended it all, or 0 */
};

/* ---- one job
 * ------------------------------------------------------------------- */

static void
on_output(void *ctx, enum job_stream stream, struct text bytes)
{
	struct look *l = ctx;

	if (stream != JOB_STDERR && l->out.len <= LIMIT_PROBE_BYTES)
		buf_addt(&l->out, bytes);
}

static void
on_dispatched(void *ctx UNUSED)
{
}

static void
on_end(void *ctx, const struct job_outcome *outcome)
{
	struct look *l = ctx;

	l->outcome = *outcome;
	buf_clear(&l->message);
	buf_adds(&l->message,
		 outcome->message ? outcome->message : "it did not answer");
	l->outcome.message = NULL;
	l->job = NULL;
	l->over = true;
}

static void
on_signal(void *ctx, int signal)
{
	struct look *l = ctx;

	if (signal == SIGWINCH || signal == SIGCONT)
		return;
	l->signal = signal;
	if (l->job)
		job_stop(l->target, l->job);
}

/* Run TEXT on the host. True when it ended by itself. */
static bool
ask(struct look *l, struct text text)
{
	struct job_events on = { .on_output = on_output,
				 .on_dispatched = on_dispatched,
				 .on_end = on_end,
				 .ctx = l };
	struct job_spec spec = { .text = text, .timeout_ms = LIMIT_PROBE_MS };

	buf_clear(&l->out);
	l->over = false;
	l->job = target_start(l->target, &spec, &on);
	loop_run(l->loop, &l->over);
	return l->outcome.end == JOB_EXITED && !l->outcome.unreachable;
}

/* ---- names
 * --------------------------------------------------------------------- */

/* NAME as a word, "~" for the shell to read. */
static void
add_name(struct buf *b, struct text name)
{
	if (text_is(name, "~") || text_starts(name, "~/")) {
		buf_adds(b, "~");
		name = text_sub(name, 1, name.len);
	}
	if (name.len)
		quote_add_word(b, name);
}

/* Programs are looked for as the steps' own shell would: bash's own commands
 * too, and what only sudo finds. */
static const char preamble[] =
	"PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin\n"
	"p() { command -v \"$2\" || bash -c 'command -v -- \"$1\"' - \"$2\"\n"
	"} >/dev/null 2>&1\n"
	"d() { [ -d \"$2\" ]; }\n"
	"f() { [ -e \"$2\" ]; }\n"
	"t() { if \"$@\"; then echo \"probe $2 there\"\n"
	"else echo \"probe $2 missing\"; fi; }\n";

static bool
is_name(const struct probe_item *item)
{
	return item->kind != PROBE_CONTENT;
}

/* Append the question after item N of H. */
static void
add_question(struct buf *b, const struct probe_host *h, uint32_t n)
{
	static const char letters[] = {
		[PROBE_PROGRAM] = 'p', [PROBE_FOLDER] = 'd', [PROBE_FILE] = 'f'
	};

	buf_addf(b, "t %c %u ", letters[h->items[n].kind], n);
	add_name(b, h->items[n].name);
	buf_addc(b, '\n');
}

/* "probe 12 there" */
static void
take_answer(struct probe_host *h, struct text line)
{
	struct text word;
	uint64_t n;

	if (!text_next_field(&line, ' ', &word) || !text_is(word, "probe") ||
	    !text_next_field(&line, ' ', &word) || h->n_items == 0 ||
	    !text_to_uint(word, h->n_items - 1, &n))
		return;
	if (text_is(line, "there"))
		h->items[n].found = PROBE_THERE;
	else if (text_is(line, "missing"))
		h->items[n].found = PROBE_MISSING;
}

/* Ask after the items from *N on, as many as one text may hold. */
static bool
ask_names(struct look *l, struct probe_host *h, uint32_t *n)
{
	CLEANUP(buf_release) struct buf script = BUF_INIT;
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text rest, line;

	buf_adds(&script, preamble);
	for (; *n < h->n_items && script.len < LIMIT_PROBE_BYTES; (*n)++) {
		if (is_name(&h->items[*n]))
			add_question(&script, h, *n);
	}
	buf_adds(&b, "sh -c ");
	quote_add_word(&b, buf_text(&script));
	if (!ask(l, buf_text(&b)))
		return false;
	rest = buf_text(&l->out);
	while (text_next_line(&rest, &line))
		take_answer(h, line);
	return true;
}

/* ---- contents
 * ------------------------------------------------------------------ */

static bool
ask_content(struct look *l, struct probe_item *item)
{
	struct arena *arena = l->probe->plan->arena;
	const struct step *s = item->item->step;
	CLEANUP(buf_release) struct buf diff = BUF_INIT;
	struct text now;

	if (!ask(l, compare_command(arena, s)))
		return false;
	now = buf_text(&l->out);
	if (l->outcome.code == COMPARE_MISSING)
		item->found = PROBE_MISSING;
	else if (l->outcome.code != 0 || now.len > LIMIT_PROBE_BYTES)
		return true;
	else if (text_eq(now, s->text.text))
		item->found = PROBE_THERE;
	else
		item->found = PROBE_DIFFERENT;
	if (item->found != PROBE_THERE)
		compare_show(&diff, s, now, loop_clock(l->loop));
	item->difference = arena_text(arena, buf_text(&diff));
	return true;
}

/* ---- hosts
 * --------------------------------------------------------------------- */

static bool
look_at_items(struct look *l, struct probe_host *h)
{
	for (uint32_t n = 0; n < h->n_items && !l->signal;) {
		if (!ask_names(l, h, &n))
			return false;
	}
	for (uint32_t n = 0; n < h->n_items && !l->signal; n++) {
		if (!is_name(&h->items[n]) && !ask_content(l, &h->items[n]))
			return false;
	}
	/* a host of which nothing is needed but that it is there */
	return h->n_items || ask(l, TEXT(":"));
}

static bool
has_all(const struct probe_host *h)
{
	for (uint32_t i = 0; i < h->n_items; i++) {
		if (h->items[i].found != PROBE_THERE &&
		    h->items[i].kind != PROBE_CONTENT)
			return false;
	}
	return true;
}

int
probe_look(struct probe *probe, struct loop *loop,
	   struct target *(*open_target)(void *ctx, struct text host,
					 struct buf *reterr),
	   void *ctx)
{
	struct look l = { .probe = probe, .loop = loop };
	bool reached = true, complete = true;

	loop_on_signal(loop, on_signal, &l);
	for (uint32_t i = 0; i < probe->n_hosts && !l.signal; i++) {
		struct probe_host *h = &probe->hosts[i];

		buf_clear(&l.message);
		l.target = open_target(ctx, h->name, &l.message);
		h->reached = l.target && look_at_items(&l, h);
		if (!h->reached)
			h->message = arena_strdup(probe->plan->arena,
						  buf_cstr(&l.message));
		reached = reached && h->reached;
		complete = complete && has_all(h);
		target_free(l.target);
	}
	loop_on_signal(loop, NULL, NULL);
	buf_release(&l.out);
	buf_release(&l.message);
	if (l.signal)
		return EXIT_STATUS_SIGNAL + l.signal;
	if (!reached)
		return EXIT_STATUS_UNREACHABLE;
	return complete ? EXIT_STATUS_OK : EXIT_STATUS_FAILED;
}
