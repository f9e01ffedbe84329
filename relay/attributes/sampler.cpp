#include "relay/attributes/sampler.hpp"

#include <functional>
#include <utility>

#include "relay/attributes/context_names.hpp"

namespace fanion::relay::attributes {

void Sampler::look(std::string_view env_id, Source source, json::Value context) {
    ++looked_at_;
    until_next_ = looked_at_ < looked_at_first ? 1 : sampled_one_in;
    if (!context || !context.is(json::Kind::object) || context.size() == 0) return;
    auto place = noted_.find(env_id);
    if (place == noted_.end()) place = noted_.try_emplace(std::string(env_id)).first;
    auto& names = place->second.of(source);
    const auto note = [&names](std::string_view name, wire::AttributeType type) {
        names.count(name) |= static_cast<Types>(1u << static_cast<unsigned>(type));
    };
    for_each_name(context, name_, std::cref(note));
}

Noted noted_of(const std::vector<wire::SeenAttribute>& attributes) {
    Noted noted;
    for (const auto& seen : attributes) {
        auto& names = noted[seen.env_id].of(seen.from_client ? Source::client : Source::server);
        names.count(seen.name) |= static_cast<Types>(1u << static_cast<unsigned>(seen.type));
    }
    return noted;
}

Noted Sampler::take() {
    if (looked_at_ >= looked_at_first) until_next_ = 1;
    looked_at_ = 0;
    return std::exchange(noted_, {});
}

}  // namespace fanion::relay::attributes
