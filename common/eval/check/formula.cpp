#include "common/eval/check/formula.hpp"

#include <algorithm>
#include <array>

#include "common/json/document.hpp"
#include "common/model/operators.hpp"

namespace fanion::eval::checks {

using ConditionKind = model::Condition::Kind;

namespace {

// A plural such as `groups` or `tags` suggests a list; `status`, `address` and `os` do not.
bool sounds_like_a_list(std::string_view name) noexcept {
    if (!name.ends_with('s')) return false;
    return !(name.ends_with("ss") || name.ends_with("us") || name.ends_with("os") || name.ends_with("is"));
}

// Names that commonly stand for a single value.
constexpr std::array<std::string_view, 8> single_names{"country", "email", "ip",       "language",
                                                       "locale",  "os",    "platform", "timezone"};

std::string_view last_part(std::string_view attribute) noexcept {
    const auto slash = attribute.rfind('/');
    return attribute.starts_with('/') ? attribute.substr(slash + 1) : attribute;
}

}  // namespace

std::string canonical_attribute(const std::string& reference) {
    if (!reference.starts_with('/')) return reference;
    const auto tokens = json::parse_pointer(reference);
    if (!tokens || tokens->size() != 1 || tokens->front().starts_with('/') || tokens->front().empty()) return reference;
    return tokens->front() == "$now" ? reference : tokens->front();
}

Id Formulas::put(Formula formula) {
    formulas_.push_back(std::move(formula));
    return static_cast<Id>(formulas_.size() - 1);
}

Id Formulas::put_atom(Atom atom) {
    atoms_.push_back(std::move(atom));
    return put({Formula::Kind::atom, static_cast<Id>(atoms_.size() - 1), {}});
}

Id Formulas::attribute(const std::string& reference) {
    const auto name = canonical_attribute(reference);
    const auto [it, is_new] = attributes_.emplace(name, static_cast<Id>(variables_.size()));
    if (is_new) variables_.push_back({name == "$now" ? Variable::Kind::now : Variable::Kind::attribute, name});
    return it->second;
}

Id Formulas::add(const model::Condition& condition) {
    switch (condition.kind) {
        case ConditionKind::all:
        case ConditionKind::any: {
            Formula formula;
            formula.kind = condition.kind == ConditionKind::all ? Formula::Kind::all : Formula::Kind::any;
            for (const auto& child : condition.children) formula.children.push_back(add(child));
            return put(std::move(formula));
        }
        case ConditionKind::negation:
            return negation(add(condition.children.front()));
        case ConditionKind::comparison:
            return add_comparison(condition);
        case ConditionKind::segment:
            return add_segments(condition);
        case ConditionKind::bucket:
            break;
    }
    const auto& bucket = condition.bucket;
    return add_slot(bucket.by, bucket.salt.value_or(salt_), bucket.hash,
                    SlotSet::of(bucket.from, bucket.to, bucket.hash));
}

Id Formulas::add_comparison(const model::Condition& condition) {
    Atom atom{Atom::Kind::predicate, attribute(condition.attribute)};
    if (model::operator_of(condition.op).family == model::OpFamily::exists) {
        atom.kind = Atom::Kind::exists;
    } else {
        atom.predicate = Predicate(condition);
        if (variables_[atom.variable].kind == Variable::Kind::now) atom.kind = Atom::Kind::before;
        const bool is_order = atom.predicate.is_ordered();
        if (is_order && !sounds_like_a_list(last_part(condition.attribute))) mark_single(condition.attribute);
    }
    const auto positive = put_atom(std::move(atom));
    return model::operator_of(condition.op).is_negative ? negation(positive) : positive;
}

Id Formulas::add_segments(const model::Condition& condition) {
    Formula any{Formula::Kind::any};
    for (const auto& value : condition.values) {
        const auto [it, is_new] = segments_.emplace(value.text, static_cast<Id>(variables_.size()));
        if (is_new) variables_.push_back({Variable::Kind::segment, value.text});
        any.children.push_back(put_atom({Atom::Kind::member, it->second}));
    }
    const auto positive = put(std::move(any));
    return model::operator_of(condition.op).is_negative ? negation(positive) : positive;
}

Id Formulas::add_slot(const std::string& by, const std::string& salt, model::Hash hash, SlotSet slots) {
    const auto unit = attribute(by);
    mark_single(by);
    const auto [it, is_new] = slots_.emplace(std::tuple(unit, salt, hash), static_cast<Id>(variables_.size()));
    if (is_new) variables_.push_back({Variable::Kind::slot, "", unit});
    Atom atom{Atom::Kind::slot, it->second};
    atom.slots = std::move(slots);
    return put_atom(std::move(atom));
}

Id Formulas::add_split(const model::Split& split) {
    return add_slot(split.by, split.salt.value_or(salt_), split.hash, slots_served(split));
}

Id Formulas::add_listed(const model::Target& target) {
    Atom atom{Atom::Kind::listed, attribute(target.attribute)};
    atom.predicate = Predicate(target.values);
    mark_single(target.attribute);
    return put_atom(std::move(atom));
}

void Formulas::mark_single(const std::string& reference) { variables_[attribute(reference)].is_single = true; }

void Formulas::mark_single_names() {
    for (auto& variable : variables_) {
        if (variable.kind != Variable::Kind::attribute) continue;
        const auto name = last_part(variable.name);
        const bool is_known = std::find(single_names.begin(), single_names.end(), name) != single_names.end();
        if (variable.name == "targetingKey" || is_known) variable.is_single = true;
    }
}

}  // namespace fanion::eval::checks
