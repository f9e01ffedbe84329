// Writes what a relay needs to serve without a control plane: a trust document, and a signed full ruleset as a relay keeps it
// on disk. Prints the server key that opens it.
//
//     make_ruleset DIRECTORY FLAGS

#include <filesystem>
#include <fstream>
#include <iostream>

#include "bench/workload.hpp"
#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/wire/envelope.hpp"
#include "common/wire/manifest.hpp"
#include "common/wire/trust.hpp"

using namespace fanion;

namespace {

wire::ItemSet make_item_set(std::size_t flags, std::string_view key) {
    wire::ItemSet items;
    for (const auto& [name, body] : bench::make_items(flags, to_hex(sha256(key)))) {
        items.put(name, std::make_shared<const std::string>(body));
    }
    const std::string environment = R"({"org":"bench","project":"bench","key":"production","env_id":"e_bench"})";
    items.put("environment", std::make_shared<const std::string>(environment));
    return items;
}

wire::Manifest make_manifest(const wire::ItemSet& items, UnixMillis now) {
    wire::Manifest manifest;
    manifest.iss = "fanion:bench";
    manifest.org = "bench";
    manifest.project = "bench";
    manifest.env = "production";
    manifest.env_id = "e_bench";
    manifest.version = {static_cast<std::uint64_t>(now / 1000), 1};
    manifest.root = items.root();
    manifest.items = items.size();
    manifest.bytes = items.bytes();
    manifest.issued_at = now;
    return manifest;
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

void make(const std::filesystem::path& directory, std::size_t flags) {
    const auto root = Ed25519PrivateKey::generate();
    const auto signer = Ed25519PrivateKey::generate();
    const UnixMillis now = SystemClock().now();
    const auto key = make_api_key("srv").text;
    const auto items = make_item_set(flags, key);
    const auto manifest = make_manifest(items, now);
    const std::string payload = wire::to_json(manifest);
    wire::SignatureLine line0;
    line0.signatures.push_back(wire::sign_payload(signer, wire::manifest_payload_type, payload));
    std::string bytes = wire::format_signed_head(line0, payload);
    wire::append_items(bytes, items);
    write_file(directory / "trust.json", wire::make_trust(manifest.iss, root, signer.public_key(), now - 1000));
    write_file(directory / "relay.key", make_api_key("rly").text + "\n");
    const auto file = wire::to_string(manifest.version) + ".ruleset";
    write_file(directory / "cache" / "env" / manifest.env_id / file, bytes);
    std::cout << key << "\n";
}

}  // namespace

int main(int argc, char** argv) {
    const auto flags = argc == 3 ? parse_u64(argv[2]) : std::nullopt;
    if (!flags) {
        std::cerr << "usage: make_ruleset DIRECTORY FLAGS\n";
        return 2;
    }
    make(argv[1], *flags);
    return 0;
}
