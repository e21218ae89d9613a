/*
 * esky: keeps an installed app fresh. The C interface of libesky.so.
 *
 * The launcher gives an app the path of its library in ESKY_LIBRARY; open it with dlopen(), and the app starts where
 * there is none too, or link with -lesky. Nothing here ends the process, whatever goes wrong. A handle is not for use by two threads at a time. Texts are UTF-8 and stay valid until the next
 * call with the same handle. With a handle of NULL, or one that esky_open() could not open, functions answer
 * ESKY_USAGE, -1, 0 or NULL, as their kind is.
 *
 *   esky *app;
 *   if (esky_open(NULL, &app) == ESKY_OK) {
 *     if (esky_update(app, NULL, NULL) == ESKY_INSTALLED) esky_restart(app, NULL);
 *     esky_cleanup(app);
 *   }
 *   fprintf(stderr, "%s\n", esky_message(app));
 *   esky_close(app);
 */
#ifndef ESKY_H
#define ESKY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct esky esky;

/* What a call came to; the same numbers as the exit statuses of the program esky. */
enum {
  ESKY_OK = 0,          /* done; of check and update: up to date */
  ESKY_FAILED = 1,      /* something else than the cases below; esky_message() says what */
  ESKY_USAGE = 2,       /* called with arguments that make no sense */
  ESKY_AVAILABLE = 10,  /* check: a newer version can be had; esky_available() names it */
  ESKY_INSTALLED = 11,  /* update: a newer version is in place and starts next */
  ESKY_OFFLINE = 20,    /* the repository can't be reached, or does not answer as it should */
  ESKY_REFUSED = 21,    /* what was received is not trusted; the app is as it was */
  ESKY_LOCKED = 22,     /* another process is updating; try again later */
  ESKY_OFF = 23,        /* updates are switched off */
  ESKY_CANCELLED = 24   /* the progress function said so */
};

/* What an update is doing. */
enum {
  ESKY_CHECKING = 0,     /* done and total are 0 */
  ESKY_DOWNLOADING = 1,  /* done of total bytes */
  ESKY_UNPACKING = 2,    /* done of total bytes */
  ESKY_INSTALLING = 3    /* done and total are 0; the last chance to cancel */
};

/* Called on the thread that called esky_update(); a result other than 0 cancels. */
typedef int (*esky_progress)(int phase, int64_t done, int64_t total, void *context);

/*
 * Opens an app folder: root, or where that is NULL the folder in ESKY_ROOT, else the one around the
 * running program. *handle is set also on failure, for esky_message(); close it in either case.
 */
int esky_open(const char *root, esky **handle);

/* Closes a handle; NULL is fine. */
void esky_close(esky *handle);

/* One sentence about the last call that failed, safe to print; empty when none did. */
const char *esky_message(const esky *handle);

/* The app folder. */
const char *esky_root(const esky *handle);

/* The version that runs now, as the launcher started it; NULL when this process is none. */
const char *esky_running(const esky *handle);

/* The version that starts next; NULL on failure. */
const char *esky_current(esky *handle);

/* The number of versions in the app folder, newest first, and one of them; NULL beyond the last. */
size_t esky_version_count(esky *handle);
const char *esky_version_at(esky *handle, size_t index);

/* Asks for a newer version and installs nothing: ESKY_OK, ESKY_AVAILABLE, or why not. */
int esky_check(esky *handle);

/* The version that the last esky_check() found; NULL when it found none. */
const char *esky_available(const esky *handle);

/* What its publisher says is new in it, NULL for nothing; and whether the app should insist on it: 1 or 0. */
const char *esky_available_notes(const esky *handle);
int esky_available_is_required(const esky *handle);

/* 1 when this process may install updates, 0 when the app folder is another user's or read-only: then it can check. */
int esky_may_update(const esky *handle);

/*
 * One sentence about what has been wrong with the last looks for updates, whoever looked, and since when; NULL when
 * nothing is: no answer for weeks, a repository that is not renewed, a version that was taken back with none in its place.
 */
const char *esky_trouble(esky *handle);

/* Installs the newest version: ESKY_OK when there is none, ESKY_INSTALLED, or why not. */
int esky_update(esky *handle, esky_progress progress, void *context);

/* 1 when esky_cleanup() would do something, 0 when not, -1 on failure. */
int esky_needs_cleanup(esky *handle);

/* Finishes an interrupted update and removes versions that nobody runs: ESKY_OK, or why not. */
int esky_cleanup(esky *handle);

/*
 * Replaces this process by the app's launcher, which starts the newest version. arguments is a list that
 * ends with NULL, without the program's name; NULL for none. Returns only on failure.
 */
int esky_restart(esky *handle, const char *const *arguments);

#ifdef __cplusplus
}
#endif

#endif
