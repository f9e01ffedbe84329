#include "relay/grpc/flag_changes.hpp"

#include <algorithm>
#include <map>

#include "common/base/crypto.hpp"
#include "relay/grpc/item_prefixes.hpp"

namespace fanion::relay::grpc {
namespace {

constexpr std::size_t most_searched = 32;  // names; each is searched in every flag

using Kind = FlagChange::Kind;
using Items = wire::ItemMap;

std::string quoted_name(std::string_view item) { return '"' + std::string(item.substr(item.find('/') + 1)) + '"'; }

class Changes {
public:
    Changes(const Items& before, const Items& after) : after_(after) {
        auto a = before.begin();
        auto b = after.begin();
        while (a != before.end() || b != after.end()) {
            if (b == after.end() || (a != before.end() && a->first < b->first)) {
                add(a++->first, Kind::removal);
            } else if (a == before.end() || b->first < a->first) {
                add(b++->first, Kind::write);
            } else {
                if (a->second.hash != b->second.hash) add(b->first, Kind::update);
                ++a, ++b;
            }
        }
    }

    // What names something that has changed has changed too.
    void add_dependent() {
        std::vector<std::string> names = std::move(names_);
        while (!names.empty()) {
            searched_ += names.size();
            names_.clear();
            for (const auto& [key, item] : after_) {
                if (changed_.contains(key) || !is_relevant(key)) continue;
                if (searched_ > most_searched || names_any(item, names)) add(key, Kind::update);
            }
            if (searched_ > most_searched) return;
            names = std::move(names_);
        }
    }

    std::vector<FlagChange> flags() const {
        std::vector<FlagChange> flags;
        for (const auto& [key, kind] : changed_) {
            if (key.starts_with(flag_prefix)) flags.push_back({key.substr(flag_prefix.size()), kind});
        }
        return flags;
    }

private:
    static bool is_relevant(std::string_view key) {
        return key.starts_with(flag_prefix) || key.starts_with(segment_prefix);
    }

    static bool names_any(const wire::StoredItem& item, const std::vector<std::string>& names) {
        return item.body && std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                   return item.body->find(name) != std::string::npos;
               });
    }

    void add(const std::string& key, Kind kind) {
        if (!is_relevant(key)) return;
        changed_.emplace(key, kind);
        names_.push_back(quoted_name(key));
    }

    const Items& after_;
    std::map<std::string, Kind> changed_;
    std::vector<std::string> names_;  // of what has changed and was not searched for yet, in quotes
    std::size_t searched_ = 0;
};

}  // namespace

std::vector<FlagChange> changed_flags(const wire::ItemSet& before, const wire::ItemSet& after) {
    Changes changes(before.items(), after.items());
    changes.add_dependent();
    return changes.flags();
}

}  // namespace fanion::relay::grpc
