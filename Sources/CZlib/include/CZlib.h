// What zlib's own header declares. The functions that skvm calls are defined in `load.c`, and load the library when the first
// of them is called: few commands unpack anything.
#include <zlib.h>

/// Whether the library is there. Thread-safe; every other function needs it to be 1.
int skvm_zlib_is_ready(void);
/// `inflateInit2`, which is a macro. `bits` are 15 + 16 for gzip, -15 for the bare stream that a zip holds.
int skvm_zlib_begin(z_stream *stream, int bits);
