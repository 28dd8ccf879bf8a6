/* fanout - opens many subscriptions to one server, makes events happen, and measures who has them when.
 *
 * Prints one JSON object. One thread, epoll. See ../README.md for what the figures mean. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "channel.h"
#include "figures.h"
#include "ledger.h"
#include "process.h"
#include "publisher.h"
#include "subscriber.h"

#define CONNECTING_AT_ONCE 64
#define SENDING_AT_ONCE 32
#define QUIET_SECONDS 0.5

static struct {
    int subscribers, warmup, events, burst, burst_connections;
    double rate, idle, timeout;
    pid_t pid;
    uint64_t first;
} asked = {.subscribers = 100, .events = 50, .burst = 200, .burst_connections = 8, .rate = 5, .timeout = 120};

static uint64_t next_event;

/* Send events at their times, or as fast as they are answered where there is no rate; wait until all have come. */
static void send_events(int events, double rate, int connections) {
    uint64_t began = now_ns(), give_up = 0;
    for (int sent = 0; !ledger_complete();) {
        uint64_t now = now_ns(), due = rate > 0 ? began + (uint64_t)(sent * 1e9 / rate) : now;
        if (sent < events && now >= due && publisher_send(next_event, connections)) {
            ledger_sent(due);
            next_event++, sent++;
            continue;
        }
        if (sent == events && !give_up) give_up = now + (uint64_t)(asked.timeout * 1e9);
        if (give_up && now > give_up) return;
        loop_once(sent < events && due > now && due - now < 20000000 ? (int)((due - now) / 1000000) : 20);
    }
}

/* Run one phase and write what there was of it. */
static void run_phase(FILE *out, const char *name, int events, double rate, int connections) {
    usage before = usage_of(asked.pid);
    double own_before = own_cpu();
    uint64_t bytes = bytes_received, refused = publisher_met.refused;
    ledger_begin(events, next_event);
    send_events(events, rate, connections);
    usage after = usage_of(asked.pid);
    double own_after = own_cpu(), deliveries = (double)ledger_delivered();
    bytes = bytes_received - bytes;
    loop_for(0.3); /* what comes twice may come late */
    fprintf(out, ",\n \"%s\":{", name);
    ledger_end(out);
    fprintf(out, ",\n  \"mutations_refused\":%lu,\"cpu_s\":%.6f,\"cpu_us_per_delivery\":", publisher_met.refused - refused,
            after.cpu - before.cpu);
    write_number(out, (after.cpu - before.cpu) * 1e6 / deliveries);
    fputs(",\"generator_us_per_delivery\":", out);
    write_number(out, (own_after - own_before) * 1e6 / deliveries);
    fputs(",\"bytes_per_delivery\":", out);
    write_number(out, (double)bytes / deliveries);
    fputc('}', out);
}

/* Let events happen until every subscriber has heard one: the protocol has no answer to `subscribe`. */
static void wait_until_all_hear(void) {
    uint64_t began = now_ns(), last = 0, limit = (uint64_t)(asked.timeout * 1e9);
    for (int probes = 0; ledger_reached() < subscribers_met.subscribed && now_ns() - began < limit; loop_once(5)) {
        uint64_t pause = probes < 3 ? 100000000ull : 2000000000ull;
        if (now_ns() - last < pause || !publisher_send(next_event, SENDING_AT_ONCE)) continue;
        last = now_ns();
        next_event++, probes++;
    }
}

static void wait_until_quiet(void) {
    for (uint64_t frames = ~0ull; frames != subscribers_met.frames;) {
        frames = subscribers_met.frames;
        loop_for(QUIET_SECONDS);
    }
}

static void connect_all(FILE *out) {
    usage before = usage_of(asked.pid);
    uint64_t began = now_ns();
    subscribers_connect(CONNECTING_AT_ONCE, asked.timeout);
    double connected = (double)(now_ns() - began) / 1e9;
    wait_until_all_hear();
    double heard = (double)(now_ns() - began) / 1e9;
    wait_until_quiet();
    loop_for(1);
    usage after = usage_of(asked.pid);
    int there = subscribers_met.subscribed;
    fprintf(out, "\"subscribers\":%d,\"subscribed\":%d,\"reached\":%d,\"connect_s\":%.6f,\"reached_s\":%.6f,", asked.subscribers,
            there, ledger_reached(), connected, heard);
    fprintf(out, "\"sockets_per_s\":%.1f,\"rss_kb_before\":%.0f,\"rss_kb\":%.0f,\"kb_per_connection\":", there / connected,
            before.rss_kb, after.rss_kb);
    write_number(out, (after.rss_kb - before.rss_kb) / there);
    fprintf(out, ",\"processes\":%d", after.processes);
}

