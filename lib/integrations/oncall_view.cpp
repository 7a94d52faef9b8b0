// Looks shifts up and writes them as JSON.
#include "integrations/oncall_view.hpp"

#include <algorithm>

#include "core/limits.hpp"
#include "integrations/json.hpp"

namespace tocsin::integrations {
namespace {

Json list_of(const std::vector<std::string>& names) {
    Json list = Json::list();
    for (const std::string& name : names) list.push(name);
    return list;
}

Error out_of_range(const core::Roster& roster, const char* field) {
    return {.code = "out_of_range",
            .message = std::string("`") + field + "` is not known: on-call is expanded from " +
                       format_rfc3339(roster.expanded.from) + " until " +
                       format_rfc3339(roster.expanded.until),
            .field = field};
}

Status check_range(const core::Roster& roster, const OncallQuestion& question) {
    if (roster.schedules.empty()) return {};
    if (!roster.expanded.contains(question.at)) return out_of_range(roster, "at");
    if (!question.range) return {};
    if (!roster.expanded.contains(question.range->from)) return out_of_range(roster, "from");
    if (question.range->until > roster.expanded.until) return out_of_range(roster, "to");
    return {};
}

Json levels_of(const core::Roster& roster, Instant at) {
    Json levels = Json::list();
    for (std::size_t i = 0; i < roster.escalation.size(); ++i) {
        Json notify = Json::list();
        for (const core::Target& target : roster.escalation[i].notify) {
            notify.push(core::to_string(target));
        }
        levels.push(Json::object({{"notify", std::move(notify)},
                                  {"people", list_of(roster.level(i, at))},
                                  {"wait", format_duration(roster.escalation[i].wait)}}));
    }
    return levels;
}

/// The shift at an instant, from when until when the same people have it. Whose turn it is besides
/// may change in between.
Json schedule_at(const core::Roster& roster, const core::Schedule& schedule, Instant at) {
    const core::Shift* shift = schedule.at(at);
    if (shift == nullptr) return Json::object({{"name", schedule.name}});
    const core::Shift* first = schedule.shifts.data();
    const core::Shift* end = first + schedule.shifts.size();
    const core::Shift* from = shift;
    while (from != first && (from - 1)->people == shift->people) --from;
    const core::Shift* next = shift + 1;
    while (next != end && next->people == shift->people) ++next;
    const Instant since = from->span.from;
    Json out = Json::object({{"name", schedule.name},
                             {"on_call", list_of(shift->people)},
                             {"others", list_of(shift->others)}});
    out.set("since", since > roster.expanded.from ? Json(since) : Json());
    out.set("until", next != end ? Json(next->span.from) : Json());
    out.set("next", next != end ? list_of(next->people) : Json::list());
    return out;
}

Result<Json> shifts_in(const core::Roster& roster, core::Interval range) {
    Json shifts = Json::list();
    std::size_t count = 0;
    for (const core::Schedule& schedule : roster.schedules) {
        auto shift = std::partition_point(
            schedule.shifts.begin(), schedule.shifts.end(),
            [&](const core::Shift& one) { return one.span.until <= range.from; });
        for (; shift != schedule.shifts.end() && shift->span.from < range.until; ++shift) {
            if (++count > core::limits::shifts_listed_max) {
                return Error{"too_many",
                             "more than " + std::to_string(core::limits::shifts_listed_max) +
                                 " shifts: ask for a shorter time",
                             "to"};
            }
            shifts.push(Json::object({{"schedule", schedule.name},
                                      {"from", shift->span.from},
                                      {"until", shift->span.until},
                                      {"people", list_of(shift->people)},
                                      {"others", list_of(shift->others)}}));
        }
    }
    return shifts;
}

}  // namespace

Result<std::string> oncall_json(const core::Roster& roster, const OncallQuestion& question) {
    if (Status known = check_range(roster, question); !known) return known.error();
    Json schedules = Json::list();
    for (const core::Schedule& schedule : roster.schedules) {
        schedules.push(schedule_at(roster, schedule, question.at));
    }
    Json answer = Json::object({{"at", question.at},
                                {"on_call", list_of(roster.on_call(question.at))},
                                {"levels", levels_of(roster, question.at)},
                                {"schedules", std::move(schedules)},
                                {"expanded", Json::object({{"from", roster.expanded.from},
                                                           {"until", roster.expanded.until}})}});
    if (question.range) {
        auto shifts = shifts_in(roster, *question.range);
        if (!shifts) return shifts.error();
        answer.set("shifts", *std::move(shifts));
    }
    return answer.dump();
}

}  // namespace tocsin::integrations
