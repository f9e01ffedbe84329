#pragma once

// Rulesets made by the tests of eval.

#include <memory>
#include <string>
#include <vector>

#include "common/eval/compile/ruleset.hpp"

namespace fanion::test {

// Items as a receiver holds them; keys and bodies live as long as this does.
class Items {
public:
    void put(const std::string& key, std::string body) {
        for (auto& item : list_) {
            if (*item.key != key) continue;
            item.body = std::make_shared<const std::string>(std::move(body));
            return;
        }
        list_.push_back(
            {std::make_shared<const std::string>(key), std::make_shared<const std::string>(std::move(body))});
    }
    void put_redacted(const std::string& key) { list_.push_back({std::make_shared<const std::string>(key), nullptr}); }
    void erase(const std::string& key) {
        std::erase_if(list_, [&](const Entry& item) { return *item.key == key; });
    }
    std::vector<eval::Item> view() const {
        std::vector<eval::Item> items;
        for (const auto& item : list_) items.push_back({*item.key, item.body});
        return items;
    }
    // The same content in separate objects.
    Items copy() const {
        Items other;
        for (const auto& item : list_) other.put(*item.key, *item.body);
        return other;
    }

private:
    struct Entry {
        std::shared_ptr<const std::string> key;
        std::shared_ptr<const std::string> body;
    };
    std::vector<Entry> list_;
};

// A boolean flag with `more` members (", ..." or empty) beside the usual ones.
inline std::string flag_body(const std::string& key, const std::string& more = "", int version = 1) {
    return R"({"key":")" + key + R"(","type":"boolean","version":)" + std::to_string(version) +
           R"(,"enabled":true,"variations":[{"key":"on","value":true},{"key":"off","value":false}],"off":"off",)" +
           R"("fallthrough":{"variation":"off"})" + more + "}";
}

inline std::string segment_body(const std::string& key, const std::string& more = "") {
    return R"({"key":")" + key + "\"" + more + "}";
}

}  // namespace fanion::test
