#pragma once

// An HTTP proxy that does what a test says. With a thread of its own.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <thread>

namespace fanion::test {

// Takes one connection, reads its request, writes `answer`, and then connects both sides with the
// port given, if there is one, or waits for the client to go.
class ScriptedProxy {
public:
    ScriptedProxy(std::string answer, std::uint16_t port = 0)
        : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {
        thread_ = std::thread([this, answer = std::move(answer), port] { run(answer, port); });
    }
    ~ScriptedProxy() { thread_.join(); }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::string url(const std::string& credentials = "") const {
        return "http://" + credentials + "127.0.0.1:" + std::to_string(port());
    }
    // Once the client is done.
    const std::string& request() {
        if (thread_.joinable()) thread_.join();
        thread_ = std::thread([] {});
        return request_;
    }

private:
    void run(const std::string& answer, std::uint16_t port) {
        boost::system::error_code ec;
        boost::asio::ip::tcp::socket client(context_);
        acceptor_.accept(client, ec);
        boost::asio::read_until(client, boost::asio::dynamic_buffer(request_), "\r\n\r\n", ec);
        boost::asio::ip::tcp::socket server(context_);
        if (port != 0) server.connect({boost::asio::ip::address_v4::loopback(), port}, ec);
        boost::asio::write(client, boost::asio::buffer(answer), ec);
        if (port == 0) return drain(client);
        std::thread back([&] { copy(server, client); });
        copy(client, server);
        back.join();
    }
    static void drain(boost::asio::ip::tcp::socket& from) {
        char bytes[512];
        boost::system::error_code ec;
        while (!ec) from.read_some(boost::asio::buffer(bytes), ec);
    }
    static void copy(boost::asio::ip::tcp::socket& from, boost::asio::ip::tcp::socket& to) {
        char bytes[4096];
        boost::system::error_code ec;
        while (!ec) {
            const auto count = from.read_some(boost::asio::buffer(bytes), ec);
            if (count > 0) boost::asio::write(to, boost::asio::buffer(bytes, count), ec);
        }
        to.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ec);
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::string request_;
    std::thread thread_;
};

}  // namespace fanion::test
