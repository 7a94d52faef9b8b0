// Windows from their beginning to what outlived them, and what they say of one signal.
#include "core/maintenance.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "core/alerts.hpp"
#include "core/limits.hpp"
#include "core/maintenance_notices.hpp"

namespace tocsin::core {
namespace {

constexpr std::array<std::string_view, 3> state_names{"planned", "active", "over"};
static_assert(static_cast<std::size_t>(WindowState::over) + 1 == state_names.size());

// By its time, not its state: a timer that is late neither shortens nor lengthens a window.
bool is_running(const Window& window, Instant now) {
    return window.state != WindowState::over && window.from <= now && now < window.to;
}

std::string signal_name(const Draft& draft, const Signal& signal, const Track& track) {
    return truncate(draft.text(track.rule) + signal.labels.to_string(),
                    limits::window_signal_bytes_max);
}

// Over, its time has passed and nothing waits to be judged: the row leaves memory.
void settle_if_done(Draft& draft, Window& window) {
    if (window.state != WindowState::over || window.remembered) return;
    if (draft.state().signals_by_window.contains(window.id)) return;
    window.settled = true;
}

// When the trouble began, as far as is known; rather too early than too late, since what began
// before an announcement is not expected.
Instant began_at(const Draft& draft, const Signal& signal, const Track& track, const Rule& rule,
                 const Decision& decision, const std::vector<Instant>& clocks) {
    if (signal.kind == SignalKind::alert) return std::min(signal.starts_at, draft.now());
    auto covering = draft.state().windows.find(track.window);
    if (covering != draft.state().windows.end()) return covering->second.announced_at;
    if (decision.step == nullptr) return draft.judged_at();
    const auto step = static_cast<std::size_t>(decision.step - rule.ladder.data());
    const bool was_running =
        step < clocks.size() && clocks[step] != clock_unset && clocks[step] != clock_elapsed;
    return was_running ? clocks[step] : draft.judged_at() - decision.step->hold_for;
}

const Window* announced_too_late(const Draft& draft, const Signal& signal, const Rule& rule) {
    for (const auto& [id, window] : draft.state().windows) {
        if (is_running(window, draft.now()) && speaks_of(window, signal.labels, rule)) {
            return &window;
        }
    }
    return nullptr;
}

// The window that covers the track already keeps it as long as it runs.
std::uint64_t covering(const Draft& draft, const Signal& signal, const Track& track,
                       const Rule& rule, Instant began) {
    auto held = draft.state().windows.find(track.window);
    if (held != draft.state().windows.end() && is_running(held->second, draft.now()) &&
        speaks_of(held->second, signal.labels, rule)) {
        return track.window;
    }
    return window_over(draft, signal, rule, began);
}

// It still holds, and no other window covers it instead.
bool outlives(const Signal& signal, std::uint64_t window) {
    return signal.firing &&
           std::all_of(signal.tracks.begin(), signal.tracks.end(), [&](const Track& track) {
               return track.window == 0 || track.window == window;
           });
}

// Alerts are judged here and now; a series stays listed as covered until its next reading.
void judge_outliving(Draft& draft, Window& window) {
    auto covered = draft.state().signals_by_window.find(window.id);
    if (covered == draft.state().signals_by_window.end()) return;
    const std::vector<std::uint64_t> signals(covered->second.begin(), covered->second.end());
    for (std::uint64_t id : signals) {
        Signal& signal = draft.edit_signal(id);
        if (signal.kind == SignalKind::alert) wake_alert(draft, signal);
        auto held = draft.state().signals.find(id);
        if (held == draft.state().signals.end()) continue;
        if (outlives(held->second, window.id)) window.outlived += 1;
    }
}

}  // namespace

std::string_view name(WindowState state) {
    return state_names[static_cast<std::size_t>(state)];
}

std::optional<WindowState> window_state_named(std::string_view name) {
    const auto found = std::find(state_names.begin(), state_names.end(), name);
    if (found == state_names.end()) return std::nullopt;
    return static_cast<WindowState>(found - state_names.begin());
}

bool speaks_of(const Window& window, const Labels& labels, const Rule& rule) {
    if (rule.never_suppress || rule.kind == RuleKind::condition) return false;
    const auto& rules = window.rules;
    if (!rules.empty() && std::find(rules.begin(), rules.end(), rule.name) == rules.end()) {
        return false;
    }
    return std::all_of(window.match.begin(), window.match.end(), [&](const auto& wanted) {
        const auto& [name, value] = wanted;
        return labels.get(name) == value || (name == "component" && rule.component == value);
    });
}

std::uint64_t window_over(const Draft& draft, const Signal& signal, const Rule& rule,
                          Instant began_at) {
    for (const auto& [id, window] : draft.state().windows) {
        if (is_running(window, draft.now()) && window.announced_at <= began_at &&
            speaks_of(window, signal.labels, rule)) {
            return id;
        }
    }
    return 0;
}

void suppress(Draft& draft, Signal& signal, Track& track, std::uint64_t window) {
    if (track.window == window) return;
    unsuppress(draft, signal, track);
    track.window = window;
    draft.cover(signal, window);
    Window& row = draft.edit_window(window);
    std::string name = signal_name(draft, signal, track);
    auto& listed = row.suppressed_signals;
    // One that comes back is counted once; past the end of the list nobody can tell.
    if (std::find(listed.begin(), listed.end(), name) != listed.end()) return;
    row.suppressed += 1;
    if (listed.size() < limits::window_signals_listed_max) listed.push_back(std::move(name));
}

void unsuppress(Draft& draft, Signal& signal, Track& track) {
    const std::uint64_t window = std::exchange(track.window, 0);
    if (window == 0) return;
    draft.uncover(signal, window);
    auto held = draft.state().windows.find(window);
    if (held == draft.state().windows.end()) return;
    if (held->second.state == WindowState::over) settle_if_done(draft, draft.edit_window(window));
}

Expectation expect(Draft& draft, Signal& signal, Track& track, const Rule& rule,
                   const Decision& decision, const std::vector<Instant>& clocks, bool declares) {
    if (track.window == 0 && (!declares || draft.state().windows.empty())) return {};
    if (!declares) {
        unsuppress(draft, signal, track);
        return {};
    }
    const Instant began = began_at(draft, signal, track, rule, decision, clocks);
    const std::uint64_t window = covering(draft, signal, track, rule, began);
    if (window != 0) {
        suppress(draft, signal, track, window);
        const Window& row = draft.state().windows.at(window);
        return {.suppressed = true,
                .detail = "maintenance window " + row.name + " until " + format_rfc3339(row.to),
                .outlived = {}};
    }
    auto outlived = draft.state().windows.find(track.window);
    if (outlived != draft.state().windows.end()) {
        const std::string name = outlived->second.name;
        unsuppress(draft, signal, track);
        return {.detail = std::string(sentence(Because::maintenance_over)) + ": " + name,
                .outlived =
                    signal_name(draft, signal, track) + " outlived the maintenance window " + name};
    }
    unsuppress(draft, signal, track);
    const Window* late = announced_too_late(draft, signal, rule);
    if (late == nullptr) return {};
    return {.detail = "maintenance window " + late->name + " was announced at " +
                      format_rfc3339(late->announced_at) + ", after this began",
            .outlived = {}};
}

std::optional<Instant> window_due(const Ruleset&, const Window& window) {
    switch (window.state) {
        case WindowState::planned:
            return window.told_ahead ? window.from : window.from - limits::window_told_ahead;
        case WindowState::active:
            return window.to;
        case WindowState::over:
            break;
    }
    if (window.remembered) return window.to;
    return std::nullopt;
}

void begin_window(Draft& draft, Window& window) {
    window.state = WindowState::active;
    window.told_ahead = true;
    tell_begun(draft, window);
}

void end_window(Draft& draft, Window& window, const std::string& by, bool remember) {
    const bool ran = window.state == WindowState::active || window.from <= draft.now();
    window.state = WindowState::over;
    window.ended_by = by;
    window.ended_at = draft.now();
    window.remembered = remember && draft.now() < window.to;
    judge_outliving(draft, window);
    if (ran) {
        tell_ended(draft, window);
    } else {
        tell_cancelled(draft, window);
    }
    settle_if_done(draft, window);
}

void wake_window(Draft& draft, Window& window) {
    if (window.state == WindowState::over) {
        window.remembered = window.remembered && draft.now() < window.to;
        return settle_if_done(draft, window);
    }
    if (draft.now() >= window.to) {
        end_window(draft, window, "", false);
        return plan_next(draft, window);
    }
    if (window.state != WindowState::planned) return;
    if (draft.now() >= window.from) return begin_window(draft, window);
    if (window.told_ahead || draft.now() < window.from - limits::window_told_ahead) return;
    window.told_ahead = true;
    tell_near(draft, window);
}

}  // namespace tocsin::core
