/* Handing out channels. A server may allow fewer than we would open
 * (MaxSessions), or close one that nothing happens on (ChannelTimeout): that is
 * found out and then respected. */
#include "exec/channels.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "exec/sshconfig.h"
#include "exec/wire.h"

extern char **environ;

enum {
	MAX_REFUSALS = 4
};

/* The channel that is opened ahead. */
enum spare {
	NO_SPARE,
	OPENING,
	SENDING_ENV,
	SPARE_READY
};

struct channels {
	struct wire *wire; /* NULL: closed */
	const struct sshconfig *config;
	struct channels_client *queue, *active; /* in their order */
	unsigned n_active, most;
	enum spare state;
	struct wire_channel *spare;
	bool spare_gone; /* the server has closed it */
	size_t env;      /* the next variable for it */
	uint64_t turn;
	unsigned refusals; /* in a row, with nothing open */
	bool on_demand;    /* none ahead: the server does not keep it */
};

struct channels *
channels_new(void)
{
	struct channels *ch = xcalloc(1, sizeof(*ch));

	ch->most = LIMIT_CHANNELS;
	return ch;
}

struct channels *
channels_free(struct channels *ch)
{
	free(ch);
	return NULL;
}

static void
append(struct channels_client **list, struct channels_client *client)
{
	while (*list)
		list = &(*list)->next;
	client->next = NULL;
	*list = client;
}

static struct channels_client *
pop(struct channels_client **list)
{
	struct channels_client *c = *list;

	*list = c->next;
	c->next = NULL;
	return c;
}

static bool
take_out(struct channels_client **list, const struct channels_client *client)
{
	for (; *list; list = &(*list)->next) {
		if (*list == client) {
			pop(list);
			return true;
		}
	}
	return false;
}

/* ---- the spare ----------------------------------------------------------- */

static void
drop_spare(struct channels *ch)
{
	ch->spare = wire_channel_free(ch->spare);
	ch->state = NO_SPARE;
	ch->spare_gone = false;
}

static void
spare_on_close(void *ctx)
{
	((struct channels *)ctx)->spare_gone = true;
}

static void
open_spare(struct channels *ch)
{
	struct wire_events on = { .on_close = spare_on_close, .ctx = ch };

	ch->spare = wire_channel_new(ch->wire, &on);
	ch->state = OPENING;
	ch->env = 0;
}

/* The value of variable I of those that the configuration wants sent; NULL:
 * none such, and *RET_END tells whether there are more. */
static const char *
variable(const struct channels *ch, size_t i, char name[256], bool *ret_end)
{
	const struct sshconfig *c = ch->config;
	const char *assignment, *equals;
	size_t n_set = c->set_env.n, len;

	*ret_end = i >= n_set && (!environ || !environ[i - n_set]);
	if (*ret_end)
		return NULL;
	assignment = i < n_set ? c->set_env.at[i] : environ[i - n_set];
	equals = strchr(assignment, '=');
	len = equals ? (size_t)(equals - assignment) : 0;
	if (len == 0 || len >= 256)
		return NULL;
	memcpy(name, assignment, len);
	name[len] = '\0';
	if (i >= n_set && !sshconfig_matches(&c->send_env, name))
		return NULL;
	return equals + 1;
}

/* Send the variables one after the other; a server that does not accept one
 * says so, which changes nothing. True when all are through. */
static bool
send_env(struct channels *ch)
{
	for (;; ch->env++) {
		char name[256];
		bool end;
		const char *value = variable(ch, ch->env, name, &end);

		if (end)
			return true;
		if (value &&
		    wire_channel_env(ch->spare, name, value) == WIRE_AGAIN)
			return false;
	}
}

/* The server opens no more: as many as are open now are the most. With none
 * open it may still be busy closing the one before. */
