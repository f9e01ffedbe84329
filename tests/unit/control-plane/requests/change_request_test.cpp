#include "control-plane/requests/change_request.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::requests;
using fanion::cp::schedules::ChangePlace;

namespace {

const ChangePlace place{"web", "production"};

json::Document parsed(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return document;
}

std::vector<std::string> codes_of(const Error& error) {
    std::vector<std::string> codes;
    for (const auto& finding : error.findings) codes.push_back(finding.pointer + ' ' + finding.code);
    return codes;
}

std::vector<std::string> refusal(const std::string& body) {
    const auto document = parsed(body);
    const auto read = read_request(document.root(), place);
    REQUIRE_FALSE(read);
    return codes_of(read.error());
}

std::string with_change(const std::string& change) { return R"({"title":"t","changes":[)" + change + "]}"; }

ChangeRequest asked() {
    ChangeRequest request;
    request.author.id = "u_author";
    request.result.digest = "d1";
    request.result.required = 2;
    return request;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("what may become of a request") {
    using enum RequestState;
    using enum Step;
    struct Row {
        RequestState state;
        Step step;
        bool is_author;
        const char* refusal;  // its code; null: it may be taken
        RequestState after = open;
    };
    const Row rows[] = {
        {draft, edit, true, nullptr, draft},
        {draft, edit, false, "author_only"},
        {draft, withdraw, true, nullptr, withdrawn},
        {draft, withdraw, false, "author_only"},
        {draft, approve, true, "own_request"},
        {draft, approve, false, "draft"},
        {draft, decline, false, "draft"},
        {draft, apply, true, "draft"},
        {draft, bypass, false, "draft"},
        {open, edit, true, nullptr, open},
        {open, edit, false, "author_only"},
        {open, approve, false, nullptr, open},
        {open, approve, true, "own_request"},
        {open, decline, false, nullptr, declined},
        {open, decline, true, "own_request"},
        {open, withdraw, true, nullptr, withdrawn},
        {open, withdraw, false, "author_only"},
        {open, apply, true, nullptr, applied},
        {open, apply, false, nullptr, applied},
        {open, bypass, true, nullptr, applied},
        {open, bypass, false, nullptr, applied},
    };
    for (const auto& row : rows) {
        CAPTURE(name_of(row.state), static_cast<int>(row.step), row.is_author);
        const auto after = decide(row.state, row.step, row.is_author);
        if (row.refusal) {
            REQUIRE_FALSE(after);
            CHECK(codes_of(after.error()) == Codes{std::string(" ") + row.refusal});
        } else {
            REQUIRE(after);
            CHECK(*after == row.after);
        }
    }
    for (const auto ended : {declined, withdrawn, applied}) {
        for (const auto step : {edit, approve, decline, withdraw, apply, bypass}) {
            for (const bool is_author : {false, true}) {
                const auto after = decide(ended, step, is_author);
                REQUIRE_FALSE(after);
                CHECK(codes_of(after.error()) == Codes{" ended"});
            }
        }
    }
}

TEST_CASE("approvals stand for the result that they were given for") {
    auto request = asked();
    CHECK_FALSE(is_approved(request));
    request.approvals = {{"u_1", "d1", "", 1}, {"u_2", "d0", "", 1}, {"u_author", "d1", "", 1}};
    CHECK(standing_approvals(request, "d1") == 1);
    CHECK(standing_approvals(request, "d0") == 1);
    CHECK_FALSE(is_approved(request));
    request.approvals.push_back({"u_3", "d1", "", 2});
    CHECK(is_approved(request));
    CHECK(check_approved(request, request.result));
    auto other = request.result;
    other.digest = "d2";
    const auto refused = check_approved(request, other);
    REQUIRE_FALSE(refused);
    CHECK(codes_of(refused.error()) == Codes{" approvals_missing"});
    other = request.result;
    other.required = 3;
    CHECK_FALSE(check_approved(request, other));
    other.required = 0;
    request.approvals.clear();
    CHECK(check_approved(request, other));
    request.state = RequestState::draft;
    request.result.required = 0;
    CHECK_FALSE(is_approved(request));
}

TEST_CASE("a request as JSON says which approvals stand") {
    auto request = asked();
    request.approvals = {{"u_1", "d1", "fine", 0}, {"u_2", "d0", "", 0}};
    const auto document = parsed(request_text(request));
    const auto approvals = document.root().find("approvals").elements();
    std::vector<bool> stands;
    for (const auto approval : approvals) stands.push_back(approval.find("stands").as_bool());
    CHECK(stands == std::vector<bool>{true, false});
    CHECK(document.root().find("state").as_string() == "open");
    request.result.required = 1;
    const auto approved = parsed(request_text(request));
    CHECK(approved.root().find("state").as_string() == "approved");
}

TEST_CASE("a request is read, and patched") {
    const auto document = parsed(
        R"({"title":"t","reviewers":["u_1"],"draft":true,"changes":[{"method":"PATCH","path":"projects/web/flags/f)"
        R"(/environments/production","body":{"enabled":true}}]})");
    const auto content = read_request(document.root(), place);
    REQUIRE(content);
    CHECK(content->is_draft);
    CHECK(content->changes.at(0).body == R"({"enabled":true})");
    CHECK(content->changes.at(0).media_type == "application/json");
    ChangeRequest request;
    request.content = *content;
    const auto patch = parsed(R"({"draft":false,"title":"u"})");
    const auto patched = patch_request(patch.root(), request, place);
    REQUIRE(patched);
    CHECK(patched->title == "u");
    CHECK_FALSE(patched->is_draft);
    CHECK(patched->changes == content->changes);
    request.content.is_draft = false;
    const auto back = parsed(R"({"draft":true})");
    const auto refused = patch_request(back.root(), request, place);
    REQUIRE_FALSE(refused);
    CHECK(codes_of(refused.error()) == Codes{"/draft immutable"});
}

