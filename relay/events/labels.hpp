#pragma once

// The labels of a count as bytes: the dictionary entry of a slot. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanion::relay::events {

struct Labels {
    std::string_view env;
    std::string_view flag;
    std::string_view variation;
    std::string_view reason;
    std::string_view sdk;
    std::uint64_t version = 0;
    std::string_view rule{};  // empty: none; then it takes no bytes
    friend bool operator==(const Labels&, const Labels&) = default;
};

// Equal labels give equal bytes. Texts are cut after wire::event_name_bytes.
void append_labels(std::string& out, const Labels& labels);
// Views into `bytes`; nothing when malformed.
std::optional<Labels> parse_labels(std::string_view bytes);

}  // namespace fanion::relay::events
