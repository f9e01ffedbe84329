#include "relay/cache/prepare.hpp"

#include <optional>

#include "common/wire/envelope.hpp"
#include "relay/cache/compile_mark.hpp"

namespace fanion::relay::cache {
namespace {

wire::Expected expected_by(const PrepareInput& input) {
    wire::Expected expected;
    expected.env_id = input.env_id;
    expected.floor = input.floor;
    if (input.held) {
        expected.held = input.held->items.get();
        expected.held_version = input.held->version;
        expected.held_root = input.held->root;
    }
    expected.at_rest = input.at_rest;
    expected.max_bytes = input.max_bytes;
    expected.is_quarantined = [&input](const wire::Floor& ruleset) {
        return input.probation.is_quarantined(ruleset, input.now);
    };
    return expected;
}

std::vector<eval::Item> items_of(const wire::ItemSet& set) {
    std::vector<eval::Item> items;
    items.reserve(set.size());
    for (const auto& [key, item] : set.items()) items.push_back({key, item.body});
    return items;
}

std::string file_head_of(const wire::Accepted& accepted) {
    if (!accepted.full_head.empty()) return accepted.full_head;
    const wire::SignatureLine line{accepted.signature_line.signatures, std::nullopt};
    return wire::format_signed_head(line, accepted.payload);
}

// The steps that lead to `state`: none but from the ruleset held, by a delta.
RulesetSteps steps_to(const EnvironmentState& state, const wire::Accepted& accepted, const PrepareInput& input) {
    if (accepted.manifest.type != wire::ManifestType::delta || input.at_rest) return {};
    const auto& held = *input.held;
    auto step =
        make_step({held.version, *held.items, held.client_rules}, {state.version, *state.items, state.client_rules},
                  wire::format_signed_head(accepted.signature_line, accepted.payload));
    return extended(held.steps, std::move(step), state.items->bytes());
}

JournalRecordPtr delta_of(const wire::Accepted& accepted, const std::string& file_head, const PrepareInput& input) {
    if (accepted.manifest.type != wire::ManifestType::delta || input.at_rest) return nullptr;
    const auto lines = input.bytes.find('\n', input.bytes.find('\n') + 1) + 1;
    const wire::Floor floor{accepted.manifest.version, accepted.manifest.root};
    return std::make_shared<const JournalRecord>(
        JournalRecord{input.held->version, floor, file_head, input.bytes.substr(lines)});
}

EnvironmentStatePtr state_of(wire::Accepted& accepted, eval::RulesetPtr ruleset, const PrepareInput& input) {
    auto state = std::make_shared<EnvironmentState>();
    const auto& m = accepted.manifest;
    state->env_id = m.env_id;
    state->org = m.org;
    state->project = m.project;
    state->env = m.env;
    state->digests = digest_flags(accepted.items, *ruleset);
    state->ruleset = std::move(ruleset);
    state->version = m.version;
    state->etag = wire::to_string(m.version);
    state->root = m.root;
    state->issued_at = m.issued_at;
    state->applied_at = input.now;
    state->items = std::make_shared<const wire::ItemSet>(std::move(accepted.items));
    state->full_head = std::move(accepted.full_head);
    state->client_rules = client_rules_of(*state->ruleset);
    state->steps = steps_to(*state, accepted, input);
    state->signals = input.signals;
    return state;
}

}  // namespace

std::variant<Candidate, wire::Rejection> prepare(const PrepareInput& input) {
    auto checked = wire::accept_ruleset(input.bytes, *input.trust, expected_by(input));
    if (auto* rejection = std::get_if<wire::Rejection>(&checked)) return std::move(*rejection);
    auto& accepted = std::get<wire::Accepted>(checked);
    if (accepted.items.has_redacted()) return wire::Rejection{wire::Nack::invalid, "the body of an item is redacted"};
    std::optional<CompileMark> mark;
    if (!input.mark_directory.empty())
        mark.emplace(input.mark_directory, wire::Floor{accepted.manifest.version, accepted.manifest.root});
    auto ruleset = eval::compile(items_of(accepted.items), input.held ? input.held->ruleset.get() : nullptr);
    if (!ruleset) return wire::Rejection{wire::Nack::invalid, describe(ruleset.error())};
    auto file_head = file_head_of(accepted);
    auto trace = accepted.signature_line.trace;
    auto delta = delta_of(accepted, file_head, input);
    return Candidate{state_of(accepted, std::move(*ruleset), input), std::move(file_head), std::move(delta),
                     std::move(trace), input.at_rest};
}

std::string snapshot_bytes(const Candidate& candidate) {
    std::string bytes;
    bytes.reserve(candidate.file_head.size() + candidate.state->items->bytes());
    bytes = candidate.file_head;
    wire::append_items(bytes, *candidate.state->items);
    return bytes;
}

}  // namespace fanion::relay::cache
