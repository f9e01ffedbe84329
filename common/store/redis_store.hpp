#pragma once

// Objects as fields of one hash of a Redis. libcurl connects, with TLS or without; hiredis writes
// commands and reads replies. Blocking.

#include <chrono>
#include <initializer_list>
#include <optional>

#include "common/store/curl_handle.hpp"
#include "common/store/object_store.hpp"
#include "common/store/redis_reply.hpp"

namespace fanion::store {

class RedisStore final : public ObjectStore {
public:
    RedisStore(Location location, const Access& access) : location_(std::move(location)), access_(access) {}

    Result<std::vector<std::string>> list() override;
    Result<std::string> get(const std::string& name, std::size_t limit) override;
    Result<> put(const std::string& name, std::string_view bytes) override;
    Result<> remove(const std::string& name) override;

private:
    using Words = std::initializer_list<std::string_view>;
    using Reply = std::unique_ptr<RedisReply>;  // never null, never an error

    // Connects where there is no connection. After an error there is none.
    Result<Reply> command(Words words, std::size_t limit = short_reply);
    Result<Reply> exchange(Words words, std::size_t limit);
    Result<> connect();
    Result<> write(std::string_view bytes, std::chrono::steady_clock::time_point deadline);
    Result<Reply> read(std::chrono::steady_clock::time_point deadline);
    Result<> wait(short events, std::chrono::steady_clock::time_point deadline) const;

    static constexpr std::size_t short_reply = 64 * 1024;

    Location location_;
    Access access_;
    CurlHandle curl_;  // the connection; null: none
    std::optional<RedisReplyReader> replies_;
};

}  // namespace fanion::store
