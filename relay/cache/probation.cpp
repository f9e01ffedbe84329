#include "relay/cache/probation.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "relay/cache/durable_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::string_view first_line = "fanion-probation 2";
constexpr std::size_t largest_probation_file = 64 * 1024;
constexpr std::size_t most_quarantined = 16;  // the oldest is removed first

std::string probation_path(const std::string& directory) { return directory + "/probation"; }

std::string words_of(const wire::Floor& ruleset) {
    return wire::to_string(ruleset.version) + " " + to_hex(ruleset.root);
}

std::string words_of(const ProbationMark& mark) { return words_of(mark.ruleset) + " " + std::to_string(mark.ends); }

std::optional<wire::Floor> ruleset_of(std::string_view version, std::string_view root) {
    const auto parsed_version = wire::parse_version(version);
    const auto parsed_root = sha256_from_hex(root);
    if (!parsed_version || !parsed_root) return std::nullopt;
    return wire::Floor{*parsed_version, *parsed_root};
}

// Of "mark" and "compile": four words.
std::optional<ProbationMark> mark_of(const std::vector<std::string_view>& words) {
    const auto ruleset = ruleset_of(words[1], words[2]);
    const auto ends = parse_u64(words[3]);
    if (!ruleset || !ends || *ends > quarantine_ends) return std::nullopt;
    return ProbationMark{*ruleset, static_cast<unsigned>(*ends)};
}

}  // namespace

bool Probation::is_quarantined(const wire::Floor& ruleset, UnixMillis now) const noexcept {
    return std::any_of(quarantined_.begin(), quarantined_.end(), [&](const QuarantinedRuleset& q) {
        return q.ruleset.root == ruleset.root && ruleset.version <= q.ruleset.version && now < q.until;
    });
}

Probation::Started Probation::record_start(const EarlierEnd& end, UnixMillis now) {
    std::erase_if(quarantined_, [&](const QuarantinedRuleset& q) { return q.until <= now; });
    Started started;
    if (end.crashed && mark_ && ++mark_->ends >= quarantine_ends) started.by_crash = mark_->ruleset;
    const bool is_proven_root = end.compiling && proven_ && proven_->root == end.compiling->root;
    if (!end.compiling || is_proven_root) {
        compile_.reset();  // the ends that count follow one another
    } else {
        const bool is_same = compile_ && compile_->ruleset.root == end.compiling->root;
        compile_ = ProbationMark{*end.compiling, is_same ? compile_->ends + 1 : 1};
        if (compile_->ends >= quarantine_ends) started.by_compile = compile_->ruleset;
    }
    if (started.by_crash) {
        mark_.reset();
        quarantine(*started.by_crash, now);
    }
    if (started.by_compile) {
        compile_.reset();
        quarantine(*started.by_compile, now);
    }
    return started;
}

void Probation::quarantine(const wire::Floor& ruleset, UnixMillis now) {
    release(ruleset);
    if (quarantined_.size() == most_quarantined) quarantined_.erase(quarantined_.begin());
    quarantined_.push_back({ruleset, now + quarantine_time});
}

void Probation::release(const wire::Floor& ruleset) {
    std::erase_if(quarantined_, [&](const QuarantinedRuleset& q) { return q.ruleset.root == ruleset.root; });
}

bool Probation::begin(const wire::Floor& ruleset) {
    const auto ended =
        std::erase_if(quarantined_, [&](const QuarantinedRuleset& q) { return q.ruleset.version < ruleset.version; });
    if (proven_ && proven_->root == ruleset.root) {
        const bool changed = mark_.has_value() || proven_->version != ruleset.version;
        mark_.reset();
        proven_ = ruleset;
        return changed || ended > 0;
    }
    if (mark_ && mark_->ruleset.root == ruleset.root && mark_->ruleset.version == ruleset.version) return ended > 0;
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
    if (mark_) text += "mark " + words_of(*mark_) + "\n";
    if (compile_) text += "compile " + words_of(*compile_) + "\n";
    for (const auto& q : quarantined_) {
        text += "quarantine " + words_of(q.ruleset) + " " + std::to_string(q.until) + "\n";
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
    if (words[0] == "mark" && words.size() == 4) return (mark_ = mark_of(words)).has_value();
    if (words[0] == "compile" && words.size() == 4) return (compile_ = mark_of(words)).has_value();
    if (words[0] == "quarantine" && words.size() == 4 && quarantined_.size() < most_quarantined) {
        const auto ruleset = ruleset_of(words[1], words[2]);
        const auto until = parse_i64(words[3]);
        if (!ruleset || !until) return false;
        quarantined_.push_back({*ruleset, *until});
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
