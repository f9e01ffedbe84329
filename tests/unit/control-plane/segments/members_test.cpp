#include "control-plane/segments/members.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "common/json/limits.hpp"
#include "common/json/tree.hpp"
#include "control-plane/body/apply_json_patch.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/seed.hpp"

using namespace fanion;
using namespace fanion::cp;
using namespace fanion::cp::segments;
using Values = std::vector<std::string>;

namespace {

const MemberList emails{MemberSide::included, "email"};

model::Segment sample() {
    model::Segment segment;
    segment.included = {{"email", {"a", "b", "c"}, {}}, {"plan", {"pro"}, {}}, {"email", {"d", "b"}, {}}};
    segment.excluded = {{"email", {"x"}, {}}};
    return segment;
}

ChangedMembers changed(const model::Segment& present, const MemberList& list, const MemberChange& change) {
    auto made = changed_members(present, list, change);
    REQUIRE(made);
    return std::move(*made);
}

// What the operations make of the state before.
std::string patched(const model::Segment& before, const std::string& operations) {
    auto tree = json::Tree::parse(segment_config_json(before)).value();
    json::Document patch;
    REQUIRE(patch.parse('[' + operations + ']'));
    REQUIRE(body::apply_json_patch(tree, patch.root()));
    return tree.to_text();
}
std::string patched(const model::Segment& before, const ChangedMembers& made) { return patched(before, made.patch); }

}  // namespace

TEST_CASE("values are added once, to the first list of the attribute") {
    const auto made = changed(sample(), emails, {{"e", "d", "e", "f", "x"}, {}});
    CHECK(made.segment.included[0].values == Values{"a", "b", "c", "e", "f", "x"});
    CHECK(made.segment.included[2].values == Values{"d", "b"});
    CHECK(made.added == 3);
    CHECK(made.already_there == 1);
    CHECK(made.total == 8);
    CHECK(patched(sample(), made) == segment_config_json(made.segment));
}

TEST_CASE("values are removed from all lists of the attribute, and a list without values goes") {
    const auto made = changed(sample(), emails, {{}, {"b", "d", "pro", "b"}});
    CHECK(made.segment.included.size() == 2);
    CHECK(made.segment.included[0].values == Values{"a", "c"});
    CHECK(made.removed == 3);
    CHECK(made.not_there == 1);
    CHECK(patched(sample(), made) == segment_config_json(made.segment));
}

TEST_CASE("an attribute without a list gets one") {
    const auto made = changed(sample(), {MemberSide::excluded, "id"}, {{"1", "2"}, {}});
    CHECK(made.segment.excluded.back().attribute == "id");
    CHECK(made.segment.excluded.back().values == Values{"1", "2"});
    CHECK(patched(sample(), made) == segment_config_json(made.segment));
}

TEST_CASE("what is there already changes nothing") {
    const auto made = changed(sample(), emails, {{"a"}, {"nobody"}});
    CHECK_FALSE(made.is_changed());
    CHECK(made.segment == sample());
    CHECK(made.patch.empty());
}

TEST_CASE("a replacement keeps the order of what stays") {
    const auto made = changed(sample(), emails, replacement(sample(), emails, {"z", "c", "a"}));
    CHECK(made.segment.included[0].values == Values{"a", "c", "z"});
    CHECK(made.segment.included.size() == 2);
    CHECK(made.added == 1);
    CHECK(made.removed == 3);
    CHECK(made.already_there == 2);
    CHECK(patched(sample(), made) == segment_config_json(made.segment));
}

TEST_CASE("a list is not made longer than the limit") {
    Values many;
    for (std::size_t i = 0; i < limits::list_values; ++i) many.push_back(std::to_string(i));
    const auto full = changed({}, emails, {many, {}});
    CHECK(full.total == limits::list_values);
    const auto over = changed_members(full.segment, emails, {{"one more"}, {}});
    REQUIRE_FALSE(over);
    CHECK(over.error().code == Errc::unprocessable);
    CHECK(changed(full.segment, emails, {{"one more"}, {"7"}}).total == limits::list_values);
}

TEST_CASE("the patch of a large change is left out") {
    Values many;
    for (int i = 0; i < 1001; ++i) many.push_back(std::to_string(i));
    CHECK(changed(sample(), emails, {many, {}}).patch.empty());
    CHECK_FALSE(changed({}, emails, {many, {}}).patch.empty());  // one new list
}

TEST_CASE("the patch makes the state after of the state before") {
    std::mt19937 random(test::seed_or(7));
    for (int round = 0; round < 300; ++round) {
        model::Segment segment;
        for (unsigned i = 0; i < random() % 4; ++i) {
            model::Target target{random() % 2 ? "email" : "id", {}, {}};
            for (unsigned k = 0; k <= random() % 6; ++k) target.values.push_back(std::to_string(random() % 9));
            segment.included.push_back(target);
        }
        MemberChange change;
        for (int value = 0; value < 9; ++value) {
            const auto choice = random() % 3;
            if (choice == 1) change.add.push_back(std::to_string(value));
            if (choice == 2) change.remove.push_back(std::to_string(value));
        }
        const auto made = changed(segment, emails, change);
        CHECK(patched(segment, made) == segment_config_json(made.segment));
        CHECK(made.total == count_members(made.segment, emails));
    }
}

