#include "control-plane/scim/filter.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"
#include "common/json/document.hpp"

namespace fanion::cp::scim {
namespace {

constexpr std::string_view core_prefix = "urn:ietf:params:scim:schemas:core:2.0:";

bool is_name_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_' || c == '$';
}

// In lower case, without the name of a core schema; empty: not the name of an attribute or of a part of one.
std::string attribute_name(std::string_view written) {
    auto name = to_lower_ascii(written);
    if (name.starts_with(core_prefix)) {
        const auto colon = name.find(':', core_prefix.size());
        if (colon == std::string::npos) return {};
        name.erase(0, colon + 1);
    }
    const auto dot = name.rfind('.');
    const bool is_urn = name.starts_with("urn:");  // of a schema that is not ours: no resource has it
    const auto plain = [](char c) { return is_name_char(c) || c == '.'; };
    if (!is_urn && !std::ranges::all_of(name, plain)) return {};
    if (name.empty() || name.front() == '.' || name.back() == '.') return {};
    if (!is_urn && dot != std::string::npos && name.find('.') != dot) return {};
    return name;
}

std::optional<FilterOp> comparison_named(std::string_view word) noexcept {
    using enum FilterOp;
    constexpr std::pair<std::string_view, FilterOp> named[] = {{"eq", eq}, {"ne", ne}, {"co", co},
                                                               {"sw", sw}, {"ew", ew}, {"pr", pr}};
    for (const auto& [name, op] : named)
        if (equals_ignore_case_ascii(word, name)) return op;
    return std::nullopt;
}

// One pass over the text, without going back.
class FilterParser {
public:
    explicit FilterParser(std::string_view text) : rest_(text) {}

    std::optional<Filter> parse() {
        auto filter = any_of(0);
        skip_spaces();
        if (!rest_.empty() && problem_.empty()) problem_ = "this does not continue a filter";
        if (!problem_.empty()) return std::nullopt;
        return filter;
    }
    // What stands in brackets, from behind the first on; takes the closing one.
    std::optional<Filter> parse_in_brackets() {
        auto filter = any_of(0);
        if (!take(']')) fail("']' is missing");
        if (!problem_.empty()) return std::nullopt;
        return filter;
    }

