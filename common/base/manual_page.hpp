#pragma once

// A manual page in roff with the macros of man(7). Text is given as it is meant: what roff would
// take for a request or an escape is quoted here.

#include <string>
#include <string_view>

namespace fanion {

class ManualPage {
public:
    // `meaning` is one line for apropos(1): "evaluates flags next to the applications".
    ManualPage(std::string_view name, int section, std::string_view version, std::string_view meaning);

    void section(std::string_view title);
    void subsection(std::string_view title);
    // Line feeds in `text` separate paragraphs.
    void paragraph(std::string_view text);
    // One line that is not filled: `bold`, then `italic`, which may be empty.
    void line(std::string_view bold, std::string_view italic);
    // A term, of which `italic` is to be replaced by a value, and its meaning.
    void item(std::string_view bold, std::string_view italic, std::string_view meaning);

    const std::string& text() const& noexcept { return text_; }

private:
    void heading(std::string_view macro, std::string_view title);

    std::string text_;
};

}  // namespace fanion
