#define _GNU_SOURCE
#include "websocket.h"

#include <stdlib.h>
#include <string.h>

void websocket_handshake(channel *c, const address *to) {
    char request[8192];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                          "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n",
                          to->path, to->host, to->port);
    channel_send(c, request, (size_t)length);
}

int websocket_accepted(const char *data, size_t length) {
    const char *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end) return 0;
    return memcmp(data + 9, "101", 3) ? -1 : (int)(end + 4 - data);
}

size_t websocket_read(char *data, size_t length, frame *found) {
    unsigned char *byte = (unsigned char *)data;
    if (length < 2) return 0;
    size_t size = byte[1] & 0x7f, head = 2;
    if (size > 125) {
        size_t wide = size == 126 ? 2 : 8;
        if (length < 2 + wide) return 0;
        size = 0;
        for (size_t i = 0; i < wide; i++) size = size << 8 | byte[2 + i];
        head += wide;
    }
    if (length - head < size || length < head) return 0;
    *found = (frame){.opcode = byte[0] & 15, .last = byte[0] & 0x80, .payload = data + head, .length = size};
    return head + size;
}

/* A client's frames have to be masked. Masked with zeros, the payload stays as it is: nothing is computed here. */
void websocket_send(channel *c, int opcode, const void *payload, size_t length) {
    unsigned char head[14] = {(unsigned char)(0x80 | opcode)};
    size_t used = 2;
    if (length < 126) {
        head[1] = (unsigned char)(0x80 | length);
    } else if (length < 65536) {
        head[1] = 0x80 | 126, head[2] = (unsigned char)(length >> 8), head[3] = (unsigned char)length;
        used = 4;
    } else {
        die("a message of %zu bytes is longer than this client sends", length);
    }
    used += 4;
    char *whole = allocate(used + length, 1);
    memcpy(whole, head, used);
    memcpy(whole + used, payload, length);
    channel_send(c, whole, used + length);
    free(whole);
}
