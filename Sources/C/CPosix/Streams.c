// O_PATH
#define _GNU_SOURCE

#include "CPosix.h"

enum { first_free = STDERR_FILENO + 1 };

#ifdef O_PATH
// Neither can be read or written through it.
enum { placeholder_flags = O_PATH | O_CLOEXEC };
#else
enum { placeholder_flags = O_RDONLY | O_CLOEXEC };
#endif

void posix_hold_streams(void) {
  for (int fd = 0; fd < first_free; fd++) {
    // It gets the lowest number that is free. The root folder is the one file that is always there.
    if (fcntl(fd, F_GETFD) < 0 && open("/", placeholder_flags) < 0) return;
  }
}

int posix_above_streams(int fd) {
  if (fd < 0 || fd >= first_free) return fd;
  bool closes_on_exec = (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
  int copy = fcntl(fd, closes_on_exec ? F_DUPFD_CLOEXEC : F_DUPFD, first_free);
  int error = errno;
  close(fd);
  errno = error;
  return copy;
}
