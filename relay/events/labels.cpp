#include "relay/events/labels.hpp"

#include "common/base/bytes.hpp"
#include "common/wire/event_batch.hpp"

namespace fanion::relay::events {

namespace {

void append_text(std::string& out, std::string_view text) {
    const auto cut = text.substr(0, wire::event_name_bytes);
    append_le(out, static_cast<std::uint16_t>(cut.size()));
    out += cut;
}

bool take_text(std::string_view& from, std::string_view& into) {
    const auto length = take_le<std::uint16_t>(from);
    const auto text = length ? take_bytes(from, *length) : std::nullopt;
    into = text.value_or("");
    return text.has_value();
}

}  // namespace

void append_labels(std::string& out, const Labels& labels) {
    append_le(out, labels.version);
    for (const auto text : {labels.env, labels.flag, labels.variation, labels.reason, labels.sdk}) {
        append_text(out, text);
    }
    if (!labels.rule.empty()) append_text(out, labels.rule);
}

std::optional<Labels> parse_labels(std::string_view bytes) {
    Labels labels;
    const auto version = take_le<std::uint64_t>(bytes);
    if (!version) return std::nullopt;
    labels.version = *version;
    for (auto* text : {&labels.env, &labels.flag, &labels.variation, &labels.reason, &labels.sdk}) {
        if (!take_text(bytes, *text)) return std::nullopt;
    }
    if (bytes.empty()) return labels;
    if (!take_text(bytes, labels.rule) || labels.rule.empty() || !bytes.empty()) return std::nullopt;
    return labels;
}

}  // namespace fanion::relay::events
