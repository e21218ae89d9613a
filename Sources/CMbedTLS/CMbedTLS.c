#include "CMbedTLS.h"

#include <mbedtls/ecp.h>
#include <mbedtls/pk.h>
#include <string.h>

static enum mbed_key_kind kind_of(const mbedtls_pk_context *pk) {
  if (mbedtls_pk_can_do(pk, MBEDTLS_PK_ECDSA)) {
    return mbedtls_pk_ec(*pk)->grp.id == MBEDTLS_ECP_DP_SECP256R1 ? mbed_key_ecdsa_p256 : mbed_key_unusable;
  }
  if (mbedtls_pk_can_do(pk, MBEDTLS_PK_RSA)) {
    return mbedtls_pk_get_bitlen(pk) >= 2048 ? mbed_key_rsa : mbed_key_unusable;
  }
  return mbed_key_unusable;
}

enum mbed_key_kind mbed_public_key(const uint8_t *key, size_t length,
                                   uint8_t *der, size_t capacity, size_t *written) {
  mbedtls_pk_context pk;
  mbedtls_pk_init(&pk);
  enum mbed_key_kind kind = mbed_key_unusable;
  if (mbedtls_pk_parse_public_key(&pk, key, length) == 0) {
    int size = mbedtls_pk_write_pubkey_der(&pk, der, capacity);
    if (size > 0) {
      // MbedTLS writes at the end of the buffer.
      memmove(der, der + capacity - (size_t)size, (size_t)size);
      *written = (size_t)size;
      kind = kind_of(&pk);
    }
  }
  mbedtls_pk_free(&pk);
  return kind;
}

int mbed_verify_ecdsa(const uint8_t *der, size_t length, const uint8_t digest[32],
                      const uint8_t *signature, size_t signature_length) {
  mbedtls_pk_context pk;
  mbedtls_pk_init(&pk);
  int holds = mbedtls_pk_parse_public_key(&pk, der, length) == 0 &&
              kind_of(&pk) == mbed_key_ecdsa_p256 &&
              mbedtls_pk_verify(&pk, MBEDTLS_MD_SHA256, digest, 32, signature, signature_length) == 0;
  mbedtls_pk_free(&pk);
  return holds;
}

int mbed_verify_rsa_pss(const uint8_t *der, size_t length, const uint8_t digest[32],
                        const uint8_t *signature, size_t signature_length) {
  mbedtls_pk_context pk;
  mbedtls_pk_init(&pk);
  mbedtls_pk_rsassa_pss_options options = {
      .mgf1_hash_id = MBEDTLS_MD_SHA256, .expected_salt_len = MBEDTLS_RSA_SALT_LEN_ANY};
  int holds = mbedtls_pk_parse_public_key(&pk, der, length) == 0 && kind_of(&pk) == mbed_key_rsa &&
              mbedtls_pk_verify_ext(MBEDTLS_PK_RSASSA_PSS, &options, &pk, MBEDTLS_MD_SHA256, digest, 32,
                                    signature, signature_length) == 0;
  mbedtls_pk_free(&pk);
  return holds;
}
