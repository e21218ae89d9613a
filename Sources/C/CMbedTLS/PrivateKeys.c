#include "CMbedTLS.h"
#include "Hashing.h"

#include <mbedtls/aes.h>
#include <mbedtls/asn1.h>
#include <mbedtls/base64.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/pkcs5.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/rsa.h>
#include <stdlib.h>
#include <string.h>

enum { capacity = 8192 };

// RFC 8410 §3, RFC 8018 A.2 to B.2, NIST's registry of AES
static const uint8_t ed25519[] = {0x2b, 0x65, 0x70};
static const uint8_t pbes2[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d};
static const uint8_t pbkdf2[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c};
static const uint8_t hmac[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02};
static const uint8_t aes[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01};

static int open_sequence(uint8_t **at, const uint8_t *end, const uint8_t **inner_end) {
  size_t length;
  if (mbedtls_asn1_get_tag(at, end, &length, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) != 0) return 0;
  *inner_end = *at + length;
  return 1;
}

// A primitive value of the given tag; *at then stands behind it.
static int take(uint8_t **at, const uint8_t *end, int tag, uint8_t **value, size_t *length) {
  if (mbedtls_asn1_get_tag(at, end, length, tag) != 0) return 0;
  *value = *at;
  *at += *length;
  return 1;
}

static int begins(const uint8_t *oid, size_t length, const uint8_t *start, size_t start_length, uint8_t *last) {
  if (length != start_length + 1 || memcmp(oid, start, start_length) != 0) return 0;
  *last = oid[start_length];
  return 1;
}

static mbedtls_md_type_t hash_of(uint8_t last) {
  switch (last) {
  case 7: return MBEDTLS_MD_SHA1;
  case 9: return MBEDTLS_MD_SHA256;
  case 10: return MBEDTLS_MD_SHA384;
  case 11: return MBEDTLS_MD_SHA512;
  default: return MBEDTLS_MD_NONE;
  }
}

static int derive(mbedtls_md_type_t hash, const uint8_t *passphrase, size_t length, const uint8_t *salt,
                  size_t salt_length, unsigned rounds, uint8_t *key, size_t key_length) {
  mbedtls_md_context_t context;
  mbedtls_md_init(&context);
  const mbedtls_md_info_t *info = mbedtls_md_info_from_type(hash);
  int done = info != NULL && mbedtls_md_setup(&context, info, 1) == 0 &&
             mbedtls_pkcs5_pbkdf2_hmac(&context, passphrase, length, salt, salt_length, rounds,
                                       (uint32_t)key_length, key) == 0;
  mbedtls_md_free(&context);
  return done;
}

int mbed_pbkdf2_sha256(const uint8_t *passphrase, size_t length, const uint8_t *salt, size_t salt_length,
                       uint32_t rounds, uint8_t key[32]) {
  return derive(MBEDTLS_MD_SHA256, passphrase, length, salt, salt_length, rounds, key, 32);
}

int mbed_aes256_ctr(const uint8_t key[32], const uint8_t start[16], uint8_t *bytes, size_t length) {
  mbedtls_aes_context context;
  mbedtls_aes_init(&context);
  uint8_t counter[16], stream[16];
  size_t offset = 0;
  memcpy(counter, start, 16);
  int done = mbedtls_aes_setkey_enc(&context, key, 256) == 0 &&
             mbedtls_aes_crypt_ctr(&context, length, &offset, counter, stream, bytes, bytes) == 0;
  mbedtls_aes_free(&context);
  mbedtls_platform_zeroize(stream, sizeof stream);
  return done;
}

