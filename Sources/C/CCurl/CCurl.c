#include "CCurl.h"

#include <CPosix.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#ifdef __APPLE__
#define LIBRARY_NAMES "libcurl.4.dylib"
#define REMEDY "install curl"
#else
#define LIBRARY_NAMES "libcurl.so.4, libcurl-gnutls.so.4, libcurl-nss.so.4"
#define REMEDY "install libcurl4 or libcurl3-gnutls"
#endif

static struct curl_shim_functions curl;
static char curl_problem[512];
static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static bool find_functions(void *library, struct curl_shim_functions *found) {
  // POSIX lets a void * from dlsym stand for a function; ISO C has no cast for it, so it is copied.
#define FIND(name)                                         \
  do {                                                     \
    void *symbol = dlsym(library, "curl_" #name);          \
    if (symbol == NULL) return false;                      \
    memcpy(&found->name, &symbol, sizeof symbol);          \
  } while (0)
  FIND(global_init);
  FIND(easy_init);
  FIND(easy_cleanup);
  FIND(easy_perform);
  FIND(easy_setopt);
  FIND(easy_getinfo);
  FIND(easy_strerror);
  FIND(version);
#undef FIND
  return true;
}

bool curl_shim_open(const char *names, struct curl_shim_functions *functions, char *problem, size_t size) {
  // What the loader said of the first name that is there and still can't be used; for missing ones it only
  // repeats the name.
  char reason[256] = "";
  for (const char *name = names; *name != 0;) {
    size_t length = strcspn(name, ", ");
    char file[128];
    if (length > 0 && length < sizeof file) {
      memcpy(file, name, length);
      file[length] = 0;
      void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
      if (library != NULL) {
        // Never closed again after success: libcurl and its TLS library leave threads' data behind.
        if (find_functions(library, functions)) return true;
        dlclose(library);
      } else {
        const char *said = dlerror();
        if (reason[0] == 0 && said != NULL && strncmp(said, file, length) != 0) {
          snprintf(reason, sizeof reason, " (%s)", said);
        }
      }
    }
    name += length;
    name += strspn(name, ", ");
  }
  snprintf(problem, size, "no libcurl found: looked for %s%s; " REMEDY, names, reason);
  return false;
}

static void load_once(void) {
  if (!curl_shim_open(LIBRARY_NAMES, &curl, curl_problem, sizeof curl_problem)) return;
  CURLcode code = curl.global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) {
    snprintf(curl_problem, sizeof curl_problem, "libcurl does not start: %s", curl.easy_strerror(code));
  }
}

const char *curl_shim_load(void) {
  pthread_once(&curl_once, load_once);
  return curl_problem[0] == 0 ? NULL : curl_problem;
}

CURL *curl_shim_easy_init(void) { return curl.easy_init(); }
void curl_shim_easy_cleanup(CURL *handle) { curl.easy_cleanup(handle); }
CURLcode curl_shim_easy_perform(CURL *handle) { return curl.easy_perform(handle); }
const char *curl_shim_easy_strerror(CURLcode code) { return curl.easy_strerror(code); }
const char *curl_shim_version(void) { return curl.version(); }

CURLcode curl_shim_set_long(CURL *handle, CURLoption option, long value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode curl_shim_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode curl_shim_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl.easy_setopt(handle, option, value);
}

CURLcode curl_shim_set_write(CURL *handle, curl_shim_data_callback callback, void *context) {
  CURLcode code = curl.easy_setopt(handle, CURLOPT_WRITEDATA, context);
  return code != CURLE_OK ? code : curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, callback);
}
CURLcode curl_shim_set_header(CURL *handle, curl_shim_data_callback callback, void *context) {
  CURLcode code = curl.easy_setopt(handle, CURLOPT_HEADERDATA, context);
  return code != CURLE_OK ? code : curl.easy_setopt(handle, CURLOPT_HEADERFUNCTION, callback);
}
CURLcode curl_shim_set_progress(CURL *handle, curl_shim_progress_callback callback, void *context) {
  CURLcode code = curl.easy_setopt(handle, CURLOPT_XFERINFODATA, context);
  if (code == CURLE_OK) code = curl.easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  return code != CURLE_OK ? code : curl.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callback);
}

// By number: headers older than 7.85 lack the first two names, newer ones deprecate the last two.
enum {
  PROTOCOLS_STR = 10318,
  REDIR_PROTOCOLS_STR = 10319,
  PROTOCOLS = 181,
  REDIR_PROTOCOLS = 182,
};

CURLcode curl_shim_set_protocols(CURL *handle, bool redirects_to_https_alone) {
  CURLcode code = curl.easy_setopt(handle, (CURLoption)PROTOCOLS_STR, "http,https");
  if (code == CURLE_OK) {
    return curl.easy_setopt(
        handle, (CURLoption)REDIR_PROTOCOLS_STR, redirects_to_https_alone ? "https" : "http,https");
  }
  long both = CURLPROTO_HTTP | CURLPROTO_HTTPS;
  code = curl.easy_setopt(handle, (CURLoption)PROTOCOLS, both);
  if (code != CURLE_OK) return code;
  return curl.easy_setopt(
      handle, (CURLoption)REDIR_PROTOCOLS, redirects_to_https_alone ? (long)CURLPROTO_HTTPS : both);
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)context;
  (void)purpose;
  int fd = socket(address->family, address->socktype, address->protocol);
  if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
  return posix_above_streams(fd);
}

CURLcode curl_shim_set_sockets_apart(CURL *handle) {
  return curl.easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
}

CURLcode curl_shim_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl.easy_getinfo(handle, info, value);
}
CURLcode curl_shim_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl.easy_getinfo(handle, info, value);
}
CURLcode curl_shim_get_string(CURL *handle, CURLINFO info, const char **value) {
  return curl.easy_getinfo(handle, info, value);
}
