#include "control-plane/body/text_size.hpp"

#include <string_view>

namespace fanion::cp::body {
namespace {

// As append_json_string() writes it.
std::size_t string_size(std::string_view text) noexcept {
    std::size_t size = 2 + text.size();
    for (const auto c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && c != '"' && c != '\\') continue;
        constexpr std::string_view short_escapes = "\"\\\b\f\n\r\t";
        size += short_escapes.find(c) != std::string_view::npos ? 1 : 5;
    }
    return size;
}

// Of a container with `count` elements: its brackets and commas.
std::size_t frame_size(std::size_t count) noexcept { return 2 + (count == 0 ? 0 : count - 1); }

}  // namespace

std::size_t text_size(json::Value value) noexcept {
    std::size_t size = 0;
    std::size_t count = 0;
    switch (value.kind()) {
        case json::Kind::null:
            return 4;
        case json::Kind::boolean:
            return value.as_bool() ? 4 : 5;
        case json::Kind::number:
            return value.number_text().size();
        case json::Kind::string:
            return string_size(value.as_string());
        case json::Kind::array:
            for (const auto element : value.elements()) {
                size += text_size(element);
                ++count;
            }
            return size + frame_size(count);
        case json::Kind::object:
            for (const auto member : value.members()) {
                size += string_size(member.name) + 1 + text_size(member.value);
                ++count;
            }
            return size + frame_size(count);
    }
    return 0;
}

}  // namespace fanion::cp::body
