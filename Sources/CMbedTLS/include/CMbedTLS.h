// The MbedTLS crypto library as Swift sees it.
#ifndef ESKY_CMBEDTLS_H
#define ESKY_CMBEDTLS_H
#include <mbedtls/pk.h>
#endif
