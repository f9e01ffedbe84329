#pragma once

// The newest head of an environment on disk (`head`: the signed bytes as received,
// distribution.md), so that a relay derives staleness from it after a restart and rejects older
// heads. Of an environment that was revoked, the revocation, for relays below. Blocking.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/wire/acceptance.hpp"

namespace fanion::relay::cache {

struct LoadedHead {
    std::optional<wire::Manifest> head;  // or the revocation
    std::string bytes;                   // of it
    std::optional<std::string> problem;  // the file exists and cannot be used
};
// The disk is not trusted: the head is verified like one from upstream.
LoadedHead load_head(const std::string& directory, const wire::TrustDocument& trust, std::string_view env_id);

// Survives the end of the process, not a power cut: without the file an environment is stale from
// the start. Error: internal.
Result<> save_head(const std::string& directory, std::string_view bytes);

}  // namespace fanion::relay::cache
