/* floor - what the kernel asks for: one epoll loop that writes a finished frame to each socket with one send() each.
 *
 * It answers just enough of graphql-transport-ws and of a mutation by POST for this bench's own generator, and any other
 * POST with a prepared list. No GraphQL, no Redis. Run: floor PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM 2048
/* The answer to the one key that the generator sends: the sample of RFC 6455, section 1.3. */
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

typedef struct {
    int fd;
    bool upgraded;
    size_t used;
    char in[ROOM];
    char prefix[160]; /* how its messages begin, once it has subscribed */
    size_t prefix_length;
    char *out; /* what could not be sent yet */
    size_t waiting, room;
} client;

static int poller;
static client **subscribed;
static int subscribers;
static char list[8192];

static void watch(client *c, int action, bool writing) {
    struct epoll_event event = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(poller, action, c->fd, &event);
}

static void give(client *c, const char *data, size_t length) {
    if (c->fd < 0) return;
    ssize_t sent = c->waiting ? 0 : send(c->fd, data, length, MSG_NOSIGNAL);
    if (sent < 0) sent = 0;
    if ((size_t)sent == length) return;
    data += sent, length -= (size_t)sent;
    if (c->waiting + length > c->room) c->out = realloc(c->out, c->room = (c->waiting + length) * 2);
    memcpy(c->out + c->waiting, data, length);
    c->waiting += length;
    watch(c, EPOLL_CTL_MOD, true);
}

static void give_rest(client *c) {
    ssize_t sent = send(c->fd, c->out, c->waiting, MSG_NOSIGNAL);
    if (sent > 0) memmove(c->out, c->out + sent, c->waiting -= (size_t)sent);
    if (!c->waiting) watch(c, EPOLL_CTL_MOD, false);
}

/* Write a text frame made of a beginning and an end; gives its length. */
static size_t frame(char *to, const char *begin, size_t begin_length, const char *end, size_t end_length) {
    size_t length = begin_length + end_length, head = length < 126 ? 2 : 4;
    to[0] = (char)0x81, to[1] = (char)(length < 126 ? length : 126);
    if (head == 4) to[2] = (char)(length >> 8), to[3] = (char)length;
    memcpy(to + head, begin, begin_length);
    memcpy(to + head + begin_length, end, end_length);
    return head + length;
}

/* Copy the text value of a JSON field. */
static void copy_value(const char *from, const char *field, char *to, size_t room) {
    const char *at = strstr(from, field);
    size_t used = 0;
    for (at = at ? strchr(at + strlen(field), '"') : NULL; at && *++at && *at != '"' && used + 1 < room;) to[used++] = *at;
    to[used] = 0;
}

static void on_text(client *c, const char *text) {
    char out[256];
    if (strstr(text, "\"connection_init\"")) {
        static const char ack[] = "{\"type\":\"connection_ack\"}";
        give(c, out, frame(out, ack, sizeof ack - 1, "", 0));
    } else if (strstr(text, "\"subscribe\"")) {
        char id[128];
        copy_value(text, "\"id\":", id, sizeof id);
        c->prefix_length = (size_t)snprintf(c->prefix, sizeof c->prefix, "{\"id\":\"%s", id);
        subscribed = realloc(subscribed, (size_t)(subscribers + 1) * sizeof *subscribed);
        subscribed[subscribers++] = c;
    }
}

static void fan_out(const char *request) {
    char key[64], value[64], tail[512], whole[1024];
    const char *variables = strstr(request, "\"variables\"");
    copy_value(variables ? variables : request, "\"id\":", key, sizeof key);
    copy_value(variables ? variables : request, "\"status\":", value, sizeof value);
    int length = snprintf(tail, sizeof tail,
                          "\",\"type\":\"next\",\"payload\":{\"data\":{\"caddieEvents\":{\"__typename\":\"CaddieEvent\","
                          "\"caddieId\":\"%s\",\"name\":\"Caddie %s\",\"status\":\"%s\",\"listNumber\":1,"
                          "\"timestamp\":\"2025-01-01T00:00:00.000000+00:00\"}}}}", key, key, value);
    for (int i = 0; i < subscribers; i++) {
        client *c = subscribed[i];
        give(c, whole, frame(whole, c->prefix, c->prefix_length, tail, (size_t)length));
    }
}

