#pragma once

// What has been assumed about a context so far: a stack of literals, grouped by variable, which
// tells whether one more can be true together with them. A conflict is a proof. No conflict proves
// nothing, because some combinations are not examined and the budget may be spent.
//
// Semantics (docs/ruleset.md, Operators): a positive comparison holds when some element of the
// attribute satisfies its predicate. So two positive ones never conflict by themselves while the
// attribute may be a list. They may conflict once it is known to have a single value: because a
// target or a bucket implies that, or because the caller assumes it (`Lists::none`).
//
// Costs: a literal is tested against what is held of its variable in O(literals of the variable +
// values of one of them), most often O(1) by a witness: the value last seen to be still free. One
// thread.

#include <cstdint>
#include <vector>

#include "common/eval/check/formula.hpp"

namespace fanion::eval::checks {

// Whether attributes that are meant to have one value (Variable::is_single) may nevertheless be
// lists.
enum class Lists : std::uint8_t { possible, none };

struct Claim {
    Id atom;
    bool positive;
};

// Counts the steps that remain. Once none are left, callers must conclude nothing.
class Budget {
public:
    explicit Budget(std::size_t steps) : left_(steps) {}
    bool spend(std::size_t steps = 1) noexcept {
        left_ = left_ < steps ? 0 : left_ - steps;
        return left_ > 0;
    }
    bool spent() const noexcept { return left_ == 0; }
    std::size_t left() const noexcept { return left_; }

private:
    std::size_t left_;
};

class Facts {
public:
    Facts(const Formulas& formulas, Lists lists, Budget& budget);

    // Pushes the claim. False when it conflicts with what is held; it is held all the same, until
    // undo().
    bool assume(Claim claim);
    // The same question without pushing.
    bool conflicts(Claim claim);
    // Whether anything is held of the variable.
    bool is_touched(Id variable) const noexcept;

    // undo(mark()) later removes what was assumed in between.
    std::size_t mark() const noexcept { return trail_.size(); }
    void undo(std::size_t mark);

private:
    struct Held {
        const Predicate* predicate;
        std::size_t witness = 0;  // a piece of the predicate that no negative literal covers
    };
    struct Attribute {
        std::vector<Held> positive;
        std::vector<const Predicate*> negative;
        std::uint32_t present = 0;
        std::uint32_t absent = 0;
        std::uint32_t single = 0;
        std::uint32_t unit = 0;      // it can be bucketed
        std::uint32_t unitless = 0;  // it cannot
        // For a single attribute with a finite positive literal: its index in `positive`, or none,
        // and the piece of it that was last found to satisfy all other literals.
        static constexpr std::size_t none = ~std::size_t{0};
        std::size_t finite = none;
        std::size_t value = 0;
    };
    struct Slots {
        bool may_miss = true;
        SlotSet set = SlotSet::all();
    };
    struct Moment {
        Interval interval;
    };
    struct State {
        Attribute attribute;
        std::vector<Slots> slots;
        std::vector<Moment> moments;
        std::uint32_t yes = 0;  // segment
        std::uint32_t no = 0;
    };
    enum class Step : std::uint8_t {
        positive,
        negative,
        present,
        absent,
        single,
        unit,
        unitless,
        slots,
        moment,
        yes,
        no
    };
    struct Entry {
        Id variable;
        Step step;
    };

    bool assume_attribute(const Atom& atom, bool positive);
    bool add_positive(Id variable, const Predicate& predicate);
    bool add_negative(Id variable, const Predicate& predicate);
    bool add_single(Id variable);
    bool add_unit(Id variable, bool is_there);
    bool add_slots(const Atom& atom, bool positive);
    bool add_moment(const Atom& atom, bool positive);
    void pop(const Entry& entry);

    bool has_free_piece(const Attribute& held, Held& literal);
    bool is_free(const Attribute& held, const Predicate& predicate, std::size_t piece);
    bool has_one_value(Attribute& held);
    bool has_free_interval(const Attribute& held, const Predicate& like, bool all_positive);
    bool satisfies_all(const Attribute& held, std::size_t finite, std::size_t piece);

    const Formulas& formulas_;
    Budget& budget_;
    const Predicate unit_ = Predicate::of_unit();
    std::vector<State> states_;
    std::vector<Entry> trail_;
};

}  // namespace fanion::eval::checks
