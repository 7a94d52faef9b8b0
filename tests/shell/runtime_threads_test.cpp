// The real runtime: order, threads, stopping; no assertion on how long anything takes.
#include "shell/runtime_threads.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>


using namespace tocsin;
using shell::RuntimeThreads;

TEST_CASE("tasks run in the order in which they were posted, on the thread of run") {
    RuntimeThreads runtime;
    const auto here = std::this_thread::get_id();
    std::string order;
    for (const char name : {'a', 'b', 'c'}) {
        runtime.post([&, name] { order += std::this_thread::get_id() == here ? name : '!'; });
    }
    runtime.post([&] { runtime.stop(); });
    runtime.run();
    CHECK(order == "abc");
}

TEST_CASE("nothing runs after stop, not even what was posted before it") {
    RuntimeThreads runtime;
    bool ran = false;
    runtime.post([&] { runtime.stop(); });
    runtime.post([&] { ran = true; });
    runtime.run();
    CHECK_FALSE(ran);
}

TEST_CASE("timers run in order of their instants, never before them") {
    RuntimeThreads runtime;
    const Instant start = runtime.now();
    std::string order;
    runtime.at(start + milliseconds(20), [&] {
        order += runtime.now() >= start + milliseconds(20) ? 'c' : '!';
        runtime.stop();
    });
    runtime.at(start + milliseconds(10),
               [&] { order += runtime.now() >= start + milliseconds(10) ? 'a' : '!'; });
    runtime.at(start + milliseconds(10), [&] { order += 'b'; });
    runtime.at(start - hours(1), [&] { order += '0'; });
    runtime.run();
    CHECK(order == "0abc");
}

TEST_CASE("tasks posted by many threads all run, one at a time, each thread's in its order") {
    RuntimeThreads runtime;
    constexpr int threads = 4;
    constexpr int tasks = 2'000;
    std::vector<int> last(threads, -1);
    int total = 0;  // unguarded on purpose: the thread sanitizer would see two tasks at once
    bool ordered = true;
    std::vector<std::thread> posters;
    for (int thread = 0; thread < threads; ++thread) {
        posters.emplace_back([&, thread] {
            for (int i = 0; i < tasks; ++i) {
                runtime.post([&, thread, i] {
                    ordered = ordered && last[static_cast<std::size_t>(thread)] == i - 1;
                    last[static_cast<std::size_t>(thread)] = i;
                    if (++total == threads * tasks) runtime.stop();
                });
            }
        });
    }
    runtime.run();
    for (std::thread& poster : posters) poster.join();
    CHECK(total == threads * tasks);
    CHECK(ordered);
}

TEST_CASE("the beat moves on with each task and its instant is never ahead of now") {
    RuntimeThreads runtime;
    const Instant first = runtime.beat();
    Instant between{};
    runtime.at(runtime.now() + milliseconds(2), [] {});
    runtime.at(runtime.now() + milliseconds(4), [&] {
        between = runtime.beat();
        runtime.stop();
    });
    runtime.run();
    CHECK(between > first);
    CHECK(runtime.beat() <= runtime.now());
}

TEST_CASE("an undisturbed wall clock is not reported as a jump") {
    int jumps = 0;
    RuntimeThreads runtime([&](Duration) { ++jumps; });
    runtime.post([&] { runtime.stop(); });
    runtime.run();
    CHECK(jumps == 0);
}
