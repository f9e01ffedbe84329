#include "common/rule/words.hpp"

#include <algorithm>
#include <array>

#include "common/model/json.hpp"

namespace fanion::rule {
namespace {

using model::Op;
using Values = Phrase::Values;

constexpr std::array<Phrase, 27> phrases{{
    {Op::is, "is", Values::any},
    {Op::is_not, "is not", Values::any},
    {Op::one_of, "in", Values::list},
    {Op::not_one_of, "not in", Values::list},
    {Op::contains, "contains", Values::any},
    {Op::not_contains, "not contains", Values::any},
    {Op::starts_with, "starts with", Values::any},
    {Op::not_starts_with, "not starts with", Values::any},
    {Op::ends_with, "ends with", Values::any},
    {Op::not_ends_with, "not ends with", Values::any},
    {Op::matches_regex, "matches", Values::any},
    {Op::not_matches_regex, "not matches", Values::any},
    {Op::gt, ">", Values::any},
    {Op::gte, ">=", Values::any},
    {Op::lt, "<", Values::any},
    {Op::lte, "<=", Values::any},
    {Op::version_eq, "==", Values::version},
    {Op::version_gt, ">", Values::version},
    {Op::version_gte, ">=", Values::version},
    {Op::version_lt, "<", Values::version},
    {Op::version_lte, "<=", Values::version},
    {Op::before, "before", Values::time},
    {Op::after, "after", Values::time},
    {Op::in_cidr, "in network", Values::any},
    {Op::not_in_cidr, "not in network", Values::any},
    {Op::exists, "exists", Values::none},
    {Op::not_exists, "not exists", Values::none},
}};

constexpr std::array<std::string_view, 12> reserved{"all",   "always", "and", "any", "attribute", "bucket",
                                                    "false", "never",  "not", "or",  "segment",   "true"};

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_name_start(char c) noexcept { return is_letter(c) || c == '_' || c == '$'; }
bool is_name_char(char c) noexcept { return is_name_start(c) || is_digit(c) || c == '.' || c == '-'; }
bool is_pointer_char(char c) noexcept { return is_name_char(c) || c == '/' || c == '~'; }

}  // namespace

const Phrase& phrase_of(Op op) noexcept {
    static_assert(static_cast<std::size_t>(Op::not_exists) + 1 == phrases.size());
    return phrases[static_cast<std::size_t>(op)];
}

const Phrase* find_phrase(std::string_view text) noexcept {
    if (text == "==") return &phrase_of(Op::is);
    if (text == "!=") return &phrase_of(Op::is_not);
    const auto found = std::find_if(phrases.begin(), phrases.end(), [text](const Phrase& phrase) {
        return phrase.text == text || model::name_of(phrase.op) == text;
    });
    return found == phrases.end() ? nullptr : &*found;
}

bool is_bare_attribute(std::string_view reference) noexcept {
    if (reference.empty()) return false;
    if (reference.front() == '/') return std::all_of(reference.begin(), reference.end(), is_pointer_char);
    return is_name_start(reference.front()) && std::all_of(reference.begin(), reference.end(), is_name_char) &&
           std::find(reserved.begin(), reserved.end(), reference) == reserved.end();
}

}  // namespace fanion::rule
