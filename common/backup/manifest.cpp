#include "common/backup/manifest.hpp"

#include <algorithm>
#include <cstdio>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::backup {
namespace {

constexpr std::string_view format = "fanion-backup";
constexpr std::uint64_t format_version = 1;
constexpr std::string_view piece_suffix = ".cms";
constexpr std::size_t number_digits = 5;

void write_strings(json::Writer& w, std::string_view name, const std::vector<std::string>& texts) {
    w.key(name).begin_array();
    for (const auto& text : texts) w.string(text);
    w.end_array();
}

void write_stream(json::Writer& w, Stream stream, const StreamRecord& record) {
    w.key(name_of(stream)).begin_object().member("bytes", record.bytes).member("sha256", record.sha256);
    w.key("pieces").begin_array();
    for (const auto& piece : record.pieces)
        w.begin_object().member("bytes", piece.bytes).member("sha256", piece.sha256).end_object();
    w.end_array().end_object();
}

std::string read_hash(json::Reader& r) {
    auto text = r.string("sha256");
    if (!sha256_from_hex(text)) r.fail_at("sha256", "malformed", "must be 64 lower-case hexadecimal digits");
    return text;
}

StreamRecord read_stream(json::Reader r) {
    StreamRecord record{r.unsigned_integer("bytes"), read_hash(r), {}};
    for (auto& piece : r.array("pieces")) record.pieces.push_back({piece.unsigned_integer("bytes"), read_hash(piece)});
    return record;
}

UnixMillis read_time(json::Reader& r, std::string_view name) {
    const auto time = parse_rfc3339(r.string(name));
    if (!time) r.fail_at(name, "malformed", "must be a time");
    return time.value_or(0);
}

void read_rows(json::Reader& r, Manifest& manifest) {
    auto rows = r.object("rows");
    if (!rows.is_object()) return;
    for (const auto member : rows.value().members())
        manifest.rows.emplace(member.name, rows.unsigned_integer(member.name));
}

void read_environments(json::Reader& r, Manifest& manifest) {
    for (auto& e : r.array("environments"))
        manifest.environments.push_back(
            {e.string("env_id"), e.string("place"), e.string("version"), e.string("problem")});
}

Manifest read_members(json::Reader& r) {
    Manifest m;
    m.id = r.string("id");
    m.begun_at = read_time(r, "begun_at");
    m.ended_at = read_time(r, "ended_at");
    m.fanion = r.string("fanion");
    m.iss = r.string("iss");
    m.epoch = r.unsigned_integer("epoch");
    m.schema = r.unsigned_integer("schema");
    m.server = r.string("server");
    m.pg_dump = r.string("pg_dump");
    m.owner = r.string("owner");
    m.extensions = r.strings("extensions");
    m.recipients = r.strings("recipients");
    m.trust = r.unsigned_integer("trust");
    read_environments(r, m);
    read_rows(r, m);
    m.database = read_stream(r.object("database"));
    m.rulesets = read_stream(r.object("rulesets"));
    return m;
}

}  // namespace

std::string_view name_of(Stream stream) noexcept { return stream == Stream::database ? "database" : "rulesets"; }

std::string piece_name(Stream stream, std::size_t number) {
    auto digits = std::to_string(number);
    if (digits.size() < number_digits) digits.insert(0, number_digits - digits.size(), '0');
    return std::string(name_of(stream)) + "." + digits + std::string(piece_suffix);
}

bool is_backup_object(std::string_view name) {
    if (name == manifest_name || name == sealed_manifest_name) return true;
    for (const auto stream : {Stream::database, Stream::rulesets}) {
        const auto prefix = std::string(name_of(stream)) + ".";
        if (!name.starts_with(prefix) || !name.ends_with(piece_suffix)) continue;
        if (name.size() < prefix.size() + number_digits + piece_suffix.size()) continue;
        const auto digits = name.substr(prefix.size(), name.size() - prefix.size() - piece_suffix.size());
        return std::ranges::all_of(digits, is_digit);
    }
    return false;
}

std::uint64_t Manifest::sealed_bytes() const noexcept {
    std::uint64_t sum = 0;
    for (const auto* stream : {&database, &rulesets})
        for (const auto& piece : stream->pieces) sum += piece.bytes;
    return sum;
}

std::string to_json(const Manifest& m) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("format", format).member("v", format_version).member("id", m.id);
    w.member("begun_at", format_rfc3339(m.begun_at)).member("ended_at", format_rfc3339(m.ended_at));
    w.member("fanion", m.fanion).member("iss", m.iss).member("epoch", m.epoch).member("schema", m.schema);
    w.member("server", m.server).member("pg_dump", m.pg_dump).member("owner", m.owner);
    write_strings(w, "extensions", m.extensions);
    write_strings(w, "recipients", m.recipients);
    w.member("trust", m.trust).key("environments").begin_array();
    for (const auto& e : m.environments)
        w.begin_object()
            .member("env_id", e.env_id)
            .member("place", e.place)
            .member("version", e.version)
            .member("problem", e.problem)
            .end_object();
    w.end_array().key("rows").begin_object();
    for (const auto& [table, rows] : m.rows) w.member(table, rows);
    w.end_object();
    for (const auto stream : {Stream::database, Stream::rulesets}) write_stream(w, stream, m.of(stream));
    w.end_object();
    return out;
}

Result<Manifest> parse_manifest(std::string_view text) {
    json::Document document;
    const auto parsed = document.parse(text, {.bytes = most_manifest_bytes});
    if (!parsed) return Error{Errc::invalid_input, "the manifest is not JSON: " + describe(parsed.error())};
    std::vector<Finding> findings;
    json::Reader r(document.root(), findings);
    if (!r.is_object() || r.string("format", "") != format)
        return Error{Errc::invalid_input, "the manifest is not that of a backup"};
    if (const auto v = r.unsigned_integer("v"); v > format_version)
        return Error{Errc::invalid_input,
                     "the backup has format " + std::to_string(v) + ", which needs a newer version of this program"};
    auto manifest = read_members(r);
    if (!findings.empty())
        return Error{Errc::invalid_input, "the manifest is damaged: " + describe({Errc::invalid_input, "", findings})};
    return manifest;
}

}  // namespace fanion::backup
