/* Small things that every file needs: time, memory, buffers, lines of files. */
#ifndef BENCH_UTIL_H
#define BENCH_UTIL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Bytes that grow at the end and are taken away at the front. */
typedef struct {
    char *data;
    size_t length, capacity;
} buffer;

/* The lines of a file, without their ends. */
typedef struct {
    char **line;
    int count;
} lines;

/* Nanoseconds of a clock that never goes back. */
uint64_t now_ns(void);

/* Say why on stderr, and end the program with status 2. */
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Memory set to zero; ends the program when there is none. */
void *allocate(size_t count, size_t size);

void buffer_add(buffer *b, const void *data, size_t length);
void buffer_drop(buffer *b, size_t length);
void buffer_free(buffer *b);

/* Read a file's lines; ends the program when it cannot be read or has none. */
lines read_lines(const char *path);

/* Write a text as a JSON string; control characters become spaces. */
void write_json_text(FILE *out, const char *text);

#endif
