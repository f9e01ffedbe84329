#pragma once

// A server that accepts connections one after the other and does on each what its script says: for
// what a real server does not do on command.

#include <netinet/tcp.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/eventually.hpp"

namespace fanion::test {

class ScriptedServer {
public:
    // One connection: read a request, send the answer, then close, or first read once more.
    struct Scene {
        std::string_view answer;
        bool then_close = false;
        bool then_read_and_close = false;
    };

    explicit ScriptedServer(std::vector<Scene> scenes)
        : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}), scenes_(std::move(scenes)) {
        thread_ = std::thread([this] { run(); });
    }
    ~ScriptedServer() { thread_.join(); }

    std::string origin() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
    void wait_until_closed(unsigned connections) {
        eventually("the server has closed its connections", [&] { return closed_ >= connections; });
    }

private:
    void run() {
        for (const auto& scene : scenes_) {
            {
                boost::system::error_code ec;
                boost::asio::ip::tcp::socket socket(context_);
                acceptor_.accept(socket, ec);
                std::string request;
                boost::asio::read_until(socket, boost::asio::dynamic_buffer(request), "\r\n\r\n", ec);
                boost::asio::write(socket, boost::asio::buffer(scene.answer.data(), scene.answer.size()), ec);
                char bytes[512];
                if (scene.then_read_and_close) socket.read_some(boost::asio::buffer(bytes), ec);
                close_and_wait(socket);
            }
            ++closed_;
        }
    }

    // Until the peer's side has the end too.
    static void close_and_wait(boost::asio::ip::tcp::socket& socket) {
        boost::system::error_code ec;
        socket.shutdown(boost::asio::socket_base::shutdown_send, ec);
        tcp_info info{};
        socklen_t size = sizeof info;
        do {
            if (::getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return;
        } while (info.tcpi_state == TCP_FIN_WAIT1);
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    const std::vector<Scene> scenes_;
    std::atomic<unsigned> closed_{0};
    std::thread thread_;
};

}  // namespace fanion::test
