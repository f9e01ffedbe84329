#include <algorithm>
#include <utility>

#include "common/flagfile/project.hpp"
#include "common/flagfile/shares.hpp"
#include "common/model/json.hpp"
#include "common/rule/text.hpp"

namespace fanion::flagfile {
namespace {

using json::Tree;

Tree list_of(const std::vector<std::string>& texts) {
    Tree::Elements elements;
    for (const auto& text : texts) elements.push_back(Tree::string(text));
    return Tree::array(std::move(elements));
}

void set_text(Tree& to, std::string_view name, const std::string& text) {
    if (!text.empty()) to.set(name, Tree::string(text));
}

void set_list(Tree& to, std::string_view name, Tree list) {
    if (!list.elements().empty()) to.set(name, std::move(list));
}

Tree targets_tree(const std::vector<model::Target>& targets) {
    auto list = Tree::array();
    for (const auto& target : targets) {
        auto one = Tree::object().set("attribute", Tree::string(target.attribute));
        set_text(one, "variation", target.variation);
        list.elements().push_back(std::move(one.set("values", list_of(target.values))));
    }
    return list;
}

Tree config_tree(const model::FlagConfig& config) {
    auto out = Tree::object().set("enabled", Tree::boolean(config.enabled));
    out.set("off", config.off ? Tree::string(*config.off) : Tree());
    auto prerequisites = Tree::array();
    for (const auto& one : config.prerequisites) {
        prerequisites.elements().push_back(
            Tree::object().set("flag", Tree::string(one.flag)).set("variations", list_of(one.variations)));
    }
    set_list(out, "prerequisites", std::move(prerequisites));
    set_list(out, "targets", targets_tree(config.targets));
    auto rules = Tree::array();
    for (const auto& rule : config.rules) {
        auto one = Tree::object();
        set_text(one, "id", rule.id);
        one.set("when", Tree::string(rule::print(rule.when))).set("serve", tree_of(rule.serve));
        rules.elements().push_back(std::move(one));
    }
    set_list(out, "rules", std::move(rules));
    return out.set("fallthrough", tree_of(config.fallthrough));
}

Tree members_tree(const model::Segment& members) {
    auto out = Tree::object();
    set_list(out, "included", targets_tree(members.included));
    set_list(out, "excluded", targets_tree(members.excluded));
    auto rules = Tree::array();
    for (const auto& rule : members.rules)
        rules.elements().push_back(Tree::object().set("when", Tree::string(rule::print(rule.when))));
    set_list(out, "rules", std::move(rules));
    return out;
}

}  // namespace

Tree tree_of(const std::string& key, const Flag& flag) {
    auto out = Tree::object().set("type", Tree::string(std::string(model::name_of(flag.type))));
    set_text(out, "name", flag.name);
    set_text(out, "description", flag.description);
    set_list(out, "tags", list_of(flag.tags));
    set_text(out, "owner", flag.owner);
    auto variations = Tree::array();
    for (const auto& variation : flag.variations) {
        auto value = Tree::parse(variation.value, {.bytes = variation.value.size()});
        variations.elements().push_back(
            Tree::object().set("key", Tree::string(variation.key)).set("value", value ? std::move(*value) : Tree()));
    }
    out.set("variations", std::move(variations));
    if (flag.client) out.set("client", Tree::boolean(true));
    if (flag.track) out.set("track", Tree::boolean(true));
    if (flag.archived) out.set("archived", Tree::boolean(true));
    if (flag.salt != key) out.set("salt", Tree::string(flag.salt));
    auto environments = Tree::object();
    for (const auto& [name, in] : flag.environments) environments.set(name, config_tree(in.config));
    return out.set("environments", std::move(environments));
}

Tree tree_of(const Segment& segment) {
    auto out = Tree::object();
    set_text(out, "name", segment.name);
    set_text(out, "description", segment.description);
    set_list(out, "tags", list_of(segment.tags));
    set_text(out, "owner", segment.owner);
    if (segment.client) out.set("client", Tree::boolean(true));
    if (segment.archived) out.set("archived", Tree::boolean(true));
    auto environments = Tree::object();
    for (const auto& [name, in] : segment.environments) environments.set(name, members_tree(in.members));
    return out.set("environments", std::move(environments));
}

Tree tree_of(const Project& project) {
    auto out = Tree::object().set("fanion", Tree::number(1)).set("project", Tree::string(project.key));
    auto segments = Tree::object();
    // Not set(), which looks for the member: there may be thousands.
    for (const auto& [key, segment] : project.segments) segments.members().push_back({key, tree_of(segment)});
    auto flags = Tree::object();
    for (const auto& [key, flag] : project.flags) flags.members().push_back({key, tree_of(key, flag)});
    return out.set("segments", std::move(segments)).set("flags", std::move(flags));
}

}  // namespace fanion::flagfile