/* Let nothing happen, and see what the connections cost all the same. */
static void stay_idle(FILE *out) {
    usage before = usage_of(asked.pid);
    uint64_t received = bytes_received, sent = bytes_sent, began = now_ns();
    loop_for(asked.idle);
    double minutes = (double)(now_ns() - began) / 60e9, share = minutes * asked.subscribers;
    fprintf(out, ",\n \"idle\":{\"seconds\":%.1f,\"from_server_bytes_per_connection_minute\":%.1f,", minutes * 60,
            (double)(bytes_received - received) / share);
    fprintf(out, "\"to_server_bytes_per_connection_minute\":%.1f,\"cpu_percent\":%.3f}", (double)(bytes_sent - sent) / share,
            (usage_of(asked.pid).cpu - before.cpu) / minutes / 60 * 100);
}

static void measure(FILE *out) {
    FILE *nowhere = fopen("/dev/null", "w");
    fputs("{", out);
    connect_all(out);
    if (asked.warmup) run_phase(nowhere, "warmup", asked.warmup, asked.rate * 10, SENDING_AT_ONCE);
    wait_until_quiet();
    if (asked.events) run_phase(out, "steady", asked.events, asked.rate, SENDING_AT_ONCE);
    if (asked.idle > 0) stay_idle(out);
    if (asked.burst) run_phase(out, "burst", asked.burst, 0, asked.burst_connections);
    fprintf(out, ",\n \"sockets_lost\":%d,\"subscriptions_refused\":%lu,\"mutations_retried\":%lu,\"next_event\":%lu",
            subscribers_met.lost, subscribers_met.refused, publisher_met.retried, next_event);
    fputs(",\"trouble\":[", out);
    write_json_text(out, subscribers_met.trouble);
    fputs(",", out);
    write_json_text(out, publisher_met.trouble);
    fputs("]}\n", out);
    fclose(nowhere);
}

static char *headers = "", *url, *first_field = "caddieId", *second_field = "status";
static const char *inits, *payloads, *bodies, *mark_file;

static void read_options(int argc, char **argv) {
    static const struct option known[] = {
        {"url", 1, 0, 'u'},     {"inits", 1, 0, 'i'},  {"payloads", 1, 0, 'p'}, {"bodies", 1, 0, 'b'},
        {"marks", 1, 0, 'm'},   {"header", 1, 0, 'h'}, {"fields", 1, 0, 'f'},   {"subscribers", 1, 0, 'n'},
        {"warmup", 1, 0, 'w'},  {"events", 1, 0, 'e'}, {"rate", 1, 0, 'r'},     {"burst", 1, 0, 'B'},
        {"burst-connections", 1, 0, 'c'}, {"idle", 1, 0, 'I'}, {"timeout", 1, 0, 't'}, {"pid", 1, 0, 'P'},
        {"first", 1, 0, 'F'},   {0}};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
            case 'u': url = optarg; break;
            case 'i': inits = optarg; break;
            case 'p': payloads = optarg; break;
            case 'b': bodies = optarg; break;
            case 'm': mark_file = optarg; break;
            case 'h': if (asprintf(&headers, "%s%s\r\n", headers, optarg) < 0) die("out of memory"); break;
            case 'f': first_field = strsep(&optarg, ","), second_field = optarg; break;
            case 'n': asked.subscribers = atoi(optarg); break;
            case 'w': asked.warmup = atoi(optarg); break;
            case 'e': asked.events = atoi(optarg); break;
            case 'r': asked.rate = atof(optarg); break;
            case 'B': asked.burst = atoi(optarg); break;
            case 'c': asked.burst_connections = atoi(optarg); break;
            case 'I': asked.idle = atof(optarg); break;
            case 't': asked.timeout = atof(optarg); break;
            case 'P': asked.pid = atoi(optarg); break;
            case 'F': next_event = strtoull(optarg, NULL, 10); break;
            default: exit(2);
        }
    }
    if (!url || !inits || !payloads || !bodies || !mark_file || !asked.pid || !second_field)
        die("--url, --inits, --payloads, --bodies, --marks, --pid and --fields A,B are needed");
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    address server = parse_address(url);
    loop_start();
    ledger_open(read_lines(mark_file), first_field, second_field, asked.subscribers);
    subscribers_prepare(asked.subscribers, &server, read_lines(inits), read_lines(payloads));
    publisher_prepare(&server, headers, read_lines(bodies));
    measure(stdout);
    subscribers_leave();
    loop_for(0.3);
    return 0;
}
