#pragma once

// What a backup says of itself: manifest.json, which is written last, and the same bytes sealed as
// manifest.cms, by which whoever has the private key recognises an altered one. Plain values, pure.
//
//     <id>/database.00000.cms ..   pg_dump's custom format, cut into pieces, each sealed
//     <id>/rulesets.00000.cms ..   a bundle (common/wire/bundle.hpp): trust documents, then every
//                                  environment's signed snapshot; cut and sealed likewise
//     <id>/manifest.cms
//     <id>/manifest.json

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"

namespace fanion::backup {

inline constexpr std::string_view manifest_name = "manifest.json";
inline constexpr std::string_view sealed_manifest_name = "manifest.cms";
inline constexpr std::size_t most_manifest_bytes = 16u * 1024 * 1024;

enum class Stream { database, rulesets };
std::string_view name_of(Stream stream) noexcept;

// "database.00000.cms"
std::string piece_name(Stream stream, std::size_t number);
// Whether a backup may have an object of this name.
bool is_backup_object(std::string_view name);

struct Piece {
    std::uint64_t bytes = 0;  // sealed
    std::string sha256;       // of the sealed bytes, in hex

    friend bool operator==(const Piece&, const Piece&) = default;
};

struct StreamRecord {
    std::uint64_t bytes = 0;  // unsealed, of all pieces
    std::string sha256;       // of the same
    std::vector<Piece> pieces;

    friend bool operator==(const StreamRecord&, const StreamRecord&) = default;
};

struct EnvironmentRecord {
    std::string env_id;
    std::string place;    // org/project/env
    std::string version;  // "<epoch>.<version>"
    std::string problem;  // why its ruleset does not verify; empty: it does

    friend bool operator==(const EnvironmentRecord&, const EnvironmentRecord&) = default;
};

struct Manifest {
    std::string id;
    UnixMillis begun_at = 0, ended_at = 0;
    std::string fanion;  // version of the program that made it
    std::string iss;
    std::uint64_t epoch = 0;
    std::uint64_t schema = 0;  // number of the newest migration
    std::string server;        // version of the database server, "15.8"
    std::string pg_dump;       // and of the program that dumped
    std::string owner;         // role that owns the schema
    std::vector<std::string> extensions;
    std::vector<std::string> recipients;  // hashes of the public keys it is sealed for (recipient.hpp)
    std::uint64_t trust = 0;              // version of the newest trust document
    std::vector<EnvironmentRecord> environments;
    std::map<std::string, std::uint64_t> rows;  // by table, "fanion.flags"
    StreamRecord database, rulesets;

    const StreamRecord& of(Stream stream) const noexcept { return stream == Stream::database ? database : rulesets; }
    StreamRecord& of(Stream stream) noexcept { return stream == Stream::database ? database : rulesets; }
    std::uint64_t sealed_bytes() const noexcept;

    friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string to_json(const Manifest& manifest);
// Errors: invalid_input (not a manifest, of another format, or with a name that no backup has).
Result<Manifest> parse_manifest(std::string_view text);

}  // namespace fanion::backup
