#include "control-plane/flags/config_instructions.hpp"

#include <algorithm>
#include <optional>

#include "control-plane/body/value_lists.hpp"

namespace fanion::cp::flags {
namespace {

using body::EditedTree;
using json::Reader;
using json::Tree;

void turn_on(Reader& r, EditedTree& config) { config.set("enabled", Tree::boolean(true), r.pointer()); }
void turn_off(Reader& r, EditedTree& config) { config.set("enabled", Tree::boolean(false), r.pointer()); }

void set_off(Reader& r, EditedTree& config) {
    if (!r.has("variation"))
        return r.fail_at("variation", "missing", "give a variation, or null for the caller's own default");
    const auto variation = r.optional_string("variation");
    config.set("off", variation ? Tree::string(*variation) : Tree(), r.pointer() + "/variation");
}

void set_fallthrough(Reader& r, EditedTree& config) {
    const auto variation = r.optional_any("variation");
    const auto split = r.optional_any("split");
    if (static_cast<bool>(variation) == static_cast<bool>(split))
        return r.fail("malformed", "give `variation` or `split`");
    auto serve = Tree::object();
    serve.set(variation ? "variation" : "split", Tree(variation ? variation : split));
    config.set("fallthrough", std::move(serve), r.pointer());
}

std::optional<std::size_t> find_prerequisite(EditedTree& config, const std::string& flag) {
    const auto& held = config.list("prerequisites");
    const auto found = std::find_if(held.begin(), held.end(), [&](const Tree& prerequisite) {
        const auto* name = prerequisite.find("flag");
        return name != nullptr && *name == Tree::string(flag);
    });
    if (found == held.end()) return std::nullopt;
    return static_cast<std::size_t>(found - held.begin());
}

Tree to_list(const std::vector<std::string>& texts) {
    Tree::Elements list;
    for (const auto& text : texts) list.push_back(Tree::string(text));
    return Tree::array(std::move(list));
}

void add_prerequisite(Reader& r, EditedTree& config) {
    const auto flag = body::read_name(r, "flag");
    const auto variations = body::read_values(r, "variations");
    if (find_prerequisite(config, flag))
        return r.fail_at("flag", body::refusal::already_there,
                         "`" + flag + "` is a prerequisite already; use replace_prerequisite");
    auto prerequisite = Tree::object();
    prerequisite.set("flag", Tree::string(flag)).set("variations", to_list(variations));
    config.insert("prerequisites", config.list("prerequisites").size(), std::move(prerequisite), r.pointer());
}

std::optional<std::size_t> ask_prerequisite(Reader& r, EditedTree& config) {
    const auto flag = body::read_name(r, "flag");
    const auto index = find_prerequisite(config, flag);
    if (!index && !flag.empty())
        r.fail_at("flag", body::refusal::unknown_prerequisite, "`" + flag + "` is no prerequisite of this flag");
    return index;
}

void replace_prerequisite(Reader& r, EditedTree& config) {
    const auto variations = body::read_values(r, "variations");
    const auto index = ask_prerequisite(r, config);
    if (index) config.set_part("prerequisites", *index, "variations", to_list(variations), r.pointer() + "/variations");
}

void remove_prerequisite(Reader& r, EditedTree& config) {
    const auto index = ask_prerequisite(r, config);
    if (index) config.erase("prerequisites", *index);
}

void add_targets(Reader& r, EditedTree& config) {
    body::add_values(r, config, body::read_value_list(r, "targets", true));
}
void remove_targets(Reader& r, EditedTree& config) {
    body::remove_values(r, config, body::read_value_list(r, "targets", true));
}
void replace_targets(Reader& r, EditedTree& config) {
    body::replace_values(r, config, body::read_value_list(r, "targets", true));
}

constexpr ConfigInstruction config_table[] = {
    {"turn_on", turn_on},
    {"turn_off", turn_off},
    {"add_rule", add_rule},
    {"replace_rule", replace_rule},
    {"remove_rule", remove_rule},
    {"move_rule", move_rule},
    {"reorder_rules", reorder_rules},
    {"set_weights", set_weights},
    {"set_fallthrough", set_fallthrough},
    {"set_off", set_off},
    {"add_targets", add_targets},
    {"remove_targets", remove_targets},
    {"replace_targets", replace_targets},
    {"add_prerequisite", add_prerequisite},
    {"replace_prerequisite", replace_prerequisite},
    {"remove_prerequisite", remove_prerequisite},
};

}  // namespace

std::span<const ConfigInstruction> config_instructions() noexcept { return config_table; }

}  // namespace fanion::cp::flags
