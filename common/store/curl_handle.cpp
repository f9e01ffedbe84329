#include "common/store/curl_handle.hpp"

#include <new>
#include <stdexcept>
#include <string>

namespace fanion::store {
namespace {

int on_progress(void* access, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const Access*>(access)->is_stopped() ? 1 : 0;
}

}  // namespace

void check_curl(CURLcode code) {
    if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    if (code != CURLE_OK) throw std::logic_error(std::string("libcurl: ") + curl_easy_strerror(code));
}

CurlHandle make_curl(const Access& access) {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    check_curl(started);
    CurlHandle curl(curl_easy_init());
    if (!curl) throw std::bad_alloc();
    set_curl(curl, CURLOPT_NOSIGNAL, 1L);
    set_curl(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    set_curl(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_limit);
    set_curl(curl, CURLOPT_LOW_SPEED_LIMIT, least_speed);
    set_curl(curl, CURLOPT_LOW_SPEED_TIME, slow_limit);
    set_curl(curl, CURLOPT_NOPROGRESS, 0L);
    set_curl(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    set_curl(curl, CURLOPT_XFERINFODATA, static_cast<const void*>(&access));
    if (!access.ca_file.empty()) {
        set_curl(curl, CURLOPT_CAINFO, access.ca_file.c_str());
        set_curl(curl, CURLOPT_PROXY_CAINFO, access.ca_file.c_str());
    }
    return curl;
}

void set_url(const CurlHandle& curl, const Access& access, const std::string& url) {
    set_curl(curl, CURLOPT_URL, url.c_str());
    if (access.proxy.empty()) return;
    const bool is_secure = url.starts_with("https://");
    set_curl(curl, CURLOPT_PROXY, is_secure ? access.proxy.c_str() : "");
    set_curl(curl, CURLOPT_NOPROXY, access.no_proxy.c_str());
}

Error curl_error(CURLcode code) {
    if (code == CURLE_OPERATION_TIMEDOUT) return {Errc::timed_out, "no answer in time"};
    if (code == CURLE_ABORTED_BY_CALLBACK) return {Errc::unavailable, "the program is stopping"};
    if (code == CURLE_SSL_CACERT_BADFILE) return {Errc::invalid_input, "the file of authorities cannot be used"};
    return {Errc::network, curl_easy_strerror(code)};
}

}  // namespace fanion::store
