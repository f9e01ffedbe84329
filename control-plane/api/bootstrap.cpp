#include "control-plane/api/bootstrap.hpp"

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "control-plane/api/invitation.hpp"
#include "control-plane/store/orgs.hpp"
#include "control-plane/store/users.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;

constexpr pg::Statement owner_exists_sql{"owner_exists", "SELECT owner_exists()"};

awaitable<bool> owner_exists(pg::Transaction& tx) {
    const auto rows = co_await tx.run(owner_exists_sql);
    co_return rows[0].boolean(0);
}

awaitable<std::optional<std::string>> find_org_id(pg::Pool& pool, std::string key) {
    auto tx = co_await pool.begin(pg::Scope::none(), pg::Mode::snapshot);
    co_return co_await store::org_id_of_key(tx, std::move(key));
}

Error refused(std::string pointer, std::string detail) {
    return {Errc::invalid_input, detail, {{"", std::move(pointer), "invalid", detail}}};
}

}  // namespace

awaitable<Result<std::string>> bootstrap(pg::Pool& pool, BootstrapRequest request, UnixMillis now) {
    if (!is_email(request.email)) co_return refused("/email", "'" + request.email + "' is no e-mail address");
    if (!is_valid_key(request.org_key))
        co_return refused("/org", "'" + request.org_key + "' is no key of an organisation");
    auto org_id = co_await find_org_id(pool, request.org_key);
    const bool is_new = !org_id;
    if (is_new) org_id = random_id("o_");
    auto tx = co_await pool.begin(pg::Scope::tenant(*org_id));
    const bool has_owner = co_await owner_exists(tx);
    if (has_owner) co_return Error{Errc::conflict, "there is an owner already; owners invite others", {}};
    if (is_new) {
        const auto name = request.org_name.empty() ? request.org_key : request.org_name;
        co_await store::insert_org(tx, *org_id, request.org_key, name);
    }
    auto token = co_await invite(tx, *org_id, request.email, "", domain::Role::owner, now);
    co_await tx.commit();
    co_return token;
}

}  // namespace fanion::api
