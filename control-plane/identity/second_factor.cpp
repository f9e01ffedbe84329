#include "control-plane/identity/second_factor.hpp"

#include "common/base/sealing.hpp"
#include "control-plane/identity/totp.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

constexpr std::string_view code_wanted = "code_required";
constexpr std::string_view code_wrong = "wrong_code";

Error factor_error(std::string_view code, std::string detail) {
    return {Errc::unauthenticated, detail, {{"", "/code", std::string(code), detail}}};
}

Error wrong_code() { return factor_error(code_wrong, "the code is wrong, or has been used"); }

bool has_code(const Error& error, std::string_view code) noexcept {
    return error.findings.size() == 1 && error.findings.front().code == code;
}

}  // namespace

awaitable<Result<>> use_totp_code(http::Services& services, db::Transaction& tx, access::UserId user_id,
                                  SecondFactor factor, std::string code) {
    const auto secret = services.sealing.open(factor.sealed_secret, factor_context(user_id));
    if (!secret) co_return Error{Errc::unavailable, "second factors cannot be checked at the moment", {}};
    const auto step = matching_step(*secret, code, services.clock.now(), factor.last_step);
    if (!step) co_return wrong_code();
    const bool is_new = co_await use_code_step(tx, std::move(user_id), *step);
    if (!is_new) co_return wrong_code();
    co_return boost::system::in_place_value;
}

awaitable<Result<>> pass_second_factor(http::Services& services, db::Transaction& tx, access::UserId user_id,
                                       std::string code) {
    auto factor = co_await find_second_factor(tx, user_id);
    if (!factor || !factor->confirmed_at) co_return boost::system::in_place_value;
    if (code.empty()) co_return factor_error(code_wanted, "this account has a second factor: send its code as well");
    if (is_totp_form(code)) {
        co_return co_await use_totp_code(services, tx, std::move(user_id), std::move(*factor), std::move(code));
    }
    const auto hash = recovery_code_hash(code);
    const bool is_right = co_await use_recovery_code(tx, std::move(user_id), hash);
    if (!is_right) co_return wrong_code();
    co_return boost::system::in_place_value;
}

bool is_wrong_code(const Error& error) noexcept { return has_code(error, code_wrong); }
bool is_code_wanted(const Error& error) noexcept { return has_code(error, code_wanted); }

}  // namespace fanion::cp::identity
