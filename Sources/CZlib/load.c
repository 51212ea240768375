#include "CZlib.h"

#include <dlfcn.h>
#include <pthread.h>

#ifdef __APPLE__
#define LIBRARY "libz.1.dylib"
#else
#define LIBRARY "libz.so.1"
#endif

static int is_ready;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int (*library_inflateInit2_)(z_stream *, int, const char *, int);
static int (*library_inflate)(z_stream *, int);
static int (*library_inflateReset)(z_stream *);
static int (*library_inflateEnd)(z_stream *);
static unsigned long (*library_crc32)(unsigned long, const unsigned char *, unsigned int);

#define FIND(name) (library_##name = (__typeof__(library_##name))dlsym(library, #name))

static void load(void) {
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    is_ready = library && FIND(inflateInit2_) && FIND(inflate) && FIND(inflateReset) && FIND(inflateEnd) && FIND(crc32);
}

int skvm_zlib_is_ready(void) {
    pthread_once(&once, load);
    return is_ready;
}

int skvm_zlib_begin(z_stream *stream, int bits) {
    return library_inflateInit2_(stream, bits, ZLIB_VERSION, (int)sizeof *stream);
}

// Not under zlib's own names: the program exports its functions, and libraries that use zlib, libgit2 first of all, would
// be bound to these before this library was ever looked for.
int skvm_zlib_inflate(z_stream *stream, int flush) { return library_inflate(stream, flush); }
int skvm_zlib_again(z_stream *stream) { return library_inflateReset(stream); }
int skvm_zlib_end(z_stream *stream) { return library_inflateEnd(stream); }
unsigned long skvm_zlib_crc32(unsigned long sum, const unsigned char *bytes, unsigned int count) {
    return library_crc32(sum, bytes, count);
}
