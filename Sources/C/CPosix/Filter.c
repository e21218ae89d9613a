#include "CPosix.h"

#include <poll.h>

// Closes both ends of a pipe, where they are still open, and keeps errno.
static void close_pipe(int ends[2]) {
  int error = errno;
  for (int i = 0; i < 2; i++) {
    if (ends[i] >= 0) close(ends[i]);
    ends[i] = -1;
  }
  errno = error;
}

// How long a person may take to touch a key or to type a number.
enum { patience_milliseconds = 10 * 60 * 1000, step_milliseconds = 50 };

// Neither side may wait for the other while that waits for it: both ends are served as they become ready. Ends when
// the program closes its output, or has ended and left a child that keeps it open.
static ptrdiff_t exchange(pid_t child, int *raw, int *has_ended, int from, const uint8_t *input, size_t input_count, uint8_t *output,
                          size_t capacity, int *to) {
  size_t written = 0, filled = 0;
  int waited = 0;
  fcntl(*to, F_SETFL, O_NONBLOCK);
  fcntl(from, F_SETFL, O_NONBLOCK);
  for (;;) {
    if (*to >= 0 && written == input_count) {
      close(*to);
      *to = -1;
    }
    struct pollfd ends[2] = {{.fd = *to, .events = POLLOUT}, {.fd = from, .events = POLLIN}};
    int ready = poll(ends, 2, *has_ended ? 0 : step_milliseconds);
    if (ready < 0 && errno != EINTR) return -1;
    if (ready > 0 && ends[0].revents != 0) {
      ssize_t count = write(*to, input + written, input_count - written);
      if (count >= 0) {
        written += (size_t)count;
      } else if (errno == EPIPE) {
        // It has read as much as it wanted.
        written = input_count;
      } else if (errno != EAGAIN && errno != EINTR) {
        return -1;
      }
    }
    if (ready > 0 && ends[1].revents != 0) {
      if (filled == capacity) return (ptrdiff_t)filled;
      ssize_t count = read(from, output + filled, capacity - filled);
      if (count == 0) return (ptrdiff_t)filled;
      if (count > 0) {
        filled += (size_t)count;
      } else if (errno != EINTR && errno != EAGAIN) {
        return -1;
      }
    }
    if (ready != 0) continue;
    if (*has_ended) return (ptrdiff_t)filled;
    *has_ended = waitpid(child, raw, WNOHANG) == child;
    waited += step_milliseconds;
    if (!*has_ended && waited >= patience_milliseconds) {
      kill(child, SIGKILL);
      errno = ETIMEDOUT;
      return -1;
    }
  }
}

ptrdiff_t posix_filter(char *const argv[], const uint8_t *input, size_t input_count, uint8_t *output,
                       size_t capacity, int *status) {
  int in[2] = {-1, -1}, out[2] = {-1, -1};
  if (pipe(in) < 0) return -1;
  if (pipe(out) < 0) {
    close_pipe(in);
    return -1;
  }
  for (int i = 0; i < 2; i++) {
    fcntl(in[i], F_SETFD, FD_CLOEXEC);
    fcntl(out[i], F_SETFD, FD_CLOEXEC);
  }
  void (*was)(int) = signal(SIGPIPE, SIG_IGN);
  pid_t child = fork();
  if (child == 0) {
    signal(SIGPIPE, SIG_DFL);
    dup2(in[0], 0);
    dup2(out[1], 1);
    execvp(argv[0], argv);
    _exit(127);
  }
  ptrdiff_t count = -1;
  int raw = 0, has_ended = 0;
  if (child > 0) {
    close(in[0]);
    close(out[1]);
    in[0] = out[1] = -1;
    count = exchange(child, &raw, &has_ended, out[0], input, input_count, output, capacity, &in[1]);
  }
  close_pipe(in);
  close_pipe(out);
  int error = errno;
  if (child > 0) {
    while (!has_ended && waitpid(child, &raw, 0) < 0 && errno == EINTR) {}
    *status = WIFSIGNALED(raw) ? -WTERMSIG(raw) : WEXITSTATUS(raw);
  }
  signal(SIGPIPE, was);
  errno = error;
  return count;
}
