#include "common/eval/check/client_rules.hpp"

#include <map>
#include <set>

namespace fanion::eval::checks {
namespace {

constexpr std::string_view code = "withheld_from_clients";
constexpr std::string_view flag_prefix = "flag/";
constexpr std::string_view segment_prefix = "segment/";
constexpr std::size_t most_named = 20;

// What an item refers to without being for clients, itself or by what it refers to. References that
// lead back to where they came from do not compile.
class Withheld {
public:
    explicit Withheld(Catalog& catalog) : catalog_(catalog) {}

    bool is_flag_withheld(const std::string& key) {
        const auto [at, is_new] = flags_.emplace(key, false);
        if (!is_new) return at->second;
        const auto* flag = catalog_.flag(key);
        return at->second = flag == nullptr || !flag->client || refers_to_withheld(*flag);
    }
    bool is_segment_withheld(const std::string& key) {
        const auto [at, is_new] = segments_.emplace(key, false);
        if (!is_new) return at->second;
        const auto* segment = catalog_.segment(key);
        return at->second = segment == nullptr || !segment->client || refers_to_withheld(*segment);
    }
    bool is_item_withheld(std::string_view item) {
        if (item.starts_with(flag_prefix)) return is_flag_withheld(std::string(item.substr(flag_prefix.size())));
        return is_segment_withheld(std::string(item.substr(segment_prefix.size())));
    }
    bool is_any_withheld(const model::Condition& when) {
        std::set<std::string> keys;
        add_segments(when, keys);
        for (const auto& key : keys)
            if (is_segment_withheld(key)) return true;
        return false;
    }

private:
    template <class Item>
    bool has_withheld_rule(const Item& rules) {
        for (const auto& rule : rules)
            if (is_any_withheld(rule.when)) return true;
        return false;
    }
    bool refers_to_withheld(const model::Flag& flag) {
        for (const auto& prerequisite : flag.config.prerequisites)
            if (is_flag_withheld(prerequisite.flag)) return true;
        return has_withheld_rule(flag.config.rules);
    }
    bool refers_to_withheld(const model::Segment& segment) { return has_withheld_rule(segment.rules); }

    Catalog& catalog_;
    std::map<std::string, bool> flags_;
    std::map<std::string, bool> segments_;
};

bool is_marked(std::string_view item, Catalog& catalog) {
    if (item.starts_with(flag_prefix)) {
        const auto* flag = catalog.flag(std::string(item.substr(flag_prefix.size())));
        return flag != nullptr && flag->client;
    }
    const auto* segment = catalog.segment(std::string(item.substr(segment_prefix.size())));
    return segment != nullptr && segment->client;
}

}  // namespace

void check_client_rules(const model::Flag& flag, Catalog& catalog, Report& report) {
    if (!flag.client || !catalog.has_client_rules()) return;
    Withheld withheld(catalog);
    const auto& config = flag.config;
    for (std::size_t i = 0; i < config.prerequisites.size(); ++i) {
        const auto& key = config.prerequisites[i].flag;
        if (!withheld.is_flag_withheld(key)) continue;
        report.add(place("/prerequisites", i), code,
                   "Client keys with `rules` do not get this flag: " + quoted(key) +
                       ", or what it refers to, is not marked `client`.");
    }
    for (std::size_t i = 0; i < config.rules.size(); ++i) {
        if (!withheld.is_any_withheld(config.rules[i].when)) continue;
        report.add(place("/rules", i), code,
                   "Client keys with `rules` do not get this flag: the rule refers to a segment that is not marked "
                   "`client`, or that refers to one.");
    }
}

void check_client_loss(std::string_view item, Catalog& before, Catalog& after, Report& report) {
    if (!after.has_client_rules()) return;
    Withheld was(before);
    Withheld is(after);
    if (was.is_item_withheld(item) || !is.is_item_withheld(item)) return;
    std::string names;
    std::size_t lost = 0;
    for (const auto& key : after.flag_keys()) {
        const bool is_other = item != std::string(flag_prefix) + key;
        const auto* flag = is_other ? after.flag(key) : nullptr;
        if (flag == nullptr || !flag->client || !is.is_flag_withheld(key) || was.is_flag_withheld(key)) continue;
        if (++lost <= most_named) names += (names.empty() ? "" : ", ") + quoted(key);
    }
    if (lost == 0) return;
    if (lost > most_named) names += " and " + std::to_string(lost - most_named) + " more";
    report.add(
        is_marked(item, after) ? "" : "/client", code,
        "Client keys with `rules` lose flags that refer to this item, directly or through others: " + names + ".");
}

}  // namespace fanion::eval::checks
