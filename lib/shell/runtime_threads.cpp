// RuntimeThreads: one mutex over a queue of posted tasks and a heap of timers.
#include "shell/runtime_threads.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "core/limits.hpp"
#include "shell/clock.hpp"

namespace tocsin::shell {
namespace {

/// The loop goes round at least this often, for the watchdog and for wall jumps.
constexpr Duration round_max = seconds(1);

struct Timer {
    Instant due;
    std::uint64_t sequence;  // equal instants run in the order of their calls
    Task task;
};

/// For the heap functions of <algorithm>, whose front is the greatest element.
bool later(const Timer& left, const Timer& right) {
    return left.due != right.due ? left.due > right.due : left.sequence > right.sequence;
}

}  // namespace

struct RuntimeThreads::Core {
    explicit Core(OnWallJump callback)
        : wall_start(wall_now()), steady_start(steady_now()), on_wall_jump(std::move(callback)) {
        beat.store(now().time_since_epoch().count());
    }

    const Instant wall_start;
    const Duration steady_start;
    const OnWallJump on_wall_jump;
    Duration jump_told{0};  // only the loop's thread touches it
    std::atomic<Duration::rep> beat{0};

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Task> posted;
    std::vector<Timer> timers;  // a heap
    std::uint64_t sequence = 0;
    bool stopping = false;

    [[nodiscard]] Instant now() const { return wall_start + (steady_now() - steady_start); }

    void went_round() { beat.store(now().time_since_epoch().count(), std::memory_order_relaxed); }

    /// Waits for something to do and takes all of it: due timers first, then what was posted.
    std::vector<Task> take() {
        std::unique_lock lock(mutex);
        if (posted.empty() && !stopping) {
            Duration wait = round_max;
            if (!timers.empty()) wait = std::min(wait, timers.front().due - now());
            if (wait > Duration(0)) changed.wait_for(lock, wait);
        }
        std::vector<Task> taken;
        const Instant at = now();
        while (!timers.empty() && timers.front().due <= at) {
            std::pop_heap(timers.begin(), timers.end(), later);
            taken.push_back(std::move(timers.back().task));
            timers.pop_back();
        }
        if (taken.empty()) {
            taken.swap(posted);
        } else {
            std::move(posted.begin(), posted.end(), std::back_inserter(taken));
            posted.clear();
        }
        return taken;
    }

    [[nodiscard]] bool is_stopping() {
        const std::lock_guard lock(mutex);
        return stopping;
    }

    void watch_wall() {
        const Duration apart = wall_now() - now();
        const Duration jump = apart - jump_told;
        if (jump < core::limits::wall_jump_min && jump > -core::limits::wall_jump_min) return;
        jump_told = apart;
        if (on_wall_jump) on_wall_jump(jump);
    }
};

RuntimeThreads::RuntimeThreads(OnWallJump on_wall_jump)
    : core_(std::make_unique<Core>(std::move(on_wall_jump))) {}

RuntimeThreads::~RuntimeThreads() = default;

Instant RuntimeThreads::now() const {
    return core_->now();
}

void RuntimeThreads::post(Task task) {
    bool first = false;
    {
        const std::lock_guard lock(core_->mutex);
        first = core_->posted.empty();
        core_->posted.push_back(std::move(task));
    }
    if (first) core_->changed.notify_one();
}

void RuntimeThreads::at(Instant instant, Task task) {
    {
        const std::lock_guard lock(core_->mutex);
        core_->timers.push_back({instant, core_->sequence++, std::move(task)});
        std::push_heap(core_->timers.begin(), core_->timers.end(), later);
    }
    core_->changed.notify_one();
}

void RuntimeThreads::run() {
    while (!core_->is_stopping()) {
        std::vector<Task> tasks = core_->take();
        core_->watch_wall();
        for (Task& task : tasks) {
            if (core_->is_stopping()) return;
            task();
            task = nullptr;  // what it holds goes now, not with the whole round
            core_->went_round();
        }
        core_->went_round();
    }
}

void RuntimeThreads::stop() {
    {
        const std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->changed.notify_all();
}

Instant RuntimeThreads::beat() const {
    return Instant(Duration(core_->beat.load(std::memory_order_relaxed)));
}

}  // namespace tocsin::shell
