#include "common/wire/sse_format.hpp"

#include <algorithm>

namespace fanion::wire {

std::string_view name_of(StreamEvent event) noexcept {
    switch (event) {
        case StreamEvent::put:
            return "put";
        case StreamEvent::patch:
            return "patch";
        case StreamEvent::head:
            return "head";
        case StreamEvent::revoked:
            return "revoked";
    }
    return "put";
}

StreamEvent event_of(ManifestType type) noexcept {
    switch (type) {
        case ManifestType::full:
            return StreamEvent::put;
        case ManifestType::delta:
            return StreamEvent::patch;
        case ManifestType::head:
            return StreamEvent::head;
        case ManifestType::revoked:
            return StreamEvent::revoked;
    }
    return StreamEvent::put;
}

std::string event_id(std::string_view env_id, Version version) {
    std::string id(env_id);
    id += ':';
    id += to_string(version);
    return id;
}

std::string format_event(StreamEvent event, std::string_view env_id, Version version, std::string_view document) {
    constexpr std::string_view field = "data: ";
    const auto lines = static_cast<std::size_t>(std::count(document.begin(), document.end(), '\n'));
    std::string out;
    out.reserve(document.size() + lines * field.size() + env_id.size() + 96);
    out += "event: ";
    out += name_of(event);
    out += "\nid: ";
    out += event_id(env_id, version);
    out += '\n';
    while (!document.empty()) {
        const auto end = document.find('\n');
        const auto length = end == std::string_view::npos ? document.size() : end;
        out += field;
        out += document.substr(0, length);
        out += '\n';
        document.remove_prefix(std::min(length + 1, document.size()));
    }
    out += '\n';
    return out;
}

std::string format_retry(std::chrono::milliseconds retry) { return "retry: " + std::to_string(retry.count()) + "\n\n"; }

std::string format_comment(std::string_view text) {
    std::string out = ": ";
    out += text;
    out += "\n\n";
    return out;
}

}  // namespace fanion::wire
