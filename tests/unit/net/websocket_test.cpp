#include "common/net/websocket.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "common/net/request_builder.hpp"
#include "tests/unit/net/websocket_frames.hpp"

using namespace fanion;
using namespace fanion::net;
using test::client_close;
using test::client_frame;
using Event = ClientFrames::Event;
using Headers = std::vector<Header>;

namespace {

// What is read of the bytes, fed in pieces of that size: "ping:payload closed:1000".
std::string read_in_pieces(std::string_view bytes, std::size_t piece) {
    ClientFrames frames;
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        auto rest = bytes.substr(at, piece);
        while (!rest.empty()) {
            const auto event = frames.read(rest);
            if (event == Event::ping) text += "ping:" + std::string(frames.payload()) + ' ';
            if (event == Event::closed) text += "closed:" + std::to_string(frames.code()) + ' ';
            if (event == Event::failed) text += "failed:" + std::to_string(frames.code()) + ' ';
        }
    }
    return text;
}

std::string read_all(std::string_view bytes) {
    const auto whole = read_in_pieces(bytes, bytes.size() + 1);
    for (const std::size_t piece : {1u, 2u, 3u, 7u}) CHECK(read_in_pieces(bytes, piece) == whole);
    return whole;
}

UpgradeRequest upgrade_with(const Headers& headers) {
    Request request;
    RequestBuilder::clear(request);
    for (const auto& [name, value] : headers) RequestBuilder::add_header(request, name, value);
    return upgrade_of(request);
}

Headers good_headers() {
    return {{"Connection", "keep-alive, Upgrade"},
            {"Upgrade", "websocket"},
            {"Sec-WebSocket-Version", "13"},
            {"Sec-WebSocket-Key", test::websocket_key}};
}

std::string header_of(std::uint64_t size) {
    std::string out;
    append_frame_header(out, FrameType::text, size);
    return out;
}

}  // namespace

TEST_CASE("a request for a WebSocket is told by Connection and Upgrade, and checked") {
    CHECK(upgrade_with(good_headers()) == UpgradeRequest::websocket);
    CHECK(upgrade_with({}) == UpgradeRequest::none);
    auto headers = good_headers();
    headers[0].value = "keep-alive";
    CHECK(upgrade_with(headers) == UpgradeRequest::none);
    headers = good_headers();
    headers[1].value = "h2c, WebSocket";
    CHECK(upgrade_with(headers) == UpgradeRequest::websocket);
    headers[1].value = "websocket2";
    CHECK(upgrade_with(headers) == UpgradeRequest::none);
    for (const auto* version : {"", "8", "13, 8", "14"}) {
        headers = good_headers();
        headers[2].value = version;
        CHECK(upgrade_with(headers) == UpgradeRequest::other_version);
    }
    for (const auto* key : {"", "dGhlIHNhbXBsZSBub25jZQ", "c2hvcnQ=", "not base64"}) {
        headers = good_headers();
        headers[3].value = key;
        CHECK(upgrade_with(headers) == UpgradeRequest::malformed);
    }
}

TEST_CASE("the key is answered as RFC 6455 has it") {
    CHECK(websocket_accept(test::websocket_key) == test::websocket_accepted);
}

TEST_CASE("subprotocols are found in all headers that offer them") {
    Request request;
    RequestBuilder::clear(request);
    RequestBuilder::add_header(request, "Sec-WebSocket-Protocol", "chat, fanion.v1");
    RequestBuilder::add_header(request, "sec-websocket-protocol", "fanion.key.fan_cli_x");
    CHECK(offers_protocol(request, "fanion.v1"));
    CHECK_FALSE(offers_protocol(request, "fanion"));
    CHECK(offered_after(request, "fanion.key.") == "fan_cli_x");
    CHECK(offered_after(request, "other.").empty());
}

