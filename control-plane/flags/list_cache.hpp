#pragma once

// Pages of the list of flags as they were read, for as long as the audit log records nothing new
// (Call::state). When flags were last evaluated is not recorded and not among it. No I/O; one
// thread (its I/O thread).

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/lru_cache.hpp"
#include "control-plane/flags/flag_store.hpp"
#include "control-plane/items/list_search.hpp"
#include "control-plane/projects/environment_store.hpp"

namespace fanion::cp::flags {

struct ListedPage {
    std::vector<projects::Environment> environments;  // that the caller may read
    items::FoundList<Flag> found;
    std::vector<std::vector<ConfiguredState>> states;  // of each flag, in each environment
};
using ListedPagePtr = std::shared_ptr<const ListedPage>;

class ListCache {
public:
    static constexpr std::size_t most_bytes = 32 * 1024 * 1024;  // of all threads together

    explicit ListCache(std::size_t bytes = most_bytes) : known_(bytes) {}

    // `target`: http::target_of() a call, `state`: the call's. Null: the page is not known, or the
    // state has changed, or is empty.
    ListedPagePtr find(std::string_view target, std::string_view state);
    // `cost`: about how many bytes the page takes. With an empty state nothing is kept.
    void put(std::string_view target, std::string_view state, ListedPagePtr page, std::size_t cost);

    std::size_t size() const noexcept { return known_.size(); }
    std::size_t bytes() const noexcept { return known_.cost(); }

private:
    struct Known {
        std::string state;
        ListedPagePtr page;
    };
    LruCache<Known> known_;
};

}  // namespace fanion::cp::flags
