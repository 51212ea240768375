#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

#ifdef __APPLE__
static const char *const names[] = {"libcurl.4.dylib"};
#else
static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
#endif

static void *library;
static int is_ready;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// Looked up once; NULL when the library, or a function of it, is missing.
static struct {
    CURL *(*easy_init)(void);
    void (*easy_reset)(CURL *);
    void (*easy_cleanup)(CURL *);
    CURLcode (*easy_perform)(CURL *);
    const char *(*easy_strerror)(CURLcode);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    CURLcode (*global_init)(long);
    char *(*version)(void);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
    CURLU *(*url)(void);
    void (*url_cleanup)(CURLU *);
    CURLUcode (*url_set)(CURLU *, CURLUPart, const char *, unsigned int);
    CURLUcode (*url_get)(const CURLU *, CURLUPart, char **, unsigned int);
    void (*free)(void *);
} curl;

static int find(void **function, const char *name) {
    *function = dlsym(library, name);
    return *function != NULL;
}

#define FIND(name) find((void **)&curl.name, "curl_" #name)

static void load(void) {
    for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    is_ready = library && FIND(easy_init) && FIND(easy_reset) && FIND(easy_cleanup) && FIND(easy_perform) &&
               FIND(easy_strerror) && FIND(easy_setopt) && FIND(easy_getinfo) && FIND(global_init) && FIND(version) &&
               FIND(slist_append) && FIND(slist_free_all) && FIND(url) && FIND(url_cleanup) && FIND(url_set) &&
               FIND(url_get) && FIND(free) && curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

int skvm_curl_is_ready(void) {
    pthread_once(&once, load);
    return is_ready;
}

const char *skvm_curl_version(void) { return skvm_curl_is_ready() ? curl.version() : NULL; }

CURL *skvm_curl_new(void) { return skvm_curl_is_ready() ? curl.easy_init() : NULL; }
void skvm_curl_reset(CURL *handle) { curl.easy_reset(handle); }
void skvm_curl_free(CURL *handle) { curl.easy_cleanup(handle); }
CURLcode skvm_curl_perform(CURL *handle) { return curl.easy_perform(handle); }
const char *skvm_curl_message(CURLcode code) { return curl.easy_strerror(code); }

CURLcode skvm_curl_set_number(CURL *handle, CURLoption option, curl_off_t value) {
    return option >= CURLOPTTYPE_OFF_T ? curl.easy_setopt(handle, option, value)
                                       : curl.easy_setopt(handle, option, (long)value);
}

CURLcode skvm_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode skvm_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode skvm_curl_set_receiver(
    CURL *handle, CURLoption option, size_t (*receive)(char *bytes, size_t size, size_t count, void *context)) {
    return curl.easy_setopt(handle, option, receive);
}

long skvm_curl_number(CURL *handle, CURLINFO info) {
    long value = 0;
    return curl.easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

const char *skvm_curl_text(CURL *handle, CURLINFO info) {
    char *value = NULL;
    return curl.easy_getinfo(handle, info, &value) == CURLE_OK ? value : NULL;
}

struct curl_slist *skvm_curl_append(struct curl_slist *list, const char *line) { return curl.slist_append(list, line); }
void skvm_curl_free_list(struct curl_slist *list) { curl.slist_free_all(list); }

char *skvm_curl_resolve(const char *base, const char *reference) {
    if (!skvm_curl_is_ready()) return NULL;
    CURLU *url = curl.url();
    char *text = NULL;
    if (url && curl.url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK &&
        (!reference || curl.url_set(url, CURLUPART_URL, reference, 0) == CURLUE_OK))
        curl.url_get(url, CURLUPART_URL, &text, 0);
    if (url) curl.url_cleanup(url);
    return text;
}

void skvm_curl_free_text(char *text) { curl.free(text); }
