#include <catch2/catch.hpp>

#include "common/model/percent.hpp"

using namespace fanion;

TEST_CASE("percentages are exact to three decimals") {
    const auto slots = [](const char* text) {
        const auto read = model::slots_of_percent(text);
        return read ? static_cast<int>(*read) : -1;
    };
    CHECK(slots("0") == 0);
    CHECK(slots("0.000000") == 0);
    CHECK(slots("12.5") == 12'500);
    CHECK(slots("33.333") == 33'333);
    CHECK(slots("0.001") == 1);
    CHECK(slots("1e-3") == 1);
    CHECK(slots("1E+2") == 100'000);
    CHECK(slots("0.1e1") == 1'000);
    CHECK(slots("100") == 100'000);
    CHECK(slots("100.000") == 100'000);
    CHECK(slots("99.9990") == 99'999);
    for (const auto* wrong : {"",
                              "-1",
                              "-0",
                              "+1",
                              "1.",
                              ".5",
                              "01",
                              "100.001",
                              "101",
                              "0.0001",
                              "33.3333",
                              "1e3",
                              "1e-4",
                              "1e",
                              "1e+",
                              "1e--3",
                              "1 ",
                              "0x1",
                              "nan",
                              "1e999999999999999999999",
                              "1e9223372036854775807",
                              "1e-9223372036854775808",
                              "99999999999999999999"})
        CHECK(slots(wrong) == -1);
    for (std::uint32_t i = 0; i <= limits::slots; ++i)
        if (model::slots_of_percent(model::percent_of_slots(i)) != i) CHECK(model::percent_of_slots(i).empty());
    CHECK(model::percent_of_slots(12'500) == "12.5");
    CHECK(model::percent_of_slots(100'000) == "100");
    CHECK(model::percent_of_slots(1) == "0.001");
}
