#define _GNU_SOURCE
#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

size_t http_header(const response *r, const char *name, const char **value) {
    size_t wanted = strlen(name);
    const char *end = r->head + r->head_length;
    for (const char *at = r->head; at && at < end; at = memmem(at, (size_t)(end - at), "\r\n", 2)) {
        if (*at == '\r') at += 2;
        if ((size_t)(end - at) < wanted || strncasecmp(at, name, wanted)) continue;
        at += wanted;
        while (*at == ' ') at++;
        *value = at;
        const char *stop = memmem(at, (size_t)(end - at), "\r\n", 2);
        return stop ? (size_t)(stop - at) : 0;
    }
    return 0;
}

/* Tell how long a body is that has no length given: chunked, up to its empty chunk; otherwise none. */
static bool unmeasured(response *r, const char *data, size_t length) {
    const char *value;
    size_t size = http_header(r, "transfer-encoding:", &value);
    if (!size) return true;
    const char *from = r->body - 2, *end = memmem(from, length - (size_t)(from - data), "\r\n0\r\n\r\n", 7);
    if (end) r->body_length = (size_t)(end + 7 - r->body);
    return end;
}

size_t http_read(const char *data, size_t length, response *r) {
    const char *end = memmem(data, length, "\r\n\r\n", 4), *value;
    if (!end) return 0;
    *r = (response){.head = data, .head_length = (size_t)(end + 2 - data), .body = end + 4};
    if (r->head_length < 12) return 0;
    r->status = atoi(data + 9);
    if (http_header(r, "content-length:", &value)) {
        r->body_length = strtoul(value, NULL, 10);
        if (r->status == 304) r->body_length = 0; /* it tells the length of what was not sent */
    } else if (!unmeasured(r, data, length)) {
        return 0;
    }
    size_t whole = (size_t)(r->body - data) + r->body_length;
    return whole <= length ? whole : 0;
}

char *http_request(const char *method, const address *to, const char *headers, const char *body) {
    char *request = NULL, measured[96] = "";
    if (body) snprintf(measured, sizeof measured, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
    int length = asprintf(&request, "%s %s HTTP/1.1\r\nHost: %s:%d\r\nAccept: application/json\r\n%s%s\r\n%s", method,
                          to->path, to->host, to->port, headers, measured, body ? body : "");
    if (length < 0) die("out of memory");
    return request;
}
