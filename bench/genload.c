// genload: makes processes to measure, the same ones every time.
//
// Child i of N has 10 to 100 mappings of its own (spread evenly over i) beyond those of the binary: one shared
// file, one shared segment (a memfd) and for the rest private anonymous areas, every page of them touched.
// Neighbouring areas alternate between rw- and r--, else the kernel would merge them into one mapping.
// --touch-kib A-B spreads the size of these areas over the children, A for the first and B for the last.
//
// With --changing, SIGUSR1 changes the memory of the child it is sent to: the first time it maps and touches 64 to
// 124 KiB, the second time it unmaps them, and so on. The rest sleep on, and not a byte of theirs moves.
//
// Prints `ready` when every child is, then waits for end of file on stdin or SIGTERM, ends its children by pid,
// reaps them and exits. Children die with their parent (PR_SET_PDEATHSIG), however it ends.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, FEWEST = 10, MOST = 100, SHARED_KIB = 256, BUSY_NS = 2000000, FEWEST_CHANGED = 16 };

struct options {
  long count, groups, touch_kib, touch_kib_last, busy_share;
  int changing;
  const char *pids, *comm;
};

struct area { // the private anonymous part of a child
  char *start;
  size_t areas, dealt, pages; // pages: those dealt out, and one for each area that got none of them
};

static volatile sig_atomic_t stopping;
static sigset_t change; // SIGUSR1

static void on_signal(int signal) {
  (void)signal;
  stopping = 1;
}

static void fail(const char *what) {
  fprintf(stderr, "genload: %s: %s\n", what, strerror(errno));
  _exit(2);
}

static long own_mappings(long i, long count) {
  return count > 1 ? FEWEST + (MOST - FEWEST) * i / (count - 1) : (FEWEST + MOST) / 2;
}

static size_t own_pages(const struct options *options, long i) {
  long more = options->touch_kib_last - options->touch_kib;
  return (size_t)(options->touch_kib + (options->count > 1 ? more * i / (options->count - 1) : 0)) * 1024 / PAGE;
}

// Pages of area k: all touched pages are dealt out evenly, and no area is empty.
static size_t area_pages(size_t pages, size_t areas, size_t k) {
  if (pages < areas) {
    return 1;
  }
  return pages / areas + (k < pages % areas ? 1 : 0);
}

static void touch(char *start, size_t pages, int write) {
  for (size_t page = 0; page < pages; page++) {
    volatile char *byte = start + page * PAGE;
    if (write) {
      *byte = (char)(page + 1);
    } else {
      (void)*byte;
    }
  }
}

// One range: [file][private areas ...][segment]. The two ends are files, so no area merges with a neighbour
// outside, and the number of mappings is exact.
static struct area map_memory(const struct options *options, long i, int file, int segment) {
  size_t shared = SHARED_KIB * 1024;
  struct area own = {.areas = (size_t)own_mappings(i, options->count) - 2, .dealt = own_pages(options, i)};
  for (size_t k = 0; k < own.areas; k++) {
    own.pages += area_pages(own.dealt, own.areas, k);
  }
  size_t length = own.pages * PAGE + 2 * shared;
  char *base = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) {
    fail("mmap");
  }
  own.start = base + shared;
  char *end = own.start + own.pages * PAGE;
  if (mmap(base, shared, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0) == MAP_FAILED ||
      mmap(end, shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, segment, 0) == MAP_FAILED) {
    fail("mmap of a shared file");
  }
  touch(base, shared / PAGE, 0);
  touch(own.start, own.pages, 1);
  touch(end, shared / PAGE, 1);

  char *at = own.start;
  for (size_t k = 0; k < own.areas; k++) {
    size_t bytes = area_pages(own.dealt, own.areas, k) * PAGE;
    if (k % 2 == 1 && mprotect(at, bytes, PROT_READ) != 0) {
      fail("mprotect");
    }
    at += bytes;
  }
  return own;
}

static long long thread_cpu_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

// Once a second, each child at its own phase: writes its writable areas and burns a little CPU.
static void work(const struct options *options, long i, struct area own) {
  struct timespec phase = {.tv_nsec = i * 1000 / options->count * 1000000};
  nanosleep(&phase, NULL);
  for (;;) {
    long long until = thread_cpu_ns() + BUSY_NS;
    char *at = own.start;
    for (size_t k = 0; k < own.areas; k++) {
      size_t pages = area_pages(own.dealt, own.areas, k);
      if (k % 2 == 0) {
        touch(at, pages, 1);
      }
      at += pages * PAGE;
    }
    while (thread_cpu_ns() < until) {
    }
    sleep(1);
  }
}

// Waits for the signal instead of handling it: no frame on the stack, so nothing changes but what is meant to.
static char *await_change(long i, char *mapped) {
  size_t pages = FEWEST_CHANGED + (size_t)i % FEWEST_CHANGED;
  int signal;
  sigwait(&change, &signal);
  if (mapped != NULL) {
    munmap(mapped, pages * PAGE);
    return NULL;
  }
  mapped = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) {
    fail("mmap");
  }
  touch(mapped, pages, 1);
  return mapped;
}

// Once there and back. What is still shared with the parent since the fork is copied now, not at the first signal,
// when it would change the proportional size of every other child.
static void rehearse_change(long i) {
  char *mapped = NULL;
  for (int times = 0; times < 2; times++) {
    raise(SIGUSR1);
    mapped = await_change(i, mapped);
  }
}

