// zlib.h as Swift sees it.
#ifndef ESKY_CZlib_H
#define ESKY_CZlib_H
#include <zlib.h>
#endif
