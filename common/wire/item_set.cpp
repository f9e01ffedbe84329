#include "common/wire/item_set.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace fanion::wire {
namespace {

constexpr std::size_t tab_and_line_feed = 2;

std::size_t line_bytes(std::string_view key, const StoredItem& item) {
    // The line of a redacted item has '#' and the hash in place of the body.
    const auto body = item.body ? item.body->size() : 1 + 2 * item.hash.size();
    return key.size() + body + tab_and_line_feed;
}

bool is_before(const ItemMap::value_type& item, std::string_view key) noexcept { return item.first < key; }

}  // namespace

ItemMap::ItemMap(const ItemMap& other) : size_(other.size_) {
    other.was_copied_ = true;
    blocks_.reserve(other.blocks_.size());
    for (const auto& block : other.blocks_) blocks_.push_back({block.items, false});
}

ItemMap::ItemMap(ItemMap&& other) noexcept
    : blocks_(std::exchange(other.blocks_, {})),
      size_(std::exchange(other.size_, 0)),
      was_copied_(other.was_copied_.load()) {}

ItemMap& ItemMap::operator=(ItemMap other) noexcept {
    blocks_.swap(other.blocks_);
    size_ = other.size_;
    was_copied_ = other.was_copied_.load();
    return *this;
}

ItemMap::const_iterator ItemMap::lower_bound(std::string_view key) const noexcept {
    const auto block = std::partition_point(blocks_.begin(), blocks_.end(), [&](const Block& candidate) {
        return is_before(candidate.items->back(), key);
    });
    if (block == blocks_.end()) return end();
    const auto& items = *block->items;
    const auto found = std::lower_bound(items.begin(), items.end(), key, is_before);
    return {*this, static_cast<std::size_t>(block - blocks_.begin()), static_cast<std::size_t>(found - items.begin())};
}

ItemMap::const_iterator ItemMap::find(std::string_view key) const noexcept {
    const auto found = lower_bound(key);
    return found != end() && found->first == key ? found : end();
}

const StoredItem& ItemMap::at(std::string_view key) const {
    const auto found = find(key);
    if (found == end()) throw std::out_of_range("no such item");
    return found->second;
}

ItemMap::Items& ItemMap::writable(std::size_t block) {
    if (was_copied_.exchange(false)) {
        for (auto& shared : blocks_) shared.is_own = false;
    }
    auto& wanted = blocks_[block];
    if (!wanted.is_own) wanted = {std::make_shared<Items>(*wanted.items), true};
    return *wanted.items;
}

// Items that come in order fill their blocks; a full block in the middle is divided.
void ItemMap::insert(const_iterator before, value_type item) {
    ++size_;
    auto [block, index] = std::pair(before.block_, before.index_);
    if (block == blocks_.size() && block > 0) index = blocks_[--block].items->size();
    if (blocks_.empty() || index == block_items) {
        const auto at = blocks_.begin() + static_cast<std::ptrdiff_t>(blocks_.empty() ? 0 : block + 1);
        blocks_.insert(at, {std::make_shared<Items>(Items{std::move(item)}), !was_copied_});
        return;
    }
    auto& items = writable(block);
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(index), std::move(item));
    if (items.size() <= block_items) return;
    const auto middle = items.begin() + block_items / 2;
    auto rest = std::make_shared<Items>(std::make_move_iterator(middle), std::make_move_iterator(items.end()));
    items.erase(middle, items.end());
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(block + 1), {std::move(rest), true});
}

void ItemMap::replace(const_iterator at, StoredItem item) { writable(at.block_)[at.index_].second = std::move(item); }

// A block that has become small takes in what follows it.
void ItemMap::erase(const_iterator at) {
    --size_;
    auto& items = writable(at.block_);
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(at.index_));
    const auto next = blocks_.begin() + static_cast<std::ptrdiff_t>(at.block_) + 1;
    if (items.empty()) {
        blocks_.erase(next - 1);
    } else if (next != blocks_.end() && items.size() + next->items->size() <= block_items / 2) {
        items.insert(items.end(), next->items->begin(), next->items->end());
        blocks_.erase(next);
    }
}

void ItemSet::put(std::string_view key, std::shared_ptr<const std::string> body) {
    const auto hash = sha256(*body);
    place(key, StoredItem{std::move(body), hash});
}

void ItemSet::put(std::string_view key, std::shared_ptr<const std::string> body, const Sha256& hash) {
    place(key, StoredItem{std::move(body), hash});
}

void ItemSet::put_redacted(std::string_view key, const Sha256& hash) { place(key, StoredItem{nullptr, hash}); }

void ItemSet::place(std::string_view key, StoredItem item) {
    bytes_ += line_bytes(key, item);
    const auto at = items_.lower_bound(key);
    if (at == items_.end() || at->first != key) return items_.insert(at, {std::string(key), std::move(item)});
    bytes_ -= line_bytes(key, at->second);
    items_.replace(at, std::move(item));
}

void ItemSet::erase(std::string_view key) {
    const auto at = items_.find(key);
    if (at == items_.end()) return;
    bytes_ -= line_bytes(key, at->second);
    items_.erase(at);
}

bool ItemSet::has_redacted() const noexcept {
    return std::any_of(items_.begin(), items_.end(), [](const auto& entry) { return entry.second.body == nullptr; });
}

Sha256 ItemSet::root() const {
    constexpr std::size_t at_once = 16 * 1024;
    Sha256Stream hash;
    std::string pieces;
    for (const auto& [key, item] : items_) {
        pieces += key;
        pieces += '\0';
        pieces += as_view(item.hash);
        if (pieces.size() < at_once) continue;
        hash.update(pieces);
        pieces.clear();
    }
    hash.update(pieces);
    return hash.finish();
}

bool operator==(const ItemSet& a, const ItemSet& b) {
    return std::equal(
        a.items_.begin(), a.items_.end(), b.items_.begin(), b.items_.end(),
        [](const auto& x, const auto& y) { return x.first == y.first && x.second.hash == y.second.hash; });
}

}  // namespace fanion::wire
