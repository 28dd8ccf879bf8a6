/* Which events were sent when, who had them when, and so what was lost, doubled and reordered.
 *
 * An event is recognised by its mark: the values of two of its fields. Event number n has mark n mod marks; where a mark
 * comes again within a phase, its events are told apart by their order. */
#ifndef BENCH_LEDGER_H
#define BENCH_LEDGER_H

#include <stdbool.h>

#include "util.h"

enum { NO_EVENT = -1, UNKNOWN_EVENT = -2 };

/* Take the marks, a line each: the first field's value, a tab, the second's. */
void ledger_open(lines marks, const char *first_field, const char *second_field, int subscribers);

/* Tell which mark a message has. */
int ledger_mark(const char *text, size_t length);

/* Begin a phase: so many events, of which the first has this number. */
void ledger_begin(int events, uint64_t first);

/* Note that the next event of the phase is sent, or was due, at this time. */
void ledger_sent(uint64_t at);

/* Note that a subscriber has an event. Outside a phase this only counts as having heard something. */
void ledger_heard(int subscriber, int mark);

/* Whether everybody has had every event of the phase. */
bool ledger_complete(void);

/* How many subscribers have heard anything yet. */
int ledger_reached(void);

/* How many events the phase has brought to subscribers so far. */
uint64_t ledger_delivered(void);

/* End the phase, and write what there was of it: counts, rates, times in milliseconds. */
void ledger_end(FILE *out);

#endif
