/* Percentiles, and how they are written. */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <stddef.h>
#include <stdio.h>

/* Put the values in order. */
void sort_values(float *values, size_t count);

/* The value that a share of the ordered values does not exceed (nearest rank); NAN when there are none. */
double percentile(const float *sorted, size_t count, double share);

/* Write a number, or null. */
void write_number(FILE *out, double value);

/* Write "name": {"p50": …, "p90": …, "p99": …, "max": …}; puts the values in order. */
void write_percentiles(FILE *out, const char *name, float *values, size_t count);

#endif
