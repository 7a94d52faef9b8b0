#pragma once
// RuntimeSimulated: the twin of the real Runtime, in virtual time and a seeded order.

#include <deque>
#include <map>
#include <optional>

#include "shell/random.hpp"
#include "shell/runtime.hpp"

namespace tocsin::shell {

/// Posted tasks keep their order, as the interface promises. Among timers due at the same instant,
/// and between timers and posted tasks, the seed decides who is next; seed 0 is first come, first
/// served. Time stands still while anything is due.
class RuntimeSimulated final : public Runtime {
public:
    explicit RuntimeSimulated(Instant start, std::uint64_t seed = 0);

    [[nodiscard]] Instant now() const override { return now_; }
    void post(Task task) override;
    void at(Instant instant, Task task) override;

    /// Runs what is due up to and including `until`, in order of time; now() is `until` afterwards.
    void run_until(Instant until);
    void run_for(Duration duration) { run_until(now_ + duration); }
    /// Runs what is due now, and what that posts, without letting time pass.
    void run_until_idle() { run_until(now_); }
    /// Runs one task; false when nothing is due now.
    bool run_one();
    /// When the next task is due: now for a posted one, nothing when there is none at all.
    [[nodiscard]] std::optional<Instant> next_due() const;
    /// Drops every task: what a crash does to them.
    void clear();

private:
    Instant now_;
    bool seeded_;
    RandomSeeded random_;
    std::deque<Task> posted_;
    std::multimap<Instant, Task> timers_;
};

}  // namespace tocsin::shell
