// A bundle at a URL, received piece by piece as it is asked for.

#include <string>

#include "common/store/bundle_reader.hpp"
#include "common/store/curl_handle.hpp"

namespace fanion::store {
namespace {

constexpr long longest_download = 30 * 60'000;  // milliseconds; a slow peer is left much earlier (least_speed)
constexpr long most_redirects = 5;
constexpr int wait_interval = 200;  // milliseconds

struct FreeMulti {
    void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};

class Download {
public:
    Download(const Location& location, const Access& access) : access_(access), curl_(make_curl(access_)) {
        multi_.reset(curl_multi_init());
        if (!multi_) throw std::bad_alloc();
        set_url(curl_, access_, location.path);
        set_curl(curl_, CURLOPT_TIMEOUT_MS, longest_download);
        set_curl(curl_, CURLOPT_FAILONERROR, 1L);
        set_curl(curl_, CURLOPT_FOLLOWLOCATION, 1L);
        set_curl(curl_, CURLOPT_MAXREDIRS, most_redirects);
        set_curl(curl_, CURLOPT_REDIR_PROTOCOLS_STR, "https");
        set_curl(curl_, CURLOPT_WRITEFUNCTION, on_bytes);
        set_curl(curl_, CURLOPT_WRITEDATA, static_cast<void*>(&received_));
        curl_multi_add_handle(multi_.get(), curl_.get());
    }
    ~Download() { curl_multi_remove_handle(multi_.get(), curl_.get()); }
    Download(const Download&) = delete;

    Result<> read(std::string& bytes) {
        bytes.clear();
        int running = 1;
        for (;;) {
            if (curl_multi_perform(multi_.get(), &running) != CURLM_OK)
                return Error{Errc::network, "the transfer failed"};
            if (!received_.empty() || running == 0) break;
            curl_multi_poll(multi_.get(), nullptr, 0, wait_interval, nullptr);
        }
        bytes.swap(received_);
        return bytes.empty() ? outcome() : Result<>();
    }

private:
    // What has arrived at the socket: libcurl is not asked for more while some is here.
    static std::size_t on_bytes(char* bytes, std::size_t size, std::size_t count, void* to) {
        static_cast<std::string*>(to)->append(bytes, size * count);
        return size * count;
    }

    Result<> outcome() const {
        int left = 0;
        const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
        if (!message || message->msg != CURLMSG_DONE) return {};  // told before
        const auto code = message->data.result;
        if (code == CURLE_OK) return {};
        long status = 0;
        curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
        if (code != CURLE_HTTP_RETURNED_ERROR) return curl_error(code);
        if (status == 0) return Error{Errc::network, "the proxy refuses"};  // the server has said nothing
        const auto detail = "status " + std::to_string(status);
        if (status == 404) return Error{Errc::not_found, detail};
        return Error{status == 401 || status == 403 ? Errc::forbidden : Errc::unavailable, detail};
    }

    Access access_;
    CurlHandle curl_;
    std::unique_ptr<CURLM, FreeMulti> multi_;
    std::string received_;
};

}  // namespace

BundleReader::Source make_http_source(const Location& location, const Access& access) {
    auto download = std::make_shared<Download>(location, access);
    return [download](std::string& bytes) { return download->read(bytes); };
}

}  // namespace fanion::store
