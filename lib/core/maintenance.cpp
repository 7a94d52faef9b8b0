// Windows from their announcement to what outlived them.
#include "core/maintenance.hpp"

#include <array>

namespace tocsin::core {
namespace {

constexpr std::array<std::string_view, 3> state_names{"planned", "active", "over"};
static_assert(static_cast<std::size_t>(WindowState::over) + 1 == state_names.size());

}  // namespace

std::string_view name(WindowState state) {
    return state_names[static_cast<std::size_t>(state)];
}

std::uint64_t window_over(const Draft&, const Signal&, const Rule&, Instant) {
    return 0;
}

void suppress(Draft& draft, Signal& signal, Track& track, std::uint64_t window) {
    track.window = window;
    draft.cover(signal, window);
}

void unsuppress(Draft& draft, Signal& signal, Track& track) {
    std::uint64_t window = std::exchange(track.window, 0);
    if (window != 0) draft.uncover(signal, window);
}

void wake_window(Draft&, Window&) {}

std::optional<Instant> window_due(const Ruleset&, const Window&) {
    return std::nullopt;
}

void carry_over_windows(Draft&) {}

void plan_maintenance(Draft& draft, const std::string&, const PlanMaintenance&) {
    draft.refuse("conflict", "maintenance is not there yet");
}

void end_maintenance(Draft& draft, const std::string&, const EndMaintenance&) {
    draft.refuse("conflict", "maintenance is not there yet");
}

}  // namespace tocsin::core