TEST_CASE("the server's frames have the shortest header, and no mask") {
    CHECK(header_of(5) == "\x81\x05");
    CHECK(header_of(125) == "\x81\x7d");
    CHECK(header_of(126) == "\x81\x7e" + test::big_endian(126, 2));
    CHECK(header_of(65535) == "\x81\x7e" + test::big_endian(65535, 2));
    CHECK(header_of(65536) == "\x81\x7f" + test::big_endian(65536, 8));
    std::string closing;
    append_close_frame(closing, 4401);
    CHECK(closing == test::server_close(4401));
    closing.clear();
    append_close_frame(closing, 0);
    CHECK(closing == std::string("\x88\x00", 2));
}

TEST_CASE("pings are read, wherever they stand; data and pongs are read over") {
    CHECK(read_all(client_frame(0x89, "")) == "ping: ");
    CHECK(read_all(client_frame(0x89, std::string(125, 'p'))) == "ping:" + std::string(125, 'p') + ' ');
    CHECK(read_all(client_frame(0x81, "hello") + client_frame(0x82, std::string(3000, 'x')) + client_frame(0x8a, "")) ==
          "");
    const auto fragments = client_frame(0x01, "a") + client_frame(0x89, "in between") + client_frame(0x00, "b") +
                           client_frame(0x80, "c") + client_frame(0x89, "after");
    CHECK(read_all(fragments) == "ping:in between ping:after ");
}

TEST_CASE("a client's closing frame is the last that is read") {
    CHECK(read_all(client_close(1000) + client_frame(0x89, "late")) == "closed:1000 ");
    CHECK(read_all(client_frame(0x88, "")) == "closed:0 ");
    CHECK(read_all(client_frame(0x88, test::big_endian(4999, 2) + "bye")) == "closed:4999 ");
    for (const unsigned code : {0u, 999u, 1004u, 1005u, 1006u, 1015u, 2999u, 5000u}) {
        CHECK(read_all(client_close(code)) == "failed:1002 ");
    }
    CHECK(read_all(client_frame(0x88, "x")) == "failed:1002 ");
}

TEST_CASE("a client that breaks the protocol is refused with 1002") {
    CHECK(read_all(std::string("\x81\x05hello", 7)) == "failed:1002 ");  // not masked
    for (const unsigned reserved : {0xc1u, 0xa1u, 0x91u})
        CHECK(read_all(client_frame(reserved, "x")) == "failed:1002 ");
    for (const unsigned type : {0x83u, 0x87u, 0x8bu, 0x8fu}) CHECK(read_all(client_frame(type, "x")) == "failed:1002 ");
    CHECK(read_all(client_frame(0x09, "")) == "failed:1002 ");                     // a fragment of control
    CHECK(read_all(client_frame(0x89, std::string(126, 'p'))) == "failed:1002 ");  // long control
    CHECK(read_all(client_frame(0x80, "x")) == "failed:1002 ");                    // continues nothing
    CHECK(read_all(client_frame(0x01, "x") + client_frame(0x81, "y")) == "failed:1002 ");
    CHECK(read_all("\x81\xfe" + test::big_endian(125, 2) + "mask") == "failed:1002 ");  // not the shortest form
    CHECK(read_all("\x81\xff" + test::big_endian(65535, 8) + "mask") == "failed:1002 ");
    CHECK(read_all("\x81\xff" + test::big_endian(std::uint64_t{1} << 63, 8) + "mask") == "failed:1002 ");
}

TEST_CASE("a message of more than 4 KiB is refused with 1009, whole or in fragments") {
    CHECK(read_all(client_frame(0x81, std::string(4096, 'x'))) == "");
    CHECK(read_all(client_frame(0x81, "", 4097)) == "failed:1009 ");
    CHECK(read_all(client_frame(0x81, "", (std::uint64_t{1} << 63) - 1)) == "failed:1009 ");
    const auto half = client_frame(0x01, std::string(4096, 'x'));
    CHECK(read_all(half + client_frame(0x80, "y")) == "failed:1009 ");
    CHECK(read_all(half + client_frame(0x80, "") + client_frame(0x81, std::string(4096, 'y'))) == "");
}
