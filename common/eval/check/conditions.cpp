#include "common/eval/check/conditions.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <unordered_set>

#include "common/base/text.hpp"
#include "common/json/document.hpp"
#include "common/model/operators.hpp"

namespace fanion::eval::checks {

using model::Condition;
using model::Literal;
using ConditionKind = Condition::Kind;

namespace {

// Whether the condition is a constant on purpose: {"all": []}, {"not": {"any": []}} and the like.
bool is_bare(const Condition& condition) {
    if (condition.kind != ConditionKind::all && condition.kind != ConditionKind::any &&
        condition.kind != ConditionKind::negation)
        return false;
    return std::all_of(condition.children.begin(), condition.children.end(), is_bare);
}

// Whether the values have several types, other than by giving each value in both spellings (42 and "42").
bool is_mixed(const std::vector<Literal>& values) {
    std::unordered_set<std::string_view> texts[3];
    for (const auto& value : values) texts[static_cast<std::size_t>(value.kind)].insert(value.text);
    const auto& strings = texts[static_cast<std::size_t>(Literal::Kind::string)];
    const auto& numbers = texts[static_cast<std::size_t>(Literal::Kind::number)];
    const auto& booleans = texts[static_cast<std::size_t>(Literal::Kind::boolean)];
    if (strings.empty()) return !numbers.empty() && !booleans.empty();
    if (numbers.empty() && booleans.empty()) return false;
    const auto is_spelled = [&](std::string_view text) { return numbers.contains(text) || booleans.contains(text); };
    const auto is_string = [&](std::string_view text) { return strings.contains(text); };
    const bool others_too = std::all_of(numbers.begin(), numbers.end(), is_string) &&
                            std::all_of(booleans.begin(), booleans.end(), is_string);
    return !others_too && !std::all_of(strings.begin(), strings.end(), is_spelled);
}

bool is_empty_bucket(const Condition& condition) {
    if (condition.kind != ConditionKind::bucket) return false;
    return SlotSet::of(condition.bucket.from, condition.bucket.to, condition.bucket.hash).empty();
}

// Times as numbers are in milliseconds: less than this lies before March 1973, and is a date of today in seconds.
constexpr double most_seconds = 1e11;

bool is_in_seconds(const Literal& value) {
    if (value.kind != Literal::Kind::number) return false;
    const auto number = json::parse_double(value.text);
    return number > 0 && number < most_seconds;
}

bool names_version(std::string_view attribute) {
    return to_lower_ascii(attribute).find("version") != std::string::npos;
}

std::string_view type_of(Literal::Kind kind) {
    if (kind == Literal::Kind::string) return "strings";
    return kind == Literal::Kind::number ? "numbers" : "booleans";
}

}  // namespace

// Lists may have 100,000 values: a table with linear probing, at most half full, with the hashes beside the indexes, so that
// only values that are likely to be equal are looked at, and whose places are fetched some values ahead.
void report_duplicate(const std::vector<std::string>& values, const std::string& pointer, Report& report) {
    constexpr std::size_t ahead = 16;
    struct Seen {
        std::uint32_t number = 0;  // one more than the index; 0: none
        std::uint32_t hash = 0;
    };
    std::vector<Seen> table(std::bit_ceil(2 * values.size() + 1));
    const auto mask = table.size() - 1;
    std::array<std::size_t, ahead> hashes{};
    for (std::size_t i = 0; i < values.size() + ahead; ++i) {
        auto& slot = hashes[i % ahead];
        const auto hash = slot;
        if (i < values.size()) {
            slot = std::hash<std::string_view>()(values[i]);
            __builtin_prefetch(&table[slot & mask], 1);
        }
        if (i < ahead) continue;
        const auto index = i - ahead;
        const auto tag = static_cast<std::uint32_t>(std::uint64_t{hash} >> 32);
        const auto is_equal = [&](const Seen& seen) {
            return seen.hash == tag && values[seen.number - 1] == values[index];
        };
        auto at = hash & mask;
        while (table[at].number != 0 && !is_equal(table[at])) at = (at + 1) & mask;
        if (table[at].number != 0)
            return report.add(place(pointer, index), "duplicate_value",
                              quoted(values[index]) + " is listed more than once.");
        table[at] = {static_cast<std::uint32_t>(index + 1), tag};
    }
}

void report_split_buckets(const Condition& condition, const model::Split& split, const std::string& flag_salt,
                          const std::string& pointer, Report& report) {
    const auto& bucket = condition.bucket;
    const bool is_same = condition.kind == ConditionKind::bucket && bucket.by == split.by &&
                         bucket.hash == split.hash && bucket.salt.value_or(flag_salt) == split.salt.value_or(flag_salt);
    if (is_same)
        report.add(
            pointer + "/bucket", "bucket_of_split",
            "The rule's split has the same attribute, salt and hash, so it sees only the slots of this bucket: give "
            "one of the two a salt of its own.");
    if (condition.kind == ConditionKind::negation)
        return report_split_buckets(condition.children.front(), split, flag_salt, pointer + "/not", report);
    const std::string list = pointer + (condition.kind == ConditionKind::all ? "/all" : "/any");
    for (std::size_t i = 0; i < condition.children.size(); ++i)
        report_split_buckets(condition.children[i], split, flag_salt, place(list, i), report);
}

bool ConditionCheck::run(const Condition& condition, Id formula, const std::string& pointer) {
    const Part whole{condition, formula, pointer};
    inspect_leaves(whole);
    find_constants(whole);
    return refute(whole, true) != Proof::always;
}

std::vector<ConditionCheck::Part> ConditionCheck::parts_of(const Part& part) const {
    std::vector<Part> parts;
    const auto& condition = part.condition;
    const auto& formula = formulas_.formula(part.formula);
    if (condition.kind == ConditionKind::negation)
        return {{condition.children.front(), formula.children.front(), part.pointer + "/not"}};
    if (condition.kind != ConditionKind::all && condition.kind != ConditionKind::any) return parts;
    const std::string list = part.pointer + (condition.kind == ConditionKind::all ? "/all" : "/any");
    for (std::size_t i = 0; i < condition.children.size(); ++i)
        parts.push_back({condition.children[i], formula.children[i], place(list, i)});
    return parts;
}

void ConditionCheck::inspect_leaves(const Part& part) {
    const auto& condition = part.condition;
    if (condition.kind == ConditionKind::comparison) {
        inspect_comparison(condition, part.pointer);
        inspect_operand(condition, part.pointer);
    }
    if (condition.kind == ConditionKind::segment) inspect_segments(condition, part.pointer);
    if (is_empty_bucket(condition))
        report_.add(part.pointer + "/bucket", "empty_range", "No slot is in this range, so the condition never holds.");
    for (const auto& child : parts_of(part)) inspect_leaves(child);
}

void ConditionCheck::find_constants(const Part& part) {
    if (is_empty_bucket(part.condition)) return;
    if (find_constant(part, true) || (!is_bare(part.condition) && find_constant(part, false))) return;
    for (const auto& child : parts_of(part)) find_constants(child);
}

// Whether the part can never have the result `holds`. Reports that at the innermost part that is constant by itself.
bool ConditionCheck::find_constant(const Part& part, bool holds) {
    const auto proof = refute(part, holds);
    if (proof == Proof::none) return false;
    // One child decides an `all` that never holds, and an `any` that always does.
    if (part.condition.kind == (holds ? ConditionKind::all : ConditionKind::any)) {
        for (const auto& child : parts_of(part)) {
            if (refute(child, holds) != proof) continue;
            find_constants(child);
            return true;
        }
    }
    report_constant(part, holds, proof);
    return true;
}

void ConditionCheck::report_constant(const Part& part, bool holds, Proof proof) {
    std::string code = holds ? "contradiction" : "always_true";
    std::string detail = holds ? "This can never hold" : "This always holds";
    if (holds && part.condition.values.empty() && part.condition.kind == ConditionKind::comparison)
        detail += ": it lists no values";
    if (proof == Proof::unless_list) {
        code += "_unless_list";
        detail += ", unless an attribute in it holds a list";
    }
    report_.add(part.pointer, code, detail + ".");
}

void ConditionCheck::inspect_comparison(const Condition& condition, const std::string& pointer) {
    std::unordered_set<std::string> seen;
    const auto family = model::operator_of(condition.op).family;
    const bool is_equality = family == model::OpFamily::equality;
    const bool fold = condition.ignore_case && family != model::OpFamily::regex;
    const auto& values = condition.values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (seen.insert(canonical_key(values[i].kind, values[i].text, fold)).second) continue;
        report_.add(place(pointer + "/values", i), "duplicate_value",
                    quoted(values[i].text) + " is listed more than once.");
        break;
    }
    if (!is_equality || !is_mixed(values)) return;
    const auto odd =
        std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.kind != values[0].kind; });
    report_.add(place(pointer + "/values", static_cast<std::size_t>(odd - values.begin())), "mixed_types",
                "The list mixes " + std::string(type_of(values[0].kind)) + " and " + std::string(type_of(odd->kind)) +
                    ", which never equal each other: " + quoted(odd->text) +
                    " is of another type than the first value.");
}

