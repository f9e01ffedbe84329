#include "control-plane/identity/registration_routes.hpp"

#include "common/base/ids.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/identity/email.hpp"
#include "control-plane/identity/password_rules.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/identity/registration.hpp"
#include "control-plane/identity/sign_in_attempts.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {
namespace {

struct RegistrationRequest {
    std::string email;
    std::string password;
    std::string name;
};

// What is wrong with the body is said before anything is looked up.
Result<RegistrationRequest> read_registration(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) return body.error();
    return body::read_object((*body)->root(), [](json::Reader& r, std::vector<Finding>& findings) {
        RegistrationRequest given{r.string("email"), r.string("password"), body::read_text(r, "name", 200)};
        if (body::has_string(r, "email") && !is_email(given.email)) {
            r.fail_at("email", "bad_email", "must be an e-mail address such as ada@example.com");
        }
        if (!body::has_string(r, "password")) return given;
        if (const auto fits = check_password(given.password); !fits) {
            const auto error = fits.error();
            findings.insert(findings.end(), error.findings.begin(), error.findings.end());
        }
        return given;
    });
}

Error not_admitted(const Registration& registration) {
    if (registration.mode == Registration::Mode::domain) {
        const auto detail = "only addresses of " + registration.domain + " can be registered here";
        return {Errc::forbidden, detail, {{"", "/email", "wrong_domain", detail}}};
    }
    const char* const detail = "nobody can register themselves here: ask an admin of your organisation to invite you";
    return {Errc::forbidden, detail, {{"", "", "registration_closed", detail}}};
}

// Every registration counts as a failed sign-in of its client's address: one address cannot make accounts without end.
SignInAttempt registration_attempt(const http::Call& call) {
    std::string address(call.request.peer);
    return {"register " + address, address, true};
}

// The response, and the time that it takes, are the same whether or not the address has an account, which stays as it is.
http::Answer handle_register(http::Call& call) {
    const auto& registration = call.services.registration;
    auto given = read_registration(call);
    if (!given) co_return given.error();
    if (!registration.admits(given->email)) co_return not_admitted(registration);
    const auto attempt = registration_attempt(call);
    const auto held_up = co_await begin_attempt(call.services, attempt);
    if (held_up) co_return too_many_attempts(call, *held_up);
    auto hash = co_await call.services.passwords.hash(std::move(given->password));
    if (!hash) {
        co_await cancel_attempt(call.services, attempt);
        co_return hash.error();
    }
    User user{access::UserId(random_id("u_")), std::move(given->email), std::move(given->name)};
    const auto user_id = user.user_id;
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    const bool is_new = co_await insert_user(tx, std::move(user), std::move(*hash));
    co_await tx.commit();
    if (is_new) call.services.log.info("account_registered", {{"user", user_id.str()}});
    co_return net::json_response(R"({"registered":true})", 202);
}

using access::Permission;
using net::Method;

constexpr http::Route registration_table[] = {
    {Method::post, "/api/v1/auth/register", Permission::open, handle_register},
};

}  // namespace

std::span<const http::Route> registration_routes() noexcept { return registration_table; }

}  // namespace fanion::cp::identity