// Decrypts in place and takes the padding off.
static int decrypt_cbc(const uint8_t *key, unsigned bits, const uint8_t iv[16], uint8_t *bytes, size_t *length) {
  if (*length == 0 || *length % 16 != 0) return 0;
  mbedtls_aes_context context;
  mbedtls_aes_init(&context);
  uint8_t chain[16];
  memcpy(chain, iv, 16);
  int done = mbedtls_aes_setkey_dec(&context, key, bits) == 0 &&
             mbedtls_aes_crypt_cbc(&context, MBEDTLS_AES_DECRYPT, *length, chain, bytes, bytes) == 0;
  mbedtls_aes_free(&context);
  if (!done) return 0;
  uint8_t padding = bytes[*length - 1];
  if (padding == 0 || padding > 16) return 0;
  for (size_t i = *length - padding; i < *length; i++) {
    if (bytes[i] != padding) return 0;
  }
  *length -= padding;
  return 1;
}

// EncryptedPrivateKeyInfo with PBES2 of PBKDF2 and AES-CBC, as OpenSSL and pyca/cryptography write it; MbedTLS
// 2.28 itself knows only DES there. RFC 5958 §3, RFC 8018 §6.2
static enum mbed_private_status decrypt_pkcs8(uint8_t *der, size_t der_length, const uint8_t *passphrase,
                                              size_t length, uint8_t **out, size_t *out_length) {
  uint8_t *at = der, *value, *salt, *iv, last = 9, size = 0;
  const uint8_t *end, *algorithm_end, *scheme_end, *kdf_end, *parameters_end, *cipher_end;
  size_t value_length, salt_length, iv_length;
  int rounds;
  if (!open_sequence(&at, der + der_length, &end) || !open_sequence(&at, end, &algorithm_end) ||
      !take(&at, algorithm_end, MBEDTLS_ASN1_OID, &value, &value_length) || value_length != sizeof pbes2 ||
      memcmp(value, pbes2, sizeof pbes2) != 0 || !open_sequence(&at, algorithm_end, &scheme_end) ||
      !open_sequence(&at, scheme_end, &kdf_end) ||
      !take(&at, kdf_end, MBEDTLS_ASN1_OID, &value, &value_length) || value_length != sizeof pbkdf2 ||
      memcmp(value, pbkdf2, sizeof pbkdf2) != 0 || !open_sequence(&at, kdf_end, &parameters_end) ||
      !take(&at, parameters_end, MBEDTLS_ASN1_OCTET_STRING, &salt, &salt_length) ||
      mbedtls_asn1_get_int(&at, parameters_end, &rounds) != 0 || rounds < 1) {
    return mbed_private_unusable;
  }
  int key_length;
  if (at < parameters_end && *at == MBEDTLS_ASN1_INTEGER &&
      mbedtls_asn1_get_int(&at, parameters_end, &key_length) != 0) {
    return mbed_private_unusable;
  }
  mbedtls_md_type_t hash = MBEDTLS_MD_SHA1;
  if (at < parameters_end) {
    const uint8_t *hash_end;
    if (!open_sequence(&at, parameters_end, &hash_end) ||
        !take(&at, hash_end, MBEDTLS_ASN1_OID, &value, &value_length) ||
        !begins(value, value_length, hmac, sizeof hmac, &last)) {
      return mbed_private_unusable;
    }
    hash = hash_of(last);
  }
  at = (uint8_t *)kdf_end;
  if (hash == MBEDTLS_MD_NONE || !open_sequence(&at, scheme_end, &cipher_end) ||
      !take(&at, cipher_end, MBEDTLS_ASN1_OID, &value, &value_length) ||
      !begins(value, value_length, aes, sizeof aes, &size) ||
      !take(&at, cipher_end, MBEDTLS_ASN1_OCTET_STRING, &iv, &iv_length) || iv_length != 16) {
    return mbed_private_unusable;
  }
  unsigned bits = size == 2 ? 128 : size == 22 ? 192 : size == 42 ? 256 : 0;
  at = (uint8_t *)algorithm_end;
  if (bits == 0 || !take(&at, end, MBEDTLS_ASN1_OCTET_STRING, &value, &value_length)) {
    return mbed_private_unusable;
  }
  if (length == 0) return mbed_private_locked;
  uint8_t key[32];
  int done = derive(hash, passphrase, length, salt, salt_length, (unsigned)rounds, key, bits / 8) &&
             decrypt_cbc(key, bits, iv, value, &value_length);
  mbedtls_platform_zeroize(key, sizeof key);
  if (!done) return mbed_private_locked;
  *out = value;
  *out_length = value_length;
  return mbed_private_read;
}

