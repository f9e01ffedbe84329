#include "control-plane/app/bootstrap.hpp"

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "control-plane/identity/email.hpp"
#include "control-plane/identity/invitation_store.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/projects/organisation_store.hpp"

namespace fanion::cp::app {
namespace {

using boost::asio::awaitable;

awaitable<std::optional<access::OrgId>> find_org_id(db::Pool& pool, std::string key) {
    auto tx = co_await pool.begin(db::Scope::none(), db::Mode::snapshot);
    co_return co_await projects::org_id_of_key(tx, std::move(key));
}

Error refused(std::string pointer, std::string detail) {
    return {Errc::invalid_input, detail, {{"", std::move(pointer), "invalid", detail}}};
}

}  // namespace

awaitable<Result<std::string>> bootstrap(db::Pool& pool, BootstrapRequest request, UnixMillis now) {
    if (!identity::is_email(request.email))
        co_return refused("/email", "'" + request.email + "' is not a valid e-mail address");
    if (!is_valid_key(request.org_key))
        co_return refused("/org", "'" + request.org_key + "' is not a valid organisation key");
    auto org_id = co_await find_org_id(pool, request.org_key);
    const bool is_new = !org_id;
    if (is_new) org_id = access::OrgId(random_id("o_"));
    auto tx = co_await pool.begin(db::Scope::tenant(org_id->str()));
    const bool has_owner = co_await identity::owner_exists(tx);
    if (has_owner)
        co_return Error{Errc::conflict,
                        "this installation has an owner already; owners invite members and create organisations",
                        {}};
    if (is_new) {
        const auto name = request.org_name.empty() ? request.org_key : request.org_name;
        co_await projects::insert_org(tx, *org_id, request.org_key, name);
    }
    identity::NewInvitation owner{request.email, "", access::built_in(access::Role::owner), {}};
    auto invited = co_await identity::invite(tx, *org_id, std::move(owner), now);
    co_await tx.commit();
    co_return std::move(invited.token);
}

}  // namespace fanion::cp::app
