#pragma once

// The newest head of an environment on disk (`head`: the signed bytes as they came, distribution.md), so that a relay that
// starts again judges staleness by what was signed and takes no head older than it. Blocking; a function of the directory.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/wire/acceptance.hpp"

namespace fanion::relay::cache {

struct LoadedHead {
    std::optional<wire::Manifest> head;
    std::optional<std::string> problem;  // the file is there and cannot be used
};
// The disk is not believed: a head is checked as one from upstream is.
LoadedHead load_head(const std::string& directory, const wire::TrustDocument& trust, std::string_view env_id);

// Outlives the process, not a power cut: without it an environment is stale from the start, no more. Error: internal.
Result<> save_head(const std::string& directory, std::string_view bytes);
void erase_head(const std::string& directory);

}  // namespace fanion::relay::cache
