#pragma once
// Runtime: the one thread of the shell as an interface, so that a simulator can be that thread.

#include <functional>

#include "base/time.hpp"

namespace tocsin::shell {

using Task = std::function<void()>;

/// Engine, courier, poller and heartbeats run as tasks of one Runtime, one at a time; none of them
/// blocks, sleeps or starts a thread. `post` may be called from any thread, `at` and `now` too.
class Runtime {
public:
    virtual ~Runtime() = default;
    /// Wall clock at start plus steady clock since: never goes back within a run.
    [[nodiscard]] virtual Instant now() const = 0;
    /// Runs the task soon, after those posted before it.
    virtual void post(Task task) = 0;
    /// Runs the task at the instant or as soon after it as possible. Cannot be cancelled: the task
    /// itself checks whether it is still wanted.
    virtual void at(Instant instant, Task task) = 0;
};

/// The randomness of retry jitter; seeded in simulations.
class Random {
public:
    virtual ~Random() = default;
    /// Uniform in [0, 1).
    virtual double uniform() = 0;
};

}  // namespace tocsin::shell
