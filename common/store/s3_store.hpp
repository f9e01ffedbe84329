#pragma once

// Objects in a bucket of an S3-compatible server, addressed by path (<endpoint>/<bucket>/<name>).
// Requests are signed by libcurl (AWS Signature Version 4); without an access key they are not
// signed. Blocking.

#include "common/store/curl_handle.hpp"
#include "common/store/object_store.hpp"

namespace fanion::store {

class S3Store final : public ObjectStore {
public:
    S3Store(Location location, const Access& access) : location_(std::move(location)), access_(access) {}

    Result<std::vector<std::string>> list() override;
    Result<std::string> get(const std::string& name, std::size_t limit) override;
    Result<> put(const std::string& name, std::string_view bytes) override;
    Result<> remove(const std::string& name) override;

private:
    struct Request {
        const char* method = "GET";
        std::string target;  // what follows the bucket: "/name" or "?query"
        std::string_view body = {};
        std::size_t limit = 0;  // of the answer
    };
    // The body of a 2xx answer.
    Result<std::string> send(const Request& request);

    Location location_;
    Access access_;
    CurlHandle curl_;  // kept for its connection
};

}  // namespace fanion::store
