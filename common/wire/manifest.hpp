#pragma once

// The signed manifest of distribution.md. Plain values, pure functions.
//
// `items`, `bytes` and `root` always describe the full ruleset at `version`, in a delta and a head too
// (docs/distribution.md).

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

struct Version {  // (epoch, version), never reissued
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
    std::string klass = "normal";   // member "class"
    std::optional<DeltaBase> base;  // delta
    std::optional<Sha256> full;     // delta: SHA-256 of the full manifest's bytes of the same version, which then
                                    // must ride in line 0 (SignatureLine::full), so that not one byte of it is free
    std::optional<UnixMillis> expires_at;  // head
};

std::string to_json(const Manifest& manifest);           // members in the order of distribution.md
Result<Manifest> parse_manifest(std::string_view line);  // unknown members are ignored

}  // namespace fanion::wire