// The seed in a PKCS#8 key. RFC 8410 §7
static int ed25519_seed(uint8_t *der, size_t length, uint8_t seed[32]) {
  uint8_t *at = der, *value;
  const uint8_t *end, *algorithm_end;
  size_t value_length;
  int version;
  if (!open_sequence(&at, der + length, &end) || mbedtls_asn1_get_int(&at, end, &version) != 0 ||
      !open_sequence(&at, end, &algorithm_end) ||
      !take(&at, algorithm_end, MBEDTLS_ASN1_OID, &value, &value_length) || value_length != sizeof ed25519 ||
      memcmp(value, ed25519, sizeof ed25519) != 0) {
    return 0;
  }
  at = (uint8_t *)algorithm_end;
  if (!take(&at, end, MBEDTLS_ASN1_OCTET_STRING, &value, &value_length) || value_length != 34 || value[0] != 4 ||
      value[1] != 32) {
    return 0;
  }
  memcpy(seed, value + 2, 32);
  return 1;
}

static enum mbed_key_kind kind_of(const mbedtls_pk_context *key) {
  if (mbedtls_pk_can_do(key, MBEDTLS_PK_RSA) && mbedtls_pk_get_bitlen(key) >= 2048) return mbed_key_rsa;
  if (mbedtls_pk_can_do(key, MBEDTLS_PK_ECKEY) &&
      mbedtls_pk_ec(*key)->grp.id == MBEDTLS_ECP_DP_SECP256R1) {
    return mbed_key_ecdsa_p256;
  }
  return mbed_key_unusable;
}

// MbedTLS writes DER from the end of the space backwards.
static enum mbed_private_status keep(mbedtls_pk_context *key, uint8_t *out, size_t *out_length,
                                     enum mbed_key_kind *kind) {
  *kind = kind_of(key);
  if (*kind == mbed_key_unusable) return mbed_private_unusable;
  int length = mbedtls_pk_write_key_der(key, out, MBED_PRIVATE_MAXIMUM);
  if (length <= 0) return mbed_private_unusable;
  memmove(out, out + MBED_PRIVATE_MAXIMUM - length, (size_t)length);
  *out_length = (size_t)length;
  return mbed_private_read;
}

static enum mbed_private_status parse(const uint8_t *text, size_t length, const uint8_t *passphrase,
                                      size_t passphrase_length, uint8_t *out, size_t *out_length,
                                      enum mbed_key_kind *kind) {
  mbedtls_pk_context key;
  mbedtls_pk_init(&key);
  int error = mbedtls_pk_parse_key(&key, text, length, passphrase, passphrase_length);
  enum mbed_private_status status = mbed_private_unusable;
  if (error == 0) {
    status = keep(&key, out, out_length, kind);
  } else if (error == MBEDTLS_ERR_PK_PASSWORD_REQUIRED || error == MBEDTLS_ERR_PK_PASSWORD_MISMATCH) {
    status = mbed_private_locked;
  }
  mbedtls_pk_free(&key);
  return status;
}

// The DER between two lines of PEM; 0 when they are not there.
static size_t pem_der(const char *text, const char *begin, const char *end, uint8_t *der) {
  const char *at = strstr(text, begin);
  if (at == NULL) return 0;
  at += strlen(begin);
  const char *stop = strstr(at, end);
  size_t length;
  if (stop == NULL || mbedtls_base64_decode(der, capacity, &length, (const uint8_t *)at, (size_t)(stop - at)) != 0) {
    return 0;
  }
  return length;
}

