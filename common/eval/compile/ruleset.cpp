#include "common/eval/compile/ruleset.hpp"

#include <algorithm>

#include "common/eval/compile/compiled.hpp"

namespace fanion::eval {

Ruleset::Ruleset(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ruleset::~Ruleset() = default;

std::size_t Ruleset::flag_count() const noexcept { return impl_->flags.size(); }

FlagInfo Ruleset::flag_info(std::size_t index) const noexcept {
    const auto& flag = *impl_->flags[index];
    return {flag.key, flag.version, flag.client, flag.track, flag.variations.size()};
}

std::size_t Ruleset::find_flag(std::string_view key) const noexcept {
    const auto index = impl_->flag_index.find(key);
    return index == KeyIndex::npos ? npos : index;
}

bool Ruleset::has_variation(std::size_t index, std::string_view key) const noexcept {
    const auto& variations = impl_->flags[index]->variations;
    return std::any_of(variations.begin(), variations.end(), [key](const auto& v) { return v.key == key; });
}

bool Ruleset::has_rule(std::size_t index, std::string_view id) const noexcept {
    const auto& rules = impl_->flags[index]->rules;
    return std::any_of(rules.begin(), rules.end(), [id](const auto& rule) { return rule.id == id; });
}

std::string_view Ruleset::fallthrough_unit(std::size_t index) const noexcept {
    const auto& flag = *impl_->flags[index];
    if (!flag.fallthrough.is_split()) return {};
    return flag.conditions.attributes[flag.splits[flag.fallthrough.split].attribute].text;
}

const std::vector<model::AccessEntry>& Ruleset::access() const noexcept { return impl_->access; }
const model::EnvironmentInfo* Ruleset::environment() const noexcept {
    return impl_->environment ? &*impl_->environment : nullptr;
}
bool Ruleset::reads_now() const noexcept { return impl_->reads_now; }

}  // namespace fanion::eval
