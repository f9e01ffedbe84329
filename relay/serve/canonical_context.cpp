#include "relay/serve/canonical_context.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fanion::relay::serve {
namespace {

// Kind and length come first, so that different values have different bytes.
void append_text(std::string& out, char kind, std::string_view text) {
    const auto length = static_cast<std::uint32_t>(text.size());
    char head[1 + sizeof length] = {kind};
    std::memcpy(head + 1, &length, sizeof length);
    out.append(head, sizeof head).append(text);
}

// By name; members with one name in their order in the text.
bool is_before(const json::Member& a, const json::Member& b) noexcept {
    const auto order = a.name.compare(b.name);
    return order < 0 || (order == 0 && a.value.node() < b.value.node());
}

void append_members(std::string& out, json::Value object, std::vector<json::Member>& room) {
    const auto begin = room.size();
    for (const auto member : object.members()) room.push_back(member);
    const auto end = room.size();
    std::sort(room.begin() + static_cast<std::ptrdiff_t>(begin), room.end(), is_before);
    for (auto i = begin; i < end; ++i) {
        if (i + 1 < end && room[i + 1].name == room[i].name) continue;
        append_text(out, '"', room[i].name);
        append_canonical(out, room[i].value, room);  // uses the room behind `end`
    }
    room.resize(begin);
}

}  // namespace

void append_canonical(std::string& out, json::Value value, std::vector<json::Member>& room) {
    switch (value.kind()) {
        case json::Kind::null:
            out += 'n';
            return;
        case json::Kind::boolean:
            out += value.as_bool() ? 't' : 'f';
            return;
        case json::Kind::number:
            return append_text(out, '0', value.number_text());
        case json::Kind::string:
            return append_text(out, '"', value.as_string());
        case json::Kind::array:
            out += '[';
            for (const auto element : value.elements()) append_canonical(out, element, room);
            out += ']';
            return;
        case json::Kind::object:
            out += '{';
            append_members(out, value, room);
            out += '}';
            return;
    }
}

}  // namespace fanion::relay::serve
