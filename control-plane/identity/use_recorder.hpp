#pragma once

// Records when sessions and tokens were last used, to the minute. No request waits for it: at most
// `most_writes` are written at a time, none twice, and what is beyond is left to a later request.
// One thread.

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <set>
#include <string>

#include "common/base/log.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/identity/session_store.hpp"

namespace fanion::cp::identity {

// Of a session at a place, or of a token.
struct Use {
    access::SessionId session_id;
    SessionPlace place;
    access::TokenId token_id;
    UnixMillis minute = 0;
    const std::string& id() const noexcept { return token_id.empty() ? session_id.str() : token_id.str(); }
};

class UseRecorder {
public:
    static constexpr std::size_t most_writes = 32;

    UseRecorder(db::Pool& pool, net::TaskGroup& tasks, const Log& log) : pool_(pool), tasks_(tasks), log_(log) {}
    UseRecorder(const UseRecorder&) = delete;

    void note(Use use);

private:
    boost::asio::awaitable<void> write(Use use);

    db::Pool& pool_;
    net::TaskGroup& tasks_;
    const Log& log_;
    // Ids of what is being written; shared with the tasks, which may outlive this by the rest of
    // the loop's turn.
    std::shared_ptr<std::set<std::string>> writing_ = std::make_shared<std::set<std::string>>();
};

}  // namespace fanion::cp::identity
