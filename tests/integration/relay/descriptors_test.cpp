// A relay that may open few files, and a stranger who opens all the connections that he can.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <vector>

#include "tests/integration/relay/relay_rig.hpp"

using namespace fanion;
using test::RelayRig;

namespace {

// Connections that send nothing, whether or not the relay keeps them.
class SilentConnections {
public:
    void open(std::uint16_t port, int count) {
        for (int i = 0; i < count; ++i) {
            sockets_.emplace_back(context_).connect({boost::asio::ip::address_v4::loopback(), port});
        }
    }

private:
    boost::asio::io_context context_;
    std::vector<boost::asio::ip::tcp::socket> sockets_;
};

}  // namespace

TEST_CASE("silent connections beyond the limit of open files do not keep others out") {
    RelayRig rig;
    rig.start({.soft = 64, .hard = 256});
    REQUIRE(rig.connected());
    rig.push(wire::StreamEvent::put, rig.commit(true));
    rig.push_head();
    REQUIRE(rig.serves("true"));
    CHECK(rig.relay->log().find(R"("descriptor_limit","limit":256,"before":64)") != std::string::npos);
    CHECK(rig.relay->log().find("connections_reduced") != std::string::npos);

    SilentConnections silent;
    silent.open(rig.relay->port(), 300);
    silent.open(rig.relay->operators_port(), 100);
    CHECK(rig.relay->operators("/livez").status == 200);
    CHECK(rig.relay->operators("/readyz").status == 200);
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    CHECK(rig.relay->metric(R"(fanion_http_connections_evicted_total{server="public"})") > 0);
    CHECK(rig.relay->metric(R"(fanion_http_connections_evicted_total{server="operators"})") > 0);
    rig.push(wire::StreamEvent::put, rig.commit(false));
    CHECK(rig.serves("false"));
    CHECK(rig.relay->log().find("accept_paused") == std::string::npos);
}
