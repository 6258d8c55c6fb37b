/* Reading known_hosts through ssh-keygen, which knows its hashes, patterns and
 * markers, and judging a server's key by what it finds. */
#include "exec/hostkey.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "exec/loop.h"
#include "exec/proc.h"
#include "exec/sshconfig.h"

/* "# Host NAME found: line N MARKER": the number, or 0. */
static unsigned
line_of_comment(struct text comment)
{
	static const char mark[] = " found: line ";
	size_t at = text_find(comment, TEXT(mark), 0);
	struct text rest, number;
	uint64_t n;

	if (at == comment.len)
		return 0;
	rest = text_sub(comment, at + sizeof(mark) - 1, comment.len);
	text_next_field(&rest, ' ', &number);
	return text_to_uint(number, UINT32_MAX, &n) ? (unsigned)n : 0;
}

/* The next word, blanks skipped. */
static bool
next_word(struct text *rest, struct text *ret)
{
	*rest = text_trim(*rest);
	return text_next_field(rest, ' ', ret);
}

/* "[@marker] NAMES TYPE BASE64 [COMMENT]" (sshd(8), SSH_KNOWN_HOSTS). False
 * for a marker of which we do not know what it means, and for no key. */
static bool
read_line(struct arena *a, struct text line, struct hostkey_line *ret)
{
	struct text word, type, base64;

	ret->marker = HOSTKEY_PLAIN;
	if (!next_word(&line, &word))
		return false;
	if (text_is(word, "@revoked"))
		ret->marker = HOSTKEY_REVOKED;
	else if (text_is(word, "@cert-authority"))
		ret->marker = HOSTKEY_CA;
	else if (text_starts(word, "@"))
		return false;
	if (ret->marker != HOSTKEY_PLAIN && !next_word(&line, &word))
		return false;
	if (!next_word(&line, &type) || !next_word(&line, &base64))
		return false;
	ret->type = arena_memdup0(a, type.at, type.len);
	ret->base64 = arena_memdup0(a, base64.at, base64.len);
	return true;
}

void
hostkeys_read(struct arena *a, struct text output, const char *file,
	      struct hostkeys *keys)
{
	struct text line;
	unsigned number = 0;

	while (text_next_line(&output, &line)) {
		struct hostkey_line found = { .file = file };

		if (text_starts(line, "#")) {
			number = line_of_comment(line);
			continue;
		}
		found.line = number;
		if (read_line(a, line, &found))
			ARENA_PUSH(a, keys->lines, keys->n, found);
	}
}

enum hostkey_verdict
hostkeys_judge(const struct hostkeys *keys, const char *type,
	       const char *base64, const struct hostkey_line **ret_line)
{
	const struct hostkey_line *same = NULL, *changed = NULL, *ca = NULL,
				  *other = NULL;

	for (size_t i = 0; i < keys->n; i++) {
		const struct hostkey_line *l = &keys->lines[i];
		bool is_key = strcmp(l->base64, base64) == 0;

		*ret_line = l;
		if (l->marker == HOSTKEY_REVOKED && is_key)
			return HOSTKEY_IS_REVOKED;
		if (l->marker == HOSTKEY_CA)
			ca = l;
		else if (l->marker == HOSTKEY_REVOKED)
			continue;
		else if (strcmp(l->type, type) != 0)
			other = l;
		else if (is_key)
			same = l;
		else
			changed = l;
	}
	*ret_line = same ? same : changed ? changed : other ? other : ca;
	if (same)
		return HOSTKEY_KNOWN;
	if (changed)
		return HOSTKEY_CHANGED;
	if (other)
		return HOSTKEY_OTHER;
	return ca ? HOSTKEY_NEEDS_CA : HOSTKEY_UNKNOWN;
}

/* The type of key that ALGORITHM signs with (RFC 8332 for RSA). */
static struct text
key_type(struct text algorithm)
{
	return text_starts(algorithm, "rsa-sha2-") ? TEXT("ssh-rsa")
						   : algorithm;
}

static bool
has_plain(const struct hostkeys *keys, struct text type)
{
	for (size_t i = 0; i < keys->n; i++) {
		if (keys->lines[i].marker == HOSTKEY_PLAIN &&
		    text_is(type, keys->lines[i].type))
			return true;
	}
	return false;
}

static void
add_algorithms(const struct hostkeys *keys, struct text list, struct buf *b)
{
	struct text algorithm;

	while (text_next_field(&list, ',', &algorithm)) {
		if (text_find(algorithm, TEXT("-cert-v01@"), 0) < algorithm.len)
			continue;
		if (keys && !has_plain(keys, key_type(algorithm)))
			continue;
		buf_addf(b, "%s%.*s", b->len ? "," : "", TEXT_ARG(algorithm));
	}
}

