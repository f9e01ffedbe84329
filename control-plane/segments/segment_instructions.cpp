#include "control-plane/segments/segment_instructions.hpp"

#include <optional>

#include "control-plane/body/value_lists.hpp"

namespace fanion::cp::segments {
namespace {

using body::EditedTree;
using json::Reader;
using json::Tree;

constexpr char included_list[] = "included";
constexpr char excluded_list[] = "excluded";
constexpr std::string_view rule_list = "rules";

void set_name(Reader& r, EditedTree& segment) {
    segment.set("name", Tree::string(r.string("name")), r.pointer() + "/name");
}
void set_description(Reader& r, EditedTree& segment) {
    segment.set("description", Tree::string(r.string("description")), r.pointer() + "/description");
}

template <const char* List>
void add_to(Reader& r, EditedTree& segment) {
    body::add_values(r, segment, body::read_value_list(r, List, false));
}
template <const char* List>
void remove_from(Reader& r, EditedTree& segment) {
    body::remove_values(r, segment, body::read_value_list(r, List, false));
}
template <const char* List>
void replace_in(Reader& r, EditedTree& segment) {
    body::replace_values(r, segment, body::read_value_list(r, List, false));
}

// The rules of a segment have no ids: `at` is an index.
void add_rule(Reader& r, EditedTree& segment) {
    const auto count = static_cast<std::int64_t>(segment.list(rule_list).size());
    const auto at = r.integer("at", 0, count, count);
    const auto when = r.any("when");
    if (!when) return;
    segment.insert(rule_list, static_cast<std::size_t>(at), Tree::object().set("when", Tree(when)), r.pointer());
}

std::optional<std::size_t> ask_rule(Reader& r, EditedTree& segment) {
    const auto count = static_cast<std::int64_t>(segment.list(rule_list).size());
    if (count == 0) {
        r.fail_at("at", body::refusal::unknown_rule, "the segment has no rules in this environment");
        return std::nullopt;
    }
    return static_cast<std::size_t>(r.integer("at", 0, count - 1));
}

void replace_rule(Reader& r, EditedTree& segment) {
    const auto index = ask_rule(r, segment);
    const auto when = r.any("when");
    if (index && when) segment.set_part(rule_list, *index, "when", Tree(when), r.pointer() + "/when");
}

void remove_rule(Reader& r, EditedTree& segment) {
    const auto index = ask_rule(r, segment);
    if (index) segment.erase(rule_list, *index);
}

constexpr SegmentInstruction definition_table[] = {
    {"set_name", set_name},
    {"set_description", set_description},
};

constexpr SegmentInstruction member_table[] = {
    {"add_included", add_to<included_list>},
    {"remove_included", remove_from<included_list>},
    {"replace_included", replace_in<included_list>},
    {"add_excluded", add_to<excluded_list>},
    {"remove_excluded", remove_from<excluded_list>},
    {"replace_excluded", replace_in<excluded_list>},
    {"add_rule", add_rule},
    {"replace_rule", replace_rule},
    {"remove_rule", remove_rule},
};

}  // namespace

std::span<const SegmentInstruction> definition_instructions() noexcept { return definition_table; }
std::span<const SegmentInstruction> member_instructions() noexcept { return member_table; }

}  // namespace fanion::cp::segments
