#define _GNU_SOURCE
#include "publisher.h"

#include <stdlib.h>
#include <string.h>

#include "http.h"

#define CONNECTIONS 32

typedef struct {
    channel channel; /* first, so that a channel can be cast into its sender */
    const char *request; /* what waits for an answer; NULL while there is nothing */
    int tries;
} sender;

publisher_report publisher_met;
static sender all[CONNECTIONS];
static address server;
static char **requests;
static int count;

static void refuse(const char *text, size_t length) {
    publisher_met.refused++;
    if (!publisher_met.trouble[0])
        snprintf(publisher_met.trouble, sizeof publisher_met.trouble, "a mutation failed: %.*s",
                 (int)(length < 400 ? length : 400), text);
}

static void on_open(channel *c) {
    sender *s = (sender *)c;
    if (s->request) channel_send(c, s->request, strlen(s->request));
}

/* A server may close a connection that was idle just as it is used again: the mutation is then sent once more. */
static void on_close(channel *c, const char *why) {
    sender *s = (sender *)c;
    if (!s->request) return;
    publisher_met.retried++;
    if (s->tries++ < 3 && channel_open(c, &server)) return;
    s->request = NULL;
    publisher_met.answered++;
    refuse(why, strlen(why));
}

static size_t on_data(channel *c, char *data, size_t length) {
    sender *s = (sender *)c;
    response r;
    size_t used = http_read(data, length, &r);
    if (!used) return 0;
    s->request = NULL;
    publisher_met.answered++;
    bool failed = memmem(r.body, r.body_length, "\"errors\"", 8) || memmem(r.body, r.body_length, "\"problems\":[{", 13);
    if (r.status / 100 != 2 || failed) refuse(data, used);
    return used;
}

void publisher_prepare(const address *where, const char *headers, lines bodies) {
    server = *where, count = bodies.count;
    requests = allocate((size_t)count, sizeof *requests);
    for (int i = 0; i < count; i++) requests[i] = http_request("POST", where, headers, bodies.line[i]);
    for (int i = 0; i < CONNECTIONS; i++)
        all[i].channel = (channel){.fd = -1, .on_open = on_open, .on_data = on_data, .on_close = on_close};
}

bool publisher_send(uint64_t event, int most) {
    for (int i = 0; i < most && i < CONNECTIONS; i++) {
        sender *s = &all[i];
        if (s->request) continue;
        s->request = requests[event % (uint64_t)count];
        s->tries = 0;
        if (s->channel.fd >= 0) on_open(&s->channel);
        else if (!channel_open(&s->channel, &server)) die("no connection for mutations can be had");
        return true;
    }
    return false;
}
