// libFuzzer's loop, called from a main of our own: SwiftPM names the one of a program itself.
#ifndef ESKY_FUZZER_DRIVER_H
#define ESKY_FUZZER_DRIVER_H

// Runs LLVMFuzzerTestOneInput over and over, as the command line says; the exit status.
// https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library
int fuzzer_run(int count, char **words);

#endif
