#include "common/wire/seen_attribute.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::wire {
namespace {

bool is_control(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

// U+0080 to U+009F; U+061C, U+200E, U+200F; U+2028 to U+202E; U+2066 to U+2069; in UTF-8.
bool has_hidden(std::string_view name) noexcept {
    for (std::size_t i = 0; i + 1 < name.size(); ++i) {
        const auto first = static_cast<unsigned char>(name[i]);
        const auto second = static_cast<unsigned char>(name[i + 1]);
        if (first == 0xC2 && second < 0xA0) return true;
        if (first == 0xD8 && second == 0x9C) return true;
        if (first != 0xE2 || i + 2 == name.size()) continue;
        const auto third = static_cast<unsigned char>(name[i + 2]);
        if (second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE))) return true;
        if (second == 0x81 && third >= 0xA6 && third <= 0xA9) return true;
    }
    return false;
}

}  // namespace

std::string_view name_of(AttributeType type) noexcept {
    switch (type) {
        case AttributeType::string:
            return "string";
        case AttributeType::number:
            return "number";
        case AttributeType::boolean:
            return "boolean";
        case AttributeType::string_list:
            return "string_list";
        case AttributeType::number_list:
            return "number_list";
        case AttributeType::boolean_list:
            return "boolean_list";
    }
    return "string";
}

std::optional<AttributeType> parse_attribute_type(std::string_view name) noexcept {
    for (const auto type : all_attribute_types)
        if (name == name_of(type)) return type;
    return std::nullopt;
}

bool is_reportable_attribute(std::string_view name) noexcept {
    return !name.empty() && name.size() <= attribute_name_bytes && std::none_of(name.begin(), name.end(), is_control) &&
           is_valid_utf8(name) && !has_hidden(name);
}

}  // namespace fanion::wire
