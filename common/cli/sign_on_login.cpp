#include "common/cli/sign_on_login.hpp"

#include <chrono>
#include <future>
#include <iostream>
#include <mutex>

#include "common/base/crypto.hpp"
#include "common/base/log.hpp"
#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/exchange.hpp"
#include "common/json/writer.hpp"
#include "common/net/server.hpp"

namespace fanion::cli {
namespace {

constexpr std::chrono::minutes patience{5};
constexpr const char* done_page = "Signed in. You can close this page and go back to the terminal.\n";

// A port at 127.0.0.1 that waits for one request with a code.
class CodeReceiver {
public:
    ~CodeReceiver() {
        if (!server_) return;
        server_->cut();
        workers_.stop();
        workers_.join();
    }

    Result<std::uint16_t> listen() {
        net::ServerConfig config;
        config.name = "sign-on";
        const auto make_router = [this](unsigned) {
            net::Router router;
            router.sync(net::Method::get, "/",
                        [this](net::Request& request, net::Response& response) { take(request, response); });
            return router;
        };
        const auto make_hook = [](unsigned) { return net::ResponseHook(); };
        auto server = net::Server::listen(workers_, std::move(config), make_router, make_hook, Log(2, LogLevel::error));
        if (!server) return server.error();
        server_ = std::move(*server);
        workers_.start();
        return server_->port();
    }

    Result<std::string> wait() {
        auto received = code_.get_future();
        if (received.wait_for(patience) == std::future_status::ready) return received.get();
        return Error{Errc::timed_out, "nobody has signed in within five minutes", {}};
    }

private:
    void take(net::Request& request, net::Response& response) {
        auto code = request.query("code").value_or("");
        response.content_type = "text/plain; charset=utf-8";
        response.status = code.empty() ? 400 : 200;
        response.body = code.empty() ? "no code\n" : done_page;
        response.close = true;
        if (!code.empty()) std::call_once(once_, [&] { code_.set_value(std::move(code)); });
    }

    std::promise<std::string> code_;
    std::once_flag once_;
    net::Workers workers_{1};
    std::unique_ptr<net::Server> server_;
};

std::string page_of(const std::string& url, std::string_view org, std::string_view provider, std::uint16_t port,
                    const std::string& verifier) {
    const auto hash = sha256(verifier);
    return url + "/api/v1/auth/sign-on/" + percent_encode(org) + '/' + percent_encode(provider) +
           "?client_port=" + std::to_string(port) + "&client_challenge=" + to_base64url(as_view(hash));
}

std::string token_request(const std::string& code, const std::string& verifier) {
    std::string body;
    json::Writer(body).begin_object().member("code", code).member("code_verifier", verifier).end_object();
    return body;
}

Result<std::string> own_email(const Credentials& credentials) {
    const auto response = AdminClient(credentials).call({.path = "/auth/me"});
    if (!response) return response.error();
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return parsed.error();
    const auto email = document.root().find("user").find("email");
    return email && email.is(json::Kind::string) ? std::string(email.as_string()) : std::string();
}

}  // namespace

Result<> sign_on(const std::string& provider, Credentials& credentials) {
    const auto slash = provider.find('/');
    if (slash == std::string::npos)
        return Error{Errc::invalid_input, "--sso: ORGANISATION/PROVIDER, as acme/company", {}};
    const auto org = provider.substr(0, slash);
    CodeReceiver receiver;
    const auto port = receiver.listen();
    if (!port) return port.error();
    const auto verifier = to_base64url(random_bytes(32));
    std::cerr << "Open this page in a browser of this machine, and sign in:\n"
              << page_of(credentials.url, org, provider.substr(slash + 1), *port, verifier) << std::endl;
    const auto code = receiver.wait();
    if (!code) return code.error();
    const auto response = post_open(credentials.url, "/auth/sign-on/token", token_request(*code, verifier));
    if (!response) return response.error();
    if (auto read = read_tokens(*response, credentials); !read) return read.error();
    auto email = own_email(credentials);
    if (!email) return email.error();
    credentials.email = std::move(*email);
    credentials.org = org;
    return {};
}

}  // namespace fanion::cli
