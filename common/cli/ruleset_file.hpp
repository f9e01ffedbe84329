#pragma once

// Loads the ruleset files that commands accept: the plain form, in which a rule's `when` may be
// text (docs/rule-language.md), and the signed form, with or without a trust document.

#include <optional>
#include <string>
#include <string_view>

#include "common/cli/signed_file.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/json/document.hpp"
#include "common/rule/expand.hpp"
#include "common/wire/item_set.hpp"

namespace fanion::cli {

// Reads the trust document of `--trust FILE`; nullopt if the option was not given. Error: that of
// read_file().
Result<std::optional<TrustFile>> read_trust(const std::string& file);

struct LoadedRuleset {
    eval::RulesetPtr ruleset;
    bool unverified = false;  // signed, but loaded without a trust document
};
// Compiles the text of a ruleset file. With `trust`, the ruleset must be signed and must verify.
// Without it, a signed ruleset is only checked for completeness. Error: unprocessable, with the
// compiler's findings if it does not compile.
Result<LoadedRuleset> load_ruleset(std::string_view text, const std::optional<TrustFile>& trust);

// The items of a signed ruleset, verified if `trust` is given and otherwise only checked for
// completeness. Error: unprocessable.
Result<wire::ItemSet> load_signed_items(std::string_view text, const std::optional<TrustFile>& trust);

// Calls `use` with the plain form in which every `when` is a tree, and relocates the findings of
// its error to `text`.
template <class Use>
auto use_plain(std::string_view text, Use use) -> decltype(use(text)) {
    json::Document document;
    if (!document.parse(text, {.bytes = limits::environment_bytes})) return use(text);
    auto expansion = rule::expand_plain(document.root());
    if (!expansion.findings.empty())
        return Error{Errc::unprocessable, "the ruleset cannot be compiled", std::move(expansion.findings)};
    if (!expansion.json) return use(text);
    auto result = use(*expansion.json);
    if (!result) return rule::locate_in_plain(result.error(), document.root());
    return result;
}

}  // namespace fanion::cli
