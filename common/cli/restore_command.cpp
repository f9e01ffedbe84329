// restore

#include <fcntl.h>
#include <unistd.h>

#include <memory>

#include "common/backup/piece_writer.hpp"
#include "common/backup/restore_backup.hpp"
#include "common/base/text.hpp"
#include "common/cli/backup_options.hpp"
#include "common/cli/backup_rulesets.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

// A file that appears when it is complete.
class NewFile {
public:
    explicit NewFile(const std::string& path)
        : path_(path),
          unfinished_(path + ".new"),
          file_(::open(unfinished_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {}
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile() {
        if (!unfinished_.empty()) ::unlink(unfinished_.c_str());
    }
    Result<> write(std::string_view bytes) {
        if (file_ && write_all(file_.get(), bytes)) return {};
        return errno_error(Errc::invalid_input, path_ + ": cannot be written");
    }
    Result<> finish() {
        if (!file_ || ::fdatasync(file_.get()) != 0 || ::rename(unfinished_.c_str(), path_.c_str()) != 0)
            return errno_error(Errc::invalid_input, path_ + ": cannot be written");
        unfinished_.clear();
        return {};
    }

private:
    std::string path_, unfinished_;
    UniqueFd file_;
};

Result<std::string> trust_text(const BackupOptions& options) {
    return options.trust.empty() ? Result<std::string>(std::string()) : read_file(options.trust);
}

Result<> restore_bundle(backup::BackupPlace& place, const backup::Manifest& manifest, const backup::OpeningKey& key,
                        const BackupOptions& options) {
    const auto trust = trust_text(options);
    if (!trust) return trust.error();
    NewFile bundle(options.bundle);
    auto check = RulesetCheck::begin(*trust, [&bundle](std::string_view document) { return bundle.write(document); });
    if (!check) return Error{Errc::invalid_input, options.trust + ": " + check.error().detail};
    auto read = backup::read_stream(place, manifest, backup::Stream::rulesets, key,
                                    [&check](std::string_view bytes) { return check->feed(bytes); });
    if (!read) return read;
    if (auto finished = check->finish(manifest); !finished) return finished;
    return bundle.finish();
}

std::vector<std::string> next_steps(const backup::Manifest& manifest, const BackupOptions& options, bool has_database) {
    std::vector<std::string> steps;
    if (!options.bundle.empty())
        steps.push_back("Relays can start from " + options.bundle + ": fanion-relay --bootstrap " + options.bundle +
                        " ..");
    if (!has_database) return steps;
    steps.push_back(
        "Give the control plane its key files again (signer.pem, jwt.pem, secrets.key, trust.json); the "
        "trust document that was in force is version " +
        std::to_string(manifest.trust) + ".");
    steps.push_back("Run `fanion-control-plane migrate` if it is newer than Fanion " + manifest.fanion +
                    ", then start it.");
    steps.push_back(
        "It begins a new epoch and publishes every environment once more; relays accept that by "
        "themselves. Watch them: fanion relay list");
    steps.push_back("What was changed after " + format_rfc3339(manifest.begun_at) +
                    " is not in the backup: passwords, keys and tokens that were revoked since are valid again.");
    return steps;
}

void print_restored(const backup::Manifest& manifest, const BackupOptions& options,
                    const std::optional<backup::Restored>& restored, const Terminal& terminal) {
    const auto steps = next_steps(manifest, options, restored.has_value());
    if (terminal.json) {
        std::string out;
        json::Writer w(out);
        w.begin_object().member("backup", manifest.id).member("begun_at", format_rfc3339(manifest.begun_at));
        if (restored)
            w.member("database", restored->database)
                .member("owner", restored->owner)
                .member("replaced", restored->has_replaced);
        if (!options.bundle.empty()) w.member("bundle", options.bundle);
        w.key("next").begin_array();
        for (const auto& step : steps) w.string(step);
        w.end_array().end_object();
        terminal.print(out);
        return;
    }
    std::vector<std::vector<std::string>> rows{
        {"backup", manifest.id + " of " + manifest.iss + ", begun " + format_rfc3339(manifest.begun_at)}};
    if (restored)
        rows.push_back({"database", restored->database + (restored->has_replaced ? ", replaced" : "") + "; " +
                                        std::to_string(manifest.rows.size()) + " tables, of the role " +
                                        restored->owner});
    if (!options.bundle.empty())
        rows.push_back({"bundle", options.bundle + ", " + std::to_string(manifest.environments.size()) + " rulesets"});
    std::string text = table(rows) + "\n\nWhat to do next:";
    for (std::size_t i = 0; i < steps.size(); ++i) text += "\n" + std::to_string(i + 1) + ". " + visible(steps[i]);
    terminal.print(text);
}

bool wants_database(const BackupOptions& options) {
    return !options.database_url.empty() || !options.embedded_postgres.empty() || options.bundle.empty();
}

}  // namespace

Exit run_restore(const BackupOptions& options, const Terminal& terminal) {
    auto place = open_place(options);
    if (!place) return terminal.fail(place.error());
    const auto key = read_key(options);
    if (!key) return terminal.fail(key.error());
    const auto manifest = choose_backup(*place, options);
    if (!manifest) return terminal.fail(manifest.error());
    if (auto checked = backup::check_manifest(*place, *manifest, *key); !checked) return terminal.fail(checked.error());
    std::optional<backup::Restored> restored;
    if (wants_database(options)) {
        const auto database = ChosenDatabase::open(options);
        if (!database) return terminal.fail(database.error());
        const auto note = [&terminal](const std::string& text) { terminal.note(text); };
        auto done =
            backup::restore_backup(*place, *manifest, *key,
                                   {database->url(), options.postgres_programs, options.owner, options.replace, note});
        if (!done) return terminal.fail(done.error());
        restored = std::move(*done);
    }
    if (!options.bundle.empty()) {
        if (auto done = restore_bundle(*place, *manifest, *key, options); !done) return terminal.fail(done.error());
    }
    print_restored(*manifest, options, restored, terminal);
    return Exit::ok;
}

void add_restore_command(CLI::App& app, Session& session) {
    auto options = std::make_shared<BackupOptions>();
    auto* restore = add_command(app, session, options, "restore",
                                "bring a backup back: into a database, as a bundle, or both", run_restore);
    add_place_options(*restore, *options);
    add_key_options(*restore, *options);
    add_database_options(*restore, *options);
    restore->add_option("--owner", options->owner,
                        "role that is to own the tables; default: the one of the same name as in the backup, else you");
    restore->add_flag("--replace", options->replace,
                      "replace what the database has of Fanion; without it, it must be empty");
    restore->add_option("--bundle", options->bundle, "write the signed rulesets and trust documents to this file");
    add_trust_option(*restore, *options, "file of trust documents by which the bundle is checked");
}

}  // namespace fanion::cli
