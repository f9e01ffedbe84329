#include "control-plane/relays/outbox.hpp"

#include <utility>

namespace fanion::cp::relays {

void Outbox::add(const access::EnvironmentId& env_id, std::optional<wire::Version> held, wire::Version newest) {
    const bool is_behind = !held || *held < newest;
    states_.insert_or_assign(env_id, State{held, is_behind});
}

bool Outbox::remove(const access::EnvironmentId& env_id, net::SharedBytes last) {
    if (states_.erase(env_id) == 0) return false;
    std::erase_if(queue_, [&](const Entry& entry) {
        if (entry.env_id != env_id) return false;
        bytes_ -= entry.bytes->size();
        return true;
    });
    if (last) push(env_id, wire::StreamEvent::revoked, std::move(last));
    return true;
}

std::vector<access::EnvironmentId> Outbox::env_ids() const {
    std::vector<access::EnvironmentId> out;
    for (const auto& [env_id, state] : states_) out.push_back(env_id);
    return out;
}

std::optional<wire::Version> Outbox::version_of(const access::EnvironmentId& env_id) const {
    const auto at = states_.find(env_id);
    return at == states_.end() ? std::nullopt : at->second.version;
}

bool Outbox::fits(const net::SharedBytes& bytes) const noexcept {
    return queue_.empty() || bytes_ + bytes->size() <= max_bytes_;
}

void Outbox::push(const access::EnvironmentId& env_id, wire::StreamEvent event, net::SharedBytes bytes) {
    bytes_ += bytes->size();
    queue_.push_back({env_id, event, std::move(bytes)});
}

void Outbox::offer_step(const access::EnvironmentId& env_id, wire::Version base, wire::Version to,
                        net::SharedBytes bytes) {
    const auto at = states_.find(env_id);
    if (at == states_.end() || at->second.is_behind) return;
    auto& state = at->second;
    if (state.version && *state.version >= to) return;
    if (state.version != base) {
        state.is_behind = true;
    } else if (fits(bytes)) {
        push(env_id, wire::StreamEvent::patch, std::move(bytes));
        state.version = to;
    } else {
        overflow();
        state = State{std::nullopt, true};
    }
}

void Outbox::offer_version(const access::EnvironmentId& env_id, wire::Version to) {
    const auto at = states_.find(env_id);
    if (at == states_.end() || (at->second.version && *at->second.version >= to)) return;
    at->second.is_behind = true;
}

void Outbox::offer_head(const access::EnvironmentId& env_id, wire::Version version, net::SharedBytes bytes) {
    const auto at = states_.find(env_id);
    if (at == states_.end() || at->second.is_behind || at->second.version != version || !fits(bytes)) return;
    push(env_id, wire::StreamEvent::head, std::move(bytes));
}

// Heads need no replacement; a revocation is the last word on its environment and stays.
void Outbox::overflow() {
    ++overflows_;
    std::deque<Entry> kept;
    bytes_ = 0;
    for (auto& entry : queue_) {
        if (entry.event == wire::StreamEvent::patch) {
            if (const auto at = states_.find(entry.env_id); at != states_.end()) at->second = State{std::nullopt, true};
        } else if (entry.event == wire::StreamEvent::revoked) {
            bytes_ += entry.bytes->size();
            kept.push_back(std::move(entry));
        }
    }
    queue_ = std::move(kept);
}

std::optional<Outbox::Entry> Outbox::pop() {
    if (queue_.empty()) return std::nullopt;
    auto entry = std::move(queue_.front());
    queue_.pop_front();
    bytes_ -= entry.bytes->size();
    return entry;
}

std::optional<Outbox::Behind> Outbox::behind() const {
    for (const auto& [env_id, state] : states_)
        if (state.is_behind) return Behind{env_id, state.version};
    return std::nullopt;
}

void Outbox::caught_up(const access::EnvironmentId& env_id, wire::Version to, wire::Version newest) {
    if (const auto at = states_.find(env_id); at != states_.end()) at->second = State{to, to < newest};
}

void Outbox::park(const access::EnvironmentId& env_id) {
    if (const auto at = states_.find(env_id); at != states_.end()) at->second = State{std::nullopt, false};
}

}  // namespace fanion::cp::relays
