#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "common/base/file.hpp"
#include "common/net/listening_socket.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using boost::asio::local::stream_protocol;
using test::HttpServer;
using test::TemporaryDirectory;

constexpr std::string_view peer_closing = "GET /peer HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

void add_socket_routes(Router& router) {
    router.sync(Method::get, "/peer", [](Request& request, Response& response) { response.body = request.peer; });
}

std::string ask_socket(const std::string& path) {
    boost::asio::io_context context;
    stream_protocol::socket socket(context);
    socket.connect(path);
    boost::asio::write(socket, boost::asio::buffer(peer_closing));
    std::string answer;
    boost::system::error_code ec;
    char bytes[1024];
    while (!ec) answer.append(bytes, socket.read_some(boost::asio::buffer(bytes), ec));
    return answer;
}

// What a process leaves behind that did not end in order.
void leave_socket(const std::string& path) {
    boost::asio::io_context context;
    const stream_protocol::acceptor acceptor(context, path);
}

Result<std::unique_ptr<Server>> try_listen(Workers& workers, const std::string& path) {
    ServerConfig config;
    config.socket_path = path;
    return Server::listen(
        workers, config, [](unsigned) { return Router(); }, {}, Log());
}

TEST_CASE("requests are answered on a Unix socket by all workers, and the client's address is its kind") {
    const TemporaryDirectory directory;
    const auto path = directory / "socket";
    HttpServer server(add_socket_routes, {.socket_path = path, .workers = 3});
    CHECK(server.port() == 0);
    for (int i = 0; i < 30; ++i) CHECK(ask_socket(path).ends_with("unix"));
}

TEST_CASE("the socket's file has the mode that is asked for, whatever the umask, and is removed at the end") {
    const TemporaryDirectory directory;
    const auto path = directory / "socket";
    const auto old_umask = ::umask(077);
    {
        HttpServer server(add_socket_routes, {.socket_path = path, .socket_mode = 0626});
        struct stat file {};
        REQUIRE(::stat(path.c_str(), &file) == 0);
        CHECK((file.st_mode & 0777) == 0626);
        server->stop_accepting();
        CHECK_FALSE(std::filesystem::exists(path));
    }
    ::umask(old_umask);
}

TEST_CASE("a socket that nobody listens on is replaced; one in use and other files are not") {
    const TemporaryDirectory directory;
    const auto path = directory / "socket";
    leave_socket(path);
    REQUIRE(std::filesystem::exists(path));
    {
        HttpServer server(add_socket_routes, {.socket_path = path});
        CHECK(ask_socket(path).ends_with("unix"));
        Workers workers(1);
        const auto second = try_listen(workers, path);
        REQUIRE_FALSE(second);
        CHECK(second.error().detail.find(path + ": a process listens there") != std::string::npos);
        CHECK(ask_socket(path).ends_with("unix"));
    }
    CHECK_FALSE(std::filesystem::exists(path));
    std::ofstream(path) << "precious";
    Workers workers(1);
    CHECK_FALSE(try_listen(workers, path));
    CHECK(std::filesystem::file_size(path) == 8);
}

TEST_CASE("a listening socket for others replaces what a process left behind, and is removed with its owner") {
    const TemporaryDirectory directory;
    const auto path = directory / "socket";
    leave_socket(path);
    {
        const auto socket = ListeningSocket::open_unix(path, 0600);
        REQUIRE(socket);
        const UniqueFd fd(socket->fd);
        CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        CHECK_FALSE(ListeningSocket::open_unix(path, 0600));
    }
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK_FALSE(ListeningSocket::open_unix("/tmp/" + std::string(200, 'x'), 0600));
}

TEST_CASE("a listening socket for others shares its port with nobody") {
    const auto socket = ListeningSocket::open_tcp("127.0.0.1", 0);
    REQUIRE(socket);
    const UniqueFd fd(socket->fd);
    CHECK(socket->port != 0);
    const auto second = ListeningSocket::open_tcp("127.0.0.1", socket->port);
    REQUIRE_FALSE(second);
    CHECK(second.error().detail.find(std::to_string(socket->port)) != std::string::npos);
    CHECK(ListeningSocket::open_tcp("localhost", 0).error().code == Errc::invalid_input);
}

TEST_CASE("a server does not remove the socket of its successor") {
    const TemporaryDirectory directory;
    const auto path = directory / "socket";
    HttpServer first(add_socket_routes, {.socket_path = path});
    std::filesystem::remove(path);
    HttpServer second(add_socket_routes, {.socket_path = path});
    first->stop_accepting();
    CHECK(ask_socket(path).ends_with("unix"));
}

TEST_CASE("paths that cannot be used are errors that name them") {
    Workers workers(1);
    const auto too_long = try_listen(workers, "/tmp/" + std::string(200, 'x'));
    REQUIRE_FALSE(too_long);
    CHECK(too_long.error().code == Errc::invalid_input);
    const auto nowhere = try_listen(workers, "/nonexistent/socket");
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().detail.find("/nonexistent/socket") != std::string::npos);
}

}  // namespace
