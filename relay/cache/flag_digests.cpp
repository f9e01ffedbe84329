#include "relay/cache/flag_digests.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "common/eval/compile/reach.hpp"

namespace fanion::relay::cache {
namespace {

bool is_item(std::string_view item, std::string_view prefix, std::string_view key) noexcept {
    return item.starts_with(prefix) && item.substr(prefix.size()) == key;
}

// Adds the items with these keys, as wire::ItemSet::root() does. Both are in the order of their keys.
void add_items(Sha256Stream& digest, const wire::ItemSet::Map& items, std::string_view prefix,
               const std::vector<std::string_view>& keys) {
    std::string piece;
    auto at = items.lower_bound(prefix);
    for (const auto key : keys) {
        while (at != items.end() && !is_item(at->first, prefix, key)) ++at;
        if (at == items.end()) return;
        piece.assign(at->first);
        piece += '\0';
        piece += as_view(at->second.hash);
        digest.update(piece);
    }
}

Sha256 digest_of(const wire::ItemSet& items, const eval::Reach& reach) {
    Sha256Stream digest;
    add_items(digest, items.items(), "flag/", reach.flags);
    add_items(digest, items.items(), "segment/", reach.segments);
    return digest.finish();
}

}  // namespace

FlagDigests digest_flags(const wire::ItemSet& items, const eval::Ruleset& ruleset) {
    return {digest_of(items, eval::reach_of(ruleset, eval::FlagsAsked::all)),
            digest_of(items, eval::reach_of(ruleset, eval::FlagsAsked::client))};
}

}  // namespace fanion::relay::cache
