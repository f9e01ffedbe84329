#include "tests/unit/relay/simulation/control_plane.hpp"

#include <algorithm>
#include <utility>

#include "common/base/compression.hpp"
#include "common/wire/delta.hpp"
#include "common/wire/sse_format.hpp"
#include "common/wire/status.hpp"
#include "tests/support/signed_environment.hpp"

namespace fanion::test {

namespace {

constexpr std::string_view issuer = "fanion:simulation";
constexpr UnixMillis ten_years = 315'360'000'000;
constexpr std::size_t most_rows = 2;  // of a batch; more are too large, now and then

// Made once: they do not depend on the seed.
struct Keys {
    Ed25519PrivateKey root = Ed25519PrivateKey::generate();
    Ed25519PrivateKey stranger = Ed25519PrivateKey::generate();
    std::vector<Ed25519PrivateKey> signers;
    Keys() {
        for (int i = 0; i < 3; ++i) signers.push_back(Ed25519PrivateKey::generate());
    }
};
const Keys& keys() {
    static const Keys all;
    return all;
}

std::string id_of(std::size_t number) { return "e_" + std::to_string(number + 1); }

std::string flag_key(std::uint64_t number) { return "f" + std::to_string(number); }

void put_flag(wire::ItemSet& items, const std::string& key, bool on) {
    items.put("flag/" + key, std::make_shared<const std::string>(SignedEnvironment::boolean_flag(key, on)));
}

wire::Have have_of(const net::ClientRequest& request) {
    for (const auto& [name, value] : request.headers) {
        if (name == wire::have_header) return wire::parse_have(value).value();
    }
    return {};
}

}  // namespace

ControlPlane::ControlPlane(Machine& machine, Network& network) : machine_(machine), network_(network) {
    first_trust_ = wire::make_trust(issuer, keys().root, keys().signers[0].public_key(), Machine::start - 3'600'000);
    trust_ = wire::parse_first_trust(first_trust_).value();
    for (std::size_t i = 0; i < environments; ++i) {
        auto& environment = database_[id_of(i)];
        environment.version = {epoch_, 1};
        const auto body = R"({"org":"acme","project":"web","key":"production","env_id":")" + id_of(i) + R"("})";
        environment.items.put("environment", std::make_shared<const std::string>(body));
        const auto key = R"({"id":"rly","kind":"relay","sha256":")" + to_hex(sha256(relay_key)) +
                         R"(","not_before":null,"not_after":null,"origins":[]})";
        environment.items.put("access/rly", std::make_shared<const std::string>(key));
        for (unsigned flag = 0; flag < 3; ++flag) put_flag(environment.items, flag_key(flag), true);
        record(id_of(i));
    }
    network_.set_server(this);
}

void ControlPlane::record(const std::string& env_id) {
    auto& environment = database_.at(env_id);
    environment.history[environment.version] = environment.items;
    committed_[env_id][environment.version] = environment.items.root();
}

ControlPlane::Present ControlPlane::present(const std::string& env_id) const {
    const auto& environment = database_.at(env_id);
    return {environment.version, environment.is_granted};
}

void ControlPlane::commit() { commit(id_of(machine_.below(environments))); }

void ControlPlane::commit_all() {
    for (std::size_t i = 0; i < environments; ++i) commit(id_of(i));
}

void ControlPlane::commit(const std::string& env_id) {
    auto& environment = database_.at(env_id);
    const auto key = flag_key(machine_.below(6));
    if (machine_.chance(20)) {
        environment.items.erase("flag/" + key);
    } else {
        put_flag(environment.items, key, machine_.chance(50));
    }
    ++environment.version.number;
    record(env_id);
    publish(env_id);
}

void ControlPlane::publish(const std::string& env_id) {
    std::erase_if(subscribers_, [](const auto& subscriber) { return !subscriber.channel->is_open(); });
    for (auto& subscriber : subscribers_) bring_up_to_date(subscriber, env_id);
}

