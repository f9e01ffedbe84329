#include "control-plane/identity/admission_store.hpp"

#include <utility>

#include "control-plane/identity/membership_store.hpp"
#include "control-plane/tokens/token_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

// Where people are concerned, `a` is the membership, whose columns come first; they are null if there is none. Its first row is
// that of the role in the organisation, and has the state.
std::optional<access::Membership> membership_of(const db::Rows& rows) {
    if (rows[0].is_null(0)) return std::nullopt;
    return std::move(to_memberships(rows).front());
}

SessionOwner to_session_owner(const db::Rows& rows) {
    const auto row = rows[0];
    return {access::SessionId(row.string(8)),
            row.time(9),
            access::OrgId(row.optional_text(10).value_or("")),
            {access::UserId(row.string(11)), row.string(12), row.string(13), row.boolean(14)},
            membership_of(rows),
            row.optional_text(15).value_or("")};
}

std::string_view name_of(Credential::Kind kind) noexcept {
    switch (kind) {
        case Credential::Kind::session:
            return "session";
        case Credential::Kind::cookie:
            return "cookie";
        case Credential::Kind::personal:
            return "personal";
        case Credential::Kind::service:
            return "service";
    }
    return "";
}

}  // namespace

constexpr db::Statement find_session_owner_sql{
    "find_session_owner",
    "SELECT a.org_id, a.key, a.name, a.project_key, a.env_key, a.role, a.permissions, a.lacks_factor, $1, "
    "s.last_used_at, s.only_org, u.user_id, u.email, u.name, u.is_disabled, CASE WHEN coalesce(a.project_key, '') = '' "
    "THEN admission_state('session', $1, a.org_id, $4) END "
    "FROM live_session($1, $4) s CROSS JOIN user_of_id($2) u LEFT JOIN access_of_user($2, $3) a ON true"};

awaitable<std::optional<SessionOwner>> find_session_owner(db::Pool& pool, access::SessionId session_id,
                                                          access::UserId user_id, std::string org_key, UnixMillis now) {
    const auto rows = co_await pool.read(find_session_owner_sql, session_id, user_id, org_key, db::Time{now});
    if (rows.empty()) co_return std::nullopt;
    co_return to_session_owner(rows);
}

constexpr db::Statement find_cookie_owner_sql{
    "find_cookie_owner",
    "SELECT a.org_id, a.key, a.name, a.project_key, a.env_key, a.role, a.permissions, a.lacks_factor, s.session_id, "
    "s.last_used_at, s.only_org, s.user_id, s.email, s.name, s.is_disabled, "
    "CASE WHEN coalesce(a.project_key, '') = '' THEN admission_state('cookie', encode($1, 'hex'), a.org_id, $3) END "
    "FROM session_of_cookie($1, $3) s LEFT JOIN LATERAL access_of_user(s.user_id, $2) a ON true"};

awaitable<std::optional<SessionOwner>> find_cookie_owner(db::Pool& pool, Sha256 cookie_hash, std::string org_key,
                                                         UnixMillis now) {
    const auto rows = co_await pool.read(find_cookie_owner_sql, cookie_hash, org_key, db::Time{now});
    if (rows.empty()) co_return std::nullopt;
    co_return to_session_owner(rows);
}

constexpr db::Statement find_personal_token_owner_sql{
    "find_personal_token_owner",
    "SELECT a.org_id, a.key, a.name, a.project_key, a.env_key, a.role, a.permissions, a.lacks_factor, t.token_id, "
    "t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, t.replaces, t.user_id, t.email, "
    "t.user_name, t.is_disabled, CASE WHEN coalesce(a.project_key, '') = '' "
    "THEN admission_state('personal', encode($1, 'hex'), a.org_id, $3) END "
    "FROM personal_token_of_hash($1) t LEFT JOIN LATERAL access_of_user(t.user_id, $2) a ON true"};

awaitable<std::optional<PersonalTokenOwner>> find_personal_token_owner(db::Pool& pool, Sha256 token_hash,
                                                                       std::string org_key, UnixMillis now) {
    const auto rows = co_await pool.read(find_personal_token_owner_sql, token_hash, org_key, db::Time{now});
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return PersonalTokenOwner{tokens::to_token(row, 8),
                                 {access::UserId(row.string(16)), row.string(17), row.string(18), row.boolean(19)},
                                 membership_of(rows),
                                 row.optional_text(20).value_or("")};
}

constexpr db::Statement find_service_token_owner_sql{
    "find_service_token_owner",
    "SELECT token_id, name, scopes, created_at, expires_at, revoked_at, last_used_at, replaces, account_id, role, "
    "created_by, org_id, org_key, org_name, admission_state('service', encode($1, 'hex'), org_id, $2) "
    "FROM service_token_of_hash($1)"};

awaitable<std::optional<ServiceTokenOwner>> find_service_token_owner(db::Pool& pool, Sha256 token_hash,
                                                                     UnixMillis now) {
    const auto rows = co_await pool.read(find_service_token_owner_sql, token_hash, db::Time{now});
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    auto token = tokens::to_service_token(row);
    access::Membership org{access::OrgId(row.string(11)), row.string(12), row.string(13),
                           access::Grants(access::built_in(token.role), {})};
    co_return ServiceTokenOwner{std::move(token), std::move(org), row.optional_text(14).value_or("")};
}

constexpr db::Statement admission_states_sql{
    "admission_states",
    "SELECT admission_state(c.kind, c.id, nullif(c.org, ''), $4) "
    "FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS c (kind, id, org, place) ORDER BY c.place"};

awaitable<std::vector<std::string>> admission_states(db::Pool& pool, std::vector<Credential> credentials,
                                                     std::vector<access::OrgId> orgs, UnixMillis now) {
    std::vector<std::string> kinds;
    std::vector<std::string> ids;
    for (auto& credential : credentials) {
        kinds.emplace_back(name_of(credential.kind));
        ids.push_back(std::move(credential.id));
    }
    const auto rows = co_await pool.read(admission_states_sql, kinds, ids, orgs, db::Time{now});
    std::vector<std::string> states;
    for (const auto row : rows) states.push_back(row.optional_text(0).value_or(""));
    co_return states;
}

}  // namespace fanion::cp::identity
