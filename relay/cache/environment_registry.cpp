#include "relay/cache/environment_registry.hpp"

#include "relay/cache/relay_keys_file.hpp"

#include <algorithm>
#include <cstring>

namespace fanion::relay::cache {

std::uint64_t next_state_serial() noexcept {
    static std::atomic<std::uint64_t> serial{0};
    return serial.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::size_t ServingState::HashOfHash::operator()(const Sha256& hash) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, hash.data(), sizeof value);
    return value;
}

namespace {

bool id_less(const EnvironmentStatePtr& state, std::string_view env_id) { return state->env_id < env_id; }

void index_keys(ServingState& state, KeyUses& uses) {
    for (std::size_t i = 0; i < state.environments.size(); ++i) {
        for (const auto& entry : state.environments[i]->ruleset->access()) {
            if (const auto hash = sha256_from_hex(entry.sha256))
                state.keys[*hash].push_back({i, &entry, uses.of(entry.id)});
        }
    }
}

std::vector<Sha256> relay_keys_of(const eval::Ruleset& ruleset) {
    std::vector<Sha256> hashes;
    for (const auto& entry : ruleset.access()) {
        const auto hash = sha256_from_hex(entry.sha256);
        if (!hash || entry.kind != model::AccessEntry::Kind::relay) continue;
        if (hashes.size() == most_former_keys) break;
        hashes.push_back(*hash);
    }
    return hashes;
}

}  // namespace

const EnvironmentState* ServingState::find_environment(std::string_view env_id) const noexcept {
    const auto at = std::lower_bound(environments.begin(), environments.end(), env_id, id_less);
    return at != environments.end() && (*at)->env_id == env_id ? at->get() : nullptr;
}

bool ServingState::granted_formerly(std::string_view env_id, const Sha256& key_hash) const noexcept {
    if (!former || find_environment(env_id)) return false;
    const auto at = former->find(env_id);
    return at != former->end() && std::find(at->second.begin(), at->second.end(), key_hash) != at->second.end();
}

void EnvironmentRegistry::put(EnvironmentStatePtr state) {
    const auto before = current();
    auto environments = before ? before->environments : std::vector<EnvironmentStatePtr>();
    const std::string env_id = state->env_id;
    const auto at = std::lower_bound(environments.begin(), environments.end(), env_id, id_less);
    if (at != environments.end() && (*at)->env_id == env_id) {
        *at = std::move(state);
    } else {
        environments.insert(at, std::move(state));
    }
    publish(std::move(environments), env_id);
}

void EnvironmentRegistry::put_revocation(std::string_view env_id, SignedHeadPtr revoked) {
    const auto before = revocations_.load();
    auto next = std::make_shared<Revocations>(before ? *before : Revocations());
    (*next)[std::string(env_id)] = std::move(revoked);
    if (next->size() > most_revocations) {
        const auto issued_earlier = [](const auto& a, const auto& b) {
            return a.second->issued_at < b.second->issued_at;
        };
        next->erase(std::min_element(next->begin(), next->end(), issued_earlier));
    }
    revocations_.publish(std::move(next));
}

void EnvironmentRegistry::erase(std::string_view env_id) {
    const auto before = current();
    const auto* revoked = before ? before->find_environment(env_id) : nullptr;
    if (!revoked) return;
    put_former_keys(env_id, relay_keys_of(*revoked->ruleset));
    auto environments = before->environments;
    std::erase_if(environments, [&](const EnvironmentStatePtr& state) { return state->env_id == env_id; });
    publish(std::move(environments), env_id);
}

void EnvironmentRegistry::put_former_keys(std::string_view env_id, std::vector<Sha256> hashes) {
    auto next = std::make_shared<FormerRelayKeys>(former_ ? *former_ : FormerRelayKeys());
    const std::string id(env_id);
    const bool is_of_use = !hashes.empty() && (next->size() < most_revocations || next->contains(id));
    if (is_of_use) {
        next->insert_or_assign(id, std::move(hashes));
    } else {
        next->erase(id);
    }
    former_ = std::move(next);
}

std::vector<Sha256> EnvironmentRegistry::former_keys(std::string_view env_id) const {
    if (!former_) return {};
    const auto at = former_->find(env_id);
    return at == former_->end() ? std::vector<Sha256>() : at->second;
}

void EnvironmentRegistry::publish(std::vector<EnvironmentStatePtr> environments, std::string_view changed) {
    auto next = std::make_shared<ServingState>();
    next->environments = std::move(environments);
    next->former = former_;
    next->synchronised = synchronised_;
    index_keys(*next, key_uses_);
    if (auto previous = serving_.publish(next)) replaced_.push_back(std::move(previous));
    for (const auto& listener : listeners_) listener(*next, changed);
}

std::vector<std::shared_ptr<const void>> EnvironmentRegistry::take_unreferenced() {
    std::vector<std::shared_ptr<const void>> free;
    std::erase_if(replaced_, [&](std::shared_ptr<const ServingState>& state) {
        if (state.use_count() != 1) return false;
        free.push_back(std::move(state));
        return true;
    });
    return free;
}

}  // namespace fanion::relay::cache
