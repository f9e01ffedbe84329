#include "control-plane/segments/segment_sentences.hpp"

#include <algorithm>

#include "control-plane/items/sentences.hpp"

namespace fanion::cp::segments {
namespace {

using items::quoted;
using Sentences = std::vector<std::string>;

void describe_values(Sentences& out, const std::string& adds, const std::string& removes,
                     const std::vector<model::Target>& before, const std::vector<model::Target>& after) {
    const auto changes = items::value_changes(before, after);
    for (const auto& change : changes) {
        const auto of = items::by_attribute(change.attribute) + ": ";
        if (!change.added.empty())
            out.push_back(adds + ' ' + items::counted(change.added.size(), "value") + of +
                          items::quoted_list(change.added) + ".");
        if (!change.removed.empty())
            out.push_back(removes + ' ' + items::counted(change.removed.size(), "value") + of +
                          items::quoted_list(change.removed) + ".");
    }
    if (changes.empty() && before != after) out.push_back("Changes the order of listed values.");
}

bool has_rule(const std::vector<model::SegmentRule>& rules, const model::SegmentRule& rule) {
    return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

// Rules have no ids: they are compared by their conditions.
void describe_rules(Sentences& out, const std::vector<model::SegmentRule>& before,
                    const std::vector<model::SegmentRule>& after) {
    const auto count = out.size();
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (!has_rule(after, before[i]))
            out.push_back("Removes rule " + std::to_string(i + 1) + ": " + items::condition_text(before[i].when) + ".");
    }
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (!has_rule(before, after[i]))
            out.push_back("Adds rule " + std::to_string(i + 1) + ": " + items::condition_text(after[i].when) + ".");
    }
    if (out.size() == count && before != after) out.push_back("Changes the order or number of the rules.");
}

}  // namespace

Sentences describe_definition(const SegmentDefinition& before, const SegmentDefinition& after) {
    Sentences out;
    if (before.archived != after.archived)
        out.push_back(after.archived ? "Archives the segment: no environment has it any more."
                                     : "Restores the segment: every environment has it again.");
    if (before.client != after.client)
        out.push_back(after.client ? "Client keys with rules may have the segment."
                                   : "Client keys with rules may no longer have the segment.");
    items::describe_text(out, "name", before.name, after.name);
    items::describe_text(out, "description", before.description, after.description);
    items::describe_tags(out, before.tags, after.tags);
    items::describe_text(out, "owner", before.owner, after.owner);
    return out;
}

Sentences describe_members(const model::Segment& before, const model::Segment& after) {
    Sentences out;
    describe_values(out, "Includes", "No longer includes", before.included, after.included);
    describe_values(out, "Excludes", "No longer excludes", before.excluded, after.excluded);
    describe_rules(out, before.rules, after.rules);
    return out;
}

Sentences describe_creation(const SegmentDefinition& segment, const std::vector<SegmentEnvironment>& configs) {
    Sentences out{"Creates the segment " + quoted(segment.key) + "."};
    for (const auto& config : configs) {
        auto sentences = items::in_environment(config.environment, describe_members({}, config.members));
        out.insert(out.end(), sentences.begin(), sentences.end());
    }
    return out;
}

Sentences describe_deletion(const SegmentDefinition& segment) {
    return {"Deletes the segment " + quoted(segment.key) + " in every environment; its key is never used again."};
}

}  // namespace fanion::cp::segments
