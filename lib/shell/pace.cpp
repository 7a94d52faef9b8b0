// Backoff, rate limit and probing as plain arithmetic over instants; nothing here waits.

#include "shell/pace.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/limits.hpp"

namespace tocsin::shell {

namespace limits = core::limits;

namespace {

constexpr std::array<int, 6> urgent_seconds_max{1, 2, 4, 8, 15, 30};
constexpr int other_seconds_max = 300;
constexpr int other_doublings_max = 9;  // 2^9 s is over five minutes

Duration fraction(Duration whole, double part) {
    return Duration(std::llround(static_cast<double>(whole.count()) * part));
}

}  // namespace

Duration backoff(bool urgent, int failures, double uniform) {
    const int past = std::max(failures, 1) - 1;
    if (!urgent) {
        const int doubled = 1 << std::min(past, other_doublings_max);
        return fraction(seconds(std::min(doubled, other_seconds_max)), uniform);
    }
    if (past < static_cast<int>(urgent_seconds_max.size())) {
        return fraction(seconds(urgent_seconds_max[static_cast<std::size_t>(past)]), uniform);
    }
    return seconds(30) + fraction(seconds(30), uniform);
}

Instant SendRate::free_at(Instant now, bool critical_page, std::size_t promised) const {
    if (!per_minute_) return now;
    const int kept = critical_page ? 0 : *per_minute_ * limits::sends_kept_for_critical_percent;
    const auto allowed = static_cast<std::size_t>(std::max(1, *per_minute_ - kept / 100));
    const auto first = std::upper_bound(sent_.begin(), sent_.end(), now - minutes(1));
    const auto recent = static_cast<std::size_t>(sent_.end() - first);
    if (recent + promised < allowed) return now;
    // There is room again when enough of the oldest have left the window.
    const std::size_t last_to_leave = recent + promised - allowed;
    if (last_to_leave >= recent) return now + minutes(1);
    return *(first + static_cast<std::ptrdiff_t>(last_to_leave)) + minutes(1);
}

void SendRate::count(Instant now) {
    if (!per_minute_) return;
    while (!sent_.empty() && sent_.front() <= now - minutes(1)) sent_.pop_front();
    sent_.push_back(now);
}

bool PeerHealth::failing() const {
    return failures_ >= limits::failures_before_probing;
}

void PeerHealth::failed(Instant now, double uniform) {
    failures_ = std::min(failures_ + 1, 1'000);
    const int doublings = std::clamp(failures_ - limits::failures_before_probing, 0, 5);
    const Duration longest =
        std::min<Duration>(seconds(1 << doublings), limits::probe_interval_max);
    probe_at_ = now + fraction(longest, 0.5 + uniform / 2);
}

}  // namespace tocsin::shell
