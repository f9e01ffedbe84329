#include "relay/serve/outcome.hpp"

#include <set>

#include "common/net/response.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using relay::serve::Outcome;
using relay::serve::outcome_table;

namespace {

// Every error of an evaluation. A new one makes the switch incomplete, which does not compile.
std::vector<eval::ErrorCode> evaluation_errors() {
    std::vector<eval::ErrorCode> errors;
    for (auto error = eval::ErrorCode::flag_not_found;;) {
        errors.push_back(error);
        switch (error) {
            case eval::ErrorCode::none:
            case eval::ErrorCode::flag_not_found:
                error = eval::ErrorCode::invalid_context;
                break;
            case eval::ErrorCode::invalid_context:
                error = eval::ErrorCode::targeting_key_missing;
                break;
            case eval::ErrorCode::targeting_key_missing:
                return errors;
        }
    }
}

}  // namespace

TEST_CASE("an outcome has the same status in OFREP and in the native form") {
    for (const auto& row : outcome_table) {
        INFO(row.metric);
        if (row.status >= 400) CHECK(net::status_of(row.errc) == row.status);
    }
}

TEST_CASE("an outcome has a code and a text exactly if it is an error") {
    for (const auto& row : outcome_table) {
        INFO(row.metric);
        CHECK(row.ofrep_code.empty() == (row.status < 400));
        CHECK(row.text.empty() == (row.status < 400));
    }
}

TEST_CASE("each outcome has a metric label of its own") {
    std::set<std::string_view> labels;
    for (const auto& row : outcome_table) labels.insert(row.metric);
    CHECK(labels.size() == outcome_table.size());
}

TEST_CASE("each error of an evaluation has its outcome, with the evaluator's code") {
    CHECK(relay::serve::outcome_of(eval::ErrorCode::none) == Outcome::ok);
    for (const auto error : evaluation_errors()) {
        const auto& row = relay::serve::row_of(relay::serve::outcome_of(error));
        CHECK(row.evaluation == error);
        CHECK(row.ofrep_code == eval::name_of(error));
    }
}
