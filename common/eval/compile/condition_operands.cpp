// The values of comparisons, checked and prepared by the kind of their operator.

#include <algorithm>

#include "common/base/text.hpp"
#include "common/eval/compile/condition_builder.hpp"
#include "common/model/json.hpp"

namespace fanion::eval {
namespace {

using model::Literal;
using model::Op;

void add_row(Conditions& conditions, Leaf& leaf, const std::vector<std::string_view>& texts) {
    leaf.operand = static_cast<std::uint32_t>(conditions.texts.size());
    leaf.count = static_cast<std::uint32_t>(texts.size());
    for (const auto text : texts) conditions.texts.push_back(append_text(conditions.bytes, text, leaf.fold));
}

class OperandBuilder {
public:
    OperandBuilder(Conditions& conditions, Leaf& leaf, const model::Condition& condition, const std::string& pointer,
                   ItemFindings& findings)
        : c_(conditions), leaf_(leaf), condition_(condition), pointer_(pointer), findings_(findings) {}

    void run() {
        switch (leaf_.kind) {
            case Leaf::Kind::exists:
                if (!condition_.values.empty()) fail("/values", "malformed", "takes no values");
                return;
            case Leaf::Kind::equality:
                return add_set();
            case Leaf::Kind::contains:
            case Leaf::Kind::starts_with:
            case Leaf::Kind::ends_with:
                return add_texts();
            case Leaf::Kind::regex:
                return add_regexes();
            case Leaf::Kind::number:
                return add_number();
            case Leaf::Kind::time:
                return add_time();
            case Leaf::Kind::version:
                return add_version();
            case Leaf::Kind::network:
                return add_networks();
            case Leaf::Kind::exit:
            case Leaf::Kind::constant:
            case Leaf::Kind::bucket:
            case Leaf::Kind::segment:
            case Leaf::Kind::now:
            case Leaf::Kind::strings:
            case Leaf::Kind::suffixes:
                return;  // have no values, or are made from other kinds
        }
    }

private:
    void fail(const std::string& place, std::string_view code, const std::string& detail) {
        findings_.add(pointer_ + place, code, "`" + std::string(name_of(condition_.op)) + "` " + detail);
    }
    static bool is_string(const Literal& value) { return value.kind == Literal::Kind::string; }
    static std::string place_of(std::size_t index) { return "/values/" + std::to_string(index); }

    template <class T>
    void set_operand(std::vector<T>& table, T operand) {
        leaf_.operand = static_cast<std::uint32_t>(table.size());
        table.push_back(std::move(operand));
    }

    const Literal* only_value() {
        if (condition_.values.size() == 1) return &condition_.values.front();
        fail("/values", "malformed", "takes exactly one value");
        return nullptr;
    }
    bool are_strings() {
        bool all = true;
        for (std::size_t i = 0; i < condition_.values.size(); ++i) {
            if (is_string(condition_.values[i])) continue;
            fail(place_of(i), "wrong_type", "takes strings");
            all = false;
        }
        return all;
    }

    std::vector<std::string_view> texts() const {
        std::vector<std::string_view> texts;
        for (const auto& value : condition_.values) texts.push_back(value.text);
        return texts;
    }

    void add_set() {
        const bool single = condition_.op == Op::is || condition_.op == Op::is_not;
        if (single && only_value() == nullptr) return;
        if (leaf_.fold || !std::all_of(condition_.values.begin(), condition_.values.end(), is_string))
            return set_operand(c_.make_others().sets, ValueSet(condition_.values, leaf_.fold));
        add_strings(c_, leaf_, texts());
    }

    void add_texts() {
        if (!are_strings()) return;
        add_row(c_, leaf_, texts());
        if (leaf_.kind == Leaf::Kind::ends_with && !leaf_.fold) leaf_.kind = Leaf::Kind::suffixes;
    }

    void add_regexes() {
        if (!are_strings()) return;
        std::vector<Regex> regexes;
        for (std::size_t i = 0; i < condition_.values.size(); ++i) {
            const auto& pattern = condition_.values[i].text;
            if (pattern.size() > limits::regex_bytes) {
                fail(place_of(i), "limit",
                     "takes patterns of at most " + std::to_string(limits::regex_bytes) + " bytes");
                continue;
            }
            auto regex = Regex::compile(pattern, condition_.ignore_case);
            if (regex)
                regexes.push_back(std::move(*regex));
            else
                fail(place_of(i), "bad_regex", "cannot use this pattern: " + regex.error().detail);
        }
        set_operand(c_.make_others().regexes, std::move(regexes));
    }

