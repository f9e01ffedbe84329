#include "control-plane/sinks/lines.hpp"

#include <set>
#include <string_view>
#include <utility>

#include "common/json/writer.hpp"

namespace fanion::cp::sinks {
namespace {

// Writes the lines of one batch, of each environment behind one another.
class LineWriter {
public:
    LineWriter(const wire::EventBatch& batch, const access::OrgId& org_id, const Places& places)
        : batch_(batch), org_id_(org_id), places_(places) {}

    template <class Event>
    void add(std::string_view kind, const Event& event) {
        const auto number = number_++;
        const auto place = places_.find(access::EnvironmentId(event.env));
        if (place == places_.end()) return;
        auto& text = texts_[place->first];
        write_head(text, kind, number, place->second);
        event_.clear();
        wire::append_json(event_, event);
        text += ',';
        text.append(event_, 1);  // without its brace
        text += '\n';
        ++lines_;
    }

    void finish(SinkBatch& out) {
        for (auto& [env_id, text] : texts_) out.environments.push_back({env_id, std::move(text)});
        out.lines = lines_;
    }

private:
    void write_head(std::string& out, std::string_view kind, std::uint64_t number, const Place& place) const {
        json::Writer w(out);
        w.begin_object().member("batch", batch_.batch).member("line", number).member("kind", kind);
        w.member("org_id", org_id_.str()).member("org", place.org).member("project", place.project);
        w.member("environment", place.environment).member("relay", batch_.relay);
        w.member("from", batch_.from).member("to", batch_.to);
    }

    const wire::EventBatch& batch_;
    const access::OrgId& org_id_;
    const Places& places_;
    std::map<access::EnvironmentId, std::string> texts_;
    std::string event_;
    std::uint64_t number_ = 0;
    std::size_t lines_ = 0;
};

// Names of units go nowhere but to the relay.
template <class Event>
Event with_digest(const wire::EventBatch& batch, Event event) {
    event.unit = wire::unit_digest(batch, event.by, event.unit);
    return event;
}

}  // namespace

std::vector<access::EnvironmentId> environments_of(const wire::EventBatch& batch) {
    std::set<std::string_view> ids;
    for (const auto& event : batch.counts) ids.insert(event.env);
    for (const auto& event : batch.exposures) ids.insert(event.env);
    for (const auto& event : batch.metrics) ids.insert(event.env);
    std::vector<access::EnvironmentId> found;
    for (const auto id : ids) found.emplace_back(std::string(id));
    return found;
}

SinkBatch lines_of(const wire::EventBatch& batch, access::OrgId org_id, UnixMillis received_at, const Places& places) {
    SinkBatch made{std::move(org_id), batch.batch, received_at, {}, 0};
    LineWriter writer(batch, made.org_id, places);
    for (const auto& event : batch.counts) writer.add("count", event);
    for (const auto& event : batch.exposures) writer.add("exposure", with_digest(batch, event));
    for (const auto& event : batch.metrics) writer.add("metric", with_digest(batch, event));
    writer.finish(made);
    return made;
}

}  // namespace fanion::cp::sinks
