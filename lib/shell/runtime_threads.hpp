#pragma once
// RuntimeThreads: the real Runtime; tasks run one at a time on the thread that called run().

#include <functional>
#include <memory>

#include "shell/runtime.hpp"

namespace tocsin::shell {

/// `now()` is the wall clock at construction plus the steady clock since.
class RuntimeThreads final : public Runtime {
public:
    /// Told, as a task, how far the wall clock has moved against `now()` since it was last told
    /// (or since the start), once the difference exceeds limits::wall_jump_min.
    using OnWallJump = std::function<void(Duration by)>;

    explicit RuntimeThreads(OnWallJump on_wall_jump = {});
    ~RuntimeThreads() override;
    RuntimeThreads(const RuntimeThreads&) = delete;
    RuntimeThreads& operator=(const RuntimeThreads&) = delete;

    [[nodiscard]] Instant now() const override;
    void post(Task task) override;
    void at(Instant instant, Task task) override;

    /// Runs tasks on the calling thread until stop(). Tasks left over are dropped with the object.
    void run();
    /// Lets run() return after the task under way. From any thread; safe to call twice.
    void stop();
    /// When the loop last went round (after a task, or idle at least once a second): a watchdog
    /// that sees it grow old knows that a task hangs. From any thread.
    [[nodiscard]] Instant beat() const;

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace tocsin::shell