TEST_CASE("the patch between two states with the same lists names what was removed and added") {
    auto after = sample();
    after.included[0].values = {"a", "c", "e", "f"};
    after.excluded[0].values = {"y"};
    const auto patch = members_patch(sample(), after);
    CHECK(patch == R"({"op":"remove","path":"/included/0/values/1"},)"
                   R"({"op":"add","path":"/included/0/values/2","value":"e"},)"
                   R"({"op":"add","path":"/included/0/values/3","value":"f"},)"
                   R"({"op":"remove","path":"/excluded/0/values/0"},)"
                   R"({"op":"add","path":"/excluded/0/values/0","value":"y"})");
    CHECK(patched(sample(), patch) == segment_config_json(after));
    CHECK(members_patch(sample(), sample()).empty());
}

TEST_CASE("the patch between two states makes one of the other, unless values moved") {
    int found = 0;
    std::mt19937 random(test::seed_or(11));
    const auto values = [&random] {
        Values some;
        for (unsigned k = 0; k < random() % 7; ++k) some.push_back(std::to_string(random() % 5));
        return some;
    };
    for (int round = 0; round < 300; ++round) {
        model::Segment before, after;
        for (unsigned i = 0; i <= random() % 3; ++i) {
            before.included.push_back({"email", values(), {}});
            after.included.push_back({"email", values(), {}});
        }
        before.excluded = {{"id", values(), {}}};
        after.excluded = {{"id", values(), {}}};
        const auto patch = members_patch(before, after);
        if (patch.empty()) continue;
        ++found;
        CHECK(patched(before, patch) == segment_config_json(after));
    }
    CHECK(found > 30);

    auto moved = sample();
    moved.included[0].values = {"b", "a", "c"};
    CHECK(members_patch(sample(), moved).empty());
}

TEST_CASE("there is no patch between states with other lists or rules, or with many changes") {
    auto after = sample();
    after.included.pop_back();
    CHECK(members_patch(sample(), after).empty());
    after = sample();
    after.included[1].attribute = "tier";
    CHECK(members_patch(sample(), after).empty());
    after = sample();
    after.included[0].values.push_back("new");
    CHECK_FALSE(members_patch(sample(), after).empty());
    after.rules.emplace_back();
    CHECK(members_patch(sample(), after).empty());

    auto many = sample();
    for (int i = 0; i < 1001; ++i) many.excluded[0].values.push_back(std::to_string(i));
    CHECK(members_patch(sample(), many).empty());
    CHECK(members_patch(many, sample()).empty());
    many.included[0].values.push_back("new");  // the other list's operations alone would be a wrong patch
    CHECK(members_patch(sample(), many).empty());
}

TEST_CASE("pages are in the order of the values' bytes") {
    model::Segment segment;
    segment.included = {{"email", {"b2", "a", "b1"}, {}}, {"id", {"b0"}, {}}, {"email", {"b3", "a"}, {}}};
    auto page = page_of_members(segment, emails, "b", "", 2);
    CHECK(page.values == Values{"b1", "b2"});
    CHECK(page.has_more);
    page = page_of_members(segment, emails, "b", "b2", 2);
    CHECK(page.values == Values{"b3"});
    CHECK_FALSE(page.has_more);
    CHECK(page_of_members(segment, emails, "", "", 10).values == Values{"a", "b1", "b2", "b3"});
    const auto counts = count_all_members(segment);
    REQUIRE(counts.size() == 2);
    CHECK(counts[0].values == 5);
    CHECK(counts[1].attribute == "id");
}

TEST_CASE("a page ends where it reaches 1 MiB") {
    model::Segment segment;
    segment.included = {{"email", {}, {}}};
    for (int i = 100; i < 130; ++i) segment.included[0].values.push_back(std::to_string(i) + std::string(65'000, 'x'));
    const auto page = page_of_members(segment, emails, "", "", 200);
    CHECK(page.values.size() == 17);
    CHECK(page.has_more);
    CHECK(page_of_members(segment, emails, "", page.values.back(), 200).values.size() == 13);
}

TEST_CASE("a change names what is wrong with it") {
    const auto read = [](std::string_view text) {
        json::Document document;
        REQUIRE(document.parse(text));
        const auto change = read_member_change(document.root());
        if (change) return std::string("fine");
        const auto error = change.error();
        return error.findings.front().pointer + ' ' + error.findings.front().code;
    };
    CHECK(read(R"({"add":["a"],"remove":["b"]})") == "fine");
    CHECK(read(R"({})") == " missing");
    CHECK(read(R"({"add":["a"],"remove":["b","a"]})") == "/remove/1 malformed");
    CHECK(read(R"({"add":["a",1]})") == "/add/1 wrong_type");
    CHECK(read(R"({"added":["a"]})").starts_with("/added") == false);
}
