#include "common/net/tls.hpp"

#include <boost/asio/ssl/context.hpp>

namespace fanion::net {

namespace ssl = boost::asio::ssl;

Result<ClientTls> make_client_tls(const std::string& ca_file) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    boost::system::error_code ec;
    context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                             ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1,
                         ec);
    if (!ec) context->set_verify_mode(ssl::verify_peer, ec);
    if (!ec && ca_file.empty()) context->set_default_verify_paths(ec);
    if (!ec && !ca_file.empty()) context->load_verify_file(ca_file, ec);
    if (ec) {
        const auto what = ca_file.empty() ? std::string("the system's certificates") : "'" + ca_file + "'";
        return Error{Errc::unavailable, "cannot load " + what + ": " + ec.message()};
    }
    return context;
}

}  // namespace fanion::net
