#include "common/net/tls.hpp"

#include <boost/asio/ssl/context.hpp>
#include <ctime>
#include <limits>

#include "common/base/file.hpp"

namespace fanion::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

constexpr std::size_t largest_pem = 1024 * 1024;

Error bad_file(const std::string& file, const std::string& what) { return {Errc::invalid_input, file + ": " + what}; }

}  // namespace

Result<Pem> use_certificate(ssl::context& context, const CertificateFiles& files) {
    const auto certificate = read_file(files.certificate, largest_pem);
    if (!certificate) return certificate.error();
    const auto key = read_file(files.key, largest_pem);
    if (!key) return key.error();
    boost::system::error_code ec;
    // Otherwise OpenSSL would ask on the terminal.
    context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, ec);
    if (!ec) context.use_certificate_chain(asio::buffer(*certificate), ec);
    if (ec) return bad_file(files.certificate, "not a certificate in PEM: " + ec.message());
    context.use_private_key(asio::buffer(*key), ssl::context::pem, ec);
    if (ec)
        return bad_file(files.key,
                        "not the key of " + files.certificate + ", in PEM without a passphrase: " + ec.message());
    return Pem{*certificate, *key};
}

std::int64_t certificate_expires_at(ssl::context& context) noexcept {
    const auto* certificate = SSL_CTX_get0_certificate(context.native_handle());
    std::tm parts{};
    const bool is_known = certificate && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) == 1;
    return is_known ? std::int64_t{::timegm(&parts)} : std::numeric_limits<std::int64_t>::max();
}

Result<ClientTls> make_client_tls(const std::string& ca_file, const CertificateFiles& own) {
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
    if (own.certificate.empty()) return context;
    if (auto used = use_certificate(*context, own); !used) return used.error();
    return context;
}

}  // namespace fanion::net
