// sodium.h as Swift sees it.
#ifndef ESKY_CSodium_H
#define ESKY_CSodium_H
#include <sodium.h>
#endif
