#include "common/cli/admin_client.hpp"

#include "common/base/text.hpp"
#include "common/cli/exchange.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

constexpr std::string_view base = "/api/v1";

bool is_success(const net::ClientResponse& response) { return response.status >= 200 && response.status < 300; }

}  // namespace

std::string with_comment(std::string path, std::string_view comment) {
    if (comment.empty()) return path;
    path += path.find('?') == std::string::npos ? '?' : '&';
    return path + "comment=" + percent_encode(comment);
}

Result<net::ClientResponse> post_open(const std::string& url, std::string_view path, std::string body) {
    net::ClientRequest request;
    request.method = net::Method::post;
    request.target = std::string(base) + std::string(path);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(body);
    auto response = exchange(url, std::move(request));
    if (response && !is_success(*response)) return error_of(*response);
    return response;
}

Result<> read_tokens(const net::ClientResponse& response, Credentials& credentials) {
    json::Document document;
    if (auto parsed = read_answer(document, response); !parsed) return parsed;
    std::vector<Finding> findings;
    json::Reader r(document.root(), findings);
    credentials.access_token = r.string("access_token");
    credentials.refresh_token = r.string("refresh_token");
    if (!findings.empty()) return Error{Errc::internal, "the server's response contains no tokens", findings};
    return {};
}

net::ClientRequest AdminClient::request_of(const AdminCall& call) const {
    net::ClientRequest request;
    request.method = call.method;
    request.target = std::string(base) + call.path;
    request.headers.emplace_back("Authorization", "Bearer " + credentials_.access_token);
    if (!call.body.empty()) request.headers.emplace_back("Content-Type", call.content_type);
    if (!call.if_match.empty()) request.headers.emplace_back("If-Match", call.if_match);
    if (!call.last_event_id.empty()) request.headers.emplace_back("Last-Event-ID", call.last_event_id);
    request.body = call.body;
    return request;
}

Result<net::ClientResponse> AdminClient::send(const AdminCall& call) const {
    return exchange(credentials_.url, request_of(call));
}

// A refresh token works once, and the session ends when it is used twice. The defaults in the file are kept: ours may be those of
// this command alone.
Result<> AdminClient::renew() {
    const auto lock = lock_credentials();
    if (!lock) return lock.error();
    auto stored = load_credentials();
    if (!stored) return stored.error();
    if (stored->url != credentials_.url || stored->email != credentials_.email) {
        return Error{Errc::unauthenticated, "somebody else has signed in meanwhile; repeat the command"};
    }
    if (stored->access_token == credentials_.access_token) {
        std::string body;
        json::Writer(body).begin_object().member("refresh_token", stored->refresh_token).end_object();
        const auto response = post_open(stored->url, "/auth/refresh", std::move(body));
        if (!response && response.error().code != Errc::unauthenticated) return response.error();
        if (!response)
            return Error{Errc::unauthenticated, "the session has expired; sign in again with `fanion login`"};
        if (auto read = read_tokens(*response, *stored); !read) return read;
        if (auto saved = save_credentials(*stored); !saved) return saved;
    }
    credentials_.access_token = stored->access_token;
    credentials_.refresh_token = stored->refresh_token;
    return {};
}

Result<net::ClientResponse> AdminClient::call(const AdminCall& call) {
    auto response = send(call);
    if (response && response->status == 401 && !credentials_.is_program_token) {
        if (auto renewed = renew(); !renewed) return renewed.error();
        response = send(call);
    }
    if (response && !is_success(*response)) return error_of(*response);
    return response;
}

Result<> AdminClient::stream(const AdminCall& call, const TakeBytes& take) {
    auto response = exchange_stream(credentials_.url, request_of(call), take);
    if (response && response->status == 401 && !credentials_.is_program_token) {
        if (auto renewed = renew(); !renewed) return renewed.error();
        response = exchange_stream(credentials_.url, request_of(call), take);
    }
    if (!response) return response.error();
    if (!is_success(*response)) return error_of(*response);
    return {};
}

}  // namespace fanion::cli
