// Compiling: accepted whole or refused with findings; what is accepted evaluates every flag without harm.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/eval/run/evaluator.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fanion;
    const auto ruleset = eval::compile_plain({reinterpret_cast<const char*>(data), size});
    if (!ruleset) {
        if (ruleset.error().findings.empty()) std::abort();
        return 0;
    }
    json::Document context;
    if (!context.parse(R"({"targetingKey":"u","a":"1","n":2,"l":["x",3,null],"o":{"p":"10.0.0.1"}})")) std::abort();
    std::string out;
    for (std::size_t flag = 0; flag < (*ruleset)->flag_count(); ++flag) {
        eval::append_json(out, eval::evaluate(**ruleset, flag, context.root(), 1'763'720'000'000));
        json::Document written;
        if (!written.parse(out)) std::abort();
        out.clear();
    }
    return 0;
}
