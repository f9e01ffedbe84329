// Converts the parse tree to a condition.

#include "common/base/text.hpp"
#include "common/model/percent.hpp"
#include "common/rule/grammar.hpp"
#include "common/rule/places.hpp"
#include "common/rule/text.hpp"
#include "common/rule/tree.hpp"
#include "common/rule/words.hpp"

namespace fanion::rule {
namespace {

using ConditionKind = model::Condition::Kind;
using model::Condition;
using model::Literal;
using model::Op;

// Replaces each run of white space between words by one space.
std::string normalised(std::string_view words) {
    std::string out;
    for (const char c : trim(words)) {
        const bool is_space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!is_space)
            out += c;
        else if (out.back() != ' ')
            out += ' ';
    }
    return out;
}

// The version operator with the same comparison as the numeric operator `op`; equality for any other operator.
Op version_op(Op op) {
    const auto& number = model::operator_of(op);
    const auto comparison = number.family == model::OpFamily::number ? number.comparison : model::Comparison::equal;
    for (const auto& row : model::operators) {
        if (row.family == model::OpFamily::version && row.comparison == comparison) return row.op;
    }
    return Op::version_eq;
}

// Recurses as deep as the parse tree. Continues after an error, but reports only the first.
class Builder {
public:
    explicit Builder(std::string_view text) : text_(text), finder_(text) {}

    Result<Parsed> run(const Node& root) {
        Parsed parsed;
        parsed.condition = condition(*root.children.front(), "", 0);
        if (error_) return std::move(*error_);
        parsed.places = std::move(places_);
        return parsed;
    }

private:
    std::size_t offset(const Node& node) const { return static_cast<std::size_t>(node.m_begin.data - text_.data()); }

    void fail(const Node& node, std::string_view code, std::string_view what) {
        if (!error_) error_ = error_at(text_, offset(node), code, what);
    }
    void check_limit(const Node& node, std::size_t value, std::size_t limit, std::string_view what) {
        if (value > limit) fail(node, "limit", std::string(what) + std::to_string(limit));
    }

    // `depth` is the number of enclosing all, any and not.
    Condition condition(const Node& node, std::string pointer, std::size_t depth) {
        places_.push_back({pointer, finder_.at(offset(node))});
        if (node.is_type<grammar::condition>() || node.is_type<grammar::any_call>())
            return list(node, ConditionKind::any, pointer + "/any/", depth);
        if (node.is_type<grammar::conjunction>() || node.is_type<grammar::all_call>())
            return list(node, ConditionKind::all, pointer + "/all/", depth);
        if (node.is_type<grammar::always>()) return list(node, ConditionKind::all, {}, depth);
        if (node.is_type<grammar::never>()) return list(node, ConditionKind::any, {}, depth);
        if (node.is_type<grammar::negation>()) return negation(node, 0, pointer, depth);
        check_limit(node, ++leaves_, limits::conditions, "the number of conditions in a rule exceeds ");
        if (node.is_type<grammar::segment>()) return segment(node);
        if (node.is_type<grammar::bucket>()) return bucket(node);
        return comparison(node);
    }

    void check_depth(const Node& node, std::size_t depth) {
        check_limit(node, depth + 1, limits::condition_depth, "the nesting depth of conditions exceeds ");
    }

    Condition list(const Node& node, ConditionKind kind, const std::string& prefix, std::size_t depth) {
        check_depth(node, depth);
        Condition out;
        out.kind = kind;
        for (const auto& child : node.children)
            out.children.push_back(condition(*child, prefix + std::to_string(out.children.size()), depth + 1));
        return out;
    }

    // The node's children are one sign per `not`, and then the operand.
    Condition negation(const Node& node, std::size_t sign, const std::string& pointer, std::size_t depth) {
        if (sign > 0) places_.push_back({pointer, finder_.at(offset(*node.children[sign]))});
        check_depth(*node.children[sign], depth);
        Condition out;
        out.kind = ConditionKind::negation;
        if (error_) return out;  // the depth limit was exceeded: do not recurse once per sign
        const bool is_last = sign + 2 == node.children.size();
        out.children.push_back(is_last ? condition(*node.children.back(), pointer + "/not", depth + 1)
                                       : negation(node, sign + 1, pointer + "/not", depth + 1));
        return out;
    }

