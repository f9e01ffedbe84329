#pragma once

// A signed ruleset document as it goes to relays. Plain value; its bytes are shared and never
// change.

#include <string>

#include "common/net/sse_stream.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::cp::publish {

struct SignedDocument {
    wire::Version version;   // that a receiver holds once it has applied the document
    net::SharedBytes bytes;  // null: there is no such document
    std::string name;        // "<env_id>|full" or "<env_id>|<base>": with the version it identifies the content
    explicit operator bool() const noexcept { return bytes != nullptr; }
};

}  // namespace fanion::cp::publish
