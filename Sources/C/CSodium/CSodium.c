#include "CSodium.h"

#include <stdlib.h>

// What libsodium calls when it is misused stands beside its initialiser, which refers to all that it can encrypt:
// 50 KB that nothing here uses. Whoever does call the initialiser gets libsodium's own.
__attribute__((weak)) void sodium_misuse(void) { abort(); }
