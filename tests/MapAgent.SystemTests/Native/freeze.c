/* freeze TID: stops one thread, and only that one, until its own input ends. Prints "frozen". */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

int main(int argc, char **argv)
{
    int status, thread = argc > 1 ? atoi(argv[1]) : 0;
    if (ptrace(PTRACE_SEIZE, thread, 0, 0) != 0 || ptrace(PTRACE_INTERRUPT, thread, 0, 0) != 0) {
        perror("ptrace");
        return 1;
    }
    waitpid(thread, &status, __WALL);
    puts("frozen");
    fflush(stdout);
    while (getchar() != EOF) { }
    ptrace(PTRACE_DETACH, thread, 0, 0);
    return 0;
}
