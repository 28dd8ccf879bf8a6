/* Clients that speak graphql-transport-ws: each opens a socket, signs in, subscribes once and listens. */
#ifndef BENCH_SUBSCRIBER_H
#define BENCH_SUBSCRIBER_H

#include "channel.h"

/* What all subscribers have met together. */
typedef struct {
    int subscribed;   /* acknowledged, with their `subscribe` sent */
    int lost;         /* never came so far, or were closed later */
    uint64_t frames;  /* received */
    uint64_t refused; /* messages that tell of an error */
    char trouble[512]; /* the first thing that went wrong */
} subscribers_report;

extern subscribers_report subscribers_met;

/* Take who they are: client i says line i mod count of `inits` in connection_init (the payload, as JSON), and subscribes
 * with line i mod count of `payloads`. */
void subscribers_prepare(int count, const address *server, lines inits, lines payloads);

/* Connect them, with at most so many under way at once, for at most so many seconds. */
void subscribers_connect(int at_once, double seconds);

/* Say goodbye. */
void subscribers_leave(void);

#endif
