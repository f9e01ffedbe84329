#include <pwd.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "common/base/core_dumps.hpp"
#include "common/base/private_file.hpp"
#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/json/writer.hpp"
#include "common/signing/pkcs11_key.hpp"
#include "common/signing/remote_key.hpp"
#include "common/signing/signer_server.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::cli {
namespace {

struct SignerOptions {
    std::string socket;
    std::string socket_mode = "660";
    std::string key_file;
    signing::Pkcs11Options pkcs11;
    std::string pin_file;
    std::vector<std::string> users;
    unsigned timeout = 2000;
    bool allow_core_dumps = false;
};

Error wrong_usage(std::string detail) { return {Errc::invalid_input, std::move(detail)}; }

Result<std::string> read_secret(const std::string& path) {
    if (const auto checked = check_private_file(path); !checked) return wrong_usage(checked.error().detail);
    return read_file(path);
}

Result<signing::SigningKeyPtr> open_key(const SignerOptions& options) {
    const auto& pkcs11 = options.pkcs11;
    if (options.key_file.empty() == pkcs11.module.empty()) return wrong_usage("give either --key or --pkcs11-module");
    if (!options.key_file.empty()) {
        const auto pem = read_secret(options.key_file);
        if (!pem) return pem.error();
        auto key = Ed25519PrivateKey::from_pem(*pem);
        if (!key) return wrong_usage(options.key_file + ": " + key.error().detail);
        return signing::make_local_key(std::move(*key));
    }
    if (pkcs11.token.empty() || pkcs11.key.empty() || options.pin_file.empty())
        return wrong_usage("--pkcs11-module needs --token, --key-label and --pin-file");
    const auto pin = read_secret(options.pin_file);
    if (!pin) return pin.error();
    auto with_pin = pkcs11;
    with_pin.pin = std::string(trim(*pin));
    return signing::open_pkcs11_key(with_pin);
}

Result<unsigned> read_mode(const std::string& text) {
    const bool is_octal = text.size() == 3 && text.find_first_not_of("01234567") == std::string::npos;
    if (!is_octal) return wrong_usage("--socket-mode: '" + text + "' is not a mode of three octal digits");
    return static_cast<unsigned>(std::stoul(text, nullptr, 8));
}

Result<std::vector<uid_t>> read_users(const std::vector<std::string>& names) {
    std::vector<uid_t> users;
    for (const auto& name : names) {
        const bool is_number = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
        const auto* const user = is_number ? nullptr : ::getpwnam(name.c_str());
        if (!is_number && user == nullptr) return wrong_usage("--allow-user: there is no user '" + name + "'");
        if (is_number && name.size() > 9) return wrong_usage("--allow-user: '" + name + "' is no user's number");
        users.push_back(is_number ? static_cast<uid_t>(std::stoul(name)) : user->pw_uid);
    }
    return users;
}

// Becomes readable when the process is to end.
UniqueFd stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return UniqueFd(::signalfd(-1, &signals, SFD_CLOEXEC));
}

void print_key(const std::string& socket, const Ed25519PublicKey& key, const Terminal& terminal) {
    std::string report;
    json::Writer(report)
        .begin_object()
        .member("socket", socket)
        .member("kid", key.kid())
        .member("public_key", to_base64(key.raw()))
        .end_object();
    terminal.print(
        terminal.json ? report : table({{"socket", socket}, {"kid", key.kid()}, {"public key", to_base64(key.raw())}}));
}

// Manifests, and nothing that could be taken for another document.
std::string what_is_signed() {
    const std::string type(wire::manifest_payload_type);
    return "DSSEv1 " + std::to_string(type.size()) + ' ' + type + ' ';
}

Exit run_signer_serve(const SignerOptions& options, const Terminal& terminal) {
    if (!options.allow_core_dumps) forbid_core_dumps();
    const auto mode = read_mode(options.socket_mode);
    if (!mode) return terminal.fail(mode.error());
    auto users = read_users(options.users);
    if (!users) return terminal.fail(users.error());
    const auto key = open_key(options);
    if (!key) return terminal.fail(key.error());
    const auto stop = stop_signals();
    if (!stop) return terminal.fail(errno_error(Errc::internal, "cannot wait for signals"));
    signing::SignerServerConfig config;
    config.path = options.socket;
    config.mode = *mode;
    config.signs = what_is_signed();
    config.users = std::move(*users);
    auto server = signing::SignerServer::open(std::move(config), *key);
    if (!server) return terminal.fail(server.error());
    print_key(options.socket, (*key)->public_key(), terminal);
    std::cout.flush();
    const auto served = server->run(stop.get());
    if (!served) return terminal.fail(served.error());
    const auto& counts = server->counts();
    terminal.print(std::to_string(counts.signatures) + " signatures, " + std::to_string(counts.refused) + " refused, " +
                   std::to_string(counts.failed) + " failed");
    return Exit::ok;
}

Exit run_signer_check(const SignerOptions& options, const Terminal& terminal) {
    const auto key = signing::RemoteKey::open(options.socket, std::chrono::milliseconds(options.timeout));
    if (!key) return terminal.fail(Exit::unreachable, key.error().detail);
    print_key(options.socket, (*key)->public_key(), terminal);
    return Exit::ok;
}

}  // namespace

void add_signer_commands(CLI::App& app, Session& session) {
    auto* group = group_of(app, "signer", "hold the key that signs rulesets, for a control plane");
    const auto options = std::make_shared<SignerOptions>();
    auto* serve =
        add_command(*group, session, options, "serve", "sign for who may write to a Unix socket", run_signer_serve);
    serve->add_option("--socket", options->socket, "path of the Unix socket")->required();
    serve->add_option("--socket-mode", options->socket_mode, "permissions of the socket; who may write may ask");
    serve->add_option("--allow-user", options->users, "name or number of a user who may ask; repeatable")
        ->allow_extra_args(false);
    serve->add_option("--key", options->key_file, "file with the key in PKCS#8 PEM, mode 0600");
    serve->add_option("--pkcs11-module", options->pkcs11.module, "library of a PKCS#11 token that has the key");
    serve->add_option("--token", options->pkcs11.token, "label of the token");
    serve->add_option("--key-label", options->pkcs11.key, "label of the key in the token");
    serve->add_option("--pin-file", options->pin_file, "file with the token's PIN, mode 0600");
    serve->add_flag("--allow-core-dumps", options->allow_core_dumps,
                    "let the system write core dumps, which contain keys");
    auto* check = add_command(*group, session, options, "check", "ask a signer for its public key", run_signer_check);
    check->add_option("--socket", options->socket, "path of the Unix socket")->required();
    check->add_option("--timeout", options->timeout, "milliseconds to wait for its answer")
        ->check(CLI::Range(1, 600'000));
}

}  // namespace fanion::cli
