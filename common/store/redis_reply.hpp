#pragma once

// Replies of Redis, built by hiredis' parser. Bounded: what a server announces is never allocated
// before it has arrived, and it has at most a million elements. Pure; one thread.

#include <hiredis/read.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::store {

struct RedisReply {
    enum class Kind { text, array, integer, nil, error };
    Kind kind = Kind::nil;
    std::string text;  // also of an error, and of a simple string
    long long integer = 0;
    std::vector<std::unique_ptr<RedisReply>> elements;
    std::size_t size = 0;  // of the outermost list: elements, with those of lists in it
};

class RedisReplyReader {
public:
    RedisReplyReader();

    // The reply that `bytes` completes, if any. Before each command: begin(limit), the bytes that
    // its reply may have. Errors: too_large, before the bytes are stored; unavailable, not the
    // protocol of Redis.
    void begin(std::size_t limit) noexcept { remaining_ = limit; }
    Result<std::unique_ptr<RedisReply>> feed(std::string_view bytes);  // null: not complete

private:
    struct Free {
        void operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }
    };
    std::unique_ptr<redisReader, Free> reader_;
    std::size_t remaining_ = 0;
};

}  // namespace fanion::store
