#include "common/eval/compile/ruleset.hpp"

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
