// The C library as both compilations see it: there is no Glibc overlay in Embedded Swift.
// Variadic functions and macros, which Swift can't import, get a one-line wrapper here.
#ifndef ESKY_CPOSIX_H
#define ESKY_CPOSIX_H

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static inline int posix_errno(void) { return errno; }
static inline char **posix_environ(void) { return environ; }

// Sees to it that the descriptors 0 to 2 are taken, at the start of a program: what it opens, its locks and pipes and
// connections too, can't become a standard stream that it was started without, and be written to as that.
// A stream that was closed stays as good as closed: neither reading nor writing it works, and what this program
// executes finds it closed.
void posix_hold_streams(void);

// A descriptor above those of the standard streams: the given one, or a copy in its place. For a library, whose
// program may run without them and must be left as it is. -1 with errno, the given one closed, when there is none left.
int posix_above_streams(int fd);

static inline int posix_open(const char *path, int flags, mode_t mode) {
  return posix_above_streams(open(path, flags, mode));
}
static inline int posix_openat(int directory, const char *path, int flags, mode_t mode) {
  return posix_above_streams(openat(directory, path, flags, mode));
}
// Opens what a relative path leads to below an open folder, following no symbolic link and no "..": openat2(2) with
// RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS. -1 with errno; ENOSYS where the system has no such call.
int posix_open_beneath(int directory, const char *path, int flags);
enum posix_rename_kind {
  posix_rename_new,       // fails with EEXIST where something has the new name
  posix_rename_exchange,  // lets two names change places
};
// rename(2) of these kinds; ENOSYS or EINVAL where the system or the volume has no such call.
int posix_rename(int from_directory, const char *from, int to_directory, const char *to,
                 enum posix_rename_kind kind);
// Tries to lock a whole file for as long as its open file description lives: fcntl(2), F_OFD_SETLK. An exclusive lock
// takes a descriptor that may write, a shared one a descriptor that may read. -1 with errno.
int posix_try_record_lock(int fd, bool exclusive);
// 1 when somebody else holds a lock that would exclude this one, 0 when nobody does, -1 with errno. F_OFD_GETLK
int posix_is_record_locked(int fd, bool exclusive);
// A copy of a descriptor that programs keep across exec, out of the way of those that they choose themselves: shells
// take low numbers, and scripts a hundred or so. Where so high a number is not allowed, it is whatever is free.
// -1 with errno.
static inline int posix_keep_across_exec(int fd) {
  int kept = fcntl(fd, F_DUPFD, 1000);
  return kept >= 0 ? kept : fcntl(fd, F_DUPFD, STDERR_FILENO + 1);
}
static inline int posix_stat(const char *path, struct stat *out) { return stat(path, out); }
static inline int posix_lstat(const char *path, struct stat *out) { return lstat(path, out); }
static inline int posix_fstatat(int directory, const char *path, struct stat *out, int flags) {
  return fstatat(directory, path, out, flags);
}
static inline int posix_terminal_columns(int fd) {
  struct winsize size;
  return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static inline int64_t posix_free_space(const char *path) {
  struct statvfs volume;
  return statvfs(path, &volume) == 0 ? (int64_t)volume.f_bavail * (int64_t)volume.f_frsize : -1;
}

static inline bool posix_is_read_only(const char *path) {
  struct statvfs volume;
  return statvfs(path, &volume) == 0 && (volume.f_flag & ST_RDONLY) != 0;
}

// What a mode says the file is, as one of the S_IF constants.
static inline uint32_t posix_file_type(mode_t mode) { return mode & S_IFMT; }
static inline const char *posix_entry_name(const struct dirent *entry) { return entry->d_name; }

// Seconds a file was last changed at, under the name that this platform gives the field.
static inline int64_t posix_modified(const struct stat *status) { return (int64_t)status->st_mtime; }

// The nanoseconds of that second.
static inline int64_t posix_modified_nanoseconds(const struct stat *status) {
#ifdef __APPLE__
  return (int64_t)status->st_mtimespec.tv_nsec;
#else
  return (int64_t)status->st_mtim.tv_nsec;
#endif
}

// The same of the last change of contents or attributes, which nobody sets at will.
static inline int64_t posix_changed(const struct stat *status) { return (int64_t)status->st_ctime; }

static inline int64_t posix_changed_nanoseconds(const struct stat *status) {
#ifdef __APPLE__
  return (int64_t)status->st_ctimespec.tv_nsec;
#else
  return (int64_t)status->st_ctim.tv_nsec;
#endif
}

// Lets writing to a pipe that nobody reads, or beyond a limit on file sizes, fail in place of ending the process.
static inline void posix_let_writes_fail(void) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

// Lets writing beyond a limit on file sizes fail in place of ending the process.
static inline void posix_ignore_file_limit(void) { signal(SIGXFSZ, SIG_IGN); }

// True for a signal that whoever started the program lets it ignore, as nohup does.
static inline bool posix_is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Not all streams: another thread may hold the lock of stdin for as long as nobody types. False when some of what was
// printed to standard output is lost.
static inline bool posix_flush_output(void) {
  fflush(stderr);
  return fflush(stdout) == 0 && !ferror(stdout);
}

// The path that this program was executed by, where the system keeps it; NULL elsewhere.
const char *posix_executable_path(void);

// The path that the library or program which this is linked into was loaded by; NULL where that can't be told.
const char *posix_image_path(void);

// The countdown of the fault that the calling thread's next system calls meet; see FileSystem/Fault.swift.
struct posix_fault {
  int32_t remaining;  // calls left up to the fault, 0 once it was met, -1 when none is planned
  int32_t code;       // the errno to fail with
  bool lasting;       // every later call fails too
};
struct posix_fault *posix_fault(void);

// Runs a program that outlives this process and is not its child: no stdio, own session, folder "/".
// Returns 0 when it was started, or an errno.
int posix_spawn_detached(const char *path, char *const argv[], char *const envp[]);

// Runs a program, looked up in PATH, gives it `input` as standard input, and collects at most `capacity` bytes of what
// it writes to standard output. `status` is its exit status, or the number of the signal that ended it below 0.
// Returns how many bytes it wrote, or -1 with errno.
ptrdiff_t posix_filter(char *const argv[], const uint8_t *input, size_t input_count, uint8_t *output,
                       size_t capacity, int *status);

// Returns once all that was written to the volume of an open file is on disk; -1 with errno, ENOSYS where there is no
// such call.
int posix_sync_volume(int fd);

#endif
