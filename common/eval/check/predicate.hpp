#pragma once

// The set of JSON scalars that satisfy one positive comparison, known well enough to prove that one
// set lies within another. Negative operators are the same predicate under a negation.
//
// A predicate is the union of its pieces: the values of an equality, the patterns of a text
// operator, the networks of in_cidr; ordered operators and `unit` are one piece. Every answer is
// conservative: true means proven, except where it says "may". Immutable; keeps views into the
// model it was made from.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "common/base/cidr.hpp"
#include "common/eval/check/interval.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval::checks {

class Predicate {
public:
    // clang-format off
    enum class Kind : std::uint8_t {
        equality, contains, starts_with, ends_with, regex, number, version, time, network,
        unit,    // a string or an integer: what can be bucketed
        opaque,  // nothing is known about its values: proves nothing and is never proven
    };
    // clang-format on

    // `condition` is a comparison whose operator is not of the family `exists`.
    explicit Predicate(const model::Condition& condition);
    // The predicate of an operator that the checks do not support. Every operator is supported
    // today; a new family maps to this (predicate.cpp, kind_of) until it is.
    static Predicate of_unknown() { return Predicate(Kind::opaque); }
    // The strings of a target.
    explicit Predicate(const std::vector<std::string>& strings);
    static Predicate of_unit() { return Predicate(Kind::unit); }

    Kind kind() const noexcept { return kind_; }
    bool is_ordered() const noexcept { return kind_ == Kind::number || kind_ == Kind::version || kind_ == Kind::time; }
    bool is_finite() const noexcept { return kind_ == Kind::equality; }
    const Interval& interval() const noexcept { return interval_; }  // ordered
    std::size_t pieces() const noexcept { return pieces_; }

    // Proven: every value of the piece satisfies `other`.
    bool is_piece_within(std::size_t piece, const Predicate& other) const;
    // For finite predicates: some value of the piece may satisfy `other`.
    bool may_piece_meet(std::size_t piece, const Predicate& other) const;
    // Proven: no value satisfies both. Only prefixes and suffixes are examined.
    bool is_disjoint_from(const Predicate& other) const;
    // Steps of the budget for comparing one piece with `other`: one per 64 bytes and text or
    // network.
    std::size_t cost(std::size_t piece, const Predicate& other) const noexcept;

private:
    struct Scalar {
        model::Literal::Kind kind;
        std::string_view text;
        bool any_case;  // stands for all its spellings in upper and lower case
    };
    struct Network {
        bool is_v4;
        std::array<std::uint8_t, 16> bytes;
        unsigned prefix;
    };

    explicit Predicate(Kind kind) : kind_(kind), pieces_(1) {}
    void add_values(const model::Condition& condition);
    void add_texts(const model::Condition& condition);
    void add_networks(const model::Condition& condition);
    void set_bound(const model::Condition& condition);
    bool is_text() const noexcept;
    bool holds_for(const Scalar& value) const;
    bool holds_for_text(std::string_view text) const;
    bool is_pattern_within(std::size_t piece, const Predicate& other) const;
    bool is_network_within(std::size_t piece, const Predicate& other) const;

    Kind kind_;
    bool fold_ = false;
    std::size_t pieces_ = 0;
    std::vector<Scalar> values_;            // equality
    std::unordered_set<std::string> keys_;  // equality: canonical spellings
    std::vector<std::string_view> texts_;   // text kinds, as written
    std::vector<std::string> folded_;       // text kinds, in lower case
    std::vector<Network> networks_;
    Interval interval_;
};

// Two values have equal keys exactly if the equality operators treat them as equal.
std::string canonical_key(model::Literal::Kind kind, std::string_view text, bool fold);

}  // namespace fanion::eval::checks
