#include "common/cli/exchange.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <optional>

#include "common/json/reader.hpp"
#include "common/telemetry/trace_context.hpp"

namespace fanion::cli {
namespace {

using Outcome = std::optional<Result<net::ClientResponse>>;

boost::asio::awaitable<void> run_exchange(net::HttpClient& client, net::ClientRequest request, Outcome& outcome) {
    outcome = co_await client.send(std::move(request));
}

Errc code_of(unsigned status) {
    switch (status) {
        case 401:
            return Errc::unauthenticated;
        case 403:
            return Errc::forbidden;
        case 404:
            return Errc::not_found;
        case 409:
            return Errc::conflict;
        case 412:
            return Errc::precondition_failed;
        case 422:
            return Errc::unprocessable;
        case 429:
            return Errc::rate_limited;
        default:
            return status >= 500 ? Errc::unavailable : Errc::unprocessable;
    }
}

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

// Programs differ in the case of these two.
std::string either(const char* name, const char* other) {
    auto value = variable(name);
    return value.empty() ? variable(other) : value;
}

// What is the same for all commands: proxy, authorities and the caller's certificate, by variables of the environment.
Result<net::HttpClient> make_client(boost::asio::io_context& context, const std::string& origin) {
    net::ClientConfig config;
    config.origin = origin;
    auto proxies = net::ProxySettings::parse(either("HTTPS_PROXY", "https_proxy"), either("NO_PROXY", "no_proxy"));
    if (!proxies) return Error{Errc::invalid_input, "HTTPS_PROXY: " + proxies.error().detail};
    config.proxies = std::move(*proxies);
    if (origin.starts_with("https://")) {
        auto tls = net::make_client_tls(variable("FANION_CA_FILE"),
                                        {variable("FANION_CLIENT_CERT"), variable("FANION_CLIENT_KEY")});
        if (!tls) return tls.error();
        if (net::certificate_expires_at(**tls) <= std::time(nullptr))
            return Error{Errc::invalid_input, variable("FANION_CLIENT_CERT") + ": the certificate has expired"};
        config.tls = std::move(*tls);
    }
    return net::HttpClient::make(context.get_executor(), std::move(config));
}

// What the command does belongs to the trace that its caller, a step of a pipeline, names. OpenTelemetry's tools ignore a
// malformed context too.
void carry_trace(net::ClientRequest& request) {
    auto parent = variable("TRACEPARENT");
    if (!telemetry::parse_traceparent(parent)) return;
    request.headers.emplace_back("traceparent", std::move(parent));
    auto state = variable("TRACESTATE");
    if (!state.empty() && telemetry::is_usable_tracestate(state))
        request.headers.emplace_back("tracestate", std::move(state));
}

// Which of the addresses that a command knows did not answer.
Error at_address(const std::string& origin, Error error) {
    if (error.detail.find(origin) == std::string::npos) error.detail = origin + ": " + error.detail;
    return error;
}

void read_problem(json::Reader& r, Error& error) {
    const auto detail = r.string("detail", "");
    const auto title = r.string("title", "");
    const auto ofrep = r.string("errorDetails", "");
    error.detail = !detail.empty() ? detail : !ofrep.empty() ? ofrep : !title.empty() ? title : error.detail;
    for (auto& finding : r.array("errors")) {
        error.findings.push_back({finding.string("item", ""), finding.string("pointer", ""), finding.string("code", ""),
                                  finding.string("detail", "")});
    }
}

}  // namespace

Result<net::ClientResponse> exchange(const std::string& origin, net::ClientRequest request) {
    boost::asio::io_context context(1);
    auto client = make_client(context, origin);
    if (!client) return at_address(origin, client.error());
    carry_trace(request);
    Outcome outcome;
    std::exception_ptr thrown;
    boost::asio::co_spawn(context, run_exchange(*client, std::move(request), outcome),
                          [&thrown](std::exception_ptr error) { thrown = error; });
    context.run();
    if (thrown) std::rethrow_exception(thrown);
    if (!outcome) return Error{Errc::network, origin + " did not respond"};
    if (!*outcome) return at_address(origin, outcome->error());
    return std::move(*outcome);
}

namespace {

constexpr std::size_t problem_bytes = 1024 * 1024;

// Reads a 2xx response into `take`, any other into its body.
boost::asio::awaitable<void> run_stream(net::HttpClient& client, net::ClientRequest request, const TakeBytes& take,
                                        std::chrono::milliseconds idle, Outcome& outcome) {
    auto opened = co_await client.open_stream(std::move(request));
    if (!opened) {
        outcome = Result<net::ClientResponse>(opened.error());
        co_return;
    }
    auto& stream = **opened;
    net::ClientResponse response{stream.status(), {}, {}};
    const bool is_success = response.status >= 200 && response.status < 300;
    std::string bytes;
    for (bool goes_on = true; goes_on;) {
        bytes.clear();
        const auto more = co_await stream.read_some(bytes, idle);
        if (!more) {
            outcome = Result<net::ClientResponse>(more.error());
            co_return;
        }
        goes_on = *more;
        if (is_success) {
            goes_on = take(bytes) && goes_on;
        } else {
            response.body += bytes;
            goes_on = goes_on && response.body.size() < problem_bytes;
        }
    }
    outcome = Result<net::ClientResponse>(std::move(response));
}

}  // namespace

Result<net::ClientResponse> exchange_stream(const std::string& origin, net::ClientRequest request,
                                            const TakeBytes& take, std::chrono::milliseconds idle) {
    boost::asio::io_context context(1);
    auto client = make_client(context, origin);
    if (!client) return at_address(origin, client.error());
    carry_trace(request);
    Outcome outcome;
    std::exception_ptr thrown;
    boost::asio::co_spawn(context, run_stream(*client, std::move(request), take, idle, outcome),
                          [&thrown](std::exception_ptr error) { thrown = error; });
    context.run();
    if (thrown) std::rethrow_exception(thrown);
    if (!outcome) return Error{Errc::network, origin + " did not respond"};
    if (!*outcome) return at_address(origin, outcome->error());
    return std::move(*outcome);
}

Result<> read_answer(json::Document& document, const net::ClientResponse& response) {
    auto parsed = document.parse(response.body, {.bytes = response.body.size()});
    if (!parsed) return Error{Errc::internal, "the server's response is not valid JSON", parsed.error().findings};
    return {};
}

Error error_of(const net::ClientResponse& response) {
    Error error{code_of(response.status), "the server responded with status " + std::to_string(response.status)};
    json::Document document;
    if (document.parse(response.body) && document.root().is(json::Kind::object)) {
        std::vector<Finding> ignored;
        json::Reader reader(document.root(), ignored);
        read_problem(reader, error);
    }
    return error;
}

}  // namespace fanion::cli
