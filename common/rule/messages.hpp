#pragma once

// The name of each `must` rule of the grammar in an error: "expected <message>". Private to
// common/rule.

#include "common/rule/grammar.hpp"

namespace fanion::rule {

struct Messages {
    template <class Rule>
    static constexpr const char* message = nullptr;
};

// clang-format off
#define FANION_EXPECTED(rule, text) template <> inline constexpr const char* Messages::message<grammar::rule> = text
FANION_EXPECTED(condition, "a condition (an attribute, `not`, `segment`, `bucket`, `(`, `all(`, `any(`, `always` or `never`)");
FANION_EXPECTED(conjunction, "a condition after `or`");
FANION_EXPECTED(operand, "a condition after `and`");
FANION_EXPECTED(primary, "a condition after `not`");
FANION_EXPECTED(end_of_text, "`and`, `or` or the end of the text");
FANION_EXPECTED(group_end, "`and`, `or` or `)`");
FANION_EXPECTED(arguments_end, "`and`, `or`, `,` or `)`");
FANION_EXPECTED(open_sign, "`(`");
FANION_EXPECTED(attribute, "an attribute: a name, a pointer such as /app/version, or `attribute` and a name in quotes");
FANION_EXPECTED(test, "an operator: `is`, `is not`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `in network`, `contains`, `starts with`, "
                      "`ends with`, `matches`, `exists`, `not` and one of these, `before` or `after`");
FANION_EXPECTED(value, "a value (text in quotes, a number, `true` or `false`) or a list `[..]`");
FANION_EXPECTED(value_or_version, "a value (text in quotes, a number, `true`, `false`, `version` and text) or a list `[..]`");
FANION_EXPECTED(value_or_time, "`time` and text in quotes, or milliseconds since 1970");
FANION_EXPECTED(needed_list, "a list `[..]`");
FANION_EXPECTED(list_literal, "a value (text in quotes, a number, `true` or `false`)");
FANION_EXPECTED(list_end, "`,` or `]`");
FANION_EXPECTED(string_token, "text in quotes");
FANION_EXPECTED(closing_quote, "a closing `\"`, or an escape in place of a line break or control character");
FANION_EXPECTED(closing_tick, "a closing `'`, or an escape in place of a line break or control character");
FANION_EXPECTED(escape, "one of \" ' \\ / b f n r t u after the backslash");
FANION_EXPECTED(hex4, "four hexadecimal digits");
FANION_EXPECTED(case_word, "`case`");
FANION_EXPECTED(segment_test, "a segment's key in quotes, `in` or `not in` (an attribute of that name is written `attribute \"segment\"`)");
FANION_EXPECTED(bucket_argument, "a salt in quotes, `murmur3` or `djb2`");
FANION_EXPECTED(needed_hash, "`murmur3` or `djb2`");
FANION_EXPECTED(bucket_end, "`,` or `)`");
FANION_EXPECTED(bucket_test, "`<`, `>=` or `in` and a percentage");
FANION_EXPECTED(needed_percent, "a percentage such as 12.5%");
FANION_EXPECTED(to_sign, "`..`");
#undef FANION_EXPECTED
// clang-format on

}  // namespace fanion::rule
