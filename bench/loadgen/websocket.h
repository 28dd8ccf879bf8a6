/* The client's side of RFC 6455, as far as a load generator needs it. */
#ifndef BENCH_WEBSOCKET_H
#define BENCH_WEBSOCKET_H

#include "channel.h"

enum { WS_CONTINUATION = 0, WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };

/* One frame of the server's, unmasked. */
typedef struct {
    int opcode;
    bool last;
    char *payload;
    size_t length;
} frame;

/* Ask for a WebSocket with the protocol graphql-transport-ws. */
void websocket_handshake(channel *c, const address *to);

/* Tell how long the server's answer to the handshake is, 0 while it is not complete; -1 when it refuses. */
int websocket_accepted(const char *data, size_t length);

/* Read one frame; gives its whole length, or 0 while it is not complete. */
size_t websocket_read(char *data, size_t length, frame *found);

void websocket_send(channel *c, int opcode, const void *payload, size_t length);

#endif
