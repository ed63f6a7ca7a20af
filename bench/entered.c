/* entered PID FUNCTIONS BASE SECONDS: prints which functions of a running program are entered, in the order of their first time.
 *
 * FUNCTIONS has a line "ADDRESS NAME" for each, in hexadecimal and sorted, as nm -n prints them; BASE is where the program is
 * loaded. A breakpoint is put on every one and taken away when it was met, so the program is hardly slowed. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct function {
    unsigned long address;
    char *name;
    unsigned char first;
    int met;
};

static struct function *functions;
static size_t count;
static int memory;

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

static int compare(const void *key, const void *element)
{
    unsigned long address = *(const unsigned long *)key;
    const struct function *function = element;
    return address < function->address ? -1 : address > function->address;
}

static void load(const char *path, unsigned long base)
{
    FILE *file = fopen(path, "r");
    if (!file)
        fail(path);
    char *line = NULL;
    size_t size = 0, room = 0;
    while (getline(&line, &size, file) > 0) {
        char *name = NULL;
        unsigned long address = strtoul(line, &name, 16) + base;
        name += strspn(name, " ");
        name[strcspn(name, "\n")] = 0;
        if (!*name || (count && functions[count - 1].address >= address))
            continue;
        if (count == room && !(functions = realloc(functions, (room = room ? room * 2 : 4096) * sizeof *functions)))
            fail("realloc");
        functions[count++] = (struct function){ address, strdup(name), 0, 0 };
    }
    free(line);
    fclose(file);
}

static void write_byte(unsigned long address, unsigned char byte)
{
    if (pwrite(memory, &byte, 1, (off_t)address) != 1)
        fail("write to the program");
}

/* A thread that stands behind a breakpoint goes back to where it was. */
static int met(int thread, int first)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, thread, 0, &registers))
        return 0;
    unsigned long address = registers.rip - 1;
    struct function *function = bsearch(&address, functions, count, sizeof *functions, compare);
    if (!function)
        return 0;
    if (first && !function->met) {
        function->met = 1;
        write_byte(address, function->first);
        puts(function->name);
    }
    registers.rip = address;
    return ptrace(PTRACE_SETREGS, thread, 0, &registers) == 0;
}

static void each_thread(int pid, void (*act)(int))
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *threads = opendir(path);
    if (!threads)
        fail(path);
    struct dirent *entry;
    while ((entry = readdir(threads)))
        if (atoi(entry->d_name) > 0)
            act(atoi(entry->d_name));
    closedir(threads);
}

static void seize(int thread)
{
    int status;
    if (ptrace(PTRACE_SEIZE, thread, 0, PTRACE_O_TRACECLONE) || ptrace(PTRACE_INTERRUPT, thread, 0, 0)) {
        /* It has ended meanwhile. */
        if (errno == ESRCH)
            return;
        fail("ptrace");
    }
    waitpid(thread, &status, __WALL);
}

static void go_on(int thread) { ptrace(PTRACE_CONT, thread, 0, 0); }

static void let_go(int thread)
{
    int status;
    ptrace(PTRACE_INTERRUPT, thread, 0, 0);
    if (waitpid(thread, &status, __WALL) == thread && WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP && !(status >> 16))
        met(thread, 0);
    ptrace(PTRACE_DETACH, thread, 0, 0);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: entered PID FUNCTIONS BASE SECONDS\n");
        return 2;
    }

    int pid = atoi(argv[1]);
    load(argv[2], strtoul(argv[3], NULL, 16));
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    if ((memory = open(path, O_RDWR)) < 0)
        fail(path);
    each_thread(pid, seize);
    for (size_t i = 0; i < count; i++) {
        if (pread(memory, &functions[i].first, 1, (off_t)functions[i].address) != 1)
            fail("read of the program");
        write_byte(functions[i].address, 0xcc);
    }
    each_thread(pid, go_on);

    time_t end = time(NULL) + atoi(argv[4]);
    while (time(NULL) < end) {
        int status, thread = waitpid(-1, &status, __WALL | WNOHANG);
        if (thread < 0)
            break;
        if (thread == 0) {
            usleep(200);
            continue;
        }
        if (!WIFSTOPPED(status))
            continue;
        int signal = WSTOPSIG(status);
        /* What is no breakpoint is an event of ptrace, or a signal for the program. */
        int own = status >> 16 || (signal == SIGTRAP && met(thread, 1));
        ptrace(PTRACE_CONT, thread, 0, own ? 0 : signal);
    }

    for (size_t i = 0; i < count; i++)
        if (!functions[i].met)
            write_byte(functions[i].address, functions[i].first);
    each_thread(pid, let_go);
    return fflush(stdout) ? 2 : 0;
}
