#pragma once

// Change requests: their rows. Functions run in the caller's transaction, whose scope is the
// organisation, but for stale_requests(). Throw PgError.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/requests/change_request.hpp"

namespace fanion::cp::requests {

// Newest first: the first `limit` with a number below `before`, if it is not 0, and in the state,
// if it has a name.
boost::asio::awaitable<std::vector<ChangeRequest>> list_requests(db::Transaction& tx, access::EnvironmentId env_id,
                                                                 std::uint64_t before, std::string state,
                                                                 std::size_t limit);
struct OrganisationPage {
    std::uint64_t before = 0;  // 0: from the newest
    std::string state;         // each of these is empty: any
    std::string author;        // id
    std::string reviewer;      // id, among those who are asked
    std::size_t limit = 0;
};
struct PlacedRequest {
    std::string project;      // key
    std::string environment;  // key
    ChangeRequest request;
};
// The same of all environments that are not deleted.
boost::asio::awaitable<std::vector<PlacedRequest>> list_requests_of_organisation(db::Transaction& tx,
                                                                                 access::OrgId org_id,
                                                                                 OrganisationPage page);
boost::asio::awaitable<std::optional<ChangeRequest>> find_request(db::Transaction& tx, access::EnvironmentId env_id,
                                                                  RequestId request_id);
// The same, its row locked.
boost::asio::awaitable<std::optional<ChangeRequest>> lock_request(db::Transaction& tx, access::EnvironmentId env_id,
                                                                  RequestId request_id);
// Of the organisation, those that have not ended.
boost::asio::awaitable<std::size_t> count_open_requests(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<void> insert_request(db::Transaction& tx, const projects::Environment& env,
                                            const ChangeRequest& request);
// Writes everything but approvals.
boost::asio::awaitable<void> update_request(db::Transaction& tx, const ChangeRequest& request);
boost::asio::awaitable<void> put_approval(db::Transaction& tx, access::OrgId org_id, RequestId request_id,
                                          Approval approval);

// What the project's environments serve and how many approvals they want: RequestResult::tried_of.
boost::asio::awaitable<std::string> project_base(db::Transaction& tx, access::ProjectId project_id);
struct StaleRequest {
    access::OrgId org_id;
    std::string org_key;
    access::ProjectId project_id;
    std::string environment;  // key
    RequestId request_id;
    std::uint64_t number = 0;
};
// Of all organisations, the open ones that were last tried of another base: the first with a number
// above `after`.
boost::asio::awaitable<std::vector<StaleRequest>> stale_requests(db::Pool& pool, std::uint64_t after,
                                                                 std::size_t at_most);
// As lock_request(); nullopt also where another transaction has it.
boost::asio::awaitable<std::optional<ChangeRequest>> claim_request(db::Transaction& tx, access::EnvironmentId env_id,
                                                                   RequestId request_id);

struct RequestComment {
    std::uint64_t number = 0;
    schedules::Creator author;
    CommentText content;
    UnixMillis at = 0;
};
// Oldest first: the first `limit` with a number above `after`.
boost::asio::awaitable<std::vector<RequestComment>> list_comments(db::Transaction& tx, RequestId request_id,
                                                                  std::uint64_t after, std::size_t limit);
boost::asio::awaitable<std::size_t> count_comments(db::Transaction& tx, RequestId request_id);
// Its number.
boost::asio::awaitable<std::uint64_t> insert_comment(db::Transaction& tx, access::OrgId org_id, RequestId request_id,
                                                     RequestComment comment);

}  // namespace fanion::cp::requests
