#define _GNU_SOURCE
#include "util.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

void *allocate(size_t count, size_t size) {
    void *memory = calloc(count ? count : 1, size);
    if (!memory) die("out of memory");
    return memory;
}

void buffer_add(buffer *b, const void *data, size_t length) {
    if (b->length + length > b->capacity) {
        b->capacity = (b->length + length) * 2;
        b->data = realloc(b->data, b->capacity);
        if (!b->data) die("out of memory");
    }
    memcpy(b->data + b->length, data, length);
    b->length += length;
}

void buffer_drop(buffer *b, size_t length) {
    b->length -= length;
    memmove(b->data, b->data + length, b->length);
}

void buffer_free(buffer *b) {
    free(b->data);
    memset(b, 0, sizeof *b);
}

lines read_lines(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) die("cannot read %s: %s", path, strerror(errno));
    lines found = {0};
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, file)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        found.line = realloc(found.line, (size_t)(found.count + 1) * sizeof *found.line);
        if (!found.line) die("out of memory");
        found.line[found.count++] = strdup(line);
    }
    free(line);
    fclose(file);
    if (!found.count) die("%s has no lines", path);
    return found;
}

void write_json_text(FILE *out, const char *text) {
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') fputc('\\', out);
        fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
    }
    fputc('"', out);
}
