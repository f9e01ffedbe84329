#pragma once

// A program's options. Each is described once: name, destination, valid values, default and
// meaning. The command line, the environment variables, the configuration file, --help and the
// manual page are all derived from this table, and a test compares docs/configuration.md with it.
//
//     Options options;
//     options.group("Serving");
//     options.add("listen", "address for applications").endpoint(config.listen);
//     options.add("threads", "serving threads").number(config.threads, 1, 1024).otherwise("one per processor");
//
// The variable that an option is bound to must outlive the table and hold the default when it is
// bound. Not thread-safe.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/log.hpp"
#include "common/config/endpoint.hpp"

namespace fanion::config {

class Option {
public:
    enum class Kind { value, list, flag };
    // What a credential of systemd is to the option: nothing, the file that it names, or its value.
    enum class Credential { none, file, value };
    // Parses and stores one value; called once per element for a list. Returns an error message, or
    // an empty string on success.
    using Reader = std::function<std::string(const std::string& text)>;

    Option(std::string name, std::string group, std::string meaning)
        : name_(std::move(name)), group_(std::move(group)), meaning_(std::move(meaning)) {}

    static constexpr std::uint64_t week = 7ull * 24 * 3'600 * 1'000;  // milliseconds

    // Binds the option to a variable. Call exactly one of these.
    Option& text(std::string& out);
    Option& path(std::filesystem::path& out);
    Option& list(std::vector<std::string>& out);  // given repeatedly, or separated by commas
    Option& flag(bool& out);
    Option& endpoint(Endpoint& out);
    Option& level(LogLevel& out);
    // Durations are integers in milliseconds; `low` and `high` are inclusive.
    Option& duration(std::chrono::milliseconds& out, std::uint64_t low, std::uint64_t high = week);
    Option& duration(std::optional<std::chrono::milliseconds>& out, std::uint64_t low, std::uint64_t high = week);
    template <class T>
    Option& number(T& out, std::uint64_t low, std::uint64_t high) {
        if (out != T()) starts_as(std::to_string(out));
        return read([&out, low, high](const std::string& given) {
            std::uint64_t value = 0;
            auto wrong = read_number(given, low, high, value);
            if (wrong.empty()) out = static_cast<T>(value);
            return wrong;
        });
    }
    Option& read(Reader reader);

    // The default as --help shows it, where it is not a value. The binders above set it from the
    // variable's value.
    Option& otherwise(std::string what);
    // A second environment variable for this option; FANION_<NAME> takes precedence.
    Option& also(std::string variable);
    // Marks the option as one that a running program applies again at SIGHUP.
    Option& reread();
    // The credential fanion.<name> of systemd (systemd.exec(5), LoadCredential=) is the option's
    // file or value, unless the command line or the environment has one.
    Option& credential(Credential what = Credential::file);

    const std::string& name() const noexcept { return name_; }
    const std::string& group() const noexcept { return group_; }
    const std::string& fallback() const noexcept { return fallback_; }
    // The default in the form in which the option reads it; "" where it is only described.
    std::string default_value() const { return is_described_ ? std::string() : fallback_; }
    const std::string& also() const noexcept { return also_; }
    Kind kind() const noexcept { return kind_; }
    bool is_reread() const noexcept { return is_reread_; }
    Credential credential_kind() const noexcept { return credential_; }
    std::string credential_name() const { return "fanion." + name_; }
    std::string meaning() const;      // the description, with a remark if the option is read again at SIGHUP
    std::string help() const;         // meaning() and the default
    std::string environment() const;  // FANION_<NAME IN CAPITALS>

    // Parses `value` and stores it in the bound variable. An empty value leaves the default.
    // Returns an error message, or an empty string on success.
    std::string apply(const std::string& value) const { return value.empty() ? std::string() : reader_(value); }

    // Parses an unsigned integer in [low, high] into `out`. Returns an error message, or an empty
    // string on success.
    static std::string read_number(const std::string& text, std::uint64_t low, std::uint64_t high, std::uint64_t& out);

private:
    Option& starts_as(std::string value);

    std::string name_, group_, meaning_, fallback_, also_;
    Kind kind_ = Kind::value;
    Credential credential_ = Credential::none;
    bool is_reread_ = false;
    bool is_described_ = false;
    Reader reader_;
};

class Options {
public:
    // Starts a new group in --help; options added from now on belong to it.
    void group(std::string title) { group_ = std::move(title); }
    // The reference is valid until the next call.
    Option& add(std::string name, std::string meaning) {
        return all_.emplace_back(std::move(name), group_, std::move(meaning));
    }
    const std::vector<Option>& all() const& noexcept { return all_; }
    void all() && = delete;  // would return a reference into a temporary

private:
    std::string group_;
    std::vector<Option> all_;
};

}  // namespace fanion::config
