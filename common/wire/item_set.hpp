#pragma once

// The content of one environment as it travels: item bodies and their hashes, sorted by key, and the root over them
// (distribution.md). Full snapshot, delta, disk and bundle reach the same root by this code. Plain value; copying shares bodies.

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/crypto.hpp"

namespace fanion::wire {

struct StoredItem {
    std::shared_ptr<const std::string> body;  // null: redacted, only the hash is known
    Sha256 hash{};
};

class ItemSet {
public:
    using Map = std::map<std::string, StoredItem, std::less<>>;

    void put(std::string_view key, std::shared_ptr<const std::string> body);  // hashes it
    void put(std::string_view key, std::shared_ptr<const std::string> body,
             const Sha256& hash);  // hash known to be its
    void put_redacted(std::string_view key, const Sha256& hash);
    void erase(std::string_view key);

    const Map& items() const noexcept { return items_; }
    std::size_t size() const noexcept { return items_.size(); }
    bool has_redacted() const noexcept;

    // SHA-256 over, in order of key bytes, key NUL sha256(body).
    Sha256 root() const;
    // Sum of the item lines' lengths in the full form: key TAB body LF. Manifest member `bytes`.
    std::size_t bytes() const noexcept { return bytes_; }

    friend bool operator==(const ItemSet& a, const ItemSet& b);  // same keys and hashes

private:
    void place(std::string_view key, StoredItem item);

    Map items_;
    std::size_t bytes_ = 0;
};

// What a delta carries: a body for put, none for a tombstone, by key.
struct ItemChange {
    std::string key;
    std::shared_ptr<const std::string> body;  // null: tombstone
};

}  // namespace fanion::wire