    Condition comparison(const Node& node) {
        Condition out;
        out.kind = ConditionKind::comparison;
        out.attribute = attribute(*node.children[0]);
        out.op = find_operator(normalised(node.children[1]->string_view()))->op;
        for (std::size_t i = 2; i < node.children.size(); ++i) {
            const auto& part = *node.children[i];
            if (part.is_type<grammar::ignoring_case>()) {
                out.ignore_case = true;
            } else if (part.is_type<grammar::version>()) {
                out.op = version_op(out.op);
                out.values = values(*part.children.front());
            } else {
                out.values = values(part);
            }
        }
        return out;
    }

    Condition segment(const Node& node) {
        Condition out;
        out.kind = ConditionKind::segment;
        out.op = Op::in_segment;
        if (node.children.size() == 2 && node.children[0]->string_view().starts_with("not"))
            out.op = Op::not_in_segment;
        out.values = values(*node.children.back());
        return out;
    }

    Condition bucket(const Node& node) {
        Condition out;
        out.kind = ConditionKind::bucket;
        auto& bucket = out.bucket;
        bucket.by = attribute(*node.children[0]);
        for (const auto& part : node.children) {
            if (part->is_type<grammar::string>()) bucket.salt = string(*part);
            if (part->is_type<grammar::hash>())
                bucket.hash = part->string_view().starts_with("djb2") ? model::Hash::djb2 : model::Hash::murmur3;
        }
        const auto& test = *node.children.back();
        const auto first = slots(*test.children.front());
        bucket.from = test.is_type<grammar::bucket_below>() ? 0 : first;
        bucket.to = test.is_type<grammar::bucket_from>() ? limits::slots : slots(*test.children.back());
        if (bucket.from > bucket.to) fail(test, "bad_rule", "the first percentage is greater than the second");
        return out;
    }

    std::uint32_t slots(const Node& node) {
        const auto slots = model::slots_of_percent(node.string_view());
        if (!slots) fail(node, "bad_rule", "a percentage must be from 0% to 100% with at most three decimals");
        return slots.value_or(0);
    }

    std::string attribute(const Node& node) {
        return node.children.empty() ? std::string(trim(node.string_view())) : string(*node.children.front());
    }

    std::vector<Literal> values(const Node& node) {
        std::vector<Literal> out;
        if (!node.is_type<grammar::list>()) return {literal(node)};
        check_limit(node, node.children.size(), limits::list_values, "the number of values in a list exceeds ");
        out.reserve(node.children.size());
        for (const auto& child : node.children) out.push_back(literal(*child));
        return out;
    }

    Literal literal(const Node& node) {
        if (node.is_type<grammar::string>()) return {Literal::Kind::string, string(node)};
        if (node.is_type<grammar::truth>()) return {Literal::Kind::boolean, node.string()};
        check_limit(node, node.string_view().size(), limits::json_number_length,
                    "the number of characters in a number exceeds ");
        return {Literal::Kind::number, node.string()};
    }

    std::string string(const Node& node) {
        const auto quoted = node.string_view();
        auto out = unescape(quoted.substr(1, quoted.size() - 2));
        if (!out) fail(node, "bad_rule", "the string contains a surrogate that is not part of a pair");
        check_limit(node, out ? out->size() : 0, limits::string_bytes, "the number of bytes in a string exceeds ");
        return out.value_or("");
    }

    std::string_view text_;
    PlaceFinder finder_;
    std::vector<NodePlace> places_;
    std::optional<Error> error_;
    std::size_t leaves_ = 0;
};

}  // namespace

Result<Parsed> parse(std::string_view text) {
    if (text.size() > max_text_bytes)
        return error_at(text, 0, "limit", "the text is longer than " + std::to_string(max_text_bytes) + " bytes");
    if (!is_valid_utf8(text)) return error_at(text, 0, "bad_rule", "the text is not valid UTF-8");
    const auto root = parse_tree(text);
    if (!root) return root.error();
    return Builder(text).run(**root);
}

}  // namespace fanion::rule
