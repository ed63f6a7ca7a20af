/* A process that maps what it is told. It reads one command a line from standard input, answers "ok" or an error, and ends
 * with its input, so that nothing outlives the tests. Linked statically: it shares pages with nothing but its copies. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
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

static void answer(int good)
{
    printf(good ? "ok\n" : "error %s\n", strerror(errno));
    fflush(stdout);
}

static void set_comm(const char *hex)
{
    char name[16] = {0};
    for (int i = 0; i < 15 && hex[2 * i] && hex[2 * i + 1]; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], 0};
        name[i] = (char)strtol(digits, NULL, 16);
    }
    prctl(PR_SET_NAME, name);
}

static int map_and_touch(int flags, int fd, size_t size)
{
    volatile char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (at == MAP_FAILED) return 0;
    for (size_t i = 0; i < size; i += 4096) at[i] = 1;
    return 1;
}

/* Makes so many mappings of one: the kernel splits it where the rights change. */
static int split(size_t mappings)
{
    char *at = mmap(NULL, mappings * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return 0;
    for (size_t i = 0; i < mappings; i += 2) {
        if (mprotect(at + i * 4096, 4096, PROT_READ) != 0) return 0;
    }
    return 1;
}

static int map_file(const char *path, size_t size)
{
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd < 0 || ftruncate(fd, (off_t)size) != 0) return 0;
    int good = map_and_touch(MAP_SHARED, fd, size);
    close(fd);
    return good;
}

static int start_child(const char *hex, int zombie)
{
    pid_t parent = getpid();
    pid_t child = fork();
    if (child != 0) {
        if (child > 0 && zombie) {
            siginfo_t info;
            waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
        } else {
            usleep(20000); /* the child sets its name */
        }
        return child > 0;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    if (*hex) set_comm(hex);
    if (zombie) _exit(0);
    for (;;) pause();
}

/* Replaces itself with itself until the input ends. */
static int exec_loop(char **argv)
{
    struct pollfd input = {.fd = 0, .events = POLLIN};
    if (poll(&input, 1, atoi(argv[2])) != 0) return 0;
    execv(argv[0], argv);
    return 1;
}

static int obey(char *line)
{
    char *word = strtok(line, " "), *first = strtok(NULL, " "), *second = strtok(NULL, " ");
    if (!first) first = "";
    size_t kib = (size_t)atol(second ? second : first) * 1024;
    if (!word) return 1;
    if (!strcmp(word, "comm")) { set_comm(first); return 1; }
    if (!strcmp(word, "private")) return map_and_touch(MAP_PRIVATE | MAP_ANONYMOUS, -1, kib);
    if (!strcmp(word, "shared")) return map_and_touch(MAP_SHARED | MAP_ANONYMOUS, -1, kib);
    if (!strcmp(word, "split")) return split(kib / 1024);
    if (!strcmp(word, "file")) return map_file(first, kib);
    if (!strcmp(word, "child")) return start_child(first, 0);
    if (!strcmp(word, "zombie")) return start_child(first, 1);
    if (!strcmp(word, "undumpable")) return prctl(PR_SET_DUMPABLE, 0) == 0;
    errno = EINVAL;
    return 0;
}

int main(int argc, char **argv)
{
    char line[4096];
    if (argc > 2 && !strcmp(argv[1], "exec-loop")) return exec_loop(argv);
    answer(1);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        answer(obey(line));
    }
    return 0;
}
