#include "figures.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

void sort_values(float *values, size_t count) {
    qsort(values, count, sizeof *values, compare);
}

double percentile(const float *sorted, size_t count, double share) {
    if (!count) return NAN;
    size_t rank = (size_t)ceil(share * (double)count);
    return sorted[rank ? rank - 1 : 0];
}

void write_number(FILE *out, double value) {
    if (isfinite(value)) fprintf(out, "%.7g", value);
    else fputs("null", out);
}

void write_percentiles(FILE *out, const char *name, float *values, size_t count) {
    static const struct { const char *name; double share; } asked[] = {
        {"p50", .5}, {"p90", .9}, {"p99", .99}, {"max", 1}};
    sort_values(values, count);
    fprintf(out, "\"%s\":{", name);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        fprintf(out, "%s\"%s\":", i ? "," : "", asked[i].name);
        write_number(out, percentile(values, count, asked[i].share));
    }
    fputc('}', out);
}
