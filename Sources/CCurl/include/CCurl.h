// What libcurl's own headers declare, less what Swift can't call: setting and getting options takes a variable list of
// arguments, so each kind of argument has a function here. All are defined in `load.c`, and load the library when the first
// of them is called: most commands ask no web server, and libcurl brings thirty libraries along.
#include <curl/curl.h>

/// Whether the library is there and could be made ready. Thread-safe; every other function needs it to be 1.
int skvm_curl_is_ready(void);
/// `curl_version()`, or NULL.
const char *skvm_curl_version(void);

CURL *skvm_curl_new(void);
void skvm_curl_reset(CURL *handle);
void skvm_curl_free(CURL *handle);
CURLcode skvm_curl_perform(CURL *handle);
const char *skvm_curl_message(CURLcode code);

CURLcode skvm_curl_set_number(CURL *handle, CURLoption option, curl_off_t value);
CURLcode skvm_curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode skvm_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode skvm_curl_set_receiver(
    CURL *handle, CURLoption option, size_t (*receive)(char *bytes, size_t size, size_t count, void *context));

long skvm_curl_number(CURL *handle, CURLINFO info);
/// NULL when there is none; good until the handle's next use.
const char *skvm_curl_text(CURL *handle, CURLINFO info);

struct curl_slist *skvm_curl_append(struct curl_slist *list, const char *line);
void skvm_curl_free_list(struct curl_slist *list);
/// `base`, or what `reference` means seen from it; NULL when that is no address. To be freed with `skvm_curl_free_text`.
char *skvm_curl_resolve(const char *base, const char *reference);
void skvm_curl_free_text(char *text);
