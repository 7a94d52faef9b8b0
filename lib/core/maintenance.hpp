#pragma once
// Maintenance: announced windows, what they suppress, and what outlives them (H-15, H-16, B12).

#include <optional>
#include <string>

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// The active window that makes this signal's trouble expected: it matches the rule and labels, was
/// announced before the trouble began, and the rule may be suppressed. 0: none.
[[nodiscard]] std::uint64_t window_over(const Draft& draft, const Signal& signal, const Rule& rule,
                                        Instant began_at);

/// The track is suppressed by the window from now on: counted and listed there.
void suppress(Draft& draft, Signal& signal, Track& track, std::uint64_t window);
/// It no longer is: the window has ended, or the trouble is over.
void unsuppress(Draft& draft, Signal& signal, Track& track);

/// Announces shortly before, begins, ends; judges once what outlived the window.
void wake_window(Draft& draft, Window& window);
[[nodiscard]] std::optional<Instant> window_due(const Ruleset& rules, const Window& window);

/// After a reload: windows of tocsin.yaml that are new, changed or gone.
void carry_over_windows(Draft& draft);

/// Commands `maintenance`: plan one, or end it early.
void plan_maintenance(Draft& draft, const std::string& by, const PlanMaintenance& wish);
void end_maintenance(Draft& draft, const std::string& by, const EndMaintenance& wish);

}  // namespace tocsin::core
