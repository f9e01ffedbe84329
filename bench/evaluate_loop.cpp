// For callgrind: one flag of the workload evaluated N times with a context that is parsed already. Prints how often the heap
// was used meanwhile.
//
//     evaluate_loop N

#include <cstdlib>
#include <iostream>
#include <new>

#include "bench/workload.hpp"
#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/eval/evaluator.hpp"

namespace {
std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

using namespace fanion;

namespace {

eval::RulesetPtr compile_workload() {
    std::vector<eval::Item> items;
    static const auto workload = bench::make_items(10, to_hex(sha256("key")));
    for (const auto& [key, body] : workload) items.push_back({key, std::make_shared<const std::string>(body)});
    return eval::compile(items).value();
}

}  // namespace

int main(int argc, char** argv) {
    const auto times = argc == 2 ? parse_u64(argv[1]) : std::nullopt;
    if (!times) {
        std::cerr << "usage: evaluate_loop N\n";
        return 2;
    }
    const auto ruleset = compile_workload();
    json::Document document;
    if (!document.parse(bench::context_json)) return 1;
    const std::string key = bench::flag_key(3);
    const auto before = allocations;
    std::size_t splits = 0;
    for (std::uint64_t i = 0; i < *times; ++i) {
        const auto evaluation = eval::evaluate(*ruleset, key, document.root(), 1'763'720'000'000);
        splits += evaluation.reason == eval::Reason::split && evaluation.rule == "r-beta" ? 1 : 0;
    }
    if (splits != *times) {
        std::cerr << "the workload does not end in its split\n";
        return 1;
    }
    std::cout << allocations - before << "\n";
    return 0;
}
