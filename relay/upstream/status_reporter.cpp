#include "relay/upstream/status_reporter.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/json/document.hpp"
#include "common/net/task_group.hpp"

namespace fanion::relay::upstream {

namespace asio = boost::asio;

namespace {

// What a problem (RFC 9457) says, if it is not long: whoever answered may be a proxy.
std::string detail_of(std::string_view body) {
    constexpr std::size_t longest = 300;
    json::Document document;
    if (!document.parse(body) || !document.root().is(json::Kind::object)) return {};
    const auto detail = document.root().find("detail");
    if (!detail || !detail.is(json::Kind::string) || detail.as_string().size() > longest) return {};
    return std::string(detail.as_string());
}

}  // namespace

StatusReporter::StatusReporter(asio::any_io_executor executor, Upstreams& upstreams, StatusSource source,
                               UpstreamMetrics& metrics, const Log& log, ReportTimes times)
    : upstreams_(upstreams),
      source_(std::move(source)),
      metrics_(metrics),
      log_(log),
      times_(times),
      timer_(std::move(executor)) {}

void StatusReporter::notify() {
    changed_ = true;
    timer_.cancel();
}

asio::awaitable<void> StatusReporter::run() {
    for (;;) {
        co_await wait_for_change();
        co_await net::sleep_for(times_.coalesce);
        changed_ = false;
        const bool sent = co_await send();
        (sent ? metrics_.reports_sent : metrics_.reports_failed).add();
        if (!sent) co_await net::sleep_for(times_.pause_after_failure);
    }
}

asio::awaitable<void> StatusReporter::wait_for_change() {
    if (changed_) co_return;
    const auto token = asio::as_tuple(asio::use_awaitable);
    timer_.expires_after(times_.interval);
    co_await timer_.async_wait(token);
}

asio::awaitable<bool> StatusReporter::send() {
    net::ClientRequest request;
    request.method = net::Method::post;
    request.target = "/relay/v1/status";
    request.headers.emplace_back("Content-Type", "application/json");
    const auto status = source_.make();
    request.body = wire::to_json(status);
    const auto response = co_await upstreams_.send(Upstreams::Purpose::status, std::move(request));
    const bool is_accepted = response && response->status / 100 == 2;
    if (is_accepted) source_.on_reported(status);
    if (response) note(*response);
    co_return is_accepted;
}

void StatusReporter::note(const net::ClientResponse& response) {
    const auto status = response.status;
    if (status / 100 == 2) noted_ = 0;
    if (status / 100 != 4 || status == 401 || status == 403 || status == noted_) return;
    noted_ = status;
    log_.warn("status_report_refused",
              {{"upstream", upstreams_.origin()}, {"status", status}, {"detail", detail_of(response.body)}});
}

}  // namespace fanion::relay::upstream
