#define _GNU_SOURCE
#include "channel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE (1 << 18)

uint64_t bytes_received, bytes_sent;
static int poller = -1;
static char input[READ_SIZE];

address parse_address(const char *url) {
    address a = {.port = 80};
    if (sscanf(url, "%*[a-z]://%63[0-9.]:%d%4095s", a.host, &a.port, a.path) < 2) die("not an address: %s", url);
    if (!a.path[0]) strcpy(a.path, "/");
    return a;
}

void loop_start(void) {
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0) die("epoll: %s", strerror(errno));
}

static void watch(channel *c, int action, bool writing) {
    struct epoll_event event = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(poller, action, c->fd, &event);
}

bool channel_open(channel *c, const address *to) {
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((uint16_t)to->port)};
    inet_pton(AF_INET, to->host, &where.sin_addr);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) return false;
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(c->fd, (struct sockaddr *)&where, sizeof where) < 0 && errno != EINPROGRESS) {
        channel_close(c);
        return false;
    }
    c->connecting = true;
    watch(c, EPOLL_CTL_ADD, true);
    return true;
}

void channel_close(channel *c) {
    if (c->fd >= 0) close(c->fd);
    c->fd = -1;
    c->connecting = false;
    buffer_free(&c->in);
    buffer_free(&c->out);
}

static void lose(channel *c, const char *why) {
    channel_close(c);
    if (c->on_close) c->on_close(c, why);
}

void channel_send(channel *c, const void *data, size_t length) {
    if (c->fd < 0) return;
    bytes_sent += length;
    ssize_t sent = 0;
    if (!c->out.length) sent = send(c->fd, data, length, MSG_NOSIGNAL);
    if (sent < 0) sent = 0; /* an error shows when the socket is read */
    if ((size_t)sent == length) return;
    buffer_add(&c->out, (const char *)data + sent, length - (size_t)sent);
    watch(c, EPOLL_CTL_MOD, true);
}

static void send_rest(channel *c) {
    ssize_t sent = send(c->fd, c->out.data, c->out.length, MSG_NOSIGNAL);
    if (sent > 0) buffer_drop(&c->out, (size_t)sent);
    if (!c->out.length) watch(c, EPOLL_CTL_MOD, false);
}

/* Read what there is. The rest of a message that is not complete waits in `in` for what follows. */
static void receive(channel *c) {
    while (c->fd >= 0) {
        size_t kept = c->in.length;
        if (kept > READ_SIZE / 2) return lose(c, "a message is too large");
        if (kept) memcpy(input, c->in.data, kept);
        ssize_t got = recv(c->fd, input + kept, READ_SIZE - kept, 0);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) return lose(c, got ? strerror(errno) : "the server closed the connection");
        bytes_received += (uint64_t)got;
        size_t length = kept + (size_t)got, used = c->on_data(c, input, length);
        if (c->fd < 0) return;
        c->in.length = 0;
        if (used < length) buffer_add(&c->in, input + used, length - used);
        if ((size_t)got < READ_SIZE - kept) return;
    }
}

static void finish_connecting(channel *c) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) return lose(c, strerror(error));
    c->connecting = false;
    watch(c, EPOLL_CTL_MOD, false);
    c->on_open(c);
}

void loop_once(int milliseconds) {
    static struct epoll_event events[1024];
    int count = epoll_wait(poller, events, 1024, milliseconds);
    for (int i = 0; i < count; i++) {
        channel *c = events[i].data.ptr;
        if (c->fd < 0) continue;
        if (c->connecting) {
            finish_connecting(c);
            continue;
        }
        if (events[i].events & EPOLLOUT && c->out.length) send_rest(c);
        if (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) receive(c);
    }
}

void loop_for(double seconds) {
    uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
    for (uint64_t now; (now = now_ns()) < end;) {
        uint64_t left = (end - now) / 1000000;
        loop_once(left > 50 ? 50 : (int)left);
    }
}
