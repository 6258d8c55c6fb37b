/* The files that keep what a step prints. */
#include "run/log.h"
#include "run/output.h"

static void
tell_output_failed(struct run *run, const struct buf *error)
{
	if (run->output_failed)
		return;
	run->output_failed = true;
	tell_journal_failed(run, buf_cstr(error));
}

static void
output_name(struct buf *b, const struct run *run, const struct plan_item *item,
	    bool err)
{
	buf_addf(b, "step-%03u.%u.%s", item->number, run->attempt,
		 err ? "err" : "out");
}

static struct output_file *
open_file(struct run *run, const char *name)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	int fd = journal_open_output(run->config->journal, name, &error);

	if (fd >= 0)
		return output_file_new(fd);
	tell_output_failed(run, &error);
	return NULL;
}

static struct output_file *
open_output(struct run *run, const struct plan_item *item,
	    enum job_stream stream)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT;

	output_name(&name, run, item, stream == JOB_STDERR);
	return open_file(run, buf_cstr(&name));
}

void
log_output(struct run *run, const struct plan_item *item,
	   enum job_stream stream, struct text bytes)
{
	struct output_file **f = &run->outputs[stream == JOB_STDERR];

	if (!run->config->journal || item->step->sensitive)
		return;
	if (!*f && !run->output_failed)
		*f = open_output(run, item, stream);
	if (*f)
		output_file_add(*f, bytes);
}

bool
log_end_outputs(struct run *run, const struct plan_item *item,
		struct record *record)
{
	static const char *const names[] = { "out", "err" };
	static const char *const bytes[] = { "out_bytes", "err_bytes" };
	static const char *const hashes[] = { "out_sha256", "err_sha256" };
	bool truncated = false;

	for (size_t i = 0; i < ARRAY_LEN(run->outputs); i++) {
		CLEANUP(buf_release) struct buf error = BUF_INIT;
		CLEANUP(buf_release) struct buf name = BUF_INIT;
		struct output_end end;

		if (!run->outputs[i])
			continue;
		if (output_file_end(run->outputs[i], &end, &error) < 0)
			tell_output_failed(run, &error);
		run->outputs[i] = NULL;
		output_name(&name, run, item, i == 1);
		record_text(record, names[i], buf_text(&name));
		record_int(record, bytes[i], (int64_t)end.total);
		record_string(record, hashes[i], end.sha256);
		truncated |= end.cut;
	}
	if (truncated)
		record_bool(record, "truncated", true);
	if (run->output_failed)
		record_bool(record, "output_lost", true);
	return truncated;
}

struct output_file *
log_open_late(struct run *run, const struct plan_item *item,
	      enum job_stream stream, struct buf *ret_name)
{
	static const char *const ends[] = {
		[JOB_STDOUT] = "out", [JOB_STDERR] = "err", [JOB_TTY] = "tty"
	};

	if (!run->config->journal || run->journal_failed ||
	    run->output_failed || item->step->sensitive)
		return NULL;
	buf_addf(ret_name, "step-%03u.%u.late.%s", item->number,
		 run_attempts_before(run, item), ends[stream]);
	return open_file(run, buf_cstr(ret_name));
}
