#include "common/eval/check/catalog.hpp"

#include <algorithm>
#include <utility>

#include "common/json/reader.hpp"
#include "common/model/json.hpp"

namespace fanion::eval::checks {
namespace {

template <class T, class Read>
std::shared_ptr<const T> read(const std::shared_ptr<const std::string>& body, Read read_model) {
    if (!body) return nullptr;
    json::Document document;
    json::ScanLimits scan;
    scan.bytes = limits::environment_bytes;
    if (!document.parse(*body, scan)) return nullptr;
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    auto value = std::make_shared<const T>(read_model(reader, model::UnknownFields::ignore));
    return findings.empty() ? std::move(value) : nullptr;
}

bool names_anyone(const model::Target& list) { return !list.values.empty(); }

}  // namespace

Catalog::Catalog(std::span<const Item> items) : items_(items) {
    const auto by_key = [](const Item& a, const Item& b) { return a.key < b.key; };
    if (std::is_sorted(items.begin(), items.end(), by_key)) return;
    sorted_.assign(items.begin(), items.end());
    std::stable_sort(sorted_.begin(), sorted_.end(), by_key);
    items_ = sorted_;
}

std::shared_ptr<const std::string> Catalog::body(const std::string& item) const {
    const auto it = std::lower_bound(items_.begin(), items_.end(), std::string_view(item),
                                     [](const Item& a, std::string_view key) { return a.key < key; });
    return it == items_.end() || it->key != item ? nullptr : it->body;
}

void Catalog::know(const std::string& key, std::shared_ptr<const model::Segment> segment) {
    segments_[key] = {std::move(segment), true};
}

const model::Flag* Catalog::flag(const std::string& key) {
    auto& entry = flags_[key];
    if (!entry.is_read) entry = {read<model::Flag>(body("flag/" + key), model::read_flag), true};
    return entry.value.get();
}

const model::Segment* Catalog::segment(const std::string& key) {
    auto& entry = segments_[key];
    if (!entry.is_read) entry = {read<model::Segment>(body("segment/" + key), model::read_segment), true};
    return entry.value.get();
}

std::vector<std::string> Catalog::flag_keys() const {
    constexpr std::string_view prefix = "flag/";
    std::vector<std::string> keys;
    for (const auto& item : items_)
        if (item.key.starts_with(prefix)) keys.emplace_back(item.key.substr(prefix.size()));
    return keys;
}

bool Catalog::has_client_rules() {
    if (has_client_rules_) return *has_client_rules_;
    constexpr std::string_view prefix = "access/";
    auto at = std::lower_bound(items_.begin(), items_.end(), prefix,
                               [](const Item& a, std::string_view key) { return a.key < key; });
    const auto is_key = [&](const Item& item) { return std::string_view(item.key).starts_with(prefix); };
    const auto has_rules = [](const Item& item) {
        const auto entry = read<model::AccessEntry>(item.body, model::read_access);
        return entry && entry->kind == model::AccessEntry::Kind::client && entry->rules;
    };
    has_client_rules_ = false;
    for (; at != items_.end() && is_key(*at) && !*has_client_rules_; ++at) has_client_rules_ = has_rules(*at);
    return *has_client_rules_;
}

void add_segments(const model::Condition& condition, std::set<std::string>& keys) {
    if (condition.kind == model::Condition::Kind::segment)
        for (const auto& value : condition.values) keys.insert(value.text);
    for (const auto& child : condition.children) add_segments(child, keys);
}

bool Catalog::is_empty_segment(const std::string& key) {
    const auto [it, is_new] = empty_.emplace(key, false);  // false while it is being examined, which ends cycles
    if (!is_new) return it->second;
    const auto* found = segment(key);
    return it->second = found != nullptr && find_empty(*found);
}

bool Catalog::find_empty(const model::Segment& segment) {
    if (std::any_of(segment.included.begin(), segment.included.end(), names_anyone)) return false;
    Formulas formulas("");
    std::vector<std::vector<Goal>> rules;
    for (const auto& rule : segment.rules)
        rules.push_back({{formulas.add(rule.when), true}, {add_empty(rule.when, formulas), false}});
    Prover prover(formulas, steps_);
    const auto is_dead = [&](const std::vector<Goal>& rule) { return prover.refutes_always(rule); };
    const bool is_empty = std::all_of(rules.begin(), rules.end(), is_dead);
    steps_ = prover.steps_left();
    return is_empty;
}

// A formula for "the context is in one of the condition's segments that are proven to be empty".
Id Catalog::add_empty(const model::Condition& condition, Formulas& formulas) {
    std::set<std::string> keys;
    add_segments(condition, keys);
    model::Condition member;
    member.kind = model::Condition::Kind::segment;
    member.op = model::Op::in_segment;
    for (const auto& key : keys)
        if (is_empty_segment(key)) member.values.push_back({model::Literal::Kind::string, key});
    return formulas.add(member);
}

bool has_rest(const model::Split& split, Place place) {
    return split.otherwise && (place == Place::fallthrough || *split.otherwise != "next");
}

void add_served(const model::Serve& serve, Place place, std::set<std::string>& served) {
    if (const auto* fixed = std::get_if<model::ServeVariation>(&serve)) {
        served.insert(fixed->variation);
        return;
    }
    const auto& split = std::get<model::Split>(serve);
    SlotSet covered;
    for (const auto& range : split.ranges) {
        const auto slots = SlotSet::of(range.from, range.to, split.hash);
        if (!slots.empty()) served.insert(range.variation);
        covered.append(slots);
    }
    if (has_rest(split, place) && !covered.is_all()) served.insert(*split.otherwise);
}

std::optional<std::set<std::string>> Catalog::outcomes(const std::string& key) {
    const auto [it, is_new] = outcomes_.emplace(key, std::nullopt);
    if (!is_new) return it->second;
    const auto* found = flag(key);
    if (found == nullptr) return std::nullopt;
    return it->second = find_outcomes(*found);
}

bool Catalog::is_dead(const model::Prerequisite& prerequisite) {
    const auto* other = flag(prerequisite.flag);
    if (other == nullptr) return false;
    if (!other->config.enabled) return true;
    const auto possible = outcomes(prerequisite.flag);
    const auto meets = [&](const std::string& variation) { return !possible || possible->contains(variation); };
    return std::none_of(prerequisite.variations.begin(), prerequisite.variations.end(), meets);
}

std::set<std::string> Catalog::find_outcomes(const model::Flag& flag) {
    std::set<std::string> possible;
    const auto& config = flag.config;
    const bool off_is_possible = !config.prerequisites.empty() && config.off;
    if (off_is_possible) possible.insert(*config.off);
    const auto dead = [&](const model::Prerequisite& prerequisite) { return is_dead(prerequisite); };
    if (std::any_of(config.prerequisites.begin(), config.prerequisites.end(), dead)) return possible;
    for (const auto& target : config.targets)
        if (names_anyone(target)) possible.insert(target.variation);
    for (const auto& rule : config.rules) add_served(rule.serve, Place::rule, possible);
    add_served(config.fallthrough, Place::fallthrough, possible);
    return possible;
}

}  // namespace fanion::eval::checks
