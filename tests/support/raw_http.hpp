#pragma once

// A blocking socket that sends exactly the given bytes, for tests of a real server. Times out after
// a minute.

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/base/text.hpp"

namespace fanion::test {

struct RawAnswer {
    unsigned status = 0;
    std::string head;  // from the status line to the empty line, inclusive
    std::string body;

    // The value of the first header with that name; empty if there is none.
    std::string header(std::string_view name) const {
        for (const auto line : split(head, '\n')) {
            const auto colon = line.find(':');
            if (colon == std::string_view::npos || !equals_ignore_case_ascii(line.substr(0, colon), name)) continue;
            return std::string(trim(line.substr(colon + 1)));
        }
        return {};
    }
};

class RawHttp {
public:
    explicit RawHttp(std::uint16_t port) : socket_(context_) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
        socket_.set_option(boost::asio::ip::tcp::no_delay(true));
        const timeval limit{.tv_sec = 60, .tv_usec = 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }

    void send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size())); }
    void finish_sending() { socket_.shutdown(boost::asio::socket_base::shutdown_send); }
    boost::asio::ip::tcp::socket& socket() { return socket_; }

    // Reads the next response. The size of the body is that of Content-Length. `has_body` must be
    // false for HEAD.
    RawAnswer receive(bool has_body = true) {
        RawAnswer answer;
        answer.head = take(wait_for("\r\n\r\n") + 4);
        answer.status = static_cast<unsigned>(parse_u64(answer.head.substr(9, 3)).value_or(0));
        const auto length = has_body ? parse_u64(answer.header("Content-Length")).value_or(0) : 0;
        while (received_.size() < length && read_more()) {
        }
        answer.body = take(length);
        return answer;
    }

    // Reads up to and including `text`.
    std::string receive_until(std::string_view text) { return take(wait_for(text) + text.size()); }

    // Reads everything until the server closes the connection.
    std::string receive_all() {
        while (read_more()) {
        }
        return take(received_.size());
    }

    // Whether the server closed the connection without sending more.
    bool is_closed_by_server() { return received_.empty() && !read_more(); }

private:
    std::size_t wait_for(std::string_view text) {
        for (;;) {
            const auto found = received_.find(text);
            if (found != std::string::npos) return found;
            if (!read_more()) throw std::runtime_error("the connection ended; received: " + received_);
        }
    }

    bool read_more() {
        char bytes[4096];
        boost::system::error_code ec;
        const auto count = socket_.receive(boost::asio::buffer(bytes), 0, ec);
        if (ec == boost::asio::error::would_block) throw std::runtime_error("nothing came; received: " + received_);
        received_.append(bytes, count);
        return !ec;
    }

    std::string take(std::size_t count) {
        auto taken = received_.substr(0, count);
        received_.erase(0, count);
        return taken;
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_;
    std::string received_;
};

}  // namespace fanion::test
