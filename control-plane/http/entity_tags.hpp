#pragma once

// Entity tags of what was answered before, so that a conditional request for what has not changed
// is answered without reading it. For routes whose responses are recorded (Route::is_recorded):
// with the state of the call that it had (Call::state), a tag is current. One thread (its I/O
// thread).

#include <optional>
#include <string>

#include "common/base/lru_cache.hpp"
#include "common/net/response.hpp"

namespace fanion::cp::http {

struct Call;

// What a request asks for and with which credential: the key of whatever is kept for a caller.
std::string target_of(const Call& call);

class EntityTags {
public:
    static constexpr std::size_t most = 50'000;

    // 304, if the request is conditional and has the tag that is known to be current.
    std::optional<net::Response> respond(const Call& call);
    // Keeps the tag of a response with status 200 or 304.
    void keep(const Call& call, const net::Response& response);

private:
    struct Known {
        std::string state;
        std::string tag;
    };
    LruCache<Known> known_{most};
};

}  // namespace fanion::cp::http
