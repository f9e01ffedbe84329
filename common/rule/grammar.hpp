#pragma once

// The grammar of docs/rule-language.md for PEGTL. Private to common/rule.
//
// The next few words decide each alternative; after them the parser commits to what must follow
// (`must`). Parsing therefore takes linear time, and an error is reported where the text goes
// wrong. It needs no exceptions, which the WebAssembly module has none of.
//
// A rule whose name ends in `_word` or `_sign` is a token. A token consumes the white space that
// follows it.

#include <algorithm>
#include <string_view>
#include <tao/pegtl/ascii.hpp>
#include <tao/pegtl/rules.hpp>
#include <tao/pegtl/type_list.hpp>

#include "common/rule/words.hpp"

namespace fanion::rule::grammar {

// clang-format off
namespace peg = tao::pegtl;
using peg::alnum, peg::alpha, peg::at, peg::digit, peg::eof, peg::not_at, peg::one, peg::opt, peg::plus, peg::rep, peg::seq,
    peg::sor, peg::star, peg::xdigit;

// The rule matches, or the text is wrong: Input::stop<R>() notes the first such place and ends the
// input there. Alternatives that are tried afterwards are decided by words before that place, and
// none gets beyond it.
template <class R>
struct must {
    using rule_t = must;
    using subs_t = peg::type_list<R>;
    template <peg::apply_mode A, peg::rewind_mode, template <class...> class Action, template <class...> class Control, class Input,
              class... States>
    static bool match(Input& in, States&&... states) {
        if (Control<R>::template match<A, peg::rewind_mode::dontcare, Action, Control>(in, states...)) return true;
        in.template stop<R>();
        return false;
    }
};

struct space : star<one<' ', '\t', '\r', '\n'>> {};
struct name_char : sor<alnum, one<'_', '$', '.', '-'>> {};

// A whole word for which `is_known` returns true.
template <bool (*is_known)(std::string_view) noexcept>
struct known_word {
    using rule_t = known_word;
    using subs_t = peg::empty_list;
    template <class Input>
    static bool match(Input& in) {
        const std::string_view rest(in.current(), in.size());
        const auto end = std::find_if_not(rest.begin(), rest.end(), is_name_char);
        const auto word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
        if (word.empty() || !is_known(word)) return false;
        in.bump_in_this_line(word.size());
        return true;
    }
};

template <class R> struct token : seq<R, space> {};
template <char C> struct sign : token<one<C>> {};
template <class S> struct word : token<seq<S, not_at<name_char>>> {};
#define FANION_WORD(name, text) struct name##_word : word<TAO_PEGTL_STRING(text)> {}
FANION_WORD(all, "all");
FANION_WORD(always, "always");
FANION_WORD(and, "and");
FANION_WORD(any, "any");
FANION_WORD(attribute, "attribute");
FANION_WORD(before, "before");
FANION_WORD(after, "after");
FANION_WORD(bucket, "bucket");
FANION_WORD(case, "case");
FANION_WORD(contains, "contains");
FANION_WORD(djb2, "djb2");
FANION_WORD(ends, "ends");
FANION_WORD(exists, "exists");
FANION_WORD(false, "false");
FANION_WORD(ignoring, "ignoring");
FANION_WORD(in, "in");
FANION_WORD(is, "is");
FANION_WORD(matches, "matches");
FANION_WORD(murmur3, "murmur3");
FANION_WORD(network, "network");
FANION_WORD(never, "never");
FANION_WORD(not, "not");
FANION_WORD(or, "or");
FANION_WORD(segment, "segment");
FANION_WORD(starts, "starts");
FANION_WORD(time, "time");
FANION_WORD(true, "true");
FANION_WORD(version, "version");
FANION_WORD(with, "with");
#undef FANION_WORD
struct open_sign : sign<'('> {};
struct close_sign : sign<')'> {};
struct open_list_sign : sign<'['> {};
struct comma_sign : sign<','> {};
struct to_sign : token<peg::two<'.'>> {};
struct below_sign : sign<'<'> {};
struct from_sign : token<peg::string<'>', '='>> {};

// Values
struct hex4 : rep<4, xdigit> {};
struct unicode_escape : seq<one<'u'>, must<hex4>, star<one<'\\'>, one<'u'>, must<hex4>>> {};
struct short_escape : one<'"', '\'', '\\', '/', 'b', 'f', 'n', 'r', 't'> {};
struct escape : sor<short_escape, unicode_escape, peg::failure> {};
template <char Quote> struct plain_run : plus<peg::not_at<peg::ranges<'\0', '\x1f'>>, peg::not_one<Quote, '\\'>> {};
template <char Quote> struct content : star<sor<plain_run<Quote>, seq<one<'\\'>, must<escape>>>> {};
struct closing_quote : one<'"'> {};
struct closing_tick : one<'\''> {};
struct quoted : seq<one<'"'>, content<'"'>, must<closing_quote>> {};
struct ticked : seq<one<'\''>, content<'\''>, must<closing_tick>> {};
struct string : sor<quoted, ticked> {};
struct string_token : token<string> {};

struct whole : sor<one<'0'>, seq<peg::range<'1', '9'>, star<digit>>> {};
struct number : seq<opt<one<'-'>>, whole, opt<one<'.'>, plus<digit>>, opt<one<'e', 'E'>, opt<one<'+', '-'>>, plus<digit>>,
                    not_at<name_char>> {};
struct truth : seq<sor<TAO_PEGTL_STRING("true"), TAO_PEGTL_STRING("false")>, not_at<name_char>> {};
struct literal : token<sor<string, number, truth>> {};
struct list_literal : sor<literal, peg::failure> {};
struct list_end : token<one<']'>> {};
struct list : seq<open_list_sign, sor<list_end, seq<must<list_literal>, star<comma_sign, must<list_literal>>, must<list_end>>>> {};
struct value : sor<literal, list> {};
struct version : seq<version_word, must<string_token>> {};
struct value_or_version : sor<literal, list, version> {};
struct value_or_time : sor<literal, list, seq<time_word, must<string_token>>> {};

// Attributes
struct reserved : known_word<is_reserved_word> {};
struct name : seq<sor<alpha, one<'_', '$'>>, star<name_char>> {};
struct pointer : seq<one<'/'>, star<sor<name_char, one<'/', '~'>>>> {};
struct attribute : sor<seq<attribute_word, must<string_token>>, token<pointer>, seq<not_at<reserved>, token<name>>, peg::failure> {};

// Phrases
template <class W> struct maybe_not : seq<opt<not_word>, W> {};
struct existence : sor<maybe_not<exists_word>, word<TAO_PEGTL_STRING("not_exists")>> {};
struct network : maybe_not<seq<in_word, network_word>> {};
struct membership : maybe_not<in_word> {};
struct timing : sor<before_word, after_word> {};
struct ordering : sor<token<peg::string<'=', '='>>, from_sign, token<peg::string<'<', '='>>, sign<'>'>, below_sign, is_word> {};
struct matching : sor<maybe_not<contains_word>, maybe_not<seq<starts_word, with_word>>, maybe_not<seq<ends_word, with_word>>,
    maybe_not<matches_word>, seq<is_word, not_word>, token<peg::string<'!', '='>>> {};
struct own_name : token<known_word<is_operator_name>> {};

// Conditions
struct needed_list : sor<list, peg::failure> {};
struct ignoring_case : seq<ignoring_word, must<case_word>> {};
struct test : sor<seq<existence, opt<list>>, seq<network, must<value>>, seq<membership, must<needed_list>>,
    seq<sor<matching, own_name>, must<value>>, seq<timing, must<value_or_time>>, seq<ordering, must<value_or_version>>,
    peg::failure> {};
struct comparison : seq<attribute, must<test>, opt<ignoring_case>> {};

struct segment_list : seq<membership, must<needed_list>> {};
struct segment_test : sor<string_token, segment_list, peg::failure> {};
struct segment : seq<segment_word, must<segment_test>> {};

struct percent_number : seq<plus<digit>, opt<one<'.'>, plus<digit>>> {};
struct percent : seq<percent_number, one<'%'>, space> {};
struct needed_percent : sor<percent, peg::failure> {};
struct hash : sor<murmur3_word, djb2_word> {};
struct needed_hash : sor<hash, peg::failure> {};
struct salt : string_token {};
struct bucket_argument : sor<seq<salt, opt<comma_sign, must<needed_hash>>>, hash, peg::failure> {};
struct bucket_below : seq<below_sign, must<needed_percent>> {};
struct bucket_from : seq<from_sign, must<needed_percent>> {};
struct bucket_between : seq<in_word, must<needed_percent>, must<to_sign>, must<needed_percent>> {};
struct bucket_test : sor<bucket_below, bucket_from, bucket_between, peg::failure> {};
struct bucket_end : close_sign {};
struct bucket : seq<bucket_word, must<open_sign>, must<attribute>, opt<comma_sign, must<bucket_argument>>, must<bucket_end>,
    must<bucket_test>> {};

struct condition;
struct group_end : close_sign {};
struct group : seq<open_sign, must<condition>, must<group_end>> {};
struct arguments_end : close_sign {};
struct arguments : seq<must<open_sign>, sor<arguments_end, seq<must<condition>, star<comma_sign, must<condition>>, must<arguments_end>>>> {};
struct all_call : seq<all_word, arguments> {};
struct any_call : seq<any_word, arguments> {};
struct always : always_word {};
struct never : never_word {};
struct primary : sor<group, all_call, any_call, always, never, segment, bucket, comparison, peg::failure> {};
struct negation_sign : not_word {};
struct negation : seq<plus<negation_sign>, must<primary>> {};
struct operand : sor<negation, primary> {};
struct conjunction : seq<operand, star<and_word, must<operand>>> {};
struct condition : seq<conjunction, star<or_word, must<conjunction>>> {};
struct end_of_text : eof {};
struct text : seq<space, must<condition>, must<end_of_text>> {};
// clang-format on

}  // namespace fanion::rule::grammar
