#pragma once

// The requests that were made with an Idempotency-Key in the last 24 hours. Functions run in the
// transaction of the change, whose scope is the organisation: a key is taken exactly when its
// change is committed.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/http/idempotency.hpp"

namespace fanion::cp::http {

struct StoredResponse {
    Sha256 request_sha256{};
    std::string sealed;
};

// Takes the key, or returns what it was used for. Waits for another transaction that has the key.
// Also removes some of the organisation's keys that have expired.
boost::asio::awaitable<std::optional<StoredResponse>> claim_idempotency_key(db::Transaction& tx, access::OrgId org_id,
                                                                            const IdempotentRequest& request,
                                                                            UnixMillis now);
boost::asio::awaitable<void> store_idempotent_response(db::Transaction& tx, access::OrgId org_id,
                                                       const IdempotentRequest& request, std::string sealed);

}  // namespace fanion::cp::http
