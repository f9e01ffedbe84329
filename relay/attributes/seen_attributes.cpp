#include "relay/attributes/seen_attributes.hpp"

#include <algorithm>

namespace fanion::relay::attributes {
namespace {

constexpr UnixMillis hour_millis = 3'600'000;

}  // namespace

bool SeenAttributes::merge(const Noted& noted, UnixMillis now) {
    const auto hour = now - now % hour_millis;
    bool has_new = false;
    for (const auto& [env_id, names] : noted) {
        auto& env = environments_[env_id];
        if (env.halved == 0) env.halved = hour;
        has_new |= merge_names(names.by_server, env.by_server, hour);
        has_new |= merge_names(names.by_client, env.by_client, hour);
    }
    forget(hour);
    return has_new;
}

bool SeenAttributes::merge_names(const FrequentNames<Types>& noted, FrequentNames<SeenTypes>& names, UnixMillis hour) {
    bool has_new = false;
    for (const auto& [name, entry] : noted.entries()) {
        auto& types = names.count(name, entry.count);
        for (std::size_t i = 0; i < types.size(); ++i) {
            if ((entry.value >> i & 1u) == 0) continue;
            has_new |= types[i].at == 0;
            types[i].at = std::max(types[i].at, hour);
        }
    }
    return has_new;
}

// Once an hour for each environment.
void SeenAttributes::forget(UnixMillis hour) {
    for (auto& [env_id, env] : environments_) {
        if (env.halved >= hour) continue;
        env.halved = hour;
        env.by_server.halve();
        env.by_client.halve();
    }
    std::erase_if(environments_, [](const auto& named) {
        return named.second.by_server.entries().empty() && named.second.by_client.entries().empty();
    });
}

std::vector<wire::SeenAttribute> SeenAttributes::due() const {
    std::vector<wire::SeenAttribute> due;
    const auto begin = environments_.upper_bound(last_reported_);
    for (auto env = begin; env != environments_.end(); ++env) collect(env->first, env->second, due);
    for (auto env = environments_.begin(); env != begin; ++env) collect(env->first, env->second, due);
    return due;
}

void SeenAttributes::collect(const std::string& env_id, const Environment& env, std::vector<wire::SeenAttribute>& due) {
    const auto add = [&](const FrequentNames<SeenTypes>& names, const FrequentNames<SeenTypes>* stronger) {
        for (const auto& [name, entry] : names.entries()) {
            const auto* known = stronger ? stronger->find(name) : nullptr;
            for (const auto type : wire::all_attribute_types) {
                const auto i = static_cast<std::size_t>(type);
                const auto& seen = entry.value[i];
                if (seen.at <= seen.reported || (known && (*known)[i].at != 0)) continue;
                if (due.size() == wire::most_attributes) return;
                due.push_back({env_id, name, type, stronger != nullptr, seen.at});
            }
        }
    };
    add(env.by_server, nullptr);
    add(env.by_client, &env.by_server);
}

void SeenAttributes::reported(const std::vector<wire::SeenAttribute>& attributes) {
    for (const auto& attribute : attributes) {
        last_reported_ = attribute.env_id;
        const auto env = environments_.find(attribute.env_id);
        if (env == environments_.end()) continue;
        auto& names = attribute.from_client ? env->second.by_client : env->second.by_server;
        auto* const types = names.find(attribute.name);
        if (!types) continue;
        auto& seen = (*types)[static_cast<std::size_t>(attribute.type)];
        seen.reported = std::max(seen.reported, attribute.at);
    }
}

std::size_t SeenAttributes::names() const noexcept {
    std::size_t sum = 0;
    for (const auto& [env_id, env] : environments_)
        sum += env.by_server.entries().size() + env.by_client.entries().size();
    return sum;
}

}  // namespace fanion::relay::attributes
