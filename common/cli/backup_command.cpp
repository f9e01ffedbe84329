// backup, backup list, backup keygen; the other commands have files of their own.

#include <sys/stat.h>

#include <filesystem>
#include <memory>

#include "common/backup/make_backup.hpp"
#include "common/backup/retention.hpp"
#include "common/base/text.hpp"
#include "common/cli/backup_options.hpp"
#include "common/cli/backup_rulesets.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

Result<std::vector<backup::Recipient>> read_recipients(const BackupOptions& options) {
    if (options.recipients.empty())
        return nothing_given("certificate to encrypt for", "--recipient", "FANION_BACKUP_RECIPIENT");
    std::vector<backup::Recipient> recipients;
    for (const auto& file : options.recipients) {
        const auto pem = read_file(file);
        if (!pem) return pem.error();
        auto recipient = backup::Recipient::from_pem(*pem);
        if (!recipient) return Error{Errc::invalid_input, file + " " + recipient.error().detail};
        recipients.push_back(std::move(*recipient));
    }
    return recipients;
}

// Removes what is outdated, and returns the names.
Result<std::vector<std::string>> apply_retention(backup::BackupPlace& place, const BackupOptions& options,
                                                 const backup::Manifest& made) {
    if (options.keep == 0) return std::vector<std::string>();
    const auto found = place.list();
    if (!found) return found.error();
    const auto own = backup::installation_tag(made.iss);
    std::vector<backup::StoredBackup> stored;
    for (const auto& each : *found) {
        if (each.id.installation != own) continue;
        bool is_good = false;
        if (each.is_complete()) {
            const auto manifest = place.manifest(each.id.text);
            if (manifest && manifest->iss != made.iss) continue;
            is_good = manifest && std::ranges::all_of(manifest->environments, [](const auto& environment) {
                          return environment.problem.empty();
                      });
        }
        stored.push_back({each.id, each.is_complete(), is_good});
    }
    const auto removed = backup::outdated(std::move(stored), {options.keep, options.keep_weekly, options.keep_monthly},
                                          SystemClock().now());
    for (const auto& each : *found) {
        if (std::ranges::find(removed, each.id.text) == removed.end()) continue;
        if (auto done = place.remove(each.id.text, each.objects); !done) return done.error();
    }
    return removed;
}

std::uint64_t sum_of(const std::map<std::string, std::uint64_t>& rows) {
    std::uint64_t sum = 0;
    for (const auto& [table, count] : rows) sum += count;
    return sum;
}

void print_made(const backup::Manifest& made, const std::vector<std::string>& removed, const std::string& place,
                const Terminal& terminal) {
    if (terminal.json) {
        std::string out;
        json::Writer w(out);
        w.begin_object().key("backup").raw(to_json(made)).key("removed").begin_array();
        for (const auto& id : removed) w.string(id);
        w.end_array().end_object();
        terminal.print(out);
        return;
    }
    const auto rows = sum_of(made.rows);
    std::vector<std::vector<std::string>> lines{
        {"backup", made.id},
        {"place", place},
        {"database", std::to_string(made.rows.size()) + " tables, " + std::to_string(rows) + " rows, " +
                         backup::size_text(made.database.bytes)},
        {"rulesets", std::to_string(made.environments.size()) + " environments, " +
                         backup::size_text(made.rulesets.bytes) + ", trust document " + std::to_string(made.trust)}};
    for (const auto& id : removed) lines.push_back({"removed", id});
    terminal.print(table(lines));
}

// What somebody has to look at, although the backup is complete.
Exit problems_of(const backup::Manifest& made, const Terminal& terminal) {
    std::string problems;
    for (const auto& environment : made.environments)
        if (!environment.problem.empty()) problems += "\n  " + environment.place + ": " + environment.problem;
    if (problems.empty()) return Exit::ok;
    return terminal.fail(Exit::refused,
                         "the backup is complete, but a ruleset does not verify; nothing was removed" + problems);
}

