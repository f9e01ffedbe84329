#pragma once

// What the answers of an environment depend on, as digests: equal digests, equal answers (to equal
// contexts, at equal times). The root of the ruleset covers more: access keys, and for client keys
// the flags that they may not see. So a digest tells whether a change concerns a caller. Pure; CPU
// work for the blocking pool.

#include "common/base/crypto.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/model/flag.hpp"
#include "common/wire/item_set.hpp"

namespace fanion::relay::cache {

struct FlagDigests {
    Sha256 all{};     // for server keys: every flag and what flags refer to
    Sha256 client{};  // for client keys: the same of the flags that are marked `client`

    const Sha256& of(model::AccessEntry::Kind kind) const noexcept {
        return kind == model::AccessEntry::Kind::client ? client : all;
    }
};

// `ruleset` is compiled from `items`.
FlagDigests digest_flags(const wire::ItemSet& items, const eval::Ruleset& ruleset);

}  // namespace fanion::relay::cache
