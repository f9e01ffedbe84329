#include "common/cli/terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

void write_line(std::FILE* to, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), to);
    std::fputc('\n', to);
    std::fflush(to);
}

// The command line has sent the request's credential, path and method itself: people learn nothing from their names.
bool is_repeated(const Error& error, const Finding& finding) {
    const bool is_whole =
        finding.pointer.empty() || finding.pointer == "Authorization" || finding.pointer.starts_with(':');
    return finding.item.empty() && is_whole && finding.detail == error.detail;
}

std::string for_people(const Finding& finding) {
    std::string out = finding.item;
    if (!finding.item.empty()) out += ' ';
    out += finding.pointer.empty() ? std::string("(whole)") : finding.pointer;
    return out + ": " + finding.detail + " [" + finding.code + "]";
}

std::string for_people(const Error& error) {
    std::string out = "fanion: " + error.detail;
    for (const auto& finding : error.findings) {
        if (!is_repeated(error, finding)) out += "\n  " + for_people(finding);
    }
    return out;
}

}  // namespace

void Terminal::print(std::string_view text) const { write_line(stdout, text); }

Exit Terminal::fail(const Error& error) const {
    write_line(stderr, json ? to_json(error) : for_people(error));
    return exit_of(error.code);
}

Exit Terminal::fail(Exit code, std::string_view message) const {
    fail(Error{Errc::internal, std::string(message)});
    return code;
}

void Terminal::warn(const std::vector<Finding>& findings) const {
    if (json) return;
    for (const auto& finding : findings) write_line(stderr, "fanion: warning: " + for_people(finding));
}

void Terminal::note(std::string_view text) const {
    if (!json && isatty(STDERR_FILENO) == 1) write_line(stderr, text);
}

std::optional<bool> ask_yes_or_no(const std::string& question) {
    if (isatty(STDIN_FILENO) != 1) return std::nullopt;
    std::cerr << question << " [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

bool is_terminal_output() { return isatty(STDOUT_FILENO) == 1; }

Exit exit_of(Errc code) {
    switch (code) {
        case Errc::invalid_input:
            return Exit::usage;
        case Errc::unauthenticated:
        case Errc::forbidden:
            return Exit::unauthorized;
        case Errc::network:
        case Errc::timed_out:
        case Errc::unavailable:
            return Exit::unreachable;
        default:
            return Exit::refused;
    }
}

std::string to_json(const Error& error) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("error").begin_object().member("detail", error.detail).key("findings").begin_array();
    for (const auto& finding : error.findings) {
        w.begin_object().member("item", finding.item).member("pointer", finding.pointer);
        w.member("code", finding.code).member("detail", finding.detail).end_object();
    }
    w.end_array().end_object().end_object();
    return out;
}

std::string visible(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto code = static_cast<unsigned char>(text[i]);
        bool is_control = code < 0x20 || code == 0x7f;
        if (code == 0xc2 && i + 1 < text.size()) {  // U+0080 to U+009F have two bytes
            const auto next = static_cast<unsigned char>(text[i + 1]);
            is_control = next >= 0x80 && next < 0xa0;
            if (is_control) {
                code = next;
                ++i;
            }
        }
        if (!is_control) {
            out += text[i];
            continue;
        }
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\u%04x", unsigned{code});
        out += escape;
    }
    return out;
}

namespace {

std::string columns(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] + 2 - row[i].size(), ' ');
        }
        out += out.empty() ? line : "\n" + line;
    }
    return out;
}

}  // namespace

std::string table(const std::vector<std::vector<std::string>>& rows) {
    auto shown = rows;
    for (auto& row : shown)
        for (auto& cell : row) cell = visible(cell);
    return columns(shown);
}

}  // namespace fanion::cli
