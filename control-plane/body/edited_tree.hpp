#pragma once

// A resource as JSON that instructions edit part by part, with the place in the request's body that
// each part comes from. A plain value; pure.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/tree.hpp"
#include "control-plane/body/patch.hpp"

namespace fanion::cp::body {

class EditedTree {
public:
    explicit EditedTree(json::Tree tree) : tree_(std::move(tree)) {}  // an object

    const json::Tree& tree() const noexcept { return tree_; }
    json::Tree take() && { return std::move(tree_); }

    // A member that is one value. `from`, here and below: a pointer into the body.
    const json::Tree* find(std::string_view member) const { return tree_.find(member); }
    void set(std::string_view member, json::Tree value, std::string from);
    // What is at `below` in the member's value comes from `from`.
    void note(std::string_view member, std::string_view below, std::string from);

    // A member that is a list; missing ones are empty. Indexes are within the list.
    const json::Tree::Elements& list(std::string_view member);
    void insert(std::string_view member, std::size_t index, json::Tree element, std::string from);
    void erase(std::string_view member, std::size_t index);
    void move(std::string_view member, std::size_t index, std::size_t to);  // `to` in the list without it
    // Replaces the member `part` of an element, or adds it.
    void set_part(std::string_view member, std::size_t index, std::string_view part, json::Tree value,
                  std::string from);
    // The values of the member `part` of an element, an array, to be changed in place. Added if it
    // is missing or something else.
    json::Tree::Elements& edit_values(std::string_view member, std::size_t index, std::string_view part,
                                      std::string from);
    // What is at `below` in the element comes from `from`.
    void note_part(std::string_view member, std::size_t index, std::string_view below, std::string from);

    Places places() const;

private:
    using Origins = std::map<std::string, std::string>;  // from a pointer below the part to the body's
    json::Tree::Elements& elements(std::string_view member);
    std::vector<Origins>& origins(std::string_view member);

    json::Tree tree_;
    std::map<std::string, Origins, std::less<>> members_;
    std::map<std::string, std::vector<Origins>, std::less<>> lists_;  // parallel to the elements
};

}  // namespace fanion::cp::body