std::vector<std::string> list_row(backup::BackupPlace& place, const backup::BackupPlace::Found& found) {
    const auto begun = format_rfc3339(found.id.begun_at);
    if (!found.is_complete()) return {found.id.text, "unfinished", begun, "", "", "", ""};
    const auto manifest = place.manifest(found.id.text);
    if (!manifest) return {found.id.text, "damaged", begun, "", "", "", manifest.error().detail};
    return {found.id.text,
            "complete",
            begun,
            backup::size_text(manifest->sealed_bytes()),
            std::to_string(manifest->environments.size()),
            manifest->server,
            manifest->iss};
}

std::string list_json(const std::vector<std::vector<std::string>>& rows) {
    std::string out;
    json::Writer w(out);
    w.begin_array();
    for (const auto& row : rows) {
        w.begin_object().member("id", row[0]).member("state", row[1]).member("begun_at", row[2]);
        w.member("size", row[3]).member("environments", row[4]).member("server", row[5]).member("iss", row[6]);
        w.end_object();
    }
    w.end_array();
    return out;
}

}  // namespace

Exit run_backup(const BackupOptions& options, const Terminal& terminal) {
    auto place = open_place(options);
    if (!place) return terminal.fail(place.error());
    const auto recipients = read_recipients(options);
    if (!recipients) return terminal.fail(recipients.error());
    if (options.trust.empty())
        return terminal.fail(nothing_given("file of trust documents", "--trust", "FANION_BACKUP_TRUST"));
    const auto trust = read_file(options.trust);
    if (!trust) return terminal.fail(trust.error());
    auto check = BundleCheck::begin(*trust);
    if (!check) return terminal.fail(Exit::usage, options.trust + ": " + check.error().detail);
    const auto database = ChosenDatabase::open(options);
    if (!database) return terminal.fail(database.error());
    backup::BackupRequest request;
    request.database_url = database->url();
    request.postgres_programs = options.postgres_programs;
    request.recipients = *recipients;
    request.trust = *trust;
    request.trust_version = check->trust().version;
    request.program_version = FANION_VERSION;
    request.problem_of = [&check](const std::string& bytes) { return problem_of(*check, bytes); };
    request.note = [&terminal](const std::string& text) { terminal.note(text); };
    const auto made = backup::make_backup(*place, request, SystemClock());
    if (!made) return terminal.fail(made.error());
    const bool is_good =
        std::ranges::all_of(made->environments, [](const auto& environment) { return environment.problem.empty(); });
    const auto removed = is_good ? apply_retention(*place, options, *made)
                                 : Result<std::vector<std::string>>(std::vector<std::string>());
    if (!removed) {
        print_made(*made, {}, place->shown(), terminal);
        return terminal.fail(removed.error());
    }
    print_made(*made, *removed, place->shown(), terminal);
    return problems_of(*made, terminal);
}

Exit run_backup_list(const BackupOptions& options, const Terminal& terminal) {
    auto place = open_place(options);
    if (!place) return terminal.fail(place.error());
    const auto found = place->list();
    if (!found) return terminal.fail(found.error());
    std::vector<std::vector<std::string>> rows;
    for (const auto& backup : *found) rows.push_back(list_row(*place, backup));
    if (terminal.json) {
        terminal.print(list_json(rows));
        return Exit::ok;
    }
    rows.insert(rows.begin(), {"BACKUP", "STATE", "BEGUN", "SIZE", "ENVIRONMENTS", "POSTGRESQL", "ISSUER"});
    terminal.print(table(rows));
    return Exit::ok;
}

