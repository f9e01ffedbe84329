#include "bench/ruleset_loop.hpp"

#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "bench/processor_time.hpp"
#include "common/eval/run/evaluator.hpp"

namespace fanion::bench {
namespace {

constexpr UnixMillis now = 1'763'720'000'000;

std::vector<std::string> lines_of(const std::string& path) {
    std::vector<std::string> lines;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

struct Workload {
    explicit Workload(const std::string& folder)
        : flags(lines_of(folder + "/flags.txt")), texts(lines_of(folder + "/contexts.jsonl")), documents(texts.size()) {
        std::ostringstream plain;
        plain << std::ifstream(folder + "/fanion.json").rdbuf();
        ruleset = eval::compile_plain(plain.str()).value();
        for (std::size_t i = 0; i < texts.size(); ++i) documents[i].parse(texts[i]).value();
        for (const auto& flag : flags) indices.push_back(ruleset->find_flag(flag));
    }

    std::vector<std::string> flags;
    std::vector<std::string> texts;
    std::vector<json::Document> documents;
    std::vector<std::size_t> indices;
    eval::RulesetPtr ruleset;
};

// One pass over all contexts and flags; the sum keeps the work from being left out.
std::size_t pass(const Workload& workload, Manner manner, json::Document& scratch) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < workload.texts.size(); ++i) {
        const auto context = workload.documents[i].root();
        if (manner == Manner::bulk) {
            eval::Evaluator evaluator(*workload.ruleset, context, now);
            for (const auto index : workload.indices) sum += evaluator.evaluate(index).value.size();
            continue;
        }
        for (const auto& flag : workload.flags) {
            if (manner == Manner::text && !scratch.parse(workload.texts[i])) return 0;
            const auto given = manner == Manner::text ? scratch.root() : context;
            sum += eval::evaluate(*workload.ruleset, flag, given, now).value.size();
        }
    }
    return sum;
}

}  // namespace

std::optional<Manner> manner_of(std::string_view word) {
    if (word == "parsed") return Manner::parsed;
    if (word == "text") return Manner::text;
    if (word == "bulk") return Manner::bulk;
    return std::nullopt;
}

int print_answers(const std::string& folder) {
    const Workload workload(folder);
    for (const auto& flag : workload.flags) {
        std::string line;
        for (const auto& document : workload.documents)
            line.append(line.empty() ? "[" : ",")
                .append(eval::evaluate(*workload.ruleset, flag, document.root(), now).value);
        std::cout << line << "]\n";
    }
    return 0;
}

int print_rate(const std::string& folder, std::uint64_t seconds, Manner manner) {
    const Workload workload(folder);
    json::Document scratch;
    const auto expected = pass(workload, manner, scratch);
    if (expected == 0) return 1;
    const auto passes_per_second = [&](double wanted) {
        const auto start = processor_seconds();
        for (std::size_t passes = 1;; ++passes) {
            if (pass(workload, manner, scratch) != expected) return 0.0;
            const auto spent = processor_seconds() - start;
            if (spent >= wanted) return static_cast<double>(passes) / spent;
        }
    };
    passes_per_second(1);
    const auto evaluations = static_cast<double>(workload.texts.size() * workload.flags.size());
    const auto rate = passes_per_second(static_cast<double>(seconds)) * evaluations;
    std::cout << static_cast<std::uint64_t>(rate) << "\n";
    return rate > 0 ? 0 : 1;
}

}  // namespace fanion::bench