void ControlPlane::bring_up_to_date(Subscriber& subscriber, const std::string& env_id) {
    const auto& environment = database_.at(env_id);
    const auto sent = subscriber.sent.find(env_id);
    if (!environment.is_granted) {
        if (sent == subscriber.sent.end()) return;
        auto m = manifest(env_id, wire::ManifestType::revoked);
        m.issued_at = machine_.now();
        subscriber.sent.erase(sent);
        const auto event = wire::format_event(wire::StreamEvent::revoked, env_id, environment.version, sign(m));
        return network_.write(*subscriber.channel, event);
    }
    if (sent != subscriber.sent.end() && sent->second == environment.version) return;
    const bool is_patch = sent != subscriber.sent.end() && has_base(env_id, sent->second);
    const auto document = is_patch ? delta(env_id, sent->second) : full(env_id);
    subscriber.sent[env_id] = environment.version;
    network_.write(*subscriber.channel, wire::format_event(is_patch ? wire::StreamEvent::patch : wire::StreamEvent::put,
                                                           env_id, environment.version, document));
}

void ControlPlane::send_heads() {
    for (auto& subscriber : subscribers_) {
        if (subscriber.channel->is_open()) network_.write(*subscriber.channel, heads_for({}));
    }
}

void ControlPlane::restart() {
    count(Fault::signer_restarted);
    for (auto& subscriber : subscribers_) {
        if (machine_.chance(50)) {
            subscriber.channel->cut();
        } else {
            subscriber.channel->close(machine_.now() + 20);
        }
    }
    subscribers_.clear();
}

void ControlPlane::restore_backup() {
    if (!backup_) return;
    count(Fault::backup_restored);
    restart();
    database_ = *backup_;
    ++epoch_;
    for (auto& [env_id, environment] : database_) {
        environment.history.clear();
        environment.version = {epoch_, environment.version.number + 1};
        if (!environment.is_granted) revoked_ever_.insert(env_id);
        record(env_id);
    }
    backup_.reset();
}

void ControlPlane::append_trust(wire::TrustDocument next) {
    ++next.version;
    const auto payload = wire::to_json(next);
    const auto signature = wire::sign_payload(keys().root, wire::trust_payload_type, payload);
    trust_successors_.push_back(wire::format_signed_head({{signature}, std::nullopt}, payload));
    trust_ = wire::parse_next_trust(trust_, trust_successors_.back()).value();
}

void ControlPlane::add_signer() {
    count(Fault::signer_added);
    const auto next_signer = (signer_ + 1) % keys().signers.size();
    auto next = trust_;
    const auto key = keys().signers[next_signer].public_key();
    const auto is_same = [&](const wire::TrustKey& signer) { return signer.key.raw() == key.raw(); };
    if (std::none_of(next.signers.begin(), next.signers.end(), is_same))
        next.signers.push_back({key, Machine::start - 3'600'000, Machine::start + ten_years, {"*"}});
    append_trust(std::move(next));
    signer_ = next_signer;
    renew_all();
}

// The next version of each environment, with the same content: what only another key has signed is not sent any more.
void ControlPlane::renew_all() {
    for (auto& [env_id, environment] : database_) {
        ++environment.version.number;
        record(env_id);
        publish(env_id);
    }
}

void ControlPlane::remove_signers() {
    count(Fault::signers_removed);
    auto next = trust_;
    const auto present = keys().signers[signer_].public_key().raw();
    std::erase_if(next.signers, [&](const auto& signer) { return signer.key.raw() != present; });
    append_trust(std::move(next));
}

void ControlPlane::revoke_or_grant() {
    const auto env_id = id_of(machine_.below(environments));
    auto& environment = database_.at(env_id);
    environment.is_granted = !environment.is_granted;
    if (!environment.is_granted) {
        count(Fault::revoked);
        revoked_ever_.insert(env_id);
    }
    publish(env_id);
}

void ControlPlane::grant_all() {
    for (auto& [env_id, environment] : database_) {
        environment.is_granted = true;
        publish(env_id);
    }
}

