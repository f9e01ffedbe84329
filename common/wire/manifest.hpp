#pragma once

// The signed manifest of docs/distribution.md, "The bytes". Plain values, pure functions.
//
// `items`, `bytes` and `root` always describe the full ruleset at `version`, even in the manifest
// of a delta or a head.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/base/error.hpp"

namespace fanion::wire {

inline constexpr std::string_view ruleset_media_type = "application/vnd.fanion.ruleset.v1";
inline constexpr std::string_view manifest_payload_type = "application/vnd.fanion.manifest.v1+json";
inline constexpr std::string_view trust_payload_type = "application/vnd.fanion.trust.v1+json";
inline constexpr std::uint32_t reader_version = 1;  // compared with min_reader

// The version of an environment's ruleset. Versions are ordered and never reused.
struct Version {
    std::uint64_t epoch = 0;
    std::uint64_t number = 0;
    friend auto operator<=>(const Version&, const Version&) = default;
};
std::string to_string(Version version);  // "1763719200.4711"
std::optional<Version> parse_version(std::string_view text);

enum class ManifestType { full, delta, head, revoked };
std::string_view name_of(ManifestType type) noexcept;

struct DeltaBase {
    Version version;
    Sha256 root{};
};

// The newest entry of an audit log's hash chain at some moment. Its hash determines every entry up
// to it.
struct AuditHead {
    std::uint64_t seq = 0;
    Sha256 hash{};
    friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

struct Manifest {
    ManifestType type = ManifestType::full;
    std::string iss;
    std::string org;
    std::string project;
    std::string env;
    std::string env_id;
    std::uint32_t min_reader = 1;
    Version version;
    std::optional<Sha256> prev;  // SHA-256 of the previous version's full manifest bytes; none for the first
    Sha256 root{};
    std::uint64_t items = 0;
    std::uint64_t bytes = 0;
    UnixMillis issued_at = 0;
    std::string update_class = "normal";  // member "class"
    std::optional<DeltaBase> base;        // delta only
    // Delta only: the SHA-256 of the full manifest of the same version. That manifest must then be
    // in line 0 (SignatureLine::full), which is not signed; the hash leaves no byte of it
    // undetermined.
    std::optional<Sha256> full;
    std::optional<UnixMillis> expires_at;  // head only
    // The head of the organisation's audit log when the version was signed; none in manifests of
    // earlier programs, and where the log was empty.
    std::optional<AuditHead> audit;
};

// Members are written in the order of docs/distribution.md.
std::string to_json(const Manifest& manifest);
// Unknown members are ignored. Errors: too_large, invalid_input with findings.
Result<Manifest> parse_manifest(std::string_view line);

}  // namespace fanion::wire
