#include "control-plane/items/definition_instructions.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "control-plane/body/fields.hpp"
#include "control-plane/body/instructions.hpp"

namespace fanion::cp::items {
namespace {

using body::EditedTree;
using json::Reader;
using json::Tree;

void put_tags(Reader& r, EditedTree& definition, Tree::Elements tags) {
    definition.set("tags", Tree::array(std::move(tags)), r.pointer() + "/tags");
}

// None if there are too many, so that nobody searches long for them.
std::vector<std::string> ask_tags(Reader& r) {
    auto tags = body::read_values(r, "tags");
    if (tags.size() <= body::max_tags) return tags;
    r.fail_at("tags", "too_many", "at most " + std::to_string(body::max_tags) + " tags");
    return {};
}

}  // namespace

void set_text(Reader& r, EditedTree& definition, const char* member) {
    definition.set(member, Tree::string(r.string(member)), r.pointer() + '/' + member);
}

void set_switch(Reader& r, EditedTree& definition, const char* member) {
    definition.set(member, Tree::boolean(r.boolean(member)), r.pointer() + '/' + member);
}

void add_tags(Reader& r, EditedTree& definition) {
    auto held = definition.list("tags");
    for (const auto& tag : ask_tags(r)) {
        auto added = Tree::string(tag);
        if (std::find(held.begin(), held.end(), added) == held.end()) held.push_back(std::move(added));
    }
    put_tags(r, definition, std::move(held));
}

void remove_tags(Reader& r, EditedTree& definition) {
    auto held = definition.list("tags");
    for (const auto& tag : ask_tags(r)) std::erase(held, Tree::string(tag));
    put_tags(r, definition, std::move(held));
}

void archive(Reader& r, EditedTree& definition) { definition.set("archived", Tree::boolean(true), r.pointer()); }
void restore(Reader& r, EditedTree& definition) { definition.set("archived", Tree::boolean(false), r.pointer()); }

}  // namespace fanion::cp::items
