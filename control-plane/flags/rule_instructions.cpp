// The instructions about rules: by id, with a position `before` or `after` another, or `at` an index.

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "control-plane/flags/config_instructions.hpp"

namespace fanion::cp::flags {
namespace {

using body::EditedTree;
using json::Kind;
using json::Reader;
using json::Tree;

constexpr std::string_view rule_list = "rules";

std::string_view id_of(const Tree& rule) {
    const auto* id = rule.find("id");
    return id != nullptr && id->is(Kind::string) ? std::string_view(id->as_string()) : std::string_view();
}

std::optional<std::size_t> find_rule(EditedTree& config, const std::string& id) {
    const auto& held = config.list(rule_list);
    const auto found = std::find_if(held.begin(), held.end(), [&](const Tree& rule) { return id_of(rule) == id; });
    if (found == held.end()) return std::nullopt;
    return static_cast<std::size_t>(found - held.begin());
}

// The rule that `member` names; a finding if there is none.
std::optional<std::size_t> ask_rule(Reader& r, EditedTree& config, std::string_view member) {
    const auto id = body::read_name(r, member);
    if (id.empty()) return std::nullopt;
    const auto index = find_rule(config, id);
    if (!index) r.fail_at(member, body::refusal::unknown_rule, "there is no rule `" + id + "` in this environment");
    return index;
}

// Where a rule is to stand among the present ones; the end if nothing is given.
std::optional<std::size_t> ask_position(Reader& r, EditedTree& config) {
    const auto count = config.list(rule_list).size();
    const bool has_before = r.has("before");
    const bool has_after = r.has("after");
    const bool has_at = r.has("at");
    if (has_before + has_after + has_at > 1) {
        r.fail("malformed", "give one of `before`, `after` and `at`");
        return std::nullopt;
    }
    if (has_at) return static_cast<std::size_t>(r.integer("at", 0, static_cast<std::int64_t>(count)));
    if (has_before) return ask_rule(r, config, "before");
    if (!has_after) return count;
    const auto index = ask_rule(r, config, "after");
    return index ? std::optional(*index + 1) : std::nullopt;
}

void copy_member(Reader& r, std::string_view member, Tree& to) {
    if (const auto value = r.optional_any(member)) to.set(member, Tree(value));
}

// The split of a rule or of the fallthrough at present; null: it serves one variation.
const Tree* split_of(const Tree* serve) {
    const auto* split = serve != nullptr ? serve->find("split") : nullptr;
    return split != nullptr && split->is(Kind::object) ? split : nullptr;
}

// What `present` has besides its ranges, overridden by what the instruction has.
Tree weighted_split(Reader& r, const Tree* present) {
    auto split = Tree::object();
    for (const auto* name : {"by", "salt", "hash", "otherwise"}) {
        const auto* held = present != nullptr ? present->find(name) : nullptr;
        if (held != nullptr) split.set(name, *held);
        copy_member(r, name, split);
    }
    split.set("weights", Tree(r.any("weights")));
    return split;
}

}  // namespace

void add_rule(Reader& r, EditedTree& config) {
    auto rule = Tree::object();
    const auto id = r.optional_string("id");
    if (id) rule.set("id", Tree::string(*id));
    if (r.any("when")) copy_member(r, "when", rule);
    if (r.any("serve")) copy_member(r, "serve", rule);
    if (id && !id->empty() && find_rule(config, *id))
        return r.fail_at("id", body::refusal::already_there, "there is a rule `" + *id + "` in this environment");
    const auto index = ask_position(r, config);
    if (index) config.insert(rule_list, *index, std::move(rule), r.pointer());
}

void replace_rule(Reader& r, EditedTree& config) {
    const auto index = ask_rule(r, config, "rule");
    if (!r.has("when") && !r.has("serve")) return r.fail("malformed", "give `when`, `serve`, or both");
    if (!index) return;
    for (const auto* part : {"when", "serve"}) {
        if (const auto value = r.optional_any(part))
            config.set_part(rule_list, *index, part, Tree(value), r.pointer() + '/' + part);
    }
}

void remove_rule(Reader& r, EditedTree& config) {
    const auto index = ask_rule(r, config, "rule");
    if (index) config.erase(rule_list, *index);
}

void move_rule(Reader& r, EditedTree& config) {
    const auto index = ask_rule(r, config, "rule");
    if (!index) return;
    if (!r.has("before") && !r.has("after") && !r.has("at"))
        return r.fail("malformed", "give one of `before`, `after` and `at`");
    const auto wanted = ask_position(r, config);
    if (!wanted) return;
    // `before` and `after` count the rule itself; `at` is its place in the result.
    const auto last = config.list(rule_list).size() - 1;
    const bool is_shifted = !r.has("at") && *wanted > *index;
    config.move(rule_list, *index, std::min(is_shifted ? *wanted - 1 : *wanted, last));
}

void reorder_rules(Reader& r, EditedTree& config) {
    const auto ids = body::read_values(r, "rules");
    if (ids.size() > config.list(rule_list).size())
        return r.fail_at("rules", "too_many", "these are more than the environment has rules");
    std::set<std::string, std::less<>> seen;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto place = r.element("rules", i, {});
        if (!find_rule(config, ids[i]))
            return place.fail(body::refusal::unknown_rule, "there is no rule `" + ids[i] + "` in this environment");
        if (!seen.insert(ids[i]).second) return place.fail("duplicate", "`" + ids[i] + "` is listed twice");
    }
    for (const auto& rule : config.list(rule_list)) {
        if (ids.empty() || seen.contains(id_of(rule))) continue;
        return r.fail_at("rules", "missing", "list every rule; `" + std::string(id_of(rule)) + "` is missing");
    }
    for (std::size_t i = 0; i < ids.size(); ++i) config.move(rule_list, *find_rule(config, ids[i]), i);
}

void set_weights(Reader& r, EditedTree& config) {
    if (!r.has("rule")) {
        const auto* serve = config.find("fallthrough");
        auto split = weighted_split(r, split_of(serve));
        config.set("fallthrough", Tree::object().set("split", std::move(split)), r.pointer());
        return config.note("fallthrough", "/split", r.pointer());
    }
    const auto index = ask_rule(r, config, "rule");
    if (!index) return;
    auto split = weighted_split(r, split_of(config.list(rule_list)[*index].find("serve")));
    config.set_part(rule_list, *index, "serve", Tree::object().set("split", std::move(split)), r.pointer());
    config.note_part(rule_list, *index, "/serve/split", r.pointer());
}

}  // namespace fanion::cp::flags
