#include "control-plane/body/edited_tree.hpp"

#include <utility>

namespace fanion::cp::body {
namespace {

using json::Tree;

std::string pointer_to(std::string_view token) {
    std::string pointer;
    json::append_pointer(pointer, token);
    return pointer;
}

std::ptrdiff_t offset(std::size_t index) { return static_cast<std::ptrdiff_t>(index); }

}  // namespace

void EditedTree::set(std::string_view member, Tree value, std::string from) {
    tree_.set(member, std::move(value));
    members_[std::string(member)] = {{"", std::move(from)}};
}

void EditedTree::note(std::string_view member, std::string_view below, std::string from) {
    members_[std::string(member)][std::string(below)] = std::move(from);
}

Tree::Elements& EditedTree::elements(std::string_view member) {
    auto* held = tree_.find(member);
    if (held != nullptr && held->is(json::Kind::array)) return held->elements();
    tree_.set(member, Tree::array());
    return tree_.find(member)->elements();
}

std::vector<EditedTree::Origins>& EditedTree::origins(std::string_view member) {
    auto& found = lists_[std::string(member)];
    found.resize(elements(member).size());
    return found;
}

const Tree::Elements& EditedTree::list(std::string_view member) { return elements(member); }

void EditedTree::insert(std::string_view member, std::size_t index, Tree element, std::string from) {
    auto& places = origins(member);
    places.insert(places.begin() + offset(index), Origins{{"", std::move(from)}});
    auto& held = elements(member);
    held.insert(held.begin() + offset(index), std::move(element));
}

void EditedTree::erase(std::string_view member, std::size_t index) {
    auto& places = origins(member);
    places.erase(places.begin() + offset(index));
    auto& held = elements(member);
    held.erase(held.begin() + offset(index));
}

void EditedTree::move(std::string_view member, std::size_t index, std::size_t to) {
    auto& places = origins(member);
    auto place = std::move(places[index]);
    places.erase(places.begin() + offset(index));
    places.insert(places.begin() + offset(to), std::move(place));
    auto& held = elements(member);
    auto element = std::move(held[index]);
    held.erase(held.begin() + offset(index));
    held.insert(held.begin() + offset(to), std::move(element));
}

void EditedTree::set_part(std::string_view member, std::size_t index, std::string_view part, Tree value,
                          std::string from) {
    note_part(member, index, pointer_to(part), std::move(from));
    elements(member)[index].set(part, std::move(value));
}

Tree::Elements& EditedTree::edit_values(std::string_view member, std::size_t index, std::string_view part,
                                        std::string from) {
    note_part(member, index, pointer_to(part), std::move(from));
    auto& element = elements(member)[index];
    const auto* held = element.find(part);
    if (held == nullptr || !held->is(json::Kind::array)) element.set(part, Tree::array());
    return element.find(part)->elements();
}

void EditedTree::note_part(std::string_view member, std::size_t index, std::string_view below, std::string from) {
    origins(member)[index][std::string(below)] = std::move(from);
}

Places EditedTree::places() const {
    auto places = Places::none();
    for (const auto& [member, origins] : members_)
        for (const auto& [below, from] : origins) places.add(pointer_to(member) + below, from);
    for (const auto& [member, elements] : lists_) {
        for (std::size_t i = 0; i < elements.size(); ++i)
            for (const auto& [below, from] : elements[i])
                places.add(pointer_to(member) + '/' + std::to_string(i) + below, from);
    }
    return places;
}

}  // namespace fanion::cp::body
