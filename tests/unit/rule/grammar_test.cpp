#include "common/rule/grammar.hpp"

#include <catch2/catch.hpp>
#include <tao/pegtl/contrib/analyze.hpp>
#include <tao/pegtl/memory_input.hpp>
#include <tao/pegtl/parse.hpp>

#include "common/rule/words.hpp"

namespace tao::pegtl {

// It consumes a word or fails.
template <typename Name, bool (*is_known)(std::string_view) noexcept>
struct analyze_traits<Name, fanion::rule::grammar::known_word<is_known>> : analyze_any_traits<> {};
template <typename Name, typename Rule>
struct analyze_traits<Name, fanion::rule::grammar::must<Rule>> : analyze_traits<Name, typename seq<Rule>::rule_t> {};

}  // namespace tao::pegtl

using namespace fanion;

TEST_CASE("no rule of the grammar can go on for ever without taking input") {
    CHECK(tao::pegtl::analyze<rule::grammar::text>() == 0);
}

TEST_CASE("a name is bare for the printer exactly where the grammar reads it as one") {
    const auto is_name = [](const std::string& text) {
        namespace peg = tao::pegtl;
        using bare = peg::seq<
            peg::sor<rule::grammar::pointer, peg::seq<peg::not_at<rule::grammar::reserved>, rule::grammar::name>>,
            peg::eof>;
        peg::memory_input input(text, "");
        return peg::parse<bare>(input);
    };
    for (const auto* text : {"a",    "a.b-c$",    "_",      "$now",  "/",     "/a~1b/0", "all", "always",  "and",
                             "any",  "attribute", "bucket", "false", "never", "not",     "or",  "segment", "true",
                             "alle", "not-a",     "or.",    "and$",  "1",     "-a",      ".a",  "",        " ",
                             "a b",  "a/b",       "/a b",   "~",     "ü",     "/ü",      "a\n"})
        CHECK(rule::is_bare_attribute(text) == is_name(text));
}
