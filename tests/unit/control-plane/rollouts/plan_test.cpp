// Plans: what is accepted, and the place of each fault.

#include <catch2/catch.hpp>

#include "control-plane/body/merge_patch.hpp"
#include "control-plane/rollouts/plan.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::rollouts;
using Texts = std::vector<std::string>;

namespace {

Result<Plan> parsed_plan(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text, cp::body::composed_limits()));
    return read_plan(document.root());
}

Texts plan_faults(const std::string& text) {
    const auto plan = parsed_plan(text);
    Texts found;
    if (plan) return found;
    for (const auto& finding : plan.error().findings) found.push_back(finding.pointer + ' ' + finding.code);
    return found;
}

std::string with_steps(const std::string& steps) {
    return R"({"flag":"f","from":"off","to":"on","steps":)" + steps + '}';
}
std::string with(const std::string& more) {
    return R"({"flag":"f","from":"off","to":"on","steps":[{"share":100000}],)" + more + '}';
}
std::string with_guard(const std::string& guard) { return with(R"("guards":[)" + guard + "]"); }

}  // namespace

TEST_CASE("a plan with everything is read, and written as it was") {
    const std::string text =
        R"({"flag":"new-checkout","rule":"r-7f3a","from":"off","to":"on","steps":[)"
        R"({"share":1000,"hold":"15m","min_evaluations":200,"approval":false},)"
        R"({"share":50000,"hold":"1d","min_evaluations":0,"approval":true},)"
        R"({"share":100000,"hold":"0s","min_evaluations":0,"approval":false}],"guards":[)"
        R"({"prometheus":"main","error_ratio":"e[$window]","slo":0.999,"burn":14.4,"long":"1h","short":"5m",)"
        R"("on_breach":"rollback"},)"
        R"({"prometheus":"main","query":"q","above":0.3,"for":"5m","on_breach":"hold"},)"
        R"({"evaluations":"share","variation":"on","reason":"ERROR","below":0.5,"window":"10m","min_evaluations":100,)"
        R"("on_breach":"turn_off"}],"on":{"prometheus_no_data":"alert","max_wait":"rollback"},"max_wait":"7d",)"
        R"("policy":"tier-1","offset":30000})";
    const auto plan = parsed_plan(text);
    REQUIRE(plan);
    CHECK(plan_text(*plan) == text);
    CHECK(read_stored_plan(text) == *plan);
    CHECK(plan->steps[1].hold == 24LL * 60 * 60 * 1000);
}

TEST_CASE("what a plan leaves out") {
    const auto plan =
        parsed_plan(R"({"flag":"f","rule":null,"from":"off","to":"on","steps":[{"share":100000}],"attempt":3})");
    REQUIRE(plan);
    CHECK(plan->rule.empty());
    CHECK(plan->guards.empty());
    CHECK(plan->max_wait == 7LL * 24 * 60 * 60 * 1000);
    CHECK(plan->on_max_wait == Response::hold);
    CHECK(plan->policy.empty());
    CHECK(plan->offset == 0);
}

TEST_CASE("of metrics of users a plan says nothing yet, and is told so") {
    CHECK(plan_faults(with(R"("alpha":0.05,"prove":false,"no_data_after":"15m")")) ==
          Texts{"/alpha unsupported", "/prove unsupported", "/no_data_after unsupported"});
    CHECK(plan_faults(with(R"("on":{"srm":"hold","crossed":"hold","no_data":"hold"})")) ==
          Texts{"/on/srm unsupported", "/on/crossed unsupported", "/on/no_data unsupported"});
    CHECK(plan_faults(with_steps(R"([{"share":100000,"min_units":200}])")) == Texts{"/steps/0/min_units unsupported"});
}

TEST_CASE("a policy is named by its key, and an offset is a slot") {
    CHECK(plan_faults(with(R"("policy":"no good","offset":100000)")) ==
          Texts{"/policy bad_key", "/offset out_of_range"});
    CHECK(plan_faults(with(R"("policy":null,"offset":99999)")).empty());
}

