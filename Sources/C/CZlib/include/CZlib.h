// zlib.h as Swift sees it. The initialisers are macros, which Swift can't import.
#ifndef ESKY_CZlib_H
#define ESKY_CZlib_H
#include <zlib.h>

// Raw deflate as zip holds it: negative window bits mean no zlib header and no Adler-32 behind.
static inline int zlib_raw_inflate_init(z_stream *stream) { return inflateInit2(stream, -15); }

// The memory level is fixed, not the library's default: it changes the bytes that come out.
static inline int zlib_raw_deflate_init(z_stream *stream) {
  return deflateInit2(stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
}

// With gzip's header, without a time in it; level 1 is fast, 9 is thorough.
static inline int zlib_gzip_init(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY);
}
static inline int zlib_gzip_inflate_init(z_stream *stream) { return inflateInit2(stream, 31); }
#endif
