#include "common/base/text.hpp"
#include "common/json/document.hpp"

namespace fanion::json {

std::string_view kind_name(Kind kind) noexcept {
    switch (kind) {
        case Kind::null:
            return "null";
        case Kind::boolean:
            return "boolean";
        case Kind::number:
            return "number";
        case Kind::string:
            return "string";
        case Kind::array:
            return "array";
        case Kind::object:
            return "object";
    }
    return "";
}

double Value::as_double() const noexcept { return parse_double(number_text()); }

std::optional<std::int64_t> Value::as_i64() const noexcept { return parse_i64(number_text()); }
std::optional<std::uint64_t> Value::as_u64() const noexcept { return parse_u64(number_text()); }

namespace {

// RFC 6901, section 4: digits without leading zeros.
std::optional<std::size_t> array_index(std::string_view token) noexcept {
    if (token.empty() || token.size() > 9 || (token.size() > 1 && token.front() == '0')) return std::nullopt;
    std::size_t index = 0;
    for (const char c : token) {
        if (c < '0' || c > '9') return std::nullopt;
        index = index * 10 + static_cast<std::size_t>(c - '0');
    }
    return index;
}

Value element_at(Value array, std::string_view token) noexcept {
    const auto index = array_index(token);
    if (!index || *index >= array.size()) return {};
    auto it = array.elements().begin();
    for (std::size_t i = 0; i < *index; ++i) ++it;
    return *it;
}

void append(std::string& out, Value value) {
    switch (value.kind()) {
        case Kind::null:
            out += "null";
            return;
        case Kind::boolean:
            out += value.as_bool() ? "true" : "false";
            return;
        case Kind::number:
            out += value.number_text();
            return;
        case Kind::string:
            append_json_string(out, value.as_string());
            return;
        case Kind::array: {
            out += '[';
            bool first = true;
            for (const auto element : value.elements()) {
                if (!first) out += ',';
                first = false;
                append(out, element);
            }
            out += ']';
            return;
        }
        case Kind::object: {
            out += '{';
            bool first = true;
            for (const auto member : value.members()) {
                if (!first) out += ',';
                first = false;
                append_json_string(out, member.name);
                out += ':';
                append(out, member.value);
            }
            out += '}';
            return;
        }
    }
}

}  // namespace

Value Value::at(const std::vector<std::string>& tokens) const noexcept {
    Value value = *this;
    for (const auto& token : tokens) {
        if (!value) return {};
        if (value.is(Kind::object))
            value = value.find(token);
        else if (value.is(Kind::array))
            value = element_at(value, token);
        else
            return {};
    }
    return value;
}

void Value::append_to(std::string& out) const {
    if (node_ != nullptr) append(out, *this);
}

std::string Value::to_text() const {
    std::string out;
    append_to(out);
    return out;
}

}  // namespace fanion::json
