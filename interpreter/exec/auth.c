/* The order in which methods and keys are tried: ssh's (ssh_config(5),
 * PreferredAuthentications, IdentitiesOnly). */
#include "exec/auth.h"

#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "exec/agent.h"
#include "exec/ask.h"
#include "exec/loop.h"
#include "exec/sshconfig.h"
#include "exec/sshkey.h"
#include "exec/wire.h"

enum {
	PASSPHRASE_TRIES = 3, /* as ssh */
	MAX_QUESTIONS = 16    /* in one round of keyboard-interactive */
};

enum method {
	PUBLIC_KEY,
	KEYBOARD,
	PASSWORD,
	N_METHODS
};

static const char *const method_names[N_METHODS] = {
	[PUBLIC_KEY] = "publickey",
	[KEYBOARD] = "keyboard-interactive",
	[PASSWORD] = "password",
};

/* A private key that may be tried. */
struct candidate {
	char *path;
	char *certificate; /* or NULL */
	struct sshkey_public public;
	bool has_public;
};

/* What is under way. */
enum stage {
	STAGE_NONE,   /* asking for the methods */
	STAGE_CHOOSE, /* the next method */
	STAGE_AGENT,
	STAGE_KEY,  /* the next candidate */
	STAGE_TRY,  /* would its public half do? */
	STAGE_READ, /* its private half */
	STAGE_SIGN,
	STAGE_KEYBOARD,
	STAGE_PASSWORD,
	STAGE_SEND_PASSWORD,
	STAGE_ASKED, /* the operator; then `after` */
	STAGE_OVER
};

struct auth {
	struct loop *loop;
	struct wire *wire;
	const struct sshconfig *config;
	const struct ask *ask;
	void (*on_answer)(void *ctx);
	void *ctx;
	enum stage stage, after;
	enum auth_verdict verdict;
	struct buf methods; /* that the server takes, comma list */
	bool used[N_METHODS];
	struct candidate *candidates;
	size_t n_candidates, next_candidate;
	struct agent *agent;
	bool agent_used;
	struct wire_key *key;
	unsigned tries;
	char *answer;      /* NULL: none was given */
	unsigned question; /* of keyboard-interactive */
	struct loop_timer *answered;
	bool odd_key;     /* one that libssh cannot read */
	struct buf tried; /* for the message */
};

/* ---- what there is ------------------------------------------------------- */

static void
add_candidate(struct auth *a, const char *path, const char *certificate,
	      const struct sshkey_public *public)
{
	struct candidate c = { .path = xstrdup(path) };

	if (certificate)
		c.certificate = xstrdup(certificate);
	if (public) {
		c.has_public = true;
		buf_addt(&c.public.type, buf_text(&public->type));
		buf_addt(&c.public.base64, buf_text(&public->base64));
	}
	a->candidates =
		xreallocarray(a->candidates, a->n_candidates + 1, sizeof(c));
	a->candidates[a->n_candidates++] = c;
}

/* A key with each certificate of it, then alone. */
static void
add_identity(struct auth *a, const char *path)
{
	CLEANUP(sshkey_release)
	struct sshkey_public public = { BUF_INIT, BUF_INIT };
	CLEANUP(sshkey_release)
	struct sshkey_public cert = { BUF_INIT, BUF_INIT };
	CLEANUP(buf_release) struct buf name = BUF_INIT;
	bool has_public;

	buf_addf(&name, "%s.pub", path);
	has_public =
		sshkey_read(path, &public) || sshkey_read(name.bytes, &public);
	for (size_t i = 0; i < a->config->certificates.n && has_public; i++) {
		const char *file = a->config->certificates.at[i];

		if (sshkey_read(file, &cert) &&
		    sshkey_certifies(&cert, &public))
			add_candidate(a, path, file, NULL);
	}
	buf_clear(&name);
	buf_addf(&name, "%s-cert.pub", path);
	if (access(name.bytes, R_OK) == 0)
		add_candidate(a, path, name.bytes, NULL);
	add_candidate(a, path, NULL, has_public ? &public : NULL);
}

struct auth *
auth_new(struct loop *l, struct wire *wire, const struct sshconfig *config,
	 const struct ask *ask, void (*on_answer)(void *ctx), void *ctx)
{
	struct auth *a = xcalloc(1, sizeof(*a));

	a->loop = l;
	a->wire = wire;
	a->config = config;
	a->ask = ask;
	a->on_answer = on_answer;
	a->ctx = ctx;
	for (size_t i = 0; i < config->identities.n; i++) {
		if (access(config->identities.at[i], F_OK) == 0)
			add_identity(a, config->identities.at[i]);
	}
	return a;
}

