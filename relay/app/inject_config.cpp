#include "relay/app/inject_config.hpp"

#include "common/base/file.hpp"

namespace fanion::relay::app {
namespace {

constexpr std::size_t largest_sidecar = 1024 * 1024;

// Errors: not_found, too_large, internal (the file cannot be read), those of Sidecar::parse().
Result<inject::Sidecar> read_sidecar(const std::string& path) {
    const auto text = read_file(path, largest_sidecar);
    if (!text) return text.error();
    auto sidecar = inject::Sidecar::parse(*text);
    if (!sidecar) return Error{sidecar.error().code, path + ": " + describe(sidecar.error())};
    return sidecar;
}

}  // namespace

config::Command inject_command() {
    return {"inject-webhook", "answer Kubernetes' AdmissionReviews: add a relay to the pods that ask for one"};
}

void describe_webhook(config::Options& options, Config& config) {
    options.add("sidecar", "inject-webhook: JSON file with the container and the volumes that pods get")
        .text(config.sidecar_file)
        .reread();
}

// API servers ask over https only.
void validate_webhook(Config& config, config::Reading& out) {
    service::validate_ports(config.ports, out);
    if (config.ports.tls.certificate.empty()) out.fail("tls-cert", "required: API servers ask over https only");
    if (config.sidecar_file.empty()) return out.fail("sidecar", "required: the file with what pods get");
    auto sidecar = read_sidecar(config.sidecar_file);
    if (!sidecar) return out.fail("sidecar", describe(sidecar.error()));
    config.sidecar = std::move(*sidecar);
}

}  // namespace fanion::relay::app
