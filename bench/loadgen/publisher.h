/* Makes events happen: mutations by POST, over connections that are kept open. */
#ifndef BENCH_PUBLISHER_H
#define BENCH_PUBLISHER_H

#include "channel.h"

typedef struct {
    uint64_t answered, refused, retried;
    char trouble[512]; /* the first refusal */
} publisher_report;

extern publisher_report publisher_met;

/* Event number n is made by line n mod count of `bodies`. `headers` are lines that end with \r\n each. */
void publisher_prepare(const address *server, const char *headers, lines bodies);

/* Send a mutation over one of the first `most` connections; false while all of them wait for an answer. */
bool publisher_send(uint64_t event, int most);

#endif
