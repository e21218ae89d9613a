#include "CLauncherSlot.h"

// Volatile, and in C, so that no compiler reads the empty slot in place of the filled one.
static volatile const char slot[ESKY_SLOT_LENGTH] __attribute__((used)) = "esky launcher slot, version 1 >>";

const char *esky_launcher_app(void) { return (const char *)slot + 32; }

const char *esky_launcher_program(void) {
  const char *app = esky_launcher_app();
  while (*(volatile const char *)app) app++;
  return app + 1;
}
