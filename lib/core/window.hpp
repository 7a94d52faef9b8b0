#pragma once
// Window: a maintenance window as the engine holds it, and what it has suppressed (design §5).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/labels.hpp"
#include "base/time.hpp"

namespace tocsin::core {

enum class WindowState : std::uint8_t { planned, active, over };
[[nodiscard]] std::string_view name(WindowState state);
[[nodiscard]] std::optional<WindowState> window_state_named(std::string_view name);

/// One row per window; of a recurring one, its current or next occurrence.
struct Window {
    std::uint64_t id = 0;  // from Counters::window
    std::string name;      // unique among those that are not over
    bool from_file = false;
    Instant from;
    Instant to;
    Instant announced_at;  // when tocsin learned of it: what began before is not expected
    Labels match;
    std::vector<std::string> rules;  // empty: all
    std::string announcement;        // link
    std::string by;
    WindowState state = WindowState::planned;
    bool told_ahead = false;       // its announcement has been repeated shortly before
    std::string ended_by;          // who ended it early, or what; else empty
    std::uint64_t suppressed = 0;  // signals, of this occurrence
    std::vector<std::string> suppressed_signals;  // `rule{labels}`, bounded
    std::uint64_t outlived = 0;                   // of them, still holding at its end
    std::optional<Instant> ended_at;              // when it became over
    bool remembered = false;  // ended early, but still in the file: not to be planned anew
    bool settled = false;     // over and all it covered judged: lives in the table only
    bool operator==(const Window&) const = default;
};

}  // namespace tocsin::core
