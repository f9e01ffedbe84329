#pragma once

// Signed documents at rest, for relays that start from them: one after another in a bundle file, or
// one in each object of a store, whose names are those of a relay's cache directory:
//
//     trust/<version>.trust                     a trust document
//     env/<env_id>/<epoch>.<version>.ruleset    a snapshot of an environment
//
// A document begins at a line that begins with "{" and is not the second line of the one before.
// Nothing is verified here: names and documents are what somebody claims (acceptance.hpp). Pure.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/have.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::wire {

// What a document claims to be.
struct BundleDocument {
    std::string env_id;       // of a ruleset; empty: a trust document
    std::uint64_t trust = 0;  // version of a trust document
    Version version;          // of a ruleset
    std::string place;        // of a ruleset: "org/project/env"
    bool is_trust() const noexcept { return env_id.empty(); }
};
// Errors: too_large, invalid_input (neither a trust document nor a ruleset; a head is not one).
Result<BundleDocument> read_bundle_document(std::string_view bytes);

// Splits a bundle that arrives in pieces. Not thread-safe.
class BundleSplitter {
public:
    explicit BundleSplitter(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    // Appends the documents that `bytes` completes: those that another one follows. Error:
    // too_large, a document of more than the limit, before its bytes are stored.
    Result<> feed(std::string_view bytes, std::vector<std::string>& documents);
    // At the end of the bundle: the last document. Error: invalid_input, it was cut short.
    Result<> finish(std::vector<std::string>& documents);

private:
    Result<> append(std::string_view bytes);

    std::size_t most_bytes_;
    std::string document_;  // complete lines and the beginning of the next
    unsigned lines_ = 0;    // begun in document_
    bool at_line_start_ = true;
};

std::string trust_object_name(std::uint64_t version);
std::string snapshot_object_name(std::string_view env_id, Version version);

// The names in a store. Names that are not of the form above are ignored.
struct StoredDocuments {
    std::set<std::uint64_t> trust;
    std::map<std::string, std::set<Version>, std::less<>> snapshots;  // by environment
};
StoredDocuments parse_object_names(const std::vector<std::string>& names);

// What is to be done so that a store has the newest snapshots.
struct StoreChanges {
    std::vector<std::uint64_t> trust;       // to be put
    std::vector<std::string> environments;  // whose newest snapshot is to be put
    bool is_empty() const noexcept { return trust.empty() && environments.empty(); }
};
// An older snapshot is never put beside a newer one, whoever put that.
StoreChanges missing_documents(const StoredDocuments& stored, const std::set<std::uint64_t>& trust, const Have& held);
// The snapshots of an environment that are to be removed once `put` is stored: all but the newest
// `kept_snapshots`.
inline constexpr std::size_t kept_snapshots = 2;
std::vector<Version> outdated_snapshots(const StoredDocuments& stored, std::string_view env_id, Version put);

}  // namespace fanion::wire