TEST_CASE("every fault of a plan has its pointer") {
    CHECK(plan_faults("{}") == Texts{"/flag missing", "/from missing", "/to missing", "/steps missing"});
    CHECK(plan_faults(with_steps("[]")) == Texts{"/steps missing"});
    CHECK(plan_faults(with_steps("{}")) == Texts{"/steps wrong_type"});
    CHECK(plan_faults(with_steps(R"([{"share":0},{"share":100001}])")) ==
          Texts{"/steps/0/share out_of_range", "/steps/1/share out_of_range"});
    CHECK(plan_faults(with_steps(R"([{"share":2000},{"share":2000},{"share":100000}])")) ==
          Texts{"/steps/1/share not_growing"});
    CHECK(plan_faults(with_steps(R"([{"share":2000}])")) == Texts{"/steps/0/share last_share"});
    CHECK(plan_faults(with_steps(R"([{"share":100000,"hold":"1.5h","pause":1}])")) ==
          Texts{"/steps/0/hold bad_duration", "/steps/0/pause unknown_field"});
    CHECK(plan_faults(R"({"flag":"f","from":"on","to":"on","steps":[{"share":100000}]})") ==
          Texts{"/to same_variation"});
    CHECK(plan_faults(with(R"("on":{"max_wait":"wait","srm":"hold"})")) ==
          Texts{"/on/max_wait unknown_value", "/on/srm unsupported"});
    CHECK(plan_faults(with(R"("max_wait":"31d")")) == Texts{"/max_wait bad_duration"});
    CHECK(plan_faults(with(R"("pace":"slow")")) == Texts{"/pace unknown_field"});
}

TEST_CASE("usual burn rates say the rest by themselves, and others do not") {
    const auto burn = [](const std::string& more) {
        return with_guard(R"({"prometheus":"main","error_ratio":"e[$window]","slo":0.999)" + more + "}");
    };
    const auto guard = [&](const std::string& more) { return parsed_plan(burn(more))->guards.front(); };
    constexpr UnixMillis minute = 60'000;
    CHECK(guard("") ==
          Guard{BurnRate{"main", "e[$window]", 0.999, 14.4, 60 * minute, 5 * minute}, 0, Response::rollback});
    CHECK(guard(R"(,"burn":6)") ==
          Guard{BurnRate{"main", "e[$window]", 0.999, 6, 360 * minute, 30 * minute}, 0, Response::hold});
    CHECK(guard(R"(,"burn":1)") ==
          Guard{BurnRate{"main", "e[$window]", 0.999, 1, 4320 * minute, 360 * minute}, 0, Response::alert});
    CHECK(guard(R"(,"burn":6,"short":"10m","on_breach":"rollback")") ==
          Guard{BurnRate{"main", "e[$window]", 0.999, 6, 360 * minute, 10 * minute}, 0, Response::rollback});
    CHECK(plan_faults(burn(R"(,"burn":3)")) == Texts{"/guards/0/on_breach missing"});
}

TEST_CASE("every fault of a guard has its pointer") {
    CHECK(plan_faults(with_guard(R"({"metric":"had-error"})")) == Texts{"/guards/0/metric unsupported"});
    CHECK(plan_faults(with_guard(R"({"prometheus":"main","query":"","above":1,"on_breach":"explode"})")) ==
          Texts{"/guards/0/query missing", "/guards/0/on_breach unknown_value"});
    CHECK(plan_faults(with_guard(R"({"prometheus":"main","query":"q","above":1,"below":2,"on_breach":"hold"})")) ==
          Texts{"/guards/0 malformed"});
    CHECK(plan_faults(with_guard(R"({"prometheus":"main","query":"q","above":"1","on_breach":"hold"})")) ==
          Texts{"/guards/0/above wrong_type"});
    CHECK(plan_faults(
              with_guard(R"({"prometheus":"a b","error_ratio":"e[5m]","slo":1,"burn":-1,"long":"5m","short":"1h",)"
                         R"("on_breach":"hold"})")) ==
          Texts{"/guards/0/prometheus bad_key", "/guards/0/error_ratio malformed", "/guards/0/slo out_of_range",
                "/guards/0/burn out_of_range", "/guards/0/short out_of_range"});
    CHECK(plan_faults(with_guard(R"({"evaluations":"all","above":1,"window":"10s","on_breach":"hold"})")) ==
          Texts{"/guards/0/evaluations unknown_value", "/guards/0 malformed", "/guards/0/window bad_duration"});
}

