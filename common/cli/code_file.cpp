#include "common/cli/code_options.hpp"
#include "common/cli/files.hpp"

namespace fanion::cli {

std::string CodeFile::at(const std::string& pointer) const {
    const auto place = source.place_of(pointer);
    return name + ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
}

std::vector<Finding> CodeFile::located(std::vector<Finding> findings) const {
    for (auto& finding : findings) finding.item = at(finding.pointer);
    return findings;
}

Result<CodeFile> read_code_file(const std::string& name) {
    const auto text = read_file(name);
    if (!text) return text.error();
    CodeFile file{.name = name == "-" ? "(standard input)" : name, .source = {}, .project = {}};
    flagfile::Fault fault;
    file.source = flagfile::Source::parse(*text, fault);
    const auto wrong = file.name + " is not a project's file";
    if (!fault.detail.empty()) {
        const auto item = file.name + ':' + std::to_string(fault.place.line) + ':' + std::to_string(fault.place.column);
        return Error{Errc::unprocessable, wrong, {{item, "", "syntax", std::move(fault.detail)}}};
    }
    std::vector<Finding> findings;
    file.project = flagfile::read_project(file.source.root(), findings);
    if (!findings.empty()) return Error{Errc::unprocessable, wrong, file.located(std::move(findings))};
    return file;
}

}  // namespace fanion::cli
