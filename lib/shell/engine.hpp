#pragma once
// Engine: the one owner of the state. Takes inputs, steps them, commits once, replies, hands over.

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/state.hpp"
#include "core/step.hpp"
#include "shell/engine_meter.hpp"
#include "shell/inbox.hpp"
#include "shell/log.hpp"
#include "shell/metrics.hpp"
#include "shell/runtime.hpp"
#include "shell/store.hpp"

namespace tocsin::shell {

/// What the engine needs of the courier (shell/courier.hpp). Called as tasks of the Runtime only.
struct Dispatch {
    /// Would this effect leave at once? Then it is committed as `sending`. A yes holds for the
    /// task in which the batch is stepped and committed.
    std::function<bool(const core::Effect&)> would_send_now;
    /// Committed, as `ready` or `sending`: to be carried. One delivery is never committed: the
    /// page that says that nothing can be.
    std::function<void(core::Delivery)> take;
    /// Overtaken before it was sent (the incident ended first).
    std::function<void(std::uint64_t delivery)> drop;
};

class Engine {
public:
    struct Parts {
        Runtime& runtime;
        Store& store;
        Metrics& metrics;
        Log& log;
        Dispatch dispatch;
        /// Told of every pushed alert before it is stepped, also while the store is failing: the
        /// dead man's switch and the poller need to know. May be empty.
        std::function<void(const core::AlertSeen&)> alert_arrived;
        /// Lets the poller complete the list of a polled Alertmanager by what was pushed after it
        /// was asked for; everything that arrives later is stepped later. May be empty.
        std::function<void(core::AlertsListed&)> list_arrived;
        /// The store has failed for limits::store_failing_max with something that will not pass.
        std::function<void(const std::string& why)> fatal;
    };

    /// `recovered` comes from Store::recover(); the first RulesLoaded must be the first input.
    Engine(Parts parts, core::State recovered);

    /// From any thread; see Offer. False also while stopping.
    [[nodiscard]] bool offer(Input input);
    /// From any thread: requests should be answered 503 at once rather than offered.
    [[nodiscard]] bool store_failing() const { return failing_flag_.load(); }
    [[nodiscard]] std::size_t inbox_items() const { return waiting_.load(); }
    /// From any thread: how many signals are held (limits::signals_max).
    [[nodiscard]] std::size_t signals() const { return signals_.load(); }
    /// No further input is taken; what was taken is committed or given up; then `done` is posted.
    void stop(Task done);
    /// For tests and start-up only, as a task of the Runtime.
    [[nodiscard]] const core::State& state() const { return state_; }

private:
    struct Step;
    struct Stepped;
    struct Failing {
        Instant since;
        Error error;
        std::vector<core::Effect> pages;  // those that said so
    };

    void arrive(Input input);
    void request_batch();
    void run_batch();
    void step_inputs(Stepped& stepped);
    void step_event(Stepped& stepped, const core::Event* event, std::size_t input);
    void step_timers(Stepped& stepped);
    void mark_sent_now(Step& step);
    Batch assemble(Stepped& stepped);
    void committed(Stepped& stepped, const Batch& batch);
    void hand_over(const Stepped& stepped, const Batch& batch);
    void reply(Input& input, const Answer& answer);
    void arm_timer();
    void finish_stop();
    // engine_failing.cpp: life without a store.
    void commit_failed(Stepped& stepped, const Batch& batch, const Error& error);
    void probe_later();
    void probe();
    void works_again(Instant now);
    void page_about_store(Instant now);
    void send_uncommitted(core::Effect effect);

    Parts parts_;
    core::State state_;
    EngineMeter meter_;
    std::deque<Input> queue_;
    std::atomic<std::size_t> waiting_{0};
    std::atomic<std::size_t> signals_{0};
    std::atomic<bool> failing_flag_{false};
    std::atomic<bool> stopping_{false};
    std::uint64_t uncommitted_id_ = 0;  // counts down from the top, where no row is
    bool batch_requested_ = false;
    std::uint64_t timer_generation_ = 0;
    std::optional<Instant> timer_at_;
    std::optional<Failing> failing_;
    Task stopped_;
};

}  // namespace tocsin::shell
