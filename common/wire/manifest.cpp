#include "common/wire/manifest.hpp"

#include <utility>

#include "common/base/text.hpp"
#include "common/json/limits.hpp"
#include "common/json/writer.hpp"
#include "common/wire/json_input.hpp"

namespace fanion::wire {
namespace {

std::uint64_t count(json::Reader& r, std::string_view member, std::int64_t low = 0) {
    return static_cast<std::uint64_t>(r.integer(member, low, largest_integer));
}

Sha256 hash(json::Reader& r, std::string_view member) {
    const auto text = r.string(member);
    const auto parsed = sha256_from_hex(text);
    if (!parsed) r.fail_at(member, "malformed", "must be 64 lower-case hexadecimal digits");
    return parsed.value_or(Sha256{});
}

std::optional<Sha256> optional_hash(json::Reader& r, std::string_view member) {
    if (!r.has(member) || r.is_null(member)) return std::nullopt;
    return hash(r, member);
}

ManifestType read_type(json::Reader& r) {
    const auto text = r.string("typ");
    for (const auto type : {ManifestType::full, ManifestType::delta, ManifestType::head, ManifestType::revoked})
        if (text == name_of(type)) return type;
    r.fail_at("typ", "malformed", "must be one of full, delta, head, revoked");
    return ManifestType::full;
}

void read_base(json::Reader& r, Manifest& m) {
    auto base = r.object("base");
    DeltaBase read;
    read.version = {count(base, "epoch"), count(base, "version")};
    read.root = hash(base, "root");
    if (read.version >= m.version) r.fail_at("base", "out_of_range", "must be older than the manifest's own version");
    m.base = read;
    m.full = optional_hash(r, "full");
}

std::optional<AuditHead> read_audit(json::Reader& r) {
    auto audit = r.optional_object("audit");
    if (!audit) return std::nullopt;
    return AuditHead{count(*audit, "seq", 1), hash(*audit, "hash")};
}

Manifest read_manifest(json::Reader& r) {
    Manifest m;
    m.type = read_type(r);
    m.iss = r.string("iss");
    m.org = r.string("org");
    m.project = r.string("project");
    m.env = r.string("env");
    m.env_id = r.string("env_id");
    m.min_reader = static_cast<std::uint32_t>(r.integer("min_reader", 0, 1'000'000));
    m.version.epoch = count(r, "epoch");
    m.version.number = count(r, "version");
    m.prev = optional_hash(r, "prev");
    m.root = hash(r, "root");
    m.items = count(r, "items");
    m.bytes = count(r, "bytes");
    m.issued_at = r.integer("issued_at", 0, latest_time);
    m.update_class = r.string("class", "normal");
    if (m.type == ManifestType::delta) read_base(r, m);
    m.audit = read_audit(r);
    if (m.type == ManifestType::head) m.expires_at = r.integer("expires_at", 0, latest_time);
    return m;
}

}  // namespace

std::string to_string(Version version) { return std::to_string(version.epoch) + "." + std::to_string(version.number); }

std::optional<Version> parse_version(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto epoch = parse_u64(text.substr(0, dot));
    const auto number = parse_u64(text.substr(dot + 1));
    if (!epoch || !number) return std::nullopt;
    return Version{*epoch, *number};
}

std::string_view name_of(ManifestType type) noexcept {
    switch (type) {
        case ManifestType::full:
            return "full";
        case ManifestType::delta:
            return "delta";
        case ManifestType::head:
            return "head";
        case ManifestType::revoked:
            return "revoked";
    }
    return "full";
}

std::string to_json(const Manifest& m) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("typ", name_of(m.type)).member("iss", m.iss);
    w.member("org", m.org).member("project", m.project).member("env", m.env).member("env_id", m.env_id);
    w.member("min_reader", std::uint64_t{m.min_reader});
    w.member("epoch", m.version.epoch).member("version", m.version.number);
    if (m.prev) w.member("prev", to_hex(*m.prev));
    w.member("root", to_hex(m.root)).member("items", m.items).member("bytes", m.bytes);
    w.member("issued_at", m.issued_at).member("class", m.update_class);
    if (m.base) {
        w.key("base").begin_object().member("epoch", m.base->version.epoch).member("version", m.base->version.number);
        w.member("root", to_hex(m.base->root)).end_object();
    }
    if (m.full) w.member("full", to_hex(*m.full));
    if (m.expires_at) w.member("expires_at", *m.expires_at);
    if (m.audit) {
        w.key("audit").begin_object().member("seq", m.audit->seq).member("hash", to_hex(m.audit->hash)).end_object();
    }
    w.end_object();
    return out;
}

Result<Manifest> parse_manifest(std::string_view line) {
    return read_json(line, limits::manifest_bytes, "the manifest", [](json::Reader& r) { return read_manifest(r); });
}

}  // namespace fanion::wire
