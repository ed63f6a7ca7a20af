// barereader: the yardstick. What the kernel alone asks for the numbers: opens, reads to the end and closes
// /proc/PID/stat and /proc/PID/smaps_rollup of every pid in a file, and looks at none of it.
//
// With --smaps it reads /proc/PID/smaps instead of the two.
//
// Prints the CPU milliseconds of each pass (CLOCK_THREAD_CPUTIME_ID), or their median or mean. One more pass
// goes before, unmeasured, so that the first is not dearer than the others.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct path {
  char text[40];
};

struct paths {
  struct path *all;
  size_t count;
};

static long unreadable;

static void usage(void) {
  fputs("usage: barereader --pids FILE [--passes K] [--interval-ms M] [--show passes|median|mean] [--stat-only | --smaps]\n", stderr);
  exit(1);
}

static struct paths load(const char *file, int stat_only, int smaps) {
  FILE *in = fopen(file, "r");
  struct paths paths = {NULL, 0};
  if (in == NULL) {
    fprintf(stderr, "barereader: %s: %s\n", file, strerror(errno));
    exit(2);
  }
  for (int pid; fscanf(in, "%d", &pid) == 1;) {
    paths.all = realloc(paths.all, (paths.count + 2) * sizeof *paths.all);
    if (paths.all == NULL) {
      exit(2);
    }
    snprintf(paths.all[paths.count++].text, sizeof paths.all->text, "/proc/%d/%s", pid, smaps ? "smaps" : "stat");
    if (!stat_only && !smaps) {
      snprintf(paths.all[paths.count++].text, sizeof paths.all->text, "/proc/%d/smaps_rollup", pid);
    }
  }
  fclose(in);
  return paths;
}

static void read_whole(const char *path) {
  static char buffer[16384];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    unreadable++;
    return;
  }
  ssize_t got;
  while ((got = read(fd, buffer, sizeof buffer)) > 0) {
  }
  unreadable += got < 0;
  close(fd);
}

static double pass(struct paths paths) {
  struct timespec from, to;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
  for (size_t k = 0; k < paths.count; k++) {
    read_whole(paths.all[k].text);
  }
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
  return (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

int main(int argc, char **argv) {
  const char *file = NULL, *show = "passes";
  long passes = 1, interval = 0;
  int stat_only = 0, smaps = 0;
  for (int a = 1; a < argc; a++) {
    if (strcmp(argv[a], "--stat-only") == 0) {
      stat_only = 1;
      continue;
    }
    if (strcmp(argv[a], "--smaps") == 0) {
      smaps = 1;
      continue;
    }
    if (a + 1 == argc) {
      usage();
    }
    const char *option = argv[a], *value = argv[++a];
    if (strcmp(option, "--pids") == 0) {
      file = value;
    } else if (strcmp(option, "--passes") == 0) {
      passes = atol(value);
    } else if (strcmp(option, "--interval-ms") == 0) {
      interval = atol(value);
    } else if (strcmp(option, "--show") == 0) {
      show = value;
    } else {
      usage();
    }
  }
  if (file == NULL || passes < 1 || interval < 0 ||
      (strcmp(show, "passes") != 0 && strcmp(show, "median") != 0 && strcmp(show, "mean") != 0)) {
    usage();
  }

  struct paths paths = load(file, stat_only, smaps);
  double *cost = calloc((size_t)passes, sizeof *cost), sum = 0;
  if (cost == NULL || paths.count == 0) {
    fputs("barereader: no pids\n", stderr);
    return 2;
  }
  struct timespec pause = {.tv_sec = interval / 1000, .tv_nsec = interval % 1000 * 1000000};
  pass(paths);
  for (long k = 0; k < passes; k++) {
    nanosleep(&pause, NULL);
    cost[k] = pass(paths);
    sum += cost[k];
    if (strcmp(show, "passes") == 0) {
      printf("%.3f\n", cost[k]);
    }
  }
  qsort(cost, (size_t)passes, sizeof *cost, ascending);
  if (strcmp(show, "median") == 0) {
    printf("%.3f\n", passes % 2 == 1 ? cost[passes / 2] : (cost[passes / 2 - 1] + cost[passes / 2]) / 2);
  } else if (strcmp(show, "mean") == 0) {
    printf("%.3f\n", sum / (double)passes);
  }
  if (unreadable > 0) { // a yardstick that read less than it should is none
    fprintf(stderr, "barereader: %ld reads failed\n", unreadable);
    return stat_only ? 0 : 2;
  }
  return 0;
}
