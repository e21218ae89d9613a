#include "FuzzerDriver.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *count, char ***words, int (*callback)(const uint8_t *bytes, size_t size));
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int fuzzer_run(int count, char **words) {
  return LLVMFuzzerRunDriver(&count, &words, LLVMFuzzerTestOneInput);
}
