#include "common/eval/compile/item_text.hpp"

#include <algorithm>

namespace fanion::eval {
namespace {

// The element at `index` of an array; an empty Value when there is none.
json::Value element_of(json::Value array, std::size_t index) noexcept {
    if (!array || !array.is(json::Kind::array)) return {};
    for (const auto element : array.elements())
        if (index-- == 0) return element;
    return {};
}

}  // namespace

ItemText::ItemText(const std::string& body) {
    json::ScanLimits scan;
    scan.bytes = limits::environment_bytes;
    // It has been compiled, so it parses.
    static_cast<void>(document_.parse(body, scan));
}

void ItemText::enter_rule(std::size_t rule, std::uint32_t first) {
    first_ = first;
    conditions_.clear();
    leaves_.clear();
    collect(element_of(root().find("rules"), rule).find("when"));
}

void ItemText::collect(json::Value condition) {
    const auto place = conditions_.size();
    conditions_.push_back({condition});
    for (const auto* name : {"all", "any"})
        if (const auto children = condition.find(name))
            for (const auto child : children.elements()) collect(child);
    if (const auto child = condition.find("not")) collect(child);
    conditions_[place].end = conditions_.size();
    if (conditions_.size() > place + 1) return;
    // A condition on several segments is a leaf for each.
    const auto values = condition.find("values");
    const bool is_segment = !condition.find("attribute") && !condition.find("bucket") && values;
    leaves_.insert(leaves_.end(), is_segment ? std::max(values.size(), std::size_t{1}) : 1, place);
}

json::Value ItemText::serve(std::size_t rule) const noexcept {
    return element_of(root().find("rules"), rule).find("serve");
}

}  // namespace fanion::eval
