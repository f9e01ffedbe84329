#include "control-plane/relays/canaries.hpp"

#include <algorithm>
#include <set>

namespace fanion::cp::relays {

std::vector<bool> canaries_among(const std::vector<LabelledRelay>& relays, std::string_view label) {
    std::set<std::string_view> labelled;
    for (const auto& relay : relays) {
        const auto& labels = *relay.labels;
        if (std::find(labels.begin(), labels.end(), label) != labels.end()) labelled.insert(relay.relay_id);
    }
    std::vector<bool> found;
    for (const auto& relay : relays)
        found.push_back(
            labelled.contains(relay.path->empty() ? relay.relay_id : std::string_view(relay.path->front())));
    return found;
}

}  // namespace fanion::cp::relays
