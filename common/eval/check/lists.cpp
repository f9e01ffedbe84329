#include "common/eval/check/lists.hpp"

#include "common/eval/check/formula.hpp"

namespace fanion::eval::checks {

ListedBefore::Shadow ListedBefore::find(const model::Target& list) const {
    Shadow shadow;
    const auto known = attributes_.find(canonical_attribute(list.attribute));
    if (known == attributes_.end()) return shadow;
    for (std::size_t i = 0; i < list.values.size(); ++i) {
        const auto it = known->second.find(list.values[i]);
        if (it == known->second.end()) continue;
        if (shadow.count++ > 0) continue;
        shadow.first = i;
        shadow.by = it->second;
    }
    return shadow;
}

ListedBefore::Shadow ListedBefore::add(const model::Target& list, std::size_t index) {
    const auto shadow = find(list);
    auto& values = attributes_[canonical_attribute(list.attribute)];
    for (const auto& value : list.values) values.emplace(value, index);
    return shadow;
}

}  // namespace fanion::eval::checks
