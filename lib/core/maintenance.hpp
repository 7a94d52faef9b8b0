#pragma once
// Maintenance: announced windows, what they suppress, and what outlives them (H-15, H-16, B12).

#include <optional>
#include <string>

#include "core/draft.hpp"
#include "core/event.hpp"
#include "core/ladder.hpp"

namespace tocsin::core {

/// Does the window speak of this rule and these labels, whenever? Every label of `match` is one of
/// the signal's; `component` may be the rule's. Never a built-in rule or one of `never_suppress`.
[[nodiscard]] bool speaks_of(const Window& window, const Labels& labels, const Rule& rule);

/// The window inside whose time we are that makes this signal's trouble expected: it speaks of it,
/// and was announced before the trouble began. 0: none.
[[nodiscard]] std::uint64_t window_over(const Draft& draft, const Signal& signal, const Rule& rule,
                                        Instant began_at);

/// The track is suppressed by the window from now on: counted and listed there.
void suppress(Draft& draft, Signal& signal, Track& track, std::uint64_t window);
/// It no longer is: the window has ended, or the trouble is over.
void unsuppress(Draft& draft, Signal& signal, Track& track);

/// What windows make of a track that is about to declare (`declares`) or is not.
struct Expectation {
    bool suppressed = false;
    std::string detail;    // of the verdict, naming the window; empty where none has a say
    std::string outlived;  // for the timeline: what outlived which window; empty: nothing did
};
/// Covers or uncovers the track. `clocks` are its `since` from before the decision.
[[nodiscard]] Expectation expect(Draft& draft, Signal& signal, Track& track, const Rule& rule,
                                 const Decision& decision, const std::vector<Instant>& clocks,
                                 bool declares);

/// Announces shortly before, begins, ends; judges once what outlived the window.
void wake_window(Draft& draft, Window& window);
[[nodiscard]] std::optional<Instant> window_due(const Ruleset& rules, const Window& window);
/// It is running from now on.
void begin_window(Draft& draft, Window& window);
/// It is over (`by`: ended early, by whom or what). `remember`: although the file still has it.
void end_window(Draft& draft, Window& window, const std::string& by, bool remember);

/// After a reload: windows of tocsin.yaml that are new, changed or gone.
void carry_over_windows(Draft& draft);
/// The next occurrence of a recurring window of tocsin.yaml, one of which has just ended.
void plan_next(Draft& draft, const Window& ended);

/// Commands `maintenance`: plan one, or end it early.
void plan_maintenance(Draft& draft, const std::string& by, const PlanMaintenance& wish);
void end_maintenance(Draft& draft, const std::string& by, const EndMaintenance& wish);

}  // namespace tocsin::core
