// stall: a victim. Holds resident memory in small pages in one mapping, which is the worst case for a reader of
// smaps_rollup, as the kernel lets go of mmap_lock only between mappings. Meanwhile it maps, touches and unmaps a
// small area over and over, and times each of these operations: they are what waits for that lock.
//
// Prints `ready` when the memory is there. At each SIGUSR1 prints one line about the time since the one before, and
// begins anew:  OPERATIONS SLOW WORST_US   (slow: longer than --slow-us, 5000)

#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, AREA = 16 * PAGE };

struct tally {
  long operations, slow;
  long long worst_ns;
};

static volatile sig_atomic_t asked;

static void on_signal(int signal) {
  (void)signal;
  asked = 1;
}

static void fail(const char *what) {
  fprintf(stderr, "stall: %s: %s\n", what, strerror(errno));
  exit(2);
}

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long note(struct tally *tally, long long from, long long slow_ns) {
  long long to = now_ns();
  tally->operations++;
  tally->slow += to - from > slow_ns;
  tally->worst_ns = to - from > tally->worst_ns ? to - from : tally->worst_ns;
  return to;
}

static void hold(size_t bytes) {
  char *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) {
    fail("mmap");
  }
  madvise(start, bytes, MADV_NOHUGEPAGE); // fails only where there are no huge pages
  for (size_t at = 0; at < bytes; at += PAGE) {
    start[at] = 1;
  }
}

static void operate(struct tally *tally, long long slow_ns) {
  long long at = now_ns();
  volatile char *area = mmap(NULL, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (area == MAP_FAILED) {
    fail("mmap");
  }
  at = note(tally, at, slow_ns);
  for (size_t k = 0; k < AREA; k += PAGE) {
    area[k] = 1;
  }
  at = note(tally, at, slow_ns);
  munmap((void *)area, AREA);
  note(tally, at, slow_ns);
}

int main(int argc, char **argv) {
  long mib = 0, slow_us = 5000;
  for (int a = 1; a + 1 < argc; a += 2) {
    if (strcmp(argv[a], "--mib") == 0) {
      mib = atol(argv[a + 1]);
    } else if (strcmp(argv[a], "--slow-us") == 0) {
      slow_us = atol(argv[a + 1]);
    } else if (strcmp(argv[a], "--comm") == 0) {
      prctl(PR_SET_NAME, argv[a + 1]);
    } else {
      mib = 0;
      break;
    }
  }
  if (mib < 1 || slow_us < 1) {
    fputs("usage: stall --mib N [--slow-us US] [--comm NAME]\n", stderr);
    return 1;
  }

  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  hold((size_t)mib << 20);
  puts("ready");
  fflush(stdout);
  for (struct tally tally = {0};;) {
    operate(&tally, slow_us * 1000);
    if (asked) {
      asked = 0;
      printf("%ld %ld %lld\n", tally.operations, tally.slow, tally.worst_ns / 1000);
      fflush(stdout);
      tally = (struct tally){0};
    }
  }
}
