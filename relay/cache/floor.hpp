#pragma once

// The floor on disk: the highest (epoch, version) ever accepted for an environment, so that no
// restart can be used for a rollback.
//
// Format: one line "fanion-floor 1 <epoch>.<version> <root in hex> <sha256 in hex of everything
// before it>" LF.
//
// A file in any other form is **corrupt**: it is reported, and the newest snapshot that passes
// acceptance is the floor until the next change rewrites the file. Without a valid snapshot there
// is no floor: the environment can then be rolled back, but only to a version that the control
// plane signed.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/wire/acceptance.hpp"

namespace fanion::relay::cache {

std::string format_floor(const wire::Floor& floor);
std::optional<wire::Floor> parse_floor(std::string_view text);

struct LoadedFloor {
    std::optional<wire::Floor> floor;
    std::optional<std::string> problem;  // the file exists and cannot be used
};
LoadedFloor load_floor(const std::string& directory);
// File, fsync, rename, fsync of the directory. Error: internal.
Result<> save_floor(const std::string& directory, const wire::Floor& floor);

// The higher of the two.
wire::Floor raised(const std::optional<wire::Floor>& floor, const wire::Floor& to);

}  // namespace fanion::relay::cache
