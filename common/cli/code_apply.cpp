#include <set>
#include <utility>

#include "common/base/text.hpp"
#include "common/cli/code_options.hpp"
#include "common/cli/commands.hpp"

namespace fanion::cli {
namespace {

std::string version_tag(std::uint64_t version) { return '"' + std::to_string(version) + '"'; }

// Carries a plan out, in an order in which every step may be the last: what is created is off, and
// nothing is deleted before what used it is changed.
class Applier {
public:
    Applier(FlagPlace& place, const CodePlan& plan, const CodeOptions& options, const Terminal& terminal)
        : place_(place), plan_(plan), options_(options), terminal_(terminal) {}

    Result<> apply() {
        for (auto step : {&Applier::make_segments, &Applier::create_flags, &Applier::change_flags, &Applier::remove})
            if (auto done = (this->*step)(); !done) return done;
        return {};
    }

private:
    const flagfile::Project& wanted() const { return plan_.file.project; }

    void say(const std::string& done) const {
        if (!terminal_.json) terminal_.print(done);
    }

    Result<> send(AdminCall call, const std::string& done) {
        call.path = with_comment(std::move(call.path), options_.comment);
        const auto response = place_.client().call(call);
        if (!response) return response.error();
        say(done);
        return {};
    }

    // What a new one needs may be restored by a change, and a change may need a new one.
    Result<> make_segments() {
        for (const auto& key : plan_.difference.segments_in_order) {
            const bool is_new = !plan_.present.project.segments.contains(key);
            if (auto made = is_new ? create_segment(key) : change_segment(key); !made) return made;
        }
        return {};
    }

    Result<> create_segment(const std::string& key) {
        auto call = segment_creation(place_, key, wanted().segments.at(key), plan_.present.environments);
        return send(std::move(call), "created segment `" + key + "`");
    }

    Result<> change_segment(const std::string& key) {
        for (const auto& change : plan_.difference.segments) {
            if (change.segment != key) continue;
            const auto where = change.environment.empty() ? "" : " in " + change.environment;
            auto sent =
                send(segment_call(place_, wanted(), change), "changed segment `" + change.segment + "`" + where);
            if (!sent) return sent;
        }
        return {};
    }

    // Off everywhere; what they serve comes with all other changes, as one.
    Result<> create_flags() {
        for (const auto& key : plan_.difference.new_flags) {
            const auto& flag = wanted().flags.at(key);
            if (auto sent = send(flag_creation(place_, key, flag), "created flag `" + key + "`"); !sent) return sent;
            const auto made = read_present_flag(place_, key, plan_.present.environments);
            if (!made) return made.error();
            auto changes = flagfile::flag_changes(key, flag, *made, plan_.present.environments);
            std::move(changes.begin(), changes.end(), std::back_inserter(of_new_));
        }
        return {};
    }

    Result<> change_flags() {
        auto changes = plan_.difference.flags;
        std::move(of_new_.begin(), of_new_.end(), std::back_inserter(changes));
        for (const auto& bulk : bulk_bodies(changes)) {
            std::set<std::string> flags;
            std::string names;
            for (const auto* change : bulk.changes)
                if (flags.insert(change->flag).second) names += (names.empty() ? "`" : ", `") + change->flag + "`";
            const auto count = std::to_string(flags.size()) + (flags.size() == 1 ? " flag" : " flags");
            auto sent = send({.method = net::Method::post, .path = place_.project() + "/bulk", .body = bulk.body},
                             "changed " + count + " as one: " + shortened(names, 200));
            if (!sent) return sent;
        }
        return {};
    }

    Result<> remove() {
        if (!options_.deletes) return archive_segments();
        const auto& present = plan_.present.project;
        for (const auto& key : plan_.difference.removed_flags) {
            AdminCall call{.method = net::Method::del, .path = place_.flag(key)};
            call.if_match = version_tag(present.flags.at(key).version);
            if (auto sent = send(std::move(call), "deleted flag `" + key + "`"); !sent) return sent;
        }
        if (auto ok = archive_segments(); !ok) return ok;
        for (const auto& key : plan_.difference.removed_segments) {
            AdminCall call{.method = net::Method::del, .path = place_.project() + "/segments/" + percent_encode(key)};
            call.if_match = version_tag(present.segments.at(key).version);
            if (auto sent = send(std::move(call), "deleted segment `" + key + "`"); !sent) return sent;
        }
        return {};
    }

    Result<> archive_segments() {
        for (const auto& change : plan_.difference.archived_segments) {
            auto sent = send(segment_archiving(place_, change), "archived segment `" + change.segment + "`");
            if (!sent) return sent;
        }
        return {};
    }

    FlagPlace& place_;
    const CodePlan& plan_;
    const CodeOptions& options_;
    const Terminal& terminal_;
    std::vector<flagfile::FlagChange> of_new_;
};

Error explained(Error error) {
    if (error.code == Errc::precondition_failed)
        error.detail = "somebody has changed the project since it was read; run the command again: " + error.detail;
    return error;
}

}  // namespace

Exit run_apply(const CodeOptions& options, const Terminal& terminal) {
    auto file = read_code_file(options.file);
    if (!file) return terminal.fail(file.error());
    auto place = FlagPlace::open_project(options.org, file->project.key);
    if (!place) return terminal.fail(place.error());
    const auto plan = make_code_plan(*place, std::move(*file), options);
    if (!plan) return terminal.fail(plan.error());
    if (!terminal.json) terminal.print(describe_plan(*plan));
    if (plan->is_empty()) {
        if (terminal.json) terminal.print(json_of_plan(*plan));
        return Exit::ok;
    }
    if (!options.yes) {
        const auto answer = ask_yes_or_no("Change " + plan->file.project.key + " like this?");
        if (!answer) return terminal.fail(Exit::usage, "there is nobody to ask; give --yes to make these changes");
        if (!*answer) return terminal.fail(Error{Errc::conflict, "nothing was changed"});
    }
    if (auto done = Applier(*place, *plan, options, terminal).apply(); !done)
        return terminal.fail(explained(done.error()));
    if (terminal.json) terminal.print(json_of_plan(*plan));
    return Exit::ok;
}

}  // namespace fanion::cli