static void child(const struct options *options, long i, pid_t parent, int file, int segment, int ready) {
  signal(SIGTERM, SIG_DFL);
  signal(SIGINT, SIG_IGN); // ctrl-C reaches the whole foreground; the parent does the ending
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) {
    _exit(2);
  }
  char comm[32]; // the kernel keeps 15 bytes
  snprintf(comm, sizeof comm, "%.8s%ld", options->comm, i % options->groups);
  prctl(PR_SET_NAME, comm);

  struct area own = map_memory(options, i, file, segment);
  if (options->changing) {
    rehearse_change(i);
  }
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  close(file);
  close(segment);
  if (write(ready, "", 1) != 1) {
    _exit(2);
  }
  close(ready);
  if ((i + 1) * options->busy_share / 100 > i * options->busy_share / 100) {
    work(options, i, own);
  }
  for (char *mapped = NULL; options->changing;) {
    mapped = await_change(i, mapped);
  }
  for (;;) {
    pause();
  }
}

static int filled(int fd, const char *what) {
  static char page[PAGE];
  memset(page, 'm', sizeof page);
  for (int k = 0; k < SHARED_KIB * 1024 / PAGE; k++) {
    if (write(fd, page, sizeof page) != (ssize_t)sizeof page) {
      fail(what);
    }
  }
  return fd;
}

static void end_children(const pid_t *pids, long count) {
  for (long i = 0; i < count; i++) {
    kill(pids[i], SIGKILL); // not reaped yet, so the pid is still ours
  }
  for (long i = 0; i < count; i++) {
    waitpid(pids[i], NULL, 0);
  }
}

static void write_pids(const char *path, const pid_t *pids, long count) {
  FILE *out = fopen(path, "w");
  if (out == NULL) {
    fail(path);
  }
  for (long i = 0; i < count; i++) {
    fprintf(out, "%d\n", (int)pids[i]);
  }
  if (fclose(out) != 0) {
    fail(path);
  }
}

static void wait_for_end(void) {
  sigset_t blocked, open;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGINT);
  sigprocmask(SIG_BLOCK, &blocked, &open);
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  char scrap[256];
  while (!stopping) {
    if (ppoll(&input, 1, NULL, &open) > 0 && read(STDIN_FILENO, scrap, sizeof scrap) <= 0) {
      return;
    }
  }
}

static struct options parse(int argc, char **argv) {
  struct options options = {.count = 0, .groups = 1, .touch_kib = 1536, .touch_kib_last = 1536, .comm = "load"};
  for (int a = 1; a < argc; a++) {
    if (strcmp(argv[a], "--sleep") == 0) {
      options.busy_share = 0;
      continue;
    }
    if (strcmp(argv[a], "--changing") == 0) {
      options.changing = 1;
      continue;
    }
    const char *value = a + 1 < argc ? argv[a + 1] : NULL;
    char *end = NULL;
    long number = value == NULL ? -1 : strtol(value, &end, 10), last = number;
    if (end != NULL && end != value && *end == '-' && strcmp(argv[a], "--touch-kib") == 0) {
      last = strtol(end + 1, &end, 10);
    }
    int valid = value != NULL && end != value && *end == '\0';
    if (strcmp(argv[a], "--pids") == 0 && value != NULL) {
      options.pids = value;
    } else if (strcmp(argv[a], "--comm") == 0 && value != NULL) {
      options.comm = value;
    } else if (strcmp(argv[a], "--count") == 0 && valid && number > 0) {
      options.count = number;
    } else if (strcmp(argv[a], "--groups") == 0 && valid && number > 0) {
      options.groups = number;
    } else if (strcmp(argv[a], "--touch-kib") == 0 && valid && number >= 0 && last >= 0) {
      options.touch_kib = number;
      options.touch_kib_last = last;
    } else if (strcmp(argv[a], "--busy-share") == 0 && valid && number >= 0 && number <= 100) {
      options.busy_share = number;
    } else {
      options.count = 0;
      break;
    }
    a++;
  }
  if (options.count == 0) {
    fprintf(stderr, "usage: genload --count N [--groups G] [--comm PREFIX] [--touch-kib K[-K]] "
                    "[--sleep | --busy-share PERCENT] [--changing] [--pids FILE]\n");
    exit(1);
  }
  return options;
}

int main(int argc, char **argv) {
  struct options options = parse(argc, argv);
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigemptyset(&change);
  sigaddset(&change, SIGUSR1);
  sigprocmask(SIG_BLOCK, &change, NULL); // so that a child without --changing survives it
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0); // small pages on every machine; children inherit it

  const char *folder = getenv("TMPDIR");
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/genload.XXXXXX", folder != NULL ? folder : "/tmp");
  int file = mkstemp(path);
  int segment = memfd_create("genload", MFD_CLOEXEC);
  int ready[2];
  pid_t *pids = calloc((size_t)options.count, sizeof *pids);
  if (file < 0 || segment < 0 || pipe(ready) != 0 || pids == NULL) {
    fail("prepare");
  }
  filled(file, path);
  filled(segment, "memfd");

  pid_t parent = getpid();
  long started = 0;
  while (started < options.count && !stopping && (pids[started] = fork()) >= 0) {
    if (pids[started] == 0) {
      close(ready[0]);
      child(&options, started, parent, file, segment, ready[1]);
    }
    started++;
  }
  close(ready[1]);
  char byte;
  long up = 0;
  for (ssize_t got; (got = read(ready[0], &byte, 1)) == 1 || (got < 0 && errno == EINTR && !stopping);) {
    up += got == 1;
  }
  int whole = up == options.count;
  if (whole) {
    if (options.pids != NULL) {
      write_pids(options.pids, pids, started);
    }
    puts("ready");
    fflush(stdout);
    wait_for_end();
  } else if (!stopping) {
    fprintf(stderr, "genload: %ld of %ld children came up\n", up, options.count);
  }
  end_children(pids, started);
  unlink(path);
  return whole || stopping ? 0 : 2;
}