static void answer(client *c, const char *body) {
    char out[sizeof list + 256];
    int length = snprintf(out, sizeof out,
                          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    give(c, out, (size_t)length);
}

/* Deal with one request; gives its length, 0 while it is not complete. */
static size_t on_request(client *c) {
    char *end = strstr(c->in, "\r\n\r\n"), *measured = strcasestr(c->in, "\r\ncontent-length:");
    if (!end) return 0;
    size_t head = (size_t)(end + 4 - c->in), body = measured && measured < end ? strtoul(measured + 17, NULL, 10) : 0;
    if (c->used < head + body) return 0;
    if (!strncmp(c->in, "POST", 4)) {
        bool mutation = strstr(end, "setCaddieStatus");
        if (mutation) fan_out(end);
        answer(c, mutation ? "{\"data\":{\"setCaddieStatus\":{\"id\":\"1\"}}}" : list);
    } else {
        static const char upgrade[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                      "Sec-WebSocket-Accept: " ACCEPT "\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
        c->upgraded = true;
        give(c, upgrade, sizeof upgrade - 1);
    }
    return head + body;
}

/* Deal with one frame; gives its length, 0 while it is not complete. */
static size_t on_frame(client *c) {
    unsigned char *byte = (unsigned char *)c->in;
    size_t head = 6, length;
    if (c->used < 8) return 0;
    length = byte[1] & 127;
    if (length == 126) length = (size_t)(byte[2] << 8 | byte[3]), head = 8;
    if (c->used < head + length) return 0;
    char *payload = c->in + head, next = payload[length];
    for (size_t i = 0; i < length; i++) payload[i] ^= (char)byte[head - 4 + (i & 3)];
    payload[length] = 0;
    if ((byte[0] & 15) == 1) on_text(c, payload);
    payload[length] = next;
    return head + length;
}

static void hang_up(client *c) {
    close(c->fd);
    c->fd = -1;
    free(c->out);
    c->out = NULL, c->waiting = c->room = 0;
}

static void receive(client *c) {
    ssize_t got = recv(c->fd, c->in + c->used, ROOM - 1 - c->used, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return hang_up(c);
    c->used += (size_t)got;
    for (size_t done = 1; done && c->used;) {
        c->in[c->used] = 0;
        done = c->upgraded ? on_frame(c) : on_request(c);
        memmove(c->in, c->in + done, c->used -= done);
    }
}

static void welcome(int listener) {
    for (int fd, one = 1; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        client *c = calloc(1, sizeof *c);
        c->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        watch(c, EPOLL_CTL_ADD, false);
    }
}

static int listen_on(int port) {
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&where, sizeof where) || listen(listener, 4096)) {
        perror("listen");
        exit(1);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    return listener;
}

static void prepare_list(void) {
    char *to = list + sprintf(list, "{\"data\":{\"caddies\":[");
    for (int i = 1; i <= 30; i++)
        to += sprintf(to, "%s{\"id\":\"%d\",\"name\":\"Caddie %02d\",\"status\":\"AVAILABLE\",\"listNumber\":1}", i > 1 ? "," : "", i, i);
    strcpy(to, "]}}");
}

int main(int argc, char **argv) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    prepare_list();
    poller = epoll_create1(0);
    int listener = listen_on(argc > 1 ? atoi(argv[1]) : 9000);
    static struct epoll_event events[512];
    for (;;) {
        int count = epoll_wait(poller, events, 512, -1);
        for (int i = 0; i < count; i++) {
            client *c = events[i].data.ptr;
            if (!c) welcome(listener);
            else if (c->fd >= 0) {
                if (events[i].events & EPOLLOUT && c->waiting) give_rest(c);
                if (events[i].events & ~(unsigned)EPOLLOUT) receive(c);
            }
        }
    }
}