static void
forget_answer(struct auth *a)
{
	if (a->answer)
		explicit_bzero(a->answer, strlen(a->answer));
	free(a->answer);
	a->answer = NULL;
}

struct auth *
auth_free(struct auth *a)
{
	if (!a)
		return NULL;
	if (a->stage == STAGE_ASKED)
		a->ask->withdraw(a->ask->ctx);
	for (size_t i = 0; i < a->n_candidates; i++) {
		free(a->candidates[i].path);
		free(a->candidates[i].certificate);
		sshkey_release(&a->candidates[i].public);
	}
	free(a->candidates);
	loop_cancel(a->answered);
	wire_key_free(a->key);
	agent_free(a->agent);
	forget_answer(a);
	buf_release(&a->methods);
	buf_release(&a->tried);
	free(a);
	return NULL;
}

static bool
list_has(struct text list, const char *name)
{
	struct text item;

	while (text_next_field(&list, ',', &item)) {
		if (text_is(item, name))
			return true;
	}
	return false;
}

/* The list of what was tried, ready for one more. */
static struct buf *
tried(struct auth *a)
{
	if (a->tried.len)
		buf_adds(&a->tried, ", ");
	return &a->tried;
}

/* ---- asking -------------------------------------------------------------- */

static void
on_answered(void *ctx)
{
	struct auth *a = ctx;

	a->answered = NULL;
	a->on_answer(a->ctx);
}

static void
take_answer(void *to, const char *text)
{
	struct auth *a = to;

	if (a->stage != STAGE_ASKED)
		BUG("an answer to no question");
	forget_answer(a);
	a->answered = loop_cancel(a->answered);
	a->answer = text ? xstrdup(text) : NULL;
	a->stage = a->after;
	/* Perhaps in the middle of the question. */
	a->answered = loop_after(a->loop, 0, on_answered, a);
}

/* The answer may have come when this returns: then the stage is AFTER. */
static void
ask(struct auth *a, const char *prompt, bool echo, enum stage after)
{
	a->stage = STAGE_ASKED;
	a->after = after;
	a->ask->question(a->ask->ctx, prompt, echo, take_answer, a);
}

bool
auth_asks(const struct auth *a)
{
	return a->stage == STAGE_ASKED;
}

/* ---- methods ------------------------------------------------------------- */

static bool
is_enabled(const struct auth *a, enum method m)
{
	switch (m) {
	case PUBLIC_KEY:
		return a->config->public_key;
	case KEYBOARD:
		return a->config->keyboard && a->ask;
	case PASSWORD:
		return a->config->password && a->ask;
	case N_METHODS:
		break;
	}
	return false;
}

/* The first method of the operator's order that the server takes and that has
 * not been used up; N_METHODS: none. */
static enum method
choose(const struct auth *a)
{
	struct text order =
		text_of(a->config->preferred ? a->config->preferred
					     : "publickey,keyboard-interactive,"
					       "password");
	struct text name;

	while (text_next_field(&order, ',', &name)) {
		for (enum method m = 0; m < N_METHODS; m++) {
			if (text_is(name, method_names[m]) && !a->used[m] &&
			    is_enabled(a, m) &&
			    list_has(buf_text(&a->methods), method_names[m]))
				return m;
		}
	}
	return N_METHODS;
}

static void
give_up(struct auth *a)
{
	bool gssapi = a->config->gssapi &&
		      list_has(buf_text(&a->methods), "gssapi-with-mic");

	a->verdict = gssapi || a->odd_key ? AUTH_NEEDS_SSH : AUTH_FAILED;
	a->stage = STAGE_OVER;
}

static enum stage
begin_method(struct auth *a)
{
	switch (choose(a)) {
	case PUBLIC_KEY:
		return a->agent_used ? STAGE_KEY : STAGE_AGENT;
	case KEYBOARD:
		a->tries = 0;
		buf_adds(tried(a), method_names[KEYBOARD]);
		return STAGE_KEYBOARD;
	case PASSWORD:
		a->tries = 0;
		buf_adds(tried(a), method_names[PASSWORD]);
		return STAGE_PASSWORD;
	case N_METHODS:
		break;
	}
	give_up(a);
	return STAGE_OVER;
}

