/* The channels of one connection: a few at a time, the rest in a queue, and one
 * opened ahead, so that a command takes one round trip. */
#ifndef EXEC_CHANNELS_H
#define EXEC_CHANNELS_H

#include <stdbool.h>
#include <stdint.h>

struct channels;     /* opaque */
struct sshconfig;    /* exec/sshconfig.h */
struct wire;         /* exec/wire.h */
struct wire_channel; /* exec/wire.h */

enum channels_failure {
	CHANNELS_UNREACHABLE, /* the message says why, and what to do */
	CHANNELS_NEED_SSH     /* only the real ssh can */
};

/* Who wants a channel; embedded in his struct. */
struct channels_client {
	/* An open channel, which is his until channels_release. */
	void (*on_channel)(void *ctx, struct wire_channel *c);
	/* There will be none; he is out of the queue. */
	void (*on_failed)(void *ctx, enum channels_failure why,
			  const char *message);
	/* The connection has moved: repeat what was WIRE_AGAIN. */
	void (*on_turn)(void *ctx);
	/* The connection is gone, and his channel with it; he is released. */
	void (*on_lost)(void *ctx, const char *message);
	void *ctx;
	/* Ours. */
	struct channels_client *next;
	struct wire_channel *channel;
	uint64_t turn;
};

struct channels *channels_new(void);
struct channels *channels_free(struct channels *ch); /* clients hear nothing */

/* WIRE is ready from now on; CONFIG says what to send of the environment. Both
 * are borrowed until channels_close. */
void channels_open(struct channels *ch, struct wire *wire,
		   const struct sshconfig *config);

/* The wire is about to be freed: active clients are told MESSAGE, unless it is
 * NULL, and released; the queue stays. */
void channels_close(struct channels *ch, const char *message);

/* Everybody in the queue fails. */
void channels_fail(struct channels *ch, enum channels_failure why,
		   const char *message);

/* Queue CLIENT. When a channel is there, on_channel is called at once. */
void channels_request(struct channels *ch, struct channels_client *client);

/* Leave the queue, or give the channel back, which ends it. */
void channels_release(struct channels *ch, struct channels_client *client);

/* Something has come over the wire. Calls on_turn of every active client. */
void channels_turn(struct channels *ch);

/* How many commands are under way, and which of them CLIENT's is, from 0, in
 * the order in which they were given channels. */
unsigned channels_n_active(const struct channels *ch);
unsigned channels_place(const struct channels *ch,
			const struct channels_client *client);

#endif
