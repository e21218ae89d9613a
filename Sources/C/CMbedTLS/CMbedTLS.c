#include "CMbedTLS.h"
#include "Hashing.h"

#include <mbedtls/asn1.h>
#include <mbedtls/base64.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/md.h>
#include <mbedtls/rsa.h>
#include <string.h>

// MbedTLS's own mbedtls_pk_parse_public_key would do, but brings every cipher that a private key may be
// encrypted with: a third of the finder. Its ASN.1 functions check every length.

// RFC 5480 §2.1.1, §2.1.1.1; RFC 8017 A.1
static const uint8_t ec_public_key[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
static const uint8_t prime256v1[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static const uint8_t rsa_encryption[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};

static int is(const mbedtls_asn1_buf *found, const uint8_t *oid, size_t length) {
  return found->tag == MBEDTLS_ASN1_OID && found->len == length && memcmp(found->p, oid, length) == 0;
}

// Opens a SEQUENCE that fills everything up to end.
static int open_sequence(uint8_t **at, const uint8_t *end) {
  size_t length;
  return mbedtls_asn1_get_tag(at, end, &length, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) == 0 &&
         *at + length == end;
}

// RFC 8017 A.1.1
static size_t rsa_form(uint8_t *at, const uint8_t *end, uint8_t *form) {
  mbedtls_mpi modulus, exponent;
  mbedtls_mpi_init(&modulus);
  mbedtls_mpi_init(&exponent);
  size_t size = 0;
  if (open_sequence(&at, end) && mbedtls_asn1_get_mpi(&at, end, &modulus) == 0 &&
      mbedtls_asn1_get_mpi(&at, end, &exponent) == 0 && at == end &&
      mbedtls_mpi_bitlen(&modulus) >= 2048 && mbedtls_mpi_size(&modulus) <= MBED_KEY_MAXIMUM - 4 &&
      mbedtls_mpi_size(&exponent) <= 4) {
    size_t length = mbedtls_mpi_size(&modulus);
    if (mbedtls_mpi_write_binary(&modulus, form, length) == 0 &&
        mbedtls_mpi_write_binary(&exponent, form + length, 4) == 0) {
      size = length + 4;
    }
  }
  mbedtls_mpi_free(&modulus);
  mbedtls_mpi_free(&exponent);
  return size;
}

static int load_rsa(mbedtls_rsa_context *rsa, const uint8_t *form, size_t length) {
  return length > 4 &&
         mbedtls_rsa_import_raw(rsa, form, length - 4, NULL, 0, NULL, 0, NULL, 0, form + length - 4, 4) == 0 &&
         mbedtls_rsa_complete(rsa) == 0 && mbedtls_rsa_check_pubkey(rsa) == 0;
}

static int load_point(mbedtls_ecp_keypair *key, const uint8_t *point, size_t length) {
  return length == 65 && mbedtls_ecp_group_load(&key->grp, MBEDTLS_ECP_DP_SECP256R1) == 0 &&
         mbedtls_ecp_point_read_binary(&key->grp, &key->Q, point, length) == 0 &&
         mbedtls_ecp_check_pubkey(&key->grp, &key->Q) == 0;
}

static enum mbed_key_kind read_rsa(uint8_t *at, const uint8_t *end, uint8_t *form, size_t *form_length) {
  *form_length = rsa_form(at, end, form);
  mbedtls_rsa_context rsa;
  mbedtls_rsa_init(&rsa, MBEDTLS_RSA_PKCS_V21, MBEDTLS_MD_SHA256);
  int usable = load_rsa(&rsa, form, *form_length);
  mbedtls_rsa_free(&rsa);
  return usable ? mbed_key_rsa : mbed_key_unusable;
}

static enum mbed_key_kind read_der(const uint8_t *der, size_t length, uint8_t *form, size_t *form_length) {
  uint8_t *at = (uint8_t *)der;
  const uint8_t *end = der + length;
  mbedtls_asn1_buf algorithm, parameters;
  size_t key_length;
  if (!open_sequence(&at, end) || mbedtls_asn1_get_alg(&at, end, &algorithm, &parameters) != 0 ||
      mbedtls_asn1_get_bitstring_null(&at, end, &key_length) != 0 || at + key_length != end) {
    return mbed_key_unusable;
  }
  if (is(&algorithm, rsa_encryption, sizeof rsa_encryption)) {
    return read_rsa(at, end, form, form_length);
  }
  if (is(&algorithm, ec_public_key, sizeof ec_public_key) && is(&parameters, prime256v1, sizeof prime256v1)) {
    mbedtls_ecp_keypair key;
    mbedtls_ecp_keypair_init(&key);
    int usable = load_point(&key, at, key_length);
    mbedtls_ecp_keypair_free(&key);
    if (!usable) return mbed_key_unusable;
    memcpy(form, at, key_length);
    *form_length = key_length;
    return mbed_key_ecdsa_p256;
  }
  return mbed_key_unusable;
}

// Where a text stands in another, or its length.
static size_t find(const uint8_t *text, size_t length, const char *wanted) {
  size_t size = strlen(wanted);
  for (size_t at = 0; at + size <= length; at++) {
    if (memcmp(text + at, wanted, size) == 0) return at;
  }
  return length;
}

// The bytes between the lines of a PEM text, without white space; what stands before it is explanation.
// RFC 7468 §2
static size_t pem_body(const uint8_t *text, size_t length, const char *begin, const char *end,
                       uint8_t *body, size_t capacity) {
  size_t at = find(text, length, begin), size = 0;
  if (at == length) return 0;
  at += strlen(begin);
  while (at < length && text[at] != '-') {
    if (!strchr(" \t\r\n", text[at])) {
      if (size == capacity) return 0;
      body[size++] = text[at];
    }
    at++;
  }
  size_t rest = length - at;
  return rest >= strlen(end) && memcmp(text + at, end, strlen(end)) == 0 ? size : 0;
}

enum mbed_key_kind mbed_public_key(const uint8_t *key, size_t length,
                                   uint8_t form[MBED_KEY_MAXIMUM], size_t *form_length) {
  if (length > 0 && key[0] == (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)) {
    return read_der(key, length, form, form_length);
  }
  uint8_t body[2048], der[1536];
  size_t der_length;
  // RFC 8017 A.1.1, as older programs wrote RSA keys
  int is_bare_rsa = 0;
  size_t size = pem_body(key, length, "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", body, sizeof body);
  if (size == 0) {
    is_bare_rsa = 1;
    size = pem_body(
        key, length, "-----BEGIN RSA PUBLIC KEY-----", "-----END RSA PUBLIC KEY-----", body, sizeof body);
  }
  if (size == 0 || mbedtls_base64_decode(der, sizeof der, &der_length, body, size) != 0) {
    return mbed_key_unusable;
  }
  return is_bare_rsa ? read_rsa(der, der + der_length, form, form_length)
                     : read_der(der, der_length, form, form_length);
}

int mbed_verify_ecdsa(const uint8_t *form, size_t form_length, const uint8_t digest[32],
                      const uint8_t *signature, size_t length) {
  mbedtls_ecdsa_context key;
  mbedtls_ecdsa_init(&key);
  int holds = load_point(&key, form, form_length) &&
              mbedtls_ecdsa_read_signature(&key, digest, 32, signature, length) == 0;
  mbedtls_ecdsa_free(&key);
  return holds;
}

mbedtls_md_type_t mbed_sha2(unsigned bits, const uint8_t *message, size_t length, uint8_t digest[64]) {
  mbedtls_md_type_t type = bits == 256   ? MBEDTLS_MD_SHA256
                           : bits == 384 ? MBEDTLS_MD_SHA384
                           : bits == 512 ? MBEDTLS_MD_SHA512
                                         : MBEDTLS_MD_NONE;
  const mbedtls_md_info_t *info = mbedtls_md_info_from_type(type);
  return info != NULL && mbedtls_md(info, message, length, digest) == 0 ? type : MBEDTLS_MD_NONE;
}

int mbed_verify_rsa(const uint8_t *form, size_t form_length, enum mbed_rsa_padding padding, unsigned bits,
                    const uint8_t *message, size_t message_length, const uint8_t *signature, size_t length) {
  uint8_t digest[64];
  mbedtls_md_type_t hash = mbed_sha2(bits, message, message_length, digest);
  mbedtls_rsa_context rsa;
  mbedtls_rsa_init(&rsa, MBEDTLS_RSA_PKCS_V21, hash);
  int holds = hash != MBEDTLS_MD_NONE && load_rsa(&rsa, form, form_length) && length == mbedtls_rsa_get_len(&rsa);
  if (holds && padding == mbed_rsa_pss) {
    holds = mbedtls_rsa_rsassa_pss_verify_ext(&rsa, NULL, NULL, MBEDTLS_RSA_PUBLIC, hash, bits / 8, digest, hash,
                                              MBEDTLS_RSA_SALT_LEN_ANY, signature) == 0;
  } else if (holds) {
    holds = mbedtls_rsa_rsassa_pkcs1_v15_verify(&rsa, NULL, NULL, MBEDTLS_RSA_PUBLIC, hash, bits / 8, digest,
                                                signature) == 0;
  }
  mbedtls_rsa_free(&rsa);
  return holds;
}
