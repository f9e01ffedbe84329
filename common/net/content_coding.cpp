#include "common/net/content_coding.hpp"

#include <algorithm>
#include <optional>

#include "common/base/text.hpp"
#include "common/net/conditional.hpp"

namespace fanion::net {
namespace {

constexpr unsigned most_weight = 1'000;

// RFC 9110 section 12.4.2, in thousandths: "0.5", "1.000". What is not one refuses the coding.
unsigned parse_weight(std::string_view text) noexcept {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
    if (text.size() > 1 && text[1] != '.') return 0;
    unsigned weight = text[0] == '1' ? most_weight : 0;
    unsigned unit = 100;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (!is_digit(c)) return 0;
        weight += static_cast<unsigned>(c - '0') * unit;
        unit /= 10;
    }
    return weight > most_weight ? 0 : weight;
}

struct Coding {
    std::string_view name;
    unsigned weight;
};

// One element of Accept-Encoding: "gzip;q=0.5".
Coding parse_coding(std::string_view element) noexcept {
    const auto semicolon = element.find(';');
    const auto name = trim(element.substr(0, semicolon));
    if (semicolon == std::string_view::npos) return {name, most_weight};
    const auto parameter = trim(element.substr(semicolon + 1));
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return {name, most_weight};
    return {name, parse_weight(parameter.substr(2))};
}

// The weights that are given; of a coding that is listed twice the later one.
struct Weights {
    std::optional<unsigned> zstd, br, gzip, identity, others;

    std::optional<unsigned>* of(std::string_view name) noexcept {
        if (equals_ignore_case_ascii(name, "zstd")) return &zstd;
        if (equals_ignore_case_ascii(name, "br")) return &br;
        if (equals_ignore_case_ascii(name, "gzip") || equals_ignore_case_ascii(name, "x-gzip")) return &gzip;
        if (equals_ignore_case_ascii(name, "identity")) return &identity;
        return name == "*" ? &others : nullptr;
    }
};

Weights read_weights(std::string_view accept_encoding) noexcept {
    Weights weights;
    for (const auto element : split(accept_encoding, ',')) {
        const auto coding = parse_coding(element);
        if (auto* const weight = weights.of(coding.name)) *weight = coding.weight;
    }
    return weights;
}

constexpr std::string_view compressible[] = {"zstd", "gzip"};

}  // namespace

std::string_view choose_coding(std::string_view accept_encoding, std::span<const std::string_view> offered) noexcept {
    auto weights = read_weights(accept_encoding);
    std::string_view best;
    unsigned best_weight = 0;
    for (const auto coding : offered) {
        const auto* const given = weights.of(coding);
        const auto weight = given && *given ? **given : weights.others.value_or(0);
        if (weight <= best_weight) continue;
        best = coding;
        best_weight = weight;
    }
    // No coding is always acceptable unless it is refused, but not what a client wants that lists others.
    return weights.identity.value_or(0) > best_weight ? std::string_view() : best;
}

Encoding choose_encoding(std::string_view accept_encoding) noexcept {
    return parse_encoding(choose_coding(accept_encoding, compressible)).value_or(Encoding::identity);
}

std::string tag_in(Encoding encoding, std::string_view tag) {
    std::string made(tag);
    if (encoding != Encoding::identity) made.insert(made.size() - 1, '-' + std::string(name_of(encoding)));
    return made;
}

std::optional<Encoding> current_coding(const Request& request, std::string_view tag) {
    if (request.header("If-None-Match").empty()) return std::nullopt;
    for (const auto encoding : {Encoding::identity, Encoding::zstd, Encoding::gzip}) {
        if (has_current(request, tag_in(encoding, tag))) return encoding;
    }
    return std::nullopt;
}

}  // namespace fanion::net
