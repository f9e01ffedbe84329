#include "relay/inject/sidecar.hpp"

#include <algorithm>

namespace fanion::relay::inject {
namespace {

using json::Kind;
using json::Tree;

constexpr std::string_view listen_variable = "FANION_LISTEN";
constexpr std::string_view operators_variable = "FANION_OPERATORS_LISTEN";
constexpr std::string_view grpc_variable = "FANION_GRPC_LISTEN";
constexpr std::string_view environments_variable = "FANION_REQUIRE_ENVIRONMENTS";
constexpr std::string_view key_variable = "FANION_KEY_FILE";

Error wrong(std::string detail) { return {Errc::invalid_input, std::move(detail)}; }

// The elements of a member that is an array; none if it is not.
Tree::Elements* elements_of(Tree& object, std::string_view name) {
    auto* member = object.find(name);
    return member != nullptr && member->is(Kind::array) ? &member->elements() : nullptr;
}

// "" if there is no such string.
std::string string_in(const Tree& object, std::string_view name) {
    const auto* member = object.find(name);
    return member != nullptr && member->is(Kind::string) ? member->as_string() : std::string();
}

// Null if the container has no such variable with a value of its own.
Tree* variable(Tree& container, std::string_view name) {
    auto* variables = elements_of(container, "env");
    if (variables == nullptr) return nullptr;
    const auto found =
        std::ranges::find_if(*variables, [&](const Tree& each) { return string_in(each, "name") == name; });
    if (found == variables->end() || found->find("value") == nullptr) return nullptr;
    return found->find("value")->is(Kind::string) ? found->find("value") : nullptr;
}

std::optional<config::Endpoint> endpoint(Tree& container, std::string_view name) {
    const auto* value = variable(container, name);
    return value != nullptr ? config::parse_endpoint(value->as_string()) : std::nullopt;
}

// The secret of the volume in which the key file is; "" if there is none.
std::string secret_with_key(Tree& container, const Tree::Elements& volumes) {
    const auto* file = variable(container, key_variable);
    auto* mounts = elements_of(container, "volumeMounts");
    if (file == nullptr || mounts == nullptr) return "";
    for (const auto& mount : *mounts) {
        const auto path = string_in(mount, "mountPath");
        if (path.empty() || !file->as_string().starts_with(path + "/")) continue;
        for (const auto& volume : volumes) {
            const auto* secret = volume.find("secret");
            if (secret != nullptr && string_in(volume, "name") == string_in(mount, "name"))
                return string_in(*secret, "secretName");
        }
    }
    return "";
}

void set_variable(Tree& container, std::string_view name, std::string value) {
    if (auto* present = variable(container, name)) *present = Tree::string(std::move(value));
}

// The operators' port, which the kubelet asks by the name of the container's port.
void set_container_port(Tree& container, std::uint16_t from, std::uint16_t to) {
    auto* ports = elements_of(container, "ports");
    if (ports == nullptr) return;
    for (auto& port : *ports) {
        const auto* number = port.find("containerPort");
        if (number != nullptr && number->is(Kind::number) && number->number_text() == std::to_string(from))
            port.set("containerPort", Tree::number(to));
    }
}

void set_quantities(Tree& container, std::string_view kind, const Quantities& quantities) {
    if (quantities.empty()) return;
    auto* resources = container.find("resources");
    if (resources == nullptr || !resources->is(Kind::object)) {
        container.set("resources", Tree::object());
        resources = container.find("resources");
    }
    if (resources->find(kind) == nullptr || !resources->find(kind)->is(Kind::object)) {
        resources->set(kind, Tree::object());
    }
    for (const auto& [name, quantity] : quantities) resources->find(kind)->set(name, Tree::string(quantity));
}

void set_secret(Tree::Elements& volumes, const std::string& from, const std::string& to) {
    for (auto& volume : volumes) {
        auto* secret = volume.find("secret");
        if (secret != nullptr && string_in(*secret, "secretName") == from) secret->set("secretName", Tree::string(to));
    }
}

}  // namespace

Result<Sidecar> Sidecar::parse(std::string_view text) {
    auto file = Tree::parse(text);
    if (!file) return file.error();
    auto* containers = elements_of(*file, "initContainers");
    auto* volumes = elements_of(*file, "volumes");
    if (containers == nullptr || containers->size() != 1 || volumes == nullptr)
        return wrong("needs initContainers with one container, and volumes");
    Sidecar sidecar;
    sidecar.container_ = std::move(containers->front());
    sidecar.volumes_ = std::move(*volumes);
    sidecar.name_ = string_in(sidecar.container_, "name");
    if (sidecar.name_.empty() || string_in(sidecar.container_, "restartPolicy") != "Always")
        return wrong("initContainers[0] is no native sidecar: it needs a name, and restartPolicy: Always");
    const auto listen = endpoint(sidecar.container_, listen_variable);
    const auto operators = endpoint(sidecar.container_, operators_variable);
    if (!listen || !operators || !listen->path.empty() || !operators->path.empty())
        return wrong("initContainers[0].env: FANION_LISTEN and FANION_OPERATORS_LISTEN must be ADDRESS:PORT");
    if (variable(sidecar.container_, environments_variable) == nullptr)
        return wrong("initContainers[0].env: needs FANION_REQUIRE_ENVIRONMENTS, whose value is replaced");
    sidecar.listen_ = *listen;
    sidecar.operators_ = *operators;
    sidecar.grpc_ = endpoint(sidecar.container_, grpc_variable);
    sidecar.key_secret_ = secret_with_key(sidecar.container_, sidecar.volumes_);
    if (sidecar.key_secret_.empty()) return wrong("volumes: none is a secret that is mounted where FANION_KEY_FILE is");
    return sidecar;
}

Addition Sidecar::for_pod(const Wishes& wishes, std::vector<std::string>& mistakes) const {
    Addition added{container_, volumes_, {}};
    auto listen = listen_;
    auto operators = operators_;
    if (wishes.listen) listen.port = wishes.listen->port;
    if (wishes.listen && !wishes.listen->address.empty()) listen.address = wishes.listen->address;
    if (wishes.operators_port) operators.port = *wishes.operators_port;
    set_variable(added.container, listen_variable, config::to_string(listen));
    set_variable(added.container, operators_variable, config::to_string(operators));
    set_variable(added.container, environments_variable, wishes.environments);
    set_container_port(added.container, operators_.port, operators.port);
    set_quantities(added.container, "requests", wishes.requests);
    set_quantities(added.container, "limits", wishes.limits);
    if (wishes.image) added.container.set("image", Tree::string(*wishes.image));
    if (wishes.key_secret) set_secret(added.volumes, key_secret_, *wishes.key_secret);
    for (const auto& [port, annotation] :
         {std::pair{listen.port, "listen"}, std::pair{operators.port, "operators-port"}}) {
        if (std::ranges::find(added.ports, port) != added.ports.end() || (grpc_ && grpc_->port == port)) {
            mistakes.push_back(std::string("annotation fanion.dev/") + annotation + ": port " + std::to_string(port) +
                               " is another one of the relay's own");
        }
        added.ports.push_back(port);
    }
    if (grpc_ && grpc_->path.empty()) added.ports.push_back(grpc_->port);
    return added;
}

}  // namespace fanion::relay::inject
