#include "common/cli/backup_rulesets.hpp"

#include <utility>

namespace fanion::cli {
namespace {

constexpr std::size_t most_document_bytes = 41u * 1024 * 1024;

}  // namespace

std::string problem_of(BundleCheck& check, const std::string& bytes) {
    const auto added = check.add(bytes);
    if (added) return "";
    const auto& error = added.error();
    return error.findings.empty() ? error.detail : error.findings.front().code + ": " + error.findings.front().detail;
}

RulesetCheck::RulesetCheck(Keep keep) : keep_(std::move(keep)), splitter_(most_document_bytes) {}

Result<RulesetCheck> RulesetCheck::begin(std::string_view trust, Keep keep) {
    RulesetCheck rulesets(std::move(keep));
    if (trust.empty()) return rulesets;
    auto check = BundleCheck::begin(trust);
    if (!check) return check.error();
    rulesets.check_.emplace(std::move(*check));
    return rulesets;
}

Result<> RulesetCheck::add(const std::string& document) {
    const auto claimed = wire::read_bundle_document(document);
    if (!claimed) return claimed.error();
    if (!check_) {
        auto check = BundleCheck::begin(document);
        if (!check) return check.error();
        check_.emplace(std::move(*check));
    } else if (auto problem = problem_of(*check_, document); !problem.empty()) {
        if (claimed->is_trust())
            return Error{Errc::unprocessable,
                         "trust document " + std::to_string(claimed->trust) + " does not verify: " + problem};
        problems_[claimed->env_id] = std::move(problem);
    }
    if (!claimed->is_trust()) versions_[claimed->env_id] = wire::to_string(claimed->version);
    return keep_ ? keep_(document) : Result<>();
}

Result<> RulesetCheck::take(std::vector<std::string>& documents) {
    for (const auto& document : documents)
        if (auto added = add(document); !added) return added;
    return {};
}

Result<> RulesetCheck::feed(std::string_view bytes) {
    std::vector<std::string> documents;
    if (auto fed = splitter_.feed(bytes, documents); !fed) return fed;
    return take(documents);
}

Result<> RulesetCheck::finish(const backup::Manifest& manifest) {
    std::vector<std::string> documents;
    if (auto ended = splitter_.finish(documents); !ended) return ended;
    if (auto taken = take(documents); !taken) return taken;
    const auto wrong = [&manifest](const backup::EnvironmentRecord& environment, const std::string& why) {
        return Error{Errc::unprocessable,
                     "backup " + manifest.id + ": the ruleset of " + environment.place + " " + why};
    };
    for (const auto& environment : manifest.environments) {
        const auto version = versions_.find(environment.env_id);
        if (version == versions_.end()) return wrong(environment, "is missing");
        if (version->second != environment.version)
            return wrong(environment, "has version " + version->second + " instead of " + environment.version);
        const auto problem = problems_.find(environment.env_id);
        if (problem != problems_.end()) return wrong(environment, "does not verify: " + problem->second);
    }
    return {};
}

}  // namespace fanion::cli
