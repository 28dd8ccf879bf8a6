/* HTTP/1.1 with keep-alive, as far as a load generator needs it. */
#ifndef BENCH_HTTP_H
#define BENCH_HTTP_H

#include "channel.h"

/* A response. The texts point into the data that it was read from. */
typedef struct {
    int status;
    const char *head, *body;
    size_t head_length, body_length;
} response;

/* Read one response; gives its whole length, or 0 while it is not complete. */
size_t http_read(const char *data, size_t length, response *found);

/* Find a header by its name with colon; gives its value's length, and 0 when there is none. */
size_t http_header(const response *r, const char *name, const char **value);

/* Write a request; `headers` are lines that end with \r\n each. The body may be NULL. Gives memory to be freed. */
char *http_request(const char *method, const address *to, const char *headers, const char *body);

#endif
