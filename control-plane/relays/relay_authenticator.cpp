#include "control-plane/relays/relay_authenticator.hpp"

#include "common/base/ids.hpp"

namespace fanion::cp::relays {

boost::asio::awaitable<Result<keys::RelayIdentity>> RelayAuthenticator::authenticate(net::Request& request) {
    auto identity = co_await deps_.keys.authenticate(request.credential(has_api_key_form), deps_.clock.now());
    if (!identity && identity.error().code != Errc::unavailable) deps_.metrics.refused.add();
    if (identity) request.has_known_caller = true;
    if (identity && !deps_.feed.is_primed()) {
        co_return Error{Errc::unavailable, "the rulesets are still being read; try again"};
    }
    co_return identity;
}

}  // namespace fanion::cp::relays
