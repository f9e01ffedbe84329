#pragma once

// libcurl's easy handles with what every transfer of a store has in common. Blocking; one thread.

#include <curl/curl.h>

#include <memory>
#include <string>

#include "common/store/access.hpp"

namespace fanion::store {

struct FreeCurl {
    void operator()(CURL* curl) const noexcept { curl_easy_cleanup(curl); }
};
struct FreeHeaders {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, FreeCurl>;
using CurlHeaders = std::unique_ptr<curl_slist, FreeHeaders>;

inline constexpr long connect_limit = 10'000;  // milliseconds
inline constexpr long least_speed = 1'024;     // bytes per second, on average over `slow_limit`
inline constexpr long slow_limit = 15;         // seconds

// A handle with limits, the certificate authorities and the stop of `access`, which must outlive
// it. Throws std::bad_alloc.
CurlHandle make_curl(const Access& access);

// Throws std::logic_error unless the option was set.
void check_curl(CURLcode code);

template <class T>
void set_curl(const CurlHandle& curl, CURLoption option, T value) {
    check_curl(curl_easy_setopt(curl.get(), option, value));
}

// Where `curl` sends its next request, and through which proxy.
void set_url(const CurlHandle& curl, const Access& access, const std::string& url);

// The error for a transfer that did not end well.
Error curl_error(CURLcode code);

}  // namespace fanion::store
