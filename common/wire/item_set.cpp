#include "common/wire/item_set.hpp"

#include <algorithm>
#include <utility>

namespace fanion::wire {
namespace {

constexpr std::size_t tab_and_line_feed = 2;

std::size_t line_bytes(std::string_view key, const StoredItem& item) {
    // The line of a redacted item has '#' and the hash in place of the body.
    const auto body = item.body ? item.body->size() : 1 + 2 * item.hash.size();
    return key.size() + body + tab_and_line_feed;
}

}  // namespace

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
    auto at = items_.lower_bound(key);
    if (at != items_.end() && at->first == key) {
        bytes_ -= line_bytes(key, at->second);
        at->second = std::move(item);
        return;
    }
    items_.emplace_hint(at, std::string(key), std::move(item));
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
    Sha256Stream hash;
    std::string piece;
    for (const auto& [key, item] : items_) {
        piece.assign(key);
        piece += '\0';
        piece += as_view(item.hash);
        hash.update(piece);
    }
    return hash.finish();
}

bool operator==(const ItemSet& a, const ItemSet& b) {
    return std::equal(
        a.items_.begin(), a.items_.end(), b.items_.begin(), b.items_.end(),
        [](const auto& x, const auto& y) { return x.first == y.first && x.second.hash == y.second.hash; });
}

}  // namespace fanion::wire
