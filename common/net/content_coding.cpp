#include "common/net/content_coding.hpp"

#include "common/base/text.hpp"

namespace fanion::net {
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

}  // namespace fanion::net
