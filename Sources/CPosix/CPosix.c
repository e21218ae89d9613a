#include "CPosix.h"

#if defined(__linux__)
#include <sys/auxv.h>
#include <sys/syscall.h>
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

// Closes every descriptor from `lowest` up, or as many as this system can tell us of.
static void close_from(int lowest) {
#if defined(SYS_close_range)
  if (syscall(SYS_close_range, (unsigned)lowest, ~0u, 0) == 0) return;
#endif
  // Kernels before 5.9. More than this many are open in servers only.
  for (int fd = lowest; fd < 1024; fd++) close(fd);
}

// In C because only async-signal-safe calls may stand between fork and exec.
int posix_spawn_detached(const char *path, char *const argv[], char *const envp[]) {
  sigset_t pending;
  sigpending(&pending);
  bool was_pending = sigismember(&pending, SIGCHLD) == 1;
  pid_t child = fork();
  if (child < 0) return errno;
  if (child == 0) {
    // A second fork leaves the program to init: the app that execs here never sees a child it did not start.
    pid_t grandchild = fork();
    if (grandchild != 0) _exit(grandchild < 0 ? errno : 0);
    setsid();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // Whoever reads the other end of something we were given must not wait for this program to end.
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || chdir("/") != 0) _exit(127);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    close_from(3);
    execve(path, argv, envp);
    _exit(127);
  }
  int status;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return errno;
  }
  // Where SIGCHLD is blocked, that of our child would wait for the app that execs here.
  sigpending(&pending);
  if (!was_pending && sigismember(&pending, SIGCHLD) == 1) {
    sigset_t children;
    int taken;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigwait(&children, &taken);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EAGAIN;
}

int posix_sync_volume(int fd) {
#if defined(SYS_syncfs)
  return (int)syscall(SYS_syncfs, fd);
#else
  (void)fd;
  errno = ENOSYS;
  return -1;
#endif
}
