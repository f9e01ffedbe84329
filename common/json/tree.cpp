#include "common/json/tree.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"

namespace fanion::json {
namespace {

Tree::Elements copy_elements(Value array) {
    Tree::Elements elements;
    elements.reserve(array.size());
    for (const auto element : array.elements()) elements.emplace_back(element);
    return elements;
}

Tree::Members copy_members(Value object) {
    Tree::Members members;
    members.reserve(object.size());
    for (const auto member : object.members()) members.push_back({std::string(member.name), Tree(member.value)});
    return members;
}

// Writes `items` between brackets with commas.
template <class Items, class Append>
void append_list(std::string& out, char open, char close, const Items& items, Append append) {
    out += open;
    bool first = true;
    for (const auto& item : items) {
        if (!first) out += ',';
        first = false;
        append(item);
    }
    out += close;
}

}  // namespace

Tree::Tree(Value value) {
    if (!value) return;
    switch (value.kind()) {
        case Kind::null:
            return;
        case Kind::boolean:
            content_ = value.as_bool();
            return;
        case Kind::number:
            content_ = Number{std::string(value.number_text())};
            return;
        case Kind::string:
            content_ = std::string(value.as_string());
            return;
        case Kind::array:
            content_ = copy_elements(value);
            return;
        case Kind::object:
            content_ = copy_members(value);
            return;
    }
}

Tree Tree::boolean(bool truth) {
    Tree tree;
    tree.content_ = truth;
    return tree;
}

Tree Tree::number(std::uint64_t number) {
    Tree tree;
    tree.content_ = Number{std::to_string(number)};
    return tree;
}

Tree Tree::string(std::string text) {
    Tree tree;
    tree.content_ = std::move(text);
    return tree;
}

Tree Tree::array() { return array(Elements{}); }

Tree Tree::array(Elements elements) {
    Tree tree;
    tree.content_ = std::move(elements);
    return tree;
}

Tree Tree::object() {
    Tree tree;
    tree.content_ = Members();
    return tree;
}

Result<Tree> Tree::parse(std::string_view text, const ScanLimits& limits) {
    Document document;
    if (auto parsed = document.parse(text, limits); !parsed) return parsed.error();
    return Tree(document.root());
}

Kind Tree::kind() const noexcept {
    constexpr Kind kinds[] = {Kind::null, Kind::boolean, Kind::number, Kind::string, Kind::array, Kind::object};
    return kinds[content_.index()];
}

const Tree* Tree::find(std::string_view name) const noexcept {
    const auto* members = std::get_if<Members>(&content_);
    if (members == nullptr) return nullptr;
    const auto found =
        std::find_if(members->rbegin(), members->rend(), [name](const Member& m) { return m.name == name; });
    return found == members->rend() ? nullptr : &found->value;
}

Tree* Tree::find(std::string_view name) noexcept { return const_cast<Tree*>(std::as_const(*this).find(name)); }

Tree& Tree::set(std::string_view name, Tree value) {
    if (auto* held = find(name))
        *held = std::move(value);
    else
        members().push_back({std::string(name), std::move(value)});
    return *this;
}

void Tree::remove(std::string_view name) {
    std::erase_if(members(), [name](const Member& member) { return member.name == name; });
}

void Tree::append_to(std::string& out) const {
    switch (kind()) {
        case Kind::null:
            out += "null";
            return;
        case Kind::boolean:
            out += as_bool() ? "true" : "false";
            return;
        case Kind::number:
            out += number_text();
            return;
        case Kind::string:
            append_json_string(out, as_string());
            return;
        case Kind::array:
            append_list(out, '[', ']', elements(), [&out](const Tree& element) { element.append_to(out); });
            return;
        case Kind::object:
            append_list(out, '{', '}', members(), [&out](const Member& member) {
                append_json_string(out, member.name);
                out += ':';
                member.value.append_to(out);
            });
            return;
    }
}

std::string Tree::to_text() const {
    std::string out;
    append_to(out);
    return out;
}

bool operator==(const Tree& a, const Tree& b) { return a.content_ == b.content_; }

}  // namespace fanion::json