// A newer version, by somebody who has a key of his own and knows the name of the signer's.
void ControlPlane::forge() {
    count(Fault::forged);
    const auto env_id = id_of(machine_.below(environments));
    auto m = manifest(env_id, wire::ManifestType::full);
    m.version.number += 1 + machine_.below(3);
    wire::ItemSet items = database_.at(env_id).items;
    put_flag(items, "forged", true);
    m.root = items.root();
    m.items = items.size();
    m.bytes = items.bytes();
    const auto payload = wire::to_json(m);
    auto signature = wire::sign_payload(keys().stranger, wire::manifest_payload_type, payload);
    if (machine_.chance(70)) signature.kid = keys().signers[signer_].public_key().kid();
    auto document = wire::format_signed_head({{signature}, std::nullopt}, payload);
    wire::append_items(document, items);
    for (auto& subscriber : subscribers_) {
        if (!subscriber.channel->is_open()) continue;
        network_.write(*subscriber.channel, wire::format_event(wire::StreamEvent::put, env_id, m.version, document));
    }
}

wire::Manifest ControlPlane::manifest(const std::string& env_id, wire::ManifestType type) const {
    const auto& environment = database_.at(env_id);
    wire::Manifest m;
    m.type = type;
    m.iss = issuer;
    m.org = "acme";
    m.project = "web";
    m.env = "production";
    m.env_id = env_id;
    m.version = environment.version;
    m.root = environment.items.root();
    m.items = environment.items.size();
    m.bytes = environment.items.bytes();
    m.issued_at = Machine::start;
    return m;
}

std::string ControlPlane::sign(const wire::Manifest& manifest) const {
    const auto payload = wire::to_json(manifest);
    const auto signature = wire::sign_payload(keys().signers[signer_], wire::manifest_payload_type, payload);
    return wire::format_signed_head({{signature}, std::nullopt}, payload);
}

std::string ControlPlane::full(const std::string& env_id) const {
    auto document = sign(manifest(env_id, wire::ManifestType::full));
    wire::append_items(document, database_.at(env_id).items);
    return document;
}

bool ControlPlane::has_base(const std::string& env_id, wire::Version from) const {
    return database_.at(env_id).history.contains(from);
}

std::string ControlPlane::delta(const std::string& env_id, wire::Version from) const {
    const auto& environment = database_.at(env_id);
    const auto& base = environment.history.at(from);
    const auto full_payload = wire::to_json(manifest(env_id, wire::ManifestType::full));
    auto m = manifest(env_id, wire::ManifestType::delta);
    m.base = wire::DeltaBase{from, base.root()};
    m.full = sha256(full_payload);
    const auto payload = wire::to_json(m);
    const auto& key = keys().signers[signer_];
    const auto signature = wire::sign_payload(key, wire::manifest_payload_type, payload);
    const wire::FullHint hint{full_payload, {wire::sign_payload(key, wire::manifest_payload_type, full_payload)}};
    auto document = wire::format_signed_head({{signature}, hint}, payload);
    wire::append_changes(document, wire::changes_between(base, environment.items));
    return document;
}

std::string ControlPlane::head(const std::string& env_id) const {
    auto m = manifest(env_id, wire::ManifestType::head);
    m.issued_at = machine_.now();
    m.expires_at = machine_.now() + 60'000;
    return wire::format_event(wire::StreamEvent::head, env_id, m.version, sign(m));
}

// Of what is granted; of what only `have` names, revocations.
std::string ControlPlane::heads_for(const wire::Have& have) const {
    std::string events;
    for (const auto& [env_id, environment] : database_) {
        if (environment.is_granted) {
            events += head(env_id);
        } else if (have.contains(env_id)) {
            auto m = manifest(env_id, wire::ManifestType::revoked);
            m.issued_at = machine_.now();
            events += wire::format_event(wire::StreamEvent::revoked, env_id, m.version, sign(m));
        }
    }
    return events;
}

