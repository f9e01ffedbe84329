#include "common/wire/have.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::wire {
namespace {

Error bad_entry(std::string_view entry) {
    return Error{Errc::invalid_input,
                 "Fanion-Have: \"" + std::string(entry) + "\" is not of the form <env_id>=<epoch>.<version>"};
}

}  // namespace

std::string format_have(const Have& have, std::size_t max_bytes) {
    std::string out;
    for (const auto& [env_id, version] : have) {
        const auto entry = env_id + "=" + to_string(version);
        if (out.size() + entry.size() + 2 > max_bytes) break;
        if (!out.empty()) out += ", ";
        out += entry;
    }
    return out;
}

Result<Have> parse_have(std::string_view text) {
    Have have;
    if (trim(text).empty()) return have;
    for (const auto part : split(text, ',')) {
        const auto entry = trim(part);
        const auto equals = entry.find('=');
        const auto version = equals == std::string_view::npos ? std::nullopt : parse_version(entry.substr(equals + 1));
        const auto env_id = entry.substr(0, equals);
        if (!version || !is_valid_env_id(env_id)) return bad_entry(entry);
        if (!have.emplace(env_id, *version).second)
            return Error{Errc::invalid_input, "Fanion-Have lists " + std::string(env_id) + " twice"};
    }
    return have;
}

bool is_valid_env_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

}  // namespace fanion::wire
