#include "control-plane/publish/signer_watch.hpp"

#include <functional>
#include <memory>

#include "common/net/task_group.hpp"
#include "common/signing/remote_key.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

awaitable<void> SignerWatch::look() {
    const auto remote = std::dynamic_pointer_cast<const signing::RemoteKey>(signer_.key());
    Result<> answer;
    if (remote) {
        std::function<Result<>()> work = [remote] { return remote->ping(); };
        auto asking = blocking_.compute(std::move(work));
        answer = co_await std::move(asking);
    }
    const bool is_up = answer.has_value();
    metrics_.signer_up.set(is_up ? 1 : 0);
    if (is_up_ && !is_up)
        log_.error("signer_away",
                   {{"detail", answer.error().detail}, {"action", "nothing is published until it is back"}});
    if (!is_up_ && is_up) log_.info("signer_back", {{"kid", signer_.kid()}});
    is_up_ = is_up;
}

awaitable<void> SignerWatch::run() {
    while ([[maybe_unused]] const bool slept = co_await net::sleep_for(pause)) co_await look();
}

}  // namespace fanion::cp::publish
