#include "common/cli/ruleset_file.hpp"

#include "common/cli/files.hpp"
#include "common/wire/delta.hpp"

namespace fanion::cli {
namespace {

Result<eval::RulesetPtr> compile_items(const wire::ItemSet& items) {
    std::vector<eval::Item> list;
    for (const auto& [key, item] : items.items()) {
        if (item.body) list.push_back({key, item.body});
    }
    return eval::compile(list);
}

Error unprocessable(Error error) {
    error.code = Errc::unprocessable;
    return error;
}

// Checks a ruleset without verifying signatures: its items must hash to the root in its manifest.
Result<wire::ItemSet> read_unverified(std::string_view text) {
    const auto envelope = wire::parse_envelope(text);
    if (!envelope) return envelope.error();
    const auto manifest = wire::parse_manifest(envelope->payload);
    if (!manifest) return manifest.error();
    if (manifest->type == wire::ManifestType::head || manifest->type == wire::ManifestType::revoked)
        return Error{Errc::unprocessable,
                     "the document is not a ruleset; its type is " + std::string(name_of(manifest->type))};
    wire::ItemSet items;
    auto applied = wire::apply_item_lines(items, envelope->items, true, wire::Redacted::accepted);
    if (!applied) return applied.error();
    if (items.root() != manifest->root)
        return Error{Errc::unprocessable, "items are missing or were changed: their root differs from the manifest's"};
    return items;
}

}  // namespace

Result<std::optional<TrustFile>> read_trust(const std::string& file) {
    if (file.empty()) return std::optional<TrustFile>();
    auto text = read_file(file);
    if (!text) return text.error();
    return std::optional(TrustFile{file, std::move(*text)});
}

Result<LoadedRuleset> load_ruleset(std::string_view text, const std::optional<TrustFile>& trust) {
    if (!is_signed_form(text)) {
        if (trust)
            return Error{Errc::unprocessable, "the ruleset is not signed; omit --trust to use it without verification"};
        auto ruleset = use_plain(text, [](std::string_view plain) { return eval::compile_plain(plain); });
        if (!ruleset) return unprocessable(ruleset.error());
        return LoadedRuleset{std::move(*ruleset), false};
    }
    auto items = load_signed_items(text, trust);
    if (!items) return unprocessable(items.error());
    auto ruleset = compile_items(*items);
    if (!ruleset) return unprocessable(ruleset.error());
    return LoadedRuleset{std::move(*ruleset), !trust};
}

Result<wire::ItemSet> load_signed_items(std::string_view text, const std::optional<TrustFile>& trust) {
    if (!trust) return read_unverified(text);
    auto verified = verify_file(text, *trust);
    if (!verified) return verified.error();
    return std::move(verified->items);
}

}  // namespace fanion::cli
