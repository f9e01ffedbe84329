#include "control-plane/requests/request_store.hpp"

#include <stdexcept>
#include <utility>

namespace fanion::cp::requests {
namespace {

using boost::asio::awaitable;

// The columns of every query of requests here.
ChangeRequest to_request(db::Row row) {
    ChangeRequest request;
    request.request_id = RequestId(row.string(0));
    request.number = row.u64(1);
    request.content.title = row.string(2);
    request.content.description = row.string(3);
    const auto state = parse_request_state(row.text(4));
    if (!state) throw std::logic_error("change_requests holds an unknown state");
    request.state = *state;
    request.content.is_draft = request.state == RequestState::draft;
    request.author = schedules::creator_of(row.text(5));
    request.content.reviewers = row.texts(6);
    request.content.changes = schedules::changes_of(row.text(7));
    request.result = {row.string(8), row.texts(9), static_cast<unsigned>(row.u64(10)), row.string(11), row.string(18)};
    request.reason = row.string(12);
    request.ended_by = row.string(13);
    request.ended_at = row.optional_time(14);
    request.created_at = row.time(15);
    request.updated_at = row.time(16);
    request.version = row.u64(17);
    return request;
}

}  // namespace

constexpr db::Statement approvals_of_requests_sql{
    "approvals_of_requests",
    "SELECT request_id, user_id, digest, comment, at FROM change_request_approvals WHERE request_id = ANY($1) "
    "ORDER BY at, user_id"};

namespace {

awaitable<void> load_approvals(db::Transaction& tx, std::vector<ChangeRequest>& requests) {
    std::vector<RequestId> ids;
    for (const auto& request : requests) ids.push_back(request.request_id);
    const auto rows = co_await tx.run(approvals_of_requests_sql, ids);
    for (const auto row : rows) {
        const RequestId id(row.string(0));
        for (auto& request : requests) {
            if (request.request_id == id)
                request.approvals.push_back({row.string(1), row.string(2), row.string(3), row.time(4)});
        }
    }
}

}  // namespace

constexpr db::Statement list_requests_sql{
    "list_requests",
    "SELECT request_id, number, title, description, state, author, reviewers, changes, digest, sentences, "
    "required, base, reason, ended_by, ended_at, created_at, updated_at, version, tried_of FROM "
    "change_requests WHERE "
    "env_id = $1 AND ($2::bigint = 0 OR number < $2::bigint) AND ($3 = '' OR state = $3) ORDER BY number "
    "DESC LIMIT $4"};

awaitable<std::vector<ChangeRequest>> list_requests(db::Transaction& tx, access::EnvironmentId env_id,
                                                    std::uint64_t before, std::string state, std::size_t limit) {
    const auto rows = co_await tx.run(list_requests_sql, env_id, before, state, limit);
    std::vector<ChangeRequest> found;
    for (const auto row : rows) found.push_back(to_request(row));
    co_await load_approvals(tx, found);
    co_return found;
}

constexpr db::Statement list_requests_of_organisation_sql{
    "list_requests_of_organisation",
    "SELECT r.request_id, r.number, r.title, r.description, r.state, r.author, r.reviewers, r.changes, r.digest, "
    "r.sentences, r.required, r.base, r.reason, r.ended_by, r.ended_at, r.created_at, r.updated_at, r.version, "
    "r.tried_of, p.key, e.key FROM change_requests r JOIN environments e USING (org_id, env_id) "
    "JOIN projects p USING (org_id, project_id) WHERE r.org_id = $1 AND e.deleted_at IS NULL AND p.deleted_at IS NULL "
    "AND ($2::bigint = 0 OR r.number < $2::bigint) AND ($3 = '' OR r.state = $3) "
    "AND ($4 = '' OR r.author::json ->> 'id' = $4) AND ($5 = '' OR $5 = ANY(r.reviewers)) "
    "ORDER BY r.number DESC LIMIT $6"};

awaitable<std::vector<PlacedRequest>> list_requests_of_organisation(db::Transaction& tx, access::OrgId org_id,
                                                                    OrganisationPage page) {
    const auto rows = co_await tx.run(list_requests_of_organisation_sql, org_id, page.before, page.state, page.author,
                                      page.reviewer, page.limit);
    std::vector<ChangeRequest> requests;
    std::vector<PlacedRequest> found;
    for (const auto row : rows) {
        requests.push_back(to_request(row));
        found.push_back({row.string(19), row.string(20), {}});
    }
    co_await load_approvals(tx, requests);
    for (std::size_t i = 0; i < found.size(); ++i) found[i].request = std::move(requests[i]);
    co_return found;
}

constexpr db::Statement find_request_sql{
    "find_change_request",
    "SELECT request_id, number, title, description, state, author, reviewers, changes, digest, sentences, "
    "required, base, reason, ended_by, ended_at, created_at, updated_at, version, tried_of FROM "
    "change_requests WHERE "
    "env_id = $1 AND request_id = $2"};

awaitable<std::optional<ChangeRequest>> find_request(db::Transaction& tx, access::EnvironmentId env_id,
                                                     RequestId request_id) {
    const auto rows = co_await tx.run(find_request_sql, env_id, request_id);
    if (rows.empty()) co_return std::nullopt;
    std::vector<ChangeRequest> found;
    found.push_back(to_request(rows[0]));
    co_await load_approvals(tx, found);
    co_return std::move(found.front());
}

constexpr db::Statement lock_request_sql{
    "lock_change_request",
    "SELECT request_id, number, title, description, state, author, reviewers, changes, digest, sentences, "
    "required, base, reason, ended_by, ended_at, created_at, updated_at, version, tried_of FROM "
    "change_requests WHERE "
    "env_id = $1 AND request_id = $2 FOR NO KEY UPDATE"};

awaitable<std::optional<ChangeRequest>> lock_request(db::Transaction& tx, access::EnvironmentId env_id,
                                                     RequestId request_id) {
    const auto rows = co_await tx.run(lock_request_sql, env_id, request_id);
    if (rows.empty()) co_return std::nullopt;
    std::vector<ChangeRequest> found;
    found.push_back(to_request(rows[0]));
    co_await load_approvals(tx, found);
    co_return std::move(found.front());
}

constexpr db::Statement count_open_requests_sql{
    "count_open_requests", "SELECT count(*) FROM change_requests WHERE org_id = $1 AND state IN ('draft', 'open')"};

awaitable<std::size_t> count_open_requests(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(count_open_requests_sql, org_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement insert_request_sql{
    "insert_change_request",
    "INSERT INTO change_requests (request_id, org_id, env_id, title, description, state, author, reviewers, "
    "changes, digest, sentences, required, base, created_at, updated_at, tried_of) VALUES ($1, $2, $3, $4, $5, "
    "$6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)"};

awaitable<void> insert_request(db::Transaction& tx, const projects::Environment& env, const ChangeRequest& request) {
    const auto& content = request.content;
    const auto& result = request.result;
    co_await tx.run(insert_request_sql, request.request_id, env.org_id, env.env_id, content.title, content.description,
                    name_of(request.state), schedules::to_text(request.author), content.reviewers,
                    schedules::to_text(content.changes), result.digest, result.sentences, result.required, result.base,
                    db::Time{request.created_at}, result.tried_of);
}

constexpr db::Statement update_request_sql{
    "update_change_request",
    "UPDATE change_requests SET title = $2, description = $3, state = $4, reviewers = $5, changes = $6, "
    "digest = $7, sentences = $8, required = $9, base = $10, reason = $11, ended_by = $12, ended_at = $13, "
    "updated_at = $14, version = $15, tried_of = $16 WHERE request_id = $1"};

awaitable<void> update_request(db::Transaction& tx, const ChangeRequest& request) {
    const auto& content = request.content;
    const auto& result = request.result;
    co_await tx.run(update_request_sql, request.request_id, content.title, content.description, name_of(request.state),
                    content.reviewers, schedules::to_text(content.changes), result.digest, result.sentences,
                    result.required, result.base, request.reason, request.ended_by, db::to_time(request.ended_at),
                    db::Time{request.updated_at}, request.version, result.tried_of);
}

constexpr db::Statement project_base_sql{"project_base", "SELECT project_base(current_setting('fanion.org_id'), $1)"};

awaitable<std::string> project_base(db::Transaction& tx, access::ProjectId project_id) {
    const auto rows = co_await tx.run(project_base_sql, project_id);
    co_return rows[0].string(0);
}

constexpr db::Statement stale_requests_sql{
    "stale_requests",
    "SELECT org_id, org_key, project_id, environment, request_id, number FROM stale_requests($1, $2)"};

awaitable<std::vector<StaleRequest>> stale_requests(db::Pool& pool, std::uint64_t after, std::size_t at_most) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), stale_requests_sql, after, at_most);
    std::vector<StaleRequest> found;
    for (const auto row : rows)
        found.push_back({access::OrgId(row.string(0)), row.string(1), access::ProjectId(row.string(2)), row.string(3),
                         RequestId(row.string(4)), row.u64(5)});
    co_return found;
}

