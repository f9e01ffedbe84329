// Writes what a relay needs to serve without a control plane: a trust document, and a signed full ruleset as a relay keeps it
// on disk. Prints the server key that opens it.
//
//     make_ruleset DIRECTORY FLAGS
//     make_ruleset DIRECTORY FLAGS CHANGES WHOLES
//
// The second form makes flags of about 500 bytes that differ from each other (cases.hpp), and in DIRECTORY/events what a
// control plane would send of them as server-sent events: `head`; `put`, which is what the cache holds; CHANGES deltas of one
// flag each (`0001.patch`, ..); and after them WHOLES rulesets in which every flag has changed (`0001.put`, ..).

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "bench/cases.hpp"
#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/wire/envelope.hpp"
#include "common/wire/manifest.hpp"
#include "common/wire/sse_format.hpp"
#include "common/wire/trust.hpp"

using namespace fanion;

namespace {

constexpr std::string_view environment_id = "e_bench";

wire::ItemSet make_item_set(const bench::Items& contents) {
    wire::ItemSet items;
    for (const auto& [name, body] : contents) items.put(name, std::make_shared<const std::string>(body));
    const std::string environment = R"({"org":"bench","project":"bench","key":"production","env_id":"e_bench"})";
    items.put("environment", std::make_shared<const std::string>(environment));
    return items;
}

// Flags that differ, and the key that opens them.
bench::Items make_mixed_items(std::size_t flags, std::string_view key_sha256) {
    auto items = bench::make_environment(flags);
    const auto with_key = bench::make_items(0, key_sha256);
    items.insert(items.end(), with_key.begin(), with_key.end());
    std::sort(items.begin(), items.end());
    return items;
}

std::shared_ptr<const std::string> switched(const std::string& flag) {
    constexpr std::string_view on = R"("enabled":true)";
    constexpr std::string_view off = R"("enabled":false)";
    std::string body = flag;
    const auto at = body.find(on);
    body.replace(at == std::string::npos ? body.find(off) : at, at == std::string::npos ? off.size() : on.size(),
                 at == std::string::npos ? on : off);
    return std::make_shared<const std::string>(std::move(body));
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string numbered(std::size_t number, std::string_view ending) {
    const auto digits = std::to_string(number);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits + std::string(ending);
}

// One environment's versions, each signed as a control plane does it.
class Publisher {
public:
    Publisher(std::filesystem::path directory, wire::ItemSet items)
        : directory_(std::move(directory)), items_(std::move(items)), now_(SystemClock().now()) {
        manifest_.iss = "fanion:bench";
        manifest_.org = "bench";
        manifest_.project = "bench";
        manifest_.env = "production";
        manifest_.env_id = environment_id;
        manifest_.version = {static_cast<std::uint64_t>(now_ / 1000), 0};
        manifest_.issued_at = now_;
        next_version();
        write_file(directory_ / "trust.json",
                   wire::make_trust(manifest_.iss, root_, signer_.public_key(), now_ - 1000));
    }

    void write_cache() const {
        const auto file = wire::to_string(manifest_.version) + ".ruleset";
        write_file(directory_ / "cache" / "env" / manifest_.env_id / file, whole());
    }

    void write_head() const {
        auto head = manifest_;
        head.type = wire::ManifestType::head;
        head.prev.reset();
        head.expires_at = now_ + UnixMillis{24} * 3'600'000;
        write_event("head", head.type, signed_head({}, wire::to_json(head)));
    }

    void write_put(const std::string& name) const { write_event(name, wire::ManifestType::full, whole()); }

    void change_one(std::size_t number) {
        const wire::DeltaBase base{manifest_.version, manifest_.root};
        const auto key = "flag/" + bench::flag_key(number);
        const auto body = switched(*items_.items().at(key).body);
        items_.put(key, body);
        next_version();
        const auto full = wire::to_json(manifest_);
        auto delta = manifest_;
        delta.type = wire::ManifestType::delta;
        delta.base = base;
        delta.full = sha256(full);
        wire::SignatureLine line0;
        line0.full = wire::FullHint{full, {sign(full)}};
        auto document = signed_head(std::move(line0), wire::to_json(delta));
        wire::append_item_line(document, key, *body);
        write_event(numbered(number, ".patch"), delta.type, document);
    }

    void change_all(std::size_t number, std::size_t flags) {
        for (std::size_t i = 0; i < flags; ++i) {
            const auto key = "flag/" + bench::flag_key(i);
            items_.put(key, switched(*items_.items().at(key).body));
        }
        next_version();
        write_put(numbered(number, ".put"));
    }

private:
    void next_version() {
        if (manifest_.version.number > 0) manifest_.prev = sha256(wire::to_json(manifest_));
        ++manifest_.version.number;
        manifest_.root = items_.root();
        manifest_.items = items_.size();
        manifest_.bytes = items_.bytes();
    }

    wire::Signature sign(std::string_view payload) const {
        return wire::sign_payload(signer_, wire::manifest_payload_type, payload);
    }

    std::string signed_head(wire::SignatureLine line0, const std::string& payload) const {
        line0.signatures.push_back(sign(payload));
        return wire::format_signed_head(line0, payload);
    }

    std::string whole() const {
        auto bytes = signed_head({}, wire::to_json(manifest_));
        wire::append_items(bytes, items_);
        return bytes;
    }

    void write_event(const std::string& name, wire::ManifestType type, std::string_view document) const {
        write_file(directory_ / "events" / name,
                   wire::format_event(wire::event_of(type), manifest_.env_id, manifest_.version, document));
    }

    const std::filesystem::path directory_;
    wire::ItemSet items_;
    const UnixMillis now_;
    const Ed25519PrivateKey root_ = Ed25519PrivateKey::generate();
    const Ed25519PrivateKey signer_ = Ed25519PrivateKey::generate();
    wire::Manifest manifest_;  // the full one of the newest version
};

struct Wanted {
    std::filesystem::path directory;
    std::size_t flags = 0;
    std::optional<std::size_t> changes;
    std::size_t wholes = 0;
};

void make(const Wanted& wanted) {
    const auto key = make_api_key("srv").text;
    const auto key_sha256 = to_hex(sha256(key));
    const auto contents =
        wanted.changes ? make_mixed_items(wanted.flags, key_sha256) : bench::make_items(wanted.flags, key_sha256);
    Publisher publisher(wanted.directory, make_item_set(contents));
    const auto relay_key = wanted.directory / "relay.key";
    write_file(relay_key, make_api_key("rly").text + "\n");
    std::filesystem::permissions(relay_key, std::filesystem::perms(0600));
    publisher.write_cache();
    if (wanted.changes) {
        publisher.write_head();
        publisher.write_put("put");
        for (std::size_t i = 1; i <= *wanted.changes; ++i) publisher.change_one(i);
        for (std::size_t i = 1; i <= wanted.wholes; ++i) publisher.change_all(i, wanted.flags);
    }
    std::cout << key << "\n";
}

std::optional<Wanted> parse(int argc, char** argv) {
    if (argc != 3 && argc != 5) return std::nullopt;
    const auto number = [&](int at) { return at < argc ? parse_u64(argv[at]) : std::nullopt; };
    if (!number(2) || number(3).has_value() != number(4).has_value()) return std::nullopt;
    if (number(3) && *number(3) >= *number(2)) return std::nullopt;
    return Wanted{argv[1], *number(2), number(3), number(4).value_or(0)};
}

}  // namespace

int main(int argc, char** argv) {
    const auto wanted = parse(argc, argv);
    if (!wanted) {
        std::cerr << "usage: make_ruleset DIRECTORY FLAGS [CHANGES WHOLES], with fewer CHANGES than FLAGS\n";
        return 2;
    }
    make(*wanted);
    return 0;
}
