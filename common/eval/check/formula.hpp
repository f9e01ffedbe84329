#pragma once

// The conditions of one flag or segment as propositional formulas. An atom is a test of one
// variable of the context; a variable is an attribute, `$now`, a slot (unit, salt and hash
// together), or membership in a segment. Segments stay opaque: no conclusion about a rule may
// depend on who happens to be a member.
//
// Formulas are added first and only read while the solver runs. Keeps views into the model. One
// thread.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "common/eval/check/predicate.hpp"
#include "common/eval/check/slots.hpp"

namespace fanion::eval::checks {

using Id = std::uint32_t;

struct Variable {
    enum class Kind : std::uint8_t { attribute, now, slot, segment } kind;
    std::string name;        // attribute, segment
    Id unit = 0;             // slot: the attribute
    bool is_single = false;  // attribute: meant to have one value, not a list
};

struct Atom {
    enum class Kind : std::uint8_t {
        predicate,  // some element of the attribute satisfies it
        listed,     // the attribute is a string, and in no array, that satisfies it
        exists,     // the attribute is present
        before,     // $now is before the interval's high bound, or after its low one
        slot,       // the unit is present and its slot is in the set
        member,     // of the segment
    } kind;
    Id variable = 0;
    Predicate predicate = Predicate::of_unit();  // predicate, listed, before
    SlotSet slots{};                             // slot
};

struct Formula {
    enum class Kind : std::uint8_t { all, any, negation, atom } kind = Kind::all;
    Id atom = 0;
    std::vector<Id> children{};  // formulas
};

class Formulas {
public:
    // `salt`: the flag's, for buckets and splits without their own.
    explicit Formulas(std::string salt) : salt_(std::move(salt)) {}

    Id add(const model::Condition& condition);
    Id add_all(std::vector<Id> parts) { return put({Formula::Kind::all, 0, std::move(parts)}); }
    // "The attribute is one of the target's strings", compared as targets do.
    Id add_listed(const model::Target& target);
    // "The split serves a variation": its unit is present and the slot is in one of its ranges, or
    // it has an `otherwise` that names a variation.
    Id add_split(const model::Split& split);

    // Marks attributes as meant to have one value (docs/checks.md, Lists): the given one; all with
    // a name that is known to.
    void mark_single(const std::string& attribute);
    void mark_single_names();

    const Formula& formula(Id id) const { return formulas_[id]; }
    const Atom& atom(Id id) const { return atoms_[id]; }
    const Variable& variable(Id id) const { return variables_[id]; }
    std::size_t variables() const noexcept { return variables_.size(); }

private:
    Id put(Formula formula);
    Id put_atom(Atom atom);
    Id add_comparison(const model::Condition& condition);
    Id add_segments(const model::Condition& condition);
    Id add_slot(const std::string& by, const std::string& salt, model::Hash hash, SlotSet slots);
    Id attribute(const std::string& reference);
    Id negation(Id formula) { return put({Formula::Kind::negation, 0, {formula}}); }

    std::string salt_;
    std::vector<Formula> formulas_;
    std::vector<Atom> atoms_;
    std::vector<Variable> variables_;
    std::map<std::string, Id> attributes_;  // by canonical reference
    std::map<std::string, Id> segments_;
    std::map<std::tuple<Id, std::string, model::Hash>, Id> slots_;
};

// `country` and `/country` are the same attribute and have the same canonical form.
std::string canonical_attribute(const std::string& reference);

}  // namespace fanion::eval::checks