static void
spare_refused(struct channels *ch)
{
	drop_spare(ch);
	if (ch->n_active) {
		ch->most = ch->n_active;
	} else if (++ch->refusals == MAX_REFUSALS) {
		ch->refusals = 0;
		ch->on_demand = true;
		channels_fail(ch, CHANNELS_UNREACHABLE,
			      "the server opens no channel for a command");
	}
}

/* Move the spare as far as it goes now. */
static void
advance_spare(struct channels *ch)
{
	enum wire_result r;

	if (ch->spare_gone) {
		drop_spare(ch);
		ch->on_demand = true;
	}
	if (ch->state == OPENING) {
		r = wire_channel_open(ch->spare);
		if (r == WIRE_DONE) {
			ch->state = SENDING_ENV;
			ch->refusals = 0;
		} else if (r == WIRE_DENIED) {
			spare_refused(ch);
		}
	}
	if (ch->state == SENDING_ENV && send_env(ch))
		ch->state = SPARE_READY;
}

/* ---- handing out --------------------------------------------------------- */

static bool
wants_spare(const struct channels *ch)
{
	return ch->state == NO_SPARE && ch->n_active < ch->most &&
	       (ch->queue || !ch->on_demand);
}

static void
give_spare(struct channels *ch)
{
	struct channels_client *c = pop(&ch->queue);

	c->channel = ch->spare;
	ch->spare = NULL;
	ch->state = NO_SPARE;
	append(&ch->active, c);
	ch->n_active++;
	c->on_channel(c->ctx, c->channel);
}

static void
serve(struct channels *ch)
{
	while (ch->wire) {
		advance_spare(ch);
		if (ch->state == SPARE_READY && ch->queue)
			give_spare(ch);
		else if (wants_spare(ch))
			open_spare(ch);
		else
			return;
	}
}

void
channels_open(struct channels *ch, struct wire *wire,
	      const struct sshconfig *config)
{
	ch->wire = wire;
	ch->config = config;
	ch->most = LIMIT_CHANNELS;
	ch->on_demand = false;
	serve(ch);
}

void
channels_close(struct channels *ch, const char *message)
{
	struct channels_client *active = ch->active;

	if (!ch->wire)
		return;
	drop_spare(ch);
	ch->wire = NULL;
	ch->active = NULL;
	ch->n_active = 0;
	for (struct channels_client *c = active; c; c = c->next)
		c->channel = wire_channel_free(c->channel);
	while (active) {
		struct channels_client *c = pop(&active);

		if (message)
			c->on_lost(c->ctx, message);
	}
}

void
channels_fail(struct channels *ch, enum channels_failure why,
	      const char *message)
{
	/* Those who come meanwhile are a new queue. */
	struct channels_client *queue = ch->queue;

	ch->queue = NULL;
	while (queue) {
		struct channels_client *c = pop(&queue);

		c->on_failed(c->ctx, why, message);
	}
}

void
channels_request(struct channels *ch, struct channels_client *client)
{
	client->channel = NULL;
	append(&ch->queue, client);
	serve(ch);
}

void
channels_release(struct channels *ch, struct channels_client *client)
{
	if (take_out(&ch->queue, client) || !client->channel)
		return;
	take_out(&ch->active, client);
	ch->n_active--;
	client->channel = wire_channel_free(client->channel);
	serve(ch);
}

void
channels_turn(struct channels *ch)
{
	struct channels_client *c = ch->active;

	/* Each once, whoever comes and goes by it. */
	ch->turn++;
	while (c) {
		if (c->turn == ch->turn) {
			c = c->next;
			continue;
		}
		c->turn = ch->turn;
		c->on_turn(c->ctx);
		c = ch->active;
	}
	serve(ch);
}

unsigned
channels_n_active(const struct channels *ch)
{
	return ch->n_active;
}

unsigned
channels_place(const struct channels *ch, const struct channels_client *client)
{
	unsigned place = 0;

	for (const struct channels_client *c = ch->active; c && c != client;
	     c = c->next)
		place++;
	return place;
}
