#include "common/cli/exchange.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

Result<bool> read_boolean(FlagPlace& place, std::string path, const char* member) {
    const auto response = place.client().call({.path = std::move(path)});
    if (!response) return response.error();
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return parsed.error();
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    return r.boolean(member, false);
}

}  // namespace

void print_dry_run(const net::ClientResponse& response, const Terminal& terminal) {
    std::string out;
    for (const auto& sentence : sentences_of(response)) out += (out.empty() ? "" : "\n") + sentence;
    terminal.print(terminal.json ? response.body : out.empty() ? "Nothing would change." : out);
}

Result<> confirm(bool yes, const std::string& question) {
    if (yes) return {};
    const auto answer = ask_yes_or_no(question);
    if (!answer) return Error{Errc::invalid_input, question + " There is nobody to ask; give --yes"};
    if (!*answer) return Error{Errc::conflict, "nothing was changed"};
    return {};
}

Result<> confirm_change(FlagPlace& place, const FlagOptions& options) {
    if (options.yes) return {};
    const auto is_protected = read_boolean(place, place.environment(), "protected");
    if (!is_protected) return is_protected.error();
    if (!*is_protected) return {};
    const auto answer =
        ask_yes_or_no("The environment " + place.env() + " is protected. Change " + options.key + " there?");
    if (!answer) {
        return Error{Errc::invalid_input, "the environment " + place.env() + " is protected; give --yes to change it"};
    }
    if (!*answer) return Error{Errc::conflict, "nothing was changed"};
    return {};
}

Result<> check_not_archived(FlagPlace& place, const FlagOptions& options) {
    const auto is_archived = read_boolean(place, place.flag(options.key), "archived");
    if (!is_archived) return is_archived.error();
    if (!*is_archived) return {};
    return Error{Errc::conflict, options.key +
                                     " is archived: no relay serves it, whether it is on or off. Restore it first, "
                                     "with `fanion flag restore`"};
}

std::vector<std::string> sentences_of(const net::ClientResponse& response) {
    json::Document document;
    if (!document.parse(response.body, {.bytes = response.body.size()})) return {};
    std::vector<Finding> ignored;
    return json::Reader(document.root(), ignored).strings("changes");
}

std::vector<Finding> warnings_of(const net::ClientResponse& response) {
    std::vector<Finding> warnings;
    json::Document document;
    if (!document.parse(response.body, {.bytes = response.body.size()}) || !document.root().is(json::Kind::object))
        return {};
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    for (auto& warning : r.array("warnings")) {
        warnings.push_back({warning.string("item", ""), warning.string("pointer", ""), warning.string("code", ""),
                            warning.string("detail", "")});
    }
    return warnings;
}

}  // namespace fanion::cli
