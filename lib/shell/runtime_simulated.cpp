// RuntimeSimulated: one queue, one ordered map of timers, and a seed that picks among the due.
#include "shell/runtime_simulated.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace tocsin::shell {

RuntimeSimulated::RuntimeSimulated(Instant start, std::uint64_t seed)
    : now_(start), seeded_(seed != 0), random_(seed) {}

void RuntimeSimulated::post(Task task) {
    posted_.push_back(std::move(task));
}

void RuntimeSimulated::at(Instant instant, Task task) {
    timers_.emplace(std::max(instant, now_), std::move(task));
}

bool RuntimeSimulated::run_one() {
    const auto due_end = timers_.upper_bound(now_);
    const auto timers_due = static_cast<std::uint64_t>(std::distance(timers_.begin(), due_end));
    const std::uint64_t candidates = timers_due + (posted_.empty() ? 0 : 1);
    if (candidates == 0) return false;
    // Without a seed timers go first: they were due no later than what is posted now.
    const std::uint64_t pick = seeded_ ? random_.below(candidates) : 0;
    Task task;
    if (pick < timers_due) {
        const auto timer = std::next(timers_.begin(), static_cast<std::ptrdiff_t>(pick));
        task = std::move(timer->second);
        timers_.erase(timer);
    } else {
        task = std::move(posted_.front());
        posted_.pop_front();
    }
    task();
    return true;
}

void RuntimeSimulated::run_until(Instant until) {
    check(until >= now_);
    while (true) {
        while (run_one()) continue;
        const auto due = next_due();
        if (!due || *due > until) break;
        now_ = *due;
    }
    now_ = until;
}

std::optional<Instant> RuntimeSimulated::next_due() const {
    if (!posted_.empty()) return now_;
    if (timers_.empty()) return std::nullopt;
    return timers_.begin()->first;
}

void RuntimeSimulated::clear() {
    posted_.clear();
    timers_.clear();
}

}  // namespace tocsin::shell