Exit run_backup_keygen(const BackupOptions& options, const Terminal& terminal) {
    namespace fs = std::filesystem;
    const auto key_file = (fs::path(options.dir) / "backup.key").string();
    const auto certificate_file = (fs::path(options.dir) / "backup.crt").string();
    std::error_code ignored;
    for (const auto& file : {key_file, certificate_file})
        if (fs::exists(file, ignored))
            return terminal.fail(Exit::refused, file + " already exists; existing keys are never overwritten");
    const auto pair = backup::make_key_pair(options.name, SystemClock().now());
    if (auto written = write_private_file(key_file, pair.private_pem); !written) return terminal.fail(written.error());
    if (auto written = write_private_file(certificate_file, pair.certificate_pem); !written)
        return terminal.fail(written.error());
    ::chmod(certificate_file.c_str(), 0644);  // public
    const auto recipient = backup::Recipient::from_pem(pair.certificate_pem);
    if (!recipient) return terminal.fail(recipient.error());
    std::string out;
    json::Writer(out)
        .begin_object()
        .member("certificate", certificate_file)
        .member("key", key_file)
        .member("key_id", recipient->key_id())
        .end_object();
    terminal.print(terminal.json
                       ? out
                       : table({{certificate_file, "public: name it with `fanion backup --recipient`"},
                                {key_file, "secret: needed to verify and restore only; keep it elsewhere, twice"}}));
    return Exit::ok;
}

void add_backup_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<BackupOptions>();
    auto* group = app.add_subcommand("backup", "back up an installation: database, signed rulesets, trust documents");
    group->require_subcommand(0, 1);
    group->fallthrough();
    group->callback([group, options, &session] {
        if (!group->get_subcommands().empty()) return;
        session.chosen = [options, &session] { return run_backup(*options, session.terminal); };
    });
    add_place_options(*group, *options);
    add_database_options(*group, *options);
    add_trust_option(*group, *options, "file of the control plane's trust documents, trust.json");
    group
        ->add_option("--recipient", options->recipients,
                     "file with the certificate whose private key opens the backup; may be repeated")
        ->envname("FANION_BACKUP_RECIPIENT");
    group->add_option("--keep", options->keep, "remove all but so many of the newest backups; default: remove none")
        ->envname("FANION_BACKUP_KEEP");
    group->add_option("--keep-weekly", options->keep_weekly, "with --keep: keep the last one of so many weeks, too")
        ->envname("FANION_BACKUP_KEEP_WEEKLY");
    group->add_option("--keep-monthly", options->keep_monthly, "with --keep: keep the last one of so many months, too")
        ->envname("FANION_BACKUP_KEEP_MONTHLY");
    group->footer("Without a command: makes a backup. Restore with `fanion restore`.");

    auto* list = add_command(*group, session, options, "list", "list the backups in a place", run_backup_list);
    add_place_options(*list, *options);
    auto* verify = add_command(*group, session, options, "verify",
                               "verify a backup, or restore it into a cluster that is thrown away", run_backup_verify);
    add_place_options(*verify, *options);
    add_key_options(*verify, *options);
    add_trust_option(*verify, *options, "file of trust documents; default: believe those in the backup");
    verify->add_option("--max-age", options->max_age, "fail if the backup was begun more than so many hours ago");
    verify->add_flag("--restore", options->restore,
                     "restore it into a cluster of its own, and compare numbers of rows");
    verify->add_option("--work-dir", options->work_dir, "folder for that cluster; default: that of temporary files");
    verify
        ->add_option("--postgres-programs", options->postgres_programs,
                     "folder with the programs of PostgreSQL's server and client")
        ->envname("FANION_POSTGRES_PROGRAMS");
    verify->footer("Exit codes: 0 it is whole; 1 it is not; 2 wrong usage; 3 the place does not answer.");
    auto* keygen = add_command(*group, session, options, "keygen",
                               "create a private key, and the certificate to encrypt backups for", run_backup_keygen);
    keygen->add_option("--dir", options->dir, "output directory; created if missing")->required();
    keygen->add_option("--name", options->name, "name in the certificate");
}

}  // namespace fanion::cli
