/* spawner COUNT ALIVE PER_SECOND: lets COUNT children live for a short while, ALIVE at a time, then keeps the last ones until
 * its input ends. Prints "done COUNT". */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int input_ended(void)
{
    struct pollfd input = {.fd = 0, .events = POLLIN};
    return poll(&input, 1, 0) != 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    long count = atol(argv[1]), alive = atol(argv[2]), rate = atol(argv[3]);
    pid_t self = getpid(), *children = calloc((size_t)alive, sizeof *children);
    long long start = now();
    for (long i = 0; i < count && !input_ended(); i++) {
        pid_t *place = &children[i % alive];
        if (*place) {
            kill(*place, SIGKILL);
            waitpid(*place, NULL, 0);
        }
        pid_t child = fork();
        if (child < 0) return 3;
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != self) _exit(0);
            for (;;) pause();
        }
        *place = child;
        long long due = start + i * 1000000000LL / rate, left = due - now();
        if (left > 0) {
            struct timespec t = {.tv_sec = left / 1000000000LL, .tv_nsec = left % 1000000000LL};
            nanosleep(&t, NULL);
        }
    }
    printf("done %ld\n", count);
    fflush(stdout);
    while (getchar() != EOF) { }
    for (long i = 0; i < alive; i++) if (children[i]) kill(children[i], SIGKILL);
    return 0;
}