TEST_CASE("what is wrong with a request is said with its place") {
    CHECK(refusal("{}") == Codes{"/title missing", "/changes missing"});
    CHECK(refusal(R"({"title":"t","changes":[]})") == Codes{"/changes out_of_range"});
    CHECK(refusal(R"({"title":"t","changes":{}})") == Codes{"/changes wrong_type", "/changes out_of_range"});
    CHECK(refusal(R"({"title":"t","colour":1,"changes":[{"method":"DELETE","path":"projects/web/flags/f"}]})") ==
          Codes{"/colour unknown_field"});
    CHECK(refusal(with_change("{}")) == Codes{"/changes/0/method missing", "/changes/0/path missing"});
    CHECK(refusal(with_change(R"({"method":"DELETE","path":"projects/web/flags/f","x":1})")) ==
          Codes{"/changes/0/x unknown_field"});
    const auto large =
        R"({"method":"POST","path":"projects/web/flags","body":{"a":")" + std::string(40'000, 'x') + "\"}}";
    CHECK(refusal(with_change(large + "," + large)) == Codes{"/changes too_long"});
    std::string many;
    for (int i = 0; i < 21; ++i)
        many += std::string(i > 0 ? "," : "") + R"({"method":"DELETE","path":"projects/web/flags/f"})";
    CHECK(refusal(with_change(many)) == Codes{"/changes out_of_range"});
}

TEST_CASE("the bodies of steps") {
    const auto approval = parsed(R"({"digest":"d"})");
    REQUIRE(read_approval(approval.root()));
    CHECK(read_approval(approval.root())->digest == "d");
    const auto nothing = parsed("{}");
    CHECK_FALSE(read_approval(nothing.root()));
    CHECK(read_reason(nothing.root()));
    const auto bypass = read_required_reason(nothing.root());
    REQUIRE_FALSE(bypass);
    CHECK(codes_of(bypass.error()) == Codes{"/reason missing"});
    CHECK(read_apply_time(nothing.root(), 0).value() == std::nullopt);
    const auto past = parsed(R"({"at":"2000-01-01T00:00:00Z"})");
    CHECK_FALSE(read_apply_time(past.root(), 1'795'000'000'000));
    CHECK(read_apply_time(past.root(), 0).value() == 946'684'800'000);
}

TEST_CASE("a rebase that comes to another result, or takes another number of approvals, asks again") {
    const RequestResult before{"d1", {"a sentence"}, 1, "3.1", "base"};
    auto after = before;
    after.base = "3.2";
    after.tried_of = "another";
    CHECK(compare(before, after) == Rebase::same);
    after.required = 2;
    CHECK(compare(before, after) == Rebase::asks_again);
    after = before;
    after.digest = "d2";
    CHECK(compare(before, after) == Rebase::asks_again);
    const auto refused = refused_result(before, Error{Errc::not_found, "there is no such flag", {}});
    CHECK(refused.digest.empty());
    CHECK(refused.sentences == std::vector<std::string>{"Cannot be made now: there is no such flag."});
    CHECK(compare(before, refused) == Rebase::asks_again);
}
