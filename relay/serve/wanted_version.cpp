#include "relay/serve/wanted_version.hpp"

#include "common/base/text.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::int64_t max_seconds = 100'000'000'000;  // the year 5138; a larger number is in milliseconds

std::optional<std::int64_t> parse_seconds(std::string_view text) {
    if (const auto number = parse_i64(text)) return *number > max_seconds ? *number / 1000 : *number;
    if (const auto millis = parse_rfc3339(text)) return *millis / 1000;
    return std::nullopt;
}

std::string_view without_quotes(std::string_view tag) {
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') return tag.substr(1, tag.size() - 2);
    return tag;
}

}  // namespace

std::int64_t last_modified(const cache::EnvironmentState& environment) noexcept { return environment.issued_at / 1000; }

bool WantedVersion::is_satisfied_by(const cache::EnvironmentState& environment) const noexcept {
    if (version && environment.version < *version) return false;
    return !seconds || last_modified(environment) >= *seconds;
}

WantedVersion wanted_version(const net::Request& request) {
    WantedVersion wanted;
    if (const auto tag = request.query("flagConfigEtag")) {
        auto version = without_quotes(*tag);
        wanted.stream_url = version.ends_with(renewal_suffix);
        if (wanted.stream_url) version.remove_suffix(renewal_suffix.size());
        wanted.version = wire::parse_version(version);
    }
    if (const auto time = request.query("flagConfigLastModified")) wanted.seconds = parse_seconds(*time);
    return wanted;
}

bool wants_stream_url(const net::Request& request) { return wanted_version(request).stream_url; }

bool has_wanted_version(const net::Request& request, const cache::EnvironmentState& environment) {
    return wanted_version(request).is_satisfied_by(environment);
}

}  // namespace fanion::relay::serve
