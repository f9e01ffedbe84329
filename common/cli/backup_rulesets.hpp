#pragma once

// Checks the rulesets of a backup as they are read: each against the trust documents, and all
// against the manifest. Private to common/cli.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/backup/manifest.hpp"
#include "common/cli/bundle_check.hpp"

namespace fanion::cli {

class RulesetCheck {
public:
    // `trust`: the text of the operator's trust file. Empty: the first trust document of the backup
    // is believed. `keep` gets each document, in their order.
    using Keep = std::function<Result<>(std::string_view document)>;
    static Result<RulesetCheck> begin(std::string_view trust, Keep keep);

    // The next bytes of the stream. Errors: those of `keep`, of BundleSplitter and of BundleCheck.
    // A ruleset that does not verify is none, but noted.
    Result<> feed(std::string_view bytes);
    // At the end. Error: unprocessable, which names the first environment that is missing, has
    // another version, or does not verify.
    Result<> finish(const backup::Manifest& manifest);

private:
    explicit RulesetCheck(Keep keep);
    Result<> take(std::vector<std::string>& documents);
    Result<> add(const std::string& document);

    Keep keep_;
    wire::BundleSplitter splitter_;
    std::optional<BundleCheck> check_;
    std::map<std::string, std::string> versions_;  // by env_id
    std::map<std::string, std::string> problems_;
};

// Why a signed ruleset does not verify; "" if it does.
std::string problem_of(BundleCheck& check, const std::string& bytes);

}  // namespace fanion::cli
