// Answers of Prometheus, which nobody vouches for, and burn rates.

#include "control-plane/rollouts/prometheus.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::rollouts;

namespace {

std::string vector_of(const std::string& samples) {
    return R"({"status":"success","data":{"resultType":"vector","result":[)" + samples + "]}}";
}
std::string sample(const std::string& value) {
    return R"({"metric":{"job":"a"},"value":[1763720000.123,)" + value + "]}";
}

}  // namespace

TEST_CASE("an answer of one sample") {
    CHECK(parse_answer(vector_of(sample("\"0.25\""))).value() == 0.25);
    CHECK(parse_answer(vector_of(sample("\"1e-05\""))).value() == 1e-05);
    CHECK(parse_answer(vector_of(sample("\"-3\""))).value() == -3);
    CHECK(parse_answer(R"({"status":"success","data":{"resultType":"scalar","result":[1,"7"]}})").value() == 7);
    CHECK(parse_answer(R"({"status":"success","warnings":["w"],"data":{"resultType":"scalar","result":[1,"7"]}})")
              .value() == 7);
}

TEST_CASE("everything else is none") {
    for (const auto& text : {std::string(),
                             std::string("null"),
                             std::string("[]"),
                             std::string("{}"),
                             std::string("{\"status\":1}"),
                             std::string(R"({"status":"error","errorType":"bad_data"})"),
                             std::string(R"({"status":"success"})"),
                             std::string(R"({"status":"success","data":[]})"),
                             std::string(R"({"status":"success","data":{"resultType":"matrix","result":[]}})"),
                             std::string(R"({"status":"success","data":{"resultType":"vector","result":{}}})"),
                             std::string(R"({"status":"success","data":{"resultType":"scalar"}})"),
                             vector_of(""),
                             vector_of(sample("\"1\"") + "," + sample("\"2\"")),
                             vector_of("1"),
                             vector_of("{}"),
                             vector_of(R"({"value":[]})"),
                             vector_of(R"({"value":[1]})"),
                             vector_of(R"({"value":[1,"2",3]})"),
                             vector_of(sample("0.5")),
                             vector_of(sample("\"\"")),
                             vector_of(sample("\"NaN\"")),
                             vector_of(sample("\"+Inf\"")),
                             vector_of(sample("\"-Inf\"")),
                             vector_of(sample("\"1e999\"")),
                             vector_of(sample("\"0x10\"")),
                             vector_of(sample("\"1 2\"")),
                             vector_of(sample("\"[1]\"")),
                             std::string(100'000, ' ') + "{}",
                             std::string(1'000, '[')}) {
        CAPTURE(text.substr(0, 120));
        CHECK_FALSE(parse_answer(text));
    }
}

TEST_CASE("an answer that is cut anywhere is none") {
    const auto whole = vector_of(sample("\"0.25\""));
    for (std::size_t i = 0; i < whole.size(); ++i) CHECK_FALSE(parse_answer(whole.substr(0, i)));
}

TEST_CASE("queries in the target") {
    CHECK(query_target("/", "up == 1") == "/api/v1/query?query=up%20%3D%3D%201");
    CHECK(query_target("/base", "a") == "/base/api/v1/query?query=a");
    CHECK(with_window("rate(a[$window])/rate(b[$window])", 300'000) == "rate(a[5m])/rate(b[5m])");
    CHECK(with_window("a", 300'000) == "a");
}

TEST_CASE("burn rates") {
    struct Vector {
        double slo, over_long, over_short, limit, burn_long, burn_short;
        bool is_over;
    };
    for (const auto& v : std::initializer_list<Vector>{{0.999, 0.015, 0.02, 14.4, 15, 20, true},
                                                       {0.999, 0.015, 0.01, 14.4, 15, 10, false},
                                                       {0.9995, 0.0031, 0.004, 6, 6.2, 8, true},
                                                       {0.999, 0.0144, 0.0144, 14.4, 14.4, 14.4, true}}) {
        const BurnRate guard{"main", "e", v.slo, v.limit, 3'600'000, 300'000};
        const auto reading = burn_reading(guard, v.over_long, v.over_short);
        CHECK(reading.value == Approx(v.burn_long));
        CHECK(reading.short_value == Approx(v.burn_short));
        CHECK(reading.is_over == v.is_over);
    }
}
