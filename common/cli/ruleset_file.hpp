#pragma once

// Ruleset files as commands take them: the plain form, in which a rule's `when` may be text (docs/rule-language.md), or the
// signed form, with or without a trust document.

#include <optional>
#include <string>
#include <string_view>

#include "common/cli/signed_file.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/json/document.hpp"
#include "common/rule/expand.hpp"
#include "common/wire/item_set.hpp"

namespace fanion::cli {

// The trust document of `--trust FILE`; nothing where the option was left out. Error: that of reading the file.
Result<std::optional<TrustFile>> read_trust(const std::string& file);

struct LoadedRuleset {
    eval::RulesetPtr ruleset;
    bool unverified = false;
};
// Loads the text of a ruleset file. With `trust` it must be signed, and verifies; without, a signed one is only checked to be
// whole, and `unverified` is set. Error: unprocessable, with the findings of the compiler where it does not compile.
Result<LoadedRuleset> load_ruleset(std::string_view text, const std::optional<TrustFile>& trust);

// The items of a signed ruleset: verified with `trust`, else only whole. Error: unprocessable.
Result<wire::ItemSet> load_signed_items(std::string_view text, const std::optional<TrustFile>& trust);

// Calls `use` with the plain form in which every `when` is a tree; its findings are told in terms of `text`.
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
