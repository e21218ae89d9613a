#include "CPosix.h"

#if defined(__linux__)
#include <sys/auxv.h>
#elif defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

const char *posix_executable_path(void) {
#if defined(__linux__)
  return (const char *)getauxval(AT_EXECFN);
#elif defined(__APPLE__)
  static char path[4096];
  uint32_t size = sizeof path;
  return _NSGetExecutablePath(path, &size) == 0 ? path : NULL;
#else
  return NULL;
#endif
}

struct posix_fault *posix_fault(void) {
  static _Thread_local struct posix_fault fault = {-1, 0, false};
  return &fault;
}

// In C because only async-signal-safe calls may stand between fork and exec.
int posix_spawn_detached(const char *path, char *const argv[], char *const envp[]) {
  pid_t child = fork();
  if (child < 0) return errno;
  if (child == 0) {
    // A second fork leaves the program to init: the app that execs here never sees a child it did not start.
    pid_t grandchild = fork();
    if (grandchild != 0) _exit(grandchild < 0 ? errno : 0);
    setsid();
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || chdir("/") != 0) _exit(127);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    if (null > 2) close(null);
    execve(path, argv, envp);
    _exit(127);
  }
  int status;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return errno;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EAGAIN;
}
