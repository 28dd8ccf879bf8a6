/* queries - asks a server the same over and over, and counts the answers.
 *
 * A closed loop: each of the kept connections asks again as soon as it has its answer. With --etag the first answer's
 * ETag is sent as If-None-Match from then on. Prints one JSON object. */
#define _GNU_SOURCE
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "figures.h"
#include "http.h"
#include "process.h"

#define MOST_CONNECTIONS 1024
#define MOST_LATENCIES 4000000
#define DRAIN_SECONDS 10

typedef struct {
    channel channel; /* first, so that a channel can be cast into its asker */
    uint64_t asked_at;
} asker;

static struct {
    int connections, status;
    double seconds, warmup;
    pid_t pid;
    bool etag;
} wanted = {.connections = 32, .status = 200, .seconds = 5, .warmup = 1};

static asker all[MOST_CONNECTIONS];
static address server;
static char *request, *headers = "", *method = "POST", *body, *expect = "";
static uint64_t answers, wrong, body_bytes;
static int waiting; /* requests without an answer yet */
static bool ending;
static float *latencies;
static char trouble[512], tag[256];

static void ask(channel *c) {
    ((asker *)c)->asked_at = now_ns();
    waiting++;
    channel_send(c, request, strlen(request));
}

static void check(const response *r) {
    bool fits = r->status == wanted.status && (r->status == 304 || memmem(r->body, r->body_length, expect, strlen(expect)));
    if (fits) return;
    wrong++;
    if (!trouble[0])
        snprintf(trouble, sizeof trouble, "answered %d: %.*s", r->status, (int)(r->body_length < 400 ? r->body_length : 400),
                 r->body);
}

static size_t on_data(channel *c, char *data, size_t length) {
    response r;
    size_t used = http_read(data, length, &r);
    if (!used) return 0;
    if (answers < MOST_LATENCIES) latencies[answers] = (float)((double)(now_ns() - ((asker *)c)->asked_at) / 1e6);
    answers++, waiting--, body_bytes += r.body_length;
    check(&r);
    if (!ending) ask(c);
    return used;
}

static void on_close(channel *c, const char *why) {
    wrong++, waiting--;
    if (!trouble[0]) snprintf(trouble, sizeof trouble, "%s", why);
    if (!ending && !channel_open(c, &server)) die("no connection can be had");
}

/* Keep the first answer's tag. */
static size_t on_first(channel *c, char *data, size_t length) {
    response r;
    const char *value;
    size_t used = http_read(data, length, &r);
    if (!used) return 0;
    size_t size = http_header(&r, "etag:", &value);
    if (!size) die("the answer has no ETag: %.*s", (int)(length < 400 ? length : 400), data);
    snprintf(tag, sizeof tag, "If-None-Match: %.*s\r\n", (int)size, value);
    channel_close(c);
    return used;
}

static void learn_tag(void) {
    request = http_request(method, &server, headers, body);
    channel first = {.fd = -1, .on_open = ask, .on_data = on_first, .on_close = on_close};
    asker once = {.channel = first};
    if (!channel_open(&once.channel, &server)) die("no connection can be had");
    for (uint64_t end = now_ns() + DRAIN_SECONDS * 1000000000ull; !tag[0] && now_ns() < end;) loop_once(20);
    if (!tag[0]) die("no answer came within %d s", DRAIN_SECONDS);
    waiting = 0;
    if (asprintf(&headers, "%s%s", headers, tag) < 0) die("out of memory");
}

static void measure(FILE *out) {
    for (int i = 0; i < wanted.connections; i++) {
        all[i].channel = (channel){.fd = -1, .on_open = ask, .on_data = on_data, .on_close = on_close};
        if (!channel_open(&all[i].channel, &server)) die("no connection can be had");
    }
    loop_for(wanted.warmup);
    answers = wrong = body_bytes = 0;
    double cpu = usage_of(wanted.pid).cpu;
    uint64_t began = now_ns();
    loop_for(wanted.seconds);
    double seconds = (double)(now_ns() - began) / 1e9;
    fprintf(out, "{\"requests\":%lu,\"wrong\":%lu,\"requests_per_s\":%.1f,\"cpu_us_per_request\":", answers, wrong,
            (double)answers / seconds);
    write_number(out, (usage_of(wanted.pid).cpu - cpu) * 1e6 / (double)answers);
    fputs(",\"body_bytes\":", out);
    write_number(out, (double)body_bytes / (double)answers);
    fputc(',', out);
    write_percentiles(out, "answer_ms", latencies, answers < MOST_LATENCIES ? answers : MOST_LATENCIES);
    fputs(",\"trouble\":", out);
    write_json_text(out, trouble);
    fputs("}\n", out);
}

/* Let the server answer what it was asked, so that it is idle when it is asked something else. */
static void drain(void) {
    ending = true;
    for (uint64_t end = now_ns() + DRAIN_SECONDS * 1000000000ull; waiting > 0 && now_ns() < end;) loop_once(20);
}

static const char *url;

static void read_options(int argc, char **argv) {
    static const struct option known[] = {
        {"url", 1, 0, 'u'},    {"method", 1, 0, 'm'},  {"body", 1, 0, 'b'},        {"header", 1, 0, 'h'},
        {"status", 1, 0, 's'}, {"expect", 1, 0, 'x'},  {"connections", 1, 0, 'c'}, {"seconds", 1, 0, 't'},
        {"pid", 1, 0, 'P'},    {"etag", 0, 0, 'e'},    {"warmup", 1, 0, 'w'},      {0}};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
            case 'u': url = optarg; break;
            case 'm': method = optarg; break;
            case 'b': body = optarg; break;
            case 'h': if (asprintf(&headers, "%s%s\r\n", headers, optarg) < 0) die("out of memory"); break;
            case 's': wanted.status = atoi(optarg); break;
            case 'x': expect = optarg; break;
            case 'c': wanted.connections = atoi(optarg); break;
            case 't': wanted.seconds = atof(optarg); break;
            case 'w': wanted.warmup = atof(optarg); break;
            case 'P': wanted.pid = atoi(optarg); break;
            case 'e': wanted.etag = true; break;
            default: exit(2);
        }
    }
    if (!url || !wanted.pid || wanted.connections > MOST_CONNECTIONS) die("--url and --pid are needed");
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    server = parse_address(url);
    latencies = allocate(MOST_LATENCIES, sizeof *latencies);
    loop_start();
    if (wanted.etag) learn_tag();
    request = http_request(method, &server, headers, body);
    measure(stdout);
    drain();
    return 0;
}
