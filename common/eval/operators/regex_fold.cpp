// Rewrites a pattern so that ASCII letters match in both cases: a letter becomes a class of both, and a class gets the
// letters whose other case it contains. What a class or an escape contains is determined by RE2, so that no table of
// names is needed. Syntax: https://github.com/google/re2/wiki/Syntax

#include <re2/re2.h>

#include "common/eval/operators/regex.hpp"

namespace fanion::eval {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char other_case(char c) { return static_cast<char>(c ^ 0x20); }

// RE2 reads a class of nothing but both cases of a letter as that letter folded, and merges it with its neighbours in
// an alternation by Unicode's folding: [sS]|x then matches U+017F. A third member prevents it; no text can hold a
// surrogate.
constexpr std::string_view keep_class = "\\x{D800}";
bool folds_beyond_ascii(char c) { return other_case(c) == 'k' || other_case(c) == 's' || c == 'k' || c == 's'; }

std::string class_of_both_cases(char c) {
    std::string both{'[', c, other_case(c)};
    if (folds_beyond_ascii(c)) both += keep_class;
    return both + ']';
}

// The letters missing from a single-character expression whose other case is in it.
std::string missing_letters(const std::string& expression) {
    RE2::Options options;
    options.set_log_errors(false);
    const RE2 regex(expression, options);
    std::string missing;
    if (!regex.ok()) return missing;
    for (int c = 'A'; c <= 'z'; ++c) {
        const std::string letter(1, static_cast<char>(c));
        if (!is_letter(letter[0]) || RE2::FullMatch(letter, regex)) continue;
        if (RE2::FullMatch(std::string(1, other_case(letter[0])), regex)) missing += letter;
    }
    return missing;
}

class Rewriter {
public:
    explicit Rewriter(std::string_view pattern) : pattern_(pattern) {}

    std::string run() {
        while (at_ < pattern_.size()) {
            const char c = pattern_[at_];
            if (c == '\\')
                rewrite_escape();
            else if (c == '[')
                rewrite_class();
            else if (pattern_.substr(at_).starts_with("(?"))
                copy(group_header_length());
            else if (is_letter(c))
                rewrite_letter();
            else
                copy(1);
        }
        return std::move(out_);
    }

private:
    void copy(std::size_t length) {
        out_ += pattern_.substr(at_, length);
        at_ += length;
    }

    void rewrite_letter() { out_ += class_of_both_cases(pattern_[at_++]); }

    // "(?P<name>", "(?i)", "(?s:"
    std::size_t group_header_length() const {
        const auto rest = pattern_.substr(at_);
        const auto end = rest.starts_with("(?P<") ? rest.find('>') : rest.find_first_of(":)");
        return end == std::string_view::npos ? rest.size() : end + 1;
    }

    // With keep_class where a single k or s was added.
    static std::string guarded(const std::string& missing) {
        return missing.size() == 1 && folds_beyond_ascii(missing[0]) ? missing + std::string(keep_class) : missing;
    }

    // The length of \p{..} or \x{..} up to and including its closing brace; `otherwise` if it has no brace.
    std::size_t braced_length(std::string_view rest, std::size_t otherwise) const {
        if (rest.size() > 2 && rest[2] == '{') {
            const auto end = rest.find('}');
            return end == std::string_view::npos ? rest.size() : end + 1;
        }
        return std::min(otherwise, rest.size());
    }

    std::size_t octal_length(std::string_view rest) const {
        std::size_t length = 1;
        while (length < 4 && length < rest.size() && rest[length] >= '0' && rest[length] <= '7') ++length;
        return length;
    }

    void rewrite_escape() {
        const auto rest = pattern_.substr(at_);
        const char next = rest.size() > 1 ? rest[1] : '\0';
        if (next == 'Q') return rewrite_quoted();
        if (next == 'p' || next == 'P') return widen(braced_length(rest, 3));
        if (next == 'x') return widen(braced_length(rest, 4));
        if (next >= '0' && next <= '7') return widen(octal_length(rest));
        copy(std::min<std::size_t>(2, rest.size()));  // \d \w \s and their negations contain both cases or none
    }

    // An escape that stands for one character of a class.
    void widen(std::size_t length) {
        const std::string token(pattern_.substr(at_, length));
        const auto missing = missing_letters(token);
        out_ += missing.empty() ? token : "[" + guarded(missing) + token + "]";
        at_ += length;
    }

    // \Q...\E
    void rewrite_quoted() {
        at_ += 2;
        const auto end = pattern_.find("\\E", at_);
        const auto literal = pattern_.substr(at_, end == std::string_view::npos ? end : end - at_);
        for (const char c : literal) {
            if (is_letter(c))
                out_ += class_of_both_cases(c);
            else
                out_ += RE2::QuoteMeta(re2::StringPiece(&c, 1));
        }
        at_ = end == std::string_view::npos ? pattern_.size() : end + 2;
    }

    std::size_t class_end(std::size_t at) const {               // index of the closing bracket
        if (at < pattern_.size() && pattern_[at] == ']') ++at;  // first in a class it is literal
        while (at < pattern_.size() && pattern_[at] != ']') {
            if (pattern_[at] == '\\') {
                at += 2;
            } else if (pattern_.substr(at).starts_with("[:")) {
                const auto end = pattern_.find(":]", at + 2);
                at = end == std::string_view::npos ? at + 1 : end + 2;
            } else {
                ++at;
            }
        }
        return std::min(at, pattern_.size());
    }

    // The missing letters go in front, where they cannot become the end of a range. A `]` or `-` that was first is then
    // no longer literal by its position and needs a backslash.
    void rewrite_class() {
        const bool negated = pattern_.substr(at_).starts_with("[^");
        const auto first = at_ + (negated ? 2 : 1);
        const auto end = class_end(first);
        std::string members(pattern_.substr(first, end - first));
        const auto missing = missing_letters("[" + members + "]");
        if (!missing.empty() && (members.starts_with(']') || members.starts_with('-'))) members.insert(0, "\\");
        out_ += (negated ? "[^" : "[") + guarded(missing) + members + "]";
        at_ = end + 1;
    }

    std::string_view pattern_;
    std::size_t at_ = 0;
    std::string out_;
};

}  // namespace

std::string fold_pattern(std::string_view pattern) { return Rewriter(pattern).run(); }

}  // namespace fanion::eval
