#include "control-plane/segments/list_instructions.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "common/json/limits.hpp"
#include "common/json/reader.hpp"
#include "control-plane/body/instructions.hpp"
#include "control-plane/body/text_size.hpp"

namespace fanion::cp::segments {
namespace {

using json::Reader;
using model::Target;
using Texts = std::vector<std::string>;
using TextSet = std::unordered_set<std::string_view>;

// The lists that a segment includes, or excludes, with the pointers into the request's body from
// which each one, or its values, come.
class EditedLists {
public:
    explicit EditedLists(std::vector<Target>& lists) : lists_(lists), origins_(lists.size()) {}

    void add(const std::string& attribute, const Texts& values, const std::string& from) {
        auto held = held_of(attribute, values);
        Texts added;
        for (const auto& value : values)
            if (held.insert(value).second) added.push_back(value);
        if (added.empty()) return;
        const auto at = find(attribute);
        if (at == lists_.size()) return append(attribute, std::move(added), from);
        auto& present = lists_[at].values;
        present.insert(present.end(), std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
        origins_[at].values = from + "/values";
    }

    void remove(const std::string& attribute, const Texts& values, const std::string& from) {
        const TextSet removed(values.begin(), values.end());
        for (auto at = lists_.size(); at > 0; --at) {
            auto& list = lists_[at - 1];
            if (list.attribute != attribute) continue;
            const auto is_removed = [&](const std::string& value) { return removed.contains(value); };
            if (std::erase_if(list.values, is_removed) == 0) continue;
            origins_[at - 1].values = from + "/values";
            if (list.values.empty()) erase(at - 1);
        }
    }

    void replace(const std::string& attribute, Texts values, const std::string& from) {
        const auto first = find(attribute);
        if (first == lists_.size()) {
            if (!values.empty()) append(attribute, std::move(values), from);
            return;
        }
        for (auto at = lists_.size(); at > first + 1; --at)
            if (lists_[at - 1].attribute == attribute) erase(at - 1);
        if (values.empty()) return erase(first);
        lists_[first].values = std::move(values);
        origins_[first].values = from + "/values";
    }

    void add_places(body::Places& places, const std::string& member) const {
        for (std::size_t i = 0; i < origins_.size(); ++i) {
            const auto at = '/' + member + '/' + std::to_string(i);
            if (!origins_[i].whole.empty()) places.add(at, origins_[i].whole);
            if (!origins_[i].values.empty()) places.add(at + "/values", origins_[i].values);
        }
    }

private:
    struct Origin {
        std::string whole;
        std::string values;
    };

    std::size_t find(const std::string& attribute) const {
        const auto found =
            std::find_if(lists_.begin(), lists_.end(), [&](const Target& list) { return list.attribute == attribute; });
        return static_cast<std::size_t>(found - lists_.begin());
    }
    // Those of `values` that a list of the attribute has.
    TextSet held_of(const std::string& attribute, const Texts& values) const {
        const TextSet wanted(values.begin(), values.end());
        TextSet held;
        for (const auto& list : lists_) {
            if (list.attribute != attribute) continue;
            for (const auto& value : list.values)
                if (const auto found = wanted.find(value); found != wanted.end()) held.insert(*found);
        }
        return held;
    }
    void append(const std::string& attribute, Texts values, const std::string& from) {
        lists_.push_back({attribute, std::move(values), {}});
        origins_.push_back({from, {}});
    }
    void erase(std::size_t at) {
        lists_.erase(lists_.begin() + static_cast<std::ptrdiff_t>(at));
        origins_.erase(origins_.begin() + static_cast<std::ptrdiff_t>(at));
    }

    std::vector<Target>& lists_;
    std::vector<Origin> origins_;  // of each list
};

struct EditedMembers {
    explicit EditedMembers(model::Segment& segment) : included(segment.included), excluded(segment.excluded) {}
    EditedLists included;
    EditedLists excluded;
};
using EditedSide = EditedLists EditedMembers::*;

std::string read_list_attribute(Reader& r) {
    auto attribute = r.string("attribute", "targetingKey");
    if (attribute.empty()) r.fail_at("attribute", "missing", "this must not be empty");
    return attribute;
}

template <EditedSide side>
void add_values_to(Reader& r, EditedMembers& members) {
    const auto attribute = read_list_attribute(r);
    (members.*side).add(attribute, body::read_values(r, "values"), r.pointer());
}
template <EditedSide side>
void remove_values_from(Reader& r, EditedMembers& members) {
    const auto attribute = read_list_attribute(r);
    (members.*side).remove(attribute, body::read_values(r, "values"), r.pointer());
}
template <EditedSide side>
void replace_values_in(Reader& r, EditedMembers& members) {
    const auto attribute = read_list_attribute(r);
    if (!r.has("values")) return r.fail_at("values", "missing", "`values` is missing");
    (members.*side).replace(attribute, r.strings("values"), r.pointer());
}

constexpr body::InstructionKind<EditedMembers> list_table[] = {
    {"add_included", add_values_to<&EditedMembers::included>},
    {"remove_included", remove_values_from<&EditedMembers::included>},
    {"replace_included", replace_values_in<&EditedMembers::included>},
    {"add_excluded", add_values_to<&EditedMembers::excluded>},
    {"remove_excluded", remove_values_from<&EditedMembers::excluded>},
    {"replace_excluded", replace_values_in<&EditedMembers::excluded>},
};

bool is_about_lists(json::Value instruction) {
    const auto kind = instruction.find("kind");
    return kind.is(json::Kind::string) && std::any_of(std::begin(list_table), std::end(list_table),
                                                      [&](const auto& one) { return one.name == kind.as_string(); });
}

bool are_about_lists(json::Value body) {
    const auto list = body.find("instructions");
    if (!list.is(json::Kind::array)) return false;
    for (const auto instruction : list.elements())
        if (!instruction.is(json::Kind::object) || !is_about_lists(instruction)) return false;
    return true;
}

}  // namespace

std::optional<body::Patched<SegmentEnvironment>> edited_lists(const SegmentEnvironment& present,
                                                              std::string_view present_json, json::Value body) {
    if (!are_about_lists(body)) return std::nullopt;
    if (present_json.size() + body::text_size(body) > limits::composed_bytes) return std::nullopt;
    body::Patched<SegmentEnvironment> patched{present, body::Places::none()};
    EditedMembers members(patched.after.members);
    const std::span<const body::InstructionKind<EditedMembers>> kinds(list_table);
    if (!body::apply_instructions(body, kinds, members)) return std::nullopt;
    members.included.add_places(patched.places, "included");
    members.excluded.add_places(patched.places, "excluded");
    return patched;
}

}  // namespace fanion::cp::segments