void ConditionCheck::inspect_operand(const Condition& condition, const std::string& pointer) {
    if (condition.values.size() != 1) return;
    const auto& value = condition.values.front();
    const auto& op = model::operator_of(condition.op);
    if (op.family == model::OpFamily::time && is_in_seconds(value))
        report_.add(place(pointer + "/values", 0), "time_in_seconds",
                    quoted(value.text) + " is in 1970 to 1973: numbers are milliseconds since 1970, not seconds.");
    if (op.family == model::OpFamily::number && value.text.find('.') != std::string::npos &&
        names_version(condition.attribute))
        report_.add(place(pointer + "/values", 0), "version_as_number",
                    quoted(op.name) + " compares numbers, for which 2.10 is less than 2.9: use " +
                        quoted("version_" + std::string(op.name)) + " for versions.");
}

void ConditionCheck::inspect_segments(const Condition& condition, const std::string& pointer) {
    std::vector<std::string> keys;
    for (const auto& value : condition.values) keys.push_back(value.text);
    report_duplicate(keys, pointer + "/values", report_);
    if (condition.op != model::Op::in_segment) return;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!catalog_.is_empty_segment(keys[i])) continue;
        report_.add(
            place(pointer + "/values", i), "empty_segment",
            "Nobody can be in the segment " + quoted(keys[i]) + ": it lists no one and has no rule that can hold.");
    }
}

}  // namespace fanion::eval::checks
