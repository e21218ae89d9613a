#ifndef ESKY_CCURL_H
#define ESKY_CCURL_H
#include <curl/curl.h>
#endif
