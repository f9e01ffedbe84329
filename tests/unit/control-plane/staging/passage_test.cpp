#include <catch2/catch.hpp>
#include <memory>

#include "control-plane/publish/catalog.hpp"
#include "control-plane/publish/stage.hpp"

using namespace fanion;
using namespace fanion::cp::publish;

namespace {

std::shared_ptr<const std::string> body(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

wire::ItemSet items(std::initializer_list<std::pair<std::string, std::string>> all) {
    wire::ItemSet set;
    for (const auto& [key, text] : all) set.put(key, body(text));
    return set;
}

wire::ItemSet after(wire::ItemSet set, const std::vector<wire::ItemChange>& changes) {
    for (const auto& change : changes) {
        if (change.body) {
            set.put(change.key, change.body);
        } else {
            set.erase(change.key);
        }
    }
    return set;
}

PublishedPtr published(std::uint64_t version) {
    auto made = std::make_shared<PublishedEnvironment>();
    made->place.env_id = cp::access::EnvironmentId("e_1");
    made->manifest.version = {1, version};
    return made;
}

}  // namespace

TEST_CASE("flags and segments go in stages, keys and names do not") {
    const std::vector<wire::ItemChange> flag{{"flag/f", body("{}")}}, segment{{"segment/s", nullptr}},
        key{{"access/k", body("{}")}}, both{{"access/k", nullptr}, {"flag/f", nullptr}};
    const PassageInput staged{.is_staged = true, .has_version = true};
    CHECK(passage_of(staged, flag) == Passage::held);
    CHECK(passage_of(staged, segment) == Passage::held);
    CHECK(passage_of(staged, both) == Passage::held);
    CHECK(passage_of(staged, key) == Passage::at_once);
    CHECK(passage_of(staged, {}) == Passage::at_once);
    CHECK(passage_of({}, flag) == Passage::at_once);
    CHECK(passage_of({.is_staged = true}, flag) == Passage::at_once);  // the first version
    CHECK(passage_of({.is_staged = true, .has_version = true, .skips_stages = true}, flag) == Passage::at_once);
}

TEST_CASE("while something is held, flags join it and the rest passes beneath") {
    const std::vector<wire::ItemChange> flag{{"flag/f", body("{}")}}, key{{"access/k", nullptr}};
    PassageInput held{.has_version = true, .is_held = true};  // the setting may be off by now
    CHECK(passage_of(held, flag) == Passage::held);
    CHECK(passage_of(held, key) == Passage::beneath);
    held.skips_stages = true;
    CHECK(passage_of(held, flag) == Passage::beneath);
}

TEST_CASE("what passes beneath changes both the released and the held content, and nothing else") {
    const auto released = items({{"environment", "old"}, {"flag/a", "1"}, {"flag/b", "1"}, {"flag/gone", "1"}});
    const auto held = items({{"environment", "new"}, {"flag/a", "2"}, {"flag/b", "1"}, {"flag/new", "1"}});
    const std::vector<wire::ItemChange> change{{"access/k", body("key")}, {"flag/b", body("off")}};
    const auto split = split_change(held, released, change, "environment");
    const auto beneath = after(held, split.beneath);
    CHECK(beneath.root() ==
          items({{"environment", "new"}, {"access/k", "key"}, {"flag/a", "1"}, {"flag/b", "off"}, {"flag/gone", "1"}})
              .root());
    const auto above = after(beneath, split.above);
    CHECK(above.root() == after(held, change).root());
}

TEST_CASE("a change that covers all that is held leaves nothing to hold") {
    const auto released = items({{"flag/a", "1"}});
    const auto held = items({{"flag/a", "2"}});
    const auto split = split_change(held, released, {{"flag/a", body("off")}}, "environment");
    CHECK(split.above.empty());
    CHECK(after(held, split.beneath).root() == items({{"flag/a", "off"}}).root());
}

TEST_CASE("whether items are as a change would make them") {
    const auto set = items({{"flag/a", "1"}});
    CHECK(has_all(set, {{"flag/a", body("1")}, {"flag/b", nullptr}}));
    CHECK_FALSE(has_all(set, {{"flag/a", body("2")}}));
    CHECK_FALSE(has_all(set, {{"flag/a", nullptr}}));
    CHECK_FALSE(has_all(set, {{"flag/b", body("1")}}));
}

TEST_CASE("the catalog shows a held version to canaries, and to who has it already") {
    Catalog catalog;
    const cp::access::EnvironmentId env_id("e_1");
    const auto older = published(7), newest = published(8);
    const std::vector<std::string> none, canary{"eu", "canary"}, other{"canary-2"};
    catalog.put(newest);
    CHECK(catalog.find_for(env_id, {none, std::nullopt}) == newest);
    catalog.hold(env_id, {"canary", older});
    CHECK(catalog.find_for(env_id, {none, std::nullopt}) == older);
    CHECK(catalog.find_for(env_id, {other, std::nullopt}) == older);
    CHECK(catalog.find_for(env_id, {canary, std::nullopt}) == newest);
    CHECK(catalog.find_for(env_id, {none, older->version()}) == older);
    CHECK(catalog.find_for(env_id, {none, newest->version()}) == newest);
    CHECK(catalog.find_released(env_id) == older);
    CHECK(catalog.find(env_id) == newest);
    catalog.release(env_id);
    CHECK(catalog.find_for(env_id, {none, std::nullopt}) == newest);
    catalog.hold(env_id, {"canary", older});
    catalog.erase(env_id);
    CHECK(catalog.find_for(env_id, {none, std::nullopt}) == nullptr);
}
