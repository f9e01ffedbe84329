#include <filesystem>
#include <memory>

#include "common/base/clock.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/json/writer.hpp"
#include "common/signing/remote_key.hpp"
#include "common/wire/trust.hpp"

namespace fanion::cli {
namespace {

struct TrustOptions {
    std::string dir;
    std::string iss;
    std::string signer;  // socket of a signer that has the key; empty: a key is made
};

// Made if it is in no signer.
struct FirstSigner {
    Ed25519PublicKey key;
    std::string pem = {};
};

Result<FirstSigner> first_signer(const std::string& socket) {
    if (socket.empty()) {
        const auto made = Ed25519PrivateKey::generate();
        return FirstSigner{made.public_key(), made.to_pem()};
    }
    const auto key = signing::RemoteKey::open(socket, std::chrono::seconds(5));
    if (!key) return key.error();
    return FirstSigner{(*key)->public_key()};
}

Exit run_init(const TrustOptions& options, const Terminal& terminal) {
    const auto root_file = options.dir + "/root.pem";
    const auto signer_file = options.dir + "/signer.pem";
    const auto trust_file = options.dir + "/trust.json";
    for (const auto& file : {root_file, signer_file, trust_file}) {
        if (std::filesystem::exists(file))
            return terminal.fail(Exit::refused, file + " already exists; existing keys are never overwritten");
    }
    if (options.iss.empty())
        return terminal.fail(Exit::usage, "--iss must not be empty; it is the name of the installation");
    const auto root = Ed25519PrivateKey::generate();
    const auto signer = first_signer(options.signer);
    if (!signer) return terminal.fail(Exit::unreachable, signer.error().detail);
    const auto trust = wire::make_trust(options.iss, root, signer->key, SystemClock().now());
    const std::pair<const std::string&, std::string> files[] = {
        {root_file, root.to_pem()}, {signer_file, signer->pem}, {trust_file, trust}};
    for (const auto& [file, content] : files) {
        if (content.empty()) continue;
        if (auto written = write_private_file(file, content); !written) return terminal.fail(written.error());
    }
    std::filesystem::permissions(trust_file, std::filesystem::perms(0644));  // public; the keys are not
    std::string report;
    json::Writer(report)
        .begin_object()
        .member("trust", trust_file)
        .member("signer_key", signer->pem.empty() ? "unix:" + options.signer : signer_file)
        .member("root_key", root_file)
        .member("signer_kid", signer->key.kid())
        .end_object();
    terminal.print(terminal.json
                       ? report
                       : table({{trust_file, "public: install it on every relay and on the control plane"},
                                signer->pem.empty()
                                    ? std::vector<std::string>{"unix:" + options.signer, "has the signing key"}
                                    : std::vector<std::string>{signer_file, "secret: install it on the control plane"},
                                {root_file, "secret: keep it offline; it signs the next trust document"}}));
    return Exit::ok;
}

}  // namespace

void add_trust_commands(CLI::App& app, Session& session) {
    auto* group = app.add_subcommand("trust", "work with trust documents");
    group->require_subcommand(1);
    group->fallthrough();
    auto options = std::make_shared<TrustOptions>();
    auto* init = group->add_subcommand("init", "create a root key, a signer and the first trust document");
    init->add_option("--dir", options->dir, "output directory; created if missing")->required();
    init->add_option("--iss", options->iss, "the installation's name, e.g. fanion:prod")->required();
    init->add_option("--signer", options->signer, "socket of a signer (fanion signer serve) that has the signing key");
    init->callback(
        [options, &session] { session.chosen = [options, &session] { return run_init(*options, session.terminal); }; });
}

}  // namespace fanion::cli
