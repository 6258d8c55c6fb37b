/* Findings as SARIF 2.1.0, as GitHub's code scanning takes it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diag/source.h"
#include "lint/lint.h"
#include "report/linehash.h"
#include "report/lint_format.h"

static struct jval *
message(const char *text)
{
	struct jval *o = jval_object();

	jval_set(o, "text", jval_string(text));
	return o;
}

static const char *
level_name(enum diag_level level)
{
	static const char *const names[] = { "error", "warning", "note",
					     "note" };

	return names[level];
}

/* "missing-field" as MissingField. */
static struct jval *
pascal(const char *alias)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (bool up = true; *alias; alias++) {
		if (*alias == '-') {
			up = true;
			continue;
		}
		buf_addc(&b, up && byte_is_alpha(*alias)
				     ? (char)(*alias - 'a' + 'A')
				     : *alias);
		up = false;
	}
	return jval_text(buf_text(&b));
}

/* How bad it is when it is true, as GitHub wants it: a finding with it is a
 * security alert. */
static const char *
security_severity(enum diag_code code)
{
	switch (code) {
	case DIAG_SECRET_IN_TEXT:
		return "9.0";
	case DIAG_PIPE_TO_SHELL:
	case DIAG_HIDDEN_CHARACTER:
		return "7.0";
	case DIAG_SECRET_ARGUMENT:
		return "5.0";
	default:
		return NULL;
	}
}

/* What is wrong, what was wrong and what is right with it. */
static struct jval *
help_of(enum diag_code code)
{
	const struct diag_explanation *e = diag_explanation(code);
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct jval *o = message(e->why);

	buf_addf(&b, "%s\n\nBad:\n\n````markdown\n%s````\n\n", e->why, e->bad);
	buf_addf(&b, "Good:\n\n````markdown\n%s````\n", e->good);
	jval_set(o, "markdown", jval_text(buf_text(&b)));
	return o;
}

static struct jval *
properties(enum diag_code code)
{
	static const char *const severities[] = { "error", "warning",
						  "recommendation",
						  "recommendation" };
	const char *security = security_severity(code);
	struct jval *o = jval_object(), *tags = jval_array();

	jval_push(tags, jval_string("runbook"));
	if (lint_family_name(code))
		jval_push(tags, jval_string(lint_family_name(code)));
	if (security)
		jval_push(tags, jval_string("security"));
	jval_set(o, "tags", tags);
	jval_set(o, "precision", jval_string("high"));
	jval_set(o, "problem.severity",
		 jval_string(severities[diag_info(code)->level]));
	if (security)
		jval_set(o, "security-severity", jval_string(security));
	return o;
}

static struct jval *
rule(enum diag_code code)
{
	const struct diag_info *info = diag_info(code);
	struct jval *o = jval_object(), *sub = jval_object();

	jval_set(o, "id", jval_string(info->number));
	jval_set(o, "name", pascal(info->alias));
	jval_set(o, "shortDescription", message(info->summary));
	jval_set(o, "fullDescription", message(diag_explanation(code)->why));
	jval_set(o, "help", help_of(code));
	jval_set(sub, "level", jval_string(level_name(info->level)));
	jval_set(o, "defaultConfiguration", sub);
	jval_set(o, "properties", properties(code));
	return o;
}

/* Where CODE stands in the list of rules. */
static int
rule_index(enum diag_code code)
{
	int n = 0;

	for (int i = 0; i < (int)code; i++)
		n += lint_has_code((enum diag_code)i);
	return n;
}

/* A path as a URI reference (RFC 3986): what is not unreserved is encoded. */
static struct jval *
uri(const char *path)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (path[0] == '.' && path[1] == '/')
		path += 2;
	for (; *path; path++) {
		if (byte_is_alnum(*path) || strchr("-._~/", *path))
			buf_addc(&b, *path);
		else
			buf_addf(&b, "%%%02X", (unsigned)(unsigned char)*path);
	}
	return jval_text(buf_text(&b));
}

static struct jval *
artifact_of(const char *path)
{
	struct jval *artifact = jval_object();

	jval_set(artifact, "uri", uri(path));
	jval_set(artifact, "uriBaseId", jval_string("%SRCROOT%"));
	return artifact;
}

static struct jval *
region_of(struct span where)
{
	struct lint_place p = lint_place_of(where);
	struct jval *region = jval_object();

	jval_set(region, "startLine", jval_int(p.line));
	jval_set(region, "startColumn", jval_int(p.units));
	jval_set(region, "endLine", jval_int(p.end_line));
	jval_set(region, "endColumn", jval_int(p.end_units));
	return region;
}

static struct jval *
location(const char *path, struct span where)
{
	struct jval *o = jval_object(), *physical = jval_object();

	jval_set(physical, "artifactLocation", artifact_of(path));
	jval_set(physical, "region", region_of(where));
	jval_set(o, "physicalLocation", physical);
	return o;
}