    void add_number() {
        const auto* value = only_value();
        if (value == nullptr) return;
        const auto number = value->kind == Literal::Kind::boolean ? std::nullopt : parse_number(value->text);
        if (number)
            set_operand(c_.make_others().numbers, *number);
        else
            fail(place_of(0), "wrong_type", "takes a number");
    }

    void add_time() {
        const auto* value = only_value();
        if (value == nullptr) return;
        if (value->kind == Literal::Kind::boolean) return fail(place_of(0), "wrong_type", "takes a time");
        if (value->kind == Literal::Kind::number)
            return set_operand(c_.make_others().numbers, *parse_number(value->text));
        if (const auto time = parse_rfc3339(value->text))
            set_operand(c_.make_others().numbers, Number::of(*time));
        else
            fail(place_of(0), "bad_time", "takes an RFC 3339 time or milliseconds since 1970");
    }

    void add_version() {
        const auto* value = only_value();
        if (value == nullptr || !are_strings()) return;
        PreparedVersion version{std::make_unique<const std::string>(value->text), {}};
        const auto parsed = parse_semver(*version.text);
        if (!parsed)
            return fail(
                place_of(0), "bad_version",
                "takes a version: one to eight numbers, as in `2.1` or `10.0.19045.3803`, then as in SemVer 2.0");
        version.parsed = *parsed;
        set_operand(c_.make_others().versions, std::move(version));
    }

    void add_networks() {
        if (!are_strings()) return;
        NetworkSet networks;
        for (std::size_t i = 0; i < condition_.values.size(); ++i)
            if (!networks.add(condition_.values[i].text))
                fail(place_of(i), "bad_network", "takes networks such as `10.0.0.0/8` or `2001:db8::/32`");
        networks.seal();
        set_operand(c_.make_others().networks, std::move(networks));
    }

    Conditions& c_;
    Leaf& leaf_;
    const model::Condition& condition_;
    const std::string& pointer_;
    ItemFindings& findings_;
};

Leaf::Kind kind_of(model::OpFamily family) noexcept {
    using model::OpFamily;
    switch (family) {
        case OpFamily::equality:
            return Leaf::Kind::equality;
        case OpFamily::contains:
            return Leaf::Kind::contains;
        case OpFamily::starts_with:
            return Leaf::Kind::starts_with;
        case OpFamily::ends_with:
            return Leaf::Kind::ends_with;
        case OpFamily::regex:
            return Leaf::Kind::regex;
        case OpFamily::number:
            return Leaf::Kind::number;
        case OpFamily::version:
            return Leaf::Kind::version;
        case OpFamily::time:
            return Leaf::Kind::time;
        case OpFamily::network:
            return Leaf::Kind::network;
        case OpFamily::exists:
            return Leaf::Kind::exists;
        case OpFamily::segment:
            return Leaf::Kind::segment;
    }
    return Leaf::Kind::constant;
}

}  // namespace

Leaf leaf_of(Op op) noexcept {
    const auto& row = model::operator_of(op);
    Leaf leaf;
    leaf.kind = kind_of(row.family);
    leaf.negated = row.is_negative;
    leaf.comparison = row.comparison;
    return leaf;
}

void add_strings(Conditions& conditions, Leaf& leaf, const std::vector<std::string_view>& strings) {
    leaf.kind = Leaf::Kind::strings;
    if (strings.size() <= StringSet::few) return add_row(conditions, leaf, strings);
    leaf.kind = Leaf::Kind::equality;
    auto& sets = conditions.make_others().sets;
    leaf.operand = static_cast<std::uint32_t>(sets.size());
    sets.emplace_back(strings);
}

void add_operand(Conditions& conditions, Leaf& leaf, const model::Condition& condition, const std::string& pointer,
                 ItemFindings& findings) {
    OperandBuilder(conditions, leaf, condition, pointer, findings).run();
}

}  // namespace fanion::eval
