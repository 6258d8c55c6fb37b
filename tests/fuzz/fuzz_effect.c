/* Any text is read, and judged, without a crash and in bounds: as a shell text
 * of its own, and as what clients and interpreters are fed. What is found is
 * consistent, and the same when it is judged again. */
#include "base/limits.h"
#include "diag/source.h"
#include "effect/judge.h"
#include "effect/unwrap.h"
#include "lib/shell_invariants.h"
#include "shell/parse.h"
#include "shell/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum {
	AGAIN_EACH = 16 /* lengths of which one is judged twice */
};

/* Who reads the text; the first byte of the input chooses. */
static const char *const readers[] = {
	"",
	"",
	"",
	"psql app",
	"mysql app",
	"sqlite3 a.db",
	"redis-cli",
	"mongosh app",
	"python3 -",
	"ssh web1",
	"docker exec -i db psql",
	"kubectl apply -f -",
	"awk -f -",
};

static const char end_line[] = "\nEND_OF_INPUT\n";

/* The shell text that INPUT stands for. The document around a reader's input
 * ends at a line that no input can hold by chance. */
static void
make_text(struct buf *b, const uint8_t *bytes, size_t n)
{
	const char *reader = readers[bytes[0] % ARRAY_LEN(readers)];

	if (*reader)
		buf_addf(b, "%s <<'END_OF_INPUT'\n", reader);
	buf_add(b, (const char *)bytes + 1, n - 1);
	if (*reader)
		buf_adds(b, end_line);
}

static void
check_finding(const struct finding *f, const struct source *src)
{
	struct buf CLEANUP(buf_release) said = BUF_INIT;
	struct buf CLEANUP(buf_release) chain = BUF_INIT;

	if (f->where.src &&
	    (f->where.src != src || f->where.start > f->where.end ||
	     f->where.end > src->bytes.len))
		BUG("the place of '%s' is not in the text", f->rule);
	if (f->hop && f->hop->depth > LIMIT_WRAPPER_DEPTH)
		BUG("'%s' is %u hops deep", f->rule, f->hop->depth);
	if (!f->rule || !f->why)
		BUG("a finding without a rule or a reason");
	effect_explain(&said, f);
	effect_chain(&chain, f->hop);
	if (said.len == 0)
		BUG("nothing is said of '%s'", f->rule);
}

static void
check_effect(const struct effect *e, const struct source *src)
{
	enum effect_level level = EFFECT_READS;
	bool unknown = false;

	for (uint32_t i = 0; i < e->n_findings; i++) {
		check_finding(&e->findings[i], src);
		if (e->findings[i].level > level)
			level = e->findings[i].level;
		if (e->findings[i].level == EFFECT_UNKNOWN)
			unknown = true;
	}
	if (level != e->level)
		BUG("level %d of findings up to %d", (int)e->level, (int)level);
	if (e->partly_unknown != (unknown && level > EFFECT_UNKNOWN))
		BUG("partly unknown or not");
	if (e->n_findings && (!e->worst || e->worst->level != level))
		BUG("the worst finding is another");
}

static struct effect *
judge(struct arena *arena, struct source *src)
{
	struct map *map = map_new(arena, src);
	struct excerpt all = { src->bytes, map };
	struct effect_state state = { .scope = scope_new(arena) };
	const struct script *s;

	map_add(arena, map, (uint32_t)src->bytes.len, 0,
		(uint32_t)src->bytes.len, MAP_COPIED);
	s = shell_parse(arena, all);
	check_script(s);
	return effect_judge_script(arena, s, &state);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct buf text = BUF_INIT;
	/* one each: how much there is already bounds what braces make */
	struct arena arena = ARENA_INIT, other = ARENA_INIT;
	struct source *src;
	struct effect *first, *again;
	size_t len;

	if (n == 0)
		return 0;
	make_text(&text, bytes, n);
	len = text.len;
	src = source_new("fuzz", buf_detach(&text, NULL), len);
	first = judge(&arena, src);
	check_effect(first, src);
	again = n % AGAIN_EACH ? first : judge(&other, src);
	if (again->level != first->level ||
	    again->n_findings != first->n_findings)
		BUG("judged twice, the level differs");
	arena_release(&arena);
	arena_release(&other);
	source_free(src);
	return 0;
}
