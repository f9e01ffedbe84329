#include "control-plane/body/value_lists.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "control-plane/body/instructions.hpp"

namespace fanion::cp::body {
namespace {

using json::Kind;
using json::Tree;

std::string_view text_in(const Tree& element, std::string_view name) {
    const auto* found = element.find(name);
    return found != nullptr && found->is(Kind::string) ? std::string_view(found->as_string()) : std::string_view();
}

const Tree::Elements& values_in(const Tree& element) {
    static const Tree::Elements none;
    const auto* found = element.find("values");
    return found != nullptr && found->is(Kind::array) ? found->elements() : none;
}

bool is_of(const Tree& element, const ValueList& which) {
    return text_in(element, "attribute") == which.attribute && text_in(element, "variation") == which.variation;
}

std::optional<std::size_t> find_list(EditedTree& tree, const ValueList& which) {
    const auto& elements = tree.list(which.member);
    const auto found =
        std::find_if(elements.begin(), elements.end(), [&](const Tree& element) { return is_of(element, which); });
    if (found == elements.end()) return std::nullopt;
    return static_cast<std::size_t>(found - elements.begin());
}

Tree to_tree(const std::vector<std::string>& values) {
    Tree::Elements list;
    for (const auto& value : values) list.push_back(Tree::string(value));
    return Tree::array(std::move(list));
}

// The new values of the list at `index`; without any, the list goes.
void put_values(json::Reader& r, EditedTree& tree, const ValueList& which, std::size_t index, Tree values) {
    if (values.elements().empty()) return tree.erase(which.member, index);
    tree.set_part(which.member, index, "values", std::move(values), r.pointer() + "/values");
}

void add_list(json::Reader& r, EditedTree& tree, const ValueList& which, Tree values) {
    auto element = Tree::object();
    element.set("attribute", Tree::string(which.attribute)).set("values", std::move(values));
    if (!which.variation.empty()) element.set("variation", Tree::string(which.variation));
    tree.insert(which.member, tree.list(which.member).size(), std::move(element), r.pointer());
}

// Of each of `wanted` that is a value of the attribute, the variation that has it.
std::unordered_map<std::string_view, std::string_view> holders_of(EditedTree& tree, const ValueList& which,
                                                                  const std::vector<std::string>& wanted) {
    const std::unordered_set<std::string_view> asked(wanted.begin(), wanted.end());
    std::unordered_map<std::string_view, std::string_view> holders;
    for (const auto& element : tree.list(which.member)) {
        if (text_in(element, "attribute") != which.attribute) continue;
        for (const auto& value : values_in(element)) {
            if (value.is(Kind::string) && asked.contains(value.as_string()))
                holders.emplace(value.as_string(), text_in(element, "variation"));
        }
    }
    return holders;
}

// Whether a value belongs to another variation; adds a finding if so.
bool is_refused(json::Reader& r, std::size_t index, const std::string& value, std::string_view holder,
                const ValueList& which) {
    if (holder == which.variation) return false;
    r.element("values", index, {})
        .fail(refusal::already_there,
              "`" + value + "` is a target of `" + std::string(holder) + "`; remove it there first");
    return true;
}

}  // namespace

ValueList read_value_list(json::Reader& r, std::string_view member, bool has_variation) {
    ValueList which{member, r.string("attribute", "targetingKey"), {}};
    if (which.attribute.empty()) r.fail_at("attribute", "missing", "this must not be empty");
    if (has_variation) which.variation = read_name(r, "variation");
    return which;
}

void add_values(json::Reader& r, EditedTree& tree, const ValueList& which) {
    const auto values = read_values(r, "values");
    const auto holders = holders_of(tree, which, values);
    std::unordered_set<std::string_view> seen;
    std::vector<std::string> added;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto held = holders.find(values[i]);
        if (held != holders.end() && is_refused(r, i, values[i], held->second, which)) return;
        if (held == holders.end() && seen.insert(values[i]).second) added.push_back(values[i]);
    }
    if (added.empty()) return;
    const auto index = find_list(tree, which);
    if (!index) return add_list(r, tree, which, to_tree(added));
    auto& all = tree.edit_values(which.member, *index, "values", r.pointer() + "/values");
    for (auto& value : added) all.push_back(Tree::string(std::move(value)));
}

void remove_values(json::Reader& r, EditedTree& tree, const ValueList& which) {
    const auto values = read_values(r, "values");
    const std::unordered_set<std::string_view> removed(values.begin(), values.end());
    for (std::size_t i = tree.list(which.member).size(); i > 0; --i) {
        const auto& element = tree.list(which.member)[i - 1];
        if (!is_of(element, which)) continue;
        const auto is_removed = [&](const Tree& value) {
            return value.is(Kind::string) && removed.contains(value.as_string());
        };
        const auto& present = values_in(element);
        if (std::none_of(present.begin(), present.end(), is_removed)) continue;
        auto& left = tree.edit_values(which.member, i - 1, "values", r.pointer() + "/values");
        std::erase_if(left, is_removed);
        if (left.empty()) tree.erase(which.member, i - 1);
    }
}

void replace_values(json::Reader& r, EditedTree& tree, const ValueList& which) {
    if (!r.has("values")) return r.fail_at("values", "missing", "`values` is missing");
    const auto values = r.strings("values");
    const auto holders = holders_of(tree, which, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto held = holders.find(values[i]);
        if (held != holders.end() && is_refused(r, i, values[i], held->second, which)) return;
    }
    const auto index = find_list(tree, which);
    if (index) {
        for (std::size_t i = tree.list(which.member).size(); i > *index + 1; --i) {
            if (is_of(tree.list(which.member)[i - 1], which)) tree.erase(which.member, i - 1);
        }
        return put_values(r, tree, which, *index, to_tree(values));
    }
    if (!values.empty()) add_list(r, tree, which, to_tree(values));
}

}  // namespace fanion::cp::body
