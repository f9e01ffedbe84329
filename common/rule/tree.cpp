#include "common/rule/tree.hpp"

#include <tao/pegtl/contrib/limit_depth.hpp>
#include <tao/pegtl/contrib/unescape.hpp>

#include "common/rule/grammar.hpp"
#include "common/rule/messages.hpp"
#include "common/rule/places.hpp"

namespace fanion::rule {
namespace {

namespace peg = tao::pegtl;
using Input = peg::memory_input<peg::tracking_mode::lazy, peg::eol::lf, const char*>;

template <class Rule>
using Control = peg::must_if<Messages>::control<Rule>;

template <class Rule>
struct Limits : peg::nothing<Rule> {};
template <>
struct Limits<grammar::condition> : peg::limit_depth<max_nesting> {};
constexpr std::string_view depth_message = "maximum parser rule nesting depth exceeded";  // the message of limit_depth

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

Error syntax_error(std::string_view text, const peg::parse_error& error) {
    const auto offset = error.positions().front().byte;
    if (error.message() == depth_message)
        return error_at(text, offset, "limit",
                        "the nesting depth of parentheses exceeds " + std::to_string(max_nesting));
    return error_at(text, offset, "bad_rule",
                    "expected " + std::string(error.message()) + ", found " + found_at(text, offset));
}

template <class Rule>
struct Unescape : peg::nothing<Rule> {};
template <>
struct Unescape<grammar::plain_run<'\\'>> : peg::unescape::append_all {};
template <>
struct Unescape<grammar::short_escape>
    : peg::unescape::unescape_c<grammar::short_escape, '"', '\'', '\\', '/', '\b', '\f', '\n', '\r', '\t'> {};
template <>
struct Unescape<grammar::unicode_escape> : peg::unescape::unescape_j {};

}  // namespace

Error error_at(std::string_view text, std::size_t offset, std::string_view code, std::string_view what) {
    const auto place = PlaceFinder(text).at(offset);
    auto detail = "line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ": ";
    detail += what;
    return Error{Errc::invalid_input, detail, {{"", "", std::string(code), detail}}};
}

Result<std::unique_ptr<Node>> parse_tree(std::string_view text) {
    try {
        Input input(text.data(), text.data() + text.size(), "");
        auto root = peg::parse_tree::parse<grammar::text, Node, Selected, Limits, Control>(input);
        if (root) return root;
    } catch (const peg::parse_error& error) {
        return syntax_error(text, error);
    }
    return error_at(text, 0, "bad_rule", "this is not a valid condition");
}

// Neither kind of quote needs an escape here, so one function decodes both kinds of strings.
std::optional<std::string> unescape(std::string_view content) {
    if (content.find('\\') == std::string_view::npos) return std::string(content);
    std::string out;
    out.reserve(content.size());
    try {
        Input input(content.data(), content.data() + content.size(), "");
        if (!peg::parse<grammar::content<'\\'>, Unescape, Control>(input, out)) return std::nullopt;
    } catch (const peg::parse_error&) {
        return std::nullopt;
    }
    return out;
}

}  // namespace fanion::rule
