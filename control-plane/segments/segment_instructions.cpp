#include "control-plane/segments/segment_instructions.hpp"

#include <optional>

#include "control-plane/body/value_lists.hpp"
#include "control-plane/items/definition_instructions.hpp"

namespace fanion::cp::segments {
namespace {

using body::EditedTree;
using json::Reader;
using json::Tree;

constexpr char included_list[] = "included";
constexpr char excluded_list[] = "excluded";
constexpr std::string_view rule_list = "rules";

constexpr char name_member[] = "name";
constexpr char description_member[] = "description";
constexpr char owner_member[] = "owner";

template <const char* Member>
void set_text(Reader& r, EditedTree& segment) {
    items::set_text(r, segment, Member);
}

void set_client(Reader& r, EditedTree& segment) { items::set_switch(r, segment, "client"); }

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
    {"set_name", set_text<name_member>},   {"set_description", set_text<description_member>},
    {"set_owner", set_text<owner_member>}, {"set_client", set_client},
    {"add_tags", items::add_tags},         {"remove_tags", items::remove_tags},
    {"archive", items::archive},           {"restore", items::restore},
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
