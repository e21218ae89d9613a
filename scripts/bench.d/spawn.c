// Times how long programs take from posix_spawn to their end, one round after another, interleaved.
//
//   spawn ROUNDS NAME=PROGRAM NAME=PROGRAM ...
//
// Prints a line "NAME MEDIAN LOWER UPPER" for each, in microseconds: the median and the quartiles. The
// programs take turns within each round, and the turn's order goes round as well, so that whatever else
// the machine does falls on all of them alike.
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double run(char *program) {
  char *arguments[] = {program, NULL};
  pid_t child;
  int status;
  double start = now();
  int code = posix_spawn(&child, program, NULL, NULL, arguments, environ);
  if (code != 0) {
    fprintf(stderr, "can't start %s: %s\n", program, strerror(code));
    exit(1);
  }
  waitpid(child, &status, 0);
  double end = now();
  if (status != 0) {
    fprintf(stderr, "%s ended with status %d\n", program, status);
    exit(1);
  }
  return end - start;
}

int main(int argc, char **argv) {
  int rounds = argc > 2 ? atoi(argv[1]) : 0, programs = argc - 2;
  if (rounds < 1) {
    fprintf(stderr, "usage: spawn ROUNDS NAME=PROGRAM ...\n");
    return 64;
  }
  double *times = malloc(sizeof(double) * rounds * programs);
  char **paths = malloc(sizeof(char *) * programs);
  for (int i = 0; i < programs; i++) {
    char *equals = strchr(argv[i + 2], '=');
    if (!equals) {
      fprintf(stderr, "%s: NAME=PROGRAM expected\n", argv[i + 2]);
      return 64;
    }
    *equals = 0;
    paths[i] = equals + 1;
    for (int warm = 0; warm < 20; warm++) run(paths[i]);
  }
  for (int round = 0; round < rounds; round++) {
    for (int turn = 0; turn < programs; turn++) {
      int i = (turn + round) % programs;
      times[i * rounds + round] = run(paths[i]);
    }
  }
  for (int i = 0; i < programs; i++) {
    double *of = times + i * rounds;
    qsort(of, rounds, sizeof *of, compare);
    printf("%s %.1f %.1f %.1f\n", argv[i + 2], of[rounds / 2], of[rounds / 4], of[rounds * 3 / 4]);
  }
}
