#include "common/rule/words.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/model/json.hpp"

namespace fanion::rule {
namespace {

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_start(char c) noexcept { return is_letter(c) || c == '_' || c == '$'; }
bool is_pointer_char(char c) noexcept { return fanion::rule::is_name_char(c) || c == '/' || c == '~'; }

}  // namespace

bool is_name_char(char c) noexcept { return is_name_start(c) || is_digit(c) || c == '.' || c == '-'; }

const model::Operator* find_operator(std::string_view text) noexcept {
    if (text == "==") return &model::operator_of(model::Op::is);
    if (text == "!=") return &model::operator_of(model::Op::is_not);
    const auto found = std::find_if(model::operators.begin(), model::operators.end(), [text](const auto& row) {
        return !row.phrase.empty() && (row.phrase == text || row.name == text);
    });
    return found == model::operators.end() ? nullptr : &*found;
}

bool is_operator_name(std::string_view word) noexcept {
    return std::any_of(model::operators.begin(), model::operators.end(), [word](const auto& row) {
        return row.name == word && row.values != model::PhraseValues::none && row.phrase != word;
    });
}

bool is_reserved_word(std::string_view word) noexcept {
    return std::find(reserved_words.begin(), reserved_words.end(), word) != reserved_words.end();
}

bool is_bare_attribute(std::string_view reference) noexcept {
    if (reference.empty()) return false;
    if (reference.front() == '/') return std::all_of(reference.begin(), reference.end(), is_pointer_char);
    return is_name_start(reference.front()) && std::all_of(reference.begin(), reference.end(), is_name_char) &&
           !is_reserved_word(reference);
}

}  // namespace fanion::rule
