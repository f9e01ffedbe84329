#include <algorithm>
#include <cstdlib>
#include <memory>

#include "common/cli/commands.hpp"
#include "common/cli/credentials.hpp"
#include "common/cli/doctor.hpp"

namespace fanion::cli {
namespace {

// What was not asked for: nobody should take silence for health.
void note_unchecked(const DoctorOptions& options, const Terminal& terminal) {
    const std::pair<bool, const char*> parts[] = {
        {!options.url.empty(), "the control plane and what relays report (--url, or sign in)"},
        {!options.relays.empty(), "relays themselves (--relay)"},
        {!options.database_url.empty(), "the database (--database-url)"},
        {!options.data_dir.empty(), "keys and trust documents (--data-dir)"},
        {!options.cache_dir.empty(), "a relay's disk (--cache-dir)"},
    };
    std::vector<Finding> findings;
    for (const auto& [is_checked, what] : parts)
        if (!is_checked) findings.push_back({"doctor", "", "not_checked", what});
    terminal.warn(findings);
}

Exit run_doctor(const DoctorOptions& given, const Terminal& terminal) {
    auto options = given;
    if (options.url.empty()) {
        if (const auto session = load_session()) options.url = session->url;
    }
    while (options.url.ends_with('/')) options.url.pop_back();
    Checks checks;
    if (!options.url.empty()) check_control_plane(options, checks);
    check_relays(options, checks);
    if (!options.database_url.empty()) check_database(options.database_url, checks);
    check_files(options, checks);
    Terminal output = terminal;
    output.json = output.json || options.format == "json";
    if (checks.empty())
        return output.fail(Exit::usage,
                           "nothing to check: give --url, --database-url, --data-dir, --cache-dir or --relay");
    output.print(output.json ? doctor_json(checks) : doctor_text(checks));
    note_unchecked(options, output);
    const bool has_failed =
        std::ranges::any_of(checks, [](const Check& check) { return check.health == Health::failure; });
    return has_failed ? Exit::refused : Exit::ok;
}

}  // namespace

void add_doctor_command(CLI::App& app, Session& session) {
    auto options = std::make_shared<DoctorOptions>();
    auto* doctor = add_command(app, session, options, "doctor",
                               "check an installation, and say what to do about what is wrong", run_doctor);
    doctor->add_option("--url", options->url, "URL of the control plane; default: that of the session")
        ->envname("FANION_URL");
    doctor->add_option("--org", options->org, "organisation whose relays are looked at")->envname("FANION_ORG");
    doctor->add_option("--relay", options->relays, "URL of a relay; may be repeated")->envname("FANION_RELAY");
    doctor->add_option("--database-url", options->database_url, "connection string of the control plane's PostgreSQL")
        ->envname("FANION_DATABASE_URL");
    doctor->add_option("--data-dir", options->data_dir, "the control plane's folder of keys");
    doctor->add_option("--trust", options->trust, "file of trust documents; default: trust.json in --data-dir");
    doctor->add_option("--cache-dir", options->cache_dir, "a relay's folder");
    doctor->add_option("--file", options->files, "configuration file whose rights are checked; may be repeated");
    doctor->add_option("--certificate", options->certificates, "PEM file of certificates; may be repeated");
    doctor->add_option("--output,-o", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    doctor->footer("Exit codes: 0 nothing has failed, though there may be warnings; 1 something has; 2 wrong usage.");
}

}  // namespace fanion::cli
