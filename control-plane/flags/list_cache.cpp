#include "control-plane/flags/list_cache.hpp"

#include <utility>

namespace fanion::cp::flags {

ListedPagePtr ListCache::find(std::string_view target, std::string_view state) {
    if (state.empty()) return nullptr;
    const auto* known = known_.find(target);
    return known == nullptr || known->state != state ? nullptr : known->page;
}

void ListCache::put(std::string_view target, std::string_view state, ListedPagePtr page, std::size_t cost) {
    if (state.empty()) return;
    // The cache holds the target twice. Many long searches that find nothing take room, too.
    constexpr std::size_t of_each = 1024;
    known_.put(target, {std::string(state), std::move(page)}, cost + 2 * target.size() + state.size() + of_each);
}

}  // namespace fanion::cp::flags
