#include "common/eval/check/predicate.hpp"

#include <algorithm>
#include <bit>

#include "common/base/text.hpp"
#include "common/model/operators.hpp"

namespace fanion::eval::checks {

using model::Literal;
using model::Op;

namespace {

Predicate::Kind kind_of(model::OpFamily family) noexcept {
    using model::OpFamily;
    using Kind = Predicate::Kind;
    switch (family) {
        case OpFamily::equality:
            return Kind::equality;
        case OpFamily::contains:
            return Kind::contains;
        case OpFamily::starts_with:
            return Kind::starts_with;
        case OpFamily::ends_with:
            return Kind::ends_with;
        case OpFamily::regex:
            return Kind::regex;
        case OpFamily::number:
            return Kind::number;
        case OpFamily::version:
            return Kind::version;
        case OpFamily::time:
            return Kind::time;
        case OpFamily::network:
            return Kind::network;
        case OpFamily::exists:
        case OpFamily::segment:
            break;  // formulas of their own
    }
    return Kind::opaque;
}

bool has_letters(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

bool is_up(model::Comparison comparison) noexcept {
    return comparison == model::Comparison::greater || comparison == model::Comparison::greater_equal;
}
bool is_down(model::Comparison comparison) noexcept {
    return comparison == model::Comparison::less || comparison == model::Comparison::less_equal;
}
bool is_closed(model::Comparison comparison) noexcept {
    return (static_cast<unsigned>(comparison) & static_cast<unsigned>(model::Comparison::equal)) != 0;
}

std::optional<Number> time_of(Literal::Kind kind, std::string_view text) noexcept {
    if (kind == Literal::Kind::number) return parse_number(text);
    if (kind != Literal::Kind::string) return std::nullopt;
    const auto time = parse_rfc3339(text);
    return time ? std::optional(Number::of(*time)) : std::nullopt;
}

}  // namespace

std::string canonical_key(Literal::Kind kind, std::string_view text, bool fold) {
    if (kind == Literal::Kind::string) return "s" + (fold ? to_lower_ascii(text) : std::string(text));
    if (kind == Literal::Kind::boolean) return "b" + std::string(text);
    const auto number = parse_number(text);
    if (!number) return "?" + std::string(text);
    if (!number->is_integer) return "r" + std::to_string(std::bit_cast<std::uint64_t>(number->real));
    return (number->negative ? "n-" : "n") + std::to_string(number->magnitude);
}

Predicate::Predicate(const model::Condition& condition) : kind_(kind_of(model::operator_of(condition.op).family)) {
    fold_ = condition.ignore_case && (kind_ == Kind::equality || kind_ == Kind::regex || is_text());
    if (kind_ == Kind::opaque)
        pieces_ = 1;
    else if (kind_ == Kind::equality)
        add_values(condition);
    else if (kind_ == Kind::network)
        add_networks(condition);
    else if (is_text() || kind_ == Kind::regex)
        add_texts(condition);
    else
        set_bound(condition);
}

Predicate::Predicate(const std::vector<std::string>& strings) : kind_(Kind::equality), pieces_(strings.size()) {
    values_.reserve(strings.size());
    for (const auto& text : strings) {
        values_.push_back({Literal::Kind::string, text, false});
        keys_.insert(canonical_key(Literal::Kind::string, text, false));
    }
}

void Predicate::add_values(const model::Condition& condition) {
    pieces_ = condition.values.size();
    values_.reserve(pieces_);
    for (const auto& value : condition.values) {
        const bool any_case = fold_ && value.kind == Literal::Kind::string && has_letters(value.text);
        values_.push_back({value.kind, value.text, any_case});
        keys_.insert(canonical_key(value.kind, value.text, fold_));
    }
}

void Predicate::add_texts(const model::Condition& condition) {
    pieces_ = condition.values.size();
    for (const auto& value : condition.values) {
        texts_.push_back(value.text);
        folded_.push_back(to_lower_ascii(value.text));
    }
}

// As in NetworkSet, an IPv4-mapped network is a network of IPv4.
void Predicate::add_networks(const model::Condition& condition) {
    for (const auto& value : condition.values) {
        const std::string_view text = value.text;
        const auto slash = text.find('/');
        const auto address = parse_ip(text.substr(0, slash));
        if (!address) continue;
        const auto given = slash == std::string_view::npos ? std::nullopt : parse_u64(text.substr(slash + 1));
        const auto prefix = static_cast<unsigned>(given ? *given + (address->is_v4 ? 96 : 0) : 128);
        const auto mapped = parse_ip("0.0.0.0")->bytes;
        const bool is_v4 =
            address->is_v4 || (prefix >= 96 && std::equal(mapped.begin(), mapped.begin() + 12, address->bytes.begin()));
        networks_.push_back({is_v4, address->bytes, prefix});
    }
    pieces_ = networks_.size();
}

void Predicate::set_bound(const model::Condition& condition) {
    pieces_ = 1;
    if (condition.values.empty()) return;
    const auto& value = condition.values.front();
    Bound bound;
    const auto comparison = model::operator_of(condition.op).comparison;
    bound.closed = is_closed(comparison);
    if (kind_ == Kind::version)
        bound.version = parse_semver(value.text);
    else
        bound.number =
            (kind_ == Kind::time ? time_of(value.kind, value.text) : parse_number(value.text)).value_or(Number());
    if (!is_down(comparison)) interval_.low = bound;
    if (!is_up(comparison)) interval_.high = bound;
}

bool Predicate::is_text() const noexcept {
    return kind_ == Kind::contains || kind_ == Kind::starts_with || kind_ == Kind::ends_with;
}

std::size_t Predicate::cost(std::size_t piece, const Predicate& other) const noexcept {
    std::size_t length = 0;
    if (kind_ == Kind::equality)
        length = values_[piece].text.size();
    else if (!texts_.empty())
        length = texts_[piece].size();
    return (1 + length / 64) * (1 + other.texts_.size() + other.networks_.size());
}

bool Predicate::holds_for_text(std::string_view text) const {
    const auto matches = [&](std::string_view subject, std::string_view pattern) {
        if (kind_ == Kind::starts_with) return subject.starts_with(pattern);
        if (kind_ == Kind::ends_with) return subject.ends_with(pattern);
        return subject.find(pattern) != std::string_view::npos;
    };
    if (!fold_) return std::any_of(texts_.begin(), texts_.end(), [&](auto pattern) { return matches(text, pattern); });
    const auto subject = to_lower_ascii(text);
    return std::any_of(folded_.begin(), folded_.end(), [&](const auto& pattern) { return matches(subject, pattern); });
}

// Proven to hold; for a value with any_case, in every spelling.
bool Predicate::holds_for(const Scalar& value) const {
    const bool is_string = value.kind == Literal::Kind::string;
    if (kind_ == Kind::unit) {
        const auto number = is_string ? std::nullopt : parse_number(value.text);
        return is_string || (value.kind == Literal::Kind::number && number && number->is_integer);
    }
    if (value.any_case && !fold_) return false;
    const auto within = [&](const Interval& point) { return point.is_within(interval_); };
    switch (kind_) {
        case Kind::equality:
            return keys_.contains(canonical_key(value.kind, value.text, fold_));
        case Kind::number: {
            const auto number = value.kind == Literal::Kind::boolean ? std::nullopt : parse_number(value.text);
            return number && within({Bound{*number, std::nullopt, true}, Bound{*number, std::nullopt, true}});
        }
        case Kind::time: {
            const auto time = time_of(value.kind, value.text);
            return time && within({Bound{*time, std::nullopt, true}, Bound{*time, std::nullopt, true}});
        }
        case Kind::version: {
            const auto version = is_string ? parse_semver(value.text) : std::nullopt;
            return version && within({Bound{{}, version, true}, Bound{{}, version, true}});
        }
        case Kind::network: {
            const auto address = is_string ? parse_ip(value.text) : std::nullopt;
            if (!address || !address->is_v4) return false;
            model::Condition one;
            one.op = Op::in_cidr;
            one.values.push_back({Literal::Kind::string, std::string(value.text)});
            return Predicate(one).is_piece_within(0, *this);
        }
        case Kind::contains:
        case Kind::starts_with:
        case Kind::ends_with:
            return is_string && holds_for_text(value.text);
        case Kind::regex:
        case Kind::opaque:
        case Kind::unit:  // above
            return false;
    }
    return false;
}

bool Predicate::may_piece_meet(std::size_t piece, const Predicate& other) const {
    const auto& value = values_[piece];
    if (other.kind_ == Kind::opaque) return true;
    if (other.kind_ == Kind::regex) return value.kind == Literal::Kind::string;
    // Nothing is concluded about IPv6 addresses, whose mapped forms the evaluator treats specially.
    if (other.kind_ == Kind::network && value.text.find(':') != std::string_view::npos) return true;
    if (value.any_case && !other.fold_ && other.kind_ != Kind::unit) return true;
    return other.holds_for(value);
}

bool Predicate::is_piece_within(std::size_t piece, const Predicate& other) const {
    switch (kind_) {
        case Kind::equality:
            return other.holds_for(values_[piece]);
        case Kind::unit:
            return other.kind_ == Kind::unit;
        case Kind::number:
        case Kind::time:
            return other.kind_ == kind_ && interval_.is_within(other.interval_);
        case Kind::version:
            return other.kind_ == Kind::unit || (other.kind_ == kind_ && interval_.is_within(other.interval_));
        case Kind::network:
            return other.kind_ == Kind::unit || (other.kind_ == kind_ && is_network_within(piece, other));
        case Kind::contains:
        case Kind::starts_with:
        case Kind::ends_with:
        case Kind::regex:
            return other.kind_ == Kind::unit || is_pattern_within(piece, other);
        case Kind::opaque:
            return false;
    }
    return false;
}

bool Predicate::is_network_within(std::size_t piece, const Predicate& other) const {
    const auto& inner = networks_[piece];
    return std::any_of(other.networks_.begin(), other.networks_.end(), [&](const Network& outer) {
        if (outer.is_v4 != inner.is_v4 || outer.prefix > inner.prefix) return false;
        const auto whole = outer.prefix / 8;
        if (!std::equal(outer.bytes.begin(), outer.bytes.begin() + whole, inner.bytes.begin())) return false;
        const auto mask = static_cast<std::uint8_t>(0xFF00u >> (outer.prefix % 8));
        return mask == 0 || ((outer.bytes[whole] ^ inner.bytes[whole]) & mask) == 0;
    });
}

bool Predicate::is_pattern_within(std::size_t piece, const Predicate& other) const {
    if (kind_ == Kind::regex || other.kind_ == Kind::regex) {
        if (kind_ != other.kind_ || fold_ != other.fold_) return false;
        return std::find(other.texts_.begin(), other.texts_.end(), texts_[piece]) != other.texts_.end();
    }
    if (!other.is_text() || (other.kind_ != Kind::contains && other.kind_ != kind_)) return false;
    // Our pattern matches in any case, the other one is case-sensitive.
    if (fold_ && !other.fold_ && has_letters(texts_[piece])) return false;
    return other.holds_for_text(texts_[piece]);
}

bool Predicate::is_disjoint_from(const Predicate& other) const {
    if (kind_ != other.kind_ || (kind_ != Kind::starts_with && kind_ != Kind::ends_with)) return false;
    const auto can_both = [&](std::string_view a, std::string_view b) {
        if (kind_ == Kind::starts_with) return a.starts_with(b) || b.starts_with(a);
        return a.ends_with(b) || b.ends_with(a);
    };
    for (const auto& a : folded_)
        for (const auto& b : other.folded_)
            if (can_both(a, b)) return false;
    return true;
}

}  // namespace fanion::eval::checks
