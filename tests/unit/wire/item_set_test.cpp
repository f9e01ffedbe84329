#include "common/wire/item_set.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <thread>

using namespace fanion;
using wire::ItemSet;

namespace {

using Model = std::map<std::string, std::string>;

std::shared_ptr<const std::string> body_of(const std::string& text) {
    return std::make_shared<const std::string>(text);
}

void check_same(const ItemSet& set, const Model& model) {
    REQUIRE(set.size() == model.size());
    auto expected = model.begin();
    std::size_t bytes = 0;
    for (const auto& [key, item] : set.items()) {
        REQUIRE(key == expected->first);
        REQUIRE(*item.body == expected->second);
        bytes += key.size() + item.body->size() + 2;
        ++expected;
    }
    CHECK(set.bytes() == bytes);
    auto backwards = set.items().rbegin();
    for (auto it = model.rbegin(); it != model.rend(); ++it, ++backwards) REQUIRE(backwards->first == it->first);
    CHECK((backwards == set.items().rend()));
}

// Changes both in the same way.
void change(ItemSet& set, Model& model, std::mt19937& random, unsigned keys) {
    const auto key = "flag/" + std::to_string(random() % keys);
    if (random() % 3 == 0) {
        set.erase(key);
        model.erase(key);
    } else {
        const auto text = std::to_string(random());
        set.put(key, body_of(text));
        model[key] = text;
    }
}

}  // namespace

TEST_CASE("a set of items is an ordered map, whatever the order of its changes") {
    std::mt19937 random(20261130);
    for (const unsigned keys : {1U, 3U, 100U, 2000U}) {
        ItemSet set;
        Model model;
        for (int round = 0; round < 20; ++round) {
            for (unsigned n = 0; n < keys; ++n) change(set, model, random, keys);
            check_same(set, model);
            for (int probe = 0; probe < 50; ++probe) {
                const auto key = "flag/" + std::to_string(random() % (keys + 5));
                CHECK(set.items().contains(key) == model.contains(key));
                const auto found = set.items().lower_bound(key);
                const auto expected = model.lower_bound(key);
                REQUIRE((found == set.items().end()) == (expected == model.end()));
                if (expected != model.end()) CHECK(found->first == expected->first);
            }
        }
        while (!model.empty()) {
            set.erase(model.begin()->first);
            model.erase(model.begin());
        }
        check_same(set, model);
    }
}

TEST_CASE("a set of items and its copies change apart") {
    std::mt19937 random(42);
    std::vector<std::pair<ItemSet, Model>> versions(1);
    for (int number = 0; number < 60; ++number) {
        const auto from = random() % versions.size();
        versions.push_back(versions[from]);
        const auto changed = random() % 2 == 0 ? from : versions.size() - 1;
        for (int n = 0; n < 200; ++n) change(versions[changed].first, versions[changed].second, random, 700);
        if (random() % 5 == 0) {
            auto moved = std::move(versions[from].first);
            versions[from].first = moved;
            for (int n = 0; n < 20; ++n) change(versions[from].first, versions[from].second, random, 700);
        }
    }
    for (const auto& [set, model] : versions) check_same(set, model);
}

TEST_CASE("several threads may copy one set of items and change their copies") {
    ItemSet set;
    for (int n = 0; n < 1000; ++n) set.put("flag/" + std::to_string(n), body_of("{}"));
    const auto root = set.root();
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&set, number] {
            for (int turn = 0; turn < 50; ++turn) {
                auto copy = set;
                copy.put("flag/" + std::to_string(number), body_of(std::to_string(turn)));
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(set.root() == root);
    set.put("flag/0", body_of("{\"a\":1}"));
    CHECK(set.root() != root);
}
