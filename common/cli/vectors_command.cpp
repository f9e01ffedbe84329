#include <memory>

#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/cli/vectors.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct FileReport {
    std::string file;
    VectorReport report;
};

struct Total {
    std::size_t groups = 0;
    std::size_t cases = 0;
    std::size_t failed = 0;
};

Total total_of(const std::vector<FileReport>& files) {
    Total total;
    for (const auto& [file, report] : files) {
        total.groups += report.groups;
        total.cases += report.cases;
        total.failed += report.failures.size();
    }
    return total;
}

std::string to_json(const std::vector<FileReport>& files) {
    const auto total = total_of(files);
    std::string out;
    json::Writer w(out);
    w.begin_object().member("files", std::uint64_t{files.size()}).member("groups", std::uint64_t{total.groups});
    w.member("cases", std::uint64_t{total.cases}).member("failed", std::uint64_t{total.failed});
    w.key("failures").begin_array();
    for (const auto& [file, report] : files) {
        for (const auto& failure : report.failures) {
            w.begin_object().member("file", file).member("group", failure.group).member("case", failure.name);
            w.member("expected", failure.expected).member("got", failure.got).end_object();
        }
    }
    w.end_array().end_object();
    return out;
}

void print_for_people(const std::vector<FileReport>& files, const Terminal& terminal) {
    for (const auto& [file, report] : files) {
        for (const auto& failure : report.failures) {
            terminal.print(file + ": " + failure.group + ": " + failure.name + "\n  expected " + failure.expected +
                           "\n  got      " + failure.got);
        }
    }
    const auto total = total_of(files);
    terminal.print(std::to_string(total.cases - total.failed) + " of " + std::to_string(total.cases) +
                   " cases passed (" + std::to_string(files.size()) + " files, " + std::to_string(total.groups) +
                   " groups)");
}

Exit run(const std::vector<std::string>& names, const Terminal& terminal) {
    std::vector<FileReport> files;
    for (const auto& name : names) {
        const auto text = read_file(name);
        if (!text) return terminal.fail(Exit::usage, text.error().detail);
        auto report = run_vectors(*text);
        if (!report) {
            auto error = report.error();
            error.detail = name + ": " + error.detail;
            terminal.fail(error);
            return Exit::usage;
        }
        files.push_back({name, std::move(*report)});
    }
    if (terminal.json) {
        terminal.print(to_json(files));
    } else {
        print_for_people(files, terminal);
    }
    return total_of(files).failed == 0 ? Exit::ok : Exit::refused;
}

}  // namespace

void add_vectors_command(CLI::App& app, Session& session) {
    auto names = std::make_shared<std::vector<std::string>>();
    auto* vectors = app.add_subcommand("vectors", "run files of evaluation vectors");
    vectors->footer(
        "Prints each case that failed and a summary. Exit codes: 0 every case passed; 1 some failed;\n"
        "2 a file cannot be read or does not have the format described in docs/vectors.md.");
    vectors->add_option("files", *names, "files of vectors; - for standard input")->required();
    vectors->callback(
        [names, &session] { session.chosen = [names, &session] { return run(*names, session.terminal); }; });
}

}  // namespace fanion::cli
