#pragma once

// Checks the signed documents of a bundle one after another, as a relay that starts from it would.

#include <optional>
#include <string>
#include <string_view>

#include "common/wire/acceptance.hpp"
#include "common/wire/bundle.hpp"

namespace fanion::cli {

class BundleCheck {
public:
    // `trust`: the text of a trust file: one document, or several that follow each other. Error:
    // unprocessable.
    static Result<BundleCheck> begin(std::string_view trust);

    // The manifest of a ruleset that verifies and compiles; nullopt for a trust document that
    // verifies or says nothing new. Error: unprocessable, with the code of the acceptance table.
    Result<std::optional<wire::Manifest>> add(std::string_view bytes);

    const wire::TrustDocument& trust() const noexcept { return trust_; }

private:
    explicit BundleCheck(wire::TrustDocument trust) : trust_(std::move(trust)) {}
    Result<> add_trust(std::uint64_t version, std::string_view bytes);

    wire::TrustDocument trust_;
};

// The documents of a bundle that is in memory. Errors: those of wire::BundleSplitter.
Result<std::vector<std::string>> split_bundle(std::string_view text);

}  // namespace fanion::cli
