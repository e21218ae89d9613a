// What esky takes from MbedTLS: public keys in PEM or DER, and the two signature schemes that
// libsodium lacks. MbedTLS's own headers stay out of Swift.
#ifndef ESKY_CMBEDTLS_H
#define ESKY_CMBEDTLS_H
#include <stddef.h>
#include <stdint.h>

enum mbed_key_kind { mbed_key_unusable = 0, mbed_key_ecdsa_p256 = 1, mbed_key_rsa = 2 };

// Reads a SubjectPublicKeyInfo, DER or PEM (PEM with its terminating NUL counted), and writes it as DER.
// Returns the kind, and the DER's length in *written; an RSA key below 2048 bits is unusable.
enum mbed_key_kind mbed_public_key(const uint8_t *key, size_t length,
                                   uint8_t *der, size_t capacity, size_t *written);

// ECDSA over a SHA-256 digest, the signature as DER. 1 when it holds.
int mbed_verify_ecdsa(const uint8_t *der, size_t length, const uint8_t digest[32],
                      const uint8_t *signature, size_t signature_length);

// RSA-PSS over a SHA-256 digest with MGF1-SHA-256 and a salt of any length. 1 when it holds.
int mbed_verify_rsa_pss(const uint8_t *der, size_t length, const uint8_t digest[32],
                        const uint8_t *signature, size_t signature_length);

#endif
