#include "common/service/ports.hpp"

#include <ctime>

namespace fanion::service {
namespace {

config::Option::Reader mode_reader(unsigned& out) {
    return [&out](const std::string& text) {
        const bool is_octal = text.size() == 3 && text.find_first_not_of("01234567") == std::string::npos;
        if (!is_octal) return "'" + text + "' is not a mode of three octal digits";
        out = static_cast<unsigned>(std::stoul(text, nullptr, 8));
        return std::string();
    };
}

}  // namespace

void describe_ports(config::Options& options, PortOptions& ports) {
    options.group("TLS and Unix sockets");
    options
        .add("tls-cert",
             "PEM file with the certificate that is shown over TLS, followed by the authorities below the root")
        .text(ports.tls.certificate)
        .otherwise("none: no TLS")
        .reread()
        .credential();
    options.add("tls-key", "PEM file with its key, without a passphrase").text(ports.tls.key).reread().credential();
    options.add("client-ca", "PEM file of authorities; clients must show a certificate of one of them")
        .text(ports.client_ca)
        .otherwise("none: clients need no certificate")
        .reread();
    options.add("operators-tls", "serve the operators' port over TLS too, with the same certificate")
        .flag(ports.operators_tls);
    options.add("operators-client-ca", "the same as client-ca for the operators' port")
        .text(ports.operators_client_ca)
        .otherwise("none: clients need no certificate")
        .reread();
    options.add("socket-mode", "permissions of Unix sockets; who may write may connect")
        .read(mode_reader(ports.socket_mode))
        .otherwise("660");
}

void validate_ports(const PortOptions& ports, config::Reading& out) {
    const bool has_tls = !ports.tls.certificate.empty();
    if (has_tls && ports.tls.key.empty()) out.fail("tls-key", "required with --tls-cert");
    if (!has_tls && !ports.tls.key.empty()) out.fail("tls-cert", "required with --tls-key");
    if (!has_tls && !ports.client_ca.empty()) out.fail("tls-cert", "required with --client-ca");
    if (!has_tls && ports.operators_tls) out.fail("tls-cert", "required with --operators-tls");
    if (!ports.operators_tls && !ports.operators_client_ca.empty()) {
        out.fail("operators-tls", "required with --operators-client-ca");
    }
}

Result<PortOptions> reread(PortOptions in_force, const PortOptions& now) {
    if (in_force.tls.certificate.empty() != now.tls.certificate.empty()) {
        return Error{Errc::invalid_input, "--tls-cert: TLS begins and ends only at a restart"};
    }
    in_force.tls = now.tls;
    in_force.client_ca = now.client_ca;
    in_force.operators_client_ca = now.operators_client_ca;
    return in_force;
}

std::vector<std::string> tls_files(const PortOptions& ports) {
    std::vector<std::string> paths;
    for (const auto* file : {&ports.tls.certificate, &ports.tls.key, &ports.client_ca, &ports.operators_client_ca}) {
        if (!file->empty()) paths.push_back(*file);
    }
    return paths;
}

Result<PortsTls> load_tls(const PortOptions& ports) {
    PortsTls tls;
    if (ports.tls.certificate.empty()) return tls;
    auto listen = net::ServerTls::load({ports.tls, ports.client_ca});
    if (!listen) return listen.error();
    tls.listen = std::move(*listen);
    if (!ports.operators_tls) return tls;
    auto operators = net::ServerTls::load({ports.tls, ports.operators_client_ca});
    if (!operators) return operators.error();
    tls.operators = std::move(*operators);
    return tls;
}

Result<> check_expiry(const Expiry& expiry, const Log& log) {
    if (expiry.at > std::time(nullptr)) return {};
    if (expiry.in_force > expiry.at) return Error{Errc::invalid_input, expiry.file + ": the certificate has expired"};
    log.error("certificate_expired", {{"option", expiry.option},
                                      {"file", expiry.file},
                                      {"expired_at", expiry.at},
                                      {"action", "using it all the same: peers may refuse it"}});
    return {};
}

Result<> check_expiry(const PortsTls& now, const PortsTls& in_force, const PortOptions& ports, const Log& log) {
    if (!now.listen) return {};
    const auto before = in_force.listen ? in_force.listen->expires_at() : 0;
    return check_expiry({"--tls-cert", ports.tls.certificate, now.listen->expires_at(), before}, log);
}

void set_endpoint(net::ServerConfig& server, const config::Endpoint& endpoint, const PortOptions& ports) {
    server.address = endpoint.address;
    server.port = endpoint.port;
    server.socket_path = endpoint.path;
    server.socket_mode = ports.socket_mode;
}

}  // namespace fanion::service
