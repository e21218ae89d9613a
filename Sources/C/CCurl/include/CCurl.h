// libcurl as Swift sees it: its constants and types from curl.h, its functions by name at run time.
//
// Nothing here links with libcurl. Distributions ship it in flavours that differ in the TLS library and
// in the file's name, and a program linked with one doesn't start where only another is installed.
#ifndef ESKY_CCURL_H
#define ESKY_CCURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

// The functions of one opened library.
struct curl_shim_functions {
  CURLcode (*global_init)(long flags);
  CURL *(*easy_init)(void);
  void (*easy_cleanup)(CURL *handle);
  CURLcode (*easy_perform)(CURL *handle);
  CURLcode (*easy_setopt)(CURL *handle, CURLoption option, ...);
  CURLcode (*easy_getinfo)(CURL *handle, CURLINFO info, ...);
  const char *(*easy_strerror)(CURLcode code);
  char *(*version)(void);
};

// Opens the first library of a list, names separated by ", ", that opens and has all functions.
// False when none does; `problem` then names them all and what to install.
bool curl_shim_open(const char *names, struct curl_shim_functions *functions, char *problem, size_t size);

// Opens and initialises the library that every function below uses, once in the life of the process;
// safe to call from any thread. NULL, or why there is none. Call it before any of them.
const char *curl_shim_load(void);

CURL *curl_shim_easy_init(void);
void curl_shim_easy_cleanup(CURL *handle);
CURLcode curl_shim_easy_perform(CURL *handle);
const char *curl_shim_easy_strerror(CURLcode code);
const char *curl_shim_version(void);

typedef size_t (*curl_shim_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*curl_shim_progress_callback)(
    void *context, curl_off_t to_receive, curl_off_t received, curl_off_t to_send, curl_off_t sent);

// curl_easy_setopt, one function for each type of its variadic argument.
CURLcode curl_shim_set_long(CURL *handle, CURLoption option, long value);
CURLcode curl_shim_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode curl_shim_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode curl_shim_set_write(CURL *handle, curl_shim_data_callback callback, void *context);
CURLcode curl_shim_set_header(CURL *handle, curl_shim_data_callback callback, void *context);
CURLcode curl_shim_set_progress(CURL *handle, curl_shim_progress_callback callback, void *context);

// Allows http and https for the first request, and for what it is redirected to either both or https alone.
CURLcode curl_shim_set_protocols(CURL *handle, bool redirects_to_https_alone);

// Keeps the sockets of connections off the numbers of the standard streams, where a program that runs without those
// would write into them, and from being inherited by what the program executes.
CURLcode curl_shim_set_sockets_apart(CURL *handle);

// curl_easy_getinfo, one function for each type of its result.
CURLcode curl_shim_get_offset(CURL *handle, CURLINFO info, curl_off_t *value);
CURLcode curl_shim_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode curl_shim_get_string(CURL *handle, CURLINFO info, const char **value);

#endif
