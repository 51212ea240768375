// The types of zlib's own header. The functions that skvm calls are these, defined in `load.c`; the library is loaded when it
// is first asked for: few commands unpack anything.
#include <zlib.h>

/// Whether the library is there. Thread-safe; every other function needs it to be 1.
int skvm_zlib_is_ready(void);
/// `inflateInit2`, which is a macro. `bits` are 15 + 16 for gzip, -15 for the bare stream that a zip holds.
int skvm_zlib_begin(z_stream *stream, int bits);
/// `inflate`, `inflateEnd` and `crc32`.
int skvm_zlib_inflate(z_stream *stream, int flush);
// For another stream of the same kind.
int skvm_zlib_again(z_stream *stream);
int skvm_zlib_end(z_stream *stream);
unsigned long skvm_zlib_crc32(unsigned long sum, const unsigned char *bytes, unsigned int count);