void
hostkeys_algorithms(const struct hostkeys *keys, const char *algorithms,
		    struct buf *b)
{
	add_algorithms(keys, text_of(algorithms), b);
	if (b->len == 0)
		add_algorithms(NULL, text_of(algorithms), b);
}

/* ---- searching ----------------------------------------------------------- */

struct hostkey_search {
	struct loop *loop;
	struct arena *arena;
	const struct sshconfig *config;
	const char *keygen;
	hostkey_found_fn *fn;
	void *ctx;
	struct hostkeys keys;
	char *name;  /* that is looked for */
	bool plain;  /* without its port */
	size_t file; /* the next one of the configuration */
	struct proc_run *run;
	struct loop_timer *later;
};

static void search_next(void *ctx);

struct hostkey_search *
hostkey_search_free(struct hostkey_search *s)
{
	if (!s)
		return NULL;
	proc_run_free(s->run);
	loop_cancel(s->later);
	free(s->name);
	free(s);
	return NULL;
}

static void
search_failed(struct hostkey_search *s, const char *message)
{
	s->fn(s->ctx, NULL, message);
}

static void
on_searched(void *ctx, const struct proc_result *r)
{
	struct hostkey_search *s = ctx;
	const char *file = s->config->known_hosts.at[s->file - 1];
	bool ok = !r->timed_out && !r->too_long && WIFEXITED(r->wait_status) &&
		  WEXITSTATUS(r->wait_status) <= 1;
	struct text err = text_trim(r->err);

	s->run = NULL;
	if (!ok) {
		CLEANUP(buf_release) struct buf message = BUF_INIT;

		buf_addf(&message, "cannot look up host keys in '%s'%s%.*s",
			 file, err.len ? ": " : "", TEXT_ARG(err));
		search_failed(s, message.bytes);
		return;
	}
	hostkeys_read(s->arena, r->out, file, &s->keys);
	search_next(s);
}

/* "[name]:port", or the name alone for the usual port. */
static char *
name_of(const struct sshconfig *config, bool plain)
{
	struct buf b = BUF_INIT;
	const char *name = config->host_key_alias ? config->host_key_alias
						  : config->hostname;

	if (plain || config->host_key_alias || strcmp(config->port, "22") == 0)
		buf_adds(&b, name);
	else
		buf_addf(&b, "[%s]:%s", name, config->port);
	return buf_detach(&b, NULL);
}

/* As ssh does: a host on another port may have the key that it is known for
 * on the usual one. */
static bool
search_again(struct hostkey_search *s)
{
	char *plain = name_of(s->config, true);
	bool again = s->keys.n == 0 && !s->plain && strcmp(plain, s->name) != 0;

	if (!again) {
		free(plain);
		return false;
	}
	free(s->name);
	s->name = plain;
	s->plain = true;
	s->file = 0;
	return true;
}

static void
search_in(struct hostkey_search *s, const char *file)
{
	const char *const argv[] = {
		s->keygen, "-F", s->name, "-f", file, NULL
	};
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;

	spec.argv = argv;
	s->run = proc_run_start(s->loop, &spec, LIMIT_SSH_OUTPUT_BYTES,
				LIMIT_SSH_HELPER_MS, on_searched, s, &reterr);
	if (!s->run)
		search_failed(s, reterr.bytes);
}

static void
search_next(void *ctx)
{
	struct hostkey_search *s = ctx;
	const struct sshconfig_list *files = &s->config->known_hosts;

	s->later = NULL;
	do {
		while (s->file < files->n) {
			const char *file = files->at[s->file++];

			if (access(file, F_OK) < 0 && errno == ENOENT)
				continue;
			search_in(s, file);
			return;
		}
	} while (search_again(s));
	s->fn(s->ctx, &s->keys, NULL);
}

struct hostkey_search *
hostkey_search_start(struct loop *l, struct arena *a,
		     const struct sshconfig *config, const char *keygen,
		     hostkey_found_fn *fn, void *ctx)
{
	struct hostkey_search *s = xcalloc(1, sizeof(*s));

	s->loop = l;
	s->arena = a;
	s->config = config;
	s->keygen = keygen;
	s->fn = fn;
	s->ctx = ctx;
	s->name = name_of(config, false);
	s->later = loop_after(l, 0, search_next, s);
	return s;
}