static void
learn_methods(struct auth *a)
{
	buf_clear(&a->methods);
	wire_auth_methods(a->wire, &a->methods);
}

/* What RESULT of an attempt means for the whole; DENIED goes on with NEXT.
 * False: wait. */
static bool
conclude(struct auth *a, enum wire_result result, enum stage next)
{
	switch (result) {
	case WIRE_AGAIN:
		return false;
	case WIRE_DONE:
		a->verdict = AUTH_DONE;
		a->stage = STAGE_OVER;
		return true;
	case WIRE_PARTIAL:
		/* One more is wanted, perhaps another key. */
		learn_methods(a);
		a->stage = STAGE_CHOOSE;
		return true;
	case WIRE_FAILED:
		a->verdict = AUTH_FAILED;
		a->stage = STAGE_OVER;
		return true;
	case WIRE_DENIED:
	case WIRE_ASK:
		break;
	}
	learn_methods(a);
	a->stage = next;
	return true;
}

/* ---- keys ---------------------------------------------------------------- */

/* Put the filter in front of the agent. False when there is no agent. */
static bool
open_agent(struct auth *a)
{
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	CLEANUP(free_ptr) const char **first = NULL;
	struct agent_rules rules = { .only = a->config->identities_only };
	int fd;

	if (a->agent)
		return true;
	if (!a->config->agent)
		return false;
	first = xcalloc(a->n_candidates + 1, sizeof(*first));
	for (size_t i = 0; i < a->n_candidates; i++) {
		if (a->candidates[i].has_public)
			first[rules.n_first++] =
				buf_cstr(&a->candidates[i].public.base64);
	}
	rules.first = first;
	a->agent = agent_start(a->loop, a->config->agent, &rules, &fd, &reterr);
	if (!a->agent) {
		buf_addf(tried(a), "(%s)", reterr.bytes);
		return false;
	}
	buf_adds(tried(a), "agent");
	wire_set_agent(a->wire, fd);
	return true;
}

static bool
go_agent(struct auth *a)
{
	enum wire_result result;

	if (!open_agent(a)) {
		a->agent_used = true;
		a->stage = STAGE_KEY;
		return true;
	}
	result = wire_auth_agent(a->wire);
	if (result != WIRE_AGAIN)
		a->agent_used = true;
	return conclude(a, result, STAGE_KEY);
}

static struct candidate *
candidate(struct auth *a)
{
	return &a->candidates[a->next_candidate - 1];
}

static bool
go_key(struct auth *a)
{
	a->key = wire_key_free(a->key);
	forget_answer(a);
	a->tries = 0;
	if (a->next_candidate == a->n_candidates) {
		a->used[PUBLIC_KEY] = true;
		a->stage = STAGE_CHOOSE;
		return true;
	}
	a->next_candidate++;
	buf_adds(tried(a), candidate(a)->certificate ? candidate(a)->certificate
						     : candidate(a)->path);
	a->stage = candidate(a)->has_public ? STAGE_TRY : STAGE_READ;
	return true;
}

static bool
go_try(struct auth *a)
{
	struct candidate *c = candidate(a);
	enum wire_result result =
		wire_try_public(a->wire, buf_cstr(&c->public.type),
				buf_cstr(&c->public.base64));

	if (result == WIRE_DONE) {
		a->stage = STAGE_READ;
		return true;
	}
	return conclude(a, result, STAGE_KEY);
}

static void
ask_for_passphrase(struct auth *a)
{
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;

	buf_addf(&prompt, "Passphrase of %s: ", candidate(a)->path);
	ask(a, prompt.bytes, false, STAGE_READ);
}

/* Read the private key, with the passphrase that was given, if any. */
static bool
go_read(struct auth *a)
{
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	struct candidate *c = candidate(a);
	bool encrypted = false, asked = a->tries > 0;

	if (!asked || a->answer)
		a->key = wire_key_read(c->path, a->answer, c->certificate,
				       &encrypted, &reterr);
	forget_answer(a);
	if (a->key) {
		a->stage = STAGE_SIGN;
	} else if (encrypted && a->ask && a->tries++ < PASSPHRASE_TRIES) {
		ask_for_passphrase(a);
		return a->stage != STAGE_ASKED;
	} else {
		buf_addf(tried(a), "(%s %s)",
			 encrypted || asked ? "no passphrase for"
					    : "cannot read",
			 c->path);
		/* The public half alone is for the agent, which had its
		 * turn. */
		a->odd_key |= !encrypted && !asked && !c->certificate &&
			      access(c->path, R_OK) == 0 &&
			      !sshkey_read(c->path, &c->public);
		a->stage = STAGE_KEY;
	}
	return true;
}

