#define _GNU_SOURCE
#include "subscriber.h"

#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "websocket.h"

enum state { NEW, HANDSHAKE, SIGNING_IN, SUBSCRIBED, CLOSED };

typedef struct {
    channel channel; /* first, so that a channel can be cast into its subscriber */
    enum state state;
    int number;
    buffer message; /* the parts of a fragmented message */
} subscriber;

subscribers_report subscribers_met;
static subscriber *all;
static int count;
static address server;
static lines inits, payloads;

static void note(const char *what, const char *text, size_t length) {
    if (!subscribers_met.trouble[0])
        snprintf(subscribers_met.trouble, sizeof subscribers_met.trouble, "%s: %.*s", what,
                 (int)(length < 400 ? length : 400), text);
}

static void on_close(channel *c, const char *why) {
    subscriber *s = (subscriber *)c;
    note(s->state < SUBSCRIBED ? "a socket was not accepted" : "a socket was closed", why, strlen(why));
    s->state = CLOSED;
    subscribers_met.lost++;
}

static void end(subscriber *s, const char *why, const char *text, size_t length) {
    note(why, text, length);
    channel_close(&s->channel);
    s->state = CLOSED;
    subscribers_met.lost++;
}

static void on_open(channel *c) {
    ((subscriber *)c)->state = HANDSHAKE;
    websocket_handshake(c, &server);
}

static void say(subscriber *s, const char *text) {
    websocket_send(&s->channel, WS_TEXT, text, strlen(text));
}

static void sign_in(subscriber *s) {
    char *text = NULL;
    s->state = SIGNING_IN;
    if (asprintf(&text, "{\"type\":\"connection_init\",\"payload\":%s}", inits.line[s->number % inits.count]) < 0)
        die("out of memory");
    say(s, text);
    free(text);
}

static void subscribe(subscriber *s) {
    char *text = NULL;
    unsigned number = (unsigned)s->number;
    if (asprintf(&text, "{\"id\":\"%08x-4a1b-4c2d-8e3f-%012x\",\"type\":\"subscribe\",\"payload\":%s}",
                 number * 2654435761u, number, payloads.line[s->number % payloads.count]) < 0)
        die("out of memory");
    say(s, text);
    free(text);
    s->state = SUBSCRIBED;
    subscribers_met.subscribed++;
}

static bool has(const char *text, size_t length, const char *word) {
    return memmem(text, length, word, strlen(word));
}

static void on_text(subscriber *s, const char *text, size_t length) {
    if (s->state == SUBSCRIBED) {
        int mark = ledger_mark(text, length);
        if (mark != NO_EVENT) {
            ledger_heard(s->number, mark);
            return;
        }
    }
    if (s->state == SIGNING_IN && has(text, length, "connection_ack")) subscribe(s);
    else if (has(text, length, "\"ping\"")) say(s, "{\"type\":\"pong\"}");
    else if (has(text, length, "\"error") || has(text, length, "\"complete\"")) {
        subscribers_met.refused++;
        note("a subscription failed", text, length);
    }
}

static void on_frame(subscriber *s, frame *f) {
    subscribers_met.frames++;
    if (f->opcode == WS_PING) websocket_send(&s->channel, WS_PONG, f->payload, f->length);
    else if (f->opcode == WS_CLOSE) end(s, "a socket was closed by a frame", f->payload + 2, f->length > 2 ? f->length - 2 : 0);
    else if (f->opcode != WS_PONG && f->last && !s->message.length) on_text(s, f->payload, f->length);
    else if (f->opcode != WS_PONG) {
        buffer_add(&s->message, f->payload, f->length);
        if (!f->last) return;
        on_text(s, s->message.data, s->message.length);
        s->message.length = 0;
    }
}

static size_t on_data(channel *c, char *data, size_t length) {
    subscriber *s = (subscriber *)c;
    size_t used = 0;
    if (s->state == HANDSHAKE) {
        int answer = websocket_accepted(data, length);
        if (answer < 0) end(s, "the handshake was refused", data, length);
        if (answer <= 0) return 0;
        used = (size_t)answer;
        sign_in(s);
    }
    frame f;
    for (size_t size; c->fd >= 0 && (size = websocket_read(data + used, length - used, &f)); used += size) on_frame(s, &f);
    return used;
}

void subscribers_prepare(int how_many, const address *where, lines given_inits, lines given_payloads) {
    count = how_many, server = *where, inits = given_inits, payloads = given_payloads;
    all = allocate((size_t)count, sizeof *all);
    for (int i = 0; i < count; i++)
        all[i] = (subscriber){
            .channel = {.fd = -1, .on_open = on_open, .on_data = on_data, .on_close = on_close}, .number = i};
}

void subscribers_connect(int at_once, double seconds) {
    uint64_t deadline = now_ns() + (uint64_t)(seconds * 1e9);
    int begun = 0;
    while (subscribers_met.subscribed + subscribers_met.lost < count && now_ns() < deadline) {
        while (begun < count && begun - subscribers_met.subscribed - subscribers_met.lost < at_once)
            if (!channel_open(&all[begun++].channel, &server)) on_close(&all[begun - 1].channel, "no socket to be had");
        loop_once(20);
    }
}

void subscribers_leave(void) {
    for (int i = 0; i < count; i++)
        if (all[i].channel.fd >= 0) websocket_send(&all[i].channel, WS_CLOSE, "\x03\xe8", 2);
}
