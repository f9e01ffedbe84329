#pragma once

// Seals again, with the first key of --secrets-key, what is sealed with another of its keys or in
// an earlier form. One thread.
//
// Works through the values in small transactions, in the order of their ids. A value is replaced
// only if it has not changed since it was read, so services may go on meanwhile. What is done is
// found done: a run that was interrupted is continued by the next one, and a second run does
// nothing.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/sealing.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/secrets/sealed_store.hpp"

namespace fanion::cp::secrets {

// What there is of one kind.
struct KindCount {
    const SealedKind* kind;
    std::uint64_t current = 0;
    std::uint64_t older = 0;
    std::uint64_t unknown = 0;
};
// Of every kind, in the order of sealed_kinds(). `keys` has a key. Throws PgError.
boost::asio::awaitable<std::vector<KindCount>> count_by_key(db::Pool& pool, const SealingKeys& keys);

// A value that no key opens; it stays as it is. Nothing here is secret.
struct Unopened {
    std::string_view table;
    std::string_view column;
    SealedId of;
    std::string key_id;
    std::string reason;
};
std::string describe(const Unopened& value);

struct Rewrapped {
    const SealedKind* kind;
    std::uint64_t count = 0;
    std::uint64_t missed = 0;  // changed meanwhile
    std::uint64_t not_opened = 0;
    std::vector<Unopened> unopened = {};  // the first of them, named_unopened at most
};

inline constexpr int rewrap_batch = 100;
inline constexpr std::size_t named_unopened = 1000;

// `note` is called after each transaction, with what has been done of the kind so far. Throws
// PgError; what was committed before stays.
boost::asio::awaitable<Rewrapped> rewrap(db::Pool& pool, const SealingKeys& keys, const SealedKind& kind,
                                         const std::function<void(const Rewrapped&)>& note);

}  // namespace fanion::cp::secrets
