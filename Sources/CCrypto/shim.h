// The one-shot SHA-256 calls are marked as deprecated since 3.0; they stay, and are the fast path (see Basics/Digest.swift).
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
