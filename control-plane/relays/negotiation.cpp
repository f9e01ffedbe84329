#include "control-plane/relays/negotiation.hpp"

#include "common/base/text.hpp"

namespace fanion::cp::relays {
namespace {

struct Coding {
    std::string_view name;
    bool is_accepted;
};

// One element of Accept-Encoding: "gzip;q=0.5". A weight of zero in any spelling refuses it.
Coding parse_coding(std::string_view element) {
    const auto semicolon = element.find(';');
    const auto name = trim(element.substr(0, semicolon));
    if (semicolon == std::string_view::npos) return {name, true};
    const auto parameter = trim(element.substr(semicolon + 1));
    const bool is_weight = parameter.starts_with("q=") || parameter.starts_with("Q=");
    const bool is_zero = is_weight && parameter.find_first_not_of("0.", 2) == std::string_view::npos;
    return {name, !is_zero};
}

}  // namespace

std::string etag_of(wire::Version version) { return "\"" + wire::to_string(version) + "\""; }

bool matches_etag(std::string_view if_none_match, std::string_view etag) noexcept {
    for (auto entry : split(if_none_match, ',')) {
        entry = trim(entry);
        if (entry == "*") return true;
        if (entry.starts_with("W/")) entry.remove_prefix(2);
        if (entry == etag) return true;
    }
    return false;
}

Encoding choose_encoding(std::string_view accept_encoding) noexcept {
    bool gzip = false;
    for (const auto element : split(accept_encoding, ',')) {
        const auto coding = parse_coding(element);
        if (!coding.is_accepted) continue;
        if (equals_ignore_case_ascii(coding.name, "zstd")) return Encoding::zstd;
        gzip = gzip || equals_ignore_case_ascii(coding.name, "gzip");
    }
    return gzip ? Encoding::gzip : Encoding::identity;
}

}  // namespace fanion::cp::relays
