/* follow - opens many subscriptions to one server and counts what each hears, and when.
 *
 * Prints one JSON object when all have subscribed, and another one at the end: when all have heard as much as they are to,
 * or, where nothing is said about that, when its standard input is closed and nothing has come for half a second.
 * Times are those of CLOCK_MONOTONIC, so that others can compare them. Ends without a goodbye: sockets are just gone. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "channel.h"
#include "figures.h"
#include "ledger.h"
#include "process.h"
#include "subscriber.h"

#define QUIET_NS 500000000ull
#define HEARD 0

static struct {
    int subscribers, at_once, expect;
    double timeout;
    pid_t pid;
} asked = {.subscribers = 100, .at_once = 64, .timeout = 120};

static int *heard, complete;
static uint64_t *done_at, last_at, began;

/* What subscribers do with a message, instead of an account of events: every one counts. */
int ledger_mark(const char *text, size_t length) {
    return memmem(text, length < 160 ? length : 160, "\"next\"", 6) ? HEARD : NO_EVENT;
}

void ledger_heard(int subscriber, int mark) {
    (void)mark;
    last_at = now_ns();
    if (++heard[subscriber] != asked.expect) return;
    done_at[subscriber] = last_at;
    complete++;
}

static bool told_to_end(void) {
    char byte;
    return read(STDIN_FILENO, &byte, 1) == 0;
}

static void listen_on(void) {
    uint64_t end = now_ns() + (uint64_t)(asked.timeout * 1e9);
    if (asked.expect) {
        while (complete + subscribers_met.lost < asked.subscribers && now_ns() < end) loop_once(20);
        return;
    }
    while (!told_to_end()) loop_once(20);
    for (uint64_t quiet_since = now_ns(); now_ns() - quiet_since < QUIET_NS && now_ns() < end; loop_once(20))
        if (last_at > quiet_since) quiet_since = last_at;
}

static void report_opening(FILE *out) {
    double seconds = (double)(now_ns() - began) / 1e9;
    fprintf(out, "{\"subscribed\":%d,\"connect_s\":%.6f,\"sockets_per_s\":%.1f,\"trouble\":", subscribers_met.subscribed,
            seconds, subscribers_met.subscribed / seconds);
    write_json_text(out, subscribers_met.trouble);
    fputs("}\n", out);
    fflush(out);
}

static void report_end(FILE *out, double cpu) {
    float *waits = allocate((size_t)asked.subscribers, sizeof *waits);
    int waited = 0;
    for (int i = 0; i < asked.subscribers; i++)
        if (done_at[i]) waits[waited++] = (float)((double)(done_at[i] - began) / 1e6);
    fprintf(out, "{\"lost_sockets\":%d,\"refused\":%lu,\"complete\":%d,\"last_ns\":%lu,\"cpu_s\":%.6f,", subscribers_met.lost,
            subscribers_met.refused, complete, last_at, usage_of(asked.pid).cpu - cpu);
    write_percentiles(out, "complete_ms", waits, (size_t)waited);
    fputs(",\"heard\":[", out);
    for (int i = 0; i < asked.subscribers; i++) fprintf(out, "%s%d", i ? "," : "", heard[i]);
    fputs("],\"trouble\":", out);
    write_json_text(out, subscribers_met.trouble);
    fputs("}\n", out);
}

static const char *url, *inits, *payloads;

static void read_options(int argc, char **argv) {
    static const struct option known[] = {
        {"url", 1, 0, 'u'},     {"inits", 1, 0, 'i'},  {"payloads", 1, 0, 'p'}, {"subscribers", 1, 0, 'n'},
        {"at-once", 1, 0, 'a'}, {"expect", 1, 0, 'x'}, {"timeout", 1, 0, 't'},  {"pid", 1, 0, 'P'},
        {0}};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
            case 'u': url = optarg; break;
            case 'i': inits = optarg; break;
            case 'p': payloads = optarg; break;
            case 'n': asked.subscribers = atoi(optarg); break;
            case 'a': asked.at_once = atoi(optarg); break;
            case 'x': asked.expect = atoi(optarg); break;
            case 't': asked.timeout = atof(optarg); break;
            case 'P': asked.pid = atoi(optarg); break;
            default: exit(2);
        }
    }
    if (!url || !inits || !payloads || !asked.pid) die("--url, --inits, --payloads and --pid are needed");
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    address server = parse_address(url);
    heard = allocate((size_t)asked.subscribers, sizeof *heard);
    done_at = allocate((size_t)asked.subscribers, sizeof *done_at);
    loop_start();
    subscribers_prepare(asked.subscribers, &server, read_lines(inits), read_lines(payloads));
    double cpu = usage_of(asked.pid).cpu;
    began = now_ns();
    subscribers_connect(asked.at_once, asked.timeout);
    report_opening(stdout);
    listen_on();
    report_end(stdout, cpu);
    return 0;
}