ChannelPtr ControlPlane::subscribe(const net::ClientRequest& request) {
    Subscriber subscriber{std::make_shared<Channel>(), have_of(request)};
    network_.write(*subscriber.channel, wire::format_retry(std::chrono::milliseconds(1'000)));
    for (const auto& [env_id, environment] : database_) bring_up_to_date(subscriber, env_id);
    network_.write(*subscriber.channel, heads_for({}));
    auto channel = subscriber.channel;
    subscribers_.push_back(std::move(subscriber));
    return channel;
}

net::ClientResponse ControlPlane::respond(const net::ClientRequest& request) {
    const std::string_view target = request.target;
    constexpr std::string_view rulesets = "/relay/v1/rulesets/";
    constexpr std::string_view trust = "/relay/v1/trust?from=";
    if (target == "/relay/v1/events") return answer_events(request);
    if (target == "/relay/v1/status") return answer_status(request);
    if (target == "/relay/v1/heads") return {200, {}, heads_for(have_of(request))};
    if (target.starts_with(trust)) {
        std::string body;
        for (auto version = std::stoul(std::string(target.substr(trust.size()))); version < trust_.version; ++version)
            body += trust_successors_.at(version - 1);
        return {200, {}, body};
    }
    if (!target.starts_with(rulesets)) return {404, {}, ""};
    const auto query = target.find('?');
    const std::string env_id(target.substr(rulesets.size(), query == target.npos ? query : query - rulesets.size()));
    const auto at = database_.find(env_id);
    if (at == database_.end() || !at->second.is_granted) return {404, {}, ""};
    const auto since = query == target.npos ? std::nullopt : wire::parse_version(target.substr(query + 7));
    if (since == at->second.version) return {304, {}, ""};
    return {200, {}, since && has_base(env_id, *since) ? delta(env_id, *since) : full(env_id)};
}

net::ClientResponse ControlPlane::answer_status(const net::ClientRequest& request) {
    const auto status = wire::parse_relay_status(request.body);
    if (!status) return {400, {}, ""};
    const auto note = [this](const std::string& relay, const std::vector<wire::EnvironmentStatus>& served) {
        auto& reported = reported_[relay];
        reported.clear();
        for (const auto& environment : served) reported[environment.env_id] = environment.version;
    };
    note(status->relay, status->environments);
    for (const auto& below : status->below) note(below.relay, below.environments);
    return {204, {}, ""};
}

net::ClientResponse ControlPlane::answer_events(const net::ClientRequest& request) {
    const auto body = decompress(Encoding::zstd, request.body, 1 << 24);
    const auto batch = body ? wire::parse_event_batch(*body) : body.error();
    if (!batch) return {400, {}, ""};
    // By its content, so that an answer does not depend on whether an earlier one was lost, or on which part comes.
    const bool is_refused = is_strange_ && sha256(batch->whole_id())[0] < 10;
    const bool is_large = is_strange_ && batch->counts.size() > most_rows;
    if (is_refused) return count(Fault::batch_refused), net::ClientResponse{422, {}, ""};
    if (is_large) return count(Fault::batch_too_large), net::ClientResponse{413, {}, ""};
    const auto taken = take(*batch);
    if (taken == Taken::divided) return {413, {}, ""};
    const bool is_new = taken == Taken::stored;
    for (const auto& event : batch->counts) {
        if (!is_new) break;
        stored_[event.flag] += event.n;
    }
    return {200, {}, R"({"batch":")" + batch->batch + R"(","duplicate":)" + (is_new ? "false" : "true") + "}"};
}

// docs/events.md: a part of what is stored is a duplicate, and what a part is stored of is not stored whole.
ControlPlane::Taken ControlPlane::take(const wire::EventBatch& batch) {
    std::vector<std::string> around;
    for (std::size_t length = 0; length < batch.part.size(); ++length)
        around.push_back(length == 0 ? batch.whole_id() : batch.whole_id() + '.' + batch.part.substr(0, length));
    for (const auto& id : around) {
        if (!batches_.try_emplace(id, Taken::divided).second && batches_[id] == Taken::stored) return Taken::duplicate;
    }
    const auto [entry, is_new] = batches_.try_emplace(batch.batch, Taken::stored);
    if (is_new || entry->second == Taken::divided) return entry->second;
    return Taken::duplicate;
}

}  // namespace fanion::test
