#pragma once

// The content of one environment: item bodies and their hashes, sorted by key, and the root
// computed from them (docs/distribution.md). Snapshots, deltas and files all get their root from
// this code. A plain value; copies share the bodies, which are immutable.

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/crypto.hpp"

namespace fanion::wire {

struct StoredItem {
    std::shared_ptr<const std::string> body;  // null: redacted; only the hash is known
    Sha256 hash{};
};

class ItemSet {
public:
    using Map = std::map<std::string, StoredItem, std::less<>>;

    // Inserts or replaces an item. Computes the hash of `body`.
    void put(std::string_view key, std::shared_ptr<const std::string> body);
    // The same for a body whose hash the caller already knows.
    void put(std::string_view key, std::shared_ptr<const std::string> body, const Sha256& hash);
    void put_redacted(std::string_view key, const Sha256& hash);
    void erase(std::string_view key);

    const Map& items() const noexcept { return items_; }
    std::size_t size() const noexcept { return items_.size(); }
    bool has_redacted() const noexcept;

    // SHA-256 over the concatenation, in byte order of the keys, of: key NUL sha256(body).
    Sha256 root() const;
    // Total length of the item lines in the full form (key TAB body LF): the manifest's member
    // `bytes`.
    std::size_t bytes() const noexcept { return bytes_; }

    friend bool operator==(const ItemSet& a, const ItemSet& b);  // same keys and hashes

private:
    void place(std::string_view key, StoredItem item);

    Map items_;
    std::size_t bytes_ = 0;
};

// One change of a delta.
struct ItemChange {
    std::string key;
    std::shared_ptr<const std::string> body;  // null: tombstone
};

}  // namespace fanion::wire
