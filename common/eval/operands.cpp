// The values of comparisons, checked and prepared by the kind of their operator.

#include "common/base/text.hpp"
#include "common/eval/condition_builder.hpp"
#include "common/model/json.hpp"

namespace fanion::eval {
namespace {

using Node = ConditionNode;
using model::Literal;
using model::Op;

class OperandBuilder {
public:
    OperandBuilder(Conditions& conditions, Node& node, const model::Condition& condition, const std::string& pointer,
                   ItemFindings& findings)
        : c_(conditions), node_(node), condition_(condition), pointer_(pointer), findings_(findings) {}

    void run() {
        switch (node_.kind) {
            case Node::Kind::exists:
                if (!condition_.values.empty()) fail("/values", "malformed", "takes no values");
                return;
            case Node::Kind::equality:
                return add_set();
            case Node::Kind::contains:
            case Node::Kind::starts_with:
            case Node::Kind::ends_with:
                return add_texts();
            case Node::Kind::regex:
                return add_regexes();
            case Node::Kind::number:
                return add_number();
            case Node::Kind::time:
                return add_time();
            case Node::Kind::version:
                return add_version();
            case Node::Kind::network:
                return add_networks();
            default:
                return;
        }
    }

private:
    void fail(const std::string& place, std::string_view code, const std::string& detail) {
        findings_.add(pointer_ + place, code, "`" + std::string(name_of(condition_.op)) + "` " + detail);
    }
    static std::string place_of(std::size_t index) { return "/values/" + std::to_string(index); }

    template <class T>
    void set_operand(std::vector<T>& table, T operand) {
        node_.operand = static_cast<std::uint32_t>(table.size());
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
            if (condition_.values[i].kind == Literal::Kind::string) continue;
            fail(place_of(i), "wrong_type", "takes strings");
            all = false;
        }
        return all;
    }

    void add_set() {
        const bool single = condition_.op == Op::is || condition_.op == Op::is_not;
        if (single && only_value() == nullptr) return;
        set_operand(c_.sets, ValueSet(condition_.values, condition_.ignore_case));
    }

    void add_texts() {
        if (!are_strings()) return;
        std::vector<std::string> texts;
        for (const auto& value : condition_.values)
            texts.push_back(condition_.ignore_case ? to_lower_ascii(value.text) : value.text);
        set_operand(c_.texts, std::move(texts));
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
        set_operand(c_.regexes, std::move(regexes));
    }

    void add_number() {
        const auto* value = only_value();
        if (value == nullptr) return;
        const auto number = value->kind == Literal::Kind::boolean ? std::nullopt : parse_number(value->text);
        if (number)
            set_operand(c_.numbers, *number);
        else
            fail(place_of(0), "wrong_type", "takes a number");
    }

    void add_time() {
        const auto* value = only_value();
        if (value == nullptr) return;
        if (value->kind == Literal::Kind::boolean) return fail(place_of(0), "wrong_type", "takes a time");
        if (value->kind == Literal::Kind::number) return set_operand(c_.numbers, *parse_number(value->text));
        if (const auto time = parse_rfc3339(value->text))
            set_operand(c_.numbers, Number::of(*time));
        else
            fail(place_of(0), "bad_time", "takes an RFC 3339 time or milliseconds since 1970");
    }

    void add_version() {
        const auto* value = only_value();
        if (value == nullptr || !are_strings()) return;
        PreparedVersion version{std::make_unique<const std::string>(value->text), {}};
        const auto parsed = parse_semver(*version.text);
        if (!parsed) return fail(place_of(0), "bad_version", "takes a version of SemVer 2.0");
        version.parsed = *parsed;
        set_operand(c_.versions, std::move(version));
    }

    void add_networks() {
        if (!are_strings()) return;
        NetworkSet networks;
        for (std::size_t i = 0; i < condition_.values.size(); ++i)
            if (!networks.add(condition_.values[i].text))
                fail(place_of(i), "bad_network", "takes networks such as `10.0.0.0/8` or `2001:db8::/32`");
        networks.seal();
        set_operand(c_.networks, std::move(networks));
    }

    Conditions& c_;
    Node& node_;
    const model::Condition& condition_;
    const std::string& pointer_;
    ItemFindings& findings_;
};

Node make(Node::Kind kind, bool negated = false) {
    Node node;
    node.kind = kind;
    node.negated = negated;
    return node;
}

Node make(Node::Kind kind, Node::Comparison comparison) {
    Node node;
    node.kind = kind;
    node.comparison = comparison;
    return node;
}

}  // namespace

ConditionNode node_of(Op op) noexcept {
    switch (op) {
        case Op::is:
        case Op::one_of:
            return make(Node::Kind::equality);
        case Op::is_not:
        case Op::not_one_of:
            return make(Node::Kind::equality, true);
        case Op::contains:
            return make(Node::Kind::contains);
        case Op::not_contains:
            return make(Node::Kind::contains, true);
        case Op::starts_with:
            return make(Node::Kind::starts_with);
        case Op::not_starts_with:
            return make(Node::Kind::starts_with, true);
        case Op::ends_with:
            return make(Node::Kind::ends_with);
        case Op::not_ends_with:
            return make(Node::Kind::ends_with, true);
        case Op::matches_regex:
            return make(Node::Kind::regex);
        case Op::not_matches_regex:
            return make(Node::Kind::regex, true);
        case Op::gt:
            return make(Node::Kind::number, Node::Comparison::greater);
        case Op::gte:
            return make(Node::Kind::number, Node::Comparison::greater_equal);
        case Op::lt:
            return make(Node::Kind::number, Node::Comparison::less);
        case Op::lte:
            return make(Node::Kind::number, Node::Comparison::less_equal);
        case Op::version_eq:
            return make(Node::Kind::version, Node::Comparison::equal);
        case Op::version_gt:
            return make(Node::Kind::version, Node::Comparison::greater);
        case Op::version_gte:
            return make(Node::Kind::version, Node::Comparison::greater_equal);
        case Op::version_lt:
            return make(Node::Kind::version, Node::Comparison::less);
        case Op::version_lte:
            return make(Node::Kind::version, Node::Comparison::less_equal);
        case Op::before:
            return make(Node::Kind::time, Node::Comparison::less);
        case Op::after:
            return make(Node::Kind::time, Node::Comparison::greater);
        case Op::in_cidr:
            return make(Node::Kind::network);
        case Op::not_in_cidr:
            return make(Node::Kind::network, true);
        case Op::exists:
            return make(Node::Kind::exists);
        case Op::not_exists:
            return make(Node::Kind::exists, true);
        case Op::in_segment:
            return make(Node::Kind::segment);
        case Op::not_in_segment:
            return make(Node::Kind::segment, true);
    }
    return make(Node::Kind::all);
}

void add_operand(Conditions& conditions, ConditionNode& node, const model::Condition& condition,
                 const std::string& pointer, ItemFindings& findings) {
    OperandBuilder(conditions, node, condition, pointer, findings).run();
}

}  // namespace fanion::eval
