#pragma once

// A map bounded by the sum of its values' costs, in whatever unit the caller counts; beyond it the
// least recently used values are dropped. One thread.

#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace fanion {

template <class Value>
class LruCache {
public:
    explicit LruCache(std::size_t max_cost) : max_cost_(max_cost) {}

    // Null when absent. Valid until the next put or erase.
    const Value* find(std::string_view key) {
        const auto at = index_.find(key);
        if (at == index_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, at->second);
        return &at->second->value;
    }

    // A value that alone exceeds the bound is not kept.
    void put(std::string_view key, Value value, std::size_t cost) {
        erase(key);
        if (cost > max_cost_) return;
        while (cost_ + cost > max_cost_) erase(std::string(entries_.back().key));
        entries_.push_front({std::string(key), std::move(value), cost});
        index_.emplace(entries_.front().key, entries_.begin());
        cost_ += cost;
    }

    void erase(std::string_view key) {
        const auto at = index_.find(key);
        if (at == index_.end()) return;
        cost_ -= at->second->cost;
        entries_.erase(at->second);
        index_.erase(at);
    }

    std::size_t size() const noexcept { return index_.size(); }
    std::size_t cost() const noexcept { return cost_; }

private:
    struct Entry {
        std::string key;
        Value value;
        std::size_t cost;
    };

    std::size_t max_cost_;
    std::size_t cost_ = 0;
    std::list<Entry> entries_;  // most recently used first
    std::map<std::string, typename std::list<Entry>::iterator, std::less<>> index_;
};

}  // namespace fanion
