/* Calls every function of esky.h, and says what came of it, one "key words" a line.
 *
 *   app nothing            functions without a handle, and with one that did not open
 *   app ROOT look          what can be asked of an app folder
 *   app ROOT update [n]    checks and updates; cancels at the n-th call of the progress function
 *   app ROOT restart       becomes the app, by its launcher
 *   app ROOT often n       opens, updates and closes n times, and says how many bytes that lost each time
 *
 * With DLOPEN defined, the library is the one in ESKY_LIBRARY; else it is linked. */
#include <dlfcn.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "esky.h"

#ifdef DLOPEN
#define EACH(do)                                                                                       \
  do(esky_open) do(esky_close) do(esky_message) do(esky_root) do(esky_running) do(esky_current)        \
  do(esky_version_count) do(esky_version_at) do(esky_check) do(esky_available) do(esky_update)         \
  do(esky_needs_cleanup) do(esky_cleanup) do(esky_restart)
#define DECLARE(name) static __typeof__(name) *name##_found;
EACH(DECLARE)
static void load(void) {
  void *library = dlopen(getenv("ESKY_LIBRARY"), RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    puts(dlerror());
    exit(3);
  }
#define FIND(name) *(void **)&name##_found = dlsym(library, #name);
  EACH(FIND)
}
#define esky_open esky_open_found
#define esky_close esky_close_found
#define esky_message esky_message_found
#define esky_root esky_root_found
#define esky_running esky_running_found
#define esky_current esky_current_found
#define esky_version_count esky_version_count_found
#define esky_version_at esky_version_at_found
#define esky_check esky_check_found
#define esky_available esky_available_found
#define esky_update esky_update_found
#define esky_needs_cleanup esky_needs_cleanup_found
#define esky_cleanup esky_cleanup_found
#define esky_restart esky_restart_found
#else
static void load(void) {}
#endif

static const char *text(const char *text) { return text == NULL ? "NULL" : text; }

static void look(esky *app) {
  printf("message %s\n", text(esky_message(app)));
  printf("root %s\n", text(esky_root(app)));
  printf("running %s\n", text(esky_running(app)));
  printf("current %s\n", text(esky_current(app)));
  printf("count %zu\n", esky_version_count(app));
  printf("first %s\n", text(esky_version_at(app, 0)));
  printf("beyond %s\n", text(esky_version_at(app, esky_version_count(app))));
  printf("farthest %s\n", text(esky_version_at(app, SIZE_MAX)));
  printf("available %s\n", text(esky_available(app)));
  printf("needs_cleanup %d\n", esky_needs_cleanup(app));
  printf("cleanup %d\n", esky_cleanup(app));
}

static void calls(esky *app) {
  printf("check %d\n", esky_check(app));
  printf("update %d\n", esky_update(app, NULL, NULL));
  printf("restart %d\n", esky_restart(app, NULL));
}

static void nothing(void) {
  printf("open %d\n", esky_open("/", NULL));
  look(NULL);
  calls(NULL);
  esky_close(NULL);
  esky *app = NULL;
  printf("open %d\n", esky_open("/nowhere", &app));
  look(app);
  calls(app);
  esky_close(app);
}

struct seen {
  int calls, cancel_at, phase;
  int64_t done;
};

static int progress(int phase, int64_t done, int64_t total, void *context) {
  struct seen *seen = context;
  if (phase < seen->phase || (phase == seen->phase && done < seen->done) || done > total) {
    printf("disorder %d %" PRId64 " %" PRId64 "\n", phase, done, total);
  }
  if (phase != seen->phase || seen->calls == 0) printf("phase %d\n", phase);
  seen->phase = phase;
  seen->done = done;
  seen->calls += 1;
  return seen->calls == seen->cancel_at;
}

static void update(esky *app, int cancel_at) {
  struct seen seen = {0, cancel_at, 0, 0};
  printf("check %d\n", esky_check(app));
  printf("available %s\n", text(esky_available(app)));
  printf("update %d\n", esky_update(app, progress, &seen));
  printf("message %s\n", text(esky_message(app)));
  printf("again %d\n", esky_update(app, NULL, NULL));
  printf("checkagain %d\n", esky_check(app));
  printf("availableagain %s\n", text(esky_available(app)));
}

static void often(const char *root, int times) {
  for (int round = 0; round < 2; round++) {
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < times; i++) {
      esky *app;
      int code = esky_open(root, &app);
      if (code == ESKY_OK) esky_update(app, NULL, NULL);
      esky_close(app);
    }
    // The first round fills what is kept for good.
    if (round == 1) printf("lost %ld\n", ((long)mallinfo2().uordblks - (long)before) / times);
  }
}

int main(int argc, char **argv) {
  // What is printed goes out at once, wherever descriptor 1 leads to at that moment.
  if (getenv("UNBUFFERED") != NULL) setvbuf(stdout, NULL, _IONBF, 0);
  load();
  if (argc < 3) {
    nothing();
    return 0;
  }
  if (strcmp(argv[2], "often") == 0) {
    often(argv[1], argc > 3 ? atoi(argv[3]) : 1);
    return 0;
  }
  // A relative root must mean the same after this.
  esky *app = NULL;
  printf("open %d\n", esky_open(strcmp(argv[1], "-") == 0 ? NULL : argv[1], &app));
  if (chdir("/") != 0) return 4;
  if (strcmp(argv[2], "look") == 0) look(app);
  if (strcmp(argv[2], "update") == 0) update(app, argc > 3 ? atoi(argv[3]) : -1);
  if (strcmp(argv[2], "restart") == 0) {
    const char *const arguments[] = {"one", "two words", "", NULL};
    printf("restart %d\n", esky_restart(app, arguments));
  }
  esky_close(app);
  return 0;
}
