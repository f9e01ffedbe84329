#include "relay/upstream/poll_client.hpp"

#include <set>

namespace fanion::relay {

boost::asio::awaitable<bool> PollClient::poll() {
    metrics_.polls.add();
    std::set<std::string> env_ids(wanted_.begin(), wanted_.end());
    for (const auto& [env_id, version] : synchroniser_.held()) env_ids.insert(env_id);
    bool reached = env_ids.empty();
    for (const auto& env_id : env_ids) {
        const bool answered = co_await synchroniser_.poll(env_id);
        reached = reached || answered;
    }
    co_return reached;
}

}  // namespace fanion::relay
