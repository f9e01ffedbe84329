#include "common/eval/check/facts.hpp"

#include <algorithm>

namespace fanion::eval::checks {

Facts::Facts(const Formulas& formulas, Lists lists, Budget& budget)
    : formulas_(formulas), budget_(budget), states_(formulas.variables()) {
    for (Id i = 0; i < states_.size(); ++i)
        if (lists == Lists::none && formulas.variable(i).is_single) states_[i].attribute.single = 1;
}

bool Facts::is_touched(Id variable) const noexcept {
    const auto& state = states_[variable];
    const auto& a = state.attribute;
    return !a.positive.empty() || !a.negative.empty() || a.present + a.absent + a.unit + a.unitless > 0 ||
           !state.slots.empty() || !state.moments.empty() || state.yes + state.no > 0;
}

bool Facts::conflicts(Claim claim) {
    if (!budget_.spend()) return false;
    const auto before = mark();
    const bool fits = assume(claim);
    undo(before);
    return !fits;
}

bool Facts::assume(Claim claim) {
    const auto& atom = formulas_.atom(claim.atom);
    auto& state = states_[atom.variable];
    switch (atom.kind) {
        case Atom::Kind::slot:
            return add_slots(atom, claim.positive);
        case Atom::Kind::before:
            return add_moment(atom, claim.positive);
        case Atom::Kind::member:
            trail_.push_back({atom.variable, claim.positive ? Step::yes : Step::no});
            ++(claim.positive ? state.yes : state.no);
            return state.yes == 0 || state.no == 0;
        case Atom::Kind::predicate:
        case Atom::Kind::listed:
        case Atom::Kind::exists:
            break;
    }
    return assume_attribute(atom, claim.positive);
}

bool Facts::assume_attribute(const Atom& atom, bool positive) {
    auto& held = states_[atom.variable].attribute;
    if (atom.kind == Atom::Kind::exists) {
        trail_.push_back({atom.variable, positive ? Step::present : Step::absent});
        ++(positive ? held.present : held.absent);
        return held.absent == 0 || (held.present == 0 && held.positive.empty());
    }
    if (positive) {
        const bool is_one =
            atom.kind != Atom::Kind::listed || (add_single(atom.variable) && add_unit(atom.variable, true));
        return is_one && add_positive(atom.variable, atom.predicate);
    }
    // Not listed: a list may still contain one of the strings, since targets never match lists.
    if (atom.kind == Atom::Kind::listed && held.single == 0) return true;
    return add_negative(atom.variable, atom.predicate);
}

bool Facts::add_single(Id variable) {
    auto& held = states_[variable].attribute;
    trail_.push_back({variable, Step::single});
    ++held.single;
    if (held.single > 1) return true;
    held.finite = Attribute::none;
    return has_one_value(held);
}

bool Facts::add_unit(Id variable, bool is_there) {
    auto& held = states_[variable].attribute;
    trail_.push_back({variable, is_there ? Step::unit : Step::unitless});
    ++(is_there ? held.unit : held.unitless);
    return held.unit == 0 || held.unitless == 0;
}

bool Facts::add_positive(Id variable, const Predicate& predicate) {
    auto& held = states_[variable].attribute;
    trail_.push_back({variable, Step::positive});
    held.positive.push_back({&predicate});
    if (held.absent > 0 || !has_free_piece(held, held.positive.back())) return false;
    return held.single == 0 || has_one_value(held);
}

bool Facts::add_negative(Id variable, const Predicate& predicate) {
    auto& held = states_[variable].attribute;
    trail_.push_back({variable, Step::negative});
    held.negative.push_back(&predicate);
    for (auto& literal : held.positive) {
        budget_.spend(literal.predicate->cost(literal.witness, predicate));
        const bool kept =
            !literal.predicate->is_ordered() && !literal.predicate->is_piece_within(literal.witness, predicate);
        if (!kept && !has_free_piece(held, literal)) return false;
    }
    return held.single == 0 || has_one_value(held);
}

bool Facts::is_free(const Attribute& held, const Predicate& predicate, std::size_t piece) {
    for (const auto* covering : held.negative) {
        if (!budget_.spend(predicate.cost(piece, *covering))) return true;
        if (predicate.is_piece_within(piece, *covering)) return false;
    }
    return true;
}

// Finds a piece that no negative literal covers, starting from the current witness.
bool Facts::has_free_piece(const Attribute& held, Held& literal) {
    const auto& predicate = *literal.predicate;
    if (predicate.is_ordered() && !has_free_interval(held, predicate, false)) return false;
    for (std::size_t i = 0; i < predicate.pieces(); ++i) {
        const auto piece = (literal.witness + i) % predicate.pieces();
        if (!is_free(held, predicate, piece)) continue;
        literal.witness = piece;
        return true;
    }
    return budget_.spent() && predicate.pieces() > 0;
}

// Whether the negative rays leave anything of `like`'s interval, or, with `all_positive`, of its intersection with all
// positive ones of its kind.
bool Facts::has_free_interval(const Attribute& held, const Predicate& like, bool all_positive) {
    Interval rest = like.interval();
    for (const auto& literal : held.positive) {
        if (!all_positive || literal.predicate->kind() != like.kind()) continue;
        rest = rest.intersection(literal.predicate->interval());
    }
    for (const auto* covering : held.negative) {
        if (!budget_.spend()) return true;
        if (covering->kind() == like.kind()) rest = rest.without(covering->interval());
    }
    return !rest.empty();
}

bool Facts::satisfies_all(const Attribute& held, std::size_t finite, std::size_t piece) {
    const auto& predicate = *held.positive[finite].predicate;
    for (std::size_t i = 0; i < held.positive.size(); ++i) {
        const auto& other = *held.positive[i].predicate;
        if (!budget_.spend(predicate.cost(piece, other))) return true;
        if (i != finite && !predicate.may_piece_meet(piece, other)) return false;
    }
    return is_free(held, predicate, piece);
}

// Whether some single value may satisfy every positive literal and no negative one.
bool Facts::has_one_value(Attribute& held) {
    if (held.positive.empty()) return true;
    if (held.finite == Attribute::none) {
        for (std::size_t i = 0; i < held.positive.size(); ++i) {
            if (!held.positive[i].predicate->is_finite()) continue;
            const bool is_fewer = held.finite == Attribute::none ||
                                  held.positive[i].predicate->pieces() < held.positive[held.finite].predicate->pieces();
            if (is_fewer) held.finite = i;
        }
        held.value = 0;
    }
    if (held.finite != Attribute::none) {
        const auto pieces = held.positive[held.finite].predicate->pieces();
        for (std::size_t i = 0; i < pieces; ++i) {
            const auto piece = (held.value + i) % pieces;
            if (!satisfies_all(held, held.finite, piece)) continue;
            held.value = piece;
            return true;
        }
        return budget_.spent();
    }
    const auto& last = *held.positive.back().predicate;
    for (const auto& literal : held.positive) {
        if (!budget_.spend(last.pieces() * literal.predicate->pieces())) return true;
        if (literal.predicate->is_ordered() && !has_free_interval(held, *literal.predicate, true)) return false;
        if (last.is_disjoint_from(*literal.predicate)) return false;
    }
    return true;
}

// Being in a slot implies that the unit is present, is not a list, and is a string or an integer.
bool Facts::add_slots(const Atom& atom, bool positive) {
    auto& state = states_[atom.variable];
    Slots next = state.slots.empty() ? Slots() : state.slots.back();
    budget_.spend(next.set.parts() + atom.slots.parts());
    next.set = next.set.intersection(positive ? atom.slots : atom.slots.complement());
    next.may_miss = next.may_miss && !positive;
    const bool is_missing = next.set.empty();
    const bool fits = next.may_miss || !is_missing;
    state.slots.push_back(std::move(next));
    trail_.push_back({atom.variable, Step::slots});
    if (!fits) return false;
    const auto attribute = formulas_.variable(atom.variable).unit;
    if (!positive) return !is_missing || add_unit(attribute, false);
    return add_unit(attribute, true) && add_single(attribute) && add_positive(attribute, unit_);
}

bool Facts::add_moment(const Atom& atom, bool positive) {
    auto& state = states_[atom.variable];
    const auto& interval = atom.predicate.interval();
    const auto held = state.moments.empty() ? Interval() : state.moments.back().interval;
    state.moments.push_back({positive ? held.intersection(interval) : held.without(interval)});
    trail_.push_back({atom.variable, Step::moment});
    return !state.moments.back().interval.empty();
}

void Facts::pop(const Entry& entry) {
    auto& state = states_[entry.variable];
    auto& held = state.attribute;
    switch (entry.step) {
        case Step::positive:
            held.positive.pop_back();
            if (held.finite != Attribute::none && held.finite >= held.positive.size()) held.finite = Attribute::none;
            return;
        case Step::negative:
            held.negative.pop_back();
            return;
        case Step::present:
            --held.present;
            return;
        case Step::absent:
            --held.absent;
            return;
        case Step::single:
            --held.single;
            held.finite = Attribute::none;
            return;
        case Step::unit:
            --held.unit;
            return;
        case Step::unitless:
            --held.unitless;
            return;
        case Step::slots:
            state.slots.pop_back();
            return;
        case Step::moment:
            state.moments.pop_back();
            return;
        case Step::yes:
            --state.yes;
            return;
        case Step::no:
            --state.no;
            return;
    }
}

void Facts::undo(std::size_t mark) {
    for (; trail_.size() > mark; trail_.pop_back()) pop(trail_.back());
}

}  // namespace fanion::eval::checks
