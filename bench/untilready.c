// untilready: starts a program and measures the time until it answers GET /-/ready with 200.
//
//   untilready PORT PROGRAM [ARGUMENT...]
//
// Asks every millisecond over a new connection to 127.0.0.1:PORT and prints the milliseconds from just before
// the fork. Then ends the program with SIGTERM, by its pid, and waits for it (SIGKILL after 10 s).

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 15000, ENDING_MS = 10000 };

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void nap(void) {
  struct timespec step = {.tv_nsec = 1000000};
  nanosleep(&step, NULL);
}

static int ready(int port) {
  static const char request[] = "GET /-/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct timeval limit = {.tv_sec = 2};
  char answer[16] = "";
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  int yes = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
            send(fd, request, sizeof request - 1, MSG_NOSIGNAL) == (ssize_t)sizeof request - 1 &&
            recv(fd, answer, 12, MSG_WAITALL) == 12 && strncmp(answer, "HTTP/1.1 200", 12) == 0;
  close(fd);
  return yes;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fputs("usage: untilready PORT PROGRAM [ARGUMENT...]\n", stderr);
    return 1;
  }
  int port = atoi(argv[1]);
  if (ready(port)) {
    fprintf(stderr, "untilready: something else answers on port %d\n", port);
    return 2;
  }

  pid_t parent = getpid();
  double from = now_ms();
  pid_t pid = fork();
  if (pid == 0) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent) {
      execv(argv[2], argv + 2);
      perror(argv[2]);
    }
    _exit(127);
  }
  if (pid < 0) {
    perror("fork");
    return 2;
  }

  int ended = 0, answered = 0;
  double at = from;
  while (!ended && !answered && at - from < PATIENCE_MS) {
    nap();
    answered = ready(port);
    at = now_ms();
    ended = !answered && waitpid(pid, NULL, WNOHANG) == pid;
  }
  if (answered) {
    printf("%.1f\n", at - from);
  } else {
    fputs(ended ? "untilready: the program ended by itself\n" : "untilready: never ready\n", stderr);
  }

  if (!ended) {
    kill(pid, SIGTERM);
    double until = now_ms() + ENDING_MS;
    while (!(ended = waitpid(pid, NULL, WNOHANG) == pid) && now_ms() < until) {
      nap();
    }
    if (!ended) {
      fputs("untilready: SIGTERM did not end it\n", stderr);
      kill(pid, SIGKILL);
      waitpid(pid, NULL, 0);
    }
  }
  return answered ? 0 : 2;
}
