#pragma once

// A relay's public port without sockets: one environment, its keys, and the routes of one worker.
// Requests reach the handlers through the router, as they do in the server. One thread.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "common/net/router.hpp"
#include "common/net/sse_stream.hpp"
#include "relay/events/counter_table.hpp"
#include "relay/serve/routes.hpp"
#include "tests/support/temporary_directory.hpp"

namespace fanion::test {

inline constexpr std::string_view server_key = "fan_srv_server";
inline constexpr std::string_view minimal_key = "fan_srv_minimal";
inline constexpr std::string_view client_key = "fan_cli_client";
inline constexpr std::string_view relay_key = "fan_rly_relay";
inline constexpr std::string_view expired_key = "fan_srv_expired";
inline constexpr std::string_view future_key = "fan_srv_future";

struct Ask {
    net::Method method = net::Method::post;
    std::string target;
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string_view key = server_key;
    bool from_proxy = false;  // the headers X-Forwarded-* are a trusted proxy's
};

struct Answer {
    unsigned status = 0;
    std::string body;
    std::string content_type;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string header(std::string_view name) const;  // "" when missing
};

Answer answer_of(const net::Response& response);

// A stream that records what is sent.
class RecordingStream final : public net::SseStream {
public:
    boost::asio::awaitable<Result<>> start(std::string_view extra_headers, std::string_view content_type,
                                           net::BodyEnd end) override;
    boost::asio::awaitable<Result<>> send(net::SharedBytes bytes) override;
    boost::asio::awaitable<Result<>> finish() override { co_return Result<>(); }
    bool is_closed() const noexcept override { return closed; }
    bool is_websocket() const noexcept override { return websocket; }
    void set_end(net::StreamEnd why) noexcept override { end = why; }

    bool websocket = false;
    net::StreamEnd end = net::StreamEnd::going_away;
    bool started = false;
    bool closed = false;
    std::string headers;
    std::vector<std::string> sent;
};

// One item of a ruleset: {"flag/x", json}.
using Items = std::vector<std::pair<std::string, std::string>>;
Items standard_items();
// The same with another version of one flag, which is in its answers.
Items items_with_changed(std::string_view flag, unsigned version = 13);

class ServedRelay {
public:
    explicit ServedRelay(const relay::serve::ServeConfig& settings = {});
    ~ServedRelay();

    // Publishes the items as the next version.
    void publish(const Items& items);
    // The same, and wakes the worker's streams as the control thread does.
    void publish_and_wake(const Items& items);
    void set_synchronised(bool synchronised) { registry.set_synchronised(synchronised); }
    void set_head_expiry(UnixMillis at);

    Answer ask(const Ask& ask);
    // Single and bulk in OFREP, with a context's JSON.
    Answer evaluate(std::string_view flag, std::string_view context = "{}", std::string_view key = server_key);
    Answer bulk(std::string_view context = "{}", std::string_view key = server_key);
    Answer bulk_if_none_match(std::string_view tag, std::string_view context = "{}");

    // The token of the bulk answer's event stream.
    std::string stream_token(std::string_view key = server_key);

    // What was counted: "flag variation reason version" to how often.
    std::uint64_t counted(std::string_view flag, std::string_view variation, std::string_view reason);
    const std::vector<wire::CountEvent>& counts();  // as they stand in batches
    std::uint64_t counted_in_all() { return table->accepted(); }

    std::unique_ptr<boost::asio::io_context> owned_context = std::make_unique<boost::asio::io_context>();
    boost::asio::io_context& context = *owned_context;
    ManualClock clock;
    relay::serve::ServeConfig config;
    relay::cache::EnvironmentRegistry registry{1};
    TemporaryDirectory directory;
    Log log{-1};
    std::unique_ptr<relay::events::CounterTable> table;
    std::unique_ptr<relay::events::Counters> counters;
    net::BlockingPool pool{1};
    relay::rulesets::Documents documents{pool};
    relay::rulesets::SdkStreams sdks;
    relay::intake::Intake intake;  // nobody takes from it by itself
    relay::chain::ChildReports reports{"relay-above"};
    std::unique_ptr<relay::chain::PassedBatches> batches;
    std::unique_ptr<relay::serve::WorkerDeps> services;
    net::Router router;

private:
    std::shared_ptr<relay::cache::EnvironmentSignals> signals_;
    std::uint64_t version_ = 0;
    std::vector<wire::CountEvent> sealed_;
};

}  // namespace fanion::test