constexpr db::Statement claim_request_sql{
    "claim_change_request",
    "SELECT request_id, number, title, description, state, author, reviewers, changes, digest, sentences, "
    "required, base, reason, ended_by, ended_at, created_at, updated_at, version, tried_of FROM "
    "change_requests WHERE env_id = $1 AND request_id = $2 FOR NO KEY UPDATE SKIP LOCKED"};

awaitable<std::optional<ChangeRequest>> claim_request(db::Transaction& tx, access::EnvironmentId env_id,
                                                      RequestId request_id) {
    const auto rows = co_await tx.run(claim_request_sql, env_id, request_id);
    if (rows.empty()) co_return std::nullopt;
    std::vector<ChangeRequest> found;
    found.push_back(to_request(rows[0]));
    co_await load_approvals(tx, found);
    co_return std::move(found.front());
}

constexpr db::Statement put_approval_sql{
    "put_approval",
    "INSERT INTO change_request_approvals (request_id, org_id, user_id, digest, comment, at) VALUES ($1, $2, "
    "$3, $4, $5, $6) ON CONFLICT (request_id, user_id) DO UPDATE SET digest = EXCLUDED.digest, comment = "
    "EXCLUDED.comment, at = EXCLUDED.at"};

awaitable<void> put_approval(db::Transaction& tx, access::OrgId org_id, RequestId request_id, Approval approval) {
    co_await tx.run(put_approval_sql, request_id, org_id, approval.user_id, approval.digest, approval.comment,
                    db::Time{approval.at});
}