static bool
go_sign(struct auth *a)
{
	return conclude(a, wire_auth_key(a->wire, a->key), STAGE_KEY);
}

/* ---- what is typed ------------------------------------------------------- */

/* The next question of this round, or the whole round to the server. */
static bool
ask_questions(struct auth *a)
{
	unsigned n = wire_n_questions(a->wire);

	if (a->question > 0) {
		if (!a->answer) {
			a->used[KEYBOARD] = true;
			a->stage = STAGE_CHOOSE;
			return true;
		}
		wire_answer(a->wire, a->question - 1, a->answer);
		forget_answer(a);
	}
	if (a->question < n && n <= MAX_QUESTIONS) {
		bool echo;
		const char *prompt =
			wire_question(a->wire, a->question++, &echo);

		ask(a, prompt, echo, STAGE_KEYBOARD);
		return a->stage != STAGE_ASKED;
	}
	a->question = 0;
	return true;
}

static bool
go_keyboard(struct auth *a)
{
	enum wire_result result;

	if (a->question > 0) {
		if (!ask_questions(a))
			return false;
		if (a->question > 0 || a->stage != STAGE_KEYBOARD)
			return true;
	}
	result = wire_auth_keyboard(a->wire);
	if (result == WIRE_ASK)
		return ask_questions(a);
	if (result == WIRE_DENIED && ++a->tries < a->config->prompts)
		return true;
	if (result == WIRE_DENIED || result == WIRE_PARTIAL)
		a->used[KEYBOARD] = true;
	return conclude(a, result, STAGE_CHOOSE);
}

static bool
go_password(struct auth *a)
{
	CLEANUP(buf_release) struct buf prompt = BUF_INIT;

	if (a->tries++ == a->config->prompts) {
		a->used[PASSWORD] = true;
		a->stage = STAGE_CHOOSE;
		return true;
	}
	buf_addf(&prompt, "Password of %s@%s: ", a->config->user,
		 a->config->hostname);
	ask(a, prompt.bytes, false, STAGE_SEND_PASSWORD);
	return a->stage != STAGE_ASKED;
}

static bool
go_send_password(struct auth *a)
{
	enum wire_result result;

	if (!a->answer) {
		a->used[PASSWORD] = true;
		a->stage = STAGE_CHOOSE;
		return true;
	}
	result = wire_auth_password(a->wire, a->answer);
	if (result == WIRE_PARTIAL)
		a->used[PASSWORD] = true;
	if (result != WIRE_AGAIN)
		forget_answer(a);
	return conclude(a, result, STAGE_PASSWORD);
}

/* ---- the way through ----------------------------------------------------- */

/* One step; false when there is something to wait for. */
static bool
step(struct auth *a)
{
	switch (a->stage) {
	case STAGE_NONE:
		return conclude(a, wire_auth_none(a->wire), STAGE_CHOOSE);
	case STAGE_CHOOSE:
		a->stage = begin_method(a);
		return true;
	case STAGE_AGENT:
		return go_agent(a);
	case STAGE_KEY:
		return go_key(a);
	case STAGE_TRY:
		return go_try(a);
	case STAGE_READ:
		return go_read(a);
	case STAGE_SIGN:
		return go_sign(a);
	case STAGE_KEYBOARD:
		return go_keyboard(a);
	case STAGE_PASSWORD:
		return go_password(a);
	case STAGE_SEND_PASSWORD:
		return go_send_password(a);
	case STAGE_ASKED:
	case STAGE_OVER:
		break;
	}
	return false;
}

enum auth_verdict
auth_go_on(struct auth *a)
{
	while (step(a))
		;
	return a->stage == STAGE_OVER ? a->verdict : AUTH_WAIT;
}

void
auth_explain(const struct auth *a, struct buf *b)
{
	buf_addf(b, "tried: %s; the server takes: %s",
		 a->tried.len ? a->tried.bytes : "nothing",
		 a->methods.len ? a->methods.bytes : "unknown");
	if (wire_is_broken(a->wire))
		buf_adds(b, "; it ended the connection");
}
