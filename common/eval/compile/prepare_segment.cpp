// Prepares segments, access entries and the item `environment`.

#include "common/eval/compile/condition_builder.hpp"
#include "common/eval/compile/prepare.hpp"
#include "common/model/json.hpp"

namespace fanion::eval {
namespace {

// The exits of a segment.
constexpr std::uint32_t outside = Leaf::first_exit;
constexpr std::uint32_t member = Leaf::first_exit + 1;

void add_lists(const std::vector<model::Target>& lists, const std::string& pointer, std::uint32_t exit,
               ConditionBuilder& conditions) {
    for (std::size_t i = 0; i < lists.size(); ++i) conditions.add_list(lists[i], pointer + std::to_string(i), exit);
}

std::shared_ptr<PreparedSegment> build(const model::Segment& segment, ItemFindings& findings) {
    auto out = std::make_shared<PreparedSegment>();
    ConditionBuilder conditions(out->conditions, out->segment_references, findings, std::nullopt);
    out->key = segment.key;
    out->client = segment.client;
    out->included = static_cast<std::uint32_t>(segment.included.size());
    add_lists(segment.included, "/included/", member, conditions);
    add_lists(segment.excluded, "/excluded/", outside, conditions);
    if (segment.rules.size() > limits::rules)
        findings.add("/rules", "limit", "a segment has at most " + std::to_string(limits::rules) + " rules");
    for (std::size_t i = 0; i < segment.rules.size(); ++i)
        out->rules.push_back(
            conditions.add_tree(segment.rules[i].when, "/rules/" + std::to_string(i) + "/when", member));
    conditions.finish();
    out->reads_now = conditions.reads_now();
    return out;
}

}  // namespace

std::shared_ptr<const PreparedSegment> prepare_segment(std::string_view key, const Body& body, Findings& all,
                                                       std::shared_ptr<const model::Segment>* read) {
    ItemFindings findings(all, "segment/" + std::string(key));
    auto segment = read_item(*body, limits::environment_bytes, findings,
                             [](json::Reader& r) { return model::read_segment(r, model::UnknownFields::ignore); });
    if (!segment) return nullptr;
    if (segment->key != key) findings.add("/key", "malformed", "does not equal the item's key");
    auto prepared = build(*segment, findings);
    if (!findings.clean()) return nullptr;
    prepared->body = body;
    if (read != nullptr) *read = std::make_shared<const model::Segment>(std::move(*segment));
    return prepared;
}

std::shared_ptr<const PreparedAccess> prepare_access(std::string_view id, const Body& body, Findings& all) {
    ItemFindings findings(all, "access/" + std::string(id));
    auto entry = read_item(*body, limits::flag_bytes, findings,
                           [](json::Reader& r) { return model::read_access(r, model::UnknownFields::ignore); });
    if (!entry) return nullptr;
    if (entry->id != id) {
        findings.add("/id", "malformed", "does not equal the item's key");
        return nullptr;
    }
    return std::make_shared<PreparedAccess>(PreparedAccess{std::string(id), body, std::move(*entry)});
}

std::optional<model::EnvironmentInfo> prepare_environment(const Body& body, Findings& all) {
    ItemFindings findings(all, "environment");
    return read_item(*body, limits::flag_bytes, findings,
                     [](json::Reader& r) { return model::read_environment(r, model::UnknownFields::ignore); });
}

}  // namespace fanion::eval
