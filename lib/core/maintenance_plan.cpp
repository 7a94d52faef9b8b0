// Planning windows: from tocsin.yaml at each reload, occurrence by occurrence, and by command.
#include <algorithm>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "core/maintenance.hpp"
#include "core/maintenance_notices.hpp"

namespace tocsin::core {
namespace {

constexpr const char* by_reload = "a reload of tocsin.yaml";

// ---- What either way of planning does

void announce_plan(Draft& draft, Window& window) {
    if (window.from <= draft.now()) return begin_window(draft, window);
    window.told_ahead = window.from - draft.now() <= limits::window_told_ahead;
    tell_planned(draft, window);
}

// ---- tocsin.yaml

const PlannedWindow* planned_as(const Policy& policy, const std::string& name) {
    auto found = std::find_if(policy.maintenance.begin(), policy.maintenance.end(),
                              [&](const PlannedWindow& one) { return one.name == name; });
    return found == policy.maintenance.end() ? nullptr : &*found;
}

// A person ended this very occurrence early: it is over, whatever the file says.
bool was_ended(const Draft& draft, const PlannedWindow& planned, const Interval& span) {
    return std::any_of(
        draft.state().windows.begin(), draft.state().windows.end(), [&](const auto& entry) {
            const Window& window = entry.second;
            return window.from_file && window.remembered && window.name == planned.name &&
                   window.from == span.from && window.to == span.until;
        });
}

// The occurrence that runs, else the next one; null: none is to come.
const Interval* upcoming(const Draft& draft, const PlannedWindow& planned) {
    auto span = std::find_if(planned.occurrences.begin(), planned.occurrences.end(),
                             [&](const Interval& one) {
                                 return draft.now() < one.until && !was_ended(draft, planned, one);
                             });
    return span == planned.occurrences.end() ? nullptr : &*span;
}

Window window_of(const PlannedWindow& planned, const Interval& span, Instant announced_at) {
    return {.name = planned.name,
            .from_file = true,
            .from = span.from,
            .to = span.until,
            .announced_at = announced_at,
            .match = planned.match,
            .rules = planned.rules,
            .announcement = planned.announcement,
            .by = planned.by};
}

bool has_row(const Draft& draft, const std::string& name) {
    return std::any_of(
        draft.state().windows.begin(), draft.state().windows.end(), [&](const auto& entry) {
            const Window& window = entry.second;
            return window.from_file && window.name == name && window.state != WindowState::over;
        });
}

// What it covers has changed: that has been announced only now. What runs ends and begins anew, so
// that nothing which began before is taken for expected.
void change(Draft& draft, Window& window, const PlannedWindow& planned, const Interval& span) {
    if (window.state == WindowState::active) return end_window(draft, window, by_reload, false);
    const std::uint64_t id = window.id;
    window = window_of(planned, span, draft.now());
    window.id = id;
    announce_plan(draft, window);
}

void carry_over(Draft& draft, std::uint64_t id) {
    const Window& held = draft.state().windows.at(id);
    if (held.to <= draft.now()) return;  // its own timer ends it
    const PlannedWindow* planned = planned_as(draft.policy(), held.name);
    const Interval* span = planned != nullptr ? upcoming(draft, *planned) : nullptr;
    if (span == nullptr) return end_window(draft, draft.edit_window(id), by_reload, false);
    const bool same = span->from == held.from && span->until == held.to &&
                      planned->match == held.match && planned->rules == held.rules;
    Window& window = draft.edit_window(id);
    if (!same) return change(draft, window, *planned, *span);
    window.announcement = planned->announcement;
    window.by = planned->by;
}

// ---- Commands

Error bad(std::string message, std::string field) {
    return {"bad_field", std::move(message), std::move(field)};
}

bool is_word(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
}

std::optional<Error> problem_of_time(const PlanMaintenance& wish, Instant now) {
    if (wish.to <= wish.from) return bad("the maintenance ends before it begins", "to");
    if (wish.to <= now) return bad("the maintenance is over already", "to");
    if (wish.to - wish.from > limits::window_length_max) {
        return bad(
            "a maintenance window lasts at most " + format_duration(limits::window_length_max),
            "to");
    }
    if (wish.from - now > limits::window_ahead_max) {
        return bad("a maintenance window is planned at most " +
                       format_duration(limits::window_ahead_max) + " ahead",
                   "from");
    }
    return std::nullopt;
}

std::optional<Error> problem_of_rule(const Ruleset& rules, const std::string& name) {
    const Rule* rule = rules.find(name);
    if (rule == nullptr || rule->kind == RuleKind::condition) {
        std::vector<std::string> known;
        for (const Rule& one : rules.rules) known.push_back(one.name);
        const auto meant = nearest(name, known);
        return bad("there is no rule `" + name + "`" +
                       (meant ? "; did you mean `" + *meant + "`?" : std::string()),
                   "rules");
    }
    if (rule->never_suppress) {
        return bad("the rule `" + name + "` is never suppressed: it speaks of loss", "rules");
    }
    return std::nullopt;
}

std::optional<Error> problem_of(const Draft& draft, const PlanMaintenance& wish) {
    if (wish.name.empty()) return Error{"missing", "`name` is needed: one word", "name"};
    if (!is_word(wish.name) || wish.name.size() > limits::window_name_bytes_max) {
        return bad(
            "the name of a maintenance window is one word of letters, digits, `-`, `_` and "
            "`.`, at most " +
                std::to_string(limits::window_name_bytes_max) + " of them",
            "name");
    }
    if (auto problem = problem_of_time(wish, draft.now())) return problem;
    if (wish.match.empty() && wish.rules.empty()) {
        return Error{"missing", "`match` or `rules` is needed: nothing is worked on everywhere",
                     "match"};
    }
    if (wish.rules.size() > limits::window_rules_max) {
        return bad("at most " + std::to_string(limits::window_rules_max) + " rules; none means all",
                   "rules");
    }
    for (const std::string& rule : wish.rules) {
        if (auto problem = problem_of_rule(draft.rules(), rule)) return problem;
    }
    const std::string& link = wish.announcement;
    const bool is_link = link.starts_with("https://") || link.starts_with("http://");
    if (!link.empty() && (!is_link || link.size() > limits::url_bytes_max)) {
        return bad("the announcement is a link: https://…", "announcement");
    }
    return std::nullopt;
}

// The one that runs, else the one to come, else one that is kept in memory after its early end.
std::uint64_t window_named(const Draft& draft, const std::string& name) {
    std::uint64_t found = 0;
    const auto rank = [](WindowState state) {
        return state == WindowState::active ? 2 : state == WindowState::planned ? 1 : 0;
    };
    for (const auto& [id, window] : draft.state().windows) {
        if (window.name != name) continue;
        const bool better =
            found == 0 || rank(window.state) > rank(draft.state().windows.at(found).state);
        if (better) found = id;
    }
    return found;
}

bool is_same(const Window& window, const PlanMaintenance& wish) {
    return window.from == wish.from && window.to == wish.to && window.match == wish.match &&
           window.rules == wish.rules && window.announcement == wish.announcement;
}

std::size_t windows_to_come(const Draft& draft) {
    return static_cast<std::size_t>(
        std::count_if(draft.state().windows.begin(), draft.state().windows.end(),
                      [](const auto& one) { return one.second.state != WindowState::over; }));
}

}  // namespace

void carry_over_windows(Draft& draft) {
    std::vector<std::uint64_t> held;
    for (const auto& [id, window] : draft.state().windows) {
        if (window.from_file && window.state != WindowState::over) held.push_back(id);
    }
    for (std::uint64_t id : held) carry_over(draft, id);
    for (const PlannedWindow& planned : draft.policy().maintenance) {
        if (has_row(draft, planned.name)) continue;
        const Interval* span = upcoming(draft, planned);
        if (span == nullptr) continue;
        announce_plan(draft, draft.add(window_of(planned, *span, draft.now())));
    }
}

void plan_next(Draft& draft, const Window& ended) {
    if (!ended.from_file || has_row(draft, ended.name)) return;
    const PlannedWindow* planned = planned_as(draft.policy(), ended.name);
    const Interval* span = planned != nullptr ? upcoming(draft, *planned) : nullptr;
    if (span == nullptr) return;
    // Its own timer tells people of it; that it recurs they know.
    draft.add(window_of(*planned, *span, ended.announced_at));
}

void plan_maintenance(Draft& draft, const std::string& by, const PlanMaintenance& wish) {
    if (auto problem = problem_of(draft, wish)) {
        return draft.refuse(problem->code, problem->message, problem->field);
    }
    const std::uint64_t known = window_named(draft, wish.name);
    if (known != 0 && draft.state().windows.at(known).state != WindowState::over) {
        const Window& held = draft.state().windows.at(known);
        if (is_same(held, wish)) return;
        return draft.refuse("conflict",
                            "the maintenance window `" + wish.name + "` is " +
                                std::string(name(held.state)) + " already, from " +
                                format_rfc3339(held.from) + " to " + format_rfc3339(held.to) +
                                "; end it first, or choose another name",
                            "name");
    }
    if (windows_to_come(draft) >= limits::windows_max) {
        return draft.refuse("conflict", "there are " + std::to_string(limits::windows_max) +
                                            " maintenance windows already");
    }
    Window& window = draft.add(Window{.name = wish.name,
                                      .from = wish.from,
                                      .to = wish.to,
                                      .announced_at = draft.now(),
                                      .match = wish.match,
                                      .rules = wish.rules,
                                      .announcement = wish.announcement,
                                      .by = by});
    draft.answer_with(window.id);
    announce_plan(draft, window);
}

void end_maintenance(Draft& draft, const std::string& by, const EndMaintenance& wish) {
    const std::uint64_t id = window_named(draft, wish.name);
    if (id == 0) {
        return draft.refuse("not_found",
                            "no maintenance window `" + wish.name + "` is planned or active");
    }
    draft.answer_with(id);
    if (draft.state().windows.at(id).state == WindowState::over) return;
    Window& window = draft.edit_window(id);
    end_window(draft, window, by, window.from_file);
    plan_next(draft, window);
}

}  // namespace tocsin::core
