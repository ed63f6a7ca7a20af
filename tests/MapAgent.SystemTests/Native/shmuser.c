/* A process that uses shared memory as it is told. It reads one command a line from standard input, answers "ok" or an error,
 * and ends with its input, so that nothing outlives the tests. Linked statically: it needs no file of the namespace it is in.
 *
 *   map PATH KIB       creates the file, maps and touches it, closes it: from then on the mapping alone holds it
 *   hold PATH KIB      creates and writes the file and keeps it open
 *   write PATH KIB     creates and writes the file and closes it
 *   bytes HEX KIB      the same for a path of any bytes
 *   empty PREFIX N     creates N empty files
 *   deep PATH N        creates N directories, each in the one before, and a file of a page in the last
 *   fill PATH MIB RATE writes so many MiB at so many MiB a second, then removes the file at once
 *   unlink PATH        removes the name
 *   memfd KIB, shared KIB   memory without a name
 *   sysv KIB, detach   a System V segment, attached and touched; in an IPC namespace of its own, as nothing removes it
 *   unshare KIB        moves to a mount namespace of its own with a tmpfs of that size on /dev/shm
 *   fuse PATH          mounts a FUSE filesystem that never answers, and keeps its root open
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char block[1 << 20];
static void *attached;

static int touch(volatile char *at, size_t size)
{
    if (at == MAP_FAILED) return 0;
    for (size_t i = 0; i < size; i += 4096) at[i] = 1;
    return 1;
}

static int map(int fd, size_t size)
{
    if (fd < 0 || ftruncate(fd, (off_t)size) != 0) return 0;
    int good = touch(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), size);
    close(fd);
    return good;
}

static int create(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static int write_all(int fd, size_t size)
{
    while (fd >= 0 && size > 0) {
        ssize_t done = write(fd, block, size < sizeof block ? size : sizeof block);
        if (done <= 0) return 0;
        size -= (size_t)done;
    }
    return fd >= 0;
}

static int write_file(const char *path, size_t size)
{
    int fd = create(path), good = write_all(fd, size);
    return fd >= 0 && close(fd) == 0 && good;
}

static int write_bytes(const char *hex, size_t size)
{
    char path[512] = {0};
    for (size_t i = 0; i < sizeof path - 1 && hex[2 * i] && hex[2 * i + 1]; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], 0};
        path[i] = (char)strtol(digits, NULL, 16);
    }
    return write_file(path, size);
}

static int create_empty(const char *prefix, long count)
{
    char path[256];
    for (long i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s%ld", prefix, i);
        int fd = create(path);
        if (fd < 0) return 0;
        close(fd);
    }
    return 1;
}

static int create_deep(const char *path, long count)
{
    if (chdir(path) != 0) return 0;
    for (long i = 0; i < count; i++) if (mkdir("d", 0700) != 0 || chdir("d") != 0) return 0;
    return write_file("page", 4096) && chdir("/") == 0;
}

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int fill(const char *path, long count, long rate)
{
    int fd = create(path), good = fd >= 0;
    long long start = now();
    for (long i = 1; i <= count && good; i++) {
        good = write_all(fd, sizeof block);
        long long left = start + i * 1000000000LL / rate - now();
        struct timespec t = {.tv_sec = left / 1000000000LL, .tv_nsec = left % 1000000000LL};
        if (left > 0) nanosleep(&t, NULL);
    }
    close(fd);
    return unlink(path) == 0 && good;
}

static int attach(size_t size)
{
    int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
    attached = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
    return touch(attached, size);
}

static int move(const char *kib)
{
    char options[64];
    snprintf(options, sizeof options, "size=%sk", kib);
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
        && mount("tmpfs", "/dev/shm", "tmpfs", 0, options) == 0;
}

static int hang(const char *path)
{
    char options[128];
    int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
    return fd >= 0 && mount("nothing", path, "fuse", 0, options) == 0 && open(path, O_PATH | O_CLOEXEC) >= 0;
}

static int obey(char *line)
{
    const char *word = strtok(line, " "), *first = strtok(NULL, " "), *second = strtok(NULL, " "), *third = strtok(NULL, " ");
    if (!word) return 1;
    if (!first) first = "";
    long number = atol(second ? second : first);
    size_t size = (size_t)number * 1024;
    if (!strcmp(word, "map")) return map(create(first), size);
    if (!strcmp(word, "hold")) return write_all(create(first), size);
    if (!strcmp(word, "write")) return write_file(first, size);
    if (!strcmp(word, "bytes")) return write_bytes(first, size);
    if (!strcmp(word, "empty")) return create_empty(first, number);
    if (!strcmp(word, "deep")) return create_deep(first, number);
    if (!strcmp(word, "fill")) return fill(first, number, third ? atol(third) : 1);
    if (!strcmp(word, "unlink")) return unlink(first) == 0;
    if (!strcmp(word, "memfd")) return map(memfd_create("shmuser", 0), size);
    if (!strcmp(word, "shared")) return touch(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), size);
    if (!strcmp(word, "sysv")) return attach(size);
    if (!strcmp(word, "detach")) return shmdt(attached) == 0;
    if (!strcmp(word, "unshare")) return move(first);
    if (!strcmp(word, "fuse")) return hang(first);
    errno = EINVAL;
    return 0;
}

int main(void)
{
    char line[4096];
    memset(block, 1, sizeof block);
    do {
        puts("ok");
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin)) return 0;
        line[strcspn(line, "\n")] = 0;
    } while (obey(line));
    printf("error %s\n", strerror(errno));
    return 1;
}
