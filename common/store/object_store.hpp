#pragma once

// Named objects at a place that others write too: a folder, a bucket, a Redis. Nothing in it is
// trusted. Blocking, for a thread of its own (SnapshotPublisher, the relay's bootstrap); one thread
// at a time.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/store/access.hpp"
#include "common/store/location.hpp"

namespace fanion::store {

// Errors of all functions: network or timed_out (no answer), unavailable (an answer that says no,
// or that makes no sense), forbidden, and those of read_credentials().
class ObjectStore {
public:
    static constexpr std::size_t most_names_bytes = 32u * 1024 * 1024;  // of all names together

    virtual ~ObjectStore() = default;

    // All names, in any order. Error: also too_large.
    virtual Result<std::vector<std::string>> list() = 0;
    // Errors: also not_found, too_large (more than `limit` bytes, which are not stored).
    virtual Result<std::string> get(const std::string& name, std::size_t limit) = 0;
    // Replaces what has this name. A reader finds the whole object or none.
    virtual Result<> put(const std::string& name, std::string_view bytes) = 0;
    // Success also if there was none.
    virtual Result<> remove(const std::string& name) = 0;
};

// Connects when it is first used. Error: invalid_input, a location that holds no objects (a URL).
Result<std::unique_ptr<ObjectStore>> make_object_store(const Location& location, const Access& access);

}  // namespace fanion::store
