#pragma once

// What people keep in a project under a name: views, which are searches of its flags, and contexts
// to evaluate flags with. The bodies of requests for them, and their JSON. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::saved {

enum class Kind { view, context };
std::string_view name_of(Kind kind) noexcept;

using SavedId = StrongId<struct SavedIdTag>;

// In a project, of each kind: what is shared with it, and what one person has.
inline constexpr std::size_t most_shared = 200;
inline constexpr std::size_t most_of_a_person = 100;

// What people decide.
struct Content {
    std::string name;
    bool is_shared = false;   // with everybody who may read the project; fixed
    std::string environment;  // of a view: a key; empty: none
    std::string members;      // JSON, an object: what a view or a context has besides these
    friend bool operator==(const Content&, const Content&) = default;
};

struct Saved {
    SavedId saved_id;
    Content content;
    std::string created_by;  // user or service account
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::uint64_t version = 1;
};

// Errors of all: invalid_input with a finding for each mistake.
Result<Content> read_new(Kind kind, json::Value body);
// PUT: what is not given gets its default. Derived members may be sent back unchanged.
Result<Content> read_replacement(Kind kind, json::Value body, const Saved& present);
// PATCH: a JSON Merge Patch.
Result<Content> read_patched(Kind kind, json::Value patch, const Saved& present);

std::string text_of(Kind kind, const Saved& saved);
// As lists have it: contexts without their members, which may be long.
void write_listed(json::Writer& w, Kind kind, const Saved& saved);

}  // namespace fanion::cp::saved
