#pragma once

// The kinds of secrets that the database holds sealed (base/sealing.hpp). A test compares them with
// the columns of the schema, so that none is forgotten. Pure.

#include <span>
#include <string>
#include <string_view>

#include "common/base/sealing.hpp"

namespace fanion::cp::secrets {

// Which value of a kind: the organisation, empty for what belongs to a person, and the row's id.
struct SealedId {
    std::string org_id;
    std::string id;
};

struct SealedKind {
    std::string_view name;  // in the view sealed_secrets, in messages and as label of metrics
    std::string_view table;
    std::string_view column;
    bool has_tenant;  // as SealedPlace of its values
    SealedPlace (*place)(const SealedId& of);
};

std::span<const SealedKind> sealed_kinds() noexcept;

// Which key a sealed value needs.
enum class UnderKey {
    current,  // the one that seals, in the present form
    older,    // another one of the file, or an earlier form
    unknown,  // one that is not in the file: the value cannot be opened
};

// `head`: the first 5 bytes of the sealed value. `keys` has a key.
UnderKey under_key(const SealedKind& kind, std::string_view head, const SealingKeys& keys);

}  // namespace fanion::cp::secrets