static struct jval *
fingerprints(const struct linehash *hashes, uint32_t n, uint32_t line)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct jval *o = jval_object();

	if (line <= n)
		buf_addf(&b, "%" PRIx64 ":%u", hashes[line - 1].value,
			 hashes[line - 1].seen);
	jval_set(o, "primaryLocationLineHash", jval_text(buf_text(&b)));
	return o;
}

static struct jval *
fixes(const struct diag *d, const char *path)
{
	struct jval *list = jval_array(), *fix = jval_object();
	struct jval *changes = jval_array(), *change = jval_object();
	struct jval *replacements = jval_array();

	for (const struct diag_edit *e = d->fix->edits; e; e = e->next) {
		struct span where = { d->where.src, e->start, e->end };
		struct jval *one = jval_object();

		jval_set(one, "deletedRegion", region_of(where));
		jval_set(one, "insertedContent", message(e->text));
		jval_push(replacements, one);
	}
	jval_set(change, "artifactLocation", artifact_of(path));
	jval_set(change, "replacements", replacements);
	jval_push(changes, change);
	jval_set(fix, "description", message(d->fix->description));
	jval_set(fix, "artifactChanges", changes);
	jval_push(list, fix);
	return list;
}

static struct jval *
result(const struct diag *d, const char *path)
{
	struct jval *o = jval_object(), *list = jval_array();

	jval_set(o, "ruleId", jval_string(diag_info(d->code)->number));
	jval_set(o, "ruleIndex", jval_int(rule_index(d->code)));
	jval_set(o, "level", jval_string(level_name(d->level)));
	jval_set(o, "message", message(d->message));
	jval_push(list, location(path, d->where));
	jval_set(o, "locations", list);
	if (d->notes) {
		list = jval_array();
		for (const struct diag_note *n = d->notes; n; n = n->next) {
			struct jval *related = location(path, n->where);

			jval_set(related, "message", message(n->message));
			jval_push(list, related);
		}
		jval_set(o, "relatedLocations", list);
	}
	if (d->fix)
		jval_set(o, "fixes", fixes(d, path));
	return o;
}

static void
begin(struct lint_report *r)
{
	r->list = jval_array();
}

static void
file(struct lint_report *r, const struct lint_file *f)
{
	struct linehash *hashes = NULL;
	uint32_t n = 0;

	for (size_t i = 0; i < f->sink->n_items; i++) {
		const struct diag *d = f->sink->items[i];
		struct jval *o;

		if (!lint_shows(r, d))
			continue;
		if (!hashes)
			hashes = linehash_all(f->src->bytes, &n);
		o = result(d, f->place);
		if (d->where.src)
			jval_set(o, "partialFingerprints",
				 fingerprints(hashes, n, span_line(d->where)));
		jval_push(r->list, o);
	}
	free(hashes);
}

static struct jval *
tool(const struct lint_report *r)
{
	struct jval *o = jval_object(), *driver = jval_object();
	struct jval *rules = jval_array();

	for (int i = 0; i < DIAG_CODE_COUNT; i++) {
		if (lint_has_code((enum diag_code)i))
			jval_push(rules, rule((enum diag_code)i));
	}
	jval_set(driver, "name", jval_string("runbook"));
	jval_set(driver, "semanticVersion", jval_string(r->version));
	jval_set(driver, "rules", rules);
	jval_set(o, "driver", driver);
	return o;
}

static struct jval *
invocation(const struct lint_report *r)
{
	struct jval *list = jval_array(), *o = jval_object();

	jval_set(o, "executionSuccessful", jval_bool(true));
	jval_set(o, "exitCode", jval_int(r->n_failing ? 1 : 0));
	jval_push(list, o);
	return list;
}

static void
end(struct lint_report *r)
{
	struct jval *all = jval_object(), *runs = jval_array();
	struct jval *run = jval_object(), *details = jval_object();

	jval_set(run, "tool", tool(r));
	jval_set(run, "columnKind", jval_string("utf16CodeUnits"));
	jval_set(details, "id", jval_string("runbook-lint/"));
	jval_set(run, "automationDetails", details);
	jval_set(run, "invocations", invocation(r));
	jval_set(run, "results", r->list);
	r->list = NULL;
	jval_push(runs, run);
	jval_set(all, "$schema",
		 jval_string("https://json.schemastore.org/sarif-2.1.0.json"));
	jval_set(all, "version", jval_string("2.1.0"));
	jval_set(all, "runs", runs);
	jval_write(all, true, r->out);
	buf_addc(r->out, '\n');
	jval_free(all);
}

const struct lint_format lint_format_sarif = {
	.name = "sarif",
	.begin = begin,
	.file = file,
	.end = end,
};
