// Expands calendars, maintenance windows and the roster around the schedules.
#include "config/expand.hpp"

#include <algorithm>

#include "config/zones.hpp"
#include "core/limits.hpp"

namespace tocsin::config {
namespace {

core::Calendar merged(core::Calendar calendar, core::Interval horizon) {
    std::sort(calendar.begin(), calendar.end());
    core::Calendar out;
    for (const core::Interval& span : calendar) {
        if (span.until <= horizon.from || span.from >= horizon.until) continue;
        if (!out.empty() && span.from <= out.back().until) {
            out.back().until = std::max(out.back().until, span.until);
        } else {
            out.push_back(span);
        }
    }
    return out;
}

/// The design's: first line, the others of the turn, everybody.
std::vector<core::Level> default_escalation(const core::Roster& roster) {
    using Kind = core::Target::Kind;
    core::Level first;
    core::Level others;
    core::Level everybody;
    for (const core::Schedule& schedule : roster.schedules) {
        first.notify.push_back({.kind = Kind::schedule, .name = schedule.name});
        const bool any = std::any_of(schedule.shifts.begin(), schedule.shifts.end(),
                                     [](const auto& shift) { return !shift.others.empty(); });
        if (any) others.notify.push_back({.kind = Kind::others, .name = schedule.name});
    }
    for (const core::Person& person : roster.people) {
        everybody.notify.push_back({.kind = Kind::person, .name = person.name});
    }
    std::vector<core::Level> levels;
    for (core::Level* level : {&first, &others, &everybody}) {
        if (!level->notify.empty()) levels.push_back(std::move(*level));
    }
    return levels;
}

std::vector<core::Level> escalation_of(const Oncall& oncall, const core::Roster& roster) {
    if (oncall.escalation.empty()) return default_escalation(roster);
    std::vector<core::Level> levels;
    for (const EscalationLevel& level : oncall.escalation) {
        core::Level out{.notify = {}, .wait = level.wait};
        for (const std::string& text : level.notify) {
            if (auto target = core::parse_target(text)) out.notify.push_back(std::move(*target));
        }
        levels.push_back(std::move(out));
    }
    return levels;
}

std::map<std::string, core::Target, std::less<>> targets_of(const NamedTargets& named) {
    std::map<std::string, core::Target, std::less<>> targets;
    for (const auto& [name, text] : named) {
        if (auto target = core::parse_target(text)) targets.emplace(name, std::move(*target));
    }
    return targets;
}

core::Person person_of(const Person& person) {
    return {.name = person.name,
            .email = person.email,
            .slack = person.slack,
            .pagerduty = person.pagerduty,
            .phone = person.phone,
            .ntfy = person.ntfy,
            .time_zone = person.time_zone};
}

}  // namespace

core::Interval horizon_around(Instant now) {
    const Instant today = std::chrono::floor<std::chrono::days>(now);
    return {.from = today - core::limits::horizon_past,
            .until = today + core::limits::horizon_ahead};
}

core::Roster expand_roster(const Oncall& oncall, core::Interval horizon) {
    core::Roster roster;
    for (const Person& person : oncall.people) roster.people.push_back(person_of(person));
    for (const Schedule& schedule : oncall.schedules) {
        roster.schedules.push_back(expand_schedule(schedule, horizon));
    }
    roster.teams = {oncall.teams.begin(), oncall.teams.end()};
    roster.owners = targets_of(oncall.owners);
    roster.contacts = targets_of(oncall.contacts);
    roster.expanded = horizon;
    if (!roster.people.empty()) roster.escalation = escalation_of(oncall, roster);
    return roster;
}

core::Calendar expand_working_hours(const WorkingHours& working, core::Interval horizon) {
    return merged(expand_hours(working.time_zone, working.days, working.hours,
                               horizon.from - hours(48), horizon.until + hours(48)),
                  horizon);
}

core::PlannedWindow expand_window(const Maintenance& window, core::Interval horizon) {
    core::PlannedWindow out{.name = window.name,
                            .occurrences = {},
                            .match = window.match,
                            .rules = window.rules,
                            .announcement = window.announcement,
                            .by = window.by};
    const std::string& zone = window.time_zone;
    const Instant first = instant_of(window.from, zone);
    const Instant last = instant_of(window.to, zone);
    if (!window.every) {
        out.occurrences.push_back({.from = first, .until = last});
        return out;
    }
    const Duration every = *window.every;  // whole days: both ends keep to the local clock
    const Instant begins = to_local(zone, first);
    const Instant ends = to_local(zone, last);
    const Instant stop =
        window.until ? std::min(instant_of(*window.until, zone), horizon.until) : horizon.until;
    core::Calendar occurrences;
    // Two earlier than by plain division: clock changes move each by less than a day.
    std::int64_t turn = std::max<std::int64_t>(0, (horizon.from - last) / every - 2);
    for (;; ++turn) {
        const core::Interval one{.from = from_local(zone, begins + turn * every),
                                 .until = from_local(zone, ends + turn * every)};
        if (one.from >= stop) break;
        if (one.from < one.until) occurrences.push_back(one);
    }
    out.occurrences = merged(std::move(occurrences), horizon);
    return out;
}

void expand(const Config& config, Instant now, core::Ruleset& ruleset) {
    const core::Interval horizon = horizon_around(now);
    ruleset.roster = {};
    ruleset.roster.expanded = horizon;
    if (config.people) ruleset.roster = expand_roster(*config.people, horizon);
    core::Policy& policy = ruleset.policy;
    policy.working_hours.clear();
    if (config.working_hours) {
        policy.working_hours = expand_working_hours(*config.working_hours, horizon);
    }
    policy.maintenance.clear();
    for (const Maintenance& window : config.maintenance) {
        policy.maintenance.push_back(expand_window(window, horizon));
    }
}

core::RulesetPtr expanded_again(const Loaded& loaded, Instant now) {
    auto ruleset = std::make_shared<core::Ruleset>(*loaded.ruleset);
    expand(loaded.config, now, *ruleset);
    return ruleset;
}

}  // namespace tocsin::config
