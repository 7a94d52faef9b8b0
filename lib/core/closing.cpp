// The checklist before an incident ends, and its end by a person's word.
#include "core/closing.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/incidents.hpp"

namespace tocsin::core {
namespace {

constexpr std::size_t signals_named_max = 3;
constexpr std::size_t signal_bytes_max = 200;

// `{alertname="SiteDown"}, … and 4 more`.
std::string signals_of(const State& state, std::uint64_t incident) {
    auto holders = state.signals_by_incident.find(incident);
    if (holders == state.signals_by_incident.end()) return {};
    std::string text;
    std::size_t named = 0;
    for (std::uint64_t id : holders->second) {
        if (++named > signals_named_max) break;
        text += (text.empty() ? "" : ", ") +
                truncate(state.signals.at(id).labels.to_string(), signal_bytes_max);
    }
    const std::size_t more = holders->second.size() - std::min(named, signals_named_max);
    if (holders->second.size() > signals_named_max)
        text += " and " + std::to_string(more) + " more";
    return text;
}

void add_what_customers_see(std::vector<ClosingPoint>& points, const Incident& incident) {
    points.push_back({.point = "banner",
                      .done = !incident.banner.on,
                      .what_to_do = "turn the in-app banner off"});
    const Communication& told = incident.communication;
    if (told.published_at) {
        points.push_back({.point = "status_page",
                          .done = told.status == "resolved",
                          .what_to_do = "publish `resolved` on the status page (its latest entry "
                                        "says `" +
                                        told.status + "`)"});
    } else if (incident.communication_due) {
        points.push_back({.point = "communication",
                          .done = false,
                          .needed = false,
                          .what_to_do = "customers were to be told since " +
                                        format_rfc3339(*incident.communication_due) +
                                        ", and no status page entry says so"});
    }
}

// Only fields of the command are missing, nothing of the incident's own state.
bool fields_only(const std::vector<ClosingPoint>& checklist) {
    return std::none_of(checklist.begin(), checklist.end(), [](const ClosingPoint& point) {
        return point.needed && !point.done && point.point != "cause" && point.point != "fix";
    });
}

std::string first_field(const std::vector<ClosingPoint>& checklist) {
    for (const ClosingPoint& point : checklist) {
        if (!point.needed || point.done) continue;
        return point.point == "cause" || point.point == "fix" ? point.point : "force";
    }
    return {};
}

}  // namespace

std::vector<ClosingPoint> close_checklist(const State& state, const Incident& incident) {
    const std::string still_held = signals_of(state, incident.number);
    std::vector<ClosingPoint> points{
        {.point = "signals",
         .done = still_held.empty(),
         .what_to_do = "wait until its signals are clear: " + still_held},
        {.point = "cause",
         .done = !incident.cause.empty(),
         .what_to_do = "say the cause (\"unknown, mitigated\" will do)"},
        {.point = "fix",
         .done = !incident.fix.empty(),
         .what_to_do = "say which fix is in place (\"unknown, mitigated\" will do)"}};
    add_what_customers_see(points, incident);
    return points;
}

std::string open_points(const std::vector<ClosingPoint>& checklist, bool needed) {
    std::string text;
    for (const ClosingPoint& point : checklist) {
        if (point.done || point.needed != needed) continue;
        text += (text.empty() ? "" : "; ") + point.point + ": " + point.what_to_do;
    }
    return text;
}

void close(Draft& draft, Incident& incident, const std::string& by, const Close& wish) {
    Incident as_wished = incident;
    as_wished.cause = wish.cause;
    as_wished.fix = wish.fix;
    const std::vector<ClosingPoint> checklist = close_checklist(draft.state(), as_wished);
    const std::string missing = open_points(checklist, true);
    if (!missing.empty() && wish.force.empty()) {
        draft.refuse(fields_only(checklist) ? "missing" : "conflict",
                     incident_id(incident.number) + " cannot be closed yet. " + missing +
                         ". Or give `force` with a reason to close it all the same",
                     first_field(checklist));
        return;
    }
    incident.cause = wish.cause;
    incident.fix = wish.fix;
    incident.closed_by = by;
    std::string text = "cause: " + (wish.cause.empty() ? "-" : wish.cause) +
                       "; fix: " + (wish.fix.empty() ? "-" : wish.fix);
    if (!missing.empty()) text += "; forced: " + wish.force + " (overridden: " + missing + ")";
    const std::string forgotten = open_points(checklist, false);
    if (!forgotten.empty()) draft.note(incident.number, "tocsin", "communication", forgotten);
    end_incident(draft, incident, IncidentState::closed, by, text);
}

}  // namespace tocsin::core