TEST_CASE("steps and guards are bounded") {
    std::string steps, guards;
    for (std::size_t i = 0; i <= most_steps; ++i)
        steps += (i ? "," : "") + std::string(R"({"share":)") + std::to_string(i + 1) + "}";
    CHECK(plan_faults(with_steps("[" + steps + "]")) == Texts{"/steps too_many"});
    for (std::size_t i = 0; i <= most_guards; ++i)
        guards += (i ? "," : "") +
                  std::string(R"({"evaluations":"share","reason":"ERROR","above":1,"window":"1m","on_breach":"hold"})");
    CHECK(plan_faults(with_guard(guards)) == Texts{"/guards too_many"});
}

namespace {

const std::string two_step_list = R"([{"share":1000,"hold":"15m"},{"share":100000}])";

Result<Plan> patched(const std::string& text, std::size_t taken = 1) {
    json::Document document;
    REQUIRE(document.parse(text));
    return patch_plan(*parsed_plan(with_steps(two_step_list)), taken, document.root());
}

Texts patch_faults(const std::string& text, std::size_t taken = 1) {
    const auto plan = patched(text, taken);
    Texts found;
    if (plan) return found;
    for (const auto& finding : plan.error().findings) found.push_back(finding.pointer + ' ' + finding.code);
    return found;
}

}  // namespace

TEST_CASE("a plan that is carried out keeps its rule, and the shares that were taken") {
    CHECK(*patched("{}") == *parsed_plan(with_steps(two_step_list)));
    const auto slower = patched(R"({"steps":[{"share":1000,"hold":"1h"},{"share":5000},{"share":100000}]})");
    REQUIRE(slower);
    CHECK(slower->steps.size() == 3);
    CHECK(slower->steps[0].hold == 3'600'000);
    const auto guarded = patched(R"({"max_wait":"1d",
        "guards":[{"evaluations":"number","variation":"on","below":1,"window":"5m","on_breach":"hold"}]})");
    REQUIRE(guarded);
    CHECK(guarded->guards.size() == 1);
    CHECK(patched(R"({"on":{"max_wait":"alert"}})")->on_max_wait == Response::alert);
    CHECK(patch_faults(R"({"flag":"g","rule":"r","from":"x","to":"y"})") ==
          Texts{"/flag fixed", "/rule fixed", "/from fixed", "/to fixed"});
    CHECK(patch_faults(R"({"offset":1})") == Texts{"/offset fixed"});
    CHECK(patched(R"({"policy":"tier-1"})")->policy == "tier-1");
    CHECK(patch_faults(R"({"steps":[{"share":2000},{"share":100000}]})") == Texts{"/steps fixed"});
    CHECK(patch_faults(R"({"steps":[{"share":100000}]})", 2) == Texts{"/steps fixed"});
    CHECK(patch_faults(R"({"steps":[{"share":2000},{"share":100000}]})", 0).empty());
    CHECK(patch_faults(R"({"steps":[]})") == Texts{"/steps missing", "/steps fixed"});
    CHECK(patch_faults(R"({"steps":null})").size() > 0);
    CHECK(patch_faults(R"({"speed":1})") == Texts{"/speed unknown_field"});
    CHECK(patch_faults(R"({"state":"running","version":4})").empty());
}

TEST_CASE("a patch that is wrong for every plan is found without one") {
    const auto check = [](const std::string& text) {
        json::Document document;
        REQUIRE(document.parse(text));
        return check_plan_patch(document.root()).has_value();
    };
    CHECK(check("{}"));
    CHECK(check(R"({"flag":"f","from":"on","max_wait":"1d","guards":[]})"));
    CHECK(check(R"({"steps":[{"share":1000},{"share":100000}],"state":"held"})"));
    CHECK_FALSE(check(R"({"steps":[{"share":1000}]})"));
    CHECK_FALSE(check(R"({"wave":1})"));
    CHECK_FALSE(check(R"({"steps":null})"));
}
