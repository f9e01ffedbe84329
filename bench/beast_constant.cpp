// The yardstick for instructions per request: Beast and coroutines as in any tutorial, answering a constant to everything.
//
//     beast_constant PORT BODY_BYTES

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Token = asio::use_awaitable_t<Executor>;
using Stream = beast::basic_stream<Tcp, Executor>;

namespace {

asio::awaitable<void, Executor> serve(Stream stream, const std::string& body) {
    beast::flat_buffer buffer;
    const Token token;
    for (;;) {
        http::request<http::string_body> request;
        co_await http::async_read(stream, buffer, request, token);
        http::response<http::string_body> response(http::status::ok, request.version());
        response.set(http::field::content_type, "application/json");
        response.keep_alive(request.keep_alive());
        response.body() = body;
        response.prepare_payload();
        co_await http::async_write(stream, response, token);
        if (!response.keep_alive()) break;
    }
}

asio::awaitable<void, Executor> accept_all(asio::basic_socket_acceptor<Tcp, Executor>& acceptor,
                                           const std::string& body) {
    const Token token;
    for (;;) {
        auto socket = co_await acceptor.async_accept(token);
        socket.set_option(Tcp::no_delay(true));
        Stream stream(std::move(socket));
        auto session = serve(std::move(stream), body);
        asio::co_spawn(acceptor.get_executor(), std::move(session), asio::detached);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: beast_constant PORT BODY_BYTES\n";
        return 2;
    }
    const std::string body(std::stoul(argv[2]), 'x');
    asio::io_context context(1);
    const Tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(std::stoi(argv[1])));
    asio::basic_socket_acceptor<Tcp, Executor> acceptor(context, endpoint);
    asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code&, int) { context.stop(); });
    auto accepting = accept_all(acceptor, body);
    asio::co_spawn(context, std::move(accepting), asio::detached);
    context.run();
    return 0;
}
