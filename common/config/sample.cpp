#include "common/config/sample.hpp"

#include "common/base/text.hpp"

namespace fanion::config {
namespace {

constexpr std::size_t columns = 100;

// `text` as lines of a comment.
std::string comment(std::string_view text) {
    std::string out, line = "#";
    for (const auto word : split(text, ' ')) {
        if (line.size() + 1 + word.size() > columns && line.size() > 1) {
            out += line + '\n';
            line = "#";
        }
        line.append(" ").append(word);
    }
    return out + line + '\n';
}

// Without quotation marks a file's value ends at white space, and commas separate it.
std::string quoted(const Option& option, const std::string& value) {
    const auto special = option.kind() == Option::Kind::list ? " \t;" : " \t;,";
    return value.find_first_of(special) == std::string::npos ? value : '"' + value + '"';
}

std::string setting(const Option& option, const std::string& value) {
    return option.name() + " =" + (value.empty() ? "" : " " + quoted(option, value)) + '\n';
}

}  // namespace

std::string sample_file(const Program& program, const Options& options, const Given& given) {
    std::string out = comment(program.description);
    out += "#\n" +
           comment(
               "Lines are `name = value`; of several values, commas stand between them. What is commented out shows "
               "the default, or describes it in brackets. The environment and the command line take precedence: " +
               program.name + "(8) has the details.");
    std::string group;
    for (const auto& option : options.all()) {
        if (option.group() != group) out += "\n## " + (group = option.group()) + "\n";
        out += '\n' + comment(option.default_value().empty() ? option.help() : option.meaning());
        const auto found = given.find(option.name());
        if (found != given.end()) {
            out += setting(option, found->second);
        } else {
            out += '#' + setting(option, option.kind() == Option::Kind::flag ? "false" : option.default_value());
        }
    }
    return out;
}

}  // namespace fanion::config
