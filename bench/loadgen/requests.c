/* requests - asks a server many different things, each once, and keeps the answers.
 *
 * A closed loop: each of the connections asks the next thing as soon as it has its answer. All are open before the
 * first asks; with --at they wait for that moment. The file has a line for each request: its headers with | between
 * them, a tab, and the body of a POST, or what follows the path of a GET, from its ? on. The answers go to a file, a line each in the order of the requests:
 * status, milliseconds from the beginning until it was asked and answered, body. Prints one JSON object. */
#define _GNU_SOURCE
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "channel.h"
#include "figures.h"
#include "http.h"
#include "process.h"

#define OPEN_SECONDS 30
#define ANSWER_SECONDS 120
#define NOTHING (-1)

typedef struct {
    channel channel; /* first, so that a channel can be cast into its asker */
    int about;       /* the request that waits for its answer; NOTHING while there is none */
    bool open;
} asker;

typedef struct {
    char *text; /* as it is sent */
    uint64_t asked_at, answered_at;
    int status;
    char *body;
    size_t length;
} request;

static struct {
    int connections;
    uint64_t at;
    pid_t pid;
} wanted = {.connections = 1};

static address server;
static asker *askers;
static request *requests;
static int count, next, answered, opened;
static bool begun;

static void ask_next(asker *a) {
    a->about = NOTHING;
    if (!begun || next >= count) return;
    a->about = next++;
    requests[a->about].asked_at = now_ns();
    channel_send(&a->channel, requests[a->about].text, strlen(requests[a->about].text));
}

static void note(asker *a, int status, const char *body, size_t length) {
    request *r = &requests[a->about];
    r->answered_at = now_ns(), r->status = status;
    r->body = allocate(length + 1, 1), r->length = length;
    memcpy(r->body, body, length);
    answered++;
}

static void on_open(channel *c) {
    asker *a = (asker *)c;
    if (!a->open) opened++;
    a->open = true;
    ask_next(a);
}

static size_t on_data(channel *c, char *data, size_t length) {
    asker *a = (asker *)c;
    response r;
    size_t used = http_read(data, length, &r);
    if (!used || a->about == NOTHING) return used;
    note(a, r.status, r.body, r.body_length);
    ask_next(a);
    return used;
}

/* What was asked has no answer then, and is not asked again: nobody knows what has become of it. */
static void on_close(channel *c, const char *why) {
    asker *a = (asker *)c;
    if (a->about != NOTHING) note(a, 0, why, strlen(why));
    a->about = NOTHING;
    if (answered < count && !channel_open(c, &server)) die("no connection can be had");
}

static void open_all(void) {
    askers = allocate((size_t)wanted.connections, sizeof *askers);
    for (int i = 0; i < wanted.connections; i++) {
        askers[i].channel = (channel){.fd = -1, .on_open = on_open, .on_data = on_data, .on_close = on_close};
        askers[i].about = NOTHING;
        if (!channel_open(&askers[i].channel, &server)) die("no connection can be had");
    }
    uint64_t end = now_ns() + OPEN_SECONDS * 1000000000ull;
    while (opened < wanted.connections && now_ns() < end) loop_once(20);
    if (opened < wanted.connections) die("%d of %d connections could be opened", opened, wanted.connections);
}

/* Wait for the moment; the last of it without sleeping. */
static void wait_until(uint64_t moment) {
    for (uint64_t now; (now = now_ns()) < moment;) loop_once(moment - now > 5000000 ? 2 : 0);
}

static double milliseconds(uint64_t from, uint64_t to) {
    return ((double)to - (double)from) / 1e6;
}

static void write_answers(const char *path, uint64_t began) {
    FILE *file = fopen(path, "w");
    if (!file) die("cannot write %s", path);
    for (request *r = requests; r < requests + count; r++) {
        for (size_t i = 0; i < r->length; i++)
            if (r->body[i] == '\n' || r->body[i] == '\r') r->body[i] = ' ';
        fprintf(file, "%d\t%.4f\t%.4f\t%s\n", r->status, milliseconds(began, r->asked_at),
                milliseconds(began, r->answered_at), r->body ? r->body : "no answer");
    }
    fclose(file);
}

static void measure(FILE *out, const char *answers) {
    open_all();
    wait_until(wanted.at);
    double cpu = usage_of(wanted.pid).cpu;
    uint64_t began = wanted.at ? wanted.at : now_ns(), end = now_ns() + ANSWER_SECONDS * 1000000000ull;
    begun = true;
    for (int i = 0; i < wanted.connections; i++) ask_next(&askers[i]);
    while (answered < count && now_ns() < end) loop_once(20);
    double seconds = milliseconds(began, now_ns()) / 1e3, used = usage_of(wanted.pid).cpu - cpu;
    float *latencies = allocate((size_t)count, sizeof *latencies);
    for (int i = 0; i < count; i++) latencies[i] = (float)milliseconds(requests[i].asked_at, requests[i].answered_at);
    fprintf(out, "{\"requests\":%d,\"answered\":%d,\"seconds\":%.6f,\"per_s\":%.3f,\"cpu_us_per_request\":", count, answered,
            seconds, answered / seconds);
    write_number(out, used * 1e6 / answered);
    fputc(',', out);
    write_percentiles(out, "answer_ms", latencies, (size_t)count);
    fputs("}\n", out);
    write_answers(answers, began);
}

/* Make requests of the lines of a file. */
static void read_requests(const char *path) {
    lines given = read_lines(path);
    count = given.count;
    requests = allocate((size_t)count, sizeof *requests);
    for (int i = 0; i < count; i++) {
        char *headers = given.line[i], *body = strchr(headers, '\t'), *all = "";
        if (!body) die("a request has no body: %s", headers);
        *body++ = 0;
        for (char *line; (line = strsep(&headers, "|"));)
            if (*line && asprintf(&all, "%s%s\r\n", all, line) < 0) die("out of memory");
        address to = server;
        if (body[0] == '?') snprintf(to.path + strlen(to.path), sizeof to.path - strlen(to.path), "%s", body);
        requests[i].text = body[0] == '?' ? http_request("GET", &to, all, NULL) : http_request("POST", &to, all, body);
    }
}

static const char *url, *request_file, *answer_file;

static void read_options(int argc, char **argv) {
    static const struct option known[] = {{"url", 1, 0, 'u'}, {"requests", 1, 0, 'r'}, {"answers", 1, 0, 'a'},
                                          {"connections", 1, 0, 'c'}, {"at", 1, 0, 't'}, {"pid", 1, 0, 'P'}, {0}};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
            case 'u': url = optarg; break;
            case 'r': request_file = optarg; break;
            case 'a': answer_file = optarg; break;
            case 'c': wanted.connections = atoi(optarg); break;
            case 't': wanted.at = strtoull(optarg, NULL, 10); break;
            case 'P': wanted.pid = atoi(optarg); break;
            default: exit(2);
        }
    }
    if (!url || !request_file || !answer_file || !wanted.pid) die("--url, --requests, --answers and --pid are needed");
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    server = parse_address(url);
    read_requests(request_file);
    loop_start();
    measure(stdout, answer_file);
    return 0;
}
