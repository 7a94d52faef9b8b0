#pragma once
// Expands what files say in local time (schedules, working hours, windows) into spans of UTC.

#include "config/config.hpp"

namespace tocsin::config {

/// What is expanded at `now`: whole days of UTC, from limits::horizon_past before it until
/// limits::horizon_ahead after it, so that loading twice on one day gives the same.
[[nodiscard]] core::Interval horizon_around(Instant now);

/// Who is on call when, hand-over by hand-over. Hours are those of each layer's zone; turns of
/// whole days begin at the same local time through clock changes, others last exactly so long;
/// turns before `start` are counted backwards. Layers that are on at once are on call together; at
/// an instant that none covers it is whose turn it is. Swaps count before overrides. `others` are
/// those whose turn it is in any layer, whatever its hours, but who are not on shift and whom
/// nobody replaces; if there is none, the schedule's other people.
[[nodiscard]] core::Schedule expand_schedule(const Schedule& schedule, core::Interval horizon);

/// Everybody and everything of oncall.yaml. Without `escalation` the levels are: all schedules,
/// their #others (where any shift has some), everybody; each waits five minutes.
[[nodiscard]] core::Roster expand_roster(const Oncall& oncall, core::Interval horizon);

/// Sorted and merged; what touches the horizon.
[[nodiscard]] core::Calendar expand_working_hours(const WorkingHours& hours,
                                                  core::Interval horizon);

/// A window that recurs has its occurrences within the horizon, any other its only one.
[[nodiscard]] core::PlannedWindow expand_window(const Maintenance& window, core::Interval horizon);

/// Puts all of the above into the ruleset.
void expand(const Config& config, Instant now, core::Ruleset& ruleset);

/// The same rules with everything expanded anew, from what was loaded: no file is read, and no
/// rule's content hash changes. For a daemon that runs longer than the horizon reaches.
[[nodiscard]] core::RulesetPtr expanded_again(const Loaded& loaded, Instant now);

/// How many names the shifts of a horizon can hold at most; refused above limits::shift_names_max.
[[nodiscard]] std::size_t shift_names_of(const Schedule& schedule);

}  // namespace tocsin::config
