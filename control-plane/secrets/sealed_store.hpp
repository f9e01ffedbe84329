#pragma once

// Sealed values of all organisations and people, for the operator's `rewrap` and for metrics.
// Functions run in the caller's transaction, in no scope, and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "control-plane/db/transaction.hpp"
#include "control-plane/secrets/sealed_kind.hpp"

namespace fanion::cp::secrets {

// How many values of a kind begin alike.
struct SealedCount {
    std::string kind;
    std::string head;  // 5 bytes: version and key
    std::uint64_t count = 0;
};
boost::asio::awaitable<std::vector<SealedCount>> count_sealed(db::Transaction& tx);

struct SealedValue {
    SealedId of;
    std::string sealed;
};
// Those that do not begin with `head`, in the order of their ids, after `after`.
boost::asio::awaitable<std::vector<SealedValue>> find_sealed(db::Transaction& tx, std::string kind, std::string head,
                                                             SealedId after, int at_most);
// False: the value is not `old` any more.
boost::asio::awaitable<bool> replace_sealed(db::Transaction& tx, std::string kind, SealedValue old, std::string sealed);

}  // namespace fanion::cp::secrets
