#include "relay/chain/child_reports.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace fanion::relay::chain {
namespace {

constexpr std::size_t most_detailed_bytes = ChildReports::most_bytes / 4;

// As it is sent: what escapes add is the other relay's choice.
std::size_t bytes_of(wire::RelayBelow& relay) {
    wire::RelayStatus alone;
    alone.below.push_back(std::move(relay));
    const auto bytes = wire::to_json(alone).size();
    relay = std::move(alone.below.front());
    return bytes;
}

template <class Item>
void append(std::vector<Item>& to, std::vector<Item> from, std::size_t most) {
    const auto room = most - std::min(most, to.size());
    from.resize(std::min(from.size(), room));
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

}  // namespace

bool ChildReports::put(wire::RelayStatus status, UnixMillis now) {
    if (status.relay == own_id_) return false;
    {
        const std::lock_guard lock(mutex_);
        metrics_.received.add();
        for (auto& relay : status.below) {
            relay.path.insert(relay.path.begin(), own_id_);
            keep(std::move(relay), now);
        }
        keep({{own_id_},
              status.relay,
              status.boot,
              status.build,
              status.trust,
              0,
              std::move(status.environments),
              std::move(status.labels),
              std::move(status.events)},
             now);
        append(noted_.keys, std::move(status.keys), wire::most_key_uses);
        append(noted_.attributes, std::move(status.attributes), wire::most_attributes);
    }
    if (on_put_) on_put_();
    return true;
}

void ChildReports::keep(wire::RelayBelow relay, UnixMillis now) {
    const bool is_circle = relay.relay == own_id_ ||
                           std::find(std::next(relay.path.begin()), relay.path.end(), own_id_) != relay.path.end();
    const bool is_new = !waiting_.contains(relay.relay);
    if (is_new && waiting_.size() >= wire::most_relays_below) forget_old(now);
    const bool is_full = is_new && waiting_.size() >= wire::most_relays_below;
    if (is_circle || is_full || relay.path.size() > wire::most_levels_below || relay.age > report_lifetime) {
        metrics_.dropped.add();
        return;
    }
    auto bytes = bytes_of(relay);
    if (bytes > most_detailed_bytes) {
        for (auto& env : relay.environments) env.detail.clear();
        bytes = bytes_of(relay);
    }
    if (bytes > most_bytes) {
        metrics_.dropped.add();
        return;
    }
    auto& waiting = waiting_[relay.relay];
    waiting.received = now;
    waiting.serial = ++serial_;
    waiting.bytes = bytes;
    waiting.relay = std::move(relay);
}

void ChildReports::forget_old(UnixMillis now) {
    const auto forgotten =
        std::erase_if(waiting_, [now](const auto& entry) { return now - entry.second.received > report_lifetime; });
    metrics_.dropped.add(forgotten);
}

std::vector<wire::RelayBelow> ChildReports::due(UnixMillis now) {
    const std::lock_guard lock(mutex_);
    forget_old(now);
    for (auto& [id, waiting] : waiting_) waiting.offered = 0;
    std::vector<wire::RelayBelow> due;
    std::size_t bytes = 0;
    auto at = waiting_.upper_bound(last_offered_);
    for (std::size_t i = 0; i < waiting_.size(); ++i, ++at) {
        if (at == waiting_.end()) at = waiting_.begin();
        auto& waiting = at->second;
        bytes += waiting.bytes;
        if (!due.empty() && bytes > most_bytes) break;
        waiting.offered = waiting.serial;
        due.push_back(waiting.relay);
        due.back().age += static_cast<std::uint64_t>(std::max<UnixMillis>(now - waiting.received, 0));
    }
    if (!due.empty()) last_offered_ = due.back().relay;
    return due;
}

void ChildReports::passed_up() {
    const std::lock_guard lock(mutex_);
    metrics_.passed_up.add(
        std::erase_if(waiting_, [](const auto& entry) { return entry.second.offered == entry.second.serial; }));
}

ChildReports::Noted ChildReports::take_noted() {
    const std::lock_guard lock(mutex_);
    return std::exchange(noted_, {});
}

std::size_t ChildReports::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

}  // namespace fanion::relay::chain
