#include <catch2/catch.hpp>

#include "common/wire/bundle.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/signed_environment.hpp"

using namespace fanion;
using namespace fanion::wire;

namespace {

struct Bundle {
    test::SignedEnvironment first{"e_1"};
    test::SignedEnvironment second{"e_2", first};
    std::vector<std::string> documents{first.trust(), first.commit(), second.commit()};

    std::string bytes() const {
        std::string bytes;
        for (const auto& document : documents) bytes += document;
        return bytes;
    }
};

std::vector<std::string> split(const std::vector<std::string_view>& pieces, std::size_t limit = 1 << 20) {
    BundleSplitter splitter(limit);
    std::vector<std::string> documents;
    for (const auto piece : pieces) REQUIRE(splitter.feed(piece, documents));
    REQUIRE(splitter.finish(documents));
    return documents;
}

}  // namespace

TEST_CASE("a bundle is its documents one after another, wherever it is cut on the way") {
    const Bundle bundle;
    const auto bytes = bundle.bytes();
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        const std::string_view text(bytes);
        REQUIRE(split({text.substr(0, cut), text.substr(cut)}) == bundle.documents);
    }
    CHECK(split({}).empty());
}

TEST_CASE("a bundle that was cut short says so, unless it was cut between documents") {
    const Bundle bundle;
    const auto bytes = bundle.bytes();
    for (std::size_t length = 1; length < bytes.size(); ++length) {
        BundleSplitter splitter(bytes.size());
        std::vector<std::string> documents;
        REQUIRE(splitter.feed(std::string_view(bytes).substr(0, length), documents));
        const bool is_whole = bytes[length - 1] == '\n';
        if (!is_whole) CHECK_FALSE(splitter.finish(documents));
    }
}

TEST_CASE("a document beyond the limit is refused before it is stored") {
    BundleSplitter splitter(100);
    std::vector<std::string> documents;
    REQUIRE(splitter.feed("{" + std::string(99, 'x'), documents));
    const auto fed = splitter.feed("x", documents);
    REQUIRE_FALSE(fed);
    CHECK(fed.error().code == Errc::too_large);
    BundleSplitter other(100);
    CHECK(other.feed("<html>", documents).error().code == Errc::invalid_input);
}

TEST_CASE("a document says what it claims to be") {
    Bundle bundle;
    const auto trust = read_bundle_document(bundle.documents[0]);
    REQUIRE(trust);
    CHECK(trust->is_trust());
    CHECK(trust->trust == 1);
    const auto ruleset = read_bundle_document(bundle.documents[1]);
    REQUIRE(ruleset);
    CHECK(ruleset->env_id == "e_1");
    CHECK(ruleset->place == "acme/web/production");
    CHECK(ruleset->version.number == 1);
    CHECK_FALSE(read_bundle_document(bundle.first.head(test::SignedEnvironment::start)));
    CHECK_FALSE(read_bundle_document("{}\n{}\n"));
    CHECK_FALSE(read_bundle_document(""));
}

TEST_CASE("names of objects are read back, and others are passed over") {
    const Version version{7, 12};
    const auto stored =
        parse_object_names({trust_object_name(2), snapshot_object_name("e_1", version), "trust/.trust", "trust/0.trust",
                            "trust/02.trust", "trust/x.trust", "env/e_1/floor", "env/../7.1.ruleset",
                            "env/e_2/7.ruleset", "env/e_2/07.1.ruleset", "env/a/b/7.1.ruleset", "relay-id", ""});
    CHECK(stored.trust == std::set<std::uint64_t>{2});
    REQUIRE(stored.snapshots.size() == 1);
    CHECK(stored.snapshots.at("e_1") == std::set<Version>{version});
}

TEST_CASE("what a store lacks is put, and what is newer there is left alone") {
    StoredDocuments stored;
    stored.trust = {1};
    stored.snapshots["e_old"] = {{1, 1}, {1, 4}};
    stored.snapshots["e_same"] = {{1, 5}};
    stored.snapshots["e_newer"] = {{2, 1}};
    const Have held{{"e_new", {1, 1}}, {"e_newer", {1, 9}}, {"e_old", {1, 5}}, {"e_same", {1, 5}}};
    const auto changes = missing_documents(stored, {1, 2, 3}, held);
    CHECK(changes.trust == std::vector<std::uint64_t>{2, 3});
    CHECK(changes.environments == std::vector<std::string>{"e_new", "e_old"});
    CHECK(outdated_snapshots(stored, "e_old", {1, 5}) == std::vector<Version>{{1, 1}});
    CHECK(outdated_snapshots(stored, "e_same", {1, 6}).empty());
    CHECK(outdated_snapshots(stored, "e_new", {1, 1}).empty());
}
