#include "control-plane/scim/filter.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::scim;

namespace {

const Record ada_record{{"id", "u_1"},
                        {"username", "Ada@Example.com"},
                        {"externalid", "00u1"},
                        {"name.familyname", "Lovelace"},
                        {"emails.value", "ada@example.com"},
                        {"emails.value", "ada@home.example"},
                        {"active", "true"}};

bool meets(std::string_view text) {
    const auto filter = parse_filter(text);
    INFO(text);
    REQUIRE(filter);
    return matches(*filter, ada_record);
}

std::string filter_fault(std::string_view text) {
    const auto filter = parse_filter(text);
    INFO(text);
    REQUIRE(!filter);
    CHECK(filter.error().findings.at(0).code == "invalidFilter");
    return filter.error().detail;
}

}  // namespace

TEST_CASE("comparisons") {
    CHECK(meets(R"(userName eq "ada@example.COM")"));
    CHECK(!meets(R"(userName eq "ada")"));
    CHECK(meets(R"(USERNAME SW "ada@")"));
    CHECK(meets(R"(userName ew ".com")"));
    CHECK(meets(R"(userName co "EXAMPLE")"));
    CHECK(meets(R"(externalId eq "00u1")"));
    CHECK(!meets(R"(externalId eq "00U1")"));
    CHECK(meets(R"(externalId ne "x")"));
    CHECK(meets("active eq true"));
    CHECK(!meets("active eq false"));
    CHECK(meets("externalId pr"));
    CHECK(!meets("title pr"));
    CHECK(meets(R"(title ne "x")"));
    CHECK(meets(R"(emails eq "ada@home.example")"));
    CHECK(meets(R"(emails.value co "home")"));
    CHECK(meets(R"(name.familyName eq "lovelace")"));
    CHECK(meets(R"(urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ada")"));
    CHECK(!meets(R"(urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x")"));
    CHECK(!meets(R"(userName eq "a\"b")"));
}

TEST_CASE("`and` binds more closely than `or`; `not` and parentheses") {
    CHECK(meets(R"(id eq "x" and id eq "y" or id eq "u_1")"));
    CHECK(!meets(R"(id eq "x" and (id eq "y" or id eq "u_1"))"));
    CHECK(meets(R"(not (id eq "x") AND active eq true)"));
    CHECK(meets(R"((id eq "u_1"))"));
}

TEST_CASE("what is no filter is refused") {
    for (const auto* text : {"", " ", "userName", "userName eq", "userName eq x", "userName gt \"a\"",
                             "userName eq \"a", "userName eq \"a\" and", "userName eq \"a\" or or", "(userName pr",
                             "userName pr)", "not userName pr", "emails[type eq \"work\"]", ".a pr", "a.b.c pr",
                             "userName eq \"\\x\"", "a pr b pr", "userName eq \"a\\", "$ref.. pr"}) {
        filter_fault(text);
    }
}

TEST_CASE("filters are bounded") {
    CHECK(filter_fault("id eq \"" + std::string(max_filter_bytes, 'x') + "\"").find("bytes") != std::string::npos);
    filter_fault(std::string(max_filter_depth + 2, '(') + "id pr" + std::string(max_filter_depth + 2, ')'));
    std::string many = "id pr";
    for (std::size_t i = 0; i < max_filter_terms; ++i) many += " or id pr";
    filter_fault(many);
}

TEST_CASE("a filter says which value it demands") {
    CHECK(demanded(parse_filter(R"(userName eq "a")").value(), "username") == "a");
    CHECK(demanded(parse_filter(R"(active eq true and userName eq "a")").value(), "username") == "a");
    CHECK(!demanded(parse_filter(R"(active eq true or userName eq "a")").value(), "username"));
    CHECK(!demanded(parse_filter(R"(not (userName eq "a"))").value(), "username"));
    CHECK(!demanded(parse_filter(R"(userName sw "a")").value(), "username"));
}

TEST_CASE("paths") {
    CHECK(parse_path("userName").value() == Path{"username", {}, ""});
    CHECK(parse_path("name.givenName").value() == Path{"name", {}, "givenname"});
    const auto email = parse_path(R"(emails[type eq "work"].value)").value();
    CHECK(email.attribute == "emails");
    CHECK(email.selection == Filter{FilterOp::eq, "type", "work", {}});
    CHECK(email.part == "value");
    CHECK(parse_path(R"(members[value eq "u_1"])").value().part.empty());
    CHECK(parse_path("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName").value().part == "givenname");
    CHECK(parse_path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"));
    for (const auto* text : {"", "[", "emails[", "emails[]", "emails[type eq \"a\"", "emails[type eq \"a\"]x",
                             "emails[type eq \"a\"].", "emails[type eq \"a\"].a.b", "a b", "name..x"}) {
        INFO(text);
        const auto path = parse_path(text);
        REQUIRE(!path);
        CHECK(path.error().findings.at(0).code == "invalidPath");
    }
}
