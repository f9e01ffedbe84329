#include "common/base/text.hpp"
#include "common/model/json.hpp"
#include "common/model/percent.hpp"
#include "common/rule/text.hpp"
#include "common/rule/words.hpp"

namespace fanion::rule {
namespace {

using ConditionKind = model::Condition::Kind;
using model::Condition;
using model::Literal;
using Values = model::PhraseValues;

// Recurses as deep as the tree, which was bounded when it was read.
class Printer {
public:
    explicit Printer(std::string& out) : out_(out) {}

    void condition(const Condition& condition) {
        switch (condition.kind) {
            case ConditionKind::all:
                return list(condition, "all", " and ", "always");
            case ConditionKind::any:
                return list(condition, "any", " or ", "never");
            case ConditionKind::negation:
                out_ += "not ";
                return operand(condition.children.front());
            case ConditionKind::comparison:
                return comparison(condition);
            case ConditionKind::segment:
                return segment(condition);
            case ConditionKind::bucket:
                return bucket(condition.bucket);
        }
    }

private:
    void list(const Condition& condition_, std::string_view name, std::string_view between, std::string_view empty) {
        const auto& children = condition_.children;
        if (children.empty()) {
            out_ += empty;
        } else if (children.size() == 1) {
            (out_ += name) += '(';
            condition(children.front());
            out_ += ')';
        } else {
            for (std::size_t i = 0; i < children.size(); ++i) {
                if (i > 0) out_ += between;
                operand(children[i]);
            }
        }
    }

    void operand(const Condition& child) {
        const bool grouped =
            (child.kind == ConditionKind::all || child.kind == ConditionKind::any) && child.children.size() > 1;
        if (grouped) out_ += '(';
        condition(child);
        if (grouped) out_ += ')';
    }

    void comparison(const Condition& condition_) {
        attribute(condition_.attribute);
        out_ += ' ';
        const auto& values = condition_.values;
        const auto& row = model::operator_of(condition_.op);
        const bool is_text = values.size() == 1 && values[0].kind == Literal::Kind::string;
        out_ += row.values == Values::version && !is_text ? row.name : row.phrase;
        const bool is_list = row.values == Values::list || values.size() != 1 || row.values == Values::none ||
                             (row.values == Values::version && !is_text);
        if (is_text && row.values == Values::version) out_ += " version";
        if (is_text && row.values == Values::time) out_ += " time";
        if (row.values != Values::none || !values.empty()) {
            out_ += ' ';
            is_list ? literals(values) : literal(values.front());
        }
        if (condition_.ignore_case) out_ += " ignoring case";
    }

    void segment(const Condition& condition_) {
        const auto& values = condition_.values;
        const bool is_in = condition_.op == model::Op::in_segment;
        const bool is_one = is_in && values.size() == 1 && values[0].kind == Literal::Kind::string;
        out_ += is_one ? "segment " : is_in ? "segment in " : "segment not in ";
        is_one ? literal(values.front()) : literals(values);
    }

    void bucket(const model::Bucket& bucket) {
        out_ += "bucket(";
        attribute(bucket.by);
        if (bucket.salt) {
            out_ += ", ";
            append_json_string(out_, *bucket.salt);
        }
        if (bucket.hash != model::Hash::murmur3) (out_ += ", ") += model::name_of(bucket.hash);
        if (bucket.from == 0)
            out_ += ") < " + percent(bucket.to);
        else if (bucket.to == limits::slots)
            out_ += ") >= " + percent(bucket.from);
        else
            out_ += ") in " + percent(bucket.from) + ".." + percent(bucket.to);
    }

    static std::string percent(std::uint32_t slots) { return model::percent_of_slots(slots) + "%"; }

    void attribute(const std::string& reference) {
        if (is_bare_attribute(reference)) {
            out_ += reference;
        } else {
            out_ += "attribute ";
            append_json_string(out_, reference);
        }
    }

    void literals(const std::vector<Literal>& values) {
        out_ += '[';
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i > 0) out_ += ", ";
            literal(values[i]);
        }
        out_ += ']';
    }

    void literal(const Literal& value) {
        if (value.kind == Literal::Kind::string)
            append_json_string(out_, value.text);
        else
            out_ += value.text;
    }

    std::string& out_;
};

}  // namespace

std::string print(const model::Condition& condition) {
    std::string out;
    Printer(out).condition(condition);
    return out;
}

}  // namespace fanion::rule
