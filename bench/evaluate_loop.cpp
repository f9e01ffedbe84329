// What bench/run counts of the evaluator. Each command prints one line.
//
//     evaluate_loop evaluate CASE N        one flag N times, context parsed     -> uses of the heap meanwhile
//     evaluate_loop parse N                a context of 300 bytes N times, warm -> uses of the heap meanwhile, bytes
//     evaluate_loop compile FLAGS ROUNDS   -> JSON: bytes of the items, milliseconds of processor time of each round, bytes of
//                                             the heap that the compiled form holds with and without the items' bodies
//     evaluate_loop answers FOLDER                          see bench/ruleset_loop.hpp
//     evaluate_loop rate FOLDER SECONDS parsed|text|bulk
//
// Instructions are counted from outside, as the difference between two N.

#include <iostream>
#include <span>

#include "bench/cases.hpp"
#include "bench/heap.hpp"
#include "bench/processor_time.hpp"
#include "bench/ruleset_loop.hpp"
#include "common/base/text.hpp"

using namespace fanion;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;

int usage() {
    std::cerr << "usage: evaluate_loop evaluate CASE N | parse N | compile FLAGS ROUNDS | answers FOLDER | "
                 "rate FOLDER SECONDS parsed|text|bulk\ncases: "
              << bench::case_names << "\n";
    return 2;
}

int fail(std::string_view what) {
    std::cerr << "evaluate_loop: " << what << "\n";
    return 1;
}

int evaluate(const bench::Case& wanted, std::uint64_t times) {
    const auto ruleset = bench::compile_items(wanted.items);
    json::Document document;
    if (!document.parse(wanted.context)) return fail("the context does not parse");
    const auto first = eval::evaluate(*ruleset, wanted.flag, document.root(), now);
    if (first.reason != wanted.reason || first.rule != wanted.rule)
        return fail("the case does not end where it should");
    const auto before = bench::heap().allocations;
    std::size_t sum = 0;
    for (std::uint64_t i = 0; i < times; ++i)
        sum += eval::evaluate(*ruleset, wanted.flag, document.root(), now).variation_index;
    const auto used = bench::heap().allocations - before;
    if (sum != times * first.variation_index) return fail("the evaluations differ");
    std::cout << used << "\n";
    return 0;
}

int parse(std::uint64_t times) {
    const std::string text(bench::context_of_300_bytes);
    json::Document document;
    if (!document.parse(text)) return fail("the context does not parse");
    const auto before = bench::heap().allocations;
    std::uint64_t parsed = 0;
    for (std::uint64_t i = 0; i < times; ++i) parsed += document.parse(text).has_value() ? 1 : 0;
    const auto used = bench::heap().allocations - before;
    if (parsed != times) return fail("the context does not parse");
    std::cout << used << " " << text.size() << "\n";
    return 0;
}

int compile(std::size_t flags, std::uint64_t rounds) {
    const auto environment = bench::make_environment(flags);
    std::size_t bytes = 0;
    for (const auto& [key, body] : environment) bytes += body.size();
    const auto empty = bench::heap().held;
    const auto items = bench::share(environment);
    const auto bodies = bench::heap().held - empty - items.capacity() * sizeof(eval::Item);
    std::string times;
    for (std::uint64_t i = 0; i < rounds; ++i) {
        const auto start = bench::processor_seconds();
        const auto ruleset = eval::compile(items);
        times += (i == 0 ? "" : ",") + std::to_string((bench::processor_seconds() - start) * 1e3);
        if (!ruleset) return fail("the environment does not compile");
    }
    const auto before = bench::heap().held;
    const auto ruleset = eval::compile(items).value();
    const auto compiled = bench::heap().held - before;
    std::cout << R"({"bytes":)" << bytes << R"(,"milliseconds":[)" << times << R"(],"compiled":)" << compiled
              << R"(,"bodies":)" << bodies << R"(,"flags":)" << ruleset->flag_count() << "}\n";
    return 0;
}

int run(std::span<char*> words) {
    const std::string_view command = words.empty() ? "" : words[0];
    const auto number = [&](std::size_t at) { return at < words.size() ? parse_u64(words[at]) : std::nullopt; };
    if (command == "evaluate" && words.size() == 3 && number(2)) {
        const auto wanted = bench::make_case(words[1]);
        return wanted ? evaluate(*wanted, *number(2)) : usage();
    }
    if (command == "parse" && words.size() == 2 && number(1)) return parse(*number(1));
    if (command == "compile" && words.size() == 3 && number(1) && number(2)) return compile(*number(1), *number(2));
    if (command == "answers" && words.size() == 2) return bench::print_answers(words[1]);
    if (command == "rate" && words.size() == 4 && number(2)) {
        const auto manner = bench::manner_of(words[3]);
        return manner ? bench::print_rate(words[1], *number(2), *manner) : usage();
    }
    return usage();
}

}  // namespace

int main(int argc, char** argv) { return run({argv + 1, static_cast<std::size_t>(argc - 1)}); }