enum mbed_private_status mbed_private_key(const char *text, const uint8_t *passphrase, size_t length,
                                          uint8_t out[MBED_PRIVATE_MAXIMUM], size_t *out_length,
                                          enum mbed_key_kind *kind, int *is_ed25519) {
  uint8_t *buffer = malloc(capacity), *der = buffer;
  if (buffer == NULL) return mbed_private_unusable;
  *is_ed25519 = 0;
  enum mbed_private_status status = mbed_private_read;
  size_t der_length =
      pem_der(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----END ENCRYPTED PRIVATE KEY-----", buffer);
  if (der_length > 0) {
    status = decrypt_pkcs8(buffer, der_length, passphrase, length, &der, &der_length);
  } else {
    der_length = pem_der(text, "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", buffer);
  }
  if (status == mbed_private_read) {
    if (der_length > 0 && ed25519_seed(der, der_length, out)) {
      *is_ed25519 = 1;
      *out_length = 32;
    } else if (der_length > 0) {
      status = parse(der, der_length, NULL, 0, out, out_length, kind);
    } else {
      // SEC 1 and PKCS#1, with their own encryption; the text counts with its final 0.
      status = parse((const uint8_t *)text, strlen(text) + 1, passphrase, length, out, out_length, kind);
    }
  }
  mbedtls_platform_zeroize(buffer, capacity);
  free(buffer);
  return status;
}

int mbed_private_public(const uint8_t *der, size_t length, char pem[2048]) {
  mbedtls_pk_context key;
  mbedtls_pk_init(&key);
  int done = mbedtls_pk_parse_key(&key, der, length, NULL, 0) == 0 && kind_of(&key) != mbed_key_unusable &&
             mbedtls_pk_write_pubkey_pem(&key, (uint8_t *)pem, 2048) == 0;
  mbedtls_pk_free(&key);
  return done;
}

static int random_bytes(void *source, uint8_t *bytes, size_t count) {
  ((mbed_random)source)(bytes, count);
  return 0;
}

// MbedTLS asks for the padding twice.
static int sign_rsa(mbedtls_rsa_context *rsa, enum mbed_rsa_padding padding, mbedtls_md_type_t hash, unsigned bits,
                    const uint8_t *digest, mbed_random random, uint8_t *signature) {
  if (padding == mbed_rsa_pss) {
    mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V21, hash);
    return mbedtls_rsa_rsassa_pss_sign_ext(rsa, random_bytes, (void *)random, hash, bits / 8, digest, (int)bits / 8,
                                           signature);
  }
  mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V15, hash);
  return mbedtls_rsa_pkcs1_sign(rsa, random_bytes, (void *)random, MBEDTLS_RSA_PRIVATE, hash, bits / 8, digest,
                                signature);
}

size_t mbed_private_sign(const uint8_t *der, size_t length, enum mbed_rsa_padding padding, unsigned bits,
                         const uint8_t *message, size_t message_length, mbed_random random,
                         uint8_t signature[MBED_SIGNATURE_MAXIMUM]) {
  mbedtls_pk_context key;
  mbedtls_pk_init(&key);
  size_t size = 0;
  uint8_t digest[64];
  if (mbedtls_pk_parse_key(&key, der, length, NULL, 0) == 0) {
    enum mbed_key_kind kind = kind_of(&key);
    if (kind == mbed_key_ecdsa_p256) bits = 256;
    mbedtls_md_type_t hash = mbed_sha2(bits, message, message_length, digest);
    if (hash == MBEDTLS_MD_NONE) kind = mbed_key_unusable;
    if (kind == mbed_key_ecdsa_p256) {
      if (mbedtls_pk_sign(&key, hash, digest, 32, signature, &size, random_bytes, (void *)random) != 0) size = 0;
    } else if (kind == mbed_key_rsa && mbedtls_pk_get_len(&key) <= MBED_SIGNATURE_MAXIMUM) {
      mbedtls_rsa_context *rsa = mbedtls_pk_rsa(key);
      if (sign_rsa(rsa, padding, hash, bits, digest, random, signature) == 0) size = mbedtls_rsa_get_len(rsa);
    }
  }
  mbedtls_pk_free(&key);
  return size;
}
