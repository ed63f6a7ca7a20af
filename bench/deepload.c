// deepload: one process with many mappings, the same ones every time.
//
//   deepload --mappings N [--files F] [--pages P]
//
// Half of the N mappings are private memory; neighbours alternate between rw- and r--, else the kernel would merge
// them. The other half are mapped from F files of their own: private and read only, private and executable, shared and
// writable in turn, under three hints. P pages of each mapping are touched. Its own libraries come on top.
//
// Prints `ready`, waits for end of file on stdin or SIGTERM, removes its files and exits.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { PAGE = 4096 };

static char folder[PATH_MAX];
static long files = 200;

static void fail(const char *what) {
  fprintf(stderr, "deepload: %s: %s\n", what, strerror(errno));
  exit(2);
}

static void file_path(char *path, long i) {
  snprintf(path, PATH_MAX, "%.4000s/segment-%04ld-of-an-index.cfs", folder, i);
}

static void remove_files(void) {
  char path[PATH_MAX];
  for (long i = 0; i < files; i++) {
    file_path(path, i);
    unlink(path);
  }
  rmdir(folder);
}

static void on_signal(int signal) {
  (void)signal;
  close(STDIN_FILENO);
}

static void touch(char *at, long pages, int write) {
  for (long p = 0; p < pages; p++) {
    volatile char *byte = at + p * PAGE;
    if (write) {
      *byte = 1;
    } else {
      (void)*byte;
    }
  }
}

static void map_memory(long count, long pages) {
  char *at = mmap(NULL, (size_t)(count * pages * PAGE), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) {
    fail("mmap");
  }
  touch(at, count * pages, 1);
  for (long i = 1; i < count; i += 2) {
    if (mprotect(at + i * pages * PAGE, (size_t)(pages * PAGE), PROT_READ) != 0) {
      fail("mprotect");
    }
  }
}

static void map_files(long count, long pages) {
  static const int hints[] = {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_DONTDUMP};
  char path[PATH_MAX];
  for (long i = 0; i < count; i++) {
    long file = i * files / count; // the parts of a file follow one another, as those of a library do
    file_path(path, file);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0700);
    off_t offset = (off_t)(i % (count / files + 1)) * pages * PAGE * 2;
    if (fd < 0 || ftruncate(fd, (off_t)(count / files + 2) * pages * PAGE * 2) != 0) {
      fail(path);
    }
    int kind = (int)(i % 3);
    char *at = mmap(NULL, (size_t)(pages * PAGE), kind == 2 ? PROT_READ | PROT_WRITE : kind == 1 ? PROT_READ | PROT_EXEC : PROT_READ,
                    kind == 2 ? MAP_SHARED : MAP_PRIVATE, fd, offset);
    if (at == MAP_FAILED) {
      fail("mmap of a file");
    }
    madvise(at, (size_t)(pages * PAGE), hints[i % 4]);
    touch(at, pages, kind == 2);
    close(fd);
  }
}

int main(int argc, char **argv) {
  long mappings = 0, pages = 4;
  for (int a = 1; a + 1 < argc; a += 2) {
    long *value = strcmp(argv[a], "--mappings") == 0 ? &mappings : strcmp(argv[a], "--files") == 0 ? &files
                : strcmp(argv[a], "--pages") == 0    ? &pages    : NULL;
    if (value != NULL) {
      *value = atol(argv[a + 1]);
    }
  }
  if (mappings < 4 || files < 1 || files > mappings / 2 || pages < 1) {
    fputs("usage: deepload --mappings N [--files F] [--pages P]\n", stderr);
    return 1;
  }
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGTERM, &action, NULL);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0); // small pages on every machine
  const char *temporary = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%.3900s/deepload.XXXXXX", temporary != NULL ? temporary : "/tmp");
  if (mkdtemp(folder) == NULL) {
    fail(folder);
  }
  atexit(remove_files);
  map_memory(mappings / 2, pages);
  map_files(mappings - mappings / 2, pages);
  puts("ready");
  fflush(stdout);
  char scrap[256];
  while (read(STDIN_FILENO, scrap, sizeof scrap) > 0) {
  }
  return 0;
}
