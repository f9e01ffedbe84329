#pragma once

// Our own trust documents, oldest first, each signed by the one before it (distribution.md, Trust).
// Immutable.

#include <string>
#include <string_view>
#include <vector>

#include "common/wire/trust.hpp"

namespace fanion::cp::publish {

class TrustChain {
public:
    // `text`: the documents one after another, two lines each; the first is trusted as it is.
    // Error: invalid_input.
    static Result<TrustChain> parse(std::string_view text);

    const wire::TrustDocument& newest() const noexcept { return documents_.back(); }
    const std::string& iss() const noexcept { return documents_.back().iss; }
    // The documents after version `from`, in order, as text.
    std::string after(std::uint64_t from) const;

private:
    explicit TrustChain(std::vector<wire::TrustDocument> documents) : documents_(std::move(documents)) {}
    std::vector<wire::TrustDocument> documents_;  // at least one
};

}  // namespace fanion::cp::publish
