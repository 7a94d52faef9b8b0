#pragma once
// Pace: how fast a lane may send: backoff with full jitter, the peer's rate limit, and probing.

#include <cstddef>
#include <deque>
#include <optional>

#include "base/time.hpp"

namespace tocsin::shell {

/// How long to wait after the n-th failed attempt (from 1). `uniform` is in [0, 1).
/// Urgent (pages): up to 1, 2, 4, 8, 15, 30 s, then 30 to 60 s. Others: doubling, up to 5 minutes.
[[nodiscard]] Duration backoff(bool urgent, int failures, double uniform);

/// The peer's sends per minute as a sliding window, so that no 60 seconds ever hold more; a part
/// of it is kept for critical pages (limits::sends_kept_for_critical_percent).
class SendRate {
public:
    void set_per_minute(std::optional<int> sends) { per_minute_ = sends; }
    /// When the next one may leave, if `promised` others leave before it; never before `now`.
    [[nodiscard]] Instant free_at(Instant now, bool critical_page, std::size_t promised) const;
    void count(Instant now);

private:
    std::optional<int> per_minute_;
    std::deque<Instant> sent_;  // within the last minute, oldest first
};

/// After limits::failures_before_probing failures in a row over the whole lane only one request at
/// a time is sent, ever more seldom (up to limits::probe_interval_max), so that a thousand
/// incidents do not all knock at a dead door.
class PeerHealth {
public:
    [[nodiscard]] bool failing() const;
    [[nodiscard]] Instant probe_at() const { return probe_at_; }
    void failed(Instant now, double uniform);
    void answered() { failures_ = 0; }

private:
    int failures_ = 0;
    Instant probe_at_;
};

}  // namespace tocsin::shell
