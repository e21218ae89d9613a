// What esky takes from MbedTLS: public keys in PEM or DER, and the two signature schemes that
// libsodium lacks. MbedTLS's own headers stay out of Swift.
#ifndef ESKY_CMBEDTLS_H
#define ESKY_CMBEDTLS_H
#include <stddef.h>
#include <stdint.h>

enum mbed_key_kind { mbed_key_unusable = 0, mbed_key_ecdsa_p256 = 1, mbed_key_rsa = 2 };

// An RSA modulus of at most 8192 bits and its exponent of 4 bytes.
#define MBED_KEY_MAXIMUM (1024 + 4)

// Reads a public key as SubjectPublicKeyInfo, DER or PEM, and writes it in one fixed form: a P-256 point
// uncompressed, 65 bytes (SEC 1 §2.3.3), or an RSA modulus without leading zeros followed by the exponent in
// 4 bytes. Equal keys have equal forms. An RSA key below 2048 bits is unusable.
enum mbed_key_kind mbed_public_key(const uint8_t *key, size_t length,
                                   uint8_t form[MBED_KEY_MAXIMUM], size_t *form_length);

// ECDSA over a SHA-256 digest, the signature as DER; the key in its fixed form. 1 when it holds.
int mbed_verify_ecdsa(const uint8_t *form, size_t form_length, const uint8_t digest[32],
                      const uint8_t *signature, size_t length);

// RSA-PSS over a SHA-256 digest with MGF1-SHA-256 and a salt of any length; the key in its fixed form.
// 1 when it holds.
int mbed_verify_rsa_pss(const uint8_t *form, size_t form_length, const uint8_t digest[32],
                        const uint8_t *signature, size_t length);

#endif
