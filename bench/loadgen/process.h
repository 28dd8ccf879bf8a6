/* What a process and all its children have used. */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <sys/types.h>

typedef struct {
    double cpu;    /* seconds, by the scheduler's own count in nanoseconds */
    double rss_kb; /* resident memory, in KiB */
    int processes;
} usage;

usage usage_of(pid_t root);

/* Seconds of CPU that this program has used itself. */
double own_cpu(void);

#endif
