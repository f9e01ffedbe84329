#include "common/wire/bundle.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "common/wire/envelope.hpp"
#include "common/wire/json_input.hpp"

namespace fanion::wire {
namespace {

constexpr std::size_t largest_payload = 256 * 1024;  // of a trust document; a manifest's own limit is lower
constexpr std::string_view trust_folder = "trust/";
constexpr std::string_view trust_ending = ".trust";
constexpr std::string_view snapshot_folder = "env/";
constexpr std::string_view snapshot_ending = ".ruleset";

struct Claim {
    std::string type;
    std::uint64_t version = 0;
};

Claim read_claim(json::Reader& r) {
    Claim claim;
    claim.type = r.string("typ");
    claim.version = static_cast<std::uint64_t>(r.integer("version", 1, latest_time));
    return claim;
}

// What stands between the two; empty: the text has another form.
std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
    if (!text.starts_with(begin) || !text.ends_with(end) || text.size() <= begin.size() + end.size()) return {};
    return text.substr(begin.size(), text.size() - begin.size() - end.size());
}

std::optional<std::uint64_t> parse_trust_version(std::string_view text) {
    std::uint64_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc() || end != text.data() + text.size() || version == 0) return std::nullopt;
    if (std::to_string(version) != text) return std::nullopt;
    return version;
}

void add_snapshot(StoredDocuments& stored, std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return;
    const auto env_id = text.substr(0, slash);
    const auto version = parse_version(text.substr(slash + 1));
    if (!is_valid_env_id(env_id) || !version || to_string(*version) != text.substr(slash + 1)) return;
    stored.snapshots[std::string(env_id)].insert(*version);
}

}  // namespace

Result<BundleDocument> read_bundle_document(std::string_view bytes) {
    const auto envelope = parse_envelope(bytes);
    if (!envelope) return envelope.error();
    const auto claim = read_json(envelope->payload, largest_payload, "the document", read_claim);
    if (!claim) return claim.error();
    BundleDocument document;
    if (claim->type == "trust") {
        document.trust = claim->version;
        return document;
    }
    const auto manifest = parse_manifest(envelope->payload);
    if (!manifest) return manifest.error();
    if (manifest->type != ManifestType::full && manifest->type != ManifestType::delta)
        return Error{Errc::invalid_input, "neither a trust document nor a ruleset"};
    if (!is_valid_env_id(manifest->env_id)) return Error{Errc::invalid_input, "the environment id is not valid"};
    document.env_id = manifest->env_id;
    document.version = manifest->version;
    document.place = manifest->org + "/" + manifest->project + "/" + manifest->env;
    return document;
}

Result<> BundleSplitter::append(std::string_view bytes) {
    if (bytes.size() > most_bytes_ - document_.size())
        return Error{Errc::too_large, "a document is larger than " + std::to_string(most_bytes_) + " bytes"};
    document_ += bytes;
    return {};
}

Result<> BundleSplitter::feed(std::string_view bytes, std::vector<std::string>& documents) {
    while (!bytes.empty()) {
        if (at_line_start_) {
            if (lines_ >= 2 && bytes.front() == '{') {
                documents.push_back(std::exchange(document_, {}));
                lines_ = 0;
            }
            lines_ = std::min(lines_ + 1, 2u);
            if (bytes.front() != '{' && document_.empty()) return Error{Errc::invalid_input, "not a bundle"};
        }
        const auto end = bytes.find('\n');
        const auto length = end == std::string_view::npos ? bytes.size() : end + 1;
        if (auto appended = append(bytes.substr(0, length)); !appended) return appended;
        at_line_start_ = end != std::string_view::npos;
        bytes.remove_prefix(length);
    }
    return {};
}

Result<> BundleSplitter::finish(std::vector<std::string>& documents) {
    if (document_.empty()) return {};
    if (!at_line_start_ || lines_ < 2) return Error{Errc::invalid_input, "the bundle was cut short"};
    documents.push_back(std::exchange(document_, {}));
    lines_ = 0;
    return {};
}

std::string trust_object_name(std::uint64_t version) {
    return std::string(trust_folder) + std::to_string(version) + std::string(trust_ending);
}

std::string snapshot_object_name(std::string_view env_id, Version version) {
    return std::string(snapshot_folder) + std::string(env_id) + "/" + to_string(version) + std::string(snapshot_ending);
}

StoredDocuments parse_object_names(const std::vector<std::string>& names) {
    StoredDocuments stored;
    for (const auto& name : names) {
        const auto trust = between(name, trust_folder, trust_ending);
        if (const auto version = parse_trust_version(trust)) stored.trust.insert(*version);
        add_snapshot(stored, between(name, snapshot_folder, snapshot_ending));
    }
    return stored;
}

StoreChanges missing_documents(const StoredDocuments& stored, const std::set<std::uint64_t>& trust, const Have& held) {
    StoreChanges changes;
    std::ranges::set_difference(trust, stored.trust, std::back_inserter(changes.trust));
    for (const auto& [env_id, version] : held) {
        const auto at = stored.snapshots.find(env_id);
        if (at == stored.snapshots.end() || *at->second.rbegin() < version) changes.environments.push_back(env_id);
    }
    return changes;
}

std::vector<Version> outdated_snapshots(const StoredDocuments& stored, std::string_view env_id, Version put) {
    const auto at = stored.snapshots.find(env_id);
    if (at == stored.snapshots.end()) return {};
    auto versions = at->second;
    versions.insert(put);
    std::vector<Version> outdated;
    for (auto version = versions.begin(); versions.size() - outdated.size() > kept_snapshots; ++version)
        outdated.push_back(*version);
    return outdated;
}

}  // namespace fanion::wire
