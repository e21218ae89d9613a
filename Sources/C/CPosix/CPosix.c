#define _GNU_SOURCE  // F_OFD_SETLK, dladdr
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

const char *posix_image_path(void) {
  Dl_info image;
  return dladdr((const void *)(uintptr_t)posix_image_path, &image) != 0 ? image.dli_fname : NULL;
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

int posix_open_beneath(int directory, const char *path, int flags) {
#if defined(SYS_openat2)
  // As linux/openat2.h has it, which not every C library's headers come with.
  struct {
    uint64_t flags, mode, resolve;
  } how = {(uint64_t)flags, 0, 0x04 /* RESOLVE_NO_SYMLINKS */ | 0x08 /* RESOLVE_BENEATH */};
  return posix_above_streams((int)syscall(SYS_openat2, directory, path, &how, sizeof how));
#else
  (void)directory, (void)path, (void)flags;
  errno = ENOSYS;
  return -1;
#endif
}

int posix_rename(int from_directory, const char *from, int to_directory, const char *to,
                 enum posix_rename_kind kind) {
#if defined(SYS_renameat2)
  unsigned flags = kind == posix_rename_new ? 1 /* RENAME_NOREPLACE */ : 2 /* RENAME_EXCHANGE */;
  return (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
#elif defined(__APPLE__)
  unsigned flags = kind == posix_rename_new ? RENAME_EXCL : RENAME_SWAP;
  return renameatx_np(from_directory, from, to_directory, to, flags);
#else
  (void)from_directory, (void)from, (void)to_directory, (void)to, (void)kind;
  errno = ENOSYS;
  return -1;
#endif
}

static struct flock whole_file(bool exclusive) {
  struct flock range = {0};
  range.l_type = exclusive ? F_WRLCK : F_RDLCK;
  range.l_whence = SEEK_SET;
  return range;
}

int posix_try_record_lock(int fd, bool exclusive) {
  struct flock range = whole_file(exclusive);
  return fcntl(fd, F_OFD_SETLK, &range);
}

int posix_is_record_locked(int fd, bool exclusive) {
  struct flock range = whole_file(exclusive);
  if (fcntl(fd, F_OFD_GETLK, &range) < 0) return -1;
  return range.l_type != F_UNLCK;
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
