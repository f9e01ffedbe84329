#include <limits>

#include "common/base/crypto.hpp"
#include "common/model/read_parts.hpp"

namespace fanion::model {
namespace {

AccessEntry::Kind read_kind(Reader& r) {
    const auto name = r.string("kind");
    for (const auto kind : {AccessEntry::Kind::server, AccessEntry::Kind::client, AccessEntry::Kind::relay})
        if (name == name_of(kind)) return kind;
    if (!name.empty()) r.fail_at("kind", "malformed", "must be `server`, `client` or `relay`");
    return AccessEntry::Kind::client;
}

std::optional<UnixMillis> read_time(Reader& r, std::string_view member) {
    if (!r.has(member) || r.is_null(member)) return std::nullopt;
    return r.integer(member, std::numeric_limits<UnixMillis>::min(), std::numeric_limits<UnixMillis>::max());
}

}  // namespace

AccessEntry read_access(Reader& r, UnknownFields unknown) {
    AccessEntry entry;
    entry.id = r.string("id");
    entry.kind = read_kind(r);
    entry.sha256 = r.string("sha256");
    if (!entry.sha256.empty() && !sha256_from_hex(entry.sha256))
        r.fail_at("sha256", "malformed", "must be 64 hexadecimal digits");
    entry.not_before = read_time(r, "not_before");
    entry.not_after = read_time(r, "not_after");
    entry.origins = r.strings("origins");
    entry.ofrep_minimal = r.boolean("ofrep_minimal", false);
    entry.rules = r.boolean("rules", false);
    r.finish(unknown);
    return entry;
}

EnvironmentInfo read_environment(Reader& r, UnknownFields unknown) {
    EnvironmentInfo info;
    info.org = r.string("org");
    info.project = r.string("project");
    info.key = r.string("key");
    info.env_id = r.string("env_id");
    r.finish(unknown);
    return info;
}

}  // namespace fanion::model
