#define _GNU_SOURCE
#include "process.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* Read the first number of a file whose name ends like this, where it follows a word; 0 when there is none. */
static double number_in(const char *path, const char *word) {
    FILE *file = fopen(path, "r");
    char line[512];
    double found = 0;
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, word, strlen(word))) continue;
        found = strtod(line + strlen(word), NULL);
        break;
    }
    if (file) fclose(file);
    return found;
}

static pid_t parent_of(pid_t process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/status", process);
    return (pid_t)number_in(path, "PPid:");
}

static double cpu_of(pid_t process) {
    char path[320];
    double nanoseconds = 0;
    snprintf(path, sizeof path, "/proc/%d/task", process);
    DIR *tasks = opendir(path);
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        if (!isdigit((unsigned char)task->d_name[0])) continue;
        snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", process, task->d_name);
        nanoseconds += number_in(path, "");
    }
    if (tasks) closedir(tasks);
    return nanoseconds / 1e9;
}

/* Gather a process and its children's children. A process lists its parent, so parents are looked up to the root. */
static bool belongs(pid_t process, pid_t root) {
    for (int steps = 0; process > 1 && steps < 32; steps++, process = parent_of(process))
        if (process == root) return true;
    return false;
}

usage usage_of(pid_t root) {
    usage sum = {0};
    DIR *all = opendir("/proc");
    for (struct dirent *entry; all && (entry = readdir(all));) {
        pid_t process = atoi(entry->d_name);
        if (process <= 0 || !belongs(process, root)) continue;
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/status", process);
        sum.rss_kb += number_in(path, "VmRSS:");
        sum.cpu += cpu_of(process);
        sum.processes++;
    }
    if (all) closedir(all);
    return sum;
}

double own_cpu(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}
