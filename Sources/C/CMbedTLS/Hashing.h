#ifndef ESKY_HASHING_H
#define ESKY_HASHING_H
#include <mbedtls/md.h>
#include <stddef.h>
#include <stdint.h>

// Hashes a message with SHA-2 of 256, 384 or 512 bits; MBEDTLS_MD_NONE for any other number.
mbedtls_md_type_t mbed_sha2(unsigned bits, const uint8_t *message, size_t length, uint8_t digest[64]);

#endif
