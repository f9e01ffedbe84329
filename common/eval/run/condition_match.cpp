#include "common/eval/run/condition_match.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::eval {

using json::Kind;
using json::Value;

namespace {

std::optional<Number> time_of(std::string_view text) noexcept {
    const auto time = parse_rfc3339(text);
    if (!time) return std::nullopt;
    return Number::of(*time);
}

bool compares(const std::optional<Number>& number, const Number& operand, Leaf::Comparison comparison) noexcept {
    return number && satisfies(compare(*number, operand), comparison);
}

bool is_in_network(const NetworkSet& networks, std::string_view text) noexcept {
    const auto address = parse_ip(text);
    return address && networks.contains(*address);
}

// `test` is one of text_match.hpp.
template <class Test>
bool test_texts(const Conditions& c, const Leaf& leaf, std::string_view text, Test test) noexcept {
    const auto* first = c.texts.data() + leaf.operand;
    return std::any_of(first, first + leaf.count,
                       [&](const ListedText& entry) { return test(text, entry.in(c.bytes.data()), leaf.fold); });
}

bool text_is(std::string_view text, std::string_view other, bool) noexcept { return text == other; }

bool test_element(const Conditions& c, const Leaf& leaf, Value value, VersionMemo& versions) noexcept {
    if (value.is(Kind::string)) return test_string(c, leaf, value, versions);
    return !value.is(Kind::null) && !value.is(Kind::array) && test_other(c, leaf, value, versions);
}

}  // namespace

bool test_unversioned_string(const Conditions& c, const Leaf& leaf, Value string) noexcept {
    const auto text = string.as_string();
    switch (leaf.kind) {
        case Leaf::Kind::exists:
            return true;
        case Leaf::Kind::strings:
            return test_texts(c, leaf, text, text_is);
        case Leaf::Kind::equality:
            return c.others->sets[leaf.operand].contains_string(text, string.string_head());
        case Leaf::Kind::starts_with:
            return test_texts(c, leaf, text, text_starts_with);
        case Leaf::Kind::suffixes:
        case Leaf::Kind::ends_with:
            return test_texts(c, leaf, text, text_ends_with);
        case Leaf::Kind::contains:
            return test_texts(c, leaf, text, text_contains);
        case Leaf::Kind::number:
            return compares(parse_number(text), c.others->numbers[leaf.operand], leaf.comparison);
        case Leaf::Kind::time:
            return compares(time_of(text), c.others->numbers[leaf.operand], leaf.comparison);
        case Leaf::Kind::network:
            return is_in_network(c.others->networks[leaf.operand], text);
        case Leaf::Kind::regex: {
            const auto& regexes = c.others->regexes[leaf.operand];
            return std::any_of(regexes.begin(), regexes.end(), [&](const Regex& regex) { return regex.matches(text); });
        }
        case Leaf::Kind::version:  // decided by test_string(), which has the memo
        case Leaf::Kind::exit:
        case Leaf::Kind::constant:
        case Leaf::Kind::bucket:
        case Leaf::Kind::segment:
        case Leaf::Kind::now:
            return false;
    }
    return false;
}

bool test_other(const Conditions& c, const Leaf& leaf, Value value, VersionMemo& versions) noexcept {
    if (leaf.kind == Leaf::Kind::exists) return true;
    if (leaf.is_list) return false;
    if (value.is(Kind::array)) {
        for (const auto element : value.elements())
            if (test_element(c, leaf, element, versions)) return true;
        return false;
    }
    if (leaf.kind == Leaf::Kind::equality) {
        const auto& set = c.others->sets[leaf.operand];
        return value.is(Kind::number) ? set.contains_number(value.number_text())
                                      : value.is(Kind::boolean) && set.contains_boolean(value.as_bool());
    }
    const bool takes_number = leaf.kind == Leaf::Kind::number || leaf.kind == Leaf::Kind::time;
    return takes_number && value.is(Kind::number) &&
           compares(parse_number(value.number_text()), c.others->numbers[leaf.operand], leaf.comparison);
}

}  // namespace fanion::eval
