#include "common/rule/tree.hpp"

#include <algorithm>
#include <charconv>
#include <tao/pegtl/contrib/unescape.hpp>
#include <tao/pegtl/match.hpp>
#include <tao/pegtl/memory_input.hpp>
#include <tao/pegtl/nothing.hpp>
#include <tao/pegtl/parse.hpp>

#include "common/rule/grammar.hpp"
#include "common/rule/messages.hpp"
#include "common/rule/places.hpp"

namespace fanion::rule {
namespace {

namespace peg = tao::pegtl;

// The text, which ends where the first `must` failed.
class Input : public peg::memory_input<peg::tracking_mode::lazy, peg::eol::lf, const char*> {
public:
    explicit Input(std::string_view text) : memory_input(text.data(), text.data() + text.size(), "") {}

    template <class Rule>
    void stop() noexcept {
        static_assert(Messages::message<Rule> != nullptr);
        stop(Messages::message<Rule>);
    }
    void stop(const char* expected) noexcept {
        if (expected_ != nullptr) return;
        expected_ = expected;
        private_set_end(current());
    }

    const char* expected() const noexcept { return expected_; }  // null: nothing failed
    std::size_t stopped_at() const noexcept { return static_cast<std::size_t>(end() - begin()); }

    std::size_t nesting = 0;  // of conditions

private:
    const char* expected_ = nullptr;
};

constexpr char too_deep[] = "";  // the `expected` of a text that is nested too deeply

template <class Rule>
struct Limits : peg::nothing<Rule> {};
template <>
struct Limits<grammar::condition> : peg::maybe_nothing {
    template <class Rule, peg::apply_mode A, peg::rewind_mode M, template <class...> class Action,
              template <class...> class Control, class... States>
    static bool match(Input& in, States&&... states) {
        if (in.nesting == max_nesting) {
            in.stop(too_deep);
            return false;
        }
        ++in.nesting;
        const bool matched = peg::match<Rule, A, M, Action, Control>(in, states...);
        --in.nesting;
        return matched;
    }
};

template <class Rule>
using Selected = peg::parse_tree::selector<
    Rule,
    peg::parse_tree::store_content::on<
        grammar::string, grammar::number, grammar::truth, grammar::list, grammar::version, grammar::attribute,
        grammar::existence, grammar::network, grammar::membership, grammar::timing, grammar::ordering,
        grammar::matching, grammar::own_name, grammar::ignoring_case, grammar::comparison, grammar::segment,
        grammar::percent_number, grammar::hash, grammar::bucket_below, grammar::bucket_from, grammar::bucket_between,
        grammar::bucket, grammar::all_call, grammar::any_call, grammar::always, grammar::never, grammar::negation_sign,
        grammar::negation>,
    peg::parse_tree::fold_one::on<grammar::conjunction, grammar::condition>>;

constexpr std::size_t shown_bytes = 30;

bool is_word_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
}

// The word or character at `offset`, for an error message.
std::string found_at(std::string_view text, std::size_t offset) {
    if (offset >= text.size()) return "the end of the text";
    std::size_t length = 0;
    while (offset + length < text.size() && length < shown_bytes && is_word_byte(text[offset + length])) ++length;
    if (length == 0) do
            ++length;
        while (offset + length < text.size() && (text[offset + length] & 0xC0) == 0x80);
    const auto found = text.substr(offset, length);
    if (found == "\n" || found == "\r") return "a line break";
    if (static_cast<unsigned char>(found.front()) < 0x20) return "a control character";
    return "`" + std::string(found) + "`";
}

Error syntax_error(std::string_view text, const Input& input) {
    const auto offset = input.stopped_at();
    if (input.expected() == too_deep)
        return error_at(text, offset, "limit",
                        "the nesting depth of parentheses exceeds " + std::to_string(max_nesting));
    return error_at(text, offset, "bad_rule",
                    "expected " + std::string(input.expected()) + ", found " + found_at(text, offset));
}

unsigned unit_at(std::string_view content, std::size_t digits) {
    unsigned unit = 0;
    std::from_chars(content.data() + digits, content.data() + digits + 4, unit, 16);
    return unit;
}

// Reads the escape \uXXXX at `at`, or two that are a pair of surrogates, and moves `at` behind it. Returns false for a
// surrogate without its pair.
bool append_unicode(std::string_view content, std::size_t& at, std::string& out) {
    constexpr std::size_t escape_size = 6;
    auto point = unit_at(content, at + 2);
    at += escape_size;
    if (point >= 0xD800 && point <= 0xDBFF) {
        if (!content.substr(at).starts_with("\\u")) return false;
        const auto low = unit_at(content, at + 2);
        if (low < 0xDC00 || low > 0xDFFF) return false;
        at += escape_size;
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    return peg::unescape::utf8_append_utf32(out, point);
}

char unescaped(char c) {
    constexpr std::string_view letters = "bfnrt", meanings = "\b\f\n\r\t";
    const auto letter = letters.find(c);
    return letter == std::string_view::npos ? c : meanings[letter];
}

constexpr std::string_view line_word = "line ";
constexpr std::string_view column_word = ", column ";

// Reads the number that follows `word` in `text`, and removes both.
std::size_t take_number(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return 1;
    text.remove_prefix(word.size());
    std::size_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

}  // namespace

Error error_at(std::string_view text, std::size_t offset, std::string_view code, std::string_view what) {
    const auto place = PlaceFinder(text).at(offset);
    auto detail = std::string(line_word) + std::to_string(place.line) + std::string(column_word) +
                  std::to_string(place.column) + ": ";
    detail += what;
    return Error{Errc::invalid_input, detail, {{"", "", std::string(code), detail}}};
}

Place place_of(const Error& error) {
    std::string_view detail = error.detail;
    Place place;
    place.line = take_number(detail, line_word);
    place.column = take_number(detail, column_word);
    return place;
}

Result<std::unique_ptr<Node>> parse_tree(std::string_view text) {
    Input input(text);
    auto root = peg::parse_tree::parse<grammar::text, Node, Selected, Limits>(input);
    if (input.expected() != nullptr) return syntax_error(text, input);
    if (!root) return error_at(text, 0, "bad_rule", "this is not a valid condition");
    return root;
}

// The grammar has taken the content, so each backslash begins an escape that is complete.
std::optional<std::string> unescape(std::string_view content) {
    std::string out;
    out.reserve(content.size());
    for (std::size_t at = 0; at < content.size();) {
        const auto slash = std::min(content.find('\\', at), content.size());
        out.append(content, at, slash - at);
        at = slash;
        if (at == content.size()) break;
        if (content[at + 1] == 'u') {
            if (!append_unicode(content, at, out)) return std::nullopt;
        } else {
            out += unescaped(content[at + 1]);
            at += 2;
        }
    }
    return out;
}

}  // namespace fanion::rule
