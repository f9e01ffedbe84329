#pragma once

// A blocking TLS client that sends exactly the given bytes, the counterpart of RawHttp.

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "common/net/tls.hpp"

namespace fanion::test {

class RawTls {
public:
    // Connects, without a handshake.
    RawTls(std::uint16_t port, net::ClientTls tls) : tls_(std::move(tls)), stream_(context_, *tls_) {
        stream_.next_layer().connect({boost::asio::ip::address_v4::loopback(), port});
        stream_.next_layer().set_option(boost::asio::ip::tcp::no_delay(true));
        const timeval limit{.tv_sec = 60, .tv_usec = 0};
        ::setsockopt(stream_.next_layer().native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }

    boost::system::error_code handshake() {
        boost::system::error_code ec;
        stream_.handshake(boost::asio::ssl::stream_base::client, ec);
        return ec;
    }
    void send(std::string_view bytes) { boost::asio::write(stream_, boost::asio::buffer(bytes.data(), bytes.size())); }

    // Sends the closing alert and waits for the server's, or for its end.
    void finish() {
        boost::system::error_code ignored;
        stream_.shutdown(ignored);
    }

    // Reads up to and including `text`; less if the server ends before.
    std::string receive_until(std::string_view text) {
        while (received_.find(text) == std::string::npos && read_more()) {
        }
        const auto found = received_.find(text);
        const auto end = found == std::string::npos ? received_.size() : found + text.size();
        auto taken = received_.substr(0, end);
        received_.erase(0, end);
        return taken;
    }
    // Everything until the server ends; see ending().
    std::string receive_all() {
        while (read_more()) {
        }
        return std::exchange(received_, {});
    }
    // How the last read ended: eof after the server's closing alert.
    const boost::system::error_code& ending() const { return ending_; }

    SSL* ssl() { return stream_.native_handle(); }
    boost::asio::ip::tcp::socket& socket() { return stream_.next_layer(); }
    auto& stream() { return stream_; }

private:
    bool read_more() {
        char bytes[4096];
        const auto count = stream_.read_some(boost::asio::buffer(bytes), ending_);
        received_.append(bytes, count);
        return !ending_;
    }

    boost::asio::io_context context_;
    net::ClientTls tls_;
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
    std::string received_;
    boost::system::error_code ending_;
};

}  // namespace fanion::test
