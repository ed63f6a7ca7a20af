// cpuof: the CPU time another process has used so far, in nanoseconds, on one line:
//
//   CLOCK      the process CPU clock (clock_getcpuclockid): exact, all threads, the ended ones included
//   SCHEDSTAT  the sum of /proc/PID/task/*/schedstat: exact too, but loses threads that have ended
//   TICKS      utime + stime of /proc/PID/stat: in steps of 10 ms, ended threads included
//
// The first is the one to use; the others are its witnesses. No privilege is needed for any of them.
//
// --settle MS     waits first until the process used less than 1 % of a CPU during MS milliseconds
// --after-work MS before that, waits until it has used MS of CPU: then a pass has just ended, the next is far
// Gives up after 60 s with exit code 2.

#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STEP_MS = 5, PATIENCE_MS = 60000 };

static long long clock_ns(pid_t pid) {
  clockid_t clock;
  struct timespec used;
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) {
    fprintf(stderr, "cpuof: no process %d\n", (int)pid);
    exit(2);
  }
  return used.tv_sec * 1000000000LL + used.tv_nsec;
}

static long long schedstat_ns(pid_t pid) {
  char path[300];
  snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
  DIR *tasks = opendir(path);
  long long sum = 0;
  for (struct dirent *task; tasks != NULL && (task = readdir(tasks)) != NULL;) {
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", (int)pid, task->d_name);
    FILE *in = task->d_name[0] == '.' ? NULL : fopen(path, "r");
    long long ran;
    if (in != NULL) {
      sum += fscanf(in, "%lld", &ran) == 1 ? ran : 0;
      fclose(in);
    }
  }
  if (tasks != NULL) {
    closedir(tasks);
  }
  return sum;
}

static long long ticks_ns(pid_t pid) {
  char path[64], text[2048];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE *in = fopen(path, "r");
  size_t got = in == NULL ? 0 : fread(text, 1, sizeof text - 1, in);
  if (in != NULL) {
    fclose(in);
  }
  text[got] = '\0';
  char *after = strrchr(text, ')'); // comm may hold anything, a parenthesis too
  long long user = 0, system = 0;
  if (after == NULL ||
      sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user, &system) != 2) {
    return 0;
  }
  return (user + system) * (1000000000LL / sysconf(_SC_CLK_TCK));
}

static void nap(long ms, long *waited) {
  struct timespec step = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  nanosleep(&step, NULL);
  *waited += ms;
  if (*waited > PATIENCE_MS) {
    fputs("cpuof: the process does not settle\n", stderr);
    exit(2);
  }
}

int main(int argc, char **argv) {
  long settle = 0, work = 0, waited = 0;
  pid_t pid = 0;
  for (int a = 1; a < argc; a++) {
    if (strcmp(argv[a], "--settle") == 0 && a + 1 < argc) {
      settle = atol(argv[++a]);
    } else if (strcmp(argv[a], "--after-work") == 0 && a + 1 < argc) {
      work = atol(argv[++a]);
    } else {
      pid = (pid_t)atol(argv[a]);
    }
  }
  if (pid <= 0 || settle < 0 || work < 0) {
    fputs("usage: cpuof [--after-work MS] [--settle MS] PID\n", stderr);
    return 1;
  }

  if (work > 0) {
    long long from = clock_ns(pid);
    while (clock_ns(pid) - from < work * 1000000LL) {
      nap(STEP_MS, &waited);
    }
  }
  long long before = clock_ns(pid);
  while (settle > 0) {
    nap(settle, &waited);
    long long now = clock_ns(pid);
    if (now - before < settle * 1000000LL / 100) {
      break;
    }
    before = now;
  }
  printf("%lld %lld %lld\n", clock_ns(pid), schedstat_ns(pid), ticks_ns(pid));
  return 0;
}
