/* Non-blocking sockets to one server, driven by one epoll loop. */
#ifndef BENCH_CHANNEL_H
#define BENCH_CHANNEL_H

#include <stdbool.h>

#include "util.h"

/* Where a server listens, and which path is asked for. */
typedef struct {
    char host[64];
    int port;
    char path[4096];
} address;

/* One socket. What belongs to it begins with this struct, so that the two can be cast into each other. */
typedef struct channel {
    int fd; /* -1 while closed */
    bool connecting;
    buffer in, out; /* what was not understood yet, and what could not be sent yet */
    void (*on_open)(struct channel *);
    size_t (*on_data)(struct channel *, char *data, size_t length); /* gives the bytes that it has used up */
    void (*on_close)(struct channel *, const char *why);            /* not called by our own closing */
} channel;

extern uint64_t bytes_received, bytes_sent;

/* Understand ws://host:port/path or http://host:port/path; the host is an IPv4 address. */
address parse_address(const char *url);

/* Make ready for channels. To be called first. */
void loop_start(void);

/* Begin to connect; false when the system refuses. */
bool channel_open(channel *c, const address *to);

void channel_send(channel *c, const void *data, size_t length);
void channel_close(channel *c);

/* Do what is to be done; wait for it at most so many milliseconds. */
void loop_once(int milliseconds);

/* Do what is to be done for so many seconds. */
void loop_for(double seconds);

#endif
