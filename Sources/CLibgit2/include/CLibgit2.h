// What libgit2's own headers declare. The functions that skvm calls are defined in `load.c`, and load the library when the
// first of them is called: most commands need no repository, and with its own libraries libgit2 costs 4 ms to load.
#include <git2.h>
