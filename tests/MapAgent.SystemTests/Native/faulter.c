/* A process that touches what it has mapped: FILE, under MADV_RANDOM when told to, every file in FOLDER, or MEBIBYTES of anonymous
 * memory, which it fills.
 *   faulter FILE [random]
 *   faulter FOLDER
 *   faulter anonymous MEBIBYTES
 * Each line on its input makes it forget what is cached of the files (of anonymous memory: have it swapped out), touch pages in an
 * order without pattern, as many as there are, and print "ok". The line "forget" makes it forget only, "touch" touch only, and
 * "loop" touch on and on until the next line. It ends with its input. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

enum { PAGE = 4096, MOST_FILES = 20000 };

struct file {
    int fd;
    size_t pages;
    char *at;
};

static struct file files[MOST_FILES];
static size_t count;

static void fail(const char *what)
{
    printf("error %s: %s\n", what, strerror(errno));
    exit(2);
}

static void map(int folder, const char *path, int random_hint)
{
    struct stat facts;
    int fd = openat(folder, path, O_RDONLY);
    if (fd < 0 || fstat(fd, &facts) != 0) fail(path);
    size_t pages = ((size_t)facts.st_size + PAGE - 1) / PAGE;
    char *at = mmap(NULL, pages * PAGE, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) fail("mmap");
    if (random_hint && madvise(at, pages * PAGE, MADV_RANDOM) != 0) fail("madvise");
    files[count++] = (struct file){fd, pages, at};
}

static void map_anonymous(const char *mebibytes)
{
    size_t pages = (size_t)atol(mebibytes) * 1024 * 1024 / PAGE;
    char *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) fail("mmap");
    /* No two pages alike, and none of zeroes: such pages need no swap. */
    for (size_t i = 0; i < pages; i++) *(size_t *)(at + i * PAGE) = i + 1;
    files[count++] = (struct file){-1, pages, at};
}

static void map_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) fail(path);
    for (struct dirent *entry; count < MOST_FILES && (entry = readdir(folder));) {
        if (entry->d_type == DT_REG) map(dirfd(folder), entry->d_name, 0);
    }
}

static void forget(void)
{
    for (size_t i = 0; i < count; i++) {
        if (files[i].fd < 0) {
            madvise(files[i].at, files[i].pages * PAGE, MADV_PAGEOUT);
            continue;
        }
        /* Only pages that nobody maps can be forgotten. */
        madvise(files[i].at, files[i].pages * PAGE, MADV_DONTNEED);
        posix_fadvise(files[i].fd, 0, 0, POSIX_FADV_DONTNEED);
    }
}

static size_t touch(void)
{
    size_t sum = 0, page = 1;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < files[i].pages; k++) {
            page = page * 6364136223846793005u + 1442695040888963407u;
            sum += (size_t)((volatile char *)files[i].at)[(page >> 33) % files[i].pages * PAGE];
        }
    }
    return sum;
}

int main(int argc, char **argv)
{
    struct stat facts;
    char line[16];
    size_t sum = 0;
    if (argc > 2 && strcmp(argv[1], "anonymous") == 0) map_anonymous(argv[2]);
    else if (argc < 2 || stat(argv[1], &facts) != 0) return 1;
    else if (S_ISDIR(facts.st_mode)) map_folder(argv[1]);
    else map(AT_FDCWD, argv[1], argc > 2);
    printf("ok\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (strcmp(line, "touch\n") != 0) forget();
        struct pollfd input = {.fd = 0, .events = POLLIN};
        if (strcmp(line, "forget\n") != 0) do {
            sum += touch();
        } while (strcmp(line, "loop\n") == 0 && poll(&input, 1, 0) == 0);
        printf("ok\n");
        fflush(stdout);
    }
    return (int)(sum & 1);
}