    std::string_view rest() const noexcept { return rest_; }
    const std::string& problem() const noexcept { return problem_; }

private:
    void fail(std::string problem) {
        if (problem_.empty()) problem_ = std::move(problem);
    }
    void skip_spaces() {
        while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    }
    bool take(char c) {
        skip_spaces();
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::string_view next_word() const {
        const auto end = std::ranges::find_if(
            rest_, [](char c) { return c == ' ' || c == '(' || c == ')' || c == '[' || c == ']' || c == '"'; });
        return rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    }
    bool take_word(std::string_view word) {
        skip_spaces();
        if (!equals_ignore_case_ascii(next_word(), word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    Filter joined(FilterOp op, std::vector<Filter> parts) {
        if (parts.size() == 1) return std::move(parts.front());
        return {op, {}, {}, std::move(parts)};
    }
    Filter any_of(std::size_t depth) {
        std::vector<Filter> parts;
        do parts.push_back(all_of(depth));
        while (problem_.empty() && take_word("or"));
        return joined(FilterOp::any_of, std::move(parts));
    }
    Filter all_of(std::size_t depth) {
        std::vector<Filter> parts;
        do parts.push_back(term(depth));
        while (problem_.empty() && take_word("and"));
        return joined(FilterOp::all_of, std::move(parts));
    }

    Filter term(std::size_t depth) {
        if (depth > max_filter_depth) fail("the filter is nested too deeply");
        if (++terms_ > max_filter_terms) fail("the filter has too many terms");
        if (!problem_.empty()) return {};
        if (take_word("not")) {
            if (!take('(')) fail("`not` is followed by '('");
            auto part = in_parentheses(depth);
            return {FilterOp::none_of, {}, {}, {std::move(part)}};
        }
        if (take('(')) return in_parentheses(depth);
        return comparison();
    }
    Filter in_parentheses(std::size_t depth) {
        if (!problem_.empty()) return {};
        auto inner = any_of(depth + 1);
        if (!take(')')) fail("')' is missing");
        return inner;
    }

    Filter comparison() {
        const auto word = next_word();
        const auto name = attribute_name(word);
        if (name.empty()) fail("an attribute is missing");
        if (!problem_.empty()) return {};
        rest_.remove_prefix(word.size());
        skip_spaces();
        const auto op_word = next_word();
        const auto op = comparison_named(op_word);
        if (!op) fail("the operators are eq, ne, co, sw, ew and pr");
        if (!problem_.empty()) return {};
        rest_.remove_prefix(op_word.size());
        Filter made{*op, name};
        if (*op != FilterOp::pr) made.value = value();
        return made;
    }

    std::string value() {
        skip_spaces();
        if (rest_.starts_with('"')) return quoted();
        const std::string word(next_word());
        rest_.remove_prefix(word.size());
        const bool is_number =
            !word.empty() && std::ranges::all_of(word, [](char c) { return is_digit(c) || c == '.' || c == '-'; });
        if (word == "true" || word == "false" || word == "null" || is_number) return word;
        fail("a value is missing: a string in double quotes, true, false, null or a number");
        return {};
    }
    // A JSON string.
    std::string quoted() {
        std::size_t end = 1;
        while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
        if (end >= rest_.size()) {
            fail("a string is not closed");
            return {};
        }
        json::Document document;
        const auto parsed = document.parse(rest_.substr(0, end + 1));
        rest_.remove_prefix(end + 1);
        if (!parsed || !document.root().is(json::Kind::string)) {
            fail("a string is written as in JSON");
            return {};
        }
        return std::string(document.root().as_string());
    }

    std::string_view rest_;
    std::string problem_;
    std::size_t terms_ = 0;
};

bool is_exact(std::string_view path) noexcept { return path == "id" || path == "externalid"; }

bool holds(FilterOp op, std::string_view text, std::string_view value) noexcept {
    switch (op) {
        case FilterOp::eq:
        case FilterOp::ne:
            return text == value;
        case FilterOp::co:
            return text.find(value) != std::string_view::npos;
        case FilterOp::sw:
            return text.starts_with(value);
        case FilterOp::ew:
            return text.ends_with(value);
        case FilterOp::pr:
            return !text.empty();
        case FilterOp::all_of:
        case FilterOp::any_of:
        case FilterOp::none_of:
            break;
    }
    return false;
}

bool compare(const Filter& filter, const Record& record) {
    const bool folds = !is_exact(filter.path);
    const auto value = folds ? to_lower_ascii(filter.value) : filter.value;
    const bool found = std::ranges::any_of(record, [&](const Value& one) {
        const bool is_named = one.path == filter.path || one.path == filter.path + ".value";
        return is_named && holds(filter.op, folds ? to_lower_ascii(one.text) : one.text, value);
    });
    return filter.op == FilterOp::ne ? !found : found;
}

Error bad(std::string pointer, std::string code, const std::string& detail) {
    return {Errc::invalid_input, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

}  // namespace

Result<Filter> parse_filter(std::string_view text) {
    if (text.size() > max_filter_bytes) {
        return bad("?filter", "invalidFilter", "a filter has at most " + std::to_string(max_filter_bytes) + " bytes");
    }
    FilterParser parser(text);
    auto filter = parser.parse();
    if (!filter) return bad("?filter", "invalidFilter", parser.problem());
    return std::move(*filter);
}

bool matches(const Filter& filter, const Record& record) {
    const auto meets = [&](const Filter& part) { return matches(part, record); };
    switch (filter.op) {
        case FilterOp::all_of:
            return std::ranges::all_of(filter.parts, meets);
        case FilterOp::any_of:
            return std::ranges::any_of(filter.parts, meets);
        case FilterOp::none_of:
            return std::ranges::none_of(filter.parts, meets);
        default:
            return compare(filter, record);
    }
}

std::optional<std::string> demanded(const Filter& filter, std::string_view path) {
    if (filter.op == FilterOp::eq && filter.path == path) return filter.value;
    if (filter.op != FilterOp::all_of) return std::nullopt;
    for (const auto& part : filter.parts) {
        auto value = demanded(part, path);
        if (value) return value;
    }
    return std::nullopt;
}

Result<Path> parse_path(std::string_view text) {
    if (text.size() > max_filter_bytes)
        return bad("/path", "invalidPath", "a path has at most " + std::to_string(max_filter_bytes) + " bytes");
    const auto bracket = text.find('[');
    Path path;
    const auto name = attribute_name(text.substr(0, bracket));
    if (name.empty()) return bad("/path", "invalidPath", "a path begins with the name of an attribute");
    path.attribute = name;
    if (bracket != std::string_view::npos) {
        FilterParser parser(text.substr(bracket + 1));
        path.selection = parser.parse_in_brackets();
        if (!path.selection) return bad("/path", "invalidPath", parser.problem());
        const auto rest = parser.rest();
        if (rest.empty()) return path;
        path.part = rest.starts_with('.') ? attribute_name(rest.substr(1)) : std::string();
        if (path.part.empty() || path.part.find('.') != std::string::npos)
            return bad("/path", "invalidPath", "behind ']' there is nothing, or '.' and the name of a part");
        return path;
    }
    const auto dot = name.rfind('.');
    if (dot == std::string::npos || name.starts_with("urn:")) return path;
    path.attribute = name.substr(0, dot);
    path.part = name.substr(dot + 1);
    return path;
}

}  // namespace fanion::cp::scim