constexpr db::Statement list_comments_sql{
    "list_request_comments",
    "SELECT number, author, text, line, at FROM change_request_comments WHERE request_id = $1 AND number > "
    "$2::bigint ORDER BY number LIMIT $3"};

awaitable<std::vector<RequestComment>> list_comments(db::Transaction& tx, RequestId request_id, std::uint64_t after,
                                                     std::size_t limit) {
    const auto rows = co_await tx.run(list_comments_sql, request_id, after, limit);
    std::vector<RequestComment> found;
    for (const auto row : rows)
        found.push_back({row.u64(0), schedules::creator_of(row.text(1)), {row.string(2), row.string(3)}, row.time(4)});
    co_return found;
}

constexpr db::Statement count_comments_sql{"count_request_comments",
                                           "SELECT count(*) FROM change_request_comments WHERE request_id = $1"};

awaitable<std::size_t> count_comments(db::Transaction& tx, RequestId request_id) {
    const auto rows = co_await tx.run(count_comments_sql, request_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement insert_comment_sql{
    "insert_request_comment",
    "INSERT INTO change_request_comments (request_id, org_id, author, text, line, at) "
    "VALUES ($1, $2, $3, $4, $5, $6) RETURNING number"};

awaitable<std::uint64_t> insert_comment(db::Transaction& tx, access::OrgId org_id, RequestId request_id,
                                        RequestComment comment) {
    const auto rows = co_await tx.run(insert_comment_sql, request_id, org_id, schedules::to_text(comment.author),
                                      comment.content.text, comment.content.line, db::Time{comment.at});
    co_return rows[0].u64(0);
}

}  // namespace fanion::cp::requests
