#include "control-plane/body/references.hpp"

namespace fanion::cp::body {
namespace {

// As deep as the condition, whose depth is limited when it is read.
void add_segments(const model::Condition& condition, std::set<std::string>& segments) {
    if (condition.kind == model::Condition::Kind::segment) {
        for (const auto& value : condition.values) segments.insert(value.text);
    }
    for (const auto& child : condition.children) add_segments(child, segments);
}

}  // namespace

References references_of(const model::FlagConfig& config) {
    References found;
    for (const auto& prerequisite : config.prerequisites) found.flags.insert(prerequisite.flag);
    for (const auto& rule : config.rules) add_segments(rule.when, found.segments);
    return found;
}

References references_of(const model::Segment& segment) {
    References found;
    for (const auto& rule : segment.rules) add_segments(rule.when, found.segments);
    return found;
}

}  // namespace fanion::cp::body
