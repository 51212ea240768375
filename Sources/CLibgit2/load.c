#include "CLibgit2.h"

#include <dlfcn.h>
#include <pthread.h>

#ifdef __APPLE__
#define LIBRARY "libgit2." LIBGIT2_SOVERSION ".dylib"
#else
#define LIBRARY "libgit2.so." LIBGIT2_SOVERSION
#endif

// The library of the very version whose headers were compiled against; NULL when it can't be loaded.
static void *library;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) { library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL); }

static void *symbol(const char *name) {
    pthread_once(&once, load);
    return library ? dlsym(library, name) : NULL;
}

// Each defines the function that the header declares (the compiler compares them) as a call of the library's; without the
// library it returns what the header's function returns when it fails.
#define FORWARD(type, failure, name, parameters, arguments)       \
    type name parameters {                                        \
        type(*function) parameters = (type(*) parameters)symbol(#name); \
        if (!function) return failure;                            \
        return function arguments;                                \
    }
#define FORWARD_VOID(name, parameters, arguments)                 \
    void name parameters {                                        \
        void(*function) parameters = (void(*) parameters)symbol(#name); \
        if (function) function arguments;                         \
    }

FORWARD(int, GIT_ERROR, git_libgit2_init, (void), ())
FORWARD(const git_error *, NULL, git_error_last, (void), ())

FORWARD(int, GIT_ERROR, git_odb_new, (git_odb **out), (out))
FORWARD(int, GIT_ERROR, git_odb_open, (git_odb **out, const char *folder), (out, folder))
FORWARD(int, GIT_ERROR, git_odb_add_disk_alternate, (git_odb *odb, const char *folder), (odb, folder))
FORWARD(int, GIT_ERROR, git_odb_read_header, (size_t *size, git_object_t *type, git_odb *odb, const git_oid *id),
        (size, type, odb, id))
FORWARD(int, 0, git_odb_exists, (git_odb *odb, const git_oid *id), (odb, id))
FORWARD(int, GIT_ERROR, git_odb_exists_prefix, (git_oid *out, git_odb *odb, const git_oid *start, size_t digits),
        (out, odb, start, digits))
FORWARD(int, GIT_ERROR, git_odb_read, (git_odb_object **out, git_odb *odb, const git_oid *id), (out, odb, id))
FORWARD(size_t, 0, git_odb_object_size, (git_odb_object *object), (object))
FORWARD(const void *, NULL, git_odb_object_data, (git_odb_object *object), (object))
FORWARD_VOID(git_odb_object_free, (git_odb_object *object), (object))
FORWARD_VOID(git_odb_free, (git_odb *odb), (odb))

FORWARD(int, GIT_ERROR, git_repository_open_bare, (git_repository **out, const char *path), (out, path))
FORWARD_VOID(git_repository_free, (git_repository *repository), (repository))

FORWARD(int, GIT_ERROR, git_remote_create_anonymous, (git_remote **out, git_repository *repository, const char *url),
        (out, repository, url))
FORWARD(int, GIT_ERROR, git_remote_init_callbacks, (git_remote_callbacks *callbacks, unsigned int version),
        (callbacks, version))
FORWARD(int, GIT_ERROR, git_remote_connect,
        (git_remote *remote, git_direction direction, const git_remote_callbacks *callbacks,
         const git_proxy_options *proxy, const git_strarray *headers),
        (remote, direction, callbacks, proxy, headers))
FORWARD(int, GIT_ERROR, git_remote_ls, (const git_remote_head ***out, size_t *count, git_remote *remote),
        (out, count, remote))
FORWARD(int, GIT_ERROR, git_fetch_options_init, (git_fetch_options *options, unsigned int version), (options, version))
FORWARD(int, GIT_ERROR, git_remote_fetch,
        (git_remote *remote, const git_strarray *refspecs, const git_fetch_options *options, const char *message),
        (remote, refspecs, options, message))
FORWARD_VOID(git_remote_free, (git_remote *remote), (remote))

FORWARD(int, GIT_ERROR, git_credential_username_new, (git_credential **out, const char *user), (out, user))
FORWARD(int, GIT_ERROR, git_credential_userpass_plaintext_new,
        (git_credential **out, const char *user, const char *password), (out, user, password))
FORWARD(int, GIT_ERROR, git_credential_ssh_key_from_agent, (git_credential **out, const char *user), (out, user))
