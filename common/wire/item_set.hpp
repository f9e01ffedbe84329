#pragma once

// The content of one environment: item bodies and their hashes, sorted by key, and the root
// computed from them (docs/distribution.md). Snapshots, deltas and files all get their root from
// this code. A value: copies share what neither has changed since, so that the next version of a
// large environment costs what differs.

#include <atomic>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/crypto.hpp"

namespace fanion::wire {

struct StoredItem {
    std::shared_ptr<const std::string> body;  // null: redacted; only the hash is known
    Sha256 hash{};
};

// The items of a set, in byte order of their keys, as a constant map. Copies share their blocks.
class ItemMap {
public:
    using value_type = std::pair<std::string, StoredItem>;

    class const_iterator {
    public:
        using iterator_category = std::bidirectional_iterator_tag;
        using value_type = ItemMap::value_type;
        using difference_type = std::ptrdiff_t;
        using pointer = const value_type*;
        using reference = const value_type&;

        const_iterator() = default;
        reference operator*() const noexcept { return map_->item(block_, index_); }
        pointer operator->() const noexcept { return &**this; }
        const_iterator& operator++() noexcept {
            if (++index_ == map_->blocks_[block_].items->size()) ++block_, index_ = 0;
            return *this;
        }
        const_iterator operator++(int) noexcept {
            auto before = *this;
            ++*this;
            return before;
        }
        const_iterator& operator--() noexcept {
            if (index_ == 0) index_ = map_->blocks_[--block_].items->size();
            --index_;
            return *this;
        }
        const_iterator operator--(int) noexcept {
            auto before = *this;
            --*this;
            return before;
        }
        friend bool operator==(const const_iterator&, const const_iterator&) = default;

    private:
        friend class ItemMap;
        const_iterator(const ItemMap& map, std::size_t block, std::size_t index)
            : map_(&map), block_(block), index_(index) {}

        const ItemMap* map_ = nullptr;
        std::size_t block_ = 0;
        std::size_t index_ = 0;  // in the block; 0 at the end
    };
    using iterator = const_iterator;
    using const_reverse_iterator = std::reverse_iterator<const_iterator>;

    ItemMap() = default;
    ItemMap(const ItemMap& other);
    ItemMap(ItemMap&& other) noexcept;
    ItemMap& operator=(ItemMap other) noexcept;
    ~ItemMap() = default;

    const_iterator begin() const noexcept { return {*this, 0, 0}; }
    const_iterator end() const noexcept { return {*this, blocks_.size(), 0}; }
    const_reverse_iterator rbegin() const noexcept { return const_reverse_iterator(end()); }
    const_reverse_iterator rend() const noexcept { return const_reverse_iterator(begin()); }
    const_iterator lower_bound(std::string_view key) const noexcept;
    const_iterator find(std::string_view key) const noexcept;
    bool contains(std::string_view key) const noexcept { return find(key) != end(); }
    const StoredItem& at(std::string_view key) const;  // throws std::out_of_range
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

private:
    friend class ItemSet;

    // A block is never empty. It may be changed only by the map that made it, and only until that
    // map is copied.
    using Items = std::vector<value_type>;
    struct Block {
        std::shared_ptr<Items> items;
        bool is_own = false;
    };
    static constexpr std::size_t block_items = 128;

    const value_type& item(std::size_t block, std::size_t index) const noexcept {
        return (*blocks_[block].items)[index];
    }
    Items& writable(std::size_t block);
    void insert(const_iterator before, value_type item);
    void replace(const_iterator at, StoredItem item);
    void erase(const_iterator at);

    std::vector<Block> blocks_;
    std::size_t size_ = 0;
    // Since the last change: no block is its own any more. Set where several threads copy one map.
    mutable std::atomic<bool> was_copied_ = false;
};

class ItemSet {
public:
    using Map = ItemMap;

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
