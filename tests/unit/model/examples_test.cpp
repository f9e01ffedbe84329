// proto-schemas/examples/items.lines: every shape of flag, segment, access entry and environment, decoded, encoded again and compared.

#include <catch2/catch.hpp>
#include <fstream>

#include "common/model/json.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/source_path.hpp"

using namespace fanion;

namespace {

template <class Read, class Write>
std::string rewrite(json::Value body, Read read, Write write) {
    std::vector<Finding> findings;
    json::Reader reader(body, findings);
    const auto value = read(reader, model::UnknownFields::refuse);
    std::string out;
    for (const auto& finding : findings) out += finding.pointer + " " + finding.detail + "; ";
    if (!findings.empty()) return out;
    json::Writer writer(out);
    write(writer, value);
    return out;
}

// Of the kind that the item's key names.
std::string rewrite_item(std::string_view key, json::Value body) {
    if (key.starts_with("flag/")) return rewrite(body, model::read_flag, model::write_flag);
    if (key.starts_with("segment/")) return rewrite(body, model::read_segment, model::write_segment);
    if (key.starts_with("access/")) return rewrite(body, model::read_access, model::write_access);
    REQUIRE(key == "environment");
    return rewrite(body, model::read_environment, model::write_environment);
}

}  // namespace

TEST_CASE("the example items decode and encode to the same bytes") {
    std::ifstream file(fanion::test::source_path("proto-schemas/examples/items.lines"), std::ios::binary);
    std::size_t bodies = 0;
    for (std::string line; std::getline(file, line);) {
        const auto tab = line.find('\t');
        REQUIRE(tab != std::string::npos);
        const auto body = line.substr(tab + 1);
        if (body.empty() || body.starts_with('#')) continue;
        INFO(line);
        json::Document document;
        REQUIRE(document.parse(body));
        CHECK(rewrite_item(line.substr(0, tab), document.root()) == body);
        ++bodies;
    }
    CHECK(bodies == 13);
}
