#pragma once

// The identity providers of an organisation. Functions run in the caller's transaction, whose scope
// is the organisation, and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/sign_on/provider.hpp"

namespace fanion::cp::sign_on {

struct StoredProvider {
    Provider provider;
    std::optional<std::string> sealed_secret;
};

// In the order of their keys' bytes.
boost::asio::awaitable<std::vector<StoredProvider>> list_providers(db::Transaction& tx, access::OrgId org_id,
                                                                   std::string after, std::size_t limit);
boost::asio::awaitable<std::size_t> count_providers(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<std::optional<StoredProvider>> find_provider(db::Transaction& tx, access::OrgId org_id,
                                                                    std::string key);
// The same, its row locked: nobody is signed in by it until the transaction ends.
boost::asio::awaitable<std::optional<StoredProvider>> lock_provider(db::Transaction& tx, access::OrgId org_id,
                                                                    std::string key);
boost::asio::awaitable<std::optional<StoredProvider>> find_provider_by_id(db::Transaction& tx, access::OrgId org_id,
                                                                          ProviderId provider_id);
// The same, and it stays as it is until the transaction ends.
boost::asio::awaitable<std::optional<StoredProvider>> hold_provider(db::Transaction& tx, access::OrgId org_id,
                                                                    ProviderId provider_id);
// False when the key is taken.
boost::asio::awaitable<bool> insert_provider(db::Transaction& tx, access::OrgId org_id, StoredProvider stored);
boost::asio::awaitable<void> update_provider(db::Transaction& tx, StoredProvider stored);
boost::asio::awaitable<void> delete_provider(db::Transaction& tx, ProviderId provider_id);

}  // namespace fanion::cp::sign_on
