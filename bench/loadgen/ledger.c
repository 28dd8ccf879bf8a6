#define _GNU_SOURCE
#include "ledger.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"

#define SLOTS 4096 /* of the table of marks; a power of two */

/* What one subscriber has had of the phase. */
typedef struct {
    uint16_t *times; /* by mark */
    int last, had;
    uint64_t order; /* a hash of the events in the order in which they came */
    bool reached;
} account;

static lines marks;
static int slots[SLOTS];
static char fields[2][80];
static account *accounts;
static int subscribers, reached;

static bool active;
static int events, sent;
static uint64_t first_number, *sent_at;
static float *latency; /* by event and subscriber, in ms; NAN where it did not come */
static uint64_t delivered, doubled, out_of_order, unknown, last_at;

static uint32_t hash_of(const char *text, size_t length, uint32_t hash) {
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

void ledger_open(lines given, const char *first_field, const char *second_field, int count) {
    marks = given;
    subscribers = count;
    if (marks.count > SLOTS / 2) die("more than %d marks", SLOTS / 2);
    snprintf(fields[0], sizeof fields[0], "\"%s\":", first_field);
    snprintf(fields[1], sizeof fields[1], "\"%s\":", second_field);
    for (int i = 0; i < marks.count; i++) {
        uint32_t slot = hash_of(marks.line[i], strlen(marks.line[i]), 2166136261u) % SLOTS;
        while (slots[slot]) slot = (slot + 1) % SLOTS;
        slots[slot] = i + 1;
    }
    accounts = allocate((size_t)count, sizeof *accounts);
    for (int i = 0; i < count; i++) accounts[i].times = allocate((size_t)marks.count, sizeof(uint16_t));
}

/* Find the value of a field that holds a text. */
static const char *value_of(const char *text, size_t length, const char *field, size_t *size) {
    const char *at = memmem(text, length, field, strlen(field)), *end = text + length;
    if (!at) return NULL;
    for (at += strlen(field); at < end && *at == ' ';) at++;
    if (at == end || *at++ != '"') return NULL;
    const char *stop = memchr(at, '"', (size_t)(end - at));
    if (!stop) return NULL;
    *size = (size_t)(stop - at);
    return at;
}

int ledger_mark(const char *text, size_t length) {
    size_t one, two;
    const char *first = value_of(text, length, fields[0], &one);
    const char *second = first ? value_of(text, length, fields[1], &two) : NULL;
    if (!second) return NO_EVENT;
    uint32_t slot = hash_of(second, two, hash_of("\t", 1, hash_of(first, one, 2166136261u))) % SLOTS;
    for (; slots[slot]; slot = (slot + 1) % SLOTS) {
        const char *mark = marks.line[slots[slot] - 1];
        if (!strncmp(mark, first, one) && mark[one] == '\t' && !strncmp(mark + one + 1, second, two) &&
            !mark[one + 1 + two])
            return slots[slot] - 1;
    }
    return UNKNOWN_EVENT;
}

void ledger_begin(int count, uint64_t first) {
    events = count, first_number = first, sent = 0, active = true;
    delivered = doubled = out_of_order = unknown = last_at = 0;
    sent_at = allocate((size_t)count, sizeof *sent_at);
    latency = allocate((size_t)count * (size_t)subscribers, sizeof *latency);
    for (size_t i = 0; i < (size_t)count * (size_t)subscribers; i++) latency[i] = NAN;
    for (int i = 0; i < subscribers; i++) {
        memset(accounts[i].times, 0, (size_t)marks.count * sizeof(uint16_t));
        accounts[i].last = -1, accounts[i].had = 0, accounts[i].order = 14695981039346656037ull;
    }
}

void ledger_sent(uint64_t at) {
    sent_at[sent++] = at;
}

void ledger_heard(int subscriber, int mark) {
    account *a = &accounts[subscriber];
    if (!a->reached) a->reached = true, reached++;
    if (!active) return;
    if (mark < 0) {
        unknown++;
        return;
    }
    int offset = (int)(((uint64_t)mark + (uint64_t)marks.count - first_number % (uint64_t)marks.count) % (uint64_t)marks.count);
    int event = offset + marks.count * a->times[mark]++;
    if (event >= sent) {
        doubled++;
        return;
    }
    last_at = now_ns();
    latency[(size_t)event * (size_t)subscribers + (size_t)subscriber] = (float)((double)(last_at - sent_at[event]) / 1e6);
    if (event < a->last) out_of_order++;
    a->last = event, a->had++, delivered++;
    a->order = (a->order ^ (uint64_t)(event + 1)) * 1099511628211ull;
}

bool ledger_complete(void) {
    return sent == events && delivered >= (uint64_t)events * (uint64_t)subscribers;
}

int ledger_reached(void) {
    return reached;
}

uint64_t ledger_delivered(void) {
    return delivered;
}

/* Count the subscribers who had everything, but in another order than the first of them. */
static int differing_orders(void) {
    int model = -1, differing = 0;
    for (int i = 0; i < subscribers; i++) {
        if (accounts[i].had != events) continue;
        if (model < 0) model = i;
        if (accounts[i].order != accounts[model].order) differing++;
    }
    return differing;
}

/* Write, over all events, how long the first, the median and the last subscriber waited. */
static void write_waits(FILE *out) {
    float *row = allocate((size_t)subscribers, sizeof *row), *wait[3];
    for (int i = 0; i < 3; i++) wait[i] = allocate((size_t)events, sizeof **wait);
    size_t counted = 0;
    for (int e = 0; e < events; e++) {
        size_t had = 0;
        for (int s = 0; s < subscribers; s++) {
            float value = latency[(size_t)e * (size_t)subscribers + (size_t)s];
            if (!isnan(value)) row[had++] = value;
        }
        if (!had) continue;
        sort_values(row, had);
        wait[0][counted] = row[0], wait[1][counted] = row[(had - 1) / 2], wait[2][counted] = row[had - 1];
        counted++;
    }
    static const char *names[] = {"first_ms", "median_ms", "last_ms"};
    for (int i = 0; i < 3; i++) {
        fputs(",\n  ", out);
        write_percentiles(out, names[i], wait[i], counted);
        free(wait[i]);
    }
    free(row);
}

void ledger_end(FILE *out) {
    active = false;
    uint64_t expected = (uint64_t)events * (uint64_t)subscribers;
    double seconds = delivered ? (double)(last_at - sent_at[0]) / 1e9 : NAN;
    fprintf(out, "\"events\":%d,\"expected\":%lu,\"delivered\":%lu,\"lost\":%lu,\"doubled\":%lu,", events, expected,
            delivered, expected - delivered, doubled);
    fprintf(out, "\"out_of_order\":%lu,\"order_differs\":%d,\"unknown\":%lu,\"seconds\":", out_of_order,
            differing_orders(), unknown);
    write_number(out, seconds);
    fputs(",\"deliveries_per_s\":", out);
    write_number(out, (double)delivered / seconds);
    write_waits(out);
    free(sent_at);
    free(latency);
}
