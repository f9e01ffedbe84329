#include "common/store/s3_store.hpp"

#include <algorithm>
#include <chrono>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/store/s3_answer.hpp"

namespace fanion::store {
namespace {

constexpr long longest_request = 120'000;  // milliseconds
constexpr long expect_limit = 200;         // for "100 Continue" before a large body, which not every server sends
constexpr std::size_t error_bytes = 64 * 1024;
constexpr auto longest_listing = std::chrono::minutes(10);  // whatever each page says about the next one
constexpr std::size_t page_bytes = 8u * 1024 * 1024;        // of 1,000 names, with everything about them

struct Body {
    std::string bytes;
    std::size_t limit;
    bool is_too_large = false;
};

std::size_t on_bytes(char* bytes, std::size_t size, std::size_t count, void* to) {
    auto& body = *static_cast<Body*>(to);
    const auto length = size * count;
    if (length > body.limit - body.bytes.size()) {
        body.is_too_large = true;
        return 0;
    }
    body.bytes.append(bytes, length);
    return length;
}

void add_header(CurlHeaders& headers, const std::string& line) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    static_cast<void>(headers.release());
    headers.reset(longer);
}

// libcurl signs all of them, but leaves the hash of the body to the caller.
CurlHeaders make_headers(std::string_view body, const Credentials& credentials) {
    CurlHeaders headers;
    add_header(headers, "x-amz-content-sha256: " + to_hex(sha256(body)));
    if (!body.empty()) add_header(headers, "Content-Type: application/octet-stream");
    if (!credentials.session_token.empty()) add_header(headers, "x-amz-security-token: " + credentials.session_token);
    return headers;
}

void sign(const CurlHandle& curl, const Credentials& credentials, const std::string& region) {
    if (credentials.access_key.empty()) return;
    set_curl(curl, CURLOPT_AWS_SIGV4, ("aws:amz:" + region + ":s3").c_str());
    set_curl(curl, CURLOPT_USERNAME, credentials.access_key.c_str());
    set_curl(curl, CURLOPT_PASSWORD, credentials.secret_key.c_str());
}

Error answer_error(long status, std::string_view body) {
    const auto code = parse_s3_error(body);
    const auto detail = "status " + std::to_string(status) + (code.empty() ? "" : ", " + code);
    if (status == 404) return {Errc::not_found, detail};
    if (status == 401 || status == 403) return {Errc::forbidden, detail};
    return {Errc::unavailable, detail};
}

}  // namespace

Result<std::string> S3Store::send(const Request& request) {
    const auto credentials = read_credentials(access_);
    if (!credentials) return credentials.error();
    if (!curl_) curl_ = make_curl(access_);
    Body body{{}, std::max(request.limit, error_bytes)};
    const auto headers = make_headers(request.body, *credentials);
    const auto url = location_.endpoint + "/" + location_.bucket + request.target;
    set_url(curl_, access_, url);
    set_curl(curl_, CURLOPT_TIMEOUT_MS, longest_request);
    set_curl(curl_, CURLOPT_EXPECT_100_TIMEOUT_MS, expect_limit);
    set_curl(curl_, CURLOPT_HTTPHEADER, headers.get());
    set_curl(curl_, CURLOPT_WRITEFUNCTION, on_bytes);
    set_curl(curl_, CURLOPT_WRITEDATA, static_cast<void*>(&body));
    sign(curl_, *credentials, location_.region);
    if (std::string_view(request.method) == "PUT") {  // as the fields of a POST, which may be sent again
        set_curl(curl_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set_curl(curl_, CURLOPT_POSTFIELDS, request.body.data());
    } else {
        set_curl(curl_, CURLOPT_HTTPGET, 1L);
    }
    set_curl(curl_, CURLOPT_CUSTOMREQUEST, request.method);
    const auto done = curl_easy_perform(curl_.get());
    if (body.is_too_large) return Error{Errc::too_large, "the object is larger than the limit"};
    if (done != CURLE_OK) return curl_error(done);
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status > 299) return answer_error(status, body.bytes);
    if (body.bytes.size() > request.limit) return Error{Errc::too_large, "the object is larger than the limit"};
    return std::move(body.bytes);
}

Result<std::vector<std::string>> S3Store::list() {
    std::vector<std::string> names;
    std::size_t bytes = 0;
    std::string token;
    const auto deadline = std::chrono::steady_clock::now() + longest_listing;
    do {
        // In the order that the signature requires.
        auto query = "list-type=2&prefix=" + percent_encode(location_.prefix);
        if (!token.empty()) query = "continuation-token=" + percent_encode(token) + "&" + query;
        const auto page = send({.target = "?" + query, .limit = page_bytes});
        if (!page) return page.error();
        auto listing = parse_s3_listing(*page);
        for (auto& key : listing.keys) {
            if (!key.starts_with(location_.prefix)) continue;
            bytes += key.size() + sizeof(key);
            names.push_back(key.substr(location_.prefix.size()));
        }
        if (bytes > most_names_bytes) return Error{Errc::too_large, "the bucket has too many objects"};
        const bool goes_on = !listing.next.empty();
        if (goes_on && (listing.next == token || std::chrono::steady_clock::now() > deadline))
            return Error{Errc::unavailable, "the listing does not end"};
        token = std::move(listing.next);
    } while (!token.empty());
    return names;
}

Result<std::string> S3Store::get(const std::string& name, std::size_t limit) {
    return send({.target = "/" + location_.prefix + name, .limit = limit});
}

Result<> S3Store::put(const std::string& name, std::string_view bytes) {
    const auto done = send({.method = "PUT", .target = "/" + location_.prefix + name, .body = bytes});
    if (!done) return done.error();
    return {};
}

Result<> S3Store::remove(const std::string& name) {
    const auto done = send({.method = "DELETE", .target = "/" + location_.prefix + name});
    if (!done && done.error().code != Errc::not_found) return done.error();
    return {};
}

}  // namespace fanion::store
