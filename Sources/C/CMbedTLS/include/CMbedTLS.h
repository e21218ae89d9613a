// What esky takes from MbedTLS: public keys in PEM or DER, and the signature schemes that libsodium
// lacks; for publishers also private keys. MbedTLS's own headers stay out of Swift.
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

enum mbed_rsa_padding { mbed_rsa_pss, mbed_rsa_pkcs1v15 };

// RSA over a message (RFC 8017 §8.1.2, §8.2.2), hashed with SHA-2 of 256, 384 or 512 bits; PSS with MGF1 of the
// same hash and a salt of any length. The key in its fixed form. 1 when it holds.
int mbed_verify_rsa(const uint8_t *form, size_t form_length, enum mbed_rsa_padding padding, unsigned bits,
                    const uint8_t *message, size_t message_length, const uint8_t *signature, size_t length);

// MARK: Private keys, for publishers

#define MBED_PRIVATE_MAXIMUM 8192
#define MBED_SIGNATURE_MAXIMUM 1024

enum mbed_private_status {
  mbed_private_read = 0,
  // It is encrypted, and the passphrase is missing or wrong.
  mbed_private_locked = 1,
  // It is no key that can sign TUF metadata, or it is encrypted in a way that nobody should use.
  mbed_private_unusable = 2,
};

// Reads a private key in PEM: PKCS#8 plain or encrypted (PBES2 with PBKDF2 and AES-CBC), SEC 1, PKCS#1.
// Ed25519: writes the seed of 32 bytes (RFC 8032 §5.1.5). P-256, or RSA of at least 2048 bits: writes DER that the
// functions below take. `length` is 0 for no passphrase.
enum mbed_private_status mbed_private_key(const char *text, const uint8_t *passphrase, size_t length,
                                          uint8_t out[MBED_PRIVATE_MAXIMUM], size_t *out_length,
                                          enum mbed_key_kind *kind, int *is_ed25519);

// The public half as PEM with a final 0; 0 when the key is not usable.
int mbed_private_public(const uint8_t *der, size_t length, char pem[2048]);

// Fills bytes with random ones.
typedef void (*mbed_random)(void *bytes, size_t count);

// Signs a message: ECDSA over its SHA-256 as DER, or RSA with a padding over its SHA-2 of 256, 384 or 512 bits; PSS with
// MGF1 of the same hash and a salt as long as that. Returns the length of the signature, 0 on failure.
size_t mbed_private_sign(const uint8_t *der, size_t length, enum mbed_rsa_padding padding, unsigned bits,
                         const uint8_t *message, size_t message_length, mbed_random random,
                         uint8_t signature[MBED_SIGNATURE_MAXIMUM]);

// PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2). 1 on success.
int mbed_pbkdf2_sha256(const uint8_t *passphrase, size_t length, const uint8_t *salt, size_t salt_length,
                       uint32_t rounds, uint8_t key[32]);

// AES-256 in counter mode, in place. 1 on success.
int mbed_aes256_ctr(const uint8_t key[32], const uint8_t start[16], uint8_t *bytes, size_t length);

#endif
