#include "control-plane/flags/definition_instructions.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/flags/variation_uses.hpp"
#include "control-plane/items/definition_instructions.hpp"

namespace fanion::cp::flags {
namespace {

using json::Reader;
using json::Tree;

constexpr std::string_view variation_list = "variations";

// What items/definition_instructions.hpp has for every kind of definition.
template <void (*Apply)(Reader&, body::EditedTree&)>
void shared(Reader& r, DefinitionEdit& edit) {
    Apply(r, edit.definition);
}

template <const char* Member>
void set_text(Reader& r, DefinitionEdit& edit) {
    items::set_text(r, edit.definition, Member);
}

template <const char* Member>
void set_switch(Reader& r, DefinitionEdit& edit) {
    items::set_switch(r, edit.definition, Member);
}

std::optional<std::size_t> find_variation(DefinitionEdit& edit, const std::string& key) {
    const auto& held = edit.definition.list(variation_list);
    const auto found = std::find_if(held.begin(), held.end(), [&](const Tree& variation) {
        const auto* name = variation.find("key");
        return name != nullptr && *name == Tree::string(key);
    });
    if (found == held.end()) return std::nullopt;
    return static_cast<std::size_t>(found - held.begin());
}

// The variation that the instruction names; a finding if there is none.
std::optional<std::size_t> ask_variation(Reader& r, DefinitionEdit& edit, const std::string& key) {
    const auto index = find_variation(edit, key);
    if (!index && !key.empty())
        r.fail_at("variation", body::refusal::unknown_variation, "the flag has no variation `" + key + "`");
    return index;
}

bool is_new(Reader& r, DefinitionEdit& edit, std::string_view member, const std::string& key) {
    if (!find_variation(edit, key)) return true;
    r.fail_at(member, body::refusal::already_there, "the flag has a variation `" + key + "` already");
    return false;
}

constexpr char next_is_taken[] = "in a rule, `next` means the next rule: choose another key";

void add_variation(Reader& r, DefinitionEdit& edit) {
    const auto key = body::read_name(r, "variation");
    const auto value = r.any("value");
    const auto count = edit.definition.list(variation_list).size();
    const auto at = r.integer("at", 0, static_cast<std::int64_t>(count), static_cast<std::int64_t>(count));
    if (!is_new(r, edit, "variation", key)) return;
    if (key == "next") return r.fail_at("variation", "bad_key", next_is_taken);
    auto variation = Tree::object().set("key", Tree::string(key)).set("value", Tree(value));
    const auto index = static_cast<std::size_t>(at);
    edit.definition.insert(variation_list, index, std::move(variation), r.pointer());
    edit.definition.note_part(variation_list, index, "/key", r.pointer() + "/variation");
}

void rename(Reader& r, DefinitionEdit& edit) {
    const auto key = body::read_name(r, "variation");
    const auto to = body::read_name(r, "to");
    const auto index = ask_variation(r, edit, key);
    if (!index || key == to || !is_new(r, edit, "to", to)) return;
    // `otherwise` of a rule's split would then mean something else.
    if (to == "next") return r.fail_at("to", "bad_key", next_is_taken);
    edit.definition.set_part(variation_list, *index, "key", Tree::string(to), r.pointer() + "/to");
    for (auto& config : edit.configs) rename_variation(config.config, key, to);
}

void remove_variation(Reader& r, DefinitionEdit& edit) {
    const auto key = body::read_name(r, "variation");
    const auto index = ask_variation(r, edit, key);
    if (!index) return;
    for (const auto& config : edit.configs) {
        for (const auto& use : uses_of_variation(config.config, key))
            r.fail_at("variation", body::refusal::still_served,
                      use.phrase + " in environment " + config.environment + " serves `" + key + "`");
    }
    edit.definition.erase(variation_list, *index);
}

void set_value(Reader& r, DefinitionEdit& edit) {
    const auto index = ask_variation(r, edit, body::read_name(r, "variation"));
    const auto value = r.any("value");
    if (index) edit.definition.set_part(variation_list, *index, "value", Tree(value), r.pointer() + "/value");
}

// A name or null; which names there are is checked with the definition.
void set_lifetime(Reader& r, DefinitionEdit& edit) {
    const auto lifetime = r.any("lifetime");
    edit.definition.set("lifetime", Tree(lifetime), r.pointer() + "/lifetime");
}

constexpr char name_member[] = "name";
constexpr char description_member[] = "description";
constexpr char owner_member[] = "owner";
constexpr char client_member[] = "client";
constexpr char track_member[] = "track";

constexpr DefinitionInstruction definition_table[] = {
    {"set_name", set_text<name_member>},       {"set_description", set_text<description_member>},
    {"set_owner", set_text<owner_member>},     {"set_lifetime", set_lifetime},
    {"set_client", set_switch<client_member>}, {"set_track", set_switch<track_member>},
    {"add_tags", shared<items::add_tags>},     {"remove_tags", shared<items::remove_tags>},
    {"add_variation", add_variation},          {"rename_variation", rename},
    {"remove_variation", remove_variation},    {"set_value", set_value},
    {"archive", shared<items::archive>},       {"restore", shared<items::restore>},
};

}  // namespace

std::span<const DefinitionInstruction> definition_instructions() noexcept { return definition_table; }

}  // namespace fanion::cp::flags
