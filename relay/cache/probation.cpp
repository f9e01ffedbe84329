#include "relay/cache/probation.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "relay/cache/durable_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::string_view first_line = "fanion-probation 1";
constexpr std::size_t largest_probation_file = 64 * 1024;
constexpr std::size_t most_quarantined = 16;  // the oldest is removed first

std::string probation_path(const std::string& directory) { return directory + "/probation"; }

std::string words_of(const wire::Floor& ruleset) {
    return wire::to_string(ruleset.version) + " " + to_hex(ruleset.root);
}

std::optional<wire::Floor> ruleset_of(std::string_view version, std::string_view root) {
    const auto parsed_version = wire::parse_version(version);
    const auto parsed_root = sha256_from_hex(root);
    if (!parsed_version || !parsed_root) return std::nullopt;
    return wire::Floor{*parsed_version, *parsed_root};
}

}  // namespace

bool Probation::is_quarantined(const Sha256& root, UnixMillis now) const noexcept {
    return std::any_of(quarantined_.begin(), quarantined_.end(),
                       [&](const QuarantinedRoot& q) { return q.root == root && now < q.until; });
}

std::optional<Sha256> Probation::record_start(UnixMillis now) {
    std::erase_if(quarantined_, [&](const QuarantinedRoot& q) { return q.until <= now; });
    if (!mark_ || ++mark_->starts < quarantine_starts) return std::nullopt;
    const auto root = mark_->ruleset.root;
    mark_.reset();
    release(root);
    if (quarantined_.size() == most_quarantined) quarantined_.erase(quarantined_.begin());
    quarantined_.push_back({root, now + quarantine_time});
    return root;
}

void Probation::release(const Sha256& root) {
    std::erase_if(quarantined_, [&](const QuarantinedRoot& q) { return q.root == root; });
}

bool Probation::begin(const wire::Floor& ruleset) {
    if (proven_ && proven_->root == ruleset.root) {
        const bool changed = mark_.has_value() || proven_->version != ruleset.version;
        mark_.reset();
        proven_ = ruleset;
        return changed;
    }
    if (mark_ && mark_->ruleset.root == ruleset.root) return false;
    mark_ = ProbationMark{ruleset, 0};
    return true;
}

void Probation::mark_proven() {
    if (!mark_) return;
    proven_ = mark_->ruleset;
    mark_.reset();
}

std::string Probation::format() const {
    std::string text(first_line);
    text += '\n';
    if (proven_) text += "blessed " + words_of(*proven_) + "\n";
    if (mark_) text += "mark " + words_of(mark_->ruleset) + " " + std::to_string(mark_->starts) + "\n";
    for (const auto& q : quarantined_) {
        text += "quarantine " + to_hex(q.root) + " " + std::to_string(q.until) + "\n";
    }
    text += "sum " + to_hex(sha256(text)) + "\n";
    return text;
}

std::optional<Probation> Probation::parse(std::string_view text) {
    const auto sum_at = text.rfind("sum ");
    if (sum_at == std::string_view::npos || !text.starts_with(first_line) || !text.ends_with('\n')) return std::nullopt;
    const auto sum = sha256_from_hex(text.substr(sum_at + 4, text.size() - sum_at - 5));
    if (!sum || *sum != sha256(text.substr(0, sum_at))) return std::nullopt;
    Probation probation;
    const auto lines = split(text.substr(0, sum_at), '\n');
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (!lines[i].empty() && !probation.read_line(lines[i])) return std::nullopt;
    }
    return probation;
}

bool Probation::read_line(std::string_view line) {
    const auto words = split(line, ' ');
    if (words[0] == "blessed" && words.size() == 3) return (proven_ = ruleset_of(words[1], words[2])).has_value();
    if (words[0] == "mark" && words.size() == 4) {
        const auto ruleset = ruleset_of(words[1], words[2]);
        const auto starts = parse_u64(words[3]);
        if (!ruleset || !starts || *starts > quarantine_starts) return false;
        mark_ = ProbationMark{*ruleset, static_cast<unsigned>(*starts)};
        return true;
    }
    if (words[0] == "quarantine" && words.size() == 3 && quarantined_.size() < most_quarantined) {
        const auto root = sha256_from_hex(words[1]);
        const auto until = parse_i64(words[2]);
        if (!root || !until) return false;
        quarantined_.push_back({*root, *until});
        return true;
    }
    return false;
}

bool is_proven(UnixMillis served_for, std::uint64_t evaluations) noexcept {
    return (served_for >= 10'000 && evaluations >= 1'000) || served_for >= 60'000;
}

LoadedProbation load_probation(const std::string& directory) {
    LoadedProbation loaded;
    const auto text = read_whole_file(probation_path(directory), largest_probation_file);
    if (!text) {
        loaded.problem = text.error().detail;
    } else if (*text) {
        auto parsed = Probation::parse(**text);
        if (parsed) {
            loaded.probation = std::move(*parsed);
        } else {
            loaded.problem = "the probation file is damaged";
        }
    }
    return loaded;
}

Result<> save_probation(const std::string& directory, const Probation& probation) {
    return replace_file(probation_path(directory), probation.format(), Durability::process);
}

}  // namespace fanion::relay::cache
