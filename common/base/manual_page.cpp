#include "common/base/manual_page.hpp"

#include "common/base/text.hpp"

namespace fanion {
namespace {

constexpr std::string_view quote_of(char c) {
    switch (c) {
        case '\\':
            return "\\e";
        case '-':
            return "\\-";
        case '\'':
            return "\\(aq";
        case '`':
            return "\\(ga";
        case '^':
            return "\\(ha";
        case '~':
            return "\\(ti";
        default:
            return {};
    }
}

// Within a line: a request begins only at its start.
std::string quoted(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto quote = quote_of(c);
        if (quote.empty()) out += c;
        out += quote;
    }
    return out;
}

// An argument of a macro, which quotation marks hold together.
std::string argument(std::string_view text) {
    std::string out = "\"";
    for (const char c : quoted(text)) out += c == '"' ? std::string("\\(dq") : std::string(1, c);
    return out + '"';
}

std::string whole_line(std::string_view text) {
    const auto out = quoted(text);
    return out.starts_with('.') ? "\\&" + out : out;
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (auto& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

}  // namespace

ManualPage::ManualPage(std::string_view name, int section, std::string_view version, std::string_view meaning) {
    text_ = ".TH " + argument(upper(name)) + ' ' + std::to_string(section) + " \"\" " +
            argument("Fanion " + std::string(version)) + " \"Fanion\"\n.nh\n.ad l\n.SH NAME\n" + quoted(name) +
            " \\- " + quoted(meaning) + '\n';
}

void ManualPage::heading(std::string_view macro, std::string_view title) {
    text_.append(macro).append(" ").append(argument(title)).append("\n");
}

void ManualPage::section(std::string_view title) { heading(".SH", upper(title)); }

void ManualPage::subsection(std::string_view title) { heading(".SS", title); }

void ManualPage::paragraph(std::string_view text) {
    for (const auto one : split(text, '\n')) {
        if (!trim(one).empty()) text_ += ".PP\n" + whole_line(trim(one)) + '\n';
    }
}

void ManualPage::line(std::string_view bold, std::string_view italic) {
    text_ += ".PP\n\\fB" + quoted(bold) + "\\fR";
    if (!italic.empty()) text_ += " \\fI" + quoted(italic) + "\\fR";
    text_ += '\n';
}

void ManualPage::item(std::string_view bold, std::string_view italic, std::string_view meaning) {
    text_ += ".TP\n\\fB" + quoted(bold) + "\\fR";
    if (!italic.empty()) text_ += " \\fI" + quoted(italic) + "\\fR";
    text_ += '\n';
    bool is_first = true;
    for (const auto one : split(meaning, '\n')) {
        if (trim(one).empty()) continue;
        text_ += (is_first ? "" : ".br\n") + whole_line(trim(one)) + '\n';
        is_first = false;
    }
    if (is_first) text_ += "\\&\n";
}

}  // namespace fanion
